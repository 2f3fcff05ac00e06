"""What is said about adding to what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from field_app.ui.words import joined

GO_ON: Final = "Go on adding"
ADDING_HELP: Final = (
    "What you handed over stays as it was. Change an answer or give one that is still wanted: "
    "all of it goes again as the next revision."
)
STILL_WANTED: Final = "Still wanted"
CAN_FOLLOW: Final = "None of this holds up sending."
STILL_TO_ANSWER: Final = "Still to be answered"
WENT_AS_EMERGENCY: Final = "Sent as an emergency"
AT_MOST: Final = 6
"""So many of the questions that an emergency left open are named; the others are counted."""


def emergency_line(left: int) -> str:
    """In the list of what was sent: that it went as an emergency, and how much is still to be answered."""
    return f"{WENT_AS_EMERGENCY.lower()}, {left} still to be answered" if left else WENT_AS_EMERGENCY.lower()


def left_open(questions: Sequence[str], count: int) -> str:
    """Under the notice of an emergency: what is still to be answered, by name where it may be named here."""
    if not count:
        return ""
    more = count - len(questions[:AT_MOST])
    told = joined(*questions[:AT_MOST], f"and {more} more" if questions and more else "")
    return f"{STILL_TO_ANSWER} ({count}): {told}" if told else f"{STILL_TO_ANSWER}: {count}"


def wanted_later(count: int) -> str:
    """Under the button that sends: what is left for another time."""
    return f"{count} still wanted, and can follow" if count else "Nothing more is wanted"


def next_for(name: str) -> str:
    """Above what may be begun next about the child of something that was sent."""
    return f"Next for {name}" if name else "Next for this child"


def _what(*, waits: bool) -> str:
    return "what waits to be sent" if waits else "what you sent"


def add(*, waits: bool) -> str:
    """The button; what waits for signal has not been sent."""
    return f"Add to {_what(waits=waits)}"


def adding(*, waits: bool) -> str:
    """On every page meanwhile."""
    return f"Adding to {_what(waits=waits)}"


def for_whom(word: str, name: str) -> str:
    """As in Add to what you sent: Amy Brook."""
    return f"{word}: {name}" if name else word
