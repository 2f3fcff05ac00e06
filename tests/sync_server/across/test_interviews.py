"""The return home interview is chased, and taken further up the longer it does not come (R-28)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.duties import title_of
from booklets.records import Record, reference_of
from sync_server import audit
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.duties import look_once
from tests.support.again import asked, closes, of
from tests.support.builders import NIGHT, a_task, an_id
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import Clock, Handheld, rows

CLOCK, CHASE = "return_home_interview", "chase_interview"
MANAGER, SERVICE, DIRECTOR = "interview_to_manager", "interview_to_service", "interview_to_director"
BACK = NIGHT - timedelta(minutes=40)
Night = Callable[..., Record]


def an_interview_of(night: Record, outcome: Answer, *, report: bool = True, **more: Any) -> Record:
    """The record of the return home interview, as the team writes it."""
    said: dict[str, Answer] = {"rhi.requested_at": Moment(NIGHT), "rhi.outcome": outcome}
    if outcome == "held" and report:
        said["rhi.received_at"] = Moment(NIGHT + timedelta(days=2))
    return a_record("rhi", night, said, **more)


@pytest.fixture
def back(night: Night) -> Record:
    """A child is back, on Saturday 14 March 2026, and the interview is owed on Tuesday."""
    due = a_task(
        CLOCK, rule=CLOCK, owner="mhet", subject=str(an_id("child one")), due_at=BACK + timedelta(hours=72)
    )
    return night("one", 0, tasks=(due,))


def stages(context: Context) -> list[tuple[str, str]]:
    """What was asked for, and how it stands."""
    return [(kind, status) for kind, rule, _, status in asked(context) if rule == "R-28"]


@pytest.mark.parametrize(
    ("hours", "stage"),
    [
        (47.9, []),
        (48.1, [(CHASE, "open")]),
        (72.1, [(MANAGER, "open")]),
        (24 * 9.9, [(MANAGER, "open")]),
        (24 * 10.1, [(SERVICE, "open")]),
        (24 * 17.1, [(DIRECTOR, "open")]),
        (24 * 80, []),
    ],
    ids=[
        "not yet",
        "chased",
        "72 hours",
        "a weekend between",
        "five days more",
        "ten days more",
        "long ago",
    ],
)
def test_each_stage_comes_in_its_time(
    context: Context, clock: Clock, back: Record, hours: float, stage: list[tuple[str, str]]
) -> None:
    """Two days, three, and then working days: due on a Tuesday, five of them later it is the next."""
    clock.at = BACK + timedelta(hours=hours)

    look(context)
    look(context)

    assert stages(context) == stage


def test_a_stage_stops_what_was_asked_before_it(
    context: Context, clock: Clock, back: Record, sergeant: Colleague
) -> None:
    """One task says how far it has gone; what is late is told to the supervisors too."""
    for hours in (49, 73, 24 * 5, 24 * 10 + 2):
        clock.at = BACK + timedelta(hours=hours)
        look(context)
        look(context)
        look_once(context)

    assert stages(context) == [(CHASE, "stopped"), (MANAGER, "stopped"), (SERVICE, "open")]
    assert [one["due_at"] for one in rows(context, task) if one["kind"] == SERVICE] == [
        clock.at + timedelta(days=1)
    ]
    assert MANAGER in [one["what"] for one in sergeant.heard("task")]
    assert title_of(SERVICE) == "Return home interview: take it to the service manager"


@pytest.mark.parametrize("outcome", ["held", "declined", "not_contactable", "already_held"])
def test_it_ends_once_a_record_says_what_came_of_it(
    context: Context, clock: Clock, back: Record, mhet: Colleague, outcome: str
) -> None:
    """The clock, the chase and every stage after it."""
    clock.at = BACK + timedelta(hours=49)
    look(context)
    came = mhet.sent(an_interview_of(back, outcome))

    look(context)
    clock.at = BACK + timedelta(days=20)
    look(context)

    found = {one["kind"]: (one["status"], one["outcome"]) for one in rows(context, task)}
    ends = ("done", f"RHI {reference_of(of(came))}")
    assert found == {CLOCK: ends, CHASE: ends}
    with context.store.read() as connection:
        history = [one["what"] for one in audit.entries_of(connection, str(of(back)))]
    assert history.count("came_across_records") == 2


@pytest.mark.parametrize("outcome", ["pending", Gap(Why.NOT_KNOWN, "nobody answers")])
def test_a_record_that_says_nothing_yet_ends_nothing(
    context: Context, clock: Clock, back: Record, mhet: Colleague, outcome: Answer
) -> None:
    """Asked for is not held."""
    mhet.sent(an_interview_of(back, outcome))
    clock.at = BACK + timedelta(hours=49)

    look(context)

    assert stages(context) == [(CHASE, "open")]


def test_an_interview_whose_report_never_came_is_chased_on(
    context: Context, clock: Clock, back: Record, mhet: Colleague
) -> None:
    """Held, and nobody here knows what the child said: it ends once the report is here."""
    held = mhet.sent(an_interview_of(back, "held", report=False))
    clock.at = BACK + timedelta(hours=49)
    look(context)
    assert stages(context) == [(CHASE, "open")]

    Handheld.signed_in(mhet.handheld, mhet.handheld.officer, before=True)
    mhet.revises(held, {"rhi.received_at": Moment(clock.at)})
    look(context)
    assert stages(context) == [(CHASE, "done")]


def test_an_interview_that_was_not_offered_is_chased_until_it_is_closed(
    context: Context, clock: Clock, back: Record, mhet: Colleague
) -> None:
    """A child has a right to the offer; whoever closes it all the same says why."""
    none = mhet.sent(an_interview_of(back, "not_offered"))
    clock.at = BACK + timedelta(hours=49)
    look(context)
    assert stages(context) == [(CHASE, "open")]

    Handheld.signed_in(mhet.handheld, mhet.handheld.officer, before=True)
    mhet.revises(none, {"rhi.closed_reason": "moved_on", "rhi.closed_because": "York holds it on Monday."})
    look(context)
    assert stages(context) == [(CHASE, "done")]


def test_a_record_that_was_begun_apart_ends_it_too(
    context: Context, clock: Clock, back: Record, mhet: Colleague
) -> None:
    """Somebody at a desk opens the form without the return, and types the child again."""
    clock.at = BACK + timedelta(hours=49)
    look(context)
    mhet.sent(an_interview_of(back, "held", episode=an_id("apart"), subject=an_id("child again")))

    look(context)

    assert stages(context) == [(CHASE, "done")]


def test_what_is_not_needed_is_not_chased(
    context: Context, clock: Clock, back: Record, mhet: Colleague
) -> None:
    """Somebody has said why, in words."""
    closes(mhet, CLOCK, outcome="not_needed", words="He turned 18 on the day he came back.")
    clock.at = BACK + timedelta(hours=80)

    look(context)

    assert stages(context) == []


def test_nobody_asks_about_a_child_who_has_died(
    context: Context, clock: Clock, back: Record, night: Night
) -> None:
    """R-50: also where the death is of a later night."""
    clock.at = BACK + timedelta(hours=49)
    look(context)
    night("two", 2.5, answers={"ret.found_how": "dead"})

    look(context)
    clock.at = BACK + timedelta(days=20)
    look(context)

    assert stages(context) == [(CHASE, "stopped")]
    assert (CLOCK, "stopped") in [(kind, status) for kind, _, _, status in asked(context)]
