"""Reading times and dates as officers write them. Pure: nothing here draws."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from booklets.answers import Moment, Precision
from booklets.checks.dates import MONTHS as NAMES
from booklets.in_words import date_of
from field_app.ui import words

_TIME = re.compile(r"^([01]?\d|2[0-3])[:.\s]?([0-5]\d)$")
_DATE = re.compile(r"^(\d{1,2})[\s/.-](\d{1,2})[\s/.-](\d{4}|\d{2})$")
_MONTH = re.compile(r"^(\d{1,2})[\s/.-](\d{4})$")
_YEAR = re.compile(r"^\d{4}$")
_DATE_RUN = re.compile(r"^(\d{2})(\d{2})(\d{4}|\d{2})$")
_DAY_NAMED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s/.,-]*(?:of\s+)?([a-z]{3,9})[\s/.,-]*(\d{4}|\d{2})$")
_MONTH_NAMED_FIRST = re.compile(r"^([a-z]{3,9})[\s.]+(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})$")
_MONTH_NAMED = re.compile(r"^([a-z]{3,9})[\s/.,-]*(\d{4})$")
_CENTURY = 100
MONTHS = 12
FIRST_YEAR = 1900
OLDEST = 115
"""Nobody alive who comes to be written about was born longer ago than so many years."""


def read_time(typed: str) -> tuple[int, int] | None:
    """Hour and minute of "0231", "02:31", "2.31"; `None` while it is not yet a time."""
    found = _TIME.match(typed.strip())
    return (int(found[1]), int(found[2])) if found else None


def read_date(typed: str, today: date) -> date | None:
    """The day in "14/3/2026", "14.03.26", "140326" or "14th March 26"; `None` while it is not yet one.

    Two figures for a year mean the last year that ended so: a child's birthday lies behind us.
    """
    said = _in_figures(typed)
    found = _DATE.match(said) or _DATE_RUN.match(said)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    if year < _CENTURY:
        year += today.year // _CENTURY * _CENTURY
        if year > today.year:
            year -= _CENTURY
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_figures(typed: str) -> str:
    """A date in which the month has its name, as one in figures; whatever else as it is typed."""
    said = typed.strip().casefold()
    if named := _DAY_NAMED.match(said):
        day, month, year = named.groups()
    elif named := _MONTH_NAMED_FIRST.match(said):
        month, day, year = named.groups()
    elif named := _MONTH_NAMED.match(said):
        day, month, year = "", *named.groups()
    else:
        return said
    fitting = [number for number, name in enumerate(NAMES, 1) if name.casefold().startswith(month)]
    return "/".join(filter(None, (day, str(fitting[0]), year))) if len(fitting) == 1 else said


def read_day(typed: str, today: date) -> str | None:
    """As much of a day as is typed, as it is kept: "2011-03-12", "2011-03" of "3/2011", or "2011".

    `None` while it is none of these. A year alone must be one that somebody alive, or a plan, can mean.
    """
    whole = read_date(typed, today)
    if whole:
        return whole.isoformat()
    said = _in_figures(typed)
    month, year = _MONTH.match(said), _YEAR.match(said)
    found = f"{month[2]}-{int(month[1]):02}" if month else year[0] if year else ""
    known = FIRST_YEAR <= int(found[:4] or 0) <= today.year + 1
    return found if known and (not month or 1 <= int(month[1]) <= MONTHS) else None


def as_typed(kept: str) -> str:
    """What is kept of a day, as it is typed: 12/03/2011, 03/2011, 2011."""
    return "/".join(reversed(kept.split("-")))


def said_date(kept: str) -> str:
    """As in "Sat 14 March 2026", "March 2026" or "2026"."""
    whole = iso_date(kept)
    return words.day(whole) if whole else date_of(kept)


def iso_date(answer: object) -> date | None:
    """The day a stored answer holds."""
    if not isinstance(answer, str):
        return None
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None


def age_on(born: date, today: date) -> int:
    """How old somebody is."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def said_birthday(kept: str, today: date) -> str:
    """A birthday, or as much of one as is known, and what is to be looked at again in it."""
    day, said = iso_date(kept), said_date(kept)
    if kept > today.isoformat()[: len(kept)]:
        return f"{said}. {words.BORN_AHEAD}"
    if today.year - int(kept[:4]) >= OLDEST:
        return f"{said}. {words.BORN_LONG_AGO}"
    return words.born(said, age_on(day, today)) if day else said


def at_clock(day: date, time: tuple[int, int]) -> datetime:
    """The instant a wall clock in Britain shows on a day."""
    return words.utc(day.year, day.month, day.day, *time)


def latest_at(now: datetime, time: tuple[int, int]) -> date:
    """The day a bare time means: today, or yesterday if today it is still to come."""
    today = words.local(now).date()
    return today if at_clock(today, time) <= now else today - timedelta(days=1)


def to_the_minute(at: datetime) -> datetime:
    """What a clock without seconds shows: exactly what is recorded."""
    return at.replace(second=0, microsecond=0)


def said_moment(moment: Moment) -> str:
    """As in "About 02:31, Sat 14 March 2026"."""
    match moment.precision:
        case Precision.DATE_ONLY:
            return words.day(moment.at)
        case Precision.ABOUT:
            return words.about(words.clock_and_day(moment.at))
        case Precision.RANGE if moment.until:
            return words.between(_first_end(moment.at, moment.until), words.clock_and_day(moment.until))
        case _:
            return words.clock_and_day(moment.at)


def _first_end(start: datetime, end: datetime) -> str:
    same = words.local(start).date() == words.local(end).date()
    return words.clock(start) if same else words.clock_and_day(start)
