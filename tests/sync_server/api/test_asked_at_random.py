"""What was found by asking every address at random (F20), each held still by itself."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from booklets.answers import instant
from booklets.entities import new_id
from booklets.records import Attachment
from booklets.sealing import seal_envelope, usable_suites
from booklets.wire import canonical
from sync_server.api.enrolling import KEM_BYTES
from sync_server.api.submitting import SEALED_TYPE
from sync_server.feed import LONGEST_CURSOR
from tests.support.devices import Handheld, b64url
from tests.support.servers import LiveServer


@pytest.mark.parametrize("suite", [1, 2])
def test_bytes_that_are_no_key_are_refused_when_a_handheld_enrols(handheld: Handheld, suite: int) -> None:
    """It was enrolled, and then every look for news failed, because nothing can be sealed to them."""
    if suite not in usable_suites():
        suite = 1  # a machine without the second suite never seals in it
    said = handheld.enrolment(handheld.server.invite())
    kem = {**said["kem_pubs"], str(suite): b64url(b"\xff" * KEM_BYTES[suite] if suite > 1 else bytes(32))}

    answer = handheld.send("POST", "/v1/enrol", json={**said, "kem_pubs": kem}, key_id=handheld.enrolling_id)

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_message")
    assert handheld.enrol(said["code"]).status_code == 201, "the code was not spent"


def test_a_whole_number_may_be_written_with_a_point(signed_in: Handheld) -> None:
    """JSON knows no difference between 5 and 5.0, and neither does who reads the document."""
    heard = signed_in.send("POST", "/v1/orders/heard", json={"number": 5.0})
    said = {
        "id": str(new_id()),
        "task": 5.0,
        "act": "accept",
        "at": instant(signed_in.server.clock()),
        "outcome": "",
        "delay_reason": "",
        "words": "",
    }
    task = signed_in.as_officer("POST", "/v1/tasks", json=said)

    assert (heard.status_code, task.status_code) == (200, 200)
    assert task.json()["why_void"] == "unknown_task"
    assert signed_in.send("POST", "/v1/orders/heard", json={"number": 5.5}).status_code == 400


@pytest.mark.parametrize("done", ["yes", 1, None])
def test_yes_is_said_with_true_and_nothing_else(enrolled: Handheld, done: object) -> None:
    """It was taken for no, so that a wipe that was done would not have counted as done."""
    answer = enrolled.send("POST", "/v1/orders/heard", json={"number": 1, "done": done})

    assert (answer.status_code, answer.json()["says"]) == (400, "done must be true or false")


def test_a_cursor_that_is_too_long_is_refused_and_not_cut(signed_in: Handheld) -> None:
    """Cut off in the middle of a number it would be another cursor, and what it asks for as well."""
    cursor = "~".join(["abcdef012345.1"] * 100)
    assert len(cursor) > LONGEST_CURSOR

    answer = signed_in.as_officer("GET", f"/v1/changes?cursor={cursor}")

    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_unreadable")


@pytest.mark.parametrize("id_", [None, "a\x00b", "[]", 7, "x" * 5000])
def test_a_draft_without_an_id_is_not_taken_and_keeps_nobody_from_their_news(
    signed_in: Handheld, id_: object
) -> None:
    """It was offered to the unit under whatever stood there, and nobody of the unit got any news again."""
    now, given = signed_in.server.clock(), str(new_id())
    header = signed_in.header_of_given(given, now)
    said = {"id": given, "to": "", "at": instant(now), "draft": {"id": id_, "answers": {}}}
    to = signed_in.server.context.keys.directory.recipients()
    sealed = seal_envelope(header, canonical(said), to=to, signer=signed_in.key)

    answer = signed_in.as_officer("POST", "/v1/given", content=sealed, headers={"Content-Type": SEALED_TYPE})

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_message")
    assert signed_in.as_officer("GET", "/v1/changes").status_code == 200


def test_an_empty_piece_is_taken_once_as_every_other_is(signed_in: Handheld, server: LiveServer) -> None:
    """A copy of the request told whoever sent it again how far the photograph has come."""
    tus = {"Tus-Resumable": "1.0.0"}
    metadata = ",".join(
        f"{name} {said}"
        for name, said in (
            ("att", "MDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAx"),
            ("record", "MDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAy"),
            ("sha256", "YWEx" * 21 + "YQ=="),
        )
    )
    begun = signed_in.as_officer(
        "POST", "/v1/uploads/", headers={**tus, "Upload-Length": "10", "Upload-Metadata": metadata}
    )
    where = begun.headers["Location"]
    piece = signed_in.signed(
        "PATCH",
        where,
        headers={
            **tus,
            "Authorization": f"Homeward {signed_in.access}",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        },
    )

    first, again = signed_in.http.send(piece), signed_in.http.send(piece)

    assert first.status_code == httpx.codes.NO_CONTENT
    assert (again.status_code, again.headers["Homeward-Refused"]) == (401, "replayed")


def test_a_number_that_no_task_ever_had_is_no_task(signed_in: Handheld) -> None:
    """PostgreSQL counts rows to 2**31, and a larger number was answered with a mistake of ours (500)."""
    said = {
        "id": str(new_id()),
        "task": 2**53 - 1,
        "act": "accept",
        "at": instant(signed_in.server.clock()),
        "outcome": "",
        "delay_reason": "",
        "words": "",
    }
    answer = signed_in.as_officer("POST", "/v1/tasks", json=said)

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_message")


def test_a_record_that_lists_a_photograph_of_no_size_there_is_is_kept(signed_in: Handheld) -> None:
    """Whatever a faulty app writes on its manifest; on PostgreSQL it was answered with a mistake of ours."""
    listed = Attachment(new_id(), "photograph", 2**53 - 1, "a" * 64)
    record = signed_in.record(record=new_id())
    listing = replace(record, header=replace(record.header, attachments=(listed,)))

    answer = signed_in.submit(signed_in.seal(listing))

    assert answer.status_code == httpx.codes.CREATED


def test_a_handheld_may_report_any_number(enrolled: Handheld) -> None:
    """What it says of itself is only shown."""
    said = {"app_version": "0.1.0", "queued": 2**53, "drafts": 2**40, "vault_head": 2**53, "policy": 2**53}

    assert enrolled.send("POST", "/v1/status", json=said).status_code == httpx.codes.OK
    assert (
        enrolled.send("POST", "/v1/orders/heard", json={"number": 1, "not_erased": 2**53}).status_code
        == httpx.codes.OK
    )


def test_a_cursor_beyond_every_number_is_no_mistake_of_ours(signed_in: Handheld) -> None:
    """Somebody may have written it: whoever asks begins anew, or is told that it was never given."""
    known = signed_in.as_officer("GET", "/v1/changes").json()["next"]
    beyond = "~".join(f"{place.partition('.')[0]}.{10**18 - 1}" for place in known.split("~"))

    asked = signed_in.as_officer("GET", f"/v1/changes?cursor={beyond}")
    acknowledged = signed_in.as_officer("POST", "/v1/changes/ack", json={"cursor": beyond})

    assert {asked.status_code, acknowledged.status_code} <= {200, 204, 400, 410}
