"""Clocks: they run on instants, so that no clock on a wall adds or loses an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.dates import uk_time
from booklets.clocks import Basis, Clock, Running, running, setting
from booklets.conditions import Condition, Expectation
from booklets.definitions.timing import read_clocks
from booklets.errors import DefinitionError
from booklets.stamps import Stamp
from tests.support.builders import FORCE, NIGHT
from tests.support.definitions import a_form, table

INTERVIEW = Clock(
    id="rhi",
    title="Return home interview",
    starts=("ret.returned_at", "ret.found_at"),
    minutes="@hours72",
    basis=Basis.GUIDANCE,
    owner="mhet",
    stops="rhi.done",
    unless=Condition(((Expectation("ret.condition", ("deceased",)),),)),
)
FORCE_HERE = {"hours72": 72 * 60}


def the_clock(answers: dict[str, Answer], clock: Clock = INTERVIEW) -> Running:
    """The one clock, running."""
    [one] = running([clock], answers, FORCE_HERE)
    return one


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(datetime(2026, 3, 27, 22, 30, tzinfo=UTC), id="the night the clocks go forward"),
        pytest.param(datetime(2026, 10, 23, 22, 30, tzinfo=UTC), id="the night the clocks go back"),
        pytest.param(datetime(2026, 1, 5, 22, 30, tzinfo=UTC), id="any other night"),
    ],
)
def test_seventy_two_hours_are_seventy_two_hours(found: datetime) -> None:
    """Counted, not read off a wall."""
    due = the_clock({"ret.found_at": Moment(found)}).due

    assert (due - found).total_seconds() == 72 * 3600


def test_the_wall_shows_another_hour_after_a_clock_change() -> None:
    """The time limit stays; what the officer reads on the wall moves."""
    found = datetime(2026, 3, 27, 22, 30, tzinfo=UTC)
    due = the_clock({"ret.found_at": Moment(found)}).due

    assert (uk_time(found).hour, uk_time(due).hour) == (22, 23)


def test_a_wrong_phone_clock_moves_nothing() -> None:
    """A stamp means the corrected instant, and clocks run on that."""
    slow = Stamp(NIGHT - timedelta(days=400), offset_ms=400 * 86_400_000)

    assert (
        the_clock({"ret.found_at": Moment(slow.instant)}).due
        == the_clock({"ret.found_at": Moment(NIGHT)}).due
    )


def test_the_first_moment_that_is_known_starts_it() -> None:
    """Back home counts; until that is known, being found does. A gap is no moment."""
    home = Moment(NIGHT + timedelta(hours=3))

    both = the_clock({"ret.returned_at": home, "ret.found_at": Moment(NIGHT)})
    gap = the_clock({"ret.returned_at": Gap(Why.NOT_KNOWN), "ret.found_at": Moment(NIGHT)})

    assert (both.started, gap.started) == (home.at, NIGHT)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({}, id="nothing is known"),
        pytest.param({"ret.found_at": Gap(Why.NOT_KNOWN)}, id="nobody knows when"),
        pytest.param(
            {"ret.found_at": Moment(NIGHT), "ret.condition": ("deceased",)}, id="the child has died"
        ),
    ],
)
def test_a_clock_that_has_no_reason_to_run_does_not(answers: dict[str, Answer]) -> None:
    """``unless`` silences it, whatever else is there."""
    assert list(running([INTERVIEW], answers, FORCE_HERE)) == []


def test_unless_beats_when() -> None:
    """The condition language has no "is not", so a clock and a rule have it."""
    when = Condition(((Expectation("ret.condition"),),))
    clock = Clock(
        id="c",
        title="C",
        starts=("ret.found_at",),
        minutes=1,
        basis=Basis.FORCE,
        owner="author",
        when=when,
        unless=INTERVIEW.unless,
    )
    known: dict[str, Answer] = {"ret.found_at": Moment(NIGHT)}

    assert list(running([clock], known, {})) == []
    assert len(list(running([clock], known | {"ret.condition": ("asleep",)}, {}))) == 1
    assert list(running([clock], known | {"ret.condition": ("asleep", "deceased")}, {})) == []


@pytest.mark.parametrize(
    ("answer", "done"),
    [
        pytest.param(Moment(NIGHT), True, id="a moment"),
        pytest.param("yes", True, id="an answer"),
        pytest.param(({"outcome": "accepted"},), True, id="somebody was reached"),
        pytest.param(({"outcome": "no_answer"}, {"outcome": "accepted"}), True, id="at the second try"),
        pytest.param(({"outcome": "no_answer"}, {"outcome": "failed"}), False, id="nobody answered"),
        pytest.param(({"with": "edt"},), False, id="nobody says how it ended"),
        pytest.param(Gap(Why.PENDING), False, id="it is still to come"),
        pytest.param(Gap(Why.REFUSED), False, id="a gap does nothing"),
    ],
)
def test_what_is_done_stops_the_clock(answer: Answer, done: bool) -> None:
    """A call that nobody answered told nobody."""
    one = the_clock({"ret.found_at": Moment(NIGHT), "rhi.done": answer})

    assert one.done is done
    assert one.late(NIGHT + timedelta(days=9)) is not done
    assert not one.late(one.due)


def test_the_soonest_comes_first() -> None:
    """What is due next stands on top."""
    soon = Clock(id="s", title="S", starts=("ret.found_at",), minutes=5, basis=Basis.FORCE, owner="author")

    assert [
        one.clock.id for one in running([INTERVIEW, soon], {"ret.found_at": Moment(NIGHT)}, FORCE_HERE)
    ] == ["s", "rhi"]


def test_a_force_says_how_long_in_numbers() -> None:
    """Anything else would be no time at all."""
    assert setting("@hours72", FORCE_HERE) == 4320
    assert setting("plain", FORCE_HERE) == "plain"
    with pytest.raises(DefinitionError, match="number of minutes"):
        INTERVIEW.length({"hours72": "long"})


@pytest.mark.parametrize("how", [{"ret.found_how": "dead"}, {"ret.condition": ("deceased",)}])
def test_no_clock_about_a_return_runs_for_a_child_who_has_died(how: dict[str, Answer]) -> None:
    """R-50, in the clocks as they are defined: no family is rung by a machine."""
    clocks, force = definitions.clocks(), definitions.force(FORCE)
    found: dict[str, Answer] = {"ret.found_at": Moment(NIGHT)}

    assert list(running(clocks, found, force)) != []
    assert list(running(clocks, found | how, force)) == []


CLOCK = """
[[clock]]
id = "c"
title = "C"
starts = ["f.at"]
minutes = 60
basis = "force"
owner = "author"
"""


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("60", '"soon"', "clock c: minutes must be a number of minutes, or a force setting's name after @"),
        ("60", "true", "minutes must be a number of minutes"),
        ("60", "-1", "minutes must be a number of minutes"),
        ('["f.at"]', "[]", "starts must name a field that holds a moment"),
        ('["f.at"]', '["f.att"]', "no form has a field 'f.att'; did you mean 'f.at'?"),
        ('["f.at"]', '["f.risk"]', "starts: f.risk is a one_of and not a moment"),
        ('"force"', '"law"', "basis is never 'law' (force, guidance, statute)"),
        ('"author"', '"author"\nunless = { "f.risk" = "x" }', "unless: f.risk is never 'x' (high, low)"),
        ('"author"', '"author"\nwhen = { "f.riks" = true }', "when: no field 'f.riks' stands above it"),
        ('"author"', '"author"\nstops = "f.x"', "no form has a field 'f.x'"),
        ('"author"', '"author"\nstop = "f.at"', "'stop' is not a setting here"),
        ('"author"', f'"author"\n{CLOCK}', "there are two of clock 'c'"),
    ],
)
def test_a_mistake_in_a_clock_is_answered_with_its_cause(old: str, new: str, answer: str) -> None:
    """A clock that never starts is worse than none."""
    known = {one.id: one for one in a_form().fields()}
    with pytest.raises(DefinitionError) as refused:
        read_clocks(table(CLOCK.replace(old, new, 1), "clocks.toml"), known)

    assert answer in str(refused.value)


def test_a_duty_of_this_shift_is_due_when_the_shift_ends_and_not_later_than_its_length() -> None:
    """R-16: end of shift, a day at most; on overtime the length alone counts."""
    clock = replace(INTERVIEW, end_of_shift=True)
    found = {clock.starts[0]: Moment(NIGHT)}
    length = clock.length(FORCE_HERE)

    def due(shift_ends: datetime | None, one: Clock = clock) -> datetime:
        [running_] = running([one], found, FORCE_HERE, shift_ends)
        return running_.due

    assert due(NIGHT + timedelta(hours=2)) == NIGHT + timedelta(hours=2)
    assert due(NIGHT + length * 2) == NIGHT + length
    assert due(NIGHT - timedelta(hours=1)) == NIGHT + length
    assert due(None) == NIGHT + length
    assert due(NIGHT + timedelta(hours=2), INTERVIEW) == NIGHT + length
