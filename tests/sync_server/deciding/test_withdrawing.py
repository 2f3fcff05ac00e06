"""A record that its officer takes back leaves every queue, goes nowhere, and is corrected where it went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from booklets.records import Record
from sync_server import audit, notices
from sync_server.context import Context
from sync_server.db.tables import delivery, task
from sync_server.db.tables import record as register
from sync_server.forwarding.postman import deliver_due
from sync_server.intake import Result
from tests.support.builders import a_return, a_task, next_revision
from tests.support.colleagues import Colleague
from tests.support.server_data import Clock, a_server, at_supervisor, rows


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force whose own system waits for a supervisor."""
    with a_server(tmp_path, clock=clock, policy=at_supervisor) as opened:
        yield opened


def test_what_was_taken_back_leaves_the_queue(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The sergeant's tablet must not ask for a decision on what stands for nothing."""
    first = officer.sent(a_return(tasks=(a_task("tell_la"),)))

    officer.withdraws(first)

    [said] = sergeant.heard("decision")
    assert (said["state"], said["record"], said["content"]) == (
        "withdrawn",
        str(first.header.record),
        None,
    )
    assert len(sergeant.heard("review")) == 1
    assert _state(context, first) == "withdrawn"
    assert [(one["status"], one["outcome"]) for one in rows(context, task)] == [("stopped", "withdrawn")]
    assert officer.heard("status")[-1]["state"] == "withdrawn"


def test_what_has_not_left_does_not_leave(context: Context, officer: Colleague) -> None:
    """Nobody has had it, so nobody has to be told."""
    officer.withdraws(officer.sent(a_return()))

    assert {row["state"] for row in rows(context, delivery)} == {"stopped"}


def test_what_has_left_is_followed_by_a_correction(context: Context, officer: Colleague) -> None:
    """The council was told within the minute; it must not act on what was the wrong child."""
    first = officer.sent(a_return())
    deliver_due(context)

    second = officer.withdraws(first, "Written about the wrong child.")

    [told] = [row for row in rows(context, delivery) if row["rev"] == 2]
    assert (told["target"], told["state"]) == ("local_authority:E06000065", "due")
    with context.store.read() as connection:
        said = notices.content_of(connection, context.keys.safe, str(second.header.record), 2)
    assert said is not None
    assert "Written about the wrong child." in said["text"]
    assert "Kit" not in said["text"]
    assert _history(context, first)[-2:] == ["withdrawn", "correction_owed"]
    deliver_due(context)
    assert [row["state"] for row in rows(context, delivery) if row["rev"] == 2] == ["delivered"]


def test_an_approval_that_came_first_stands_in_the_history_and_the_record_is_withdrawn(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """What the approval let leave is corrected at the force's own system too."""
    first = officer.sent(a_return())
    sergeant.decided(first)
    deliver_due(context)

    officer.withdraws(first)

    assert _state(context, first) == "withdrawn"
    assert {row["target"] for row in rows(context, delivery) if row["rev"] == 2} == {
        "force_records",
        "local_authority:E06000065",
    }
    deliver_due(context)
    assert {row["state"] for row in rows(context, delivery)} == {"delivered"}
    assert [one["state"] for one in sergeant.heard("decision")] == ["approved", "withdrawn"]


def test_an_approval_that_comes_after_does_not_count(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The sergeant decided offline, on what the officer had taken back by then."""
    first = officer.sent(a_return())
    made = sergeant.decides([first])
    officer.withdraws(first)

    sergeant.sent(made)

    assert {one["state"]: one["why_void"] for one in sergeant.heard("decision")} == {
        "withdrawn": "",
        "void": "withdrawn",
    }
    assert _state(context, first) == "withdrawn"


def test_only_who_may_go_on_with_a_record_may_take_it_back(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """A supervisor sends back; a record is its officer's to withdraw."""
    first = officer.sent(a_return())

    answered = sergeant.sends(next_revision(first, {}), void_reason="I do not like it.")

    assert (answered.result, answered.codes) == (Result.INVALID, ("not_theirs",))
    assert _state(context, first) == "pending_supervisor"


def test_an_officer_who_says_more_after_taking_it_back_is_read_again(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Withdrawn by mistake at three in the morning: what is said next waits for a decision again."""
    second = officer.withdraws(officer.sent(a_return()))

    third = officer.revises(second, void_reason="")

    assert _state(context, third) == "pending_supervisor"
    assert [one["rev"] for one in sergeant.heard("review")] == [1, 3]


def _state(context: Context, record: Record) -> object:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found["state"]


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]
