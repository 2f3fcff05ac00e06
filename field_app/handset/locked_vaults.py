"""Every vault here while nobody has one open: what of it still goes, and what an order does to all of them.

One that is damaged, or whose key store fails, holds up none of the others. It counts as left until it can be
dealt with, and the force is told how many there are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from booklets.sealing import Directory
from field_app.store.errors import StoreError
from field_app.sync.unattended import Left, is_answered
from field_app.vault.errors import VaultError
from field_app.vault.vaults import Vaults

log = logging.getLogger(__name__)

TROUBLE: Final = (StoreError, VaultError, OSError)
"""What one vault may raise without any of the others being the worse for it."""


class LockedVaults:
    """All of them. To be asked on the keeper's thread only."""

    def __init__(self, vaults: Callable[[], Vaults]) -> None:
        self._vaults = vaults
        self._refused: set[tuple[str, str, int]] = set()

    # -- what lies sealed ------------------------------------------------------------------------
    def to_send(self, keys: Directory, *, even_refused: bool) -> Sequence[Left]:
        """What the force has not signed for, oldest first in each vault.

        What was refused since this app was started is left out, unless a wipe waits for it.
        """
        found: list[Left] = []
        for vault in self._vaults().every():
            try:
                found += self._waiting_in(vault, keys, even_refused=even_refused)
            except TROUBLE as error:
                _note("left_unreadable", error)
        return found

    def count(self, keys: Directory) -> int:
        """How much lies sealed and unsent."""
        return len(self.to_send(keys, even_refused=False))

    def unreadable(self) -> int:
        """How many vaults do not even say what lies sealed in them."""
        vaults, broken = self._vaults(), 0
        for vault in vaults.every():
            try:
                vaults.unsent(vault)
            except TROUBLE:
                broken += 1
        return broken

    def handed_over(self, item: Left, receipt: bytes) -> None:
        """Keep the force's receipt. Where that fails the item goes again, and the same receipt comes."""
        vaults = self._vaults()
        try:
            for one in vaults.unsent(item.vault):
                if (one.record, one.rev, one.envelope) == (item.record, item.rev, item.envelope):
                    vaults.handed_over(item.vault, one, receipt)
        except TROUBLE as error:
            _note("receipt_not_kept", error)

    def refused(self, item: Left) -> None:
        """Somebody said no, perhaps the force: it is not sent again before the next start."""
        self._refused.add((item.vault, item.record, item.rev))

    # -- an order to wipe ------------------------------------------------------------------------
    def destroy_keys(self) -> None:
        """Destroy what opens each vault here. Safe to repeat, and repeated where one failed."""
        vaults = self._vaults()
        for vault in vaults.every():
            try:
                vaults.lock_for_good(vault)
            except TROUBLE as error:
                _note("key_not_destroyed", error)

    def forget_fingers(self) -> None:
        """No finger or face opens any of them."""
        forget_fingers(self._vaults())

    def erase(self, keys: Directory) -> int:
        """Erase every vault of which the force has signed for all that is sealed. How many are left.

        Photographs hold up none: they can go only for their officer, who cannot sign in here again.
        """
        vaults, left = self._vaults(), 0
        for vault in vaults.every():
            try:
                if any(self._waiting_in(vault, keys, even_refused=True)):
                    left += 1
                else:
                    vaults.purge(vault)
            except TROUBLE as error:
                _note("vault_not_erased", error)
                left += 1
        return left

    def _waiting_in(self, vault: str, keys: Directory, *, even_refused: bool) -> Iterator[Left]:
        for one in self._vaults().unsent(vault):
            item = Left(vault, one.record, one.rev, one.envelope, one.answer)
            settled = not even_refused and (vault, one.record, one.rev) in self._refused
            if not settled and not is_answered(item, keys):
                yield item


def forget_fingers(vaults: Vaults) -> None:
    """No finger or face opens any of these before its officer has turned it on again."""
    for vault in vaults.every():
        try:
            vaults.finger(vault).forget()
        except TROUBLE as error:
            _note("finger_not_forgotten", error)


def _note(what: str, error: Exception) -> None:
    """By its class alone: whatever else it says may be an officer's."""
    log.warning("%s why=%s", what, type(error).__name__)
