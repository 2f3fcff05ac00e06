"""How long ago the force was heard, although whoever holds the handheld sets its clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from field_app.handset.access import Access, Closed
from field_app.handset.contact import CONTACT
from field_app.handset.policy import Policy
from field_app.vault.secrets import DemoSecretStore
from tests.support.vaults import MemorySecrets, SetClock

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EVENING = NOW + timedelta(hours=1)
"""What a thief sets the clock to, before every start."""


def closed(access: Access, now: datetime) -> Closed:
    """Why this handheld opens for nobody."""
    return access.closed(Policy(), now, enrolled=True)


def heard_just_now(secrets: MemorySecrets, clock: SetClock) -> Access:
    """A handheld that has reached its force."""
    access = Access(secrets, clock)
    access.begin_anew(NOW)
    return access


def test_a_handheld_that_is_kept_running_closes_although_its_clock_is_put_back_each_day() -> None:
    """What runs since the start cannot be set; the app is looked at now and then, as its watch does."""
    clock = SetClock()
    access = heard_just_now(MemorySecrets(), clock)
    for _ in range(13 * 24):
        clock.pass_(3600)
        assert closed(access, EVENING) is Closed.NOT
    for _ in range(24):
        clock.pass_(3600)
        closed(access, EVENING)

    assert closed(access, EVENING) is Closed.SILENT


def test_what_passed_is_added_up_over_every_restart() -> None:
    """Switched off and on each morning, with the clock put back before the app is opened."""
    clock, secrets = SetClock(), MemorySecrets()
    heard_just_now(secrets, clock)
    for _ in range(28):
        clock.restart()
        closed(Access(secrets, clock), EVENING)
        clock.pass_(12 * 3600)
        last = closed(Access(secrets, clock), EVENING)

    assert last is Closed.SILENT


def test_a_restart_before_anybody_looked_counts_for_as_long_as_it_has_been_running() -> None:
    """No look fell between the start and now: the device has run since then at the least."""
    clock, secrets = SetClock(boot_now=100.0), MemorySecrets()
    heard_just_now(secrets, clock)
    clock.boot_now = 50.0

    assert Access(secrets, clock).silence(NOW) == timedelta(seconds=50)


def test_a_clock_that_was_believed_once_is_not_disbelieved_when_it_is_put_back() -> None:
    """And hearing the force puts all of it right."""
    clock, secrets = SetClock(), MemorySecrets()
    access = heard_just_now(secrets, clock)
    assert closed(access, NOW + 15 * DAY) is Closed.SILENT
    assert closed(access, EVENING) is Closed.SILENT

    access.heard(EVENING)

    assert access.silence(EVENING) == timedelta()
    clock.pass_(20 * 86400)
    access.silence(EVENING)
    access.heard(EVENING)
    assert access.silence(EVENING) == timedelta()


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "",
        "\0" * 40,
        "{}",
        "[]",
        '{"at": "2026-11-22T21:00:00Z", "latest": "2026-11-22T21:00:00Z"}',
        '{"at": "x", "latest": "2026-11-22T21:00:00Z", "passed": 0, "since_boot": 5000}',
        '{"at": "2026-11-22T21:00:00", "latest": "2026-11-22T21:00:00Z", "passed": 0, "since_boot": 5000}',
        '{"at": 4, "latest": "2026-11-22T21:00:00Z", "passed": 0, "since_boot": 5000}',
        '{"at": "2026-11-22T21:00:00Z", "latest": "2026-11-22T21:00:00Z", "passed": -1, "since_boot": 5}',
        '{"at": "2026-11-22T21:00:00Z", "latest": "2026-11-22T21:00:00Z", "passed": NaN, "since_boot": 5}',
        '{"at": "2026-11-22T21:00:00Z", "latest": "2026-11-22T21:00:00Z", "passed": 1e99, "since_boot": 5}',
    ],
)
def test_a_contact_that_is_damaged_or_half_removed_is_no_fresh_start(entry: str | None) -> None:
    """Nobody knows how long it was: it opens for nobody, says no date, and opens once the force is heard."""
    clock, secrets = SetClock(), MemorySecrets()
    access = heard_just_now(secrets, clock)
    secrets.kept.pop(CONTACT)
    if entry is not None:
        secrets.kept[CONTACT] = entry

    for _ in range(2):
        assert closed(access, EVENING) is Closed.SILENT
        assert access.closes_in(Policy(), EVENING) is None
    access.heard(EVENING)
    assert closed(access, EVENING) is Closed.NOT


def test_bytes_that_are_no_text_are_no_contact(tmp_path: Path) -> None:
    """A card that went bad gives back anything."""
    access = Access(DemoSecretStore(tmp_path), SetClock())
    access.begin_anew(NOW)
    (tmp_path / f"{CONTACT}.secret").write_bytes(b"\xff\xfe{")

    assert closed(access, NOW) is Closed.SILENT


def test_a_look_is_written_down_now_and_then_and_at_each_start() -> None:
    """Not at every look: a phone's key store is slow, and wears."""
    clock, secrets = SetClock(), MemorySecrets()
    access = heard_just_now(secrets, clock)
    secrets.writes = 0
    for _ in range(60):
        clock.pass_(60)
        access.silence(EVENING)
    assert secrets.writes == 12
    clock.restart()
    access.silence(EVENING)
    assert secrets.writes == 13


def test_a_look_that_cannot_be_written_down_closes_nothing() -> None:
    """The disk is full: the handheld opens as before, and the watch hears what the force wants."""

    class Full(MemorySecrets):
        full = False

        def set(self, name: str, value: str) -> None:
            if self.full:
                raise OSError("no room")
            super().set(name, value)

    clock, secrets = SetClock(), Full()
    access = heard_just_now(secrets, clock)
    secrets.full = True
    clock.pass_(86400)

    assert closed(access, NOW + DAY) is Closed.NOT
    assert access.silence(NOW + DAY) == DAY
    assert json.loads(secrets.kept[CONTACT])["passed"] == 0
