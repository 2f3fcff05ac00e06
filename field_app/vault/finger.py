"""A finger or a face in place of the PIN, where the force allows it and the platform has an item for it.

    F (random, in an item that the platform gives to a known finger only) ─┐
    HW (in the key store) ─────────────────────────────────────────────────┴─HKDF──► key ──AES-GCM──► VK

What a finger releases is a key, never a yes. The copy of VK lies in the key store, bound to the vault, its
present keys, and when and after which start of the device the PIN was given: of F, HW, copy and file none
can be missing, and no clock that is put back makes it last. Once it is over the copy goes and its officer's
wish stays, so that the next PIN makes a new one. Where it is damaged, or other fingers were set up, the wish
goes too: somebody has to look who can open this device now.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any, Final

from field_app.vault import generations
from field_app.vault.attempts import Clock
from field_app.vault.errors import PinFirst, VaultError
from field_app.vault.generations import Keys
from field_app.vault.hardware import Hardware, forget_finger, forget_released
from field_app.vault.header import Header
from field_app.vault.keys import KEY_BYTES, key_by_finger, scrub, unwrap
from field_app.vault.row_seal import VaultSeal
from field_app.vault.secrets import SecretStore

_HOUR: Final = 3600.0
_COPY: Final = "vk"
OVER: Final = (
    "Your PIN is wanted now: it is some hours since you gave it, or the device was started anew. "
    "After that your finger or face opens it again."
)
GONE: Final = (
    "Your finger or face does not open it any more, because what is set up on this device was changed. Give "
    "your PIN. To use it again, look who is set up on this device, then turn it on anew."
)


class Finger:
    """What opens one vault without its PIN. ``hours``: how long the force lets it; 0: never."""

    def __init__(self, secrets: SecretStore, name: str, clock: Clock, hours: int) -> None:
        self._secrets, self._name, self._clock = secrets, name, clock
        self._longest = hours * _HOUR if secrets.asking is not None else 0.0

    @property
    def is_on(self) -> bool:
        """Whether its officer has turned it on. Not where nobody can say."""
        with suppress(VaultError, OSError):
            return bool(self._longest) and self._secrets.get(self._name) is not None
        return False

    def opens(self) -> bool:
        """Whether it opens the vault now. What is over is put away, and what is damaged is forgotten."""
        with suppress(VaultError, OSError):  # a key store that does not answer is asked the next time
            try:
                copy = self._read()
                if _COPY not in copy or self._is_fresh(copy):
                    return _COPY in copy
                self.put_away()
            except (ValueError, KeyError, TypeError):
                self.forget()
        return False

    def must_open(self) -> None:
        """Refuse, in words, where it does not open the vault now. Raises PinFirst."""
        if not self.opens():
            raise PinFirst(OVER if self.is_on else None)

    def ask(self) -> str | None:
        """Let the platform ask for a finger or a face. Not on the keeper's thread. Raises FingerRefused."""
        asking = self._secrets.asking
        if asking is None:
            raise PinFirst
        return asking.ask(self._name)

    def keys(self, header: Header, hardware: Hardware, released: str | None) -> Keys:
        """The keys of the vault, with what a finger has released. Raises PinFirst."""
        self.must_open()
        copy, vault_key = self._read(), None
        with suppress(ValueError, TypeError):
            vault_key = _opened(copy, released, header, hardware)
        if vault_key is None:
            self.forget()
            raise PinFirst(GONE)
        return generations.recovered(header, vault_key)

    def keep(self, header: Header, hardware: Hardware, seal: VaultSeal) -> None:
        """The PIN was given just now: from here on a finger opens the vault, for the force's hours."""
        asking = self._secrets.asking
        if asking is None or not self._longest:
            return
        self.put_away()
        clock = self._clock
        given = {"wall": clock.wall(), "since_boot": clock.since_boot(), "start": clock.start()}
        released = os.urandom(KEY_BYTES)
        key = key_by_finger(released, hardware.secret, vault=header.vault)
        try:
            copy = seal.own_key_under(key, _bound(given, header, hardware))
            asking.keep(self._name, released.hex())
        finally:
            scrub(released, key)
        self._secrets.set(self._name, json.dumps({**given, _COPY: copy.hex()}))

    def put_away(self) -> None:
        """No finger opens it before the PIN was given again."""
        self._secrets.set(self._name, "{}")
        forget_released(self._secrets, self._name)

    def forget(self) -> None:
        """No finger opens it before its officer has turned it on again."""
        forget_finger(self._secrets, self._name)

    def _is_fresh(self, copy: dict[str, Any]) -> bool:
        """Both clocks count, and neither may have gone back: putting one back gains nothing."""
        wall = self._clock.wall() - float(copy["wall"])
        since_boot = self._clock.since_boot() - float(copy["since_boot"])
        same_start = copy["start"] == self._clock.start()
        return same_start and min(wall, since_boot) >= 0 and max(wall, since_boot) < self._longest

    def _read(self) -> dict[str, Any]:
        kept = self._secrets.get(self._name) if self._longest else None
        found = {} if kept is None else json.loads(kept)
        if not isinstance(found, dict):
            raise TypeError("not what a finger opens")
        return found


def _opened(copy: dict[str, Any], released: str | None, header: Header, hardware: Hardware) -> bytes | None:
    """The vault's key; None where what was released, or the copy, is not the right one any more."""
    if released is None:
        return None
    sealed, one = bytes.fromhex(copy.pop(_COPY)), bytes.fromhex(released)
    key = key_by_finger(one, hardware.secret, vault=header.vault)
    try:
        return unwrap(key, sealed, _bound(copy, header, hardware))
    finally:
        scrub(one, key)


def _bound(given: dict[str, Any], header: Header, hardware: Hardware) -> bytes:
    said = {**given, "vault": header.vault.hex(), "gen": hardware.gen, "header": hardware.header}
    return b"hwd/finger-copy/1" + json.dumps(said, sort_keys=True).encode()
