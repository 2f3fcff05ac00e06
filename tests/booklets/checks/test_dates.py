"""When things happened, and whether somebody was told in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest

from booklets.answers import Answer, Gap, Moment, Precision, Row, Why
from booklets.checks.dates import (
    age_on,
    in_words,
    no_time_ahead,
    not_after,
    seen_in_time,
    somebody_reached,
    told_in_time,
    under_18_on,
)
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Facts

FOUND = datetime(2026, 3, 14, 2, 31, tzinfo=UTC)
NOBODY_DIED = MappingProxyType({"ret.found_how": ["dead"], "ret.condition": ["deceased"]})


def moment(minutes: int = 0, precision: Precision = Precision.EXACT) -> Moment:
    """A moment so many minutes after the child was found."""
    return Moment(FOUND + timedelta(minutes=minutes), precision)


def call(minutes: int, outcome: str) -> Row:
    """A call to the duty team so many minutes after the child was found."""
    return MappingProxyType({"with": "edt_north_yorkshire", "at": moment(minutes), "outcome": outcome})


def born(dob: str = "", age: str = "") -> Entity:
    """A child with this much of a date of birth."""
    facts = {"person.dob": dob, "person.age_estimate": age}
    return Entity(
        new_id(), EntityKind.PERSON, MappingProxyType({key: said for key, said in facts.items() if said})
    )


@pytest.mark.parametrize(
    ("earlier", "later", "well"),
    [
        (moment(0), moment(10), True),
        (moment(10), moment(0), False),
        (moment(30, Precision.ABOUT), moment(0), True),
        (moment(90, Precision.ABOUT), moment(0), False),
        (moment(600, Precision.DATE_ONLY), moment(0), True),
        (None, moment(0), True),
        (Gap(Why.NOT_KNOWN), moment(0), True),
    ],
)
def test_two_times_are_held_against_each_other_only_as_far_as_they_are_known(
    earlier: Answer | None, later: Answer | None, well: bool
) -> None:
    """To say "about half past two" does not contradict 02:10, and what is missing contradicts nothing."""
    assert not_after(earlier, later) is well


@pytest.mark.parametrize(
    ("dob", "age", "child"),
    [
        ("2011-06-02", "", True),
        ("2008-03-15", "", True),
        ("2008-03-14", "", False),
        ("2008", "", True),
        ("2007", "", False),
        ("2008-03", "", True),
        ("2008-02", "", False),
        ("", "15", True),
        ("", "30", False),
        ("", "", True),
        ("2011-02-31", "", True),
    ],
)
def test_a_child_is_a_child_until_the_eighteenth_birthday(dob: str, age: str, child: bool) -> None:
    """Where only the year is known, the youngest age that fits counts: the doubt helps the child."""
    facts = Facts(answers={"ret.found_at": moment()})

    assert under_18_on(born(dob, age), facts, when="ret.found_at") is child


def test_a_birthday_counts_by_the_day_in_the_united_kingdom() -> None:
    """Half past eleven in the evening UTC in June is already the next day here."""
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    facts = Facts(answers={"ret.found_at": Moment(late)})

    assert under_18_on(born("2008-06-02"), facts, when="ret.found_at") is False
    assert age_on(born("2008-06-02"), date(2026, 6, 1)) == 17


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 3, 14, 2, 31, tzinfo=UTC), "02:31, Sat 14 March"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "00:59, Sun 29 March"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "02:00, Sun 29 March"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "01:59, Sun 25 October"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "01:00, Sun 25 October"),
    ],
)
def test_times_are_spoken_as_clocks_here_show_them(instant: datetime, words: str) -> None:
    """A phone without time-zone files still says 02:00 when the kitchen clock does."""
    assert in_words(instant) == words


def test_a_time_ahead_of_now_is_pointed_out_and_the_past_is_not() -> None:
    """A slip of the date would move every clock; a phone a minute fast is no slip."""
    now = FOUND + timedelta(hours=1)
    answers: dict[str, Answer] = {
        "ret.found_at": moment(0),
        "ret.returned_at": Moment(now + timedelta(days=1)),
        "ret.told_police_at": Moment(now + timedelta(minutes=1)),
        "ret.la_informed": (call(600, "accepted"),),
        "pi.at": Moment(now + timedelta(days=1)),
    }

    spots = no_time_ahead(Facts(answers=answers, now=now), prefix="ret")

    assert [spot.fields for spot in spots] == [("ret.returned_at",), ("ret.la_informed",)]


@pytest.mark.parametrize(
    ("calls", "reached"),
    [
        ((), False),
        ((call(5, "no_answer"),), False),
        ((call(5, "failed"), call(9, "no_answer")), False),
        ((call(5, "no_answer"), call(9, "acknowledged")), True),
        ((call(5, "callback_due"),), True),
    ],
)
def test_nobody_has_been_told_until_somebody_has_answered(calls: tuple[Row, ...], reached: bool) -> None:
    """R-08: a record that waits for signal tells nobody, and neither does a phone that rings out."""
    answers: dict[str, Answer] = {"ret.found_at": moment(), "ret.la_informed": calls}

    spots = somebody_reached(
        Facts(answers=answers), field="ret.la_informed", once="ret.found_at", unless=NOBODY_DIED
    )

    assert (not spots) is reached


def test_nobody_is_rung_about_a_child_who_has_died_or_is_not_back() -> None:
    """R-50: after a death a person decides who is told."""
    died: dict[str, Answer] = {"ret.found_at": moment(), "ret.condition": ("deceased",)}

    for answers in (died, {}):
        facts = Facts(answers=answers)
        assert not somebody_reached(facts, field="ret.la_informed", once="ret.found_at", unless=NOBODY_DIED)


@pytest.mark.parametrize(
    ("calls", "minutes_passed", "late"),
    [
        ((), 30, False),
        ((), 61, True),
        ((call(59, "accepted"),), 300, False),
        ((call(61, "accepted"),), 300, True),
        ((call(20, "no_answer"), call(90, "accepted")), 300, True),
        ((call(20, "accepted"), call(90, "accepted")), 300, False),
    ],
)
def test_a_council_told_late_is_asked_about(calls: tuple[Row, ...], minutes_passed: int, late: bool) -> None:
    """R-59: a late call with its reason can be mended, a silent one cannot."""
    answers: dict[str, Answer] = {"ret.found_at": moment()}
    if calls:
        answers["ret.la_informed"] = calls

    spots = told_in_time(
        Facts(answers=answers, now=FOUND + timedelta(minutes=minutes_passed)),
        start="ret.found_at",
        told="ret.la_informed",
        minutes=60,
        unless=NOBODY_DIED,
    )

    assert [spot.words for spot in spots] == (["03:31, Sat 14 March"] if late else [])


@pytest.mark.parametrize(
    ("spoken", "hours_passed", "late"),
    [(None, 3, False), (None, 25, True), (60, 30, False), (1500, 30, True)],
)
def test_a_first_talk_that_comes_late_is_asked_about(
    spoken: int | None, hours_passed: int, late: bool
) -> None:
    """R-44: the first talk is worth most soon after the return."""
    answers: dict[str, Answer] = {"ret.found_at": moment()}
    if spoken is not None:
        answers["pi.at"] = moment(spoken)

    spots = seen_in_time(
        Facts(answers=answers, now=FOUND + timedelta(hours=hours_passed)),
        start="ret.found_at",
        seen="pi.at",
        minutes=1440,
    )

    assert bool(spots) is late
