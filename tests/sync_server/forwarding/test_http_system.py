"""A system behind HTTPS: what it answers decides, and what it does not answer is tried again."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync_server.context import Context
from sync_server.db.owed import Owed, delivery
from sync_server.forwarding import claiming, outbox, standing
from sync_server.forwarding.http_system import HttpSystem
from sync_server.forwarding.postman import Postman, deliver_due
from sync_server.forwarding.standing import TargetOverview
from sync_server.forwarding.systems import Never, NotNow
from sync_server.intake import take_in
from sync_server.settings import Endpoint
from tests.support.builders import FORCE, a_return, next_revision
from tests.support.other_system import Authority, OtherSystem
from tests.support.server_data import Clock, Handheld, rows

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 3, 14, 21, 4, tzinfo=UTC)
ONCE = "r-1-force_records"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """One certificate for all of these tests."""
    made = Authority.made(tmp_path_factory.mktemp("authority"))
    return made.file, made.vouches_for()


@pytest.fixture
def system(authority: tuple[Path, ssl.SSLContext]) -> Iterator[OtherSystem]:
    """A system that takes what it is given."""
    file, tls = authority
    with OtherSystem(tls, file) as running:
        yield running


def deliver(endpoint: Endpoint, content: Mapping[str, object] | None = None) -> None:
    """One delivery over a connection of its own."""
    connector = HttpSystem(endpoint, lambda: NOW)
    try:
        connector.deliver(content or {"words": "Kit, aged 12"}, once=ONCE)
    finally:
        connector.close()


def test_a_delivery_is_json_with_a_key_and_a_token(system: OtherSystem, tmp_path: Path) -> None:
    """The other side knows who speaks, and which repeats are the same."""
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text("drama-token\n")

    deliver(system.endpoint(token_file=token))

    [asked] = system.asked
    assert system.delivered == {ONCE: {"words": "Kit, aged 12"}}
    assert asked["content-type"] == "application/json"
    assert asked["authorization"] == "Bearer drama-token"


def test_a_repeat_that_the_other_side_recognises_is_delivered(system: OtherSystem) -> None:
    """It has it already and says so with our own key: nothing is left to do."""
    system.answers_with, system.headers = 409, {"Idempotency-Key": ONCE}

    deliver(system.endpoint())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_a_refusal_needs_a_person(system: OtherSystem, status: int) -> None:
    """Sending it again would change nothing; a conflict that names no key of ours is such a one."""
    system.answers_with = status

    with pytest.raises(Never, match=f"^it answered {status}$"):
        deliver(system.endpoint())


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_system_is_tried_again(system: OtherSystem, status: int) -> None:
    """It may well take it in a minute."""
    system.answers_with = status

    with pytest.raises(NotNow, match=f"^it answered {status}$"):
        deliver(system.endpoint())


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Sat, 14 Mar 2026 21:09:00 GMT", 300),
        ("Sat, 14 Mar 2026 20:00:00 GMT", 0),
        ("99999999999", 0),
        ("999999", 86400),
        ("soon", 0),
        pytest.param("Sat, 14 Mar 2026 21:09:00 +99999999999999999", 0, id="a zone like no other"),
        pytest.param("Sat, 14 Mar 99999999999999999999 21:09:00 GMT", 0, id="a year like no other"),
    ],
)
def test_a_system_that_says_when_is_left_alone_until_then(
    system: OtherSystem, said: str, seconds: int
) -> None:
    """In seconds or as a time of day, a day at most; nonsense is no wish."""
    system.answers_with, system.headers = 503, {"Retry-After": said}

    with pytest.raises(NotNow) as refused:
        deliver(system.endpoint())

    assert refused.value.after == timedelta(seconds=seconds)


def test_a_redirect_is_not_followed(system: OtherSystem, authority: tuple[Path, ssl.SSLContext]) -> None:
    """A child's record goes where the force said, and nowhere that an answer says."""
    file, tls = authority
    with OtherSystem(tls, file) as elsewhere:
        system.answers_with, system.headers = 307, {"Location": elsewhere.url}

        with pytest.raises(NotNow, match="it answered 307"):
            deliver(system.endpoint())

        assert elsewhere.asked == []


def test_a_certificate_that_nobody_vouched_for_is_refused(system: OtherSystem, tmp_path: Path) -> None:
    """Somebody else answers at the address: they get nothing, and the reason says what is wrong."""
    stranger = Authority.made(tmp_path, "Another Authority")

    with pytest.raises(NotNow, match="its certificate is not trusted"):
        deliver(system.endpoint(ca_file=stranger.file))

    assert system.asked == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    """Vouched for, but not for this address."""
    authority = Authority.made(tmp_path)
    with (
        OtherSystem(authority.vouches_for("192.0.2.7"), authority.file) as system,
        pytest.raises(NotNow, match=r"not trusted.*127\.0\.0\.1"),
    ):
        deliver(system.endpoint())


def test_an_answer_that_never_comes_is_a_not_now(system: OtherSystem) -> None:
    """It may have it or not; the repeat carries the same key."""
    system.waits.clear()

    with pytest.raises(NotNow, match=r"no answer within 0\.1 s"):
        deliver(system.endpoint(timeout_s=0.1))


def test_words_of_the_other_side_are_never_repeated(system: OtherSystem) -> None:
    """Its refusal may quote the record, and our reasons are logged and shown."""
    system.answers_with, system.says = 422, b"Kit, aged 12, was seen at the harbour" * 10_000

    with pytest.raises(Never) as refused:
        deliver(system.endpoint())

    assert "Kit" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"token_file": "open"}, "can be read by others"),
        ({"token_file": "missing"}, "token's file cannot be read"),
        ({"ca_file": "missing"}, "authority's file cannot be read"),
    ],
)
def test_a_file_that_is_wrong_shows_as_the_deliverys_trouble(
    system: OtherSystem, tmp_path: Path, changes: Mapping[str, str], says: str
) -> None:
    """Whoever looks at the deliveries sees what to mend; once it is mended they go by themselves."""
    (tmp_path / "open").write_text("drama-token")
    (tmp_path / "open").chmod(0o644)

    with pytest.raises(NotNow, match=says):
        deliver(system.endpoint(**{name: tmp_path / file for name, file in changes.items()}))

    assert system.asked == []


def test_an_hours_outage_shows_and_heals_by_itself(
    context: Context, handheld: Handheld, clock: Clock, system: OtherSystem
) -> None:
    """Nobody has to press anything: it stands in the overview, and afterwards everything is there once."""
    told = _told(context, system)
    system.down()
    record = str(a_return().header.record)
    take_in(told, handheld.seal(a_return()), sender=handheld.sender)

    for _ in range(60):
        deliver_due(told, chance=lambda: 0.5)
        clock.at += timedelta(minutes=1)
    [of] = _overview(told)
    assert (of.counts, of.last_error) == ({Owed.DUE: 1}, "it cannot be reached")
    assert of.waits_since == NOW
    assert of.next_try is not None
    system.up()
    _until(lambda: deliver_due(told).delivered == 1, clock)

    assert list(system.delivered) == [f"{record}-1-force_records"]
    [of] = _overview(told)
    assert (of.counts, of.last_error, of.next_try) == ({Owed.DELIVERED: 1}, "", None)


def test_a_cut_in_the_answer_delivers_it_once(
    context: Context, handheld: Handheld, clock: Clock, system: OtherSystem
) -> None:
    """The other side has it and we do not know: the repeat carries the same key, and is filed once."""
    told = _told(context, system)
    system.cut = True
    take_in(told, handheld.seal(a_return()), sender=handheld.sender)

    assert deliver_due(told).put_off == 1
    system.cut, system.answers_with = False, 200
    clock.at += claiming.LONGEST_WAIT
    assert deliver_due(told).delivered == 1

    keys = {asked["idempotency-key"] for asked in system.asked}
    assert (len(system.asked), len(keys), len(system.delivered)) == (2, 1, 1)


def test_a_wrong_certificate_shows_and_delivers_nothing(
    context: Context, handheld: Handheld, system: OtherSystem, tmp_path: Path
) -> None:
    """Whoever looks reads why, in words that say what to do."""
    stranger = Authority.made(tmp_path / "other", "Another Authority")
    told = _told(context, system, ca_file=stranger.file)
    take_in(told, handheld.seal(a_return()), sender=handheld.sender)

    deliver_due(told)

    [of] = _overview(told)
    assert of.last_error.startswith("its certificate is not trusted")
    assert of.in_trouble
    assert system.asked == []


def test_a_refusal_is_logged_by_its_status_alone(
    context: Context, handheld: Handheld, system: OtherSystem, caplog: pytest.LogCaptureFixture
) -> None:
    """A dead letter with its status, and no word of what was in it."""
    told = _told(context, system)
    system.answers_with, system.says = 422, b'{"error": "Kit is not a valid name"}'
    take_in(told, handheld.seal(a_return()), sender=handheld.sender)

    with caplog.at_level(logging.DEBUG):
        assert deliver_due(told).dead == 1

    [of] = _overview(told)
    assert (of.counts, of.last_error) == ({Owed.DEAD: 1}, "it answered 422")
    assert "Kit" not in caplog.text


def test_a_slow_system_holds_up_nobody_else(
    context: Context, handheld: Handheld, system: OtherSystem
) -> None:
    """The council's notice must not wait until the force's own system has woken up."""
    told = _told(context, system)
    council = told.settings.drop / "local_authority"
    system.waits.clear()
    postman = Postman(told)
    take_in(told, handheld.seal(a_return()), sender=handheld.sender)

    postman.start()
    _until(lambda: list(council.rglob("*.json")) != [])
    held_up = [row["state"] for row in rows(told, delivery) if row["target"] == "force_records"]
    system.waits.set()
    _until(lambda: system.delivered != {})
    postman.stop()

    assert held_up == ["leased"]
    assert {row["state"] for row in rows(told, delivery)} == {"delivered"}


def test_what_was_taken_for_a_system_that_is_down_goes_back_untried(
    context: Context, handheld: Handheld, system: OtherSystem
) -> None:
    """Three wait for it: one finds out that it is down, and the others keep their twenty tries."""
    told = _told(context, system)
    system.down()
    newest = a_return()
    for _ in range(3):
        take_in(told, handheld.seal(newest), sender=handheld.sender)
        newest = next_revision(newest, {})

    deliver_due(told)

    owed = [row for row in rows(told, delivery) if row["target"] == outbox.FORCE_RECORDS]
    assert [(row["state"], row["tries"]) for row in owed] == [("due", 1), ("due", 0), ("due", 0)]
    assert len(system.asked) == 0


def _told(context: Context, system: OtherSystem, **changes: Path) -> Context:
    """The same server, told where the force's own system is."""
    targets = {FORCE: {"force_records": system.endpoint(**changes)}}
    return replace(context, settings=replace(context.settings, targets=targets))


def _overview(context: Context) -> list[TargetOverview]:
    with context.store.read() as connection:
        found = standing.overview(connection, FORCE)
    return [one for one in found if one.target == outbox.FORCE_RECORDS]


def _until(done: Callable[[], bool], clock: Clock | None = None) -> None:
    for _ in range(1000):
        if done():
            return
        if clock:
            clock.at += timedelta(minutes=1)
        else:
            threading.Event().wait(0.01)
    raise AssertionError("it did not happen")
