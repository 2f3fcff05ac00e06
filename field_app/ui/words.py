"""Every sentence on screen that is not in a form, and how times and days are written.

Plain English, short, present tense. What happened, what is safe, what to do next. Buttons are verbs.
Others add to this catalogue: constants for fixed sentences, functions where something is put in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

UK: Final = ZoneInfo("Europe/London")

# -- when something fails ----------------------------------------------------------------------------
SOMETHING_WENT_WRONG: Final = (
    "Something went wrong. Nothing was lost: everything you typed is saved on this phone."
)
CANNOT_SHOW: Final = (
    "This part cannot be shown. What you typed is saved on this phone. Go back and open it again."
)

# -- every screen ------------------------------------------------------------------------------------
APP_NAME: Final = "Homeward"
BACK: Final = "Back"
MENU: Final = "Menu"
CHANGE: Final = "Change"
DONE: Final = "Done"
UNDO: Final = "Undo"
CANCEL: Final = "Cancel"
LOCK: Final = "Lock"
SHOW_ALL_PAGES: Final = "Show all pages"
CANNOT_ANSWER: Final = "Can’t answer"


def local(at: datetime) -> datetime:
    """An instant as the clock on a wall in Britain shows it."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UK)


def clock(at: datetime) -> str:
    """As in 02:41."""
    return f"{local(at):%H:%M}"


def day(when: date | datetime) -> str:
    """As in Sat 14 March 2026."""
    shown = local(when) if isinstance(when, datetime) else when
    return f"{shown:%a} {shown.day} {shown:%B %Y}"


def short_day(when: date | datetime) -> str:
    """As in Sat 14 March."""
    shown = local(when) if isinstance(when, datetime) else when
    return f"{shown:%a} {shown.day} {shown:%B}"


def clock_and_day(at: datetime) -> str:
    """As in 02:41, Sat 14 March 2026."""
    return f"{clock(at)}, {day(at)}"


def utc(year: int, month: int, day_: int, hour: int, minute: int) -> datetime:
    """The instant a British wall clock shows; the earlier of two when clocks go back."""
    return datetime(year, month, day_, hour, minute, tzinfo=UK).astimezone(UTC)


def page_of(page: int, pages: int) -> str:
    """As in Page 1 of 4."""
    return f"Page {page} of {pages}"
