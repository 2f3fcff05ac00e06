"""A finger or face in place of the PIN: it releases a key, and for no longer than the force says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from booklets.sealing import KemKey, open_as_holder, seal_back, usable_suites
from field_app.handset.locked_vaults import forget_fingers
from field_app.store.drafts import DraftStore
from field_app.vault.attempts import FREE_TRIES, MOST_TRIES, PAUSES
from field_app.vault.errors import FingerRefused, PinFirst, VaultError, VaultLocked, WrongPin
from field_app.vault.finger import GONE, OVER
from tests.support.fingers import HOURS, FingerStorage, Phone, a_phone, asking
from tests.support.vaults import PIN, MemorySecrets, SetClock, locked_vault, vaults_in

NEW_PIN = "710583"
WRONG_PIN = "917364"


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    """On which its officer has turned it on."""
    with a_phone(tmp_path / "phone") as found:
        found.turn_on()
        yield found


# -- turned on and off -------------------------------------------------------------------------------
def test_a_finger_opens_what_the_pin_opens_and_the_pin_still_does(phone: Phone) -> None:
    """Nobody is asked for a finger before one is to open something."""
    assert phone.storage.asked == 0
    with phone.by_finger() as opened:
        assert opened.by_finger
        assert DraftStore(opened.db).get("a") == {"id": "a", "said": "Zebedee-Marker"}
    with phone.vaults.unlock(phone.vault, PIN) as opened:
        assert not opened.by_finger
    assert phone.storage.asked == 1


def test_every_opening_asks_anew(phone: Phone) -> None:
    """One finger that was shown opens the vault once."""
    for count in (1, 2, 3):
        phone.by_finger().lock()
        assert phone.storage.asked == count


def test_it_is_turned_on_with_the_pin_alone_and_a_wrong_one_counts(tmp_path: Path) -> None:
    """Who finds a phone lying open cannot put a finger to it."""
    with a_phone(tmp_path) as phone, phone.vaults.unlock(phone.vault, PIN):
        with pytest.raises(WrongPin):
            phone.vaults.turn_finger_on(phone.vault, WRONG_PIN)
        assert phone.vaults.tries(phone.vault).left == MOST_TRIES - 1
        assert (phone.is_on, phone.opens, phone.secrets.kept.get(phone.name)) == (False, False, None)
        assert phone.nothing_is_left()


def test_turned_off_nothing_of_it_is_left_and_the_next_pin_brings_nothing_back(phone: Phone) -> None:
    """Neither here nor in the platform's store."""
    phone.vaults.finger(phone.vault).forget()
    with phone.vaults.unlock(phone.vault, PIN):
        pass
    assert (phone.is_on, phone.nothing_is_left(), phone.secrets.kept.get(phone.name)) == (False, True, None)
    with pytest.raises(PinFirst):
        phone.vaults.unlock_by_finger(phone.vault, None)


@pytest.mark.parametrize("can", [True, False])
def test_without_the_forces_leave_or_a_store_that_asks_no_copy_is_made(tmp_path: Path, can: bool) -> None:
    """Force says never, or platform cannot: turning it on keeps nothing."""
    with a_phone(tmp_path, hours=0 if can else HOURS) as phone:
        phone.secrets.asking = phone.secrets.asking if can else None
        phone.turn_on()
        assert (phone.is_on, phone.opens, phone.nothing_is_left()) == (False, False, True)
        assert phone.name not in phone.secrets.kept


# -- what is released is a key -----------------------------------------------------------------------
def test_a_stolen_copy_of_everything_but_the_item_opens_nothing(phone: Phone, tmp_path: Path) -> None:
    """The folder, and the key store as well: the finger's own key is in neither."""
    stolen = tmp_path / "stolen"
    shutil.copytree(phone.folder, stolen, ignore=shutil.ignore_patterns("*.lock"))
    secrets = MemorySecrets(dict(phone.secrets.kept), asking=asking(FingerStorage()))
    with vaults_in(stolen, secrets=secrets, clock=phone.clock) as vaults:
        vaults.allow(6, 6, HOURS)
        for released in (None, "00" * 32, "", "not a key"):
            secrets.kept = dict(phone.secrets.kept)
            with pytest.raises(PinFirst):
                vaults.unlock_by_finger(phone.vault, released)


def test_what_the_finger_releases_opens_nothing_without_the_secret_of_the_key_store(phone: Phone) -> None:
    """Nor is it the vault's key, or a yes."""
    released = phone.vaults.finger(phone.vault).ask()
    secret = f"vault.{phone.vault}.secret"
    kept = json.loads(phone.secrets.kept[secret])
    phone.secrets.kept[secret] = json.dumps({**kept, "hw": "00" * 32})
    with pytest.raises(PinFirst):
        phone.vaults.unlock_by_finger(phone.vault, released)
    assert phone.nothing_is_left()


def test_another_officers_finger_opens_no_vault_but_their_own(phone: Phone) -> None:
    """Two on one phone: what one of them releases is not the other's."""
    other = locked_vault(phone.vaults, officer="officer-2", pin=NEW_PIN)
    with phone.vaults.unlock(other, NEW_PIN):
        phone.vaults.turn_finger_on(other, NEW_PIN)
    mine, theirs = (phone.vaults.finger(one).ask() for one in (phone.vault, other))
    with pytest.raises(PinFirst):
        phone.vaults.unlock_by_finger(phone.vault, theirs)
    assert mine != theirs
    phone.vaults.unlock_by_finger(other, theirs).lock()


# -- for how long ------------------------------------------------------------------------------------
def test_after_the_forces_hours_it_is_refused_and_the_next_pin_makes_it_good_again(phone: Phone) -> None:
    """In plain words; its officer need not turn it on again."""
    released = phone.vaults.finger(phone.vault).ask()
    phone.clock.pass_(HOURS * 3600 - 1)
    assert phone.opens
    phone.clock.pass_(1)
    with pytest.raises(PinFirst, match="Your PIN is wanted now"):
        phone.vaults.unlock_by_finger(phone.vault, released)
    assert (phone.is_on, phone.opens, phone.nothing_is_left()) == (True, False, True)
    phone.vaults.unlock(phone.vault, PIN).lock()
    phone.by_finger().lock()


def test_opening_by_finger_makes_the_hours_no_longer(phone: Phone) -> None:
    """They count from the PIN."""
    for _ in range(HOURS):
        phone.by_finger().lock()
        phone.clock.pass_(3600)
    assert not phone.opens


def later(clock: SetClock) -> None:
    """The hours pass, and somebody puts the time of day back by as many and a little less."""
    clock.pass_(HOURS * 3600)
    clock.set_wall(-HOURS * 3600 + 60)


def back(clock: SetClock) -> None:
    """Somebody puts the time of day back."""
    clock.set_wall(-1)


def asleep(clock: SetClock) -> None:
    """The clock since the start stood still while the device slept."""
    clock.set_wall(HOURS * 3600)


def restart_as_if_not(clock: SetClock) -> None:
    """The device is started anew, and left until it has been on as long, with its time put back."""
    since_boot = clock.boot_now
    clock.restart()
    clock.boot_now = since_boot + 5
    clock.set_wall(5)


@pytest.mark.parametrize("happens", [later, back, asleep, SetClock.restart, restart_as_if_not])
def test_neither_a_clock_nor_a_restart_makes_it_last(
    phone: Phone, happens: Callable[[SetClock], None]
) -> None:
    """Whatever would hide that time has passed ends it."""
    released = phone.vaults.finger(phone.vault).ask()
    happens(phone.clock)
    with pytest.raises(PinFirst) as refused:
        phone.vaults.unlock_by_finger(phone.vault, released)
    assert (str(refused.value), phone.nothing_is_left()) == (OVER, True)


@pytest.mark.parametrize("name", ["wall", "since_boot", "start"])
def test_when_the_pin_was_given_cannot_be_written_anew(phone: Phone, name: str) -> None:
    """It is bound to the copy: with another time the copy does not open."""
    released = phone.vaults.finger(phone.vault).ask()
    kept = json.loads(phone.secrets.kept[phone.name])
    phone.clock.pass_(HOURS * 3600)
    phone.clock.starts += name == "start"
    now = {"wall": phone.clock.wall_now, "since_boot": phone.clock.boot_now, "start": phone.clock.start()}
    phone.secrets.kept[phone.name] = json.dumps({**kept, **now})
    with pytest.raises(PinFirst) as refused:
        phone.vaults.unlock_by_finger(phone.vault, released)
    assert (str(refused.value), phone.is_on) == (GONE, False)


@pytest.mark.parametrize("what", ["", "[]", "{", '{"vk": 3, "wall": 0}', '{"vk": "00", "wall": null}'])
def test_a_damaged_copy_is_refused_and_removed_and_the_pin_opens(phone: Phone, what: str) -> None:
    """And nothing is offered on the lock screen any more."""
    phone.secrets.kept[phone.name] = what
    assert not phone.opens
    assert phone.nothing_is_left()
    with pytest.raises(PinFirst):
        phone.vaults.unlock_by_finger(phone.vault, "00" * 32)
    phone.vaults.unlock(phone.vault, PIN).lock()
    assert not phone.is_on


# -- the platform refuses ----------------------------------------------------------------------------
def test_a_finger_that_is_refused_costs_no_try_and_the_pin_opens(phone: Phone) -> None:
    """However often; the next that is known opens again."""
    phone.storage.refuses = True
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(FingerRefused, match="did not count"):
            phone.by_finger()
    assert phone.vaults.tries(phone.vault).left == MOST_TRIES
    phone.storage.refuses = False
    phone.by_finger().lock()


def test_an_answer_of_nothing_at_random_is_not_believed(phone: Phone) -> None:
    """The platform says that it is there: so nothing is removed."""
    phone.storage.says_nothing = 1
    with pytest.raises(FingerRefused) as refused:
        phone.by_finger()
    assert not isinstance(refused.value, PinFirst)
    phone.by_finger().lock()


def test_other_fingers_open_nothing_before_its_officer_has_turned_it_on_anew(phone: Phone) -> None:
    """Whoever set one up: the PIN alone does not let the new ones in."""
    phone.storage.other_fingers()
    with pytest.raises(PinFirst) as refused:
        phone.by_finger()
    assert str(refused.value) == GONE
    phone.vaults.unlock(phone.vault, PIN).lock()
    assert (phone.is_on, phone.opens) == (False, False)
    phone.turn_on()
    phone.by_finger().lock()


def test_a_platform_that_keeps_nothing_new_keeps_nobody_out(phone: Phone) -> None:
    """The PIN opens; a finger does not until the platform is well and the PIN was given again."""
    phone.storage.broken = True
    phone.vaults.unlock(phone.vault, PIN).lock()
    assert not phone.opens
    phone.storage.broken = False
    phone.vaults.unlock(phone.vault, PIN).lock()
    assert phone.opens


# -- where it is removed -----------------------------------------------------------------------------
def ten_wrong_tries(phone: Phone) -> None:
    """Somebody guesses."""
    for count in range(MOST_TRIES):
        if count >= FREE_TRIES:
            phone.clock.pass_(PAUSES[count - FREE_TRIES])
        with pytest.raises(WrongPin if count < MOST_TRIES - 1 else VaultLocked):
            phone.vaults.unlock(phone.vault, WRONG_PIN)


def another_pin(phone: Phone) -> None:
    """Its officer changes the PIN."""
    phone.vaults.change_pin(phone.vault, PIN, NEW_PIN)


def not_allowed(phone: Phone) -> None:
    """The force has thought better of it."""
    phone.vaults.allow(6, 6)
    forget_fingers(phone.vaults)


def locked_for_good(phone: Phone) -> None:
    """A wipe begins."""
    phone.vaults.lock_for_good(phone.vault)


def purged(phone: Phone) -> None:
    """A wipe ends."""
    phone.vaults.purge(phone.vault)


@pytest.mark.parametrize("happens", [ten_wrong_tries, another_pin, not_allowed, locked_for_good, purged])
def test_what_ends_the_pins_word_ends_the_fingers_for_good(
    phone: Phone, happens: Callable[[Phone], None]
) -> None:
    """Nothing is left in either store, and what was released before opens nothing."""
    released = phone.vaults.finger(phone.vault).ask()
    happens(phone)
    assert (phone.storage.kept, phone.secrets.kept.get(phone.name)) == ({}, None)
    with pytest.raises(VaultError):
        phone.vaults.unlock_by_finger(phone.vault, released)


def test_it_goes_even_where_the_platform_does_not_let_go_of_its_part(phone: Phone) -> None:
    """Of the two parts the one that is ours is gone, and one alone opens nothing."""
    released = phone.vaults.finger(phone.vault).ask()
    phone.storage.broken = True
    locked_for_good(phone)
    assert phone.storage.kept
    assert phone.name not in phone.secrets.kept
    with pytest.raises(VaultError):
        phone.vaults.unlock_by_finger(phone.vault, released)


def test_a_recovered_vault_opens_with_its_new_pin_alone(tmp_path: Path) -> None:
    """Whoever asked the force for it may be somebody else than the fingers know."""
    suite = max(usable_suites())
    recovery, device = KemKey.generate(suite), KemKey.generate(suite)
    with a_phone(tmp_path) as phone:
        phone.vaults.recoverable_by(recovery.public)
        phone.turn_on()
        header = phone.vaults.header(phone.vault)
        assert header.recovery is not None
        vault_key = open_as_holder(recovery, header.recovery.sealed, header.vault, header.officer)
        answer = seal_back(device.public, vault_key, header.vault)
        phone.vaults.recover(phone.vault, answer, key=device, pin=NEW_PIN).lock()
        assert (phone.is_on, phone.nothing_is_left()) == (False, True)


def test_new_keys_come_with_a_new_copy_and_the_old_one_opens_nothing(phone: Phone) -> None:
    """Keys change at the PIN, once something was erased; a finger changes none."""
    with phone.by_finger() as opened:
        DraftStore(opened.db).forget("a")
    before, kept = phone.vaults.header(phone.vault), dict(phone.secrets.kept)
    phone.by_finger().lock()
    assert phone.vaults.header(phone.vault).gen == before.gen
    released = phone.vaults.finger(phone.vault).ask()

    phone.vaults.unlock(phone.vault, PIN).lock()
    assert phone.vaults.header(phone.vault).gen == before.gen + 1
    phone.by_finger().lock()
    phone.secrets.kept[phone.name] = kept[phone.name]
    with pytest.raises(PinFirst):
        phone.vaults.unlock_by_finger(phone.vault, released)


def test_the_end_of_a_shift_puts_it_away_until_the_next_pin(phone: Phone) -> None:
    """Nobody has to turn it on every morning, and overnight it opens nothing."""
    phone.vaults.finger(phone.vault).put_away()
    assert (phone.is_on, phone.opens, phone.nothing_is_left()) == (True, False, True)
    phone.vaults.unlock(phone.vault, PIN).lock()
    assert phone.opens


def test_an_older_copy_that_was_put_back_opens_with_the_pin_alone(phone: Phone) -> None:
    """Its officer is told what became of it, and by no finger is anything hidden from them."""
    file = phone.folder / "vaults" / phone.vault / "vault.db"
    older = file.read_bytes()
    with phone.by_finger() as opened:
        DraftStore(opened.db).save({"id": "b"})
    file.write_bytes(older)
    with pytest.raises(PinFirst):
        phone.by_finger()
    with phone.vaults.unlock(phone.vault, PIN) as opened:
        assert opened.rolled_back is not None
