"""A calendar month in the United Kingdom, as an address names it, people say it and records fall into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sync_server.console.asking import begins
from sync_server.console.listed import Choice, Filter
from sync_server.notices import local

OFFERED = 13
"""How many months can be chosen: this one, and as far back as the same month of last year."""
A_MONTH_ON = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Month:
    """One month, by its first day."""

    first: date

    @property
    def code(self) -> str:
        """As it stands in an address and in a file's name: 2026-03."""
        return f"{self.first:%Y-%m}"

    @property
    def said(self) -> str:
        """March 2026."""
        return f"{self.first:%B %Y}"

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + A_MONTH_ON).replace(day=1) - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return begins(self.first.isoformat())

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer in it."""
        return begins((self.last + timedelta(days=1)).isoformat())

    def before(self, number: int = 1) -> Month:
        """The month that was so many months ago."""
        month = self
        for _ in range(number):
            month = Month((month.first - timedelta(days=1)).replace(day=1))
        return month


def this_month(now: datetime) -> Month:
    """The month in which it is this time."""
    return Month(local(now).date().replace(day=1))


def month_in(given: str, now: datetime) -> Month:
    """The month that an address asks for; this one where that makes no sense, or lies too far back."""
    return next((one for one in _offered(now) if one.code == given), this_month(now))


def _offered(now: datetime) -> Iterator[Month]:
    month = this_month(now)
    for _ in range(OFFERED):
        yield month
        month = month.before()


def month_filter(chosen: Month, now: datetime) -> Filter:
    """The months that can be chosen, the newest first."""
    choices = (Choice(one.code, one.said, one == chosen) for one in _offered(now))
    return Filter("month", "Month", choices=tuple(choices))
