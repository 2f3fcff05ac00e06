"""Whatever stops an unlock, a change of keys or a lock half way, no key stays in memory for it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from field_app.store.drafts import DraftStore
from field_app.vault.attempts import MOST_TRIES
from field_app.vault.errors import (
    HeaderRefused,
    PinFirst,
    SecretsNotKept,
    SecretsUnreadable,
    VaultLocked,
    WaitFirst,
    WrongPin,
)
from field_app.vault.generations import Keys
from field_app.vault.hardware import Hardware, KeyStoreEntries
from field_app.vault.keys import KEY_BYTES, moved
from field_app.vault.row_seal import VaultSeal
from field_app.vault.vaults import Vaults
from tests.support.fingers import FingerStorage, asking
from tests.support.vaults import PIN, MemorySecrets, SetClock, file_of, locked_vault, new_vault, vaults_in

OTHER_PIN = "710583"


@dataclass
class Refusing(MemorySecrets):
    """A key store that takes no change of one entry, and gives it to nobody."""

    refused: str = ""

    def get(self, name: str) -> str | None:
        """What is kept, of every other entry."""
        if self.refused and name.endswith(self.refused):
            raise SecretsUnreadable
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep it, of every other entry."""
        if self.refused and name.endswith(self.refused):
            raise SecretsNotKept
        super().set(name, value)

    def remove(self, name: str) -> None:
        """Remove it, of every other entry."""
        if self.refused and name.endswith(self.refused):
            raise SecretsUnreadable
        super().remove(name)


@pytest.fixture
def secrets() -> Refusing:
    """The device's key store, which answers so far."""
    return Refusing()


@pytest.fixture
def clock() -> SetClock:
    """The device's clocks."""
    return SetClock()


@pytest.fixture
def vaults(tmp_path: Path, secrets: Refusing, clock: SetClock) -> Iterator[Vaults]:
    """A device with no vault yet."""
    with vaults_in(tmp_path, secrets=secrets, clock=clock) as found:
        yield found
        secrets.refused = ""


@pytest.fixture
def in_hand(monkeypatch: pytest.MonkeyPatch) -> list[bytes | bytearray]:
    """Every secret of the key store and every key of a vault that is taken in hand from now on."""
    found: list[bytes | bytearray] = []
    make_hardware, make_seal = Hardware.__init__, VaultSeal.__init__

    def hardware(self: Hardware, gen: int, secret: bytes, header: str) -> None:
        make_hardware(self, gen, secret, header)
        found.append(secret)

    def seal(self: VaultSeal, *, vault: bytes, vault_key: bytearray, epoch_key: bytearray) -> None:
        make_seal(self, vault=vault, vault_key=vault_key, epoch_key=epoch_key)
        found.extend((vault_key, epoch_key))

    monkeypatch.setattr(Hardware, "__init__", hardware)
    monkeypatch.setattr(VaultSeal, "__init__", seal)
    return found


def left_of(in_hand: list[bytes | bytearray]) -> int:
    """How many of them can still be read; at least one was taken in hand."""
    assert in_hand
    return sum(any(secret) for secret in in_hand)


def test_a_try_that_does_not_count_or_is_the_last_leaves_no_secret(
    vaults: Vaults, clock: SetClock, in_hand: list[bytes | bytearray]
) -> None:
    """The key store has given it before it is known that it is too early, wrong, or one too many."""
    vault_id = locked_vault(vaults)
    for _ in range(MOST_TRIES):
        with pytest.raises((WrongPin, VaultLocked)):
            vaults.unlock(vault_id, OTHER_PIN)
        if vaults.tries(vault_id).wait:
            with pytest.raises(WaitFirst):
                vaults.unlock(vault_id, PIN)
        clock.pass_(4000)
    assert left_of(in_hand) == 0


def test_a_header_that_is_refused_leaves_no_secret(
    vaults: Vaults, tmp_path: Path, in_hand: list[bytes | bytearray]
) -> None:
    """An older copy from before a change of keys: the secret of today was read for nothing."""
    vault_id = locked_vault(vaults)
    older = file_of(tmp_path, vault_id).read_bytes()
    vaults.change_pin(vault_id, PIN, OTHER_PIN)
    file_of(tmp_path, vault_id).write_bytes(older)
    with pytest.raises(HeaderRefused):
        vaults.unlock(vault_id, PIN)
    assert left_of(in_hand) == 0


def test_both_secrets_of_a_change_that_was_cut_short_are_let_go(
    vaults: Vaults, tmp_path: Path, secrets: Refusing, in_hand: list[bytes | bytearray]
) -> None:
    """The next one lies beside the present one; whichever counts, the other is overwritten as well."""
    vault_id = locked_vault(vaults)
    KeyStoreEntries(secrets, vault_id).propose(Hardware(2, os.urandom(KEY_BYTES), "0" * 64))
    in_hand.clear()
    vaults.confirm(vault_id, PIN)
    assert left_of(in_hand) == 0


@pytest.mark.parametrize("refused", [".secret.next", ".secret"])
def test_a_change_of_keys_that_the_key_store_refuses_leaves_no_key(
    vaults: Vaults, secrets: Refusing, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    """Neither of the next generation nor, once locked, of the present one; and the vault opens again."""
    vault_id, made = locked_vault(vaults), []
    in_hand: list[bytes | bytearray] = []

    def fresh() -> Keys:
        keys = Keys(moved(os.urandom(KEY_BYTES)), moved(os.urandom(KEY_BYTES)))
        made.append(keys)
        in_hand.extend((keys.vault, keys.epoch))
        secrets.refused = refused
        return keys

    monkeypatch.setattr(Keys, "fresh", fresh)
    with pytest.raises((SecretsNotKept, SecretsUnreadable)):
        vaults.change_pin(vault_id, PIN, OTHER_PIN)
    assert left_of(in_hand) == 0
    secrets.refused = ""
    vaults.unlock(vault_id, PIN if refused == ".secret.next" else OTHER_PIN).lock()


@pytest.mark.parametrize("mute", [".accepted", ".older", ".seen"])
def test_a_key_store_that_fails_at_the_end_of_an_unlock_leaves_no_key(
    vaults: Vaults, secrets: Refusing, in_hand: list[bytes | bytearray], mute: str
) -> None:
    """It is refused in words, or opens because nothing hangs on that entry; then the lock leaves none."""
    vault_id = locked_vault(vaults)
    secrets.refused = mute
    try:
        opened = vaults.unlock(vault_id, PIN)
    except SecretsUnreadable:
        assert mute != ".older"
    else:
        opened.lock()
    assert left_of(in_hand) == 0
    secrets.refused = ""
    vaults.unlock(vault_id, PIN).lock()


def test_one_vault_that_cannot_be_closed_keeps_none_of_the_others_open(
    tmp_path: Path, in_hand: list[bytes | bytearray]
) -> None:
    """The first file does not close, on the thread that asks; still the keys of both are overwritten."""
    vaults = vaults_in(tmp_path)
    opened = [new_vault(vaults, officer=f"officer-{number}") for number in (1, 2)]
    with ThreadPoolExecutor(1) as somebody_else, pytest.raises(sqlite3.ProgrammingError):
        somebody_else.submit(vaults.close).result()
    assert left_of(in_hand) == 0
    assert all(one.locked for one in opened)
    for one in opened:
        one.db.rows.connection.close()
    vaults_in(tmp_path).close()


@pytest.mark.parametrize("ends", ["opened", "other fingers", "older copy"])
def test_opening_with_a_finger_leaves_no_key_once_it_is_locked_or_refused(
    vaults: Vaults, secrets: Refusing, tmp_path: Path, in_hand: list[bytes | bytearray], ends: str
) -> None:
    """Whether it opened, the finger was not the one, or its keys were found to open an older copy."""
    secrets.asking = asking(FingerStorage())
    vaults.allow(6, 6, 8)
    vault_id = locked_vault(vaults)
    older = file_of(tmp_path, vault_id).read_bytes()
    with vaults.unlock(vault_id, PIN) as opened:
        vaults.turn_finger_on(vault_id, PIN)
        DraftStore(opened.db).save({"id": "b"})
    released = vaults.finger(vault_id).ask()
    if ends == "opened":
        vaults.unlock_by_finger(vault_id, released).lock()
    elif ends == "older copy":
        file_of(tmp_path, vault_id).write_bytes(older)
    if ends != "opened":
        with pytest.raises(PinFirst):
            vaults.unlock_by_finger(vault_id, "00" * KEY_BYTES if ends == "other fingers" else released)
    assert left_of(in_hand) == 0
