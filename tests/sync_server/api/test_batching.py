"""Several sealed records with one question: each is taken in and answered as if it had come alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from booklets.answers import Gap, Why
from booklets.batch import BATCH_TYPE, MOST_BYTES, bound, deflated, inflated
from booklets.entities import new_id
from booklets.sealing import read_receipt
from sync_server.db.tables import audit, submission
from sync_server.identity.accounts import Role
from sync_server.limits import Allowance, Limits
from tests.support.builders import next_revision
from tests.support.devices import Handheld, a_client
from tests.support.server_data import count, rows
from tests.support.servers import LiveServer, a_server

ROOM = 60
"""Pages of the database: some records fit, and twenty do not."""
PACKED = {"Content-Type": BATCH_TYPE, "Content-Encoding": "deflate"}


def sends(handheld: Handheld, batch: bytes, **headers: str) -> httpx.Response:
    """Hand in a batch as it is."""
    return handheld.as_officer(
        "POST", "/v1/batch", content=batch, headers={"Content-Type": BATCH_TYPE, **headers}
    )


def results_of(answer: httpx.Response) -> list[tuple[int, Any]]:
    """What was said of each, in order."""
    assert answer.status_code == 207, answer.text
    return [(one["status"], json.loads(one["answer"])) for one in answer.json()["results"]]


def letters(handheld: Handheld, number: int) -> list[tuple[str, bytes]]:
    """So many records, sealed, each with its id."""
    records = [handheld.record(record=new_id(), episode=new_id()) for _ in range(number)]
    return [(str(one.header.record), handheld.seal(one)) for one in records]


def test_each_record_is_answered_with_its_own_receipt_in_order(
    signed_in: Handheld, server: LiveServer
) -> None:
    """And with the very receipt that it has when it comes again alone."""
    sent = letters(signed_in, 3)

    answer = sends(signed_in, deflated(bound([sealed for _, sealed in sent])), **PACKED)

    said = [one["answer"].encode() for one in answer.json()["results"]]
    receipts = [read_receipt(one, server.context.keys.directory) for one in said]
    assert [status for status, _ in results_of(answer)] == [201, 201, 201]
    assert [one.record for one in receipts] == [record for record, _ in sent]
    assert signed_in.submit(sent[1][1]).content == said[1]
    assert answer.headers["Homeward-Protocol"] == "1"


def test_the_answer_is_packed_only_for_whoever_can_unpack_it(signed_in: Handheld) -> None:
    """Half the bytes on the way back, for a handheld that says so."""
    [(_, sealed)] = letters(signed_in, 1)
    with signed_in.http.stream("GET", "/v1/hello") as plain:
        assert "content-encoding" not in plain.headers

    request = signed_in.signed(
        "POST",
        "/v1/batch",
        content=bound([sealed]),
        headers={
            "Content-Type": BATCH_TYPE,
            "Accept-Encoding": "deflate",
            "Authorization": f"Homeward {signed_in.access}",
        },
    )
    answer = signed_in.http.send(request, stream=True)
    packed = b"".join(answer.iter_raw())
    answer.close()

    assert answer.headers["Content-Encoding"] == "deflate"
    assert json.loads(inflated(packed, most=MOST_BYTES))["results"][0]["status"] == 201


def test_a_bad_record_holds_back_none_of_the_others(signed_in: Handheld, server: LiveServer) -> None:
    """Refused as it would be alone, and kept all the same; what stands before it and behind it counts."""
    first, broken, last = (sealed for _, sealed in letters(signed_in, 3))
    spoilt = broken[:-1] + bytes([broken[-1] ^ 1])
    record = signed_in.record(record=new_id(), episode=new_id())
    signed_in.submit(signed_in.seal(record))
    signed_in.submit(signed_in.seal(next_revision(record, {"ret.medical_needed": Gap(Why.REFUSED)})))
    late = signed_in.seal(next_revision(record, {"ret.medical_needed": "yes"}))

    said = results_of(sends(signed_in, bound([first, spoilt, b"no envelope", late, last])))

    assert [(status, one.get("code")) for status, one in said] == [
        (201, None),
        (422, "invalid"),
        (422, "invalid"),
        (409, "rev_conflict"),
        (201, None),
    ]
    kept = {row["envelope"] for row in rows(server.context, submission)}
    assert {spoilt, b"no envelope", late} <= kept


def test_a_batch_that_comes_again_is_answered_as_it_was_and_stands_once(
    signed_in: Handheld, server: LiveServer
) -> None:
    """The line was cut before the answer came; some of it came alone meanwhile."""
    sent = [sealed for _, sealed in letters(signed_in, 3)]
    first = results_of(sends(signed_in, bound(sent)))
    before = count(server.context, submission), count(server.context, audit)

    again = results_of(sends(signed_in, bound([*sent, sent[0]])))

    assert [status for status, _ in again] == [200] * 4
    assert [one for _, one in again] == [one for _, one in [*first, first[0]]]
    assert (count(server.context, submission), count(server.context, audit)) == before


def test_two_revisions_of_a_record_in_one_batch_are_taken_in_order(signed_in: Handheld) -> None:
    """The second builds on the first, which has just been committed."""
    record = signed_in.record(record=new_id(), episode=new_id())
    second = next_revision(record, {"ret.medical_needed": Gap(Why.REFUSED)})

    said = results_of(sends(signed_in, bound([signed_in.seal(record), signed_in.seal(second)])))

    assert [(status, one["rev"]) for status, one in said] == [(201, 1), (201, 2)]


@pytest.mark.parametrize(
    ("after", "headers", "code"),
    [
        pytest.param(b"\x00\x00\x00\x09cut", {}, "batch_malformed", id="cut short"),
        pytest.param(b"\x00\x00\x00\x01x" * 20, {}, "batch_malformed", id="one too many"),
        pytest.param(b"", {"Content-Encoding": "deflate"}, "batch_malformed", id="not packed"),
        pytest.param(b"", {"Content-Encoding": "br"}, "wrong_type", id="packed otherwise"),
        pytest.param(b"", {"Content-Type": "application/json"}, "wrong_type", id="another type"),
    ],
)
def test_what_is_no_batch_is_refused_before_any_of_it_is_taken(
    signed_in: Handheld, after: bytes, headers: dict[str, str], code: str
) -> None:
    """Although an envelope stands whole at its beginning."""
    [(_, sealed)] = letters(signed_in, 1)
    context = signed_in.server.context
    before = count(context, submission)

    answer = sends(signed_in, bound([sealed]) + after, **headers)

    assert (answer.status_code, answer.json()["code"]) == (415 if code == "wrong_type" else 400, code)
    assert count(context, submission) == before


def test_a_batch_that_grows_when_it_is_unpacked_is_refused(signed_in: Handheld) -> None:
    """It is unpacked no further than a batch may be."""
    answer = sends(signed_in, deflated(bytes(50 * MOST_BYTES)), **PACKED)

    assert (answer.status_code, answer.json()["code"]) == (400, "batch_malformed")


def test_a_copied_batch_is_refused(signed_in: Handheld, server: LiveServer) -> None:
    """One signature, one nonce, over all of it: whoever copies it learns nothing from it."""
    request = signed_in.signed(
        "POST",
        "/v1/batch",
        content=bound([sealed for _, sealed in letters(signed_in, 2)]),
        headers={"Content-Type": BATCH_TYPE, "Authorization": f"Homeward {signed_in.access}"},
    )

    assert signed_in.http.send(request).status_code == 207
    assert signed_in.http.send(request).json()["code"] == "replayed"


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Handheld]:
    """A handheld signed in at a server of which one handheld may ask twelve times, and then very slowly."""
    limits = Limits(by_device=Allowance(per_minute=0.001, burst=12))
    with a_server(tmp_path, limits) as server, a_client(server.url) as http:
        server.add_account("pc.wells", Role.OFFICER)
        handheld = Handheld(server, http)
        handheld.enrol()
        handheld.sign_in("pc.wells")
        yield handheld


def test_each_record_of_a_batch_counts_as_a_question(narrow: Handheld) -> None:
    """Above the allowance, what was not taken is named, and the rest has its receipts."""
    said = results_of(sends(narrow, bound([sealed for _, sealed in letters(narrow, 20)])))

    taken = [status for status, _ in said if status == 201]
    assert [status for status, _ in said] == [*taken, *[429] * (20 - len(taken))]
    assert 0 < len(taken) < 12
    assert count(narrow.server.context, submission) == len(taken)


def test_each_record_is_a_transaction_of_its_own(tmp_path: Path) -> None:
    """A disk that fills up in the middle leaves what was taken before, with receipts, and says come back."""
    with a_server(tmp_path, in_a_file=True) as server, a_client(server.url) as http:
        server.add_account("pc.wells", Role.OFFICER)
        handheld = Handheld(server, http)
        handheld.enrol()
        handheld.sign_in("pc.wells")
        batch, store = bound([sealed for _, sealed in letters(handheld, 20)]), server.context.store
        pages = store.write(lambda db: db.exec_driver_sql("PRAGMA page_count").scalar_one())
        store.write(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count={pages + ROOM}").scalar())

        answer = sends(handheld, batch)

        taken = count(server.context, submission)
        assert 0 < taken < 20
        assert [status for status, _ in results_of(answer)] == [201] * taken + [503] * (20 - taken)
        assert ["retry_after" in one for one in answer.json()["results"]] == [False] * taken + [True] * (
            20 - taken
        )
        store.write(lambda db: db.exec_driver_sql("PRAGMA max_page_count=1000000").scalar())
        again = results_of(sends(handheld, batch))
        assert [status for status, _ in again] == [200] * taken + [201] * (20 - taken)
