"""The door of an officer's vault: its PIN and, where the force allows it, a finger or face in its place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from field_app.handset.locked_vaults import TROUBLE
from field_app.store.keeper import Keeper
from field_app.vault.finger import Finger
from field_app.vault.open_vault import OpenVault
from field_app.vault.vaults import Vaults


class Door:
    """What is done at it. The PIN always works; a finger that is refused costs nothing."""

    def __init__(
        self, vault: str, *, keeper: Keeper, vaults: Callable[[], Vaults], allows: Callable[[], bool]
    ) -> None:
        self._vault, self._keeper, self._vaults, self._allows = vault, keeper, vaults, allows
        self._is_on = allows() and keeper.call(lambda: self._finger().is_on).result()

    @property
    def takes_fingers(self) -> bool:
        """Whether the force and this device let a finger or face open it at all."""
        return self._allows()

    @property
    def finger_is_on(self) -> bool:
        """Whether its officer wants that."""
        return self._is_on

    def confirm(self, pin: str) -> None:
        """See that whoever holds the device knows the PIN. Wrong ones count as on the lock screen."""
        self._keeper.call(lambda: self._vaults().confirm(self._vault, pin)).result()

    def turn_on(self, pin: str) -> None:
        """From now on a finger or face opens it too. Raises as ``confirm``, and SecretsUnreadable."""
        self._keeper.call(lambda: self._vaults().turn_finger_on(self._vault, pin)).result()
        self._is_on = True

    def turn_off(self) -> None:
        """From now on the PIN alone opens it."""
        self._keeper.call(lambda: self._finger().forget()).result()
        self._is_on = False

    def put_away(self) -> None:
        """The shift is over: no finger opens it before the PIN was given again."""
        if self._is_on:
            with suppress(*TROUBLE):  # it ends by itself, by the hour
                self._keeper.call(lambda: self._finger().put_away()).result()

    def open_by_finger(self, may_open: Callable[[], None]) -> OpenVault:
        """Open it with what a finger or face releases, while the handheld ``may_open`` as it may for a PIN.

        Raises FingerRefused, of which PinFirst is one. The keeper does not wait while somebody is asked.
        """

        def begin() -> Finger:
            may_open()
            finger = self._finger()
            finger.must_open()  # or somebody would show a finger in vain
            return finger

        released = self._keeper.call(begin).result().ask()

        def finish() -> OpenVault:
            may_open()  # an order may have come meanwhile
            return self._vaults().unlock_by_finger(self._vault, released)

        return self._keeper.call(finish).result()

    def _finger(self) -> Finger:
        return self._vaults().finger(self._vault)


def fingers_at(vaults: Vaults) -> dict[str, bool]:
    """Each vault whose officer wants to open it with a finger, and whether that opens it now."""
    here = {vault: vaults.finger(vault) for vault in vaults.every()}
    return {vault: finger.opens() for vault, finger in here.items() if finger.is_on}
