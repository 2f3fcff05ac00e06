"""A record that its officer takes back leaves every queue, goes nowhere, and is corrected where it went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from booklets.records import Record
from sync_server import audit, notices
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.db.tables import record as register
from sync_server.forwarding import claiming, standing
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import Never, NotNow
from sync_server.intake import Result
from tests.support.builders import a_return, a_task, an_id, next_revision
from tests.support.colleagues import Colleague
from tests.support.server_data import Clock, a_server, at_supervisor, rows

COUNCIL = "local_authority:E06000065"


@dataclass
class Busy:
    """A system that answers as it is told to, and to whom something happens while it is asked."""

    meanwhile: Callable[[], object]
    answers: Exception | None = None

    def __call__(self, _claimed: Claimed) -> Busy:
        """The same for every target."""
        return self

    def deliver(self, content: Mapping[str, object], *, once: str) -> None:
        """Take it, or not."""
        self.meanwhile()
        if self.answers is not None:
            raise self.answers


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
    sergeant.hears()

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
    sergeant.hears()
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
    sergeant.hears()
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
    first = officer.sent(a_return())
    sergeant.hears()
    second = officer.withdraws(first)

    third = officer.revises(second, void_reason="")

    assert _state(context, third) == "pending_supervisor"
    assert [one["rev"] for one in sergeant.heard("review")] == [1, 3]


def _state(context: Context, record: Record) -> object:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found["state"]


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]


def test_what_is_under_way_and_does_not_arrive_is_not_tried_again(
    context: Context, officer: Colleague, clock: Clock
) -> None:
    """The council was down when the wrong child was sent to it. It must not come up to that."""
    first = officer.sent(a_return())

    deliver_due(context, Busy(lambda: officer.withdraws(first), NotNow("it cannot be reached")))

    assert _to_council(context) == [(1, "stopped"), (2, "due")]
    clock.at += claiming.LONGEST_WAIT
    deliver_due(context)
    assert _to_council(context) == [(1, "stopped"), (2, "delivered")]


def test_what_is_under_way_and_arrives_is_known_to_have_arrived(
    context: Context, officer: Colleague
) -> None:
    """Whoever reads the history later must see that the council had it, and then the correction."""
    first = officer.sent(a_return())

    deliver_due(context, Busy(lambda: officer.withdraws(first)))

    assert _to_council(context) == [(1, "delivered"), (2, "due")]
    assert "delivered" in _history(context, first)


def test_what_was_taken_to_be_sent_and_is_not_yet_stays_here(context: Context, officer: Colleague) -> None:
    """Fifty are taken at once, and a slow system has the last of them a minute later."""
    other = officer.sent(a_return(record=an_id("other"), encounter=an_id("other"), episode=an_id("other")))
    first = officer.sent(a_return())
    once: list[str] = []

    def meanwhile() -> None:
        once.append("asked")
        if len(once) == 1:
            officer.withdraws(first)

    deliver_due(context, Busy(meanwhile))

    assert once == ["asked"]
    assert str(other.header.record) in {
        row["record"] for row in rows(context, delivery) if row["state"] == "delivered"
    }


def test_nobody_can_send_what_was_given_up_and_then_taken_back(context: Context, officer: Colleague) -> None:
    """An administrator who clears the list of what is stuck must not send the wrong child after all."""
    first = officer.sent(a_return())
    deliver_due(context, Busy(lambda: None, Never("it answered 400")))

    officer.withdraws(first)

    with context.store.read() as connection:
        owed = standing.deliveries_of(connection, str(first.header.record))
    [stuck] = [row["id"] for row in owed if (row["rev"], row["target"]) == (1, COUNCIL)]
    assert not context.store.write(lambda db: standing.try_again(db, stuck, now=context.now()))


def test_what_was_tried_without_an_answer_is_followed_by_a_correction(
    context: Context, officer: Colleague
) -> None:
    """The line was cut after the council had it: nobody here knows, and the council acts on it."""
    first = officer.sent(a_return())
    deliver_due(context, Busy(lambda: None, NotNow("the connection was cut")))

    officer.withdraws(first)

    assert _to_council(context) == [(1, "stopped"), (2, "due")]


def _to_council(context: Context) -> list[tuple[object, object]]:
    return [(row["rev"], row["state"]) for row in rows(context, delivery) if row["target"] == COUNCIL]
