"""What a handheld is not given any more, because it was over before it asked (least privilege, S-08).

A tablet that is new to a unit is given what still asks for something there, and not the unit's history. What
is over keeps its number, so that no gap opens, and says nothing. Once withheld from a handheld it stays so:
then what was disclosed to whom is known from these rows and the marks alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, exists, select

from sync_server.db.owed import feed_item, feed_mark, feed_withheld, task
from sync_server.db.tables import State, decision
from sync_server.db.tables import record as register
from sync_server.db.types import insert_if_new

REVIEW, DECISION, RETURNED, TASK = "review", "decision", "returned", "task"
OPEN = "open"
SETTLED = frozenset({State.APPROVED, State.SPECIALIST, State.CLOSED, State.WITHDRAWN, State.FILED})
WAITS = frozenset({State.PENDING, State.ESCALATED})
DAYS = "days_given_to_new_tablets"
DAYS_OTHERWISE = 28

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Asks:
    """Who asks, on which handheld, at which address of their own, and what is older than what is too old."""

    officer: str
    device: str
    own: str
    since: datetime


def since(settings: Mapping[str, object], now: datetime) -> datetime:
    """From when on something is young enough, as the force has set."""
    days = settings.get(DAYS, DAYS_OTHERWISE)
    return now - timedelta(days=days if isinstance(days, int) else DAYS_OTHERWISE)


def over_among(connection: Connection, asks: Asks, rows: Sequence[RowMapping]) -> frozenset[Place]:
    """Which of these items are over for this handheld. What is the officer's own is never over."""
    found = [row for row in rows if row["recipient"] != asks.own and row["kind"] in _OVER]
    if not found:
        return frozenset()
    before = _withheld(connection, asks.device, found)
    stand = _standing(connection, found)
    return frozenset(
        place
        for row in found
        if (place := (row["recipient"], row["n"])) in before
        or _OVER[row["kind"]](connection, asks, row, stand.get(row["record"]))
    )


def note(connection: Connection, force: str, device: str, places: Iterable[Place]) -> None:
    """Keep what a handheld was not given.

    What it has kept before was given it, whatever is withheld now: a question that comes late on its way, or
    once more from the start, changes nothing of that.
    """
    c = feed_mark.c
    kept = select(c.recipient, c.n).where(c.device == device)
    marks = {row.recipient: row.n for row in connection.execute(kept)}
    new = [(recipient, number) for recipient, number in places if number > marks.get(recipient, 0)]
    for recipient, number in sorted(new):
        row = {"force": force, "recipient": recipient, "device": device, "n": number}
        insert_if_new(connection, feed_withheld, row, [feed_withheld.c.n])


def _review_is_over(connection: Connection, asks: Asks, row: RowMapping, head: Any) -> bool:
    """A record is read by whoever has to decide on it, and an earlier revision to compare it with.

    What waits for a decision is always given, however old: a child's record must not lie unseen.
    """
    if head is None or head.state in SETTLED:
        return True
    if row["rev"] == head.rev:
        return head.state not in WAITS and row["added_at"] < asks.since
    return row["added_at"] < asks.since or not _was_sent_back(connection, row)


def _decision_is_over(connection: Connection, asks: Asks, row: RowMapping, head: Any) -> bool:
    """What was decided on a record that this handheld was never given, by somebody else."""
    if head is not None and head.state not in SETTLED:
        return False
    return row["detail"].get("by") != asks.officer and not _was_given(connection, asks, row)


def _returned_is_over(connection: Connection, asks: Asks, row: RowMapping, head: Any) -> bool:
    """Somebody of the unit has answered it."""
    return head is None or head.state != State.RETURNED or head.rev != row["rev"]


def _task_is_over(connection: Connection, asks: Asks, row: RowMapping, head: Any) -> bool:
    """News that a task is open which has ended since: whoever hears of it now need not know of whom."""
    if row["detail"].get("status") != OPEN:
        return False
    status = select(task.c.status).where(task.c.id == row["detail"]["task"])
    return connection.execute(status).scalar() != OPEN


_OVER = {
    REVIEW: _review_is_over,
    DECISION: _decision_is_over,
    RETURNED: _returned_is_over,
    TASK: _task_is_over,
}


def _standing(connection: Connection, rows: Iterable[RowMapping]) -> Mapping[str, Any]:
    names = sorted({row["record"] for row in rows})
    query = select(register.c.record, register.c.rev, register.c.state).where(register.c.record.in_(names))
    return {row.record: row for row in connection.execute(query)}


def _withheld(connection: Connection, device: str, rows: Sequence[RowMapping]) -> frozenset[Place]:
    c = feed_withheld.c
    query = select(c.recipient, c.n).where(
        c.device == device,
        c.recipient.in_(sorted({row["recipient"] for row in rows})),
        c.n.between(min(row["n"] for row in rows), max(row["n"] for row in rows)),
    )
    return frozenset((recipient, number) for recipient, number in connection.execute(query))


def _was_sent_back(connection: Connection, row: RowMapping) -> bool:
    sent_back = select(decision.c.id).where(
        decision.c.record == row["record"],
        decision.c.rev == row["rev"],
        decision.c.stands,
        decision.c.state == State.RETURNED.value,
    )
    return connection.execute(sent_back).first() is not None


def _was_given(connection: Connection, asks: Asks, row: RowMapping) -> bool:
    """Whether this handheld has kept a revision of the record from this very address."""
    c, mark, not_given = feed_item.c, feed_mark.c, feed_withheld.c
    withheld = exists().where(
        not_given.recipient == c.recipient, not_given.device == asks.device, not_given.n == c.n
    )
    given = (
        select(c.n)
        .join(feed_mark, and_(mark.recipient == c.recipient, mark.device == asks.device, mark.n >= c.n))
        .where(c.recipient == row["recipient"], c.record == row["record"], c.kind == REVIEW, ~withheld)
    )
    return connection.execute(given).first() is not None
