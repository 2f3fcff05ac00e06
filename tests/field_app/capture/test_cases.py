"""From stored news to what a supervisor has to decide on: who comes first, what is newest, what is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from booklets.decisions import Ask, Outcome
from booklets.records import Record
from field_app.capture.cases import NOT_TAKEN, Case, Standing, UnderWay, cases_from, queue_of
from tests.support.builders import NIGHT, a_decision, a_return, an_id, next_revision
from tests.support.queues import a_check, a_review, an_outcome, news

LATER = NIGHT + timedelta(minutes=30)
MUCH_LATER = NIGHT + timedelta(minutes=60)


def about(name: str, **header: Any) -> Record:
    """A return of another child's encounter."""
    return a_return(record=an_id(f"record {name}"), encounter=an_id(f"encounter {name}"), **header)


def cases(*items: Mapping[str, Any], under_way: Sequence[UnderWay] = ()) -> tuple[Case, ...]:
    """The cases of some news."""
    return cases_from(items, under_way)[0]


def the_case(*items: Mapping[str, Any], under_way: Sequence[UnderWay] = ()) -> Case:
    """The one case of some news."""
    [found] = cases(*items, under_way=under_way)
    return found


def sealed_here(decision: Record, at: datetime = LATER, *, received: bool = False) -> UnderWay:
    """The same decision as this tablet's outbox remembers it."""
    return UnderWay(
        decision=str(decision.header.record),
        outcome=Outcome(str(decision.answers["sup.decision"])),
        decides=frozenset(
            (str(one.record), one.revision) for one in decision.header.linked if one.kind == "decides"
        ),
        at=at,
        received=received,
    )


def test_the_records_of_one_encounter_are_one_case() -> None:
    """A return and the interview at the same door are read and decided on together."""
    ret, pvi = a_check()

    case = the_case(a_review(pvi), a_review(ret))

    assert [one.record.header.form for one in case.papers] == ["ret", "pvi"]
    assert case.awaiting == case.papers


def test_the_gravest_comes_first_then_the_nearest_clock_then_who_waits_longest() -> None:
    """A child in danger is not behind a form that is merely late."""
    waiting = [
        a_review(about("waits"), risk=6, at=NIGHT),
        a_review(about("waits longer"), risk=6, at=NIGHT - timedelta(hours=2)),
        a_review(about("late"), risk=6, due=NIGHT - timedelta(hours=1)),
        a_review(about("soon"), risk=6, due=NIGHT + timedelta(hours=1)),
        a_review(about("danger"), risk=1, at=LATER),
    ]

    order = [one.encounter for one in cases(*waiting)]

    assert order == [
        str(an_id(f"encounter {name}")) for name in ("danger", "late", "soon", "waits longer", "waits")
    ]


def test_the_newest_revision_is_read_and_the_ones_before_are_kept_to_compare() -> None:
    """Also when they arrive in the wrong order."""
    first = a_return()
    second = next_revision(first, {"ret.covert": "yes"})
    third = next_revision(second, {"ret.covert": "no"})

    case = the_case(a_review(third, at=LATER), a_review(first), a_review(second, at=MUCH_LATER))

    assert case.papers[0].record == third
    assert case.papers[0].before == (first, second)


@pytest.mark.parametrize(
    ("outcome", "standing"),
    [
        (Outcome.APPROVE, Standing.APPROVED),
        (Outcome.RETURN, Standing.RETURNED),
        (Outcome.RETURN_URGENT, Standing.RETURNED),
        (Outcome.ESCALATE, Standing.ESCALATED),
        (Outcome.ESCALATE_VAT, Standing.REFERRED),
    ],
)
def test_what_was_decided_has_left_the_queue(outcome: Outcome, standing: Standing) -> None:
    """On every tablet of the unit, whoever decided."""
    ret, pvi = a_check()
    decision = a_decision([ret, pvi], outcome)
    told = [an_outcome(one, decision, at=LATER) for one in (ret, pvi)]

    found = cases(a_review(ret), a_review(pvi), *told)

    assert [one.standing for one in found] == [standing]
    assert queue_of(found) == ()


def test_a_newer_revision_makes_it_undecided_again() -> None:
    """What was approved was another version."""
    first = a_return()
    told = an_outcome(first, a_decision([first]), at=LATER)
    second = next_revision(first, {"ret.covert": "yes"})

    case = the_case(a_review(first), told, a_review(second, at=MUCH_LATER))

    assert case.standing is Standing.UNDECIDED
    assert [one.revision for one in (one.link for one in case.awaiting)] == [2]


@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.RETURN])
def test_what_was_decided_in_a_later_version_waits_no_longer(outcome: Outcome) -> None:
    """It was passed upwards, and then the officer corrected it: the newer version was the sergeant's."""
    first = a_return()
    second = next_revision(first, {"ret.covert": "yes"})
    told = an_outcome(second, a_decision([second], outcome), at=LATER)

    assert queue_of(cases(a_review(first, flags={"escalated": True}), told)) == ()


def test_only_what_awaits_a_decision_is_decided_on() -> None:
    """An interview that stands approved is not decided on twice because the return has grown."""
    ret, pvi = a_check()
    told = [an_outcome(one, a_decision([ret, pvi]), at=LATER) for one in (ret, pvi)]
    grown = next_revision(ret, {"ret.covert": "yes"})

    case = the_case(a_review(ret), a_review(pvi), *told, a_review(grown, at=MUCH_LATER))

    assert [one.record for one in case.awaiting] == [grown]


def test_what_was_asked_stands_ready_beside_what_came_back() -> None:
    """The sergeant compares with the questions, not from memory."""
    first = a_return()
    asks = (Ask(first.header.record, "ret.found_how", "Who brought Kit back?"),)
    told = an_outcome(first, a_decision([first], Outcome.RETURN, asks=asks), at=LATER)
    second = next_revision(first, {"ret.found_how": "alone"})

    case = the_case(a_review(first), told, a_review(second, at=MUCH_LATER))

    assert case.asks == asks


def test_what_was_withdrawn_leaves_the_queue() -> None:
    """Said by the force, or by the record itself."""
    ret = a_return()
    said = news("status", ret, LATER, {"state": "withdrawn"})
    itself = next_revision(about("itself"), {})
    itself = replace(itself, header=replace(itself.header, void_reason="Written about the wrong child"))

    found = cases(a_review(ret), said, a_review(about("itself")), a_review(itself, at=LATER))

    assert {one.standing for one in found} == {Standing.WITHDRAWN}


def test_a_decision_made_here_is_on_its_way_until_the_force_answers() -> None:
    """Without signal the queue must not ask for it a second time."""
    ret, pvi = a_check()
    decision = a_decision([ret, pvi])
    reviews = [a_review(ret), a_review(pvi)]

    waiting = the_case(*reviews, under_way=[sealed_here(decision)])
    received = the_case(*reviews, under_way=[sealed_here(decision, received=True)])

    assert waiting.standing is received.standing is Standing.ON_ITS_WAY
    assert waiting.under_way is not None
    assert not waiting.under_way.received
    assert received.under_way is not None
    assert received.under_way.received


def test_a_decision_that_was_not_counted_brings_the_case_back_with_the_reason() -> None:
    """A sergeant who believes it decided would leave the child waiting."""
    ret, pvi = a_check()
    decision = a_decision([ret, pvi])
    newer = next_revision(ret, {"ret.covert": "yes"})
    void = [an_outcome(one, decision, at=LATER, state="void", why_void="moved_on") for one in (ret, pvi)]

    case = the_case(
        a_review(ret), a_review(pvi), a_review(newer, at=LATER), *void, under_way=[sealed_here(decision)]
    )

    assert case.standing is Standing.UNDECIDED
    assert case.why_void == "moved_on"
    assert case.undone == sealed_here(decision)


def test_of_two_decisions_the_one_that_counts_stands_whatever_came_last() -> None:
    """Two sergeants at once: the second is told that it was not counted, and the first one holds."""
    ret = a_return()
    first, second = a_decision([ret]), a_decision([ret], Outcome.RETURN, record=uuid4())
    counted = an_outcome(ret, first, at=LATER)
    void = an_outcome(ret, second, at=MUCH_LATER, state="void", why_void="already_decided")

    case = the_case(a_review(ret), counted, void, under_way=[sealed_here(second)])

    assert case.standing is Standing.APPROVED


def test_why_a_decision_does_not_count_is_said_of_the_one_made_last_whatever_the_clock_said() -> None:
    """The tablet was ahead when the first was made, and has learnt the time from the force since."""
    ret = a_return()
    first, second = a_decision([ret]), a_decision([ret], Outcome.RETURN, record=uuid4())
    both = [sealed_here(first, at=MUCH_LATER), sealed_here(second, at=LATER)]
    void = [
        an_outcome(ret, one, at=MUCH_LATER, state="void", why_void=why)
        for one, why in ((first, "moved_on"), (second, "other_unit"))
    ]

    case = the_case(a_review(ret), *void, under_way=both)

    assert (case.undone, case.why_void) == (both[1], "other_unit")


def test_a_decision_the_force_would_not_take_in_brings_the_case_back() -> None:
    """It lies in the outbox for somebody to look at; the child does not wait for that."""
    ret = a_return()
    refused = replace(sealed_here(a_decision([ret])), refused=True)

    case = the_case(a_review(ret), under_way=[refused])

    assert case.standing is Standing.UNDECIDED
    assert case.why_void == NOT_TAKEN


def test_what_was_passed_up_waits_for_the_incident_manager_and_not_for_the_sergeant() -> None:
    """The same words "escalated" end the wait of one and begin the wait of the other."""
    ret = a_return()
    told = an_outcome(ret, a_decision([ret], Outcome.ESCALATE), at=LATER)
    for_manager = a_review(ret, at=LATER, flags={"escalated": True})

    assert the_case(a_review(ret), told).standing is Standing.ESCALATED
    assert the_case(for_manager, told).standing is Standing.UNDECIDED


@pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.ESCALATE])
def test_what_was_taken_back_is_to_be_decided_again_and_for_the_one_it_was_with_it_is_over(
    outcome: Outcome,
) -> None:
    """The supervisor's tablet is asked anew; the incident manager's hears that it is not theirs any more."""
    ret = a_return()
    away = an_outcome(ret, a_decision([ret], outcome), at=LATER)
    back = an_outcome(ret, a_decision([ret], Outcome.RECALL), at=MUCH_LATER)
    for_manager = a_review(ret, at=LATER, flags={"escalated": True})

    assert the_case(a_review(ret), away).to_take_back
    again = the_case(a_review(ret), away, back, a_review(ret, at=MUCH_LATER))
    assert (again.standing, again.to_take_back) == (Standing.UNDECIDED, ())
    assert the_case(a_review(ret), away, for_manager, back).standing is Standing.RECALLED
    later = an_outcome(ret, a_decision([ret]), at=MUCH_LATER + timedelta(minutes=1))
    decided = the_case(a_review(ret), away, back, a_review(ret, at=MUCH_LATER), later)
    assert (decided.standing, decided.to_take_back) == (Standing.APPROVED, ())


def test_what_is_being_taken_back_here_is_on_its_way() -> None:
    """Without signal a sergeant must see that it was done."""
    ret = a_return()
    away = an_outcome(ret, a_decision([ret], Outcome.RETURN), at=LATER)
    mine = sealed_here(a_decision([ret], Outcome.RECALL), at=MUCH_LATER)

    assert the_case(a_review(ret), away, under_way=[mine]).standing is Standing.ON_ITS_WAY


def test_what_awaits_a_decision_comes_before_what_could_be_taken_back() -> None:
    """One decision is one thing: the interview came after the return had been sent back."""
    ret, pvi = a_check()
    away = an_outcome(ret, a_decision([ret], Outcome.RETURN), at=LATER)

    case = the_case(a_review(ret), a_review(pvi), away)

    assert [one.record for one in case.awaiting] == [pvi]
    assert case.to_take_back == ()


def test_an_answer_that_is_late_brings_the_case_back_until_it_comes() -> None:
    """Nobody answered what was sent back: the sergeant must not have to remember it."""
    ret = a_return()
    away = an_outcome(ret, a_decision([ret], Outcome.RETURN), at=LATER)
    late = news("status", ret, MUCH_LATER, {"state": "answer_late", "due_at": "2026-03-14T21:34:00Z"})

    case = the_case(a_review(ret), away, late)

    assert (case.standing, case.late_since) == (Standing.RETURNED, LATER)
    assert queue_of([case]) == (case,)
    answered = the_case(a_review(ret), away, late, a_review(next_revision(ret, {}), at=MUCH_LATER))
    assert (answered.standing, answered.late_since) == (Standing.UNDECIDED, None)


def test_what_nobody_in_the_unit_may_be_offered_comes_back_to_the_queue_until_somebody_answers() -> None:
    """R-58: the sergeant has to find somebody who is trained for work with children."""
    ret = a_return()
    away = an_outcome(ret, a_decision([ret], Outcome.RETURN), at=LATER)
    nobody = news("status", ret, LATER, {"state": "nobody_trained", "due_at": ""})
    late = news("status", ret, MUCH_LATER, {"state": "answer_late", "due_at": "2026-03-14T21:34:00Z"})
    taken_back = an_outcome(ret, a_decision([ret], Outcome.RECALL), at=MUCH_LATER, state="recalled")

    case = the_case(a_review(ret), away, nobody)

    assert (case.standing, case.nobody_trained, case.late_since) == (Standing.RETURNED, True, None)
    assert queue_of([case]) == (case,)
    assert the_case(a_review(ret), away, nobody, late).nobody_trained
    answered = a_review(next_revision(ret, {}), at=MUCH_LATER)
    assert not the_case(a_review(ret), away, nobody, answered).nobody_trained
    assert not the_case(a_review(ret), away, nobody, taken_back).nobody_trained
    assert not the_case(a_review(ret), away).nobody_trained


def test_what_the_vulnerability_team_sent_back_shows_nobody_elses_reason() -> None:
    """They decide at a desk, so no record says why; the sergeant's approval is not why."""
    ret = a_return()
    approved = an_outcome(ret, a_decision([ret]), at=LATER)
    back = an_outcome(ret, a_decision([ret], Outcome.RETURN), at=MUCH_LATER)
    back["content"] = {**back["content"], "content": None, "decision": ""}

    case = the_case(a_review(ret), approved, back)

    assert (case.standing, case.decision) == (Standing.RETURNED, None)
    assert case.to_take_back


def test_a_record_this_app_cannot_read_is_counted_and_hides_nothing() -> None:
    """A newer app wrote it: the rest of the queue is there all the same."""
    ret = a_return()
    unread = a_review(about("newer"))
    unread["content"] = {**unread["content"], "content": {"protocol": 9}}

    found, missed = cases_from([unread, a_review(ret)])

    assert [one.papers[0].record for one in found] == [ret]
    assert missed == 1


def test_news_about_what_was_never_to_be_decided_makes_no_case() -> None:
    """An officer's own receipts lie in the same vault."""
    ret = a_return()

    assert cases(news("status", ret, NIGHT, {"state": "received"})) == ()
