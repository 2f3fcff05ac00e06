"""Times: what a block shows is what it records, in British time, with how sure the officer is."""

from __future__ import annotations

import asyncio
import gc
import itertools
from datetime import UTC, date, datetime
from typing import Any

import flet as ft
import pytest

from booklets import definitions
from booklets.answers import Moment, Precision
from booklets.forms import Kind
from field_app.ui import words
from field_app.ui.widgets import FieldView, moments
from field_app.ui.widgets.dates import picked_day
from field_app.ui.widgets.when import (
    age_on,
    as_typed,
    latest_at,
    read_date,
    read_day,
    read_time,
    said_date,
    said_moment,
)
from tests.support.answering import answering
from tests.support.screens import journey, showing

FOUND = FieldView(id="ret.found", kind=Kind.MOMENT, label="When was she found?")
SEEN = FieldView(id="ret.seen", kind=Kind.MOMENT, label="When was she last seen?", day_alone=True)
BORN = FieldView(id="p.dob", kind=Kind.DATE, label="Date of birth")
TODAY = date(2026, 3, 14)


def at(hour: int, minute: int, day: int = 14) -> datetime:
    """An instant of that night."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_now_records_the_minute_it_shows() -> None:
    """The clock says 02:41:20; the block says 02:41, and so does the record."""

    async def walk() -> None:
        async with answering(FOUND) as (app, held):
            assert app.at("ret.found.now").label == "Now 02:41"
            await app.tap("ret.found.now")
            assert held.answers["ret.found"] == Moment(at(2, 41))
            assert app.at("ret.found.now").selected
            assert app.says("Recorded: 02:41, Sat 14 March 2026")

    journey(walk)


@pytest.mark.thorough
def test_the_clock_of_a_window_that_was_closed_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each tab that is closed would else leave a complaint in the log, a minute later."""
    monkeypatch.setattr(moments, "MINUTE_TURNS_S", 0.05)
    minutes = (at(2, minute) for minute in itertools.cycle(range(60)))
    complaints: list[Any] = []

    async def walk() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
        async with showing(lambda: ft.Text(f"{moments.use_minute(lambda: next(minutes))}")) as app:
            first = app.texts()
            await asyncio.sleep(0.2)
            assert app.texts() != first, "it runs while somebody looks"
        del app
        gc.collect()
        await asyncio.sleep(0.2)

    journey(walk)
    gc.collect()
    assert complaints == []


def test_five_minutes_ago_is_about() -> None:
    """Nobody looks at a watch twice."""

    async def walk() -> None:
        async with answering(FOUND) as (app, held):
            await app.tap("ret.found.earlier")
            assert held.answers["ret.found"] == Moment(at(2, 36), Precision.ABOUT)

    journey(walk)


def test_a_time_that_is_still_to_come_today_was_yesterday() -> None:
    """At 02:41 '2315' means last night."""

    async def walk() -> None:
        async with answering(FOUND) as (app, held):
            await app.tap("ret.found.other")
            await app.type("ret.found.other.first", "2315")
            assert app.at("ret.found.other.day.yesterday").selected
            await app.tap("ret.found.other.done")
            assert held.answers["ret.found"] == Moment(at(23, 15, day=13), Precision.ABOUT)
            assert not app.has("ret.found.other.first")

    journey(walk)


def test_an_hour_ago_is_one_tap_more() -> None:
    """Digits are hard with gloves."""

    async def walk() -> None:
        async with answering(FOUND) as (app, held):
            await app.tap("ret.found.other")
            await app.tap("ret.found.other.ago.60")
            assert held.answers["ret.found"] == Moment(at(1, 41), Precision.ABOUT)

    journey(walk)


def test_between_two_times_may_cross_midnight() -> None:
    """Last seen 23:50, missed at 00:20."""

    async def walk() -> None:
        async with answering(FOUND) as (app, held):
            await app.tap("ret.found.other")
            await app.tap("ret.found.other.sure.range")
            await app.type("ret.found.other.first", "23:50")
            assert not app.has("ret.found.other.done")
            await app.type("ret.found.other.second", "0020")
            await app.tap("ret.found.other.done")
            assert held.answers["ret.found"] == Moment(at(23, 50, day=13), Precision.RANGE, at(0, 20))

    journey(walk)


def test_a_time_from_elsewhere_is_shown_with_its_day() -> None:
    """A time without a day is half a fact."""

    async def walk() -> None:
        async with answering(FOUND, found=Moment(at(21, 41, day=13), Precision.ABOUT)) as (app, _):
            assert app.says("Recorded: About 21:41, Fri 13 March 2026")
            assert app.at("ret.found.other").selected

    journey(walk)


def test_summer_time_is_british_time() -> None:
    """Clocks on walls are an hour ahead of UTC in June."""
    assert words.clock(datetime(2026, 6, 1, 1, 30, tzinfo=UTC)) == "02:30"
    assert words.utc(2026, 6, 1, 2, 30) == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
    assert words.day(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == "Tue 2 June 2026"


def test_a_time_without_a_zone_is_refused() -> None:
    """A wrong guess here moves an evidential time by an hour."""
    with pytest.raises(ValueError, match="time zone"):
        words.clock(datetime(2026, 6, 1))  # noqa: DTZ001 - the mistake itself


@pytest.mark.parametrize(
    ("typed", "read"),
    [("0231", (2, 31)), ("02:31", (2, 31)), ("2.31", (2, 31)),
     ("23 05", (23, 5)), ("24:00", None), ("02:6", None)],
)  # fmt: skip
def test_times_are_read_as_officers_write_them(typed: str, read: tuple[int, int] | None) -> None:
    """Four figures, a colon, a full stop."""
    assert read_time(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14/3/2026", date(2026, 3, 14)), ("09.08.2010", date(2010, 8, 9)), ("09082010", date(2010, 8, 9)),
        ("9-8-10", date(2010, 8, 9)), ("1/1/55", date(1955, 1, 1)), ("31/02/2026", None), ("14/3/2", None),
        ("3rd march 11", date(2011, 3, 3)), ("3 March 2011", date(2011, 3, 3)), ("030311", date(2011, 3, 3)),
        ("1st of Sept 09", date(2009, 9, 1)), ("3mar2011", date(2011, 3, 3)),
        ("Mar 3rd, 2011", date(2011, 3, 3)), ("march 3 11", None), ("3 ma 11", None), ("3 marvin 11", None),
        ("31 feb 2011", None), ("311311", None),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(typed: str, read: date | None) -> None:
    """Two figures for a year lie behind us: nobody in a record is born in 2055."""
    assert read_date(typed, TODAY) == read


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12/3/2011", "2011-03-12"), ("3/2011", "2011-03"), ("03.2011", "2011-03"), ("2011", "2011"),
        ("3rd march 11", "2011-03-03"), ("030311", "2011-03-03"), ("March 2011", "2011-03"),
        ("mar 11", None), ("13/2011", None), ("0/2011", None), ("3/11", None), ("1432", None),
        ("2099", None), ("201", None),
    ],
)  # fmt: skip
def test_as_much_of_a_birthday_as_is_known_is_kept(typed: str, kept: str | None) -> None:
    """The year alone is better than nothing, as the form promises; half a year is nothing."""
    assert read_day(typed, TODAY) == kept
    if kept:
        assert read_day(as_typed(kept), TODAY) == kept


def test_a_year_is_shown_as_a_year_and_stays_one() -> None:
    """Nobody is given the first of January for a birthday."""

    async def walk() -> None:
        async with answering(BORN) as (app, held):
            await app.keys("p.dob", "2011")
            assert held.answers["p.dob"] == "2011"
            await app.type("p.dob", "03/2011")
            assert held.answers["p.dob"] == "2011-03"
            assert app.says("March 2011")
        async with answering(BORN, dob="2011") as (app, _):
            assert app.box("p.dob").value == "2011"

    journey(walk)
    assert (said_date("2011"), said_date("2011-03-12")) == ("2011", "Sat 12 March 2011")


def test_a_time_on_any_earlier_day_is_typed() -> None:
    """A child who was last seen on Monday, on a Saturday."""

    async def walk() -> None:
        async with answering(FOUND) as (app, held):
            await app.tap("ret.found.other")
            await app.type("ret.found.other.first", "1830")
            await app.tap("ret.found.other.day.another")
            await app.keys("ret.found.other.date", "9/3/2026")
            assert app.at("ret.found.other.day.before").label == "Earlier Mon 9 Mar"
            assert app.at("ret.found.other.day.before").selected
            await app.tap("ret.found.other.done")
            assert held.answers["ret.found"] == Moment(at(18, 30, day=9), Precision.ABOUT)

    journey(walk)


def test_the_day_alone_is_an_answer_where_the_question_says_so() -> None:
    """B.0: a date without an hour, and nobody makes an hour up."""

    async def walk() -> None:
        async with answering(SEEN) as (app, held):
            await app.tap("ret.seen.other")
            assert app.says(words.DAY_ALONE)
            assert not app.has("ret.seen.other.done")
            await app.tap("ret.seen.other.day.another")
            await app.type("ret.seen.other.date", "02/03/2026")
            await app.tap("ret.seen.other.done")
            assert held.answers["ret.seen"] == Moment(at(0, 0, day=2), Precision.DATE_ONLY)
            assert app.says("Recorded: Mon 2 March 2026")
            assert app.at("ret.seen.other").label == "On Mon 2 Mar"

    journey(walk)


def test_a_day_alone_is_none_where_a_clock_starts() -> None:
    """The hour in which a child was found is what every clock runs from."""

    async def walk() -> None:
        async with answering(FOUND) as (app, _):
            await app.tap("ret.found.other")
            await app.tap("ret.found.other.day.yesterday")
            assert not app.has("ret.found.other.done")
            assert not app.says(words.DAY_ALONE)

    journey(walk)
    starts = {name for clock in definitions.clocks() for name in clock.starts}
    alone = {one.id for form in definitions.every_form() for one in form.fields() if one.day_alone}
    assert {"pi.stop_when", "ppn.stop_when", "ret.last_seen_at", "ret.reported_at"} <= alone
    assert not alone & starts


def test_half_a_day_chooses_none() -> None:
    """A month is no day to put a time on."""

    async def walk() -> None:
        async with answering(SEEN) as (app, _):
            await app.tap("ret.seen.other")
            await app.tap("ret.seen.other.day.another")
            await app.type("ret.seen.other.date", "03/2026")
            assert app.says(words.NOT_YET_A_DAY)
            assert not app.has("ret.seen.other.done")

    journey(walk)


def test_a_day_is_kept_once_it_is_one_and_what_is_not_says_so() -> None:
    """Half a date in the store would break every rule that reads it."""

    async def walk() -> None:
        async with answering(BORN) as (app, held):
            await app.keys("p.dob", "9/8/201")
            assert "p.dob" not in held.answers
            assert app.says(words.NOT_YET_A_BIRTHDAY)
            await app.keys("p.dob", "0")
            assert held.answers["p.dob"] == "2010-08-09"
            assert app.says("Mon 9 August 2010")

    journey(walk)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("3/3/2011", "Thu 3 March 2011, 15 years old"),
        ("3/3/2031", f"Mon 3 March 2031. {words.BORN_AHEAD}"),
        ("3/3/1911", f"Fri 3 March 1911. {words.BORN_LONG_AGO}"),
        ("15/3/2026", words.BORN_AHEAD),
        ("14/3/2026", "under a year old"),
        ("2027", words.BORN_AHEAD),
        ("04/2026", words.BORN_AHEAD),
    ],
)
def test_a_birthday_says_how_old_it_makes_somebody(typed: str, says: str) -> None:
    """A slip of the year is seen while it is typed. It is remarked on, and kept as it was given."""

    async def walk() -> None:
        async with answering(BORN) as (app, held):
            await app.type("p.dob", typed)
            assert app.says(says), app.texts()
            assert held.answers["p.dob"] == read_day(typed, TODAY)

    journey(walk)
    assert "2012" in words.NOT_YET_A_BIRTHDAY, "a day that could be a child's birthday"


def test_taking_a_figure_back_does_not_bring_the_old_day_back() -> None:
    """The store still says the old day for a moment; the box belongs to the officer."""

    async def walk() -> None:
        async with answering(BORN, late=True, dob="2010-08-09") as (app, held):
            await app.type("p.dob", "09/08/201")
            assert app.box("p.dob").value == "09/08/201"
            held.tell("p.dob", None)
            await app.settle()
            assert app.box("p.dob").value == "09/08/201"

    journey(walk)


def test_the_calendar_hands_over_local_midnight_as_an_instant() -> None:
    """In summer that instant lies on the day before in UTC."""
    assert picked_day(datetime(2026, 6, 1, 23, 0, tzinfo=UTC)) == date(2026, 6, 2)
    assert picked_day(date(2026, 6, 2)) == date(2026, 6, 2)
    assert picked_day(None) is None


def test_moments_in_words() -> None:
    """As a supervisor reads them."""
    assert said_moment(Moment(at(0, 0), Precision.DATE_ONLY)) == "Sat 14 March 2026"
    said = said_moment(Moment(at(1, 0), Precision.RANGE, at(2, 0)))
    assert said == "Between 01:00 and 02:00, Sat 14 March 2026"


def test_ages_turn_on_the_birthday() -> None:
    """Eighteen tomorrow is a child tonight."""
    assert age_on(date(2008, 3, 15), TODAY) == 17
    assert age_on(date(2008, 3, 14), TODAY) == 18


def test_the_last_time_a_clock_said_so() -> None:
    """02:41 now: 02:40 is tonight, 02:42 was yesterday."""
    assert latest_at(at(2, 41), (2, 40)) == TODAY
    assert latest_at(at(2, 41), (2, 42)) == date(2026, 3, 13)
