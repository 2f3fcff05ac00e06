"""Every answer says what to do next. Above all: nothing but a signed receipt passes for a receipt."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest
from starlette.responses import Response

from booklets.sealing import Receipt, SigningKey, read_envelope, sign_receipt
from booklets.stamps import Confidence
from field_app.sync.client import Device, SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.failures import (
    AppTooOld,
    ClockSkew,
    CursorExpired,
    LineCut,
    NotEnrolled,
    NotEnrolledHere,
    NotOurServer,
    Refused,
    Revoked,
    SignInAgain,
    SyncFailed,
    TryLater,
)
from field_app.sync.line import open_http
from field_app.sync.reading import LONGEST_ASKED, LONGEST_ASKED_BY_OTHERS, retry_after
from tests.field_app.sync.desks import NOW, a_session, client_of, enrolled_with, record_id, sealed
from tests.support.portals import (
    OURS,
    CutShort,
    SmallForce,
    Weird,
    json_answer,
    nobody_there,
    portal_page,
    refusal,
)
from tests.support.sealing import signer_number

RECORD = record_id(1)
HOSTILE = "https://elsewhere.example/"


def ours(body: bytes, status: int = 200, kind: str = "application/json") -> Response:
    """Bytes in our server's name."""
    return Response(body, status, headers=OURS, media_type=kind)


ANSWERS = [
    pytest.param(portal_page(200), NotOurServer, id="a hotel's page that says 200"),
    pytest.param(portal_page(201), NotOurServer, id="a hotel's page that says 201"),
    pytest.param(portal_page(302, Location=HOSTILE), NotOurServer, id="sent elsewhere by somebody"),
    pytest.param(
        Response(status_code=307, headers=OURS | {"Location": HOSTILE}), NotOurServer, id="sent elsewhere"
    ),
    pytest.param(portal_page(403), NotOurServer, id="a proxy that blocks"),
    pytest.param(portal_page(401), NotOurServer, id="a proxy that wants a password"),
    pytest.param(portal_page(404), NotOurServer, id="a page that is not there"),
    pytest.param(portal_page(407), NotOurServer, id="a proxy that wants to be asked"),
    pytest.param(portal_page(426), NotOurServer, id="an upgrade that is not ours to make"),
    pytest.param(portal_page(511), NotOurServer, id="an honest sign-in page"),
    pytest.param(
        Response("{}", 200, media_type="application/json"), NotOurServer, id="JSON without our header"
    ),
    pytest.param(
        Response("{}", 422, media_type="application/json"), NotOurServer, id="a refusal without it"
    ),
    pytest.param(ours(b"{}", kind="text/html"), NotOurServer, id="our header on a page"),
    pytest.param(ours(b""), NotOurServer, id="yes and nothing"),
    pytest.param(Response(status_code=204, headers=OURS), NotOurServer, id="yes without a receipt"),
    pytest.param(ours(b"{}"), NotOurServer, id="an empty receipt"),
    pytest.param(ours(b"{" * 9000), NotOurServer, id="nonsense in braces"),
    pytest.param(ours(b"[" * 100_000, 422), NotOurServer, id="a deep refusal"),
    pytest.param(ours(b'"no"', 422), NotOurServer, id="a refusal that is a text"),
    pytest.param(ours(b'{"code": 1, "says": 2}', 422), NotOurServer, id="a refusal of numbers"),
    pytest.param(ours(b"x" * 3_000_000), NotOurServer, id="an answer without end"),
    pytest.param(CutShort(), LineCut, id="cut short"),
    pytest.param(portal_page(500), TryLater, id="a gateway's fault"),
    pytest.param(portal_page(502), TryLater, id="a gateway that finds nobody"),
    pytest.param(refusal(500, "mistake"), TryLater, id="our own fault"),
    pytest.param(refusal(503, "server_busy"), TryLater, id="busy"),
    pytest.param(refusal(429, "too_often"), TryLater, id="too often"),
    pytest.param(refusal(408, "too_slow"), TryLater, id="too slow"),
    pytest.param(refusal(404, "no_such_address"), TryLater, id="an older server"),
    pytest.param(refusal(401, "replayed"), TryLater, id="heard before"),
    pytest.param(refusal(401, "body_mismatch"), TryLater, id="altered on the way"),
    pytest.param(refusal(401, "clock_skew"), ClockSkew, id="clocks apart, and no time told"),
    pytest.param(refusal(401, "session_over"), SignInAgain, id="session over"),
    pytest.param(refusal(401, "something_new"), SignInAgain, id="not allowed, for a new reason"),
    pytest.param(refusal(401, "unknown_device"), NotEnrolled, id="unknown device"),
    pytest.param(refusal(403, "device_not_active"), Revoked, id="stopped device"),
    pytest.param(refusal(426, "app_too_old", min_app="2.0"), AppTooOld, id="app too old"),
    pytest.param(refusal(409, "rev_conflict", head_rev=3), Refused, id="somebody was first"),
    pytest.param(refusal(413, "too_large"), Refused, id="too large"),
    pytest.param(refusal(422, "invalid", codes=["R-12"]), Refused, id="not well-formed"),
    pytest.param(refusal(410, "cursor_expired"), CursorExpired, id="news too old"),
]


def submit(client: SyncClient, body: bytes = b"sealed", *, rev: int = 1) -> None:
    """Try to hand something over."""
    client.submit(body, record=RECORD, rev=rev, session=a_session())


@pytest.mark.parametrize(("answer", "means"), ANSWERS)
def test_every_answer_says_what_to_do_next(
    weird: Weird, client: SyncClient, answer: Response, means: type[SyncFailed]
) -> None:
    """A Wi-Fi's sign-in page must never pass for a receipt, nor for a refusal."""
    weird.answer = answer

    with pytest.raises(SyncFailed) as failed:
        submit(client)

    assert type(failed.value) is means


def test_no_redirect_is_followed(weird: Weird, client: SyncClient) -> None:
    """Or a sign-in page would be handed the sealed record and the session."""
    weird.answer = portal_page(302, Location="/anywhere")

    with pytest.raises(NotOurServer):
        submit(client)

    assert weird.asked == [("POST", "/v1/submissions")]


def test_nobody_there_is_no_signal(force: SmallForce) -> None:
    """The commonest night of all."""
    with nobody_there() as address:
        force.address = address
        with closing(client_of(force)) as client, pytest.raises(TryLater) as failed:
            submit(client)

    assert (failed.value.why, failed.value.whole_line) == ("ConnectError", True)


def test_a_server_that_falls_silent_is_given_up_on(force: SmallForce) -> None:
    """A train in a tunnel: the question left, and no answer comes."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes the connection in, and never says a word
        force.address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        http = open_http(force.address, app_version="0.1.0", timeout=httpx.Timeout(0.05))
        client = SyncClient(
            http, clock=ServerClock(), device=Device(enrolled_with(force), force.device_sign)
        )
        with pytest.raises(TryLater) as failed:
            submit(client)
        client.close()

    assert (failed.value.why, failed.value.whole_line) == ("ReadTimeout", False)


def test_a_record_is_handed_over_and_acknowledged(force: SmallForce, client: SyncClient) -> None:
    """The bytes arrive as they were sealed, and the receipt is for just these."""
    body = sealed(force, record=RECORD)

    got = client.submit(body, record=RECORD, rev=1, session=a_session())

    assert force.stored[RECORD, 1] == (body, got.signed)
    assert got.receipt.env_sha256 == sha256(body).hexdigest() == read_envelope(body).sha256


def test_sending_again_gives_the_same_receipt(force: SmallForce, client: SyncClient) -> None:
    """A receipt lost on the way back costs one repeat."""
    body = sealed(force, record=RECORD)

    first = client.submit(body, record=RECORD, rev=1, session=a_session())
    again = client.submit(body, record=RECORD, rev=1, session=a_session())

    assert again == first
    assert len(force.stored) == 1


def wrong_receipts(force: SmallForce, body: bytes) -> dict[str, tuple[Receipt, SigningKey]]:
    """Receipts that are each wrong in one thing."""
    digest = sha256(body).hexdigest()
    return {
        "another record": (force.receipt(record_id(2), 1, digest), force.receipts),
        "another revision": (force.receipt(RECORD, 2, digest), force.receipts),
        "other bytes": (force.receipt(RECORD, 1, "a" * 64), force.receipts),
        "an unknown key": (force.receipt(RECORD, 1, digest), signer_number(66)),
        "a key for something else": (force.receipt(RECORD, 1, digest), force.command),
    }


@pytest.mark.parametrize(
    "wrong",
    ["another record", "another revision", "other bytes", "an unknown key", "a key for something else"],
)
def test_a_receipt_for_anything_else_is_no_receipt(
    force: SmallForce, client: SyncClient, wrong: str
) -> None:
    """On a receipt the device forgets, so it must be the force's, for this record, for these bytes."""
    body = sealed(force, record=RECORD)
    receipt, key = wrong_receipts(force, body)[wrong]
    force.after = lambda _record, _rev: ours(sign_receipt(receipt, key), 201)

    with pytest.raises(NotOurServer) as failed:
        client.submit(body, record=RECORD, rev=1, session=a_session())

    assert not failed.value.whole_line


def test_a_receipt_by_a_newer_key_makes_the_device_ask_for_the_newer_keys(
    force: SmallForce, client: SyncClient
) -> None:
    """Keys change while handhelds lie in drawers."""
    force.receipts = signer_number(22)
    force.number = 2
    force.publish()
    body = sealed(force, record=RECORD)

    client.submit(body, record=RECORD, rev=1, session=a_session())

    assert client.known_keys.number == 2
    assert client.directory == force.directory


@pytest.mark.parametrize("forged", ["older", "another root", "no directory"])
def test_keys_are_the_roots_own_and_never_older(force: SmallForce, forged: str) -> None:
    """A revoked key must not come back by replaying the directory in which it stood."""
    old = force.directory
    force.number = 4
    force.publish()
    with closing(client_of(force)) as client:
        force.directory = {
            "older": old,
            "another root": SmallForce(root=signer_number(66), number=9).directory,
            "no directory": b"{}",
        }[forged]

        with pytest.raises(NotOurServer):
            client.keys()

        assert client.known_keys.number == 4


def test_hello_tells_the_time_and_what_is_spoken(force: SmallForce) -> None:
    """The device learns how far off its clock is, and stamps what follows with it."""
    force.ahead = timedelta(minutes=4)
    clock = ServerClock()

    with closing(client_of(force, clock=clock)) as client:
        hello = client.hello()

    assert (hello.api, hello.directory_number) == ((1,), 1)
    assert clock.confidence is Confidence.ESTIMATED
    assert abs(clock.offset_ms - 240_000) < 1_000


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=3650)])
def test_a_wrong_clock_costs_one_repeat(force: SmallForce, ahead: timedelta) -> None:
    """The server says what time it is; the device signs again by that, and from then on at once."""
    force.ahead = ahead
    clock = ServerClock()

    with closing(client_of(force, clock=clock)) as client:
        client.submit(sealed(force, record=RECORD), record=RECORD, rev=1, session=a_session())
        client.submit(sealed(force, record=RECORD, rev=2), record=RECORD, rev=2, session=a_session())

    assert force.asked.count("POST /v1/submissions") == 3
    assert abs(clock.offset_ms / 1000 - ahead.total_seconds()) < 2


def test_a_clock_that_cannot_be_agreed_on_is_tried_later(weird: Weird, client: SyncClient) -> None:
    """Once more, and not for ever."""
    weird.answer = refusal(401, "clock_skew", time="2026-03-14T18:00:00Z")

    with pytest.raises(ClockSkew) as skew:
        submit(client)

    assert skew.value.server_time == NOW
    assert len(weird.asked) == 2


def test_a_sign_in_page_does_not_tell_the_time(weird: Weird, force: SmallForce) -> None:
    """Else whoever runs a Wi-Fi could date an officer's evidence."""
    clock = ServerClock()
    weird.answer = portal_page(200, Date="Mon, 01 Jan 2035 00:00:00 GMT")

    with closing(client_of(force, clock=clock)) as client, pytest.raises(NotOurServer):
        submit(client)

    assert clock.confidence is Confidence.DEVICE


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (json_answer({"code": "busy", "says": "Busy."}, 503, Retry_After="120"), 120.0),
        (json_answer({"code": "busy", "says": "Busy."}, 503, Retry_After="99999999"), LONGEST_ASKED),
        (portal_page(503, Retry_After="99999999"), LONGEST_ASKED_BY_OTHERS),
        (portal_page(503, Retry_After="soon"), None),
        (portal_page(503), None),
    ],
)
def test_the_server_may_ask_for_patience_and_others_for_little(
    weird: Weird, client: SyncClient, answer: Response, seconds: float | None
) -> None:
    """A Wi-Fi's page must not keep a child's record back for a week."""
    weird.answer = answer

    with pytest.raises(TryLater) as later:
        submit(client)

    assert later.value.retry_after == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 30 ", 30.0),
        ("Sat, 14 Mar 2026 18:01:00 GMT", 60.0),
        ("Sat, 14 Mar 2026 17:00:00 GMT", 0.0),
        ("-5", None),
        ("1e9", None),
        ("", None),
    ],
)
def test_patience_is_asked_for_in_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    """Both are allowed, and nothing else is guessed at."""
    assert retry_after(header, now=NOW) == seconds


def test_a_refusal_says_why_in_the_servers_words(weird: Weird, client: SyncClient) -> None:
    """The officer has to see what a person must look at."""
    weird.answer = refusal(409, "rev_conflict", head_rev=3, codes=["R-12", 7])

    with pytest.raises(Refused) as refused:
        submit(client)

    assert (refused.value.code, refused.value.head_rev, refused.value.rules) == (
        "rev_conflict",
        3,
        ("R-12", ""),
    )
    assert refused.value.says == "In plain words."


def test_a_device_that_is_not_enrolled_signs_nothing() -> None:
    """There is no name to sign with, and nobody to believe."""
    client = SyncClient(open_http("http://127.0.0.1:9", app_version="0.1.0"), clock=ServerClock())

    questions: list[Callable[[], object]] = [client.begin_sign_in, client.keys, lambda: submit(client)]
    for question in questions:
        with pytest.raises(NotEnrolledHere):
            question()
    client.close()


def test_signing_out_and_reporting_need_no_answer(force: SmallForce, client: SyncClient) -> None:
    """Our server says yes with nothing more."""
    client.status({"queued": 0})
    client.sign_out(a_session())

    assert force.reports == [{"queued": 0}]


def test_no_error_holds_what_came_over_the_line(weird: Weird, client: SyncClient) -> None:
    """Errors are logged; an address, a token or a page could stand in what somebody answered."""
    weird.answer = ours(b'{"code": "<script>", "says": "' + b"x" * 5000 + b'"}', 422)

    with pytest.raises(Refused) as refused:
        submit(client)

    assert refused.value.code == ""
    assert len(refused.value.says) == 300


def test_a_date_of_the_future_of_the_session_is_the_servers(force: SmallForce) -> None:
    """When a token ends is counted by the server's clock, whatever the device's says."""
    force.ahead = timedelta(hours=5)
    force.browser_done = True

    with closing(client_of(force)) as client:
        session = client.poll_sign_in(client.begin_sign_in())

    assert session is not None
    ends = session.expires_at - datetime.now(UTC)
    assert timedelta(hours=5, minutes=14) < ends < timedelta(hours=5, minutes=16)
