"""What one vault keeps in the key store: its secret, and how far its file had got."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from field_app.vault.errors import CountMissing, HeaderRefused, SecretsUnreadable, VaultError, VaultLocked
from field_app.vault.header import Header, digest
from field_app.vault.keys import scrub
from field_app.vault.secrets import SecretStore

_SECRET: Final = "secret"  # noqa: S105 - the name of an entry
_NEXT: Final = "secret.next"
_SEEN: Final = "seen"
_TRIES: Final = "tries"
_ACCEPTED: Final = "accepted"
_OLDER: Final = "older"
_FINGER: Final = "finger"
_BEYOND: Final = 1 << 62
"""More changes than any file sees."""

OLDER_COPY: Final = "an older copy of it was put back"


@dataclass(frozen=True, slots=True)
class Hardware:
    """One generation's secret: without it the PIN is worth nothing. Bound to the header it belongs to."""

    gen: int
    secret: bytes = field(repr=False)
    header: str

    def to_text(self) -> str:
        """As it is kept."""
        return json.dumps({"gen": self.gen, "hw": self.secret.hex(), "header": self.header})

    def scrub(self) -> None:
        """Overwrite the secret in memory; the key store has it."""
        scrub(self.secret)


class KeyStoreEntries:
    """The entries of one vault in the key store.

    What is only noted, to be told or tidied later, keeps no vault shut and undoes no save: where the key
    store does not answer, it is tried again the next time.
    """

    def __init__(self, secrets: SecretStore, vault: str) -> None:
        self._secrets = secrets
        self._prefix = f"vault.{vault}."
        self.tries = self._prefix + _TRIES
        self.finger = self._prefix + _FINGER

    def matching(self, header: Header, data: bytes) -> Hardware:
        """The secret for just this header. Finishes, or forgets, a change of keys that was cut short."""
        wanted, found = (header.gen, digest(data)), None
        kept, fresh = self._read(_SECRET), None
        try:
            if kept is not None and (kept.gen, kept.header) == wanted:
                found = kept  # the present one: what lies beside it is of a change that never was
                with suppress(VaultError, OSError):
                    self._forget(_NEXT)
                return found
            fresh = self._read(_NEXT)
            if fresh is not None and (fresh.gen, fresh.header) == wanted:
                self.promote(fresh)
                found = fresh
                return found
            if kept is None:  # also where a recovery was cut short before it changed the file
                raise VaultLocked
            raise HeaderRefused(OLDER_COPY if header.gen < kept.gen else "its first page was changed")
        finally:
            for other in (kept, fresh):
                if other is not None and other is not found:
                    other.scrub()

    def begin(self, first: Hardware) -> None:
        """A vault is made. How far it has got is kept from the first day on: its absence means something."""
        self._keep(_SEEN, "0")
        self.promote(first)

    def propose(self, fresh: Hardware) -> None:
        """Keep the next generation's secret beside the present one."""
        self._keep(_NEXT, fresh.to_text())

    def promote(self, fresh: Hardware) -> None:
        """The next generation is the present one; the one before is gone for good."""
        self._keep(_SECRET, fresh.to_text())
        self._forget(_NEXT)

    def erase_secret(self) -> None:
        """Make the vault unreadable to anybody with a PIN."""
        self._forget(_SECRET, _NEXT)
        forget_finger(self._secrets, self.finger)

    def erase_all(self) -> None:
        """Forget the vault altogether."""
        self._forget(_SECRET, _NEXT, _SEEN, _ACCEPTED, _OLDER, _TRIES)
        forget_finger(self._secrets, self.finger)

    def highest(self) -> int:
        """The highest counter remembered of the vault's file. Raises CountMissing where there is none."""
        kept = self._kept(_SEEN)
        if kept is None:
            raise CountMissing
        try:
            return int(kept)
        except ValueError as error:
            raise SecretsUnreadable("the count of saves cannot be read") from error

    def remember(self, counter: int) -> None:
        """Remember a counter that is higher than the one before."""
        with suppress(VaultError, OSError):
            if counter > self.highest():
                self._keep(_SEEN, str(counter))

    def accept(self, counter: int) -> None:
        """From now on a file counts that has seen so many changes, although a later one was remembered.

        Where no older copy was found, or the right file was since, there is nothing to do.
        """
        try:
            highest = self.highest()
        except CountMissing:
            # It goes on from what the force has named; no file is the one that was given up.
            highest = _BEYOND
        if self._kept(_OLDER) is not None and counter < highest:
            self._keep(_ACCEPTED, str(highest))
            self._keep(_SEEN, str(counter))
            self._forget(_OLDER)

    @property
    def older(self) -> int | None:
        """How far an older copy had got that was found at the last unlock; None when all was well."""
        try:
            kept = self._kept(_OLDER)
            return None if kept is None else int(kept)
        except (VaultError, OSError, ValueError):
            return None

    def note_older(self, counter: int | None) -> None:
        """Remember that an older copy was put back, to tell the force; or that all is well."""
        with suppress(VaultError, OSError):
            if counter is None:
                self._forget(_OLDER)
            elif counter != self.older:
                self._keep(_OLDER, str(counter))

    def begins_anew(self, counter: int) -> bool:
        """Whether an older copy was accepted, and its officer has not gone on with it yet.

        Not where the file has got as far as the one that was given up: then that one is back.
        """
        kept = self._kept(_ACCEPTED)
        if kept is not None and kept.isdecimal() and counter >= int(kept):
            self.gone_on()
            return False
        return kept is not None

    def gone_on(self) -> None:
        """Its officer knows."""
        with suppress(VaultError, OSError):
            self._forget(_ACCEPTED)

    def _read(self, name: str) -> Hardware | None:
        kept = self._kept(name)
        if kept is None:
            return None
        try:
            found = json.loads(kept)
            return Hardware(int(found["gen"]), bytes.fromhex(found["hw"]), str(found["header"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SecretsUnreadable("a vault's secret cannot be read") from error

    def _kept(self, name: str) -> str | None:
        return self._secrets.get(self._prefix + name)

    def _keep(self, name: str, value: str) -> None:
        self._secrets.set(self._prefix + name, value)

    def _forget(self, *names: str) -> None:
        for name in names:
            self._secrets.remove(self._prefix + name)


def forget_finger(secrets: SecretStore, name: str) -> None:
    """No finger opens a vault any more: what one would release opens nothing without this entry."""
    secrets.remove(name)
    forget_released(secrets, name)


def forget_released(secrets: SecretStore, name: str) -> None:
    """Nor is there anything to release, as far as the platform lets go of it."""
    if secrets.asking is not None:
        with suppress(VaultError, OSError):
            secrets.asking.forget(name)
