"""What is said of opening Homeward with a finger or face."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Finger or face"
ALLOWED: Final = (
    "This counts for you alone: your force lets you open Homeward with your finger or face as well as with "
    "your PIN."
)
OTHERS: Final = (
    "Everybody whose finger or face is set up on this phone can then open your work here. On one that "
    "you share, look in its settings first. If somebody else is set up there, leave this off."
)
OFF: Final = "It is off: only your PIN opens Homeward."
ON: Final = "It is on: your finger or face opens Homeward here, and so does your PIN."
SEEN: Final = "Which way you opened it is noted for your force."
TURN_ON: Final = "Turn it on"
PIN_TO_TURN_ON: Final = "Give your PIN to turn it on."
CONFIRM: Final = "Turn on with this PIN"
LEAVE_OFF: Final = "Leave it off"
TURN_OFF: Final = "Turn it off"
CHECKING: Final = "Checking your PIN…"
TURNING_OFF: Final = "Turning it off…"
OPEN: Final = "Open with finger or face"
SHOWING: Final = "Show your finger or face…"
PIN_FIRST: Final = "Give your PIN now. After that your finger or face opens it again."


def pin_again(hours: int) -> str:
    """When no finger is enough."""
    often = "1 hour" if hours == 1 else f"{hours} hours"
    return (
        f"Your PIN always works. You are asked for it {often} after you gave it last, each time the device "
        "or Homeward was started anew, after the end of your shift, and before you decide on a record."
    )
