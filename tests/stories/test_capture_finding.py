"""Looking for a missing child: what is tried, by whom, how soon, and what came of it.

Found: no "specific lines of inquiry or actions", and "a delay of over two hours before officers searched the
boy's room"; no trigger plan for a child who is regularly missing; delays until the incident manager assessed
it, high risk "assigned inappropriately" to area inspectors; reasons for delays and reviews that "aren't
always recorded"; actions without their outcome; investigations "allowed to drift" (Assessment and help).

The night again: Leo, 14, is gone since nine, and the becks are in flood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Scalar, Why
from booklets.decisions import Outcome
from booklets.errors import NotAllowedNow
from booklets.forms import Effect, Stage
from field_app.capture.session import CaptureSession
from sync_server.identity.accounts import Role
from tests.support.builders import DECIDED
from tests.support.colleagues import Colleague
from tests.support.missing import AGAIN, HONEST, LEO, NOW, REPORTED, a_row, written
from tests.support.ppns import ppn_of
from tests.support.queues import Tablet
from tests.support.story_nights import StoryNight, said, speaks, stands

pytestmark = pytest.mark.thorough

ACTION = {"who": "PC Wells", "by": "immediate"}
HIGH: Mapping[str, Answer] = {
    "ra.level": "high",
    "ra.level_change_reason": "A dog walker saw him at ten on the weir, alone.",
}

FIRST = [
    one.id
    for one in definitions.form("act").fields()
    if "not_started" in {choice.code for choice in one.codes}
]
ENQUIRIES: Mapping[str, Answer] = {
    **dict.fromkeys(FIRST, "under_way"),
    **{f"{name}_who": "PC 2201 Amin" for name in FIRST},
    "act.cctv": "not_started",
    "act.lines": a_row(
        category="search_team",
        what="Walk the beck path from Valley Gardens to the weir with the dog",
        owner="PC 2201 Amin",
        due_at=Moment(NOW + timedelta(minutes=30)),
        priority="immediate",
        status="to_do",
    ),
    "act.changes_risk": "no",
    "act.hbv_fm_fgm": "no",
    "act.covert": "no",
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


def test_who_does_what_is_asked_for_and_late_it_is_told(night: StoryNight, sergeant: Colleague) -> None:
    """No "specific lines of inquiry": the report asks for them, and nobody has to remember the form."""
    night.sends(reported(night))
    lines = night.tasks()["lines_of_enquiry"]
    assert (lines["owner_role"], lines["status"]) == ("author", "open")

    night.later(hours=2)
    assert "lines_of_enquiry" in {one["what"] for one in sergeant.heard("task")}


def test_lines_of_enquiry_that_came_end_the_asking(night: StoryNight, sergeant: Colleague) -> None:
    """The other side: they are written and sent, what has not begun has an owner, and nobody is told."""
    report = reported(night)
    night.sends(report)
    lines = written(ENQUIRIES, name="enquiries")
    of = report.encounter
    session = night.writes(replace(lines, incident=of.incident, episode=of.episode))
    session.put("act.cctv_who", None)
    assert {"act.not_started_owner", "act.not_started_by"} <= stands(session)

    session.put("act.cctv_who", "PC 2201 Amin")
    assert "act.not_started_owner" not in stands(session)
    session.put("act.not_started_by", Moment(night.now + timedelta(minutes=20)))
    assert not stands(session)
    night.sends(session)
    assert night.tasks()["lines_of_enquiry"]["status"] == "done"
    assert night.tasks()["enquiries_begun"]["status"] == "open"
    night.later(minutes=15)
    assert not {one["what"] for one in sergeant.heard("task")} & {"lines_of_enquiry", "enquiries_begun"}


def test_each_first_enquiry_says_when_it_was_done_by_whom_and_with_what_result(night: StoryNight) -> None:
    """B.4: "done" alone is no result; somebody reads it at six and starts again."""
    session = night.writes(written(ENQUIRIES, name="enquiries"))
    session.put("act.not_started_by", Moment(night.now + timedelta(minutes=20)))
    session.put("act.hospital", "done")
    assert stands(session) == {"act.hospital_at", "act.hospital_words"}

    session.put("act.hospital_at", Moment(night.now - timedelta(minutes=9)))
    session.put("act.hospital_words", "Harrogate and York: nobody like Leo since nine.")
    assert not stands(session)


def test_an_enquiry_has_a_time_of_its_own_and_ends_with_the_record_that_has_begun_it(
    night: StoryNight,
) -> None:
    """One owner and one time for all of them was nobody's: the hospitals are rung by ten past."""
    session = night.writes(written(ENQUIRIES, name="enquiries"))
    due = night.now + timedelta(minutes=10)
    session.put("act.cctv_by", Moment(due))
    assert not stands(session)
    sent = night.sends(session)["act"]
    assert (night.tasks()["begin_enquiry"]["status"], night.tasks()["begin_enquiry"]["due_at"]) == (
        "open",
        due,
    )

    again = night.writes(written({**ENQUIRIES, "act.cctv": "under_way"}, name="enquiries"))
    night.sends(night.writes(replace(again.encounter, episode=sent.header.episode)))
    assert night.tasks()["begin_enquiry"]["status"] == "done"


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


def test_when_whoever_owns_the_risk_took_it_on_stands_in_the_decision(
    night: StoryNight, tablet: Tablet
) -> None:
    """How long it lay with nobody could not be seen: it is asked of whoever approves, or said to be open."""
    tablet.waits(*night.sends(reported(night, HIGH)).values())
    [case] = tablet.officer.shift.home().cases
    session = tablet.officer.shift.deciding.write(case)
    for name, answer in DECIDED[Outcome.APPROVE].items():
        session.put(name, answer if name != "sup.owner_accepted_at" else None)
    assert session.facts.answers["sup.owner_role"] == "fim"
    assert stands(session) == {"sup.owner_accepted_at"}

    in_an_hour = (night.now + timedelta(hours=1)).isoformat()
    session.put("sup.owner_accepted_at", Gap(Why.PENDING, "The manager is at another scene", in_an_hour))
    assert not stands(session)
    session.put("sup.owner_accepted_at", Moment(night.now + timedelta(hours=1)))
    assert "T-01" in speaks(session)
    session.put("sup.owner_accepted_at", Moment(night.now - timedelta(minutes=4)))
    assert not speaks(session)


def test_who_decides_on_a_record_without_a_risk_is_not_asked_who_took_it_on(
    night: StoryNight, tablet: Tablet
) -> None:
    """The other side: a PPN has no owner of a risk."""
    tablet.waits(*night.sends(night.writes(ppn_of({}))).values())
    [case] = tablet.officer.shift.home().cases
    assert not tablet.officer.shift.deciding.write(case).is_asked("sup.owner_accepted_at")


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


BY_A_CALL_HANDLER = a_row(system="pnd", by="Robin Hale, call handler", trained="no", status="nothing_found")
BY_A_SPECIALIST = a_row(
    system="pnd",
    by="Dana Reid, intelligence",
    trained="yes",
    status="something_found",
    result="Two calls in May, an address in Leeds",
)


def test_a_search_by_somebody_untrained_is_not_taken_for_nothing_found(
    night: StoryNight, sergeant: Colleague
) -> None:
    """No specialist at night: who searched, and trained or not, is asked; and who looks again."""
    session = reported(night, {"mis.systems_checked": a_row(system="pnd", status="nothing_found")})
    [lacks] = [one for one in session.problems(Stage.COMPLETE) if one.code == "cell_needed"]
    assert "Who searched: name and role" in lacks.says
    assert "Are they trained for it?" in lacks.says

    session.put("mis.systems_checked", BY_A_CALL_HANDLER)
    assert "nobody trained has searched: 1 of 1" in said(session, "I-01", Stage.COMPLETE)
    night.sends(session)
    again = night.tasks()["search_systems_again"]
    assert again["owner_role"] == "control_room"
    night.later(hours=5)
    assert "search_systems_again" in {one["what"] for one in sergeant.heard("task")}


def test_when_somebody_trained_searches_has_a_time_and_the_force_limits_it(night: StoryNight) -> None:
    """The report names the hour: the task is due then, and an hour too late asks why."""
    session = reported(night, {"mis.systems_checked": BY_A_CALL_HANDLER})
    session.put("mis.systems_again_at", Moment(night.now + timedelta(hours=9)))
    assert "I-02" in stands(session, Stage.COMPLETE)

    at_three = night.now + timedelta(hours=3)
    session.put("mis.systems_again_at", Moment(at_three))
    assert not {"I-01", "I-01a", "I-02", "T-01"} & speaks(session, stage=Stage.COMPLETE)
    night.sends(session)
    assert night.tasks()["search_systems_again"]["due_at"] == at_three


def test_a_search_by_somebody_trained_asks_for_no_other(night: StoryNight) -> None:
    """The other side; and what nobody has searched yet is a gap that is seen, not silence."""
    session = reported(night, {"mis.systems_checked": None})
    assert "mis.systems_checked" in {
        name for one in session.problems(Stage.COMPLETE) if one.code == "needed" for name in one.fields
    }
    session.put("mis.systems_checked", BY_A_SPECIALIST)
    assert not {"I-01", "I-01a"} & speaks(session, stage=Stage.COMPLETE)
    night.sends(session)
    assert "search_systems_again" not in night.tasks()
