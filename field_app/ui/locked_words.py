"""What is said of a handheld that opens for nobody, and of a PIN that was forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from field_app.handset.access import Closed, Wiped
from field_app.ui.words import clock_and_day

BEGINS_ANEW: Final = (
    "An older copy of your work was put back on this device. Your force has looked into it, and you go on "
    "with that copy. What you saved after it is not here: look through your drafts, and write anew what is "
    "missing."
)

# -- it opens for nobody -----------------------------------------------------------------------------
TITLES: Final[Mapping[Closed, str]] = {
    Closed.STOPPED: "Your force has stopped this phone",
    Closed.SILENT: "Out of touch for too long",
    Closed.WIPING: "Your force has wiped this phone",
    Closed.WIPED: "This phone was wiped",
}
HAPPENED: Final[Mapping[Closed, str]] = {
    Closed.STOPPED: "It opens for nobody until your force lets it in again. No PIN is tried here.",
    Closed.SILENT: (
        "It has not reached your force for longer than your force allows, so that one that is lost does not "
        "lie open. It opens by itself as soon as it has. Take it to where there is signal."
    ),
    Closed.WIPING: (
        "The keys are destroyed. Nobody can open what was on it any more, not even with the right PIN."
    ),
    Closed.WIPED: "Nothing of anybody is left on it. Whatever had been sealed was handed over first.",
}
KEPT: Final[Mapping[Closed, str]] = {
    Closed.STOPPED: "Everything saved is kept, locked. What was sealed still goes to your force by itself.",
    Closed.SILENT: "Everything saved is kept, locked. What was sealed goes first, by itself.",
    Closed.WIPING: "What was sealed only your force can read. It still goes; then the rest is erased.",
    Closed.WIPED: "To use it again, set it up with a new code from your force.",
}
TRY_FORCE: Final = "Try to reach the force now"
TRYING: Final = "Looking for the force…"
STILL_NOTHING: Final = "There was no answer just now. It goes on trying by itself."
SET_UP_AGAIN: Final = "Set up this phone"
NOBODY_TO_RING: Final = "Ring whoever looks after this phone in your force."
NONE_WAITS: Final = "Nothing sealed is waiting here."

# -- a forgotten PIN ---------------------------------------------------------------------------------
FORGOTTEN: Final = "Forgotten your PIN?"
NO_PIN_OPENS_IT: Final = "No PIN opens this vault here any more."
FORGOTTEN_PHRASE: Final = "Forgotten your passphrase?"
KEPT_TITLE: Final = "What is kept"
ALL_KEPT: Final = (
    "Everything you saved stays on this phone, locked. What you have sealed still goes to your force by "
    "itself."
)
NEXT_TITLE: Final = "What happens now"
STEPS: Final = (
    "You ask your force from here, and ring the number below.",
    "You read out the code that appears here. They will ring you back on a number they know.",
    "Two administrators agree, each on their own. That is written down.",
    "You choose a new PIN here. Your drafts are where you left them.",
)
ASK: Final = "Ask your force"
ASKING: Final = "Asking your force…"
ASK_AGAIN: Final = "Ask again"
READ_OUT: Final = "Read this code out"
WAITING: Final[Mapping[str, str]] = {
    "asked": "Nobody has agreed yet. This screen goes on by itself.",
    "approved_once": "One administrator has agreed. One more has to. This screen goes on by itself.",
    "agreed": "Both have agreed. Your key is being fetched. This screen goes on by itself.",
}
OVER: Final[Mapping[str, str]] = {
    "refused": "Your force has said no this time. Everything is kept. Ring them, then ask again.",
    "over": "Nobody answered in time. Everything is kept. Ring them, then ask again.",
    "done": "That key was used already. Everything is kept. Ask again.",
}
NEW_PIN: Final = "Choose a new PIN"
NEW_PIN_HELP: Final = "Your force has agreed. At least six digits; the old PIN opens nothing any more."
NEW_PHRASE: Final = "Choose a new passphrase"
NEW_PHRASE_HELP: Final = "Your force has agreed. At least twelve characters."
OPENING: Final = "Opening your vault…"
OPEN_AGAIN: Final = "Your new PIN is set. Everything you saved is here."

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR


def ring(phone: str) -> str:
    """A number to ring."""
    return f"Ring {phone}"


def waits(left: int) -> str:
    """How much lies sealed and unsent."""
    if not left:
        return NONE_WAITS
    one = left == 1
    return f"{left} sealed record{'' if one else 's'} {'waits' if one else 'wait'} for signal here."


def wiped_at(wiped: Wiped) -> str:
    """When it was."""
    return f"Your force wiped it at {clock_and_day(wiped.at)}."


def good_until(expires_at: datetime) -> str:
    """Until when somebody may still agree."""
    return f"This request is good until {clock_and_day(expires_at)}."


def closes_soon(left: timedelta | None) -> str:
    """That it will close for want of contact, and how soon; nothing while there is no need to say so."""
    if left is None:
        return ""
    seconds = left.total_seconds()
    days, hours = round(seconds / _DAY), max(1, round(seconds / _HOUR))
    short = "1 hour" if hours == 1 else f"{hours} hours"
    when = f"{days} days" if days > 1 else short
    return (
        f"This phone has not reached your force for a while. In {when} it closes until it has. "
        "Take it to where there is signal."
    )
