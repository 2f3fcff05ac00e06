"""What was sent back and waits: offered to the unit once its author is off shift, and told once it is late.

Nobody asks for this, so a running server looks now and then. Several may look at once: each record is held
still and looked at again before anything is done, so each thing is done once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select, update

from sync_server import audit
from sync_server.context import Context
from sync_server.db.tables import RETURNED, State, decision
from sync_server.db.tables import audit as history
from sync_server.db.tables import record as register
from sync_server.deciding import heads, telling
from sync_server.deciding.heads import Head
from sync_server.identity import sessions
from sync_server.regularly import Regularly

LOOK_EVERY_S = 10.0
SYSTEM = "server"
OFFERED, LATE = "offered_to_unit", "answer_late"


@dataclass(frozen=True, slots=True)
class Looked:
    """How many records were offered to their unit, and how many were told to be late."""

    offered: int = 0
    late: int = 0


def look(context: Context) -> Looked:
    """Offer to the unit what waits for somebody who is off shift, and tell its supervisors what is late."""
    now = context.now()
    with context.store.read() as connection:
        found = [one.record for one in _waiting(connection) if _stuck(connection, one, now)]
        found += [one.record for one in _waiting(connection) if _untold(connection, one, now)]
    if not found:
        return Looked()
    return context.store.write(lambda connection: _look_again(connection, found, now))


def _waiting(connection: Connection) -> Sequence[Head]:
    """What was sent back and not answered, by way of an index of its own: most records are elsewhere."""
    return connection.execute(WAITING).all()


WAITING = select(register).where(RETURNED).order_by(register.c.received_at, register.c.record)


def _stuck(connection: Connection, head: Head, now: datetime) -> bool:
    """Whether this waits for somebody who is not there."""
    waits = head.state == State.RETURNED and bool(head.assigned_to)
    return waits and not sessions.is_on_shift(connection, head.assigned_to, now=now)


def _untold(connection: Connection, head: Head, now: datetime) -> bool:
    """Whether the answer to this is late, and nobody has been told since it was sent back."""
    if head.state != State.RETURNED or head.due_at is None or now < head.due_at:
        return False
    c = history.c
    told = select(c.id).where(c.record == head.record, c.what == LATE, c.at >= head.decided_at)
    return connection.execute(told).first() is None


def _look_again(connection: Connection, found: Iterable[str], now: datetime) -> Looked:
    """The same with the records held still: an answer or another process may have come first."""
    by_force = select(register.c.force, register.c.record).where(register.c.record.in_(sorted(set(found))))
    named = connection.execute(by_force.order_by(register.c.force, register.c.record)).all()
    held = [
        head
        for force, rows in groupby(named, key=lambda row: row.force)
        for head in heads.held(connection, force, [row.record for row in rows]).values()
    ]
    stuck = [one for one in held if _stuck(connection, one, now)]
    for one in stuck:
        _offer(connection, one, now)
    for encounter in dict.fromkeys(one.encounter for one in stuck):
        first = next(one for one in stuck if one.encounter == encounter)
        telling.returned(
            connection,
            first,
            decision=_sent_back_by(connection, first),
            assigned_to="",
            due_at=first.due_at,
            at=now,
        )
    late = [one for one in held if _untold(connection, one, now)]
    for one in late:
        _note(connection, one, LATE, now)
        telling.late(connection, one, now)
    return Looked(len(stuck), len(late))


def _offer(connection: Connection, head: Head, now: datetime) -> None:
    """It is anybody's of the unit from here on. The decision says so too: the register is made from it."""
    for table in (register, decision):
        connection.execute(
            update(table)
            .where(
                table.c.record == head.record,
                table.c.rev == head.rev,
                table.c.state == State.RETURNED.value,
                table.c.assigned_to == head.assigned_to,
            )
            .values(assigned_to="")
        )
    _note(connection, head, OFFERED, now, was=head.assigned_to)


def _sent_back_by(connection: Connection, head: Head) -> str:
    """The record of the decision that sent it back; "" for one that was made at the console."""
    c = decision.c
    query = select(c.decision_record).where(
        c.record == head.record, c.rev == head.rev, c.stands, c.state == State.RETURNED.value
    )
    return connection.execute(query.order_by(c.id.desc())).scalars().first() or ""


def _note(connection: Connection, head: Head, what: str, at: datetime, **more: str) -> None:
    audit.note(
        connection,
        force=head.force,
        record=head.record,
        who=SYSTEM,
        what=what,
        at=at,
        detail={"rev": head.rev, **more},
    )


@dataclass
class LookOut(Regularly):
    """The same for as long as the server runs."""

    every_s: float = LOOK_EVERY_S
    name = "look_out"

    def look(self) -> None:
        """Look once."""
        look(self.context)
