"""Looking for a missing child: what is tried, by whom, how soon, and what came of it.

Found: no "specific lines of inquiry or actions", and "a delay of over two hours before officers searched the
boy's room"; no trigger plan for a child who is regularly missing; delays until the incident manager assessed
it, high risk "assigned inappropriately" to area inspectors; reasons for delays and reviews that "aren't
always recorded"; actions without their outcome; investigations "allowed to drift" (Assessment and help).

The night again: Leo, 14, is gone since nine, and the becks are in flood.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Row, Scalar, Why
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from field_app.capture.session import CaptureSession
from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague
from tests.support.missing import AGAIN, HONEST, LEO, NOW, REPORTED, a_row, written
from tests.support.story_nights import StoryNight, said, speaks, stands

pytestmark = pytest.mark.thorough

ACTION = {"who": "PC Wells", "by": "immediate"}
HIGH: Mapping[str, Answer] = {
    "ra.level": "high",
    "ra.level_change_reason": "A dog walker saw him at ten on the weir, alone.",
}


def reported(night: StoryNight, changed: Mapping[str, Answer | None] | None = None) -> CaptureSession:
    """The report about Leo, whole but for these answers."""
    return night.writes(written({**HONEST, **(changed or {})}))


def test_usual_enquiries_are_no_line_of_enquiry(night: StoryNight) -> None:
    """Nothing specific was recorded: an action says which place, which person, which phone."""
    session = reported(night, {"ra.actions": None})
    assert "ra.actions" in stands(session)

    session.put("ra.actions", a_row(what="Usual enquiries.", **ACTION))
    assert "R-11a" in stands(session)
    with pytest.raises(NotAllowedNow):
        night.sends(session)

    session.put("ra.actions", a_row(what="Search Leo's room for the second phone, then the shed", **ACTION))
    assert not stands(session)


def test_the_room_is_searched_or_the_sergeant_hears_that_it_was_not(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Over two hours: the search is a task from the report on, and late it is told."""
    night.sends(reported(night))
    search = night.tasks()["home_search_medium"]
    assert (search["owner_role"], search["status"]) == ("author", "open")

    night.later(hours=3)
    assert "home_search_medium" in {one["what"] for one in sergeant.heard("task")}


def test_a_room_that_was_searched_in_time_is_told_to_nobody(night: StoryNight, sergeant: Colleague) -> None:
    """The other side: PC Sample looked, and says what was found."""
    night.sends(reported(night))
    night.closes("home_search_medium", "Second phone under the mattress; charger warm.")
    night.later(hours=3)
    assert "home_search_medium" not in {one["what"] for one in sergeant.heard("task")}


def test_the_incident_manager_has_twenty_minutes_and_then_it_is_late(
    night: StoryNight, incident_manager: Colleague, sergeant: Colleague
) -> None:
    """Delays until somebody assessed it: high risk is the manager's at once, and the minutes are counted."""
    night.sends(reported(night, HIGH))
    mine = night.tasks()["high_risk_taken_on"]
    assert mine["owner_role"] == "fim"
    assert mine["due_at"] == night.now - timedelta(minutes=25) + timedelta(minutes=20)
    night.later(minutes=30)
    assert "high_risk_taken_on" in {one["what"] for one in incident_manager.heard("task")}
    assert "high_risk_taken_on" in {one["what"] for one in sergeant.heard("task")}, "late, and told once"


def test_a_risk_that_was_taken_on_is_told_to_nobody_above(
    night: StoryNight, incident_manager: Colleague, sergeant: Colleague
) -> None:
    """The other side: the manager has it within the minutes, and says so."""
    session = reported(night, {**HIGH, "mis.reported_at": Moment(NOW - timedelta(minutes=5))})
    night.sends(session)
    night.closes("high_risk_taken_on", "Mine. Drone and two crews to the weir.", by=incident_manager)
    night.later(minutes=30)
    assert "high_risk_taken_on" not in {one["what"] for one in sergeant.heard("task")}


@pytest.mark.parametrize(("level", "owner"), [("high", "fim"), ("medium", "cii")])
def test_high_risk_is_never_given_to_the_area(night: StoryNight, level: str, owner: str) -> None:
    """Assigned inappropriately: who owns it follows from the level, and nobody chooses."""
    session = reported(night, HIGH if level == "high" else {})
    assert session.facts.answers["ra.owner_role"] == owner
    assert session.field("ra.owner_role").system
    assert night.sends(session)["rsk"].answers["ra.owner_role"] == owner


def test_the_next_look_at_the_risk_has_a_time_and_a_missed_one_is_seen(
    night: StoryNight, sergeant: Colleague
) -> None:
    """Allowed to drift: a grading says when it is looked at again, and when nobody does, it is told."""
    session = reported(night, {"ra.review_in": None})
    assert "ra.review_in" in stands(session)

    session.put("ra.review_in", "two_hours")
    night.sends(session)
    night.later(hours=3)
    assert "risk_review_medium" in {one["what"] for one in sergeant.heard("task")}


def test_a_trigger_plan_is_asked_for_first_and_nobody_looked_is_a_task(night: StoryNight) -> None:
    """No plan was on the systems: the first page asks, shows, or has somebody ask the control room."""
    session = reported(night, {"mis.trigger_plan": "not_checked"})
    assert "mis.trigger_plan" in session.guide.pages[0].fields()
    night.sends(session)
    assert night.tasks()["read_trigger_plan"]["status"] == "open"

    there = reported(night, {"mis.trigger_plan": "yes_not_seen"})
    assert "read out by the control room now" in said(there, "R-60")
    assert not {"R-60", "R-60a"} & speaks(reported(night))


def test_a_child_without_a_plan_is_owed_one(night: StoryNight) -> None:
    """Regularly missing, at high risk, and no plan: the team's review makes it a task."""
    session = night.phone.shift.start("mhet_review")
    session.put("mh.trigger_plan", "to_make")
    assert "R-32" in speaks(session, Effect.TASK)

    session.put("mh.trigger_plan", "current")
    assert "R-32" not in speaks(session)


@pytest.mark.parametrize(("times", "often"), [("2", True), ("1", False)])
def test_a_child_who_is_often_missing_is_looked_at_together(
    night: StoryNight, times: str, often: bool
) -> None:
    """Children "where this happens regularly": the force's limit sets a task with the council."""
    session = reported(night, {"mis.previous_30d": times})
    assert ("R-31" in speaks(session, Effect.TASK, stage=Stage.COMPLETE)) is often


def a_line(night: StoryNight, **cells: Scalar) -> tuple[Row, ...]:
    """One line of enquiry that is due now."""
    whole: dict[str, Scalar] = {
        "category": "cctv",
        "what": "Cameras at Leo's stop, Valley Drive, from nine",
        "owner": "PC Wells",
        "due_at": Moment(night.now - timedelta(minutes=1)),
        "priority": "immediate",
    }
    return ({**whole, **cells},)


def test_an_action_that_is_over_says_what_came_of_it(night: StoryNight) -> None:
    """Actions and outcomes were recorded now so, now so: done without an outcome is asked about."""
    session = night.phone.shift.start("enquiries")
    session.put("act.lines", a_line(night, status="done"))
    assert "R-56" in stands(session)

    session.put("act.lines", a_line(night, status="done", outcome="Leo boards the 36 at 21:12, alone."))
    assert not {"R-56", "R-59", "cell_needed"} & stands(session)


def test_an_action_that_is_late_says_what_held_it_up(night: StoryNight) -> None:
    """Reasons for delays were not recorded: past its time, an open line asks for one."""
    session = night.phone.shift.start("enquiries")
    session.put("act.lines", a_line(night, status="to_do"))
    assert "R-59" in stands(session)

    session.put("act.lines", a_line(night, status="to_do", delay_reason="other_agency"))
    assert not {"R-59", "cell_needed", "not_a_choice"} & stands(session)


def test_the_council_hears_of_a_missing_child_and_a_late_call_is_asked_about(night: StoryNight) -> None:
    """Sharing with partners: nobody has been told until somebody has answered."""
    late: dict[str, Answer] = {
        "mis.reported_at": Moment(REPORTED - timedelta(hours=2)),
        "mis.la_informed": Gap(Why.PENDING, "ringing", (night.now + timedelta(hours=1)).isoformat()),
    }
    session = reported(night, late)
    assert "R-08a" in speaks(session, Effect.SHOW)
    assert "R-59" in stands(session)
    assert not {"R-08a", "R-59"} & speaks(reported(night))


def test_a_new_assessment_is_a_new_record_and_not_a_correction_of_the_old(night: StoryNight) -> None:
    """Reviews were not recorded: each look at the risk stands on its own, with its own time and reason."""
    session = night.writes(written({**AGAIN, "ra.new_facts": None}, child=LEO, name="risk_again"))
    assert not stands(session)
    made = night.sends(session)["rsk"]
    assert made.header.revision == 1
    assert night.tasks()["medium_risk_taken_on"]["owner_role"] == "supervisor"


@pytest.mark.thorough
def test_where_the_child_was_looked_for_is_found_by_the_childs_name(night: StoryNight) -> None:
    """Records that help to find a child "weren't always clearly accessible": they stand under the name."""
    report = night.sends(reported(night))["mis"]
    with night.at_the_console("mhet.hale", Role.MHET) as desk:
        assert "Leo" in desk.finds(name="Marsh")
        page = desk.reads_record(report)

    assert "Valley Gardens" in page
    assert "Sits by the bandstand with friends" in page
