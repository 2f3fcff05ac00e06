"""A missing child as officers report it at night: what is needed, what is not, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.choices import child_has_died
from booklets.clocks import running
from booklets.encounters import as_far_as_it_goes
from booklets.forms import Effect, Kind, Stage
from booklets.prefill import following_on, ppns_due
from booklets.records import Record
from booklets.sending import Sending, records_of
from booklets.stamps import Stamp
from tests.support.missing import (
    AGAIN,
    BACK,
    BROADCAST,
    FACTORS,
    HONEST,
    LEO,
    LEO_KNOWN,
    NOW,
    REPORTED,
    a_row,
    facts,
    guide,
    said_of,
    somebody,
    written,
)
from tests.support.walks import FORCE, WELLS, found_by, needed

DEAD: Mapping[str, Answer] = {"mis.abduction_suspected": "no", "mis.returned_before_report": "dead"}
MOST_ON_PAGE_ONE = 20


def sent(answers: Mapping[str, Answer | None], name: str = "missing") -> tuple[Record, ...]:
    """The records that leave with these answers."""
    sending = Sending(
        at=Stamp(NOW),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=definitions.force(FORCE),
        clocks=definitions.clocks(),
    )
    return records_of(written(answers, name=name), guide(name), sending)


def clocks_of(answers: Mapping[str, Answer | None]) -> set[str]:
    """The clocks that run with these answers."""
    known = facts(answers).known()
    return {one.clock.id for one in running(definitions.clocks(), known, definitions.force(FORCE))}


def only(answers: Mapping[str, Answer]) -> Mapping[str, Answer | None]:
    """These answers, and none of the honest report's others."""
    return {**dict.fromkeys(HONEST), **answers}


def test_an_honest_report_goes_out() -> None:
    """Leo left after a row and has been gone for five hours: nothing stands against sending."""
    assert [(one.code, one.fields, one.says) for one in said_of({}) if one.stands] == []
    assert [(one.code, one.says) for one in said_of({}, name="risk_again") if one.stands] == []


def test_the_first_page_is_the_broadcast_set() -> None:
    """Name, age, sex, IC code, clothes, last seen, phone, likely places, dangers, the risk so far."""
    first = guide().pages[0]
    opens = [name for name in first.fields() if guide().field(name).is_shown({})]

    assert {
        *("person.known_as", "person.surname", "person.dob", "person.sex", "person.ethnicity_ic"),
        *("mis.clothing", "mis.last_seen_at", "mis.last_seen_place", "mis.phone_status", "person.phones"),
        *("mis.likely_places", "mis.dangers", "ra.f26_danger_to_others", "ra.level_before"),
    } <= set(first.fields())
    assert {name for name in BROADCAST if name.startswith("mis.")} <= set(first.fields())
    assert len(opens) <= MOST_ON_PAGE_ONE


def test_whether_the_child_was_taken_is_asked_first_and_plan_and_markers_stand_on_the_first_page() -> None:
    """R-36 and R-60."""
    first = guide().pages[0].fields()

    assert first[0] == "mis.abduction_suspected"
    assert {"mis.trigger_plan", "person.markers_checked", "person.warning_markers"} <= set(first)


def test_the_shortest_honest_report_is_about_seventy_answers() -> None:
    """Twenty-eight of them one tap each; words, people and rows count as one tap to open."""
    asked = needed(said_of(only({})))
    taps = [name for name in HONEST if guide().field(name).kind in {Kind.YES_NO, Kind.ONE_OF}]

    assert asked <= set(HONEST)
    assert len(HONEST) + len(LEO_KNOWN) <= 80
    assert len(taps) <= 48


@pytest.mark.parametrize("question", FACTORS)
def test_a_yes_opens_its_own_lines_and_no_other(question: str) -> None:
    """One tap each; "no" opens nothing, and silence is no answer."""
    at_no, at_yes = facts({**HONEST, question: "no"}).asked, facts({**HONEST, question: "yes"}).asked
    own = f"{question.partition('_')[0]}_evidence"
    beside = {"ra.f06_prepared": {"mis.prepared_how"}, "ra.f21_online": {"mis.evidence_advice"}}
    later = {one for one in at_yes - at_no if guide().field(one).stage is Stage.COMPLETE}

    assert at_yes - at_no - later == {own} | beside.get(question, set())
    assert question in needed(said_of({question: None}))
    assert own in needed(said_of({question: "yes", own: None}))


def test_nothing_is_answered_before_it_is_asked() -> None:
    """No default, and no choice that answers several with "no" at once."""
    risk = [one for one in definitions.form("rsk").fields() if one.id in FACTORS]

    assert len(risk) == 28
    assert all(one.kind is Kind.YES_NO and not one.starts_from for one in risk)
    begun = {one.id: [*one.starts_as] for one in risk if one.starts_as}
    assert begun == {"ra.f03_crime_in_progress": ["yes"]}, "only what the report says of an abduction"
    assert set(FACTORS) <= needed(said_of(dict.fromkeys(FACTORS)))


def test_everything_but_the_officers_own_judgement_may_stay_open() -> None:
    """A gap with its reason answers what nobody knows at three in the morning."""
    own = {name for name in HONEST if not guide().field(name).gaps}

    assert own == {
        "mis.returned_before_report",
        "mis.trigger_plan",
        "ra.trigger",
        "ra.level",
        "ra.rationale",
        "ra.factors_relied_on",
        "ra.anything_unknown",
        "ra.actions",
        "ra.assessed_at",
        "ra.review_in",
    }


def test_what_comes_from_systems_or_waits_for_the_day_holds_up_nothing() -> None:
    """Corrections, section 6: earlier episodes, systems, publicity, circulation, signs of exploitation.

    Whether the systems were searched is asked for in the same shift all the same: silence is no search.
    """
    later = {one.id for one in guide().fields() if one.stage is Stage.COMPLETE}
    problems = said_of({}, stage=Stage.COMPLETE)
    stage, left = as_far_as_it_goes(problems, guide(), Stage.COMPLETE)

    assert {"mis.previous_30d", "mis.systems_checked", "mis.indicators", "mis.circulated_at"} <= later
    assert later <= set(guide().pages[-1].fields())
    assert not needed(problems) & {"mis.previous_30d", "mis.previous_count"}
    assert "mis.systems_checked" in needed(problems)
    assert stage is Stage.CAPTURE
    assert not [one.says for one in left if one.stands]


def test_one_encounter_becomes_two_records_and_nothing_stands_in_both() -> None:
    """Report and assessment: what one knows the other shows."""
    report, risk = sent(HONEST)

    assert (report.header.record_type, risk.header.record_type) == ("MIS", "RSK")
    assert not set(report.answers) & set(risk.answers)
    assert {*report.answers, *risk.answers} - set(HONEST) == {"ra.owner_role", "ra.next_review_at"}


@pytest.mark.parametrize(("level", "owner"), [("high", "fim"), ("medium", "cii")])
def test_who_owns_it_follows_from_the_level_and_is_never_asked(level: str, owner: str) -> None:
    """High is the force incident manager's, medium the area inspector's."""
    assert facts({**HONEST, "ra.level": level}).answers["ra.owner_role"] == owner
    assert "ra.owner_role" not in facts({**HONEST, "ra.level": None}).answers


@pytest.mark.parametrize(("soon", "hours"), [("half_hour", 0.5), ("four_hours", 4), ("eight_hours", 8)])
def test_when_it_is_looked_at_again_follows_from_two_taps(soon: str, hours: float) -> None:
    """Nobody types a time that lies ahead, in the dark, with cold hands."""
    answers = facts({**HONEST, "ra.review_in": soon}).answers

    assert answers["ra.next_review_at"] == Moment(NOW + timedelta(hours=hours))
    for lacking in ("ra.review_in", "ra.assessed_at"):
        assert "ra.next_review_at" not in facts({**HONEST, lacking: None}).answers


def test_a_child_who_is_back_before_the_report_takes_few_questions() -> None:
    """R-05 and B.14: a missing episode all the same; no risk is graded, and the return check goes on."""
    problems = said_of(only(BACK))
    [report] = sent(BACK)

    assert needed(said_of(only({"mis.returned_before_report": "yes"}))) == set(BACK) - {
        "mis.returned_before_report"
    }
    assert not [one.says for one in problems if one.stands]
    assert "R-05" in found_by(problems, Effect.SHOW)
    assert "R-05a" in found_by(problems, Effect.TASK)
    assert report.header.record_type == "MIS"
    assert not {"R-35", "R-08a", "R-59", "R-03"} & found_by(problems)
    assert clocks_of(BACK) == set()


def test_what_was_written_before_the_child_came_back_stays() -> None:
    """Nothing typed is lost, and nothing more is asked."""
    came_back = {**HONEST, "mis.returned_before_report": "yes", "mis.whereabouts_unknown_at_call": "yes"}
    report, risk = sent(came_back)

    assert set(HONEST) <= {*report.answers, *risk.answers}
    assert not [task for task in risk.tasks if task.rule.startswith("R-")]


def test_a_child_found_dead_stops_everything_by_itself() -> None:
    """R-50: no clock, no search, no family; a person takes over."""
    problems = said_of(only(DEAD), now=NOW + timedelta(hours=3))

    assert child_has_died(DEAD)
    assert found_by(problems, Effect.SHOW) == {"R-50"}
    assert [one.task.owner for one in problems if one.task] == ["fim"]
    assert not [one for one in problems if one.stands]
    assert clocks_of({**HONEST, **DEAD}) == set()
    assert ppns_due(written({**HONEST, **DEAD, "mis.ppn_needed": "yes"}), guide()) == ()


def test_a_child_who_may_have_been_taken_blocks_nothing() -> None:
    """R-36: the control room is told, and everything typed goes out all the same."""
    problems = said_of({"mis.abduction_suspected": "yes"})

    assert "R-36" in found_by(problems, Effect.SHOW)
    assert [one.task.owner for one in problems if one.code == "R-36a" and one.task] == ["control_room"]
    assert {one.code for one in problems if one.stands} == {"R-02"}, "why the level is not high"
    high = said_of({"mis.abduction_suspected": "yes", "ra.level": "high"})
    assert not {"R-02", "R-02a"} & found_by(high)


def test_a_living_child_starts_the_clocks_of_its_level() -> None:
    """C.6, B.4: search, lines of enquiry, council, circulation, first assessment, the next look."""
    always = {"lines_of_enquiry", "council_told_of_missing", "circulated_nationally", "still_missing"}

    assert clocks_of(HONEST) == always | {"medium_risk_taken_on", "home_search_medium", "risk_review_medium"}
    assert clocks_of({**HONEST, "ra.level": "high"}) == always - {"still_missing"} | {
        *("high_risk_taken_on", "home_search_high", "risk_review_high", "still_missing_high")
    }
    assert "ppn_after_missing" in clocks_of({**HONEST, "mis.ppn_needed": "yes"})
    unknown: dict[str, Answer] = {"mis.reported_at": Gap(Why.NOT_KNOWN)}
    assert clocks_of({**HONEST, **unknown}) == clocks_of(HONEST), "the next moment that is known counts"
    unknown |= {"mis.noticed_at": Gap(Why.NOT_KNOWN)}
    assert clocks_of({**HONEST, **unknown}) == {"medium_risk_taken_on", "risk_review_medium"}


def test_the_clocks_run_from_the_report_as_long_as_the_force_has_set() -> None:
    """Twenty minutes to the incident manager where the risk is high, forty-eight hours as the backstop."""
    high = facts({**HONEST, "ra.level": "high"}).known()
    due = {one.clock.id: one.due for one in running(definitions.clocks(), high, definitions.force(FORCE))}

    assert due["high_risk_taken_on"] == REPORTED + timedelta(minutes=20)
    assert due["home_search_high"] == REPORTED + timedelta(minutes=30)
    assert due["circulated_nationally"] == REPORTED + timedelta(hours=48)
    assert due["risk_review_high"] == NOW + timedelta(hours=2)


def test_a_new_assessment_is_a_record_of_its_own() -> None:
    """The same twenty-eight questions when the risk has changed, and nothing of the report."""
    [risk] = sent(AGAIN, "risk_again")

    assert risk.header.record_type == "RSK"
    assert [form.id for form in guide("risk_again").forms] == ["rsk"]
    assert {"R-11"} == found_by(said_of({}, name="risk_again"), Effect.TASK)


def test_a_ppn_that_is_called_for_begins() -> None:
    """A child who causes concern gets one, about the same incident."""
    report = written({**HONEST, "mis.ppn_needed": "yes"})

    assert ppns_due(report, guide()) == (LEO.id,)
    assert ppns_due(written({**HONEST, "mis.ppn_needed": "no"}), guide()) == ()
    begun = following_on(
        report, guide(), child=LEO.id, next_guide=definitions.guide("ppn"), officer=WELLS, at=Stamp(NOW)
    )
    assert (begun.subject, begun.incident) == (LEO.id, report.incident)


def test_markers_are_asked_about_as_soon_as_there_are_some() -> None:
    """B.3: each marker with its effect; without any, one tap less."""
    marked = somebody(**LEO_KNOWN, markers_checked="yes")
    weighed = a_row(marker="WE", effect="Two officers go; Leo carried a penknife at school in May.")

    assert "ra.markers_considered" in needed(said_of({}, child=marked))
    assert "ra.markers_considered" not in needed(said_of({"ra.markers_considered": weighed}, child=marked))
    assert "ra.markers_considered" not in needed(said_of({}))
