"""What is said around the lookout card. What stands on it is the core's."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from booklets.in_words import day_and_time

TITLE: Final = "Lookout card"
READ_IT_OUT: Final = "Lookout card to read out"
LEFT_OUT: Final = "Not on this card, and whom to ask"
CLOSE: Final = "Close the card"
TELLS_NOBODY: Final = "Opening this card tells nobody. Reading it out over the radio does."
NOT_KEPT: Final = (
    "This phone no longer keeps a copy of this, so the card cannot be drawn here. "
    "Ask the control room: the force has the report, or it is on its way."
)


def from_draft(at: datetime) -> str:
    """Whence the lines come while the report is being written."""
    return f"From this report on this phone, as it stands: last changed {day_and_time(at)}."


def from_sent(at: datetime) -> str:
    """Whence they come once it was sent, from the copy that this phone still keeps."""
    return f"From what you sent, as it stood {day_and_time(at)}. Nothing later is on this card."


def from_record(at: datetime) -> str:
    """Whence they come where a supervisor reads what an officer sent."""
    return f"From the record as it was sent {day_and_time(at)}. Nothing later is on this card."
