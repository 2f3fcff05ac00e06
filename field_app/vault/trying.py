"""One try at a PIN: counted before it is made; where it fails, all that was in hand is overwritten."""

from __future__ import annotations

from typing import NoReturn

from field_app.vault.attempts import Attempts
from field_app.vault.errors import VaultLocked, WrongPin
from field_app.vault.generations import Keys, Stretched, keys_of
from field_app.vault.hardware import Hardware, KeyStoreEntries
from field_app.vault.header import Header


def try_pin(
    pin: str, header: Header, hardware: Hardware, *, attempts: Attempts, entries: KeyStoreEntries, what: str
) -> tuple[Stretched, Keys]:
    """What a PIN opens; both are the caller's to scrub, and ``hardware`` is scrubbed here.

    ``what`` the PIN is called. Raises WrongPin, WaitFirst, VaultLocked, or what the key store raises.
    """
    in_hand: list[Stretched | Keys] = []
    try:
        _may_try(attempts, entries)
        attempts.count()  # before the PIN is tried: pulling the battery gives no try back
        in_hand.append(stretched := Stretched.from_pin(pin, header.stretching, header.salt))
        keys = keys_of(header, hardware, stretched)
        if keys is None:
            _refuse(attempts, entries, what)
        in_hand.append(keys)
        attempts.clear()
    except BaseException:
        for one in in_hand:
            one.scrub()
        raise
    finally:
        hardware.scrub()
    return stretched, keys


def _may_try(attempts: Attempts, entries: KeyStoreEntries) -> None:
    if attempts.standing().locked:
        entries.erase_secret()  # the battery may have been pulled just before it was
        raise VaultLocked


def _refuse(attempts: Attempts, entries: KeyStoreEntries, what: str) -> NoReturn:
    now = attempts.standing()
    if now.locked:
        entries.erase_secret()
        raise VaultLocked
    raise WrongPin(tries_left=now.left, wait=now.wait, what=what)
