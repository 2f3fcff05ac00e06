"""A sealed record over real HTTP: kept once, answered with a receipt, and never lost to a mistake."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from booklets.answers import Gap, Why
from booklets.entities import new_id
from booklets.sealing import SigningKey, open_return, read_receipt
from sync_server.db.tables import submission
from sync_server.identity.accounts import Role
from sync_server.limits import Limits, WorkPool
from tests.support.builders import an_author, next_revision
from tests.support.devices import Handheld, a_client, from_b64url
from tests.support.server_data import count
from tests.support.servers import LiveServer, a_server


def test_a_record_is_answered_with_a_signed_receipt(signed_in: Handheld, server: LiveServer) -> None:
    """Only that lets the handheld forget anything."""
    record = signed_in.record(record=new_id())
    sealed = signed_in.seal(record)

    answer = signed_in.submit(sealed, **{"Idempotency-Key": f"{record.header.record}/1"})

    receipt = read_receipt(answer.content, server.context.keys.directory)
    assert answer.status_code == 201
    assert (receipt.record, receipt.rev) == (str(record.header.record), 1)
    assert answer.headers["Homeward-Protocol"] == "1"


def test_the_same_bytes_again_get_the_same_receipt(signed_in: Handheld) -> None:
    """A receipt lost on the way costs one repeat."""
    sealed = signed_in.seal(signed_in.record(record=new_id()))
    first = signed_in.submit(sealed)

    again = signed_in.submit(sealed)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content


def test_other_words_under_the_same_number_are_kept_beside(signed_in: Handheld) -> None:
    """409, and the newest revision, so that the device can say what happened."""
    record = signed_in.record(record=new_id())
    signed_in.submit(signed_in.seal(record))
    other = next_revision(record, {"ret.medical_needed": Gap(Why.REFUSED)})
    signed_in.submit(signed_in.seal(other))
    late = next_revision(record, {"ret.medical_needed": "yes"})

    answer = signed_in.submit(signed_in.seal(late))

    assert (answer.status_code, answer.json()["code"]) == (409, "rev_conflict")
    assert answer.json()["head_rev"] == 2
    assert "kept" in answer.json()["says"]


def test_what_cannot_be_read_is_kept_and_said(signed_in: Handheld) -> None:
    """422 with codes; somebody looks at it."""
    sealed = bytearray(signed_in.seal(signed_in.record(record=new_id())))
    sealed[-1] ^= 1

    answer = signed_in.submit(bytes(sealed))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["codes"]


@pytest.mark.parametrize(
    ("header", "code", "says"),
    [
        ({"author": an_author(id="somebody")}, "author_never_signed_in", "never signed in on this device"),
        ({"unit": "york_response"}, "not_their_unit", "a unit that its author did not belong to"),
    ],
)
def test_what_is_not_believed_is_kept_and_the_sender_told_why(
    signed_in: Handheld, header: dict[str, Any], code: str, says: str
) -> None:
    """In words that fit: it can be read very well, and that is not what is wrong."""
    answer = signed_in.submit(signed_in.seal(signed_in.record(record=new_id(), **header)))

    assert (answer.status_code, answer.json()["codes"]) == (422, [code])
    assert says in answer.json()["says"]
    assert "It is kept as it came" in answer.json()["says"]


def test_a_server_whose_disk_is_full_takes_nothing_and_says_come_back(tmp_path: Path) -> None:
    """No receipt, so the handheld keeps it; once there is room the very same bytes are taken."""
    with a_server(tmp_path, in_a_file=True) as server, a_client(server.url) as http:
        server.add_account("pc.wells", Role.OFFICER)
        handheld = Handheld(server, http)
        handheld.enrol()
        handheld.sign_in("pc.wells")
        sealed = handheld.seal(handheld.record(record=new_id()))
        store = server.context.store
        # What bringing the tables up to date has left free is no room either.
        store.write(lambda db: db.exec_driver_sql("CREATE TABLE filler AS SELECT zeroblob(65536) AS full"))
        pages = store.write(lambda db: db.exec_driver_sql("PRAGMA page_count").scalar_one())
        store.write(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar())

        refused = handheld.submit(sealed)

        assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
        assert int(refused.headers["Retry-After"]) > 0
        assert count(server.context, submission) == 0
        store.write(lambda db: db.exec_driver_sql("PRAGMA max_page_count=1000000").scalar())
        assert handheld.submit(sealed).status_code == 201


def test_an_envelope_signed_by_another_device_is_not_taken_for_this_ones(signed_in: Handheld) -> None:
    """The signature on the envelope is evidence: it must be that of the device that hands it in."""
    record = signed_in.record(record=new_id())
    signed_in.key, own = SigningKey.generate(), signed_in.key
    sealed = signed_in.seal(record)
    signed_in.key = own

    answer = signed_in.submit(sealed)

    assert answer.status_code == 422


def test_an_app_that_is_too_old_is_told_which_version_it_needs(signed_in: Handheld) -> None:
    """426; its drafts stay where they are."""
    sealed = signed_in.seal(signed_in.record(record=new_id()))

    answer = signed_in.submit(sealed, **{"Homeward-App": "0.0.9"})

    assert (answer.status_code, answer.json()["code"]) == (426, "app_too_old")
    assert answer.json()["min_app"] == "0.1.0"


def test_a_body_of_another_type_is_refused(signed_in: Handheld) -> None:
    """Nothing is guessed."""
    answer = signed_in.submit(b"{}", **{"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_type")


def test_a_record_goes_to_the_supervisors_of_its_unit(signed_in: Handheld, server: LiveServer) -> None:
    """Sealed to whichever of their handhelds asks, and to nobody else's."""
    record = signed_in.record(record=new_id())
    signed_in.submit(signed_in.seal(record))
    tablet = Handheld(server, signed_in.http)
    tablet.enrol()
    tablet.sign_in("sgt.oyelaran")

    page = tablet.as_officer("GET", "/v1/changes?limit=100").json()

    mine = [item for item in page["items"] if item["record"] == str(record.header.record)]
    opened = open_return(
        from_b64url(mine[0]["body"]),
        device=tablet.id,
        key=tablet.kem,
        directory=server.context.keys.directory,
    )
    assert mine[0]["kind"] == "review"
    assert opened[0].device == tablet.id
    assert page["more"] is False


def test_what_was_acknowledged_is_not_sent_again_after_its_cursor(signed_in: Handheld) -> None:
    """The cursor is the device's; asking again after it gives nothing old."""
    signed_in.submit(signed_in.seal(signed_in.record(record=new_id())))
    page = signed_in.as_officer("GET", "/v1/changes").json()

    acknowledged = signed_in.as_officer("POST", "/v1/changes/ack", json={"cursor": page["next"]})
    after = signed_in.as_officer("GET", f"/v1/changes?cursor={page['next']}").json()

    assert acknowledged.status_code == 200
    assert after["items"] == []


@pytest.mark.parametrize("query", ["limit=0x10", "limit=101", "limit=-1", "cursor=nonsense"])
def test_a_question_that_makes_no_sense_is_refused_in_words(signed_in: Handheld, query: str) -> None:
    """400, and the device starts again without a cursor."""
    answer = signed_in.as_officer("GET", f"/v1/changes?{query}")

    assert answer.status_code == 400
    assert answer.json()["says"]


def test_a_full_queue_answers_busy_and_when_to_come_back(tmp_path: Path) -> None:
    """503 with Retry-After at once, instead of a wait without end."""
    pool = WorkPool(workers=1, most_waiting=0)
    begun, gate = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        gate.wait(10)

    with a_server(tmp_path, Limits(pool=pool)) as server:
        holding = threading.Thread(target=lambda: asyncio.run(pool.run(hold)))
        holding.start()
        begun.wait(10)
        busy = httpx.post(f"{server.url}/v1/status")
        gate.set()
        holding.join()
        after = httpx.post(f"{server.url}/v1/status")

    assert (busy.status_code, busy.json()["code"]) == (503, "busy")
    assert int(busy.headers["Retry-After"]) > 0
    assert after.status_code == 401
