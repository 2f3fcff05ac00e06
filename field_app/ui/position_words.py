"""What is said on the handset about where a device is."""

from __future__ import annotations

from typing import Final

from booklets.answers import Moment, Row
from booklets.in_words import clock_time, within
from booklets.positions import AT, LAT, LON

USE: Final = "Use where I am"
LOOKING: Final = "Finding where you are. You can go on meanwhile."
REMOVE: Final = "Remove the position"
REMOVED: Final = "Position removed"
BACK: Final = "Put the position back"
ANSWERED_MEANWHILE: Final = "You answered this meanwhile. That stays, and where you are was not kept."

LEFT_MEANWHILE: Final = (
    "You left the record before it was known where you are, and nothing of that was kept. "
    "Open it, and touch “Use where I am” again."
)


def exact(row: Row) -> str:
    """How exactly it is known, first: Within about 12 m."""
    said = within(row)
    return f"{said[:1].upper()}{said[1:]}"


def at_figures(row: Row) -> str:
    """Where it is, in degrees, and when the phone found it."""
    return f"{row.get(LAT, '')}, {row.get(LON, '')}{_found(row)}"


def found(row: Row) -> str:
    """What came of the tap, and what more helps whoever reads it."""
    return f"Found, {within(row)}. Open the place to add an address, if it has one."


def stood(row: Row) -> str:
    """What a place is called of which nothing else is known."""
    at = row.get(AT)
    return f"Where you stood, {clock_time(at.at)}" if isinstance(at, Moment) else "Where you stood"


def _found(row: Row) -> str:
    at = row.get(AT)
    return f" · found {clock_time(at.at)}" if isinstance(at, Moment) else ""
