"""Opening with a finger or face: turned on with the PIN, turned off with a touch."""

from __future__ import annotations

from field_app.ui import entering
from field_app.ui import finger_words as words
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.vault.errors import VaultLocked


async def turn_on(model: Model, pin: str) -> bool:
    """From now on. Ten wrong PINs lock the vault, as they do on the lock screen."""
    shift = model.shift
    try:
        await model.doing(words.CHECKING, lambda: shift.door.turn_on(pin))
    except VaultLocked:
        await entering.lock(model)
        return False
    except entering.REFUSALS as refused:
        model.go(At.THIS_PHONE, notice=str(refused))
        return False
    model.go(At.THIS_PHONE)
    return True


async def turn_off(model: Model) -> None:
    """From now on the PIN alone."""
    try:
        await model.doing(words.TURNING_OFF, model.shift.door.turn_off)
    except entering.REFUSALS as refused:
        model.go(At.THIS_PHONE, notice=str(refused))
    else:
        model.go(At.THIS_PHONE)
