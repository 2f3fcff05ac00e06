"""When the next school day begins, for what a school has to know before it does (Operation Encompass).

A force's file says when a school day begins, the terms of each of its councils, and the days on which
no school opens: bank holidays, and whatever the council adds. Where councils differ, the earliest day
counts, so that no school is told late; where no term is known any more, every weekday may be one.
The closed days are those on which nobody at a council works either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
LONGEST_BREAK = timedelta(days=120)
SETTING = "school_days"


@dataclass(frozen=True, slots=True)
class Term:
    """The first and the last school day of a term, or of half of one."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """When schools are open: terms by council, days on which none is, and when a day begins."""

    begins: time
    terms: Mapping[str, tuple[Term, ...]]
    closed: frozenset[date]

    def next_begins(self, after: datetime) -> datetime:
        """When the next school day begins that begins later than this: by the clock on the wall, in UTC."""
        return min(self._next_of(terms, after) for terms in self.terms.values() or ((),))

    def _next_of(self, terms: tuple[Term, ...], after: datetime) -> datetime:
        return next(
            begins.astimezone(UTC)
            for day in _days_from(after.astimezone(LONDON).date())
            if self._is_open(day, terms) and (begins := datetime.combine(day, self.begins, LONDON)) > after
        )

    def _is_open(self, day: date, terms: tuple[Term, ...]) -> bool:
        if day.weekday() >= SATURDAY or day in self.closed:
            return False
        known = [term for term in terms if term.last >= day]
        unknown = not known or known[0].first - day > LONGEST_BREAK
        return unknown or any(term.first <= day <= term.last for term in known)


def working_days_after(at: datetime, days: int, closed: Collection[date]) -> datetime:
    """The same time of day so many working days later: no weekend, and none of the closed days (R-28)."""
    local = at.astimezone(LONDON)
    open_days = (day for day in _days_from(local.date() + timedelta(days=1)) if _is_worked(day, closed))
    day = next(islice(open_days, days - 1, None)) if days > 0 else local.date()
    return datetime.combine(day, local.time(), LONDON).astimezone(UTC)


def _is_worked(day: date, closed: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in closed


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)


def read_school_days(said: object) -> SchoolDays:
    """The calendar as a force's file has it. Raises ValueError with what is wrong about it."""
    if not isinstance(said, Mapping) or set(said) != {"begins", "closed", "terms"}:
        raise ValueError("it needs begins, closed and terms, and nothing else")
    begins, closed, terms = said["begins"], said["closed"], said["terms"]
    well = isinstance(terms, Mapping) and isinstance(closed, Sequence) and isinstance(begins, str)
    if not well:
        raise ValueError('begins is a time such as "08:30", closed a list of days, terms a list by council')
    return SchoolDays(
        begins=time.fromisoformat(begins),
        terms={str(council): _terms(council, pairs) for council, pairs in terms.items()},
        closed=frozenset(date.fromisoformat(str(day)) for day in closed),
    )


def _terms(council: object, pairs: object) -> tuple[Term, ...]:
    if not isinstance(pairs, Sequence) or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - first, last
        raise ValueError(f"{council}: each term is its first and its last day")
    found = tuple(Term(*(date.fromisoformat(str(day)) for day in pair)) for pair in pairs)
    in_order = sorted(found, key=lambda term: term.first)
    if list(found) != in_order or any(term.last < term.first for term in found):
        raise ValueError(f"{council}: terms stand in order, and none ends before it begins")
    return found
