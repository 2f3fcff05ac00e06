"""What nobody has decided on in time: first it is put before more people, then it leaves or is stopped.

    held --limit--> escalated (still held) --grace--> due, or stopped, as the force has set

A decision and a limit that is over at the same moment wait for each other at the record's row: whichever
comes first, there is one outcome, and what has left leaves once. What was sent back was decided on, and what
is about a child who has died leaves by no limit: both have none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, not_, select, update

from booklets.answers import instant
from booklets.definitions.leaving import Leaving, Output, Then
from booklets.duties import DECIDE
from sync_server import audit, corrections, encompass, feed, register
from sync_server.context import Context
from sync_server.db.owed import Owed, TaskState, delivery, task
from sync_server.db.tables import State
from sync_server.db.types import insert_if_new
from sync_server.deciding import heads, telling
from sync_server.deciding.heads import Head
from sync_server.deciding.states import DECIDED_BY
from sync_server.forwarding.outbox import OUTDATED, TARGETS, output_of
from sync_server.identity.accounts import Role

AT_ONCE = 50
UNDECIDED = "undecided"
SYSTEM = "server"
SPEAKS_ANEW = frozenset({Output.REFERRAL, Output.SCHOOL_NOTICE})
"""Of which a later revision takes the place of what an earlier one said elsewhere, once it leaves."""

Waits = Row[tuple[int, str, str]]


def sweep(context: Context) -> int:
    """Take the next step with each delivery whose limit is over, and say with how many.

    Any number of processes may do this at once: each step is taken by one of them.
    """
    with context.store.read() as connection:
        late = list(connection.execute(_late(context.now())).all())
    return sum(context.store.write(partial(_step, context, one)) for one in late)


def _late(now: datetime) -> Select[tuple[int, str, str]]:
    return (
        select(delivery.c.id, delivery.c.force, delivery.c.record)
        .where(*_over(now))
        .order_by(delivery.c.limit_at, delivery.c.id)
        .limit(AT_ONCE)
    )


def _over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return delivery.c.state == Owed.HELD.value, delivery.c.limit_at <= now, not_(OUTDATED)


def _step(context: Context, one: Waits, connection: Connection) -> int:
    """One step of one delivery, unless somebody has decided, or taken the step, since we looked."""
    head = heads.held(connection, one.force, [one.record]).get(one.record)
    row = connection.execute(select(delivery).where(delivery.c.id == one.id, *_over(context.now()))).first()
    if row is None:
        return 0
    waits_for = DECIDED_BY.get(State(head.state)) if head is not None and head.rev == row.rev else None
    if head is None or waits_for is None or heads.of_a_child_who_has_died(connection, head):
        connection.execute(update(delivery).where(delivery.c.id == one.id).values(limit_at=None))
        return 0
    late = _Late(context, connection, row, head, waits_for)
    return int(late.escalate() if row.escalated_at is None else late.end())


@dataclass(frozen=True, slots=True)
class _Late:
    """A delivery whose limit is over, its record as it stands, and whose decision it waits for."""

    context: Context
    connection: Connection
    row: Row[Any]
    head: Head
    waits_for: Role

    @property
    def output(self) -> Output:
        """What it is that waits."""
        return output_of(self.row.target)

    @property
    def leaving(self) -> Leaving:
        """What the force has set of it."""
        return self.context.policy(self.row.force).leaving[self.output]

    def escalate(self) -> bool:
        """Nobody has decided: tell whoever decides and the incident manager, who may decide from now on."""
        now, then = self.context.now(), self.leaving.then.value
        ends = now + self.leaving.grace
        if not self._change(escalated_at=now, limit_at=ends):
            return False
        self._note("limit_over", {"then": then, "by": instant(ends)})
        _ask(self.connection, self.row, self.head, self.waits_for, now=now, by=ends)
        register.keep_due(self.connection, self.row.record)
        self._ask_again({"output": self.output.value, "then": then, "by": instant(ends)}, now)
        return True

    def end(self) -> bool:
        """Nobody has decided although more people knew: it leaves all the same, or never, and says so."""
        now = self.context.now()
        leaves = self.leaving.then is Then.RELEASE
        outcome: dict[str, object] = (
            {"state": Owed.DUE.value, "due_at": now}
            if leaves
            else {"state": Owed.STOPPED.value, "last_error": UNDECIDED}
        )
        if not self._change(limit_at=None, undecided_at=now, undecided_by=self.waits_for.value, **outcome):
            return False
        if leaves and self.output in SPEAKS_ANEW and self.row.rev > 1:
            record = heads.opened(self.connection, self.context.keys.safe, self.head)
            corrections.newest_leaves(self.context, self.connection, record, now, TARGETS[self.output])
        if self.output is Output.SCHOOL_NOTICE and not leaves:
            encompass.not_by_itself(self.connection, self.row.record, encompass.ByHand.STOPPED)
        self._note("left_undecided" if leaves else "stopped_undecided", {"lacks": self.waits_for.value})
        return True

    def _change(self, **values: object) -> bool:
        """Change it if its limit is still over: a death in the episode may have stopped it meanwhile."""
        still = (delivery.c.id == self.row.id, *_over(self.context.now()))
        change = update(delivery).where(*still).values(**values).returning(delivery.c.id)
        return self.connection.execute(change).first() is not None

    def _ask_again(self, said: Mapping[str, str], now: datetime) -> None:
        """Put the record before them once more, with what will happen by itself and when."""
        manager = feed.to_role(self.row.force, Role.FIM, "")
        asked: Mapping[State, tuple[str, ...]] = {
            State.PENDING: (feed.to_role(self.row.force, Role.SUPERVISOR, self.head.unit), manager),
            State.ESCALATED: (manager,),
        }
        standing = heads.held(self.connection, self.row.force, [self.row.record])[self.row.record]
        for recipient in asked.get(State(self.head.state), ()):
            # No limit runs after a death: what is about one was let go of before this step.
            telling.review(self.connection, recipient, standing, now, died=False, **{UNDECIDED: said})

    def _note(self, what: str, more: Mapping[str, str]) -> None:
        audit.note(
            self.connection,
            force=self.row.force,
            record=self.row.record,
            who=SYSTEM,
            what=what,
            at=self.context.now(),
            detail={"rev": self.row.rev, "target": self.row.target, **more},
        )


def passed_on(connection: Connection, head: Head, now: datetime) -> None:
    """It is the specialists' turn, and its limit was over before: they have as long as is left."""
    waits = (
        delivery.c.record == head.record,
        delivery.c.rev == head.rev,
        delivery.c.state == Owed.HELD.value,
        delivery.c.escalated_at.is_not(None),
        delivery.c.limit_at.is_not(None),
    )
    rows = connection.execute(select(delivery).where(*waits).order_by(delivery.c.id)).all()
    for row in rows:
        _ask(connection, row, head, DECIDED_BY[State.SPECIALIST], now=now, by=row.limit_at)
    if rows:
        register.keep_due(connection, head.record)


def _ask(
    connection: Connection, row: Row[Any], head: Head, whose: Role, *, now: datetime, by: datetime
) -> None:
    """Ask whoever decides to do so; anew where a decision meanwhile was not the end of it."""
    same = {
        "record": row.record,
        "kind": DECIDE,
        "rule": f"{output_of(row.target).value}/{row.rev}",
        "subject": "",
    }
    asked = {
        "owner_role": whose.value,
        "set_at": now,
        "due_at": by,
        "status": TaskState.OPEN.value,
        "outcome": "",
        "delay_reason": "",
    }
    values = {"force": row.force, "unit": head.unit, "rev": row.rev, **same, **asked}
    if insert_if_new(connection, task, values, [task.c.id]) is None:
        is_over = task.c.status != TaskState.OPEN.value
        again = update(task).where(*(task.c[name] == one for name, one in same.items()), is_over)
        connection.execute(again.values(**asked, accepted_at=None, told="", late_told_at=None))


def is_escalated(connection: Connection, head: Head) -> bool:
    """Whether so much time has passed without a decision that the incident manager may make it."""
    query = select(delivery.c.id).where(
        delivery.c.record == head.record, delivery.c.rev == head.rev, delivery.c.escalated_at.is_not(None)
    )
    return connection.execute(query).first() is not None


def over(connection: Connection, records: Collection[str], outcome: str) -> None:
    """Somebody has decided: nobody has to be asked for that any more."""
    asked = (task.c.record.in_(list(records)), task.c.kind == DECIDE, task.c.status == TaskState.OPEN.value)
    connection.execute(update(task).where(*asked).values(status=TaskState.DONE.value, outcome=outcome))


__all__ = ["DECIDE", "UNDECIDED", "is_escalated", "over", "sweep"]
