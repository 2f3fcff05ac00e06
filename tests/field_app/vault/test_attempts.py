"""How often a PIN may be guessed, whatever is done to the clock, the battery or the files."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.vault.attempts import PAUSES, Clock
from field_app.vault.errors import SecretsUnreadable, VaultLocked, WaitFirst, WrongPin
from field_app.vault.vaults import Vaults
from tests.support.vaults import PIN, MemorySecrets, SetClock, new_vault, vaults_in

WRONG = "710583"


@pytest.fixture
def clock() -> SetClock:
    """The device's clocks."""
    return SetClock()


@pytest.fixture
def secrets() -> MemorySecrets:
    """The device's key store."""
    return MemorySecrets()


@pytest.fixture
def vaults(tmp_path: Path, secrets: MemorySecrets, clock: SetClock) -> Iterator[Vaults]:
    """A device with one locked vault."""
    with vaults_in(tmp_path, secrets=secrets, clock=clock) as found:
        new_vault(found).lock()
        yield found


def guess(vaults: Vaults, times: int = 1) -> float:
    """Guess wrongly so often, and give how long to wait then."""
    wait = 0.0
    for _ in range(times):
        with pytest.raises(WrongPin) as refusal:
            vaults.unlock(vaults.officers()[0].vault, WRONG)
        wait = refusal.value.wait
    return wait


def test_five_guesses_are_free_and_each_after_that_has_to_wait_longer(
    vaults: Vaults, clock: SetClock
) -> None:
    """30 s, 1, 5, 15 and 60 minutes; the tenth ends it."""
    (listed,) = vaults.officers()
    assert guess(vaults, 4) == 0
    for pause in PAUSES:
        assert guess(vaults) == pause
        with pytest.raises(WaitFirst) as refusal:
            vaults.unlock(listed.vault, PIN)
        assert refusal.value.seconds == pause
        clock.pass_(pause - 1)
        with pytest.raises(WaitFirst, match="in 1 second"):
            vaults.unlock(listed.vault, PIN)
        clock.pass_(1)
    with pytest.raises(VaultLocked):
        vaults.unlock(listed.vault, WRONG)
    clock.pass_(10**6)
    with pytest.raises(VaultLocked, match="support desk"):
        vaults.unlock(listed.vault, PIN)


def test_the_tenth_wrong_guess_erases_the_secret(
    vaults: Vaults, clock: SetClock, secrets: MemorySecrets
) -> None:
    """Not a counter to be reset: without it the right PIN is worth nothing."""
    guess(vaults, 5)
    for pause in PAUSES[:-1]:
        clock.pass_(pause)
        guess(vaults)
    clock.pass_(PAUSES[-1])
    with pytest.raises(VaultLocked):
        vaults.unlock(vaults.officers()[0].vault, WRONG)
    assert [name for name in secrets.kept if "secret" in name] == []


def test_the_right_pin_starts_the_count_again(vaults: Vaults, clock: SetClock) -> None:
    """An officer with cold fingers is no thief."""
    (listed,) = vaults.officers()
    guess(vaults, 5)
    clock.pass_(30)
    vaults.unlock(listed.vault, PIN).lock()
    assert vaults.tries(listed.vault).left == 10
    assert guess(vaults, 4) == 0


def test_a_clock_put_forward_gains_nothing(vaults: Vaults, clock: SetClock) -> None:
    """The clock that runs since the start says how long it really was."""
    guess(vaults, 5)
    clock.set_wall(10**6)
    with pytest.raises(WaitFirst) as refusal:
        vaults.unlock(vaults.officers()[0].vault, PIN)
    assert refusal.value.seconds == PAUSES[0]


def test_a_clock_put_back_begins_the_pause_again(vaults: Vaults, clock: SetClock) -> None:
    """Rather once too often than never."""
    guess(vaults, 5)
    clock.pass_(29)
    clock.set_wall(-3600)
    with pytest.raises(WaitFirst) as refusal:
        vaults.unlock(vaults.officers()[0].vault, PIN)
    assert refusal.value.seconds == PAUSES[0]
    clock.pass_(PAUSES[0])
    vaults.unlock(vaults.officers()[0].vault, PIN).lock()


def test_switching_off_and_on_begins_the_pause_again(vaults: Vaults, clock: SetClock) -> None:
    """After a restart nobody can tell how long it was off."""
    guess(vaults, 5)
    clock.pass_(29)
    clock.restart()
    clock.set_wall(10**6)
    with pytest.raises(WaitFirst) as refusal:
        vaults.unlock(vaults.officers()[0].vault, PIN)
    assert refusal.value.seconds == PAUSES[0]


def test_a_guess_counts_before_it_is_made(vaults: Vaults, secrets: MemorySecrets) -> None:
    """Pulling the battery while the PIN is being tried gives nothing back."""
    vault_id = vaults.officers()[0].vault
    before = secrets.writes
    guess(vaults)
    assert secrets.writes == before + 1
    assert vaults.tries(vault_id).left == 9


def test_a_start_of_the_device_has_a_name_and_where_it_has_none_the_app_is_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The same for as long as it runs; nobody can write another."""
    assert Clock().start() == Clock().start()
    monkeypatch.setattr("field_app.vault.attempts._BOOT_ID", tmp_path / "missing")
    unnamed = Clock().start()
    assert unnamed == Clock().start()
    assert len(unnamed) == 32


@pytest.mark.parametrize("kept", [None, "", "{}", "null", '{"wrong": "x"}'])
def test_a_missing_count_is_no_fresh_start(vaults: Vaults, secrets: MemorySecrets, kept: str | None) -> None:
    """Some phones answer at random that there is nothing: nothing is tried, nothing is erased."""
    (listed,) = vaults.officers()
    name = f"vault.{listed.vault}.tries"
    good = secrets.kept.pop(name)
    if kept is not None:
        secrets.kept[name] = kept
    with pytest.raises(SecretsUnreadable, match="Nothing was erased"):
        vaults.unlock(listed.vault, PIN)
    secrets.kept[name] = good
    vaults.unlock(listed.vault, PIN).lock()


@pytest.mark.parametrize("seed", range(20))
def test_ten_guesses_are_all_anybody_gets(tmp_path: Path, seed: int) -> None:
    """With restarts, with the files put back from a copy, and with the clock moved, in any order."""
    chance, clock, secrets = random.Random(seed), SetClock(), MemorySecrets()  # noqa: S311 - repeatable
    data, copy = tmp_path / "data", tmp_path / "copy"
    vaults = vaults_in(data, secrets=secrets, clock=clock)
    new_vault(vaults).lock()
    (listed,) = vaults.officers()
    vaults.close()
    shutil.copytree(data, copy)
    guesses, locked = 0, False
    for _ in range(400):
        match chance.randrange(5):
            case 0:
                clock.restart()
            case 1:
                clock.set_wall(chance.choice((-(10**7), -3600, 3600, 10**7)))
            case 2:
                shutil.rmtree(data)
                shutil.copytree(copy, data)
            case _:
                clock.pass_(chance.choice((1, 30, 900, 3600)))
        with vaults_in(data, secrets=secrets, clock=clock) as again:
            try:
                again.unlock(listed.vault, WRONG)
            except WrongPin:
                guesses += 1
            except WaitFirst:
                continue
            except VaultLocked:
                locked = True
                break
    assert (guesses, locked) == (9, True)
    with vaults_in(data, secrets=secrets, clock=clock) as again, pytest.raises(VaultLocked):
        again.unlock(listed.vault, PIN)
