"""What a school was told and holds no longer: corrected, taken back, or left to a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from booklets.answers import Gap, Why
from booklets.decisions import Outcome
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.forwarding import claiming, standing
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import Never, NotNow
from tests.support.builders import a_ppn, a_return, a_task
from tests.support.colleagues import Colleague
from tests.support.councils import OVER, Told
from tests.support.schools import (
    OTHER_SCHOOL,
    OTHER_TARGET,
    TARGET,
    an_enc,
    read_by,
    said_of_school_tasks,
    school_tasks,
    to_schools,
)
from tests.support.server_data import Clock, rows

Deliver = Callable[[], list[tuple[str, str]]]
NOTICE = "Operation Encompass"
ELSEWHERE = {"enc.setting_name": str(OTHER_SCHOOL)}
OF_THE_PPN = a_task("operation_encompass", rule="R-46", owner="vat")


# -- what holds no longer ----------------------------------------------------------------------------
def test_a_later_revision_is_a_correction_once_it_was_read(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """The same school: what changed follows, and the task stays over."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    second = officer.revises(first, {"enc.outcome": "He was bailed. He may collect Kit again."})
    assert told() == []

    sergeant.decided(second)

    assert told() == [(TARGET, f"Correction: {NOTICE}")]
    assert {status for _, status, _ in school_tasks(context)} == {"done"}


def test_a_revision_that_comes_before_the_first_has_left_takes_its_place(
    officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """The school reads one message, the newest."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    second = officer.revises(first, {"enc.outcome": "He was bailed."})
    sergeant.decided(second)

    assert len(told()) == 1


def test_another_school_is_told_and_the_first_hears_that_it_holds_no_longer(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """It has read of a child who is not its own: it hears of that at once, and nothing more of the child."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    second = officer.revises(first, ELSEWHERE)

    assert told() == [(TARGET, OVER)]
    words = str(read_by(context, second)["text"])
    assert "do not pass it on" in words
    assert "Kit" not in words
    assert school_tasks(context) == {
        ("school_told", "open", "on_its_way"),
        ("operation_encompass", "open", "on_its_way"),
    }

    sergeant.decided(second)
    assert told() == [(OTHER_TARGET, NOTICE)]
    assert {status for _, status, _ in school_tasks(context)} == {"done"}


def test_a_correction_that_cannot_be_delivered_is_rung_for(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """The school acts on what no longer is so: who may collect a child has changed, and it does not know."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    second = officer.revises(first, {"enc.outcome": "He was bailed, and is looking for Kit."})
    sergeant.decided(second)
    deliver_due(context, Told([], at="school:", answers=Never("400")))

    assert school_tasks(context) == {
        ("school_told", "open", "not_delivered"),
        ("operation_encompass", "open", "not_delivered"),
    }


@pytest.mark.parametrize("answers", [Never("400"), NotNow("no answer")])
def test_a_school_that_was_wrongly_told_and_cannot_be_reached_is_rung(
    context: Context, officer: Colleague, sergeant: Colleague, clock: Clock, answers: Exception
) -> None:
    """It has read of a child who is not its own: the team is asked once, about that very school."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    deliver_due(context, Told([]))
    second = officer.revises(first, ELSEWHERE)
    assert not wrong_schools(context), "the correction is on its way"
    for _ in range(claiming.TRIES):
        deliver_due(context, Told([], at="school:", answers=answers), chance=lambda: 0.0)
        clock.at += timedelta(minutes=1)

    [asked] = wrong_schools(context)
    assert (asked["owner_role"], asked["status"], asked["by_system"]) == ("vat", "open", "not_corrected")
    assert asked["rule"] == f"R-46/{TARGET}"
    assert asked["due_at"] - asked["set_at"] == timedelta(minutes=60)
    officer.withdraws(second)
    assert [one["status"] for one in wrong_schools(context)] == ["open"], "it still acts on what it read"


def test_nobody_rings_a_school_that_a_correction_has_reached_after_all(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """Tried once more by hand, and it arrived."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    officer.revises(first, ELSEWHERE)
    deliver_due(context, Told([], at="school:", answers=Never("400")))
    [dead] = [int(str(one["id"])) for one in to_schools(context) if one["state"] == "dead"]
    again = partial(standing.try_again, id_=dead, now=context.now(), who="command line")
    assert context.store.write(again)

    assert told() == [(TARGET, OVER)]
    assert [one["status"] for one in wrong_schools(context)] == ["done"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_ppn_that_comes_after_the_notice_says_what_the_system_does_or_has_done(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver, arrived: bool
) -> None:
    """Nobody rings for what the school knows. Nothing is closed: it may be about another night."""
    sergeant.decided(officer.sent(an_enc(tasks=())))
    if arrived:
        told()
    officer.sent(a_ppn(tasks=(OF_THE_PPN,)))

    assert school_tasks(context) == {
        ("operation_encompass", "open", "told_before" if arrived else "on_its_way")
    }


@pytest.mark.parametrize("answers", [Never("400"), NotNow("no answer")])
def test_nobody_is_sent_to_ring_by_what_failed_after_it_was_stopped(
    context: Context, officer: Colleague, sergeant: Colleague, clock: Clock, answers: Exception
) -> None:
    """It was under way when the officer learnt that the school must not know: "ring it" would tell it."""
    officer.sent(a_ppn(tasks=(OF_THE_PPN,)))
    first = officer.sent(an_enc())
    sergeant.decided(first)
    for _ in range(claiming.TRIES - 1 if isinstance(answers, NotNow) else 0):
        deliver_due(context, Told([], at="school:", answers=answers), chance=lambda: 0.0)
        clock.at += timedelta(minutes=1)
    unsafe = {"enc.blocked": "safety", "enc.blocked_because": "His uncle is the caretaker."}

    deliver_due(
        context,
        Told([], at="school:", answers=answers, meanwhile=lambda: officer.revises(first, unsafe)),
    )

    assert ("operation_encompass", "open", "not_told") in school_tasks(context)
    assert "not_delivered" not in said_of_school_tasks(context)


@pytest.mark.parametrize("before", [True, False])
def test_where_somebody_must_not_know_specialists_decide_what_a_school_is_told(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver, before: bool
) -> None:
    """R-51: no school reads anything by itself, also where it was approved before that came to be known."""
    covert = a_ppn({"ppn.covert": "yes", "ppn.do_not_disclose": "Not Dean."}, covert=True)
    if before:
        officer.sent(covert)
    sergeant.decided(officer.sent(an_enc()))
    if not before:
        officer.sent(covert)

    assert told() == []
    assert school_tasks(context) == {
        ("school_told", "open", "covert"),
        ("operation_encompass", "open", "covert"),
    }


def test_nobody_rings_a_school_that_the_system_does_not_know_before_specialists_have_decided(
    context: Context, officer: Colleague
) -> None:
    """The task had said to ring it."""
    officer.sent(an_enc({"enc.setting_name": Gap(Why.NOT_KNOWN)}))
    assert said_of_school_tasks(context) == {"not_listed"}

    officer.sent(a_ppn({"ppn.covert": "yes", "ppn.do_not_disclose": "Not Dean."}, covert=True))

    assert said_of_school_tasks(context) == {"covert"}


def test_a_correction_waits_for_specialists_too_and_what_the_school_has_read_stays(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """The school keeps the child in view; what has changed is told as the specialists decide."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    officer.sent(a_ppn({"ppn.covert": "yes", "ppn.do_not_disclose": "Not Dean."}, covert=True))
    assert {status for _, status, _ in school_tasks(context)} == {"done"}

    sergeant.decided(officer.revises(first, {"enc.outcome": "He was bailed."}))

    assert told() == []
    assert {(status, said) for _, status, said in school_tasks(context)} == {("open", "covert")}


def test_what_arrives_while_the_record_names_another_school_ends_no_task(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It was under way: the school that has it is corrected, and the right one is still to be told."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    given: list[tuple[str, str]] = []

    deliver_due(context, Told(given, at="school:", meanwhile=lambda: officer.revises(first, ELSEWHERE)))

    assert (TARGET, NOTICE) in given
    assert {status for _, status, _ in school_tasks(context)} == {"open"}
    assert {(one["target"], one["state"]) for one in to_schools(context)} == {
        (TARGET, "delivered"),
        (TARGET, "due"),
        (OTHER_TARGET, "held"),
    }


def test_the_right_school_is_told_while_the_wrong_one_cannot_be_reached(
    context: Context, officer: Colleague, sergeant: Colleague, clock: Clock, told: Deliver
) -> None:
    """That it holds no longer waits for the first school's system: the second does not wait for that."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    second = officer.revises(first, ELSEWHERE)
    deliver_due(context, Told([], at=TARGET, answers=NotNow("no answer")), chance=lambda: 0.0)

    sergeant.decided(second)
    clock.at += timedelta(hours=1)

    assert told() == [(TARGET, OVER), (OTHER_TARGET, NOTICE)]
    assert {status for _, status, _ in school_tasks(context)} == {"done"}


def test_a_school_that_must_not_know_after_all_is_corrected_and_nobody_is_asked_to_ring(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """What was known too late is taken back, and no task sends somebody to say it again."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    told()
    officer.revises(first, {"enc.blocked": "safety", "enc.blocked_because": "His uncle is the caretaker."})

    assert told() == [(TARGET, OVER)]
    assert {status for _, status, _ in school_tasks(context)} == {"done"}


def test_nobody_rings_a_school_that_must_not_know_after_all(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """Put right before anything left: the record asks for nothing, and the team is told to read it first."""
    officer.sent(a_ppn(tasks=(OF_THE_PPN,)))
    officer.revises(officer.sent(an_enc()), {"enc.blocked": "safety", "enc.blocked_because": "His uncle."})

    assert told() == []
    assert school_tasks(context) == {
        ("school_told", "stopped", "on_its_way"),
        ("operation_encompass", "stopped", "on_its_way"),
        ("operation_encompass", "open", "not_told"),
    }


def test_a_record_that_is_withdrawn_is_taken_back_without_the_reason(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """Why it was withdrawn may name another child. What the PPN asks for is asked again."""
    officer.sent(a_ppn(tasks=(OF_THE_PPN,)))
    record = officer.sent(an_enc())
    sergeant.decided(record)
    told()
    withdrawn = officer.withdraws(record, "It was Kit's brother Sam, of another school.")

    assert told() == [(TARGET, "Withdrawn")]
    words = str(read_by(context, withdrawn)["text"])
    assert "Do not rely on it." in words
    assert "Sam" not in words
    by_record = {(one["record"], one["kind"]): one["status"] for one in rows(context, task)}
    mine = str(record.header.record)
    assert by_record[(mine, "school_told")] == "stopped"
    assert by_record[(str(a_ppn().header.record), "operation_encompass")] == "open"


def test_a_record_that_was_withdrawn_unsent_tells_nobody(
    officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """Nobody has had it."""
    officer.withdraws(officer.sent(an_enc()))

    assert told() == []


@pytest.mark.parametrize("before", [True, False])
def test_after_a_death_no_school_is_told_by_itself(
    context: Context, officer: Colleague, told: Deliver, before: bool
) -> None:
    """R-50: whichever arrives first, a person decides what the school hears, and when."""
    dead = a_return({"ret.found_how": "dead"})
    for one in (dead, an_enc()) if before else (an_enc(), dead):
        officer.sent(one)

    assert {str(one["state"]) for one in to_schools(context)} <= {"stopped"}
    assert told() == []


def test_a_death_that_was_a_mistake_lets_the_school_be_told(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """What the mistake had kept back goes on as it would have: after the supervisor."""
    dead = officer.sent(a_return({"ret.found_how": "dead"}))
    record = officer.sent(an_enc())
    officer.revises(dead, {"ret.found_how": "police"})

    sergeant.decided(record)

    assert told() == [(TARGET, NOTICE)]


def test_what_is_sent_back_is_not_told_until_it_was_answered(
    officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """A question of the sergeant's holds the notice, and the answer lets it go."""
    record = officer.sent(an_enc())
    sergeant.decided(record, outcome=Outcome.RETURN)
    assert told() == []

    sergeant.decided(officer.revises(record, {"enc.outcome": "He was bailed."}))
    assert told() == [(TARGET, NOTICE)]


def wrong_schools(context: Context) -> list[dict[str, Any]]:
    """What asks somebody to ring a school that acts on what holds no longer."""
    return [one for one in rows(context, task) if one["kind"] == "correct_school"]
