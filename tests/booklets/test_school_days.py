"""The next school day: weekends, holidays, terms, clock changes, and councils that differ."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from booklets import definitions
from booklets.school_days import SETTING, read_school_days, working_days_after

CALENDAR = {
    "begins": "08:30",
    "closed": ["2026-05-04"],
    "terms": {
        "north": [["2026-03-02", "2026-03-27"], ["2026-04-13", "2026-05-22"], ["2026-09-02", "2026-10-23"]],
        "york": [["2026-03-02", "2026-03-27"], ["2026-04-13", "2026-05-22"], ["2026-09-01", "2026-10-23"]],
    },
}


def utc(text: str) -> datetime:
    """A moment by the clock of Greenwich."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "begins", "why"),
    [
        ("2026-03-10 23:10", "2026-03-11 08:30", "the night before"),
        ("2026-03-11 07:00", "2026-03-11 08:30", "the same morning"),
        ("2026-03-11 08:30", "2026-03-12 08:30", "a day that has begun is no longer the next"),
        ("2026-03-13 20:00", "2026-03-16 08:30", "a weekend"),
        ("2026-03-27 20:00", "2026-04-13 07:30", "the Easter holidays, and the clocks go forward"),
        ("2026-05-01 20:00", "2026-05-05 07:30", "a bank holiday"),
        ("2026-05-22 20:00", "2026-09-01 07:30", "the summer; the earlier of two councils"),
        ("2026-10-23 20:00", "2026-10-26 08:30", "no term is known any more: every weekday may be one"),
    ],
)
def test_a_school_is_told_before_its_next_day_begins(after: str, begins: str, why: str) -> None:
    """By the clock on the wall, and never later than the earliest of the councils."""
    assert read_school_days(CALENDAR).next_begins(utc(after)) == utc(begins), why


def test_the_clocks_go_back_over_a_weekend() -> None:
    """25 October 2026: 08:30 on Monday is 08:30 in Greenwich again."""
    after_friday = read_school_days(CALENDAR).next_begins(utc("2026-10-23 15:00"))
    assert after_friday == utc("2026-10-26 08:30")


@pytest.mark.parametrize(
    ("calendar", "answer"),
    [
        ({}, "it needs begins, closed and terms"),
        (CALENDAR | {"begins": 8}, "begins is a time"),
        (
            CALENDAR | {"terms": {"north": [["2026-03-02"]]}},
            "north: each term is its first and its last day",
        ),
        (CALENDAR | {"terms": {"north": [["2026-03-27", "2026-03-02"]]}}, "none ends before it begins"),
        (CALENDAR | {"closed": ["Christmas"]}, "Invalid isoformat"),
    ],
)
def test_a_calendar_that_cannot_be_read_says_what_is_wrong(calendar: object, answer: str) -> None:
    """Whoever loads the terms writes dates and not Python."""
    with pytest.raises(ValueError, match=answer):
        read_school_days(calendar)


@pytest.mark.parametrize("force", definitions.force_ids())
def test_the_bank_holidays_of_every_force_are_those_that_are_published(force: str) -> None:
    """The list the package brings, without a network, for the years that the force's file speaks of."""
    known = read_school_days(definitions.force(force)[SETTING])
    years = {day.year for day in known.closed}
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)

    assert known.closed >= {one["date"] for one in published if one["date"].year in years}
    assert date(2026, 12, 28) in known.closed


@pytest.mark.parametrize(
    ("at", "days", "then"),
    [
        ("2026-03-17T20:24:00+00:00", 5, "2026-03-24T20:24:00+00:00"),
        ("2026-03-27T10:00:00+00:00", 1, "2026-03-30T09:00:00+00:00"),
        ("2026-04-02T09:00:00+00:00", 1, "2026-04-07T09:00:00+00:00"),
        ("2026-03-14T12:00:00+00:00", 1, "2026-03-16T12:00:00+00:00"),
    ],
    ids=["over a weekend", "clocks go forward", "over Easter", "from a Saturday"],
)
def test_working_days_leave_out_weekends_and_bank_holidays(at: str, days: int, then: str) -> None:
    """The same time of day by the clock on the wall, on a day on which somebody is at work."""
    closed = frozenset({date(2026, 4, 3), date(2026, 4, 6)})

    assert working_days_after(datetime.fromisoformat(at), days, closed) == datetime.fromisoformat(then)
