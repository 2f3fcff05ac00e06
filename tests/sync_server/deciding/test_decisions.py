"""A decision that arrives counts, moves what it names, and is told to everybody whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets import wire
from booklets.decisions import Ask, Outcome
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context
from sync_server.db.owed import delivery
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from tests.support.builders import CHILD, a_return, a_task, an_interview
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, a_server, at_supervisor, rows


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force whose own system waits for a supervisor."""
    with a_server(tmp_path, clock=clock, policy=at_supervisor) as opened:
        yield opened


def test_an_approval_moves_the_record_and_lets_it_leave(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """What waited for a supervisor is due once one has looked, and not before."""
    returned = officer.sent(a_return())
    assert _owed(context, "force_records") == ["held"]

    sergeant.decided(returned)

    assert _state(context, returned) == "approved"
    assert _owed(context, "force_records") == ["due"]
    assert [(row["stands"], row["role"]) for row in rows(context, decision)] == [(True, "supervisor")]
    assert "approved" in _history(context, returned)


def test_everybody_whom_it_concerns_hears_of_a_decision(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """The officer reads why; every sergeant's tablet takes the record out of its queue."""
    returned = officer.sent(a_return())
    colleague = a_colleague(context, "sgt.oyelaran", Role.SUPERVISOR)
    colleague.hears()
    clock.at += timedelta(minutes=5)

    made = sergeant.decided(returned)

    for person in (officer, sergeant, colleague):
        [said] = person.heard("decision")
        assert (said["record"], said["rev"]) == (str(returned.header.record), 1)
        assert (said["state"], said["outcome"], said["why_void"]) == ("approved", "approve", "")
        assert (said["decision"], said["by"]) == (str(made.header.record), sergeant.author.id)
        assert wire.record_from_json(said["content"]) == made
        assert said["leaves"] == ["force_records"], "what leaves because of it, and to whom"


def test_a_decision_waits_for_nobodys_decision(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Else every decision would put one more thing into the queue."""
    returned = officer.sent(a_return())
    sergeant.hears()
    made = sergeant.decided(returned)

    assert [one["record"] for one in sergeant.heard("review")] != [str(made.header.record)]
    assert len(sergeant.heard("review")) == 1
    assert _state(context, made) == "filed"


def test_what_is_sent_back_goes_to_its_author_with_the_questions_and_the_time(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The officer at the door needs the record, the question about it, and by when."""
    returned, interview = officer.sent(a_return()), officer.sent(an_interview())
    ask = Ask(returned.header.record, "ret.left_with", "Who is Robin to Kit?")

    made = sergeant.decided(returned, interview, outcome=Outcome.RETURN, asks=[ask])

    [said] = officer.heard("returned")
    assert (said["state"], said["assigned"]) == ("returned", "author")
    assert said["decision"] == str(made.header.record)
    assert said["due_at"]
    assert wire.record_from_json(said["content"]["decision"]) == made
    records = [wire.record_from_json(one) for one in said["content"]["records"]]
    assert sorted(records, key=lambda one: one.header.form) == [interview, returned]
    assert _state(context, returned) == _state(context, interview) == "returned"
    assert {row["assigned_to"] for row in rows(context, register)} == {officer.author.id, ""}


def test_what_was_sent_back_and_put_right_waits_for_a_decision_again(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The second revision is read as the first was, and it is the second that is approved."""
    first = officer.sent(a_return(tasks=(a_task("tell_la"),)))
    sergeant.decided(first, outcome=Outcome.RETURN)

    second = officer.revises(first, {"ret.found_how": "hospital"})

    [before, now] = sergeant.heard("review")
    assert (before["rev"], now["rev"], now["state"]) == (1, 2, "pending_supervisor")
    assert now["encounter"] == str(first.header.encounter)
    assert now["due_at"] == "2026-03-14T22:04:00Z"
    assert isinstance(now["risk"], int)
    assert _state(context, second) == "pending_supervisor"
    sergeant.decided(second)
    assert _state(context, second) == "approved"
    assert _owed(context, "force_records") == ["stopped", "due"]


def test_what_is_said_again_of_a_decision_does_not_change_what_was_said(
    context: Context, officer: Colleague, sergeant: Colleague, clock: Clock
) -> None:
    """Everybody reads why the record was approved, and not what was thought of afterwards."""
    returned = officer.sent(a_return())
    made = sergeant.decided(returned)
    clock.at += timedelta(minutes=5)

    sergeant.revises(made, {"sup.rationale": "Kit was seen by the paramedics, which I forgot to write."})

    [heard] = officer.heard("decision")
    assert heard["content"] == wire.record_to_json(made)
    assert [(row["rev"], row["stands"]) for row in rows(context, decision)] == [(1, True), (1, False)]


def test_what_was_passed_upwards_and_taken_back_leaves_the_incident_managers_queue(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Also where the officer had sent a newer revision first, which was the sergeant's again."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    returned = officer.sent(a_return())
    sergeant.decided(returned, outcome=Outcome.ESCALATE)
    manager.hears()

    officer.withdraws(officer.revises(returned))

    assert [(one["state"], one["rev"]) for one in manager.heard("decision")] == [("withdrawn", 2)]


def test_what_is_passed_to_the_vulnerability_team_waits_in_their_queue(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """D.15: escalate VAT/MHET. No partner is told before the team has decided, and no manager is asked."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    returned = officer.sent(a_return())

    sergeant.decided(returned, outcome=Outcome.ESCALATE_VAT)

    assert _state(context, returned) == "specialist_review"
    assert manager.heard("review") == []
    assert [one["state"] for one in officer.heard("decision")] == ["referred"]
    assert [one["state"] for one in sergeant.heard("decision")] == ["referred"]
    assert _owed(context, "force_records") == ["held"]


def test_the_incident_manager_may_pass_it_to_the_vulnerability_team(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Upwards first, and then to those who know the child."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    returned = officer.sent(a_return())
    sergeant.decided(returned, outcome=Outcome.ESCALATE)

    manager.decided(returned, outcome=Outcome.ESCALATE_VAT)

    assert _state(context, returned) == "specialist_review"


def test_the_incident_manager_hears_what_was_decided_on_a_death(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """A death is put before both, and the sergeant decides: then it waits for neither."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    died = officer.sent(a_return({"ret.condition": ("deceased",)}))
    assert len(manager.heard("review")) == 1

    sergeant.decided(died)

    assert [one["state"] for one in manager.heard("decision")] == ["approved"]


def test_what_is_passed_upwards_goes_to_the_incident_manager(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It stays undecided until the one it was passed to decides."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")
    returned = officer.sent(a_return())
    assert manager.heard("review") == []

    sergeant.decided(returned, outcome=Outcome.ESCALATE)

    [asked] = manager.heard("review")
    assert asked["flags"]["escalated"] is True
    assert _state(context, returned) == "escalated"
    sergeant.decided(returned)
    assert _void(context) == ["already_decided"]
    manager.decided(returned)
    assert _state(context, returned) == "approved"
    assert [one["state"] for one in manager.heard("decision")] == ["approved"]


def test_an_incident_manager_decides_only_what_was_passed_upwards(
    context: Context, officer: Colleague
) -> None:
    """Else a desk far away would empty a sergeant's queue."""
    manager = a_colleague(context, "insp.varga", Role.FIM, unit="control_room")

    manager.decided(officer.sent(a_return()))

    assert _void(context) == ["not_a_supervisor"]


def test_the_history_of_decisions_can_be_verified(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Who decided what is what an inspector asks for first."""
    first = officer.sent(a_return())
    sergeant.decided(first, outcome=Outcome.RETURN)
    made = sergeant.decided(officer.revises(first))

    assert audit.verify_audit(context).broken == ()
    assert _history(context, first) == [
        "received",
        "notice_prepared",
        "returned",
        "received",
        "notice_prepared",
        "approved",
    ]
    assert _history(context, made) == ["received", "decision_stands"]


def test_no_word_of_a_decision_lies_readable(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """A rationale says why a child is or is not safe."""
    made = sergeant.decided(officer.sent(a_return()))
    words = str(made.answers["sup.rationale"])

    assert str(CHILD) in str(rows(context, register))
    assert words not in str([rows(context, table) for table in (decision, delivery, register)])


def _state(context: Context, record: Record) -> object:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found["state"]


def _void(context: Context) -> list[Any]:
    return [row["why_void"] for row in rows(context, decision) if not row["stands"]]


def _owed(context: Context, target: str) -> list[object]:
    return [row["state"] for row in rows(context, delivery) if row["target"] == target]


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]
