"""What is said of a call that is still to be made, and of one that was made."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from field_app.ui.words import clock

RING_FIRST: Final = "Ring first"
I_RANG: Final = "I rang: say who answered"
WHO_ANSWERED: Final = "Who answered, and what did they say?"
SAY_IN_RECORD: Final = "Say who answered in the record"
COUNCIL_HAS_NOTICE: Final = (
    "The council has the notice. It waits for the call: nobody there has answered yet."
)
CALL_NOW: Final = "Radio control, or ring the council’s duty team now."
COUNCIL_HAS_NONE: Final = "The council does not have the notice yet."


def by_when(who: str, due: datetime | None, now: datetime) -> str:
    """A call to make: late, in time, or without one that is known."""
    if due is None:
        return who
    return f"Late since {clock(due)}: {within(who)}" if due <= now else f"By {clock(due)}: {within(who)}"


def now(due: datetime | None, at: datetime) -> str:
    """What to do while nobody has been told."""
    if due is None:
        return CALL_NOW
    by = f"The council was to be rung by {clock(due)}." if due <= at else f"The council by {clock(due)}."
    return f"{CALL_NOW} {by}"


def within(said: str) -> str:
    """A sentence that goes on behind a colon."""
    return f"{said[:1].lower()}{said[1:]}"
