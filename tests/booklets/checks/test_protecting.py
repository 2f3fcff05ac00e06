"""Two officers, 72 hours, reviews, hand-overs, where the child stays, offences: the checks alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.checks.dates import no_time_ahead
from booklets.checks.protecting import (
    another_takes_over,
    answered_in_time,
    cause_remains,
    duty_goes_on,
    duty_team_reached,
    ended_in_time,
    every_transfer_accepted,
    gaps_say_why,
    home_is_checked,
    next_review_is_set,
    no_power_running,
    offences_are_accounted_for,
    one_chosen,
    power_not_over,
    reviewed_in_time,
    station_is_explained,
    two_people,
)
from booklets.checks.registry import Spot
from booklets.facts import Facts

USED = datetime(2026, 3, 27, 22, 30, tzinfo=UTC)
LIMIT = 72 * 60


def hours(after: float) -> Moment:
    """A moment so many hours after the power was used."""
    return Moment(USED + timedelta(hours=after))


def facts(after: float | None = 0, /, **answers: Answer) -> Facts:
    """A record with these answers, so many hours after the power was used; ``None``: nobody knows when."""
    known = MappingProxyType({f"f.{name}": answer for name, answer in answers.items()})
    return Facts(answers=known, now=None if after is None else hours(after).at)


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("PC 2217 Okoro", "Insp 88 Farrow", True),
        ("PC 2217 Okoro", "Inspector Ada Okoro, 2217", False),
        ("PC 2217 Okoro", "Insp 88 Okoro", True),
        ("PC Ada Okoro", "T/Insp Okoro", False),
        ("PC Okoro", "Insp 88 Farrow", True),
        ("2217", "Insp 88 Farrow", True),
        ("2217", "Insp Farrow", True),
        ("PC", "Insp", True),
        (None, "Insp 88 Farrow", True),
        ("PC 2217 Okoro", Gap(Why.PENDING), True),
    ],
)
def test_two_officers_are_told_apart_by_number_else_by_name(
    one: Answer | None, other: Answer | None, two: bool
) -> None:
    """A rank is no name; where one of them has no number their names decide."""
    assert two_people(one, other) is two
    assert two_people(other, one) is two


@pytest.mark.parametrize(
    ("answer", "well"),
    [(("a", "b"), True), (("c",), False), (None, True), ((), True), (Gap(Why.NOT_KNOWN), True), ("a", True)],
)
def test_one_of_some_codes_is_chosen(answer: Answer | None, well: bool) -> None:
    """No answer is the question's own business."""
    assert one_chosen(answer, codes=["a"]) is well


@pytest.mark.parametrize(
    ("after", "runs", "over"), [(0, True, False), (71.9, True, False), (72, False, True), (99, False, True)]
)
def test_the_power_runs_until_its_time_is_over_and_not_a_minute_longer(
    after: float, runs: bool, over: bool
) -> None:
    """One or the other is said, never both; the hour is that of the wall after the clocks went forward."""
    at = facts(after, start=hours(0))
    running = no_power_running(at, start="f.start", minutes=LIMIT)
    ended = power_not_over(at, start="f.start", minutes=LIMIT)

    assert (bool(running), bool(ended)) == (runs, over)
    assert [one.words for one in (*running, *ended)] == ["23:30, Mon 30 March"]


def test_a_power_that_began_at_no_known_time_says_nothing() -> None:
    """The question itself is needed; nothing can be counted from it."""
    for known in ({}, {"start": Gap(Why.NOT_KNOWN)}):
        at = facts(99, **known)
        assert not no_power_running(at, start="f.start", minutes=LIMIT)
        assert not power_not_over(at, start="f.start", minutes=LIMIT)
        assert not ended_in_time(at, start="f.start", ended="f.end", minutes=LIMIT)
        assert not answered_in_time(at, start="f.start", field="f.plan", minutes=60)
        assert not reviewed_in_time(at, start="f.start", reviews="f.reviews", minutes=60)
    assert no_power_running(facts(None, start=hours(0)), start="f.start", minutes=LIMIT)
    assert not power_not_over(facts(None, start=hours(0)), start="f.start", minutes=LIMIT)
    assert not answered_in_time(facts(None, start=hours(0)), start="f.start", field="f.plan", minutes=60)


@pytest.mark.parametrize(
    ("end", "well"), [(hours(71), True), (hours(72), True), (hours(73), False), (None, True)]
)
def test_what_ended_after_the_limit_did_not_end_in_time(end: Moment | None, well: bool) -> None:
    """The last minute counts as in time."""
    known = {"start": hours(0), **({"end": end} if end else {})}

    assert bool(ended_in_time(facts(**known), start="f.start", ended="f.end", minutes=LIMIT)) is not well


@pytest.mark.parametrize(
    ("after", "plan", "well"),
    [(65, None, True), (66, None, False), (66, "To nan.", True), (66, Gap(Why.PENDING), False)],
)
def test_a_plan_is_there_by_its_time(after: float, plan: Answer | None, well: bool) -> None:
    """A plan that is pending is none."""
    known = {"start": hours(0), **({"plan": plan} if plan else {})}

    assert (
        bool(answered_in_time(facts(after, **known), start="f.start", field="f.plan", minutes=66 * 60))
        is not well
    )


def reviews(*after: float) -> tuple[Row, ...]:
    """Reviews so many hours after the power was used, in the order they were typed."""
    return tuple({"at": hours(one), "cause": "yes"} for one in after)


@pytest.mark.parametrize(
    ("rows", "now", "due"),
    [
        ((), 12, ""),
        ((), 12.1, "10:30, Sat 28 March"),
        (reviews(6), 18, ""),
        (reviews(6), 18.5, "16:30, Sat 28 March"),
        (reviews(6, 14), 20, ""),
        (reviews(14, 6), 20, ""),
        (reviews(6, 19), 20, "16:30, Sat 28 March"),
        (({"cause": "yes"},), 6, ""),
    ],
)
def test_reviews_follow_one_another_in_time(rows: tuple[Row, ...], now: float, due: str) -> None:
    """Before the first, between two and since the last; the newest that was missed is named."""
    at = facts(now, start=hours(0), **({"reviews": rows} if rows else {}))
    found = reviewed_in_time(at, start="f.start", reviews="f.reviews", minutes=12 * 60)

    assert [one.words for one in found] == ([due] if due else [])


@pytest.mark.parametrize(
    ("row", "well"),
    [
        ({"next_at": hours(14)}, True),
        ({"next_at": hours(18)}, True),
        ({"next_at": hours(19)}, False),
        ({"next_at": hours(5)}, False),
        ({}, False),
        ({"cause": "no"}, True),
    ],
)
def test_the_newest_review_says_when_the_next_one_is(row: Row, well: bool) -> None:
    """Only the newest counts, in whatever order they were typed; what ends now needs no next one."""
    newest: Row = {"at": hours(6), "cause": "yes", **row}

    for rows in ((newest, *reviews(2)), (*reviews(2), newest), (newest, {"cause": "yes"})):
        at = facts(reviews=rows)
        assert bool(next_review_is_set(at, reviews="f.reviews", minutes=12 * 60)) is not well
    assert not next_review_is_set(facts(), reviews="f.reviews", minutes=12 * 60)


def test_nobody_hands_over_to_the_constable() -> None:
    """R-21 holds for whoever comes later as well."""
    back: Row = {"to": "A/Insp 2217 Okoro", "at": hours(8)}

    def passes(*rows: Row) -> bool:
        at = facts(used="PC 2217 Okoro", **({"t": rows} if rows else {}))
        return not another_takes_over(at, constable="f.used", transfers="f.t")

    assert (passes(), passes(GIVEN), passes(GIVEN, back)) == (True, True, False)


def test_one_review_that_finds_no_cause_ends_it() -> None:
    """Whatever was found before or after: somebody has to end it."""
    no: Row = {"at": hours(9), "cause": "no"}

    assert not cause_remains(facts(reviews=reviews(6)), reviews="f.reviews")
    assert cause_remains(facts(reviews=(no, *reviews(12))), reviews="f.reviews") == [Spot(("f.reviews",))]
    assert not cause_remains(facts(), reviews="f.reviews")


GIVEN: Row = {"to": "Insp 91 Reed", "at": hours(8)}
TAKEN: Row = {**GIVEN, "accepted_at": hours(9)}


def test_a_hand_over_that_nobody_accepted_is_none() -> None:
    """Who has not accepted is named; a name that is missing is still somebody."""
    open_ = every_transfer_accepted(facts(t=(TAKEN, GIVEN, {"at": hours(9)})), transfers="f.t")

    assert [one.words for one in open_] == ["Insp 91 Reed, the next officer"]
    assert not every_transfer_accepted(facts(t=(TAKEN,)), transfers="f.t")
    assert not every_transfer_accepted(facts(), transfers="f.t")


@pytest.mark.parametrize(
    ("now", "rows", "well"),
    [(6, (), True), (7.5, (), False), (9, (), False), (7.5, (GIVEN,), False), (7.5, (TAKEN,), True)],
)
def test_an_officer_who_goes_off_has_handed_over(now: float, rows: tuple[Row, ...], well: bool) -> None:
    """An hour before the end of duty at the latest."""
    at = facts(now, until=hours(8), **({"t": rows} if rows else {}))

    assert bool(duty_goes_on(at, until="f.until", transfers="f.t", minutes=60)) is not well
    assert not duty_goes_on(facts(None, until=hours(8)), until="f.until", transfers="f.t", minutes=60)


STATION: Mapping[str, Answer] = {
    "where": "police_station",
    "because": "No home was free before four o'clock.",
    "inspector": "Insp 88 Farrow",
    "until": hours(4),
}


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({}, ()),
        ({"because": "None."}, ("f.because",)),
        ({"because": Gap(Why.PENDING)}, ("f.because",)),
        ({"inspector": Gap(Why.PENDING), "until": Gap(Why.NOT_KNOWN)}, ("f.inspector", "f.until")),
        ({"where": "hospital", "because": "x"}, ()),
    ],
)
def test_a_station_needs_reason_inspector_and_time(
    changed: Mapping[str, Answer], lacks: tuple[str, ...]
) -> None:
    """What is missing is pointed at, in one complaint."""
    found = station_is_explained(
        facts(**{**STATION, **changed}),
        where="f.where",
        because="f.because",
        inspector="f.inspector",
        until="f.until",
        least=20,
    )

    assert [one.fields for one in found] == ([lacks] if lacks else [])


@pytest.mark.parametrize(
    ("answers", "lacks"),
    [
        ({"at": "hospital"}, ()),
        ({"at": "relative"}, ("f.a", "f.b")),
        ({"at": "relative", "a": "nothing_found", "b": "not_checked"}, ("f.b",)),
        ({"at": "relative", "a": "nothing_found", "b": Gap(Why.PENDING)}, ("f.b",)),
        ({"at": "relative", "a": "nothing_found", "b": "something_found"}, ("f.found",)),
        ({"at": "relative", "a": "nothing_found", "b": "something_found", "found": "A caution."}, ()),
        ({"at": "relative", "a": "nothing_found", "b": "nothing_found"}, ()),
    ],
)
def test_a_home_is_checked_and_what_was_found_is_said(
    answers: Mapping[str, Answer], lacks: tuple[str, ...]
) -> None:
    """Every check has its result."""
    found = home_is_checked(
        facts(**answers), at={"f.at": ["relative"]}, checks=["f.a", "f.b"], found="f.found"
    )

    assert [one.fields for one in found] == ([lacks] if lacks else [])


RECORDED: tuple[Row, ...] = ({"offence": "neglect", "crime_no": "1", "investigator": "DC Lowe"},)


@pytest.mark.parametrize(
    ("answers", "lacks"),
    [
        ({}, "f.considered"),
        ({"considered": ("none",)}, "f.because"),
        ({"considered": ("none",), "because": "A fall on ice."}, ""),
        ({"considered": ("none",), "recorded": RECORDED}, "f.because"),
        ({"considered": ("neglect",)}, "f.because"),
        ({"considered": ("neglect",), "recorded": RECORDED}, ""),
        ({"considered": ("neglect",), "because": "Handed to the other force, which records it."}, ""),
    ],
)
def test_offences_are_recorded_or_explained(answers: Mapping[str, Answer], lacks: str) -> None:
    """Silence about them is never an answer."""
    found = offences_are_accounted_for(
        facts(**answers), considered="f.considered", recorded="f.recorded", because="f.because"
    )

    assert [one.fields for one in found] == ([(lacks,)] if lacks else [])


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        ("yes", True),
        (Gap(Why.NOT_ASKED), False),
        (Gap(Why.NOT_ASKED, " "), False),
        (Gap(Why.NOT_ASKED, "asleep"), True),
        (Gap(Why.PENDING, due="2026-03-28T09:00:00Z"), True),
    ],
)
def test_a_gap_says_why_or_when(answer: Answer, well: bool) -> None:
    """A bare gap is asked about."""
    assert bool(gaps_say_why(facts(told=answer), fields=["f.told"])) is not well


def test_the_duty_team_is_named_until_somebody_has_answered() -> None:
    """Its number stands where the call is missing; nothing is said before the power is used."""
    force = MappingProxyType({"emergency_duty_team": "Team", "emergency_duty_team_phone": "01632 960144"})
    nobody: Row = {"with": "edt_york", "outcome": "no_answer"}
    somebody: Row = {"with": "edt_york", "outcome": "accepted"}

    def told(**answers: Answer) -> list[str]:
        known = {f"f.{name}": answer for name, answer in answers.items()}
        at = Facts(answers=MappingProxyType(known), force=force)
        return [one.words for one in duty_team_reached(at, field="f.told", once="f.start")]

    assert told(start=hours(0)) == told(start=hours(0), told=(nobody,)) == ["Team, 01632 960144"]
    assert told(start=hours(0), told=(nobody, somebody)) == told() == []


def test_only_what_is_still_to_come_may_lie_ahead() -> None:
    """A field or a column that says so; everything else is a slip."""
    row: Row = {"at": hours(1), "next_at": hours(9)}
    at = facts(2, until=hours(8), reviews=(row,), began=hours(5))

    found = no_time_ahead(at, prefix="f", planned=["f.until"], column="next_at")

    assert found == [Spot(("f.began",))]
    assert {one.fields for one in no_time_ahead(at, prefix="f")} == {
        ("f.began",),
        ("f.until",),
        ("f.reviews",),
    }
