"""A sergeant with the tablet: what is passed upwards, taken back, or comes back because nobody answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets import wire
from booklets.answers import instant
from booklets.decisions import Outcome, decision_of
from field_app.ui import supervising_words as words
from field_app.ui import untrained_words
from tests.support.handsets import OnShift
from tests.support.queues import a_review, an_outcome, decided_by_a_sergeant, news
from tests.support.screens import journey
from tests.support.tabletop import (
    RATIONALE,
    at_the_queue,
    hears,
    newest_sealed,
    opens,
    papers,
    reading,
)

pytestmark = pytest.mark.thorough


def test_an_escalation_needs_its_reason(officer: OnShift) -> None:
    """The incident manager reads it first."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            await app.tap("escalate")
            await app.tap("decide")
            assert app.says(words.NEEDED_TO_DECIDE)
            await app.type("sup.rationale", RATIONALE)
            await app.tap("decide")
            assert decision_of(newest_sealed(officer)).outcome is Outcome.ESCALATE

    journey(walk)


def test_it_can_be_passed_to_the_vulnerability_team_instead(officer: OnShift) -> None:
    """D.15: upwards is not always the incident manager."""

    async def walk() -> None:
        async with reading(officer) as (app, _, _):
            await app.tap("escalate")
            await app.tap("outcome.escalate_vat")
            assert app.says(words.WHY_SPECIALISTS)
            assert app.says(words.MISSING_TEAM_READS)
            await app.type("sup.rationale", RATIONALE)
            await app.tap("decide")
            assert decision_of(newest_sealed(officer)).outcome is Outcome.ESCALATE_VAT

    journey(walk)


def test_an_escalation_that_has_nobody_to_go_to_comes_back_and_says_so(officer: OnShift) -> None:
    """A force without an incident manager on the system: it is decided here."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            await app.tap("escalate")
            await app.type("sup.rationale", RATIONALE)
            await app.tap("decide")
            sealed = newest_sealed(officer)
            tablet.hears(
                *(
                    an_outcome(one, sealed, at=tablet.now, state="void", why_void="no_manager")
                    for one in papers(model)
                )
            )
            await hears(app, model, tablet)
            assert app.says("the force has no incident manager here")
            assert app.has("approve")

    journey(walk)


@pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.ESCALATE])
def test_what_is_with_somebody_else_is_taken_back_with_a_reason(officer: OnShift, outcome: Outcome) -> None:
    """Whoever was asked reads why, and the record is the unit's to decide on again."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            records = papers(model)
            made = decided_by_a_sergeant(records, outcome)
            tablet.hears(*(an_outcome(one, made, at=tablet.now) for one in records))
            await hears(app, model, tablet)
            assert not app.has("approve")
            await opens(app, model)
            await app.tap("take_back")
            await app.tap("decide")
            assert app.says(words.NEEDED_TO_DECIDE)
            await app.type("sup.rationale", RATIONALE)
            await app.tap("decide")
            assert words.ON_ITS_WAY in str(app.at("decided.state").label)
            decision = decision_of(newest_sealed(officer))
            assert (decision.outcome, decision.why) == (Outcome.RECALL, RATIONALE)
            assert {one.digest for one in decision.decides} == set(map(wire.digest, records))

    journey(walk)


def test_an_incident_manager_who_is_no_supervisor_takes_nothing_back(officer: OnShift) -> None:
    """What they sent back is the unit's."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            shift = officer.shift
            shift.officer = replace(shift.officer, roles=("fim",))
            made = decided_by_a_sergeant(papers(model), Outcome.RETURN)
            tablet.hears(*(an_outcome(one, made, at=tablet.now) for one in papers(model)))
            await hears(app, model, tablet)
            await opens(app, model)
            assert not app.has("take_back")

    journey(walk)


@pytest.mark.parametrize("why", ["flags", "undecided"])
def test_an_incident_manager_decides_on_what_is_theirs_and_reads_the_rest(
    officer: OnShift, why: str
) -> None:
    """A death is shown to them at once; the unit's sergeant decides until it is passed up or left."""

    async def walk() -> None:
        async with reading(officer) as (app, model, tablet):
            assert app.has("approve")
            shift = officer.shift
            shift.officer = replace(shift.officer, roles=("fim",))
            await opens(app, model)
            assert app.has("not_passed_up")
            assert not [one for one in ("approve", "send_back", "escalate") if app.has(one)]
            for one in papers(model):
                again = a_review(one, at=tablet.now, flags={"escalated": why == "flags"})
                if why == "undecided":
                    again["content"]["undecided"] = {"output": "referral"}
                tablet.hears(again)
            await hears(app, model, tablet)
            await opens(app, model)
            assert not app.has("not_passed_up")
            assert [one for one in ("approve", "send_back", "escalate") if app.has(one)] != []

    journey(walk)


def test_what_nobody_answered_in_time_stands_in_the_queue_again(officer: OnShift) -> None:
    """In red, with the time by which it was wanted."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            records = papers(model)
            made = decided_by_a_sergeant(records, Outcome.RETURN)
            tablet.hears(*(an_outcome(one, made, at=tablet.now) for one in records))
            late = {"state": "answer_late", "due_at": instant(tablet.now)}
            tablet.hears(news("status", records[0], tablet.now, late))
            await hears(app, model, tablet)
            assert app.says("No answer: it was wanted by")
            await opens(app, model)
            assert app.has("late")
            assert app.has("take_back")

    journey(walk)


def test_what_nobody_in_the_unit_may_take_over_says_so_in_the_queue(officer: OnShift) -> None:
    """R-58: with what a sergeant can do about it."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            records = papers(model)
            made = decided_by_a_sergeant(records, Outcome.RETURN)
            tablet.hears(*(an_outcome(one, made, at=tablet.now) for one in records))
            tablet.hears(news("status", records[0], tablet.now, {"state": "nobody_trained", "due_at": ""}))
            await hears(app, model, tablet)
            assert app.says(untrained_words.NOBODY_TRAINED)
            await opens(app, model)
            assert app.says(untrained_words.NOBODY_TRAINED_HELP)
            assert app.has("take_back")

    journey(walk)
