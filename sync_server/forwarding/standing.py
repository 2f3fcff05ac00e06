"""What is owed, as people look at it: how each system stands, what waits, and what is tried once more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, not_, or_, select, true, update

from sync_server import audit
from sync_server.db.owed import Owed, delivery
from sync_server.db.tables import Kept, submission
from sync_server.forwarding.outbox import NOT_OVER, OUTDATED, WAITING

MOST_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOverview:
    """How one system stands that we deliver to: how many deliveries in each state, and its newest trouble.

    ``waits_since`` is when the oldest arrived here that is due or dead, ``next_try`` when the next attempt
    is made, ``last_error`` why an attempt failed at something that still waits.
    """

    force: str
    target: str
    counts: Mapping[Owed, int]
    waits_since: datetime | None
    next_try: datetime | None
    last_error: str
    delivered_at: datetime | None

    @property
    def in_trouble(self) -> bool:
        """Whether somebody should look."""
        return bool(self.last_error)


def deliveries_of(connection: Connection, record: str) -> list[RowMapping]:
    """Everything owed because of one record, oldest first."""
    query = select(delivery).where(delivery.c.record == record).order_by(delivery.c.id)
    return list(connection.execute(query).mappings())


def try_again(connection: Connection, id_: int, *, now: datetime, who: str = "server") -> bool:
    """Owe a dead delivery once more, from the beginning. Whether there was one."""
    again = (
        update(delivery)
        .where(delivery.c.id == id_, delivery.c.state == Owed.DEAD.value)
        .values(state=Owed.DUE.value, due_at=now, tries=0)
        .returning(delivery.c.force, delivery.c.record, delivery.c.rev, delivery.c.target)
    )
    row = connection.execute(again).first()
    if row is None:
        return False
    audit.note(
        connection,
        force=row.force,
        record=row.record,
        who=who,
        what="delivery_owed_again",
        at=now,
        detail={"target": row.target, "rev": row.rev},
    )
    return True


def listed(
    connection: Connection, force: str = "", states: Collection[Owed] = NOT_OVER, most: int = MOST_LISTED
) -> list[RowMapping]:
    """Deliveries in these states, of one force or of all: first what waits longest."""
    query = select(delivery).where(delivery.c.state.in_([one.value for one in states]))
    if force:
        query = query.where(delivery.c.force == force)
    return list(connection.execute(query.order_by(delivery.c.id).limit(most)).mappings())


def without_decision(connection: Connection, force: str, *, since: datetime) -> list[RowMapping]:
    """What is held although its time is over, then what left or was stopped since then, undecided."""
    held = (delivery.c.state == Owed.HELD.value) & delivery.c.escalated_at.is_not(None)
    query = (
        select(delivery)
        .where(delivery.c.force == force, or_(held & not_(OUTDATED), delivery.c.undecided_at >= since))
        .order_by(delivery.c.undecided_at.is_not(None), delivery.c.limit_at, delivery.c.undecided_at.desc())
    )
    return list(connection.execute(query.limit(MOST_LISTED)).mappings())


def overview(connection: Connection, force: str = "") -> list[TargetOverview]:
    """Every system that something was ever owed to, of one force or of all."""
    of = (delivery.c.force == force) if force else true()
    counted = select(*_TARGET, delivery.c.state, func.count().label("number"), _NEXT, _LAST)
    found: dict[tuple[str, str], list[RowMapping]] = {}
    for row in connection.execute(counted.where(of).group_by(*_TARGET, delivery.c.state)).mappings():
        found.setdefault((row["force"], row["target"]), []).append(row)
    open_ = of & delivery.c.state.in_([one.value for one in (*WAITING, Owed.DEAD)])
    since = dict(_since(connection, open_))
    errors = dict(_errors(connection, open_))
    return [
        TargetOverview(
            force=key[0],
            target=key[1],
            counts={Owed(row["state"]): row["number"] for row in rows},
            waits_since=since.get(key),
            next_try=min((row["next_try"] for row in rows if row["state"] == Owed.DUE), default=None),
            last_error=errors.get(key, ""),
            delivered_at=max((row["last"] for row in rows if row["last"]), default=None),
        )
        for key, rows in sorted(found.items())
    ]


_TARGET = (delivery.c.force, delivery.c.target)
_NEXT = func.min(delivery.c.due_at).label("next_try")
_LAST = func.max(delivery.c.delivered_at).label("last")


def _since(connection: Connection, of: ColumnElement[bool]) -> Iterator[tuple[tuple[str, str], datetime]]:
    """Since when the oldest of what is not delivered has been here."""
    same = (submission.c.record == delivery.c.record) & (submission.c.rev == delivery.c.rev)
    stored = submission.c.state == Kept.STORED.value
    query = select(*_TARGET, func.min(submission.c.received_at)).join(submission, same & stored)
    for force, target, since in connection.execute(query.where(of).group_by(*_TARGET)):
        yield (force, target), since


def _errors(connection: Connection, of: ColumnElement[bool]) -> Iterator[tuple[tuple[str, str], str]]:
    """The newest trouble of each target: of what waits, whatever was put off last."""
    newest = func.max(delivery.c.due_at)
    query = (
        select(*_TARGET, delivery.c.last_error)
        .where(of, delivery.c.last_error != "")
        .group_by(*_TARGET, delivery.c.last_error)
        .order_by(newest)
    )
    for force, target, error in connection.execute(query):
        yield (force, target), error
