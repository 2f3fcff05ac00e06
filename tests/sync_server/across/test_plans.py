"""A child in great danger of exploitation has a trigger plan, and one that is not too old (R-32)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from booklets.answers import Answer, Moment
from booklets.records import Record, reference_of
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import KIT, asked, of
from tests.support.builders import NIGHT, a_task, an_id
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import Clock, rows

KIND = "make_trigger_plan"
Night = Callable[..., Record]


def a_review(night: Record, level: str, **more: Any) -> Record:
    """What the team makes of the episode."""
    return a_record("mh", night, {"mh.exploitation_level": level, "mh.reviewed_at": Moment(NIGHT)}, **more)


def a_plan(night: Record, review: date, **more: Any) -> Record:
    """A plan for the same child, with the day on which it is looked at again."""
    return a_record("trg", night, {"trg.review_due": review.isoformat()}, **more)


def days_on(days: int) -> date:
    """So many days after the first night."""
    return (NIGHT + timedelta(days=days)).date()


def states(context: Context) -> list[tuple[str, str]]:
    """What was asked for: by which rule, and how it stands."""
    return [(rule.partition("/")[0], status) for _, rule, _, status in asked(context, KIND)]


@pytest.mark.parametrize(("level", "found"), [("significant", [("R-32", "open")]), ("emerging", [])])
def test_the_teams_review_asks_for_a_plan(
    context: Context, night: Night, mhet: Colleague, level: str, found: list[tuple[str, str]]
) -> None:
    """Which levels do is the force's own."""
    review = mhet.sent(a_review(night("one", 0), level))

    look(context)
    look(context)

    assert states(context) == found
    assert [one["record"] for one in rows(context, task) if one["kind"] == KIND] == (
        [str(of(review))] if found else []
    )


@pytest.mark.parametrize(("marker", "found"), [("PMISS", [("R-32", "open")]), ("VI", [])])
def test_the_marker_asks_for_a_plan(
    context: Context, night: Night, marker: str, found: list[tuple[str, str]]
) -> None:
    """Police systems name some children a priority when missing."""
    marked: dict[str, Answer] = {"markers_checked": "yes", "warning_markers": ({"marker": marker},)}
    night("one", 0, child={**KIT, **marked})

    look(context)

    assert states(context) == found


def test_a_plan_that_holds_is_enough(context: Context, night: Night, mhet: Colleague) -> None:
    """Also one that another officer wrote, with another id for the same child."""
    first = night("one", 0)
    mhet.sent(a_plan(first, days_on(60), subject=an_id("child on the plan"), episode=an_id("plan")))
    mhet.sent(a_review(first, "significant"))

    look(context)

    assert states(context) == []


def test_a_plan_ends_what_had_asked_for_it(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """Also what a handheld's rule had asked."""
    first = night("one", 0)
    on_device = a_task(KIND, rule="R-32", owner="mhet", subject=str(an_id("child one")))
    mhet.sent(a_review(first, "significant", tasks=(on_device,)))
    look(context)
    assert states(context) == [("R-32", "open")]
    clock.at += timedelta(days=1)
    plan = mhet.sent(a_plan(first, days_on(60)))

    look(context)

    assert states(context) == [("R-32", "done")]
    assert rows(context, task)[0]["outcome"] == f"TRG {reference_of(of(plan))}"


def test_a_plan_past_its_review_is_asked_for_once(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """And again when the next one has grown old too."""
    first = night("one", 0)
    mhet.sent(a_review(first, "significant"))
    plan = mhet.sent(a_plan(first, days_on(10)))
    clock.at = NIGHT + timedelta(days=10)
    look(context)
    assert states(context) == []
    clock.at = NIGHT + timedelta(days=11)
    look(context)
    look(context)
    assert states(context) == [("R-32", "open")]
    mhet.comes_on_shift()
    mhet.revises(plan, {"trg.review_due": days_on(40).isoformat()})
    look(context)
    assert states(context) == [("R-32", "done")]
    clock.at = NIGHT + timedelta(days=41)

    look(context)

    assert states(context) == [("R-32", "done"), ("R-32", "open")]


def test_a_plan_without_a_day_is_old_after_the_forces_time(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """Ninety-two days, as delivered; a day that is further away counts as that."""
    first = night("one", 0)
    mhet.sent(a_review(first, "significant"))
    mhet.sent(a_plan(first, days_on(900)))
    clock.at = NIGHT + timedelta(days=92)
    look(context)
    assert states(context) == []
    clock.at = NIGHT + timedelta(days=93)

    look(context)

    assert states(context) == [("R-32", "open")]


def test_nobody_asks_about_a_child_who_has_died(context: Context, night: Night, mhet: Colleague) -> None:
    """R-50."""
    mhet.sent(a_review(night("one", 0), "significant"))
    look(context)
    night("two", 2, answers={"ret.found_how": "dead"})

    look(context)

    assert states(context) == [("R-32", "stopped")]


def test_a_plan_is_looked_at_again_after_each_time_missing(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """B.11: the child went again, and the return did not look at it; what the plan says may hold no more."""
    first = night("one", 0)
    mhet.sent(a_review(first, "significant"))
    mhet.sent(a_plan(first, days_on(60)))
    night("two", 3)
    look(context)
    assert states(context) == []

    clock.at = NIGHT + timedelta(days=5)
    look(context)
    assert states(context) == [("R-32", "open")]


def test_a_return_that_looked_at_the_plan_is_enough(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """The other side: read that night, nothing to change."""
    first = night("one", 0)
    mhet.sent(a_review(first, "significant"))
    mhet.sent(a_plan(first, days_on(60)))
    night("two", 3, answers={"ret.trigger_plan_action": "unchanged"})
    clock.at = NIGHT + timedelta(days=5)
    look(context)
    assert states(context) == []


def test_a_plan_of_a_child_in_another_danger_grows_old_as_well(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """R-32: made because of self-harm, and nobody ever said exploitation: past its day it is asked about."""
    first = night("one", 0)
    mhet.sent(a_plan(first, days_on(20)))
    clock.at = NIGHT + timedelta(days=22)
    look(context)
    assert states(context) == [("R-32", "open")]
