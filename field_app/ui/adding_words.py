"""What is said about adding to what was sent."""

from __future__ import annotations

from typing import Final

ADD: Final = "Add to what you sent"
GO_ON: Final = "Go on adding"
ADDING: Final = "Adding to what you sent"
ADDING_HELP: Final = (
    "What was sent stays as it was. Change an answer or give one that is still wanted: "
    "all of it goes again as the next revision."
)
ADDED: Final = "adding to what you sent"
STILL_WANTED: Final = "Still wanted"
CAN_FOLLOW: Final = "None of this holds up sending."


def wanted_later(count: int) -> str:
    """Under the button that sends: what is left for another time."""
    return f"{count} still wanted, and can follow" if count else "Nothing more is wanted"


def next_for(name: str) -> str:
    """Above what may be begun next about the child of something that was sent."""
    return f"Next for {name}" if name else "Next for this child"


def for_whom(name: str) -> str:
    """As in Add to what you sent: Amy Brook."""
    return f"{ADD}: {name}" if name else ADD
