"""Opening with a finger or face, as the force, the shift and the order of the day have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from booklets.errors import NotAllowedNow
from booklets.sealing import Order, sign_order, sign_policy
from field_app.handset.access import Access, Closed, HandheldStopped, HeardTooLongAgo
from field_app.handset.device import ENROLLED
from field_app.handset.leaving import sign_out
from field_app.handset.policy import MOST_HOURS, policy_from
from field_app.vault.errors import FingerRefused, PinFirst
from tests.field_app.sync.desks import a_session
from tests.support.fingers import HOURS, FingerStorage, asking
from tests.support.handsets import OnShift, a_device
from tests.support.portals import DEVICE, FORCE
from tests.support.vaults import PIN


def decided(officer: OnShift, hours: int, number: int = 1) -> None:
    """The force has signed this policy, and the handheld hears it."""
    officer.handset.keep_policy(
        sign_policy(
            {"finger_unlock_hours": hours},
            force=FORCE,
            number=number,
            issued=datetime.now(UTC),
            root=officer.force.root,
        )
    )


@contextmanager
def on_a_phone(
    folder: Path, *, hours: int = HOURS, can: bool = True
) -> Iterator[tuple[OnShift, FingerStorage]]:
    """An officer on shift, without signal, with a phone that can ask for a finger."""
    storage = FingerStorage()
    with a_device(folder) as officer:
        officer.secrets.asking = asking(storage) if can else None
        decided(officer, hours)
        officer.handset.new_vault(a_session(), pin=PIN, display_name="PC Sample")
        yield officer, storage


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[tuple[OnShift, FingerStorage]]:
    """On which the officer has turned it on, and locked."""
    with on_a_phone(tmp_path) as (officer, storage):
        officer.shift.door.turn_on(PIN)
        officer.handset.lock()
        yield officer, storage


def vault_of(officer: OnShift) -> str:
    """The only one."""
    return officer.handset.standing().officers[0].vault


def fingers(officer: OnShift) -> list[bool]:
    """Of each vault whose officer wants it: whether a finger opens it now."""
    return list(officer.handset.standing().fingers.values())


def kept(officer: OnShift) -> str | None:
    """What the key store keeps of it."""
    return officer.secrets.kept.get(f"vault.{vault_of(officer)}.finger")


def order(officer: OnShift, command: Literal["stop", "wipe"]) -> None:
    """The force orders something, and the handheld obeys."""
    statement = sign_order(Order(command, DEVICE, 1, datetime.now(UTC)), officer.force.root)
    officer.handset.watch.obey(statement)


def on_access(officer: OnShift, change: Callable[[Access], None]) -> None:
    """Something of whether the handheld opens at all is otherwise."""
    officer.handset._keeper.call(change, officer.handset._access).result()


# -- by policy ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("hours", "can"), [(0, True), (HOURS, False)])
def test_without_the_forces_leave_or_a_phone_that_can_nothing_of_it_is_there(
    tmp_path: Path, hours: int, can: bool
) -> None:
    """Neither offered nor kept."""
    with on_a_phone(tmp_path, hours=hours, can=can) as (officer, storage):
        assert not officer.shift.door.takes_fingers
        officer.shift.door.turn_on(PIN)
        officer.handset.lock()
        assert (fingers(officer), storage.kept, kept(officer)) == ([], {}, None)
        with pytest.raises(PinFirst):
            officer.handset.unlock_by_finger(vault_of(officer))


def test_a_force_that_says_nothing_or_too_much_of_it_is_understood_safely() -> None:
    """Never, and no more than half a day."""
    assert policy_from({}).finger_hours == 0
    assert policy_from({"finger_unlock_hours": "yes"}).finger_hours == 0
    assert policy_from({"finger_unlock_hours": True}).finger_hours == 0
    assert policy_from({"finger_unlock_hours": 10**6}).finger_hours == MOST_HOURS


def test_a_force_that_thinks_better_of_it_takes_it_back_at_the_next_contact(
    phone: tuple[OnShift, FingerStorage],
) -> None:
    """What was kept is gone, so that its leave given again brings nothing back."""
    officer, storage = phone
    decided(officer, 0, number=2)
    assert (fingers(officer), storage.kept, kept(officer)) == ([], {}, None)
    decided(officer, HOURS, number=3)
    officer.opens_again()
    assert not officer.shift.door.finger_is_on


def test_an_app_that_starts_with_a_policy_of_never_takes_it_back_too(
    phone: tuple[OnShift, FingerStorage],
) -> None:
    """Whatever cut the earlier time short."""
    officer, storage = phone
    enrolled = replace(officer.handset._here, policy={})
    officer.secrets.set(ENROLLED, json.dumps(enrolled.to_json()))
    officer.handset._vaults, vaults = None, officer.handset.open_vaults()
    officer.handset._keeper.call(vaults.close).result()
    officer.handset.open()
    assert (storage.kept, kept(officer)) == ({}, None)


# -- on and off --------------------------------------------------------------------------------------
def test_an_officer_turns_it_on_with_the_pin_and_off_again(tmp_path: Path) -> None:
    """And opens with it in between."""
    with on_a_phone(tmp_path) as (officer, storage):
        door = officer.shift.door
        before = door.finger_is_on
        door.turn_on(PIN)
        assert (door.takes_fingers, before, door.finger_is_on) == (True, False, True)
        officer.handset.lock()
        assert fingers(officer) == [True]
        officer.handset.unlock_by_finger(vault_of(officer))
        assert officer.shift.door.finger_is_on
        officer.shift.door.turn_off()
        officer.handset.lock()
        assert (fingers(officer), storage.kept, kept(officer)) == ([], {}, None)


def test_a_finger_is_no_pin_where_a_decision_asks_for_one(phone: tuple[OnShift, FingerStorage]) -> None:
    """A sergeant who opened it with a finger gives the PIN before deciding."""
    officer, _ = phone
    officer.handset.unlock_by_finger(vault_of(officer))
    asked = [officer.shift.deciding.pin.is_old]
    officer.shift.deciding.pin.give(PIN)
    asked.append(officer.shift.deciding.pin.is_old)
    officer.handset.lock()
    officer.opens_again()
    assert [*asked, officer.shift.deciding.pin.is_old] == [True, False, False]


def test_the_handhelds_own_log_says_which_way_it_was_opened(phone: tuple[OnShift, FingerStorage]) -> None:
    """Each time, in the chain that the force gets."""
    officer, _ = phone
    officer.handset.unlock_by_finger(vault_of(officer))
    officer.handset.lock()
    officer.opens_again()
    waiting = officer.shift.logbook.waiting()
    assert waiting is not None
    assert [one.done.value for one in waiting.entries] == ["unlocked_by_finger", "unlocked"]


def test_the_end_of_a_shift_puts_it_away_until_the_next_pin(phone: tuple[OnShift, FingerStorage]) -> None:
    """Whether or not there was a session to end."""
    officer, storage = phone
    officer.opens_again()
    officer.shift._sessions.ended()
    officer.shift.sign_out()
    officer.handset.lock()
    assert (fingers(officer), storage.kept) == ([False], {})
    with pytest.raises(PinFirst, match="Your PIN is wanted now"):
        officer.handset.unlock_by_finger(vault_of(officer))
    officer.opens_again()
    officer.handset.lock()
    assert fingers(officer) == [True]


def test_a_shift_that_cannot_end_yet_leaves_it(phone: tuple[OnShift, FingerStorage]) -> None:
    """Something waits: nothing is changed."""
    officer, _ = phone
    put_away: list[str] = []
    with pytest.raises(NotAllowedNow, match="has not gone yet"):
        sign_out(
            officer.handset,  # type: ignore[arg-type]  # nobody is asked for a session
            lambda: True,
            officer.handset.ask_locked,
            lambda: put_away.append("x"),
        )
    assert put_away == []


# -- the handheld opens for nobody -------------------------------------------------------------------
def test_a_stopped_handheld_asks_for_no_finger_and_forgets_it(phone: tuple[OnShift, FingerStorage]) -> None:
    """Let in again, it opens with the PIN alone until its officer turns it on anew."""
    officer, storage = phone
    order(officer, "stop")
    assert officer.handset.standing().closed is Closed.STOPPED
    with pytest.raises(HandheldStopped):
        officer.handset.unlock_by_finger(vault_of(officer))
    assert (storage.asked, storage.kept, kept(officer)) == (0, {}, None)
    on_access(officer, lambda access: access.let_in())
    officer.opens_again()
    assert not officer.shift.door.finger_is_on


def test_a_wiped_handheld_keeps_nothing_of_it(phone: tuple[OnShift, FingerStorage]) -> None:
    """The keys are destroyed, the finger's among them."""
    officer, storage = phone
    order(officer, "wipe")
    assert (storage.kept, kept(officer)) == ({}, None)


def test_a_stop_that_comes_while_somebody_shows_a_finger_counts(
    phone: tuple[OnShift, FingerStorage],
) -> None:
    """It is looked at again once the finger was shown."""
    officer, storage = phone
    ask = storage.get

    async def slowly(key: str) -> str | None:
        found = await ask(key)
        order(officer, "stop")
        return found

    storage.get = slowly  # type: ignore[method-assign]
    with pytest.raises(HandheldStopped):
        officer.handset.unlock_by_finger(vault_of(officer))
    assert officer.handset.shift is None


def test_a_handheld_out_of_touch_for_too_long_asks_for_no_finger(
    phone: tuple[OnShift, FingerStorage],
) -> None:
    """As it tries no PIN."""
    officer, storage = phone
    on_access(officer, lambda access: access.begin_anew(datetime.now(UTC) - timedelta(days=15)))
    with pytest.raises(HeardTooLongAgo):
        officer.handset.unlock_by_finger(vault_of(officer))
    assert storage.asked == 0


def test_a_refused_finger_leaves_the_pad_as_it_was(phone: tuple[OnShift, FingerStorage]) -> None:
    """The PIN opens, and has all its tries."""
    officer, storage = phone
    storage.refuses = True
    with pytest.raises(FingerRefused):
        officer.handset.unlock_by_finger(vault_of(officer))
    tries = officer.handset._keeper.call(officer.handset.open_vaults().tries, vault_of(officer)).result()
    assert (tries.left, tries.wait) == (10, 0)
    officer.opens_again()
