"""A council hears by itself that a child is missing, where the force has it so; the officer rings too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Why
from booklets.definitions.leaving import Release
from booklets.duties import BY_SYSTEM, COUNCIL_HAS_MISSING
from booklets.entities import Entity
from booklets.records import Record
from booklets.signs import councils_hear_of
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.settings import ForcePolicy
from tests.support.builders import CARER, NIGHT, PEOPLE, a_person, a_return, a_task, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.councils import LEEDS, OVER, Deliver
from tests.support.people_again import a_record
from tests.support.server_data import Clock, a_server, leaving_so, rows

COUNTY, CITY = "E06000065", "E06000014"
TO_COUNTY, TO_CITY = f"missing:{COUNTY}", f"missing:{CITY}"
IS_MISSING, CORRECTED, ADDED = (
    "A child is missing",
    "Correction: a child is missing",
    "Addition: a child is missing",
)
MISSING: Mapping[str, Answer] = {
    "mis.reported_at": Moment(NIGHT - timedelta(minutes=30)),
    "mis.returned_before_report": "no",
    "mis.abduction_suspected": "no",
    "mis.covert": "no",
    "mis.circumstances": "Kit left after a row about a phone.",
}
ASSESSED: Mapping[str, Answer] = {"ra.level": "high", "ra.rationale": "The becks are in flood."}
DOOR = an_id("encounter of the report")


def a_report(
    answers: Mapping[str, Answer] | None = None, *, child: Entity | None = None, **header: Any
) -> Record:
    """Kit is reported missing."""
    made = a_record("mis", a_return(), {**MISSING, **(answers or {})}, **{"encounter": DOOR, **header})
    others = tuple(one for one in PEOPLE if one.id == CARER)
    return replace(made, entities=(child or made.entities[0], *others))


def assessed(**header: Any) -> Record:
    """The assessment of the same doorstep."""
    return a_record("rsk", a_return(), ASSESSED, **{"encounter": DOOR, **header})


def fields(context: Context, record: Record, council: str = COUNTY, kind: str = "missing") -> dict[str, str]:
    """A notice as a council reads it."""
    of = str(record.header.record), record.header.revision
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, *of, kind, authority=council)
    assert found is not None
    return {one["title"]: one["words"] for one in found["fields"]}


def test_the_council_hears_that_a_child_is_missing(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """E.3: in the order in which the duty team reads it, and once."""
    report = officer.sent(a_report())

    assert told() == [(TO_COUNTY, IS_MISSING)]
    said = fields(context, report)
    assert list(said)[:6] == [
        "Marking",
        "Urgency",
        "Contact restrictions",
        "Police reference",
        "Officer",
        "Child",
    ]
    assert "Kit" in said["Child"]
    assert "a row about a phone" in said["What led up to it"]
    assert "has not been received yet" in said["Risk"]
    assert told() == []


def test_the_officers_call_is_asked_for_all_the_same(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """C.6: a notice in an inbox is nobody told; the task stays, and says what has gone."""
    clock = (a_task("council_told_of_missing", rule="council_told_of_missing", set_at=NIGHT),)
    officer.sent(replace(a_report(), tasks=clock))
    [before] = rows(context, task)
    told()
    [after] = rows(context, task)

    assert (before["status"], before["by_system"]) == ("open", "")
    assert (after["status"], after["by_system"]) == ("open", COUNCIL_HAS_MISSING)
    assert "waits for the call" in BY_SYSTEM[COUNCIL_HAS_MISSING]


def test_where_the_force_lets_the_officer_ring_nothing_goes_by_itself(tmp_path: Path, clock: Clock) -> None:
    """One force has it by the system, the other does not: neither is code."""
    here, there = definitions.force("north_yorkshire"), definitions.force("seaborough")
    assert (councils_hear_of(MISSING, here), councils_hear_of(MISSING, there)) == (True, False)

    def rings_only(force: str) -> ForcePolicy:
        policy = leaving_so(force)
        return replace(policy, settings={**policy.settings, "councils_hear_of_missing_by_system": False})

    with a_server(tmp_path, clock=clock, policy=rings_only) as context:
        a_colleague(context, "pc.okoro").sent(a_report())
        assert not targets(context)


def test_a_force_may_have_a_supervisor_read_it_first(tmp_path: Path, clock: Clock) -> None:
    """And what is held goes nowhere once the child is back."""

    def supervisor_first(force: str) -> ForcePolicy:
        return leaving_so(force, MISSING_NOTICE=Release.SUPERVISOR)

    with a_server(tmp_path, clock=clock, policy=supervisor_first) as context:
        officer = a_colleague(context, "pc.okoro")
        officer.sent(a_report())
        assert targets(context) == {TO_COUNTY: "held"}

        officer.sent(a_return())
        assert targets(context)[TO_COUNTY] == "stopped"


def test_the_assessment_of_the_same_doorstep_adds_the_risk(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """It comes a moment later, and is what the duty team has to know first."""
    officer.sent(a_report())
    told()
    risk = officer.sent(assessed())

    assert told() == [(TO_COUNTY, ADDED)]
    said = fields(context, risk)
    assert said["Urgency"] == "URGENT, high risk: read now"
    assert "The becks are in flood." in said["Risk"]


def test_an_assessment_that_came_first_stands_in_the_notice(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """A phone without signal sends in its own order: the council has both at once, as the notice."""
    officer.sent(assessed())
    assert told() == []
    report = officer.sent(a_report())

    assert told() == [(TO_COUNTY, IS_MISSING)]
    assert "high" in fields(context, report)["Urgency"]


def test_a_later_assessment_tells_the_council_nothing_by_itself(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """The other side: of another doorstep; whoever looks again rings."""
    officer.sent(a_report())
    told()
    officer.sent(assessed(encounter=an_id("later that night")))

    assert told() == []


def test_a_later_revision_is_a_correction(context: Context, officer: Colleague, told: Deliver) -> None:
    """What was said first was said."""
    report = officer.sent(a_report())
    told()
    officer.revises(report, {"mis.circumstances": "Kit left before the row."})

    assert told() == [(TO_COUNTY, CORRECTED)]


@pytest.mark.parametrize(
    ("covert", "says"),
    [
        ({"mis.covert": "yes", "mis.handling": "Not the stepfather."}, "Not the stepfather."),
        ({"mis.covert": Gap(Why.NOT_KNOWN)}, "has not been established"),
        ({"mis.covert": "no"}, "None recorded"),
    ],
)
def test_who_must_not_know_stands_above_everything_else(
    context: Context, officer: Colleague, covert: Mapping[str, Answer], says: str
) -> None:
    """R-51: the duty team must not be the one who tells him."""
    restricted = fields(context, officer.sent(a_report(covert)))["Contact restrictions"]

    assert restricted.endswith(says) or says in restricted
    assert ("DO NOT CONTACT" in restricted) is (covert.get("mis.covert") == "yes")


def test_of_a_child_whom_another_council_placed_here_both_are_told(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """R-38 with R-39: the one that placed the child, and the one whose streets it is lost in."""
    placed = a_person(known_as="Kit", la_responsible=LEEDS, care_status="co")
    report = officer.sent(a_report(child=placed))

    assert told() == [(TO_COUNTY, IS_MISSING), (f"missing:{LEEDS}", IS_MISSING)]
    assert fields(context, report, LEEDS)["Sent to"].startswith(LEEDS)


@pytest.mark.parametrize("care_status", ["co", "none"])
def test_of_a_child_of_a_council_here_that_one_alone_is_told(
    officer: Colleague, told: Deliver, care_status: str
) -> None:
    """Whose streets it is is not known of it: nothing goes to a council that may have no part in it."""
    officer.sent(a_report(child=a_person(known_as="Kit", la_responsible=CITY, care_status=care_status)))

    assert told() == [(TO_CITY, IS_MISSING)]


@pytest.mark.parametrize(
    "answers",
    [
        {"mis.returned_before_report": "yes"},
        {"mis.returned_before_report": "dead"},
        {"mis.abduction_suspected": "yes"},
    ],
)
def test_of_a_child_who_is_back_or_may_have_been_taken_nothing_goes_by_itself(
    officer: Colleague, told: Deliver, answers: Mapping[str, Answer]
) -> None:
    """R-05, R-50, R-36: a person decides who is told what."""
    officer.sent(a_report(answers))

    assert told() == []


def test_a_report_that_comes_after_the_return_says_nothing_any_more(
    officer: Colleague, told: Deliver
) -> None:
    """The council knows of the return: a child is not missing by the order of two phones."""
    officer.sent(a_return())
    told()
    officer.sent(a_report())

    assert told() == []


def test_a_child_who_has_only_rung_is_missing_still(officer: Colleague, told: Deliver) -> None:
    """The other side."""
    officer.sent(a_return({"ret.found_how": "phoned"}))
    told()
    officer.sent(a_report())

    assert told() == [(TO_COUNTY, IS_MISSING)]


def test_a_council_that_was_told_hears_that_the_child_was_back_before_the_report(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """It would look for a child who sleeps at home."""
    report = officer.sent(a_report())
    told()
    again = officer.revises(report, {"mis.returned_before_report": "yes"})

    assert told() == [(TO_COUNTY, OVER)]
    assert "before it was reported" in fields(context, again)["No longer holds"]


def test_a_child_who_may_have_been_taken_after_all_is_missing_still(
    officer: Colleague, told: Deliver
) -> None:
    """What the council has had stands: nobody is told that it holds no longer."""
    report = officer.sent(a_report())
    told()
    officer.revises(report, {"mis.abduction_suspected": "yes"})

    assert told() == []


def test_a_report_that_names_another_council_is_corrected_at_the_first(
    officer: Colleague, told: Deliver
) -> None:
    """One council acts, and the other knows that it does not."""
    report = officer.sent(a_report())
    told()
    other = a_person(known_as="Kit", la_responsible=CITY)
    officer.revises(replace(report, entities=(other, *report.entities[1:])))

    assert told() == [(TO_CITY, IS_MISSING), (TO_COUNTY, OVER)]


def test_a_report_that_is_withdrawn_is_taken_back(officer: Colleague, told: Deliver) -> None:
    """Written about the wrong child: under the reference that the council knows."""
    report = officer.sent(a_report())
    told()
    officer.withdraws(report)

    assert told() == [(TO_COUNTY, "Withdrawn")]


def targets(context: Context) -> dict[str, str]:
    """What councils are owed of a missing child, and how it stands."""
    found = {str(one["target"]): str(one["state"]) for one in rows(context, delivery)}
    return {to: state for to, state in found.items() if to.startswith("missing:")}
