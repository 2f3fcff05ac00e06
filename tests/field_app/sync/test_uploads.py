"""Attachments: after their records, in pieces, on at the byte where they were cut, done with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import shake_256

import pytest
from starlette.requests import Request
from starlette.responses import Response

from booklets.sealing import Receipt, sign_receipt
from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Enclosed
from field_app.sync.enrolment import b64url
from field_app.sync.failures import TryLater
from field_app.sync.news import AttachmentSettled, Received
from field_app.sync.rounds import Memory, Round, make_round
from field_app.sync.uploads import PIECE
from tests.field_app.sync.desks import Bench
from tests.support.portals import OURS, CutShort, SmallForce, portal_page, refusal
from tests.support.sealing import signer_number
from tests.support.small_uploads import SmallUploads

PHOTO = shake_256(b"a room").digest(2 * PIECE + 77)


@pytest.fixture
def uploads(force: SmallForce) -> SmallUploads:
    """Where the small force takes attachments."""
    return SmallUploads(force)


def a_round(bench: Bench, client: SyncClient, desk: Desk | None = None) -> Round:
    """Make one round."""
    return make_round(client, desk or bench.desk(), Memory())


def enclosed(bench: Bench, body: bytes = PHOTO, number: int = 1) -> Enclosed:
    """A record that waits, with an attachment."""
    return bench.enclosed.put(bench.waits(number), body)


def once(answer: Response, when: str) -> Callable[[Request, bytes], Response | None]:
    """The first request by this method is answered like this."""
    left = [answer]

    def before(request: Request, _body: bytes) -> Response | None:
        return left.pop() if request.method == when and left else None

    return before


def test_it_goes_in_pieces_after_its_record_and_is_done_with_a_receipt(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """What the server has is, byte for byte, what was sealed."""
    one = enclosed(bench)

    done = a_round(bench, client)

    assert uploads.steps == ["POST", "PATCH", "PATCH", "PATCH"]
    assert uploads.complete() == {one.attachment: PHOTO}
    assert (done.sent, done.ended_by) == (2, None)
    assert bench.enclosed.receipts.keys() == {one.id}
    received, settled = (news for news in bench.told if isinstance(news, (Received, AttachmentSettled)))
    assert isinstance(received, Received)
    assert settled == AttachmentSettled(one.record, sent=True)
    said = {"att": one.attachment, "record": one.record, "sha256": one.sha256}
    assert list(uploads.metadata.values()) == [said]


def test_what_is_there_already_is_not_sent_again(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """The last answer was lost: the next round asks how far it is, and hears that it is all there."""
    one = enclosed(bench)
    a_round(bench, client)
    bench.enclosed.receipts.clear()
    uploads.steps.clear()

    a_round(bench, client)

    assert uploads.steps == ["HEAD"]
    assert bench.enclosed.receipts.keys() == {one.id}


@pytest.mark.parametrize("cut", ["POST", "PATCH", "HEAD"])
def test_a_cut_costs_one_piece_and_no_byte_is_doubled(
    bench: Bench, client: SyncClient, uploads: SmallUploads, cut: str
) -> None:
    """The line breaks in the middle of an answer; the next round goes on at that byte."""
    one = enclosed(bench)
    if cut == "HEAD":
        uploads.before = once(CutShort(), "PATCH")
        a_round(bench, client)
    uploads.before = once(CutShort(), cut)
    assert isinstance(a_round(bench, client).ended_by, TryLater)
    assert not bench.enclosed.receipts

    a_round(bench, client)

    assert uploads.complete() == {one.attachment: PHOTO}
    assert bench.enclosed.receipts.keys() == {one.id}


@pytest.mark.parametrize(
    ("answer", "when"),
    [
        (refusal(409, "wrong_offset"), "PATCH"),
        (refusal(460, "wrong_checksum"), "PATCH"),
        (refusal(460, "not_the_file"), "PATCH"),
        (refusal(404, "no_such_upload"), "PATCH"),
    ],
    ids=["offset", "checksum", "other file", "gone"],
)
def test_what_the_server_lost_count_of_is_put_right_at_once(
    bench: Bench, client: SyncClient, uploads: SmallUploads, answer: Response, when: str
) -> None:
    """It asks again how far it is, or begins again, in the same round."""
    one = enclosed(bench)
    uploads.before = once(answer, when)

    done = a_round(bench, client)

    assert (done.sent, done.refused) == (2, 0)
    assert uploads.complete() == {one.attachment: PHOTO}


def test_an_upload_that_the_server_no_longer_knows_is_begun_again(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """After a week in a drawer. A HEAD is answered without words."""
    one = enclosed(bench)
    bench.enclosed.begun(one, "/v1/uploads/long-gone")

    a_round(bench, client)

    assert uploads.steps[:2] == ["HEAD", "POST"]
    assert uploads.complete() == {one.attachment: PHOTO}


def test_one_that_never_fits_does_not_go_on_for_ever(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """A proxy that spoils every piece: tried a few times, then in a later round."""
    enclosed(bench)
    uploads.before = lambda request, _body: (
        refusal(460, "wrong_checksum") if request.method == "PATCH" else None
    )

    done = a_round(bench, client)

    assert isinstance(done.ended_by, TryLater)
    assert uploads.steps.count("PATCH") == 4
    assert not bench.enclosed.attention


@pytest.mark.parametrize("code", ["listed_otherwise", "not_your_attachment", "attachment_too_large"])
def test_one_that_is_refused_holds_up_neither_records_nor_others(
    bench: Bench, client: SyncClient, uploads: SmallUploads, code: str
) -> None:
    """It is kept, and a person has to look."""
    first, second = enclosed(bench), enclosed(bench, b"another", number=2)
    uploads.before = once(refusal(409, code), "POST")

    done = a_round(bench, client)

    assert (done.sent, done.refused, done.ended_by) == (3, 1, None)
    assert bench.enclosed.attention == {first.id: code}
    assert bench.enclosed.receipts.keys() == {second.id}
    assert AttachmentSettled(first.record, sent=False) in bench.told


def test_one_whose_sealed_bytes_are_gone_is_said_to_be(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """Silence would be the worst."""
    one = enclosed(bench)
    del bench.enclosed.bodies[one.id]
    a_round(bench, client)
    assert bench.enclosed.attention == {one.id: "sealed_copy_missing"}


@pytest.mark.parametrize("what", ["another key", "another sum", "another record", "none", "no base64"])
def test_without_the_forces_word_for_these_bytes_it_is_not_done(
    bench: Bench, client: SyncClient, force: SmallForce, uploads: SmallUploads, what: str
) -> None:
    """Whoever answers in the force's place would otherwise make a photograph disappear."""
    one = enclosed(bench, b"short")

    def word() -> str:
        key = signer_number(9) if what == "another key" else force.receipts
        sum_ = "ab" * 32 if what == "another sum" else one.sha256
        record = "somebody-else" if what == "another record" else one.record
        return b64url(sign_receipt(Receipt(record, 0, sum_, sum_, 0, force.now()), key))

    said = {"none": "", "no base64": "?"}.get(what) if what in {"none", "no base64"} else word()
    whole = {"Upload-Offset": "5", "Homeward-Receipt": str(said)}
    uploads.before = lambda request, _body: (
        Response(status_code=204, headers={**OURS, **whole}) if request.method == "PATCH" else None
    )

    done = a_round(bench, client)

    assert isinstance(done.ended_by, TryLater)
    assert not bench.enclosed.receipts
    assert not bench.enclosed.attention


@pytest.mark.parametrize(
    "place", ["", "https://elsewhere.example/", "/v1/submissions", "/v1/uploads/" + "x" * 300]
)
def test_it_goes_nowhere_but_to_the_force(
    bench: Bench, client: SyncClient, uploads: SmallUploads, place: str
) -> None:
    """A place that is not the force's way of taking attachments is not believed."""
    enclosed(bench)
    answer = Response(status_code=201, headers={**OURS, "Upload-Offset": "0", "Location": place})
    uploads.before = once(answer, "POST")
    assert isinstance(a_round(bench, client).ended_by, TryLater)
    assert uploads.steps == ["POST"]


def test_a_sign_in_page_in_the_way_is_no_answer(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """The record went; then the Wi-Fi wanted a sign-in."""
    one = enclosed(bench)
    uploads.before = once(portal_page(), "PATCH")
    assert isinstance(a_round(bench, client).ended_by, TryLater)
    a_round(bench, client)
    assert uploads.complete() == {one.attachment: PHOTO}


def test_what_is_sent_meanwhile_goes_before_the_rest_of_a_photograph(
    bench: Bench, client: SyncClient, uploads: SmallUploads
) -> None:
    """On a bad line a photograph takes minutes; each round sends one piece at least, so it gets there."""
    one = enclosed(bench)
    desk = replace(bench.desk(), hurried=lambda: True)
    rounds = 0
    while not bench.enclosed.receipts:
        rounds += 1
        a_round(bench, client, desk)
        assert rounds <= 3
    assert uploads.steps.count("PATCH") == 3
    assert uploads.complete() == {one.attachment: PHOTO}
