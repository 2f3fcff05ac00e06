"""How long to wait: never less than asked, never longer than said, and hurried only within that."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.sync.patience import (
    AFTER_NETWORK,
    LONGEST,
    Draw,
    Timetable,
    bound_after,
    wait_after,
    wait_after_network,
    wait_before_next_look,
)

FAILURES = st.integers(min_value=0, max_value=10_000)
ASKED = st.none() | st.floats(min_value=0, max_value=3600)
SEEDS = st.integers(min_value=0, max_value=2**32)


def drawing(seed: int) -> Draw:
    """Luck that can be had again."""
    return random.Random(seed).uniform  # noqa: S311 - spreads waits, hides nothing


def lowest(low: float, _high: float) -> float:
    """Luck that always draws the shortest wait."""
    return low


def highest(_low: float, high: float) -> float:
    """Luck that always draws the longest wait."""
    return high


@given(failures=FAILURES, asked=ASKED, seed=SEEDS)
def test_a_wait_is_as_long_as_asked_and_no_longer_than_said(
    failures: int, asked: float | None, seed: int
) -> None:
    """The server's wish is a floor; the bound that doubles is what may come on top."""
    wait = wait_after(failures, draw=drawing(seed), retry_after=asked)

    assert (asked or 0.0) <= wait <= (asked or 0.0) + bound_after(failures)


@given(failures=FAILURES)
def test_the_bound_doubles_until_five_minutes(failures: int) -> None:
    """One second, two, four, …, and never beyond five minutes however long the outage."""
    assert bound_after(failures) == min(LONGEST, 2.0**failures if failures < 1000 else LONGEST)
    assert wait_after(failures, draw=highest) == bound_after(failures)


def test_the_whole_range_is_drawn_from() -> None:
    """Full jitter: a hundred thousand handhelds spread from at once to the bound, not around its middle."""
    draw = drawing(7)
    waits = [wait_after(20, draw=draw) for _ in range(4000)]

    assert min(waits) < 0.01 * LONGEST
    assert max(waits) > 0.99 * LONGEST
    assert 0.47 * LONGEST < sum(waits) / len(waits) < 0.53 * LONGEST


def test_fewer_than_no_failures_is_a_mistake() -> None:
    """A negative count would quietly mean a wait of fractions of a second."""
    with pytest.raises(ValueError, match="failures"):
        bound_after(-1)


@given(seed=SEEDS)
def test_all_come_back_within_five_seconds_of_the_network_but_not_together(seed: int) -> None:
    """After an outage of a whole network the first second must not bring everyone."""
    assert 0.0 <= wait_after_network(draw=drawing(seed)) <= AFTER_NETWORK
    assert 200 < wait_before_next_look(draw=drawing(seed)) < 400


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["failed", "well", "hurry", "network"]), ASKED, st.floats(0, 100)),
        max_size=30,
    ),
    seed=SEEDS,
)
def test_no_hurry_goes_before_what_the_server_asked_for(
    steps: list[tuple[str, float | None, float]], seed: int
) -> None:
    """Whatever happens in whatever order: a server that said "not before" is left alone until then."""
    timetable, at, not_before = Timetable(draw=drawing(seed)), 0.0, 0.0
    for what, asked, passes in steps:
        match what:
            case "failed":
                timetable.failed(at, retry_after=asked)
                not_before = at + (asked or 0.0)
            case "well":
                timetable.all_well(at)
                not_before = at
            case "hurry":
                timetable.hurry(at)
            case _:
                timetable.network_regained(at)
        assert timetable.due >= not_before
        at += passes


def test_hurrying_ends_a_wait_at_once() -> None:
    """An officer who submits does not wait for the rest of five minutes of a failure before."""
    timetable = Timetable(draw=highest)
    for _ in range(9):
        timetable.failed(100.0)

    timetable.hurry(101.0)

    assert timetable.due == 101.0


def test_what_got_through_starts_the_doubling_anew() -> None:
    """On a line that carries something, the rest is not punished for failures of an hour ago."""
    timetable = Timetable(draw=highest)
    for _ in range(9):
        timetable.failed(0.0)

    timetable.failed(0.0, some_got_through=True)

    assert (timetable.due, timetable.failures) == (1.0, 1)


def test_being_well_looks_again_in_about_five_minutes() -> None:
    """News of a record sent back must not wait for the officer to submit another."""
    timetable = Timetable(draw=lowest)

    timetable.all_well(1000.0)

    assert timetable.due == 1240.0


def test_a_glance_at_the_list_looks_at_once_where_all_is_well_and_not_again_and_again() -> None:
    """What a sergeant asked waited up to five minutes for an officer who had gone to look for it."""
    timetable = Timetable(draw=highest)
    timetable.all_well(100.0)

    timetable.glance(105.0)
    assert timetable.due == 120.0, "twenty seconds after the last time"
    timetable.glance(130.0)
    assert timetable.due == 120.0
    timetable.all_well(121.0)
    timetable.glance(200.0)
    assert timetable.due == 200.0


@pytest.mark.parametrize("trouble", [Timetable.failed, Timetable.stands])
def test_a_glance_changes_nothing_without_signal_or_while_a_person_has_to_act(
    trouble: Callable[[Timetable, float], None],
) -> None:
    """Each look would cost battery and find nobody."""
    timetable = Timetable(draw=highest)
    timetable.all_well(0.0)
    trouble(timetable, 100.0)
    due = timetable.due

    timetable.glance(100.5)

    assert timetable.due == due
