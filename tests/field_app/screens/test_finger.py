"""A finger or face in place of the PIN: on the page "This phone", and on the lock screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.ui import comfort_words, finger_words, screen_words
from field_app.ui.places import At
from field_app.vault.attempts import FREE_TRIES, MOST_TRIES
from tests.support.fingers import HOURS, FingerStorage, asking
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import Screens, journey
from tests.support.standing import MORE_STATES, standing_at
from tests.support.vaults import PIN

Phone = tuple[OnShift, FingerStorage]
WRONG_PIN = "917364"


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    """An officer on shift whose force allows it, with a phone that can."""
    storage = FingerStorage()
    with an_offline_shift(tmp_path) as officer:
        allow(officer, HOURS)
        officer.secrets.asking = asking(storage)
        officer.handset.lock()
        officer.opens_again()
        yield officer, storage


def allow(officer: OnShift, hours: int) -> None:
    """The force has decided so."""
    officer.handset._keep(replace(officer.handset._here, policy={"finger_unlock_hours": hours}))


async def type_pin(app: Screens, pin: str) -> None:
    """On the pad."""
    for digit in pin:
        await app.tap(f"digit.{digit}")


async def turn_on(app: Screens, pin: str = PIN) -> None:
    """From off."""
    await app.tap("finger.on")
    await type_pin(app, pin)
    await app.tap("finger.confirm")


# -- on the page "This phone" ------------------------------------------------------------------------
@pytest.mark.parametrize(("hours", "can"), [(0, True), (HOURS, False)])
def test_without_the_forces_leave_or_a_phone_that_can_nothing_of_it_shows(
    phone: Phone, hours: int, can: bool
) -> None:
    """Neither on the page nor on the lock screen."""
    officer, storage = phone
    allow(officer, hours)
    officer.secrets.asking = asking(storage) if can else None

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            assert app.says(comfort_words.LETTERS)
            assert not app.says(finger_words.TITLE)
            assert not app.has("finger.on")
        async with standing_at(At.LOCK, officer) as (app, _):
            assert app.has("unlock")
            assert not app.has("unlock.finger")

    journey(walk)


def test_the_page_says_who_else_could_open_it_and_when_the_pin_is_asked_again(phone: Phone) -> None:
    """Before it is turned on, in plain words."""
    officer, _ = phone

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            for said in (finger_words.OFF, finger_words.OTHERS, finger_words.pin_again(HOURS)):
                assert app.says(said), said
            assert not app.has("digit.1")

    journey(walk)
    assert "set up on this phone can then open your work" in finger_words.OTHERS
    assert "8 hours after" in finger_words.pin_again(HOURS)
    assert "1 hour after" in finger_words.pin_again(1)


def test_an_officer_turns_it_on_with_the_pin_opens_with_it_and_turns_it_off(phone: Phone) -> None:
    """The whole way, and nothing is left in the end."""
    officer, storage = phone

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            await turn_on(app)
            assert app.says(finger_words.ON)
            assert not app.has("digit.1")
            await app.tap("done")
            await app.tap("lock")
            assert app.has("unlock")
            await app.tap("unlock.finger")
            assert officer.handset.shift is not None
            assert storage.asked == 1
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            await app.tap("finger.off")
            assert app.says(finger_words.OFF)
            await app.tap("done")
            await app.tap("lock")
            assert app.has("unlock")
            assert not app.has("unlock.finger")

    journey(walk)
    assert storage.kept == {}


def test_it_is_not_turned_on_without_a_pin_or_with_a_wrong_one(phone: Phone) -> None:
    """A wrong one counts, as it does everywhere; whoever thinks better of it leaves it off."""
    officer, storage = phone

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            await app.tap("finger.on")
            await app.tap("finger.confirm")
            assert app.says(screen_words.PIN_FIRST)
            await type_pin(app, WRONG_PIN)
            await app.tap("finger.confirm")
            assert app.says(f"{MOST_TRIES - 1} tries are left")
            await app.tap("finger.leave_off")
            assert app.has("finger.on")
            assert app.says(finger_words.OFF)

    journey(walk)
    assert storage.kept == {}


def test_ten_wrong_pins_lock_it_there_as_on_the_lock_screen(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has found it lying open."""
    officer, storage = phone
    monkeypatch.setattr("field_app.vault.attempts.PAUSES", (0.0,) * (MOST_TRIES - FREE_TRIES))

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer) as (app, _):
            await app.tap("finger.on")
            for _ in range(MOST_TRIES):
                await type_pin(app, WRONG_PIN)
                await app.tap("finger.confirm")
            assert officer.handset.shift is None
            assert app.has("unlock")

    journey(walk)
    assert storage.kept == {}


# -- on the lock screen ------------------------------------------------------------------------------
def test_a_finger_that_is_refused_leaves_the_pad_and_the_pin_opens(phone: Phone) -> None:
    """With what happened, and that no try was counted."""
    officer, storage = phone
    officer.shift.door.turn_on(PIN)
    officer.handset.lock()
    storage.refuses = True

    async def walk() -> None:
        async with standing_at(At.LOCK, officer) as (app, _):
            await app.tap("unlock.finger")
            assert app.says("This did not count as a try")
            assert app.has("unlock.finger")
            await type_pin(app, PIN)
            await app.tap("unlock")
            assert officer.handset.shift is not None

    journey(walk)


def test_once_other_fingers_were_set_up_only_the_pad_is_left(phone: Phone) -> None:
    """And its officer reads why."""
    officer, storage = phone
    officer.shift.door.turn_on(PIN)
    officer.handset.lock()

    async def walk() -> None:
        async with standing_at(At.LOCK, officer) as (app, _):
            storage.other_fingers()
            await app.tap("unlock.finger")
            assert app.says("what is set up on this device was changed")
            assert not app.has("unlock.finger")
            assert app.has("digit.1")

    journey(walk)


def test_where_the_hours_are_over_the_pad_says_that_the_pin_comes_first(phone: Phone) -> None:
    """After it the finger opens again."""
    officer, _ = phone
    officer.shift.door.turn_on(PIN)
    officer.shift.door.put_away()
    officer.handset.lock()

    async def walk() -> None:
        async with standing_at(At.LOCK, officer) as (app, _):
            assert app.says(finger_words.PIN_FIRST)
            assert not app.has("unlock.finger")
            await type_pin(app, PIN)
            await app.tap("unlock")
            await app.tap("lock")
            assert app.has("unlock.finger")

    journey(walk)


def test_a_stopped_handheld_shows_that_and_no_finger(phone: Phone) -> None:
    """The same screen as for a PIN."""
    officer, storage = phone
    officer.shift.door.turn_on(PIN)
    officer.handset.lock()
    at, stand = MORE_STATES["closed-stopped"]

    async def walk() -> None:
        async with standing_at(at, officer, state=stand) as (app, _):
            assert not app.has("unlock.finger")

    journey(walk)
    assert storage.asked == 0
