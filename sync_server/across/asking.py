"""Looks across the records of every force, and sets a task for each finding that nobody was asked about yet.

What is set belongs to a record, so whoever may read that record sees the task beside it. Any number of
processes may look at once: a task is one row, which only one of them makes. When a child has died (R-50)
what was set here because of that child is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, select, update

from sync_server import audit, register
from sync_server.across.adults import beside_several
from sync_server.across.findings import Asked, Finding, unasked
from sync_server.across.hotspots import hotspots
from sync_server.across.missing_often import missing_often
from sync_server.across.seen import Seen, read
from sync_server.context import Context
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import record as records
from sync_server.db.types import insert_if_new
from sync_server.flags import DEATH_RULE

SYSTEM = "server"
ASKED, STOPPED = "asked_across_records", "stopped_across_records"
RULES: Sequence[Callable[[Seen], Iterator[Finding]]] = (missing_often, hotspots, beside_several)
OURS = frozenset({"R-31", "R-33", "R-34"})
"""The rules of what is set here, as a task has them, without what stands after a slash."""


def look(context: Context) -> int:
    """Set what is to be set and stop what is to be stopped, in every force; how much that was."""
    with context.store.read() as connection:
        forces = sorted(connection.execute(select(records.c.force).distinct()).scalars())
    return sum(_look_at(context, force) for force in forces)


def _look_at(context: Context, force: str) -> int:
    now = context.now()
    with context.store.read() as connection:
        seen = read(connection, force, context.policy(force).settings, now)
        new = unasked(found(seen), _asked(connection, force))
        over = _of_the_dead(connection, seen)
    if not new and not over:
        return 0
    return context.store.write(partial(_change, seen, new, over))


def found(seen: Seen) -> Iterator[Finding]:
    """What every rule finds."""
    for rule in RULES:
        yield from rule(seen)


def _asked(connection: Connection, force: str) -> list[Asked]:
    names = ("record", "kind", "rule", "subject", "status", "outcome", "set_at")
    query = select(*(task.c[name] for name in names)).where(task.c.force == force)
    return [Asked(**row) for row in connection.execute(query).mappings()]


def _of_the_dead(connection: Connection, seen: Seen) -> list[int]:
    """The open tasks of ours on records about children who have died."""
    about = sorted({one.record for one in seen.every_record} - {one.record for one in seen.filed})
    c = task.c
    query = select(c.id, c.rule).where(c.record.in_(about), c.status == TaskState.OPEN.value)
    return [row.id for row in connection.execute(query) if is_ours(row.rule)] if about else []


def is_ours(rule: str) -> bool:
    """Whether a task of this rule may have been set here."""
    return rule.partition("/")[0] in OURS


def _change(seen: Seen, new: Sequence[Finding], over: Sequence[int], connection: Connection) -> int:
    """Look once more at what was asked: another process may have been quicker."""
    still = unasked(new, _asked(connection, seen.force))
    return sum(_ask(connection, seen, one) for one in still) + sum(
        _stop(connection, seen, one) for one in over
    )


def _ask(connection: Connection, seen: Seen, one: Finding) -> bool:
    """Set the task, unless another process sets the same row just now."""
    values = {
        "force": seen.force,
        "unit": one.on.unit,
        "record": one.on.record,
        "rev": one.on.rev,
        "kind": one.kind,
        "rule": one.rule,
        "subject": one.on.subject,
        "owner_role": one.owner,
        "set_at": seen.now,
        "due_at": one.due,
        "status": TaskState.OPEN.value,
        "outcome": "",
        "delay_reason": "",
    }
    if insert_if_new(connection, task, values, [task.c.id]) is None:
        return False
    _note(connection, seen, one.on.record, ASKED, one.rule)
    return True


def _stop(connection: Connection, seen: Seen, number: int) -> bool:
    """R-50: nothing goes on by itself about a child who has died."""
    stopped = (
        update(task)
        .where(task.c.id == number, task.c.status == TaskState.OPEN.value)
        .values(status=TaskState.STOPPED.value, outcome=DEATH_RULE)
        .returning(task.c.record, task.c.rule)
    )
    row = connection.execute(stopped).first()
    if row is None:
        return False
    _note(connection, seen, row.record, STOPPED, row.rule)
    return True


def _note(connection: Connection, seen: Seen, record: str, what: str, rule: str) -> None:
    register.keep_due(connection, record)
    audit.note(
        connection,
        force=seen.force,
        record=record,
        who=SYSTEM,
        what=what,
        at=seen.now,
        detail={"rule": rule},
    )
