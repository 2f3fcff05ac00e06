"""Looks across the records of every force, and sets a task for each finding that nobody was asked about yet.

What is set belongs to a record, so whoever may read that record sees the task beside it. Any number of
processes may look at once: a task is one row, which only one of them makes. When a child has died (R-50)
what was set here because of that child is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, select, update

from sync_server import audit, register
from sync_server.across.findings import Finding
from sync_server.across.missing_often import missing_often
from sync_server.across.seen import Seen, read
from sync_server.context import Context
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import record as records
from sync_server.db.types import insert_if_new
from sync_server.flags import DEATH_RULE

SYSTEM = "server"
ASKED, STOPPED = "asked_across_records", "stopped_across_records"
RULES: Sequence[Callable[[Seen], Iterator[Finding]]] = (missing_often,)
OURS = frozenset({"R-31"})
"""The rules of what is set here, as a task has them: all that begins with one of these."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A task that is there already, open or not."""

    record: str
    kind: str
    rule: str
    status: str


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


def unasked(findings: Iterable[Finding], asked: Iterable[Asked]) -> list[Finding]:
    """Those that nobody was asked about yet, neither here nor by a handheld."""
    of_kind: dict[str, list[Asked]] = {}
    for one in asked:
        of_kind.setdefault(one.kind, []).append(one)
    return [one for one in findings if not any(_is_about(one, other) for other in of_kind.get(one.kind, ()))]


def _is_about(one: Finding, asked: Asked) -> bool:
    is_open = asked.status == TaskState.OPEN.value
    return (asked.record in one.event and asked.rule == one.rule) or (is_open and asked.record in one.matter)


def _asked(connection: Connection, force: str) -> list[Asked]:
    c = task.c
    query = select(c.record, c.kind, c.rule, c.status).where(c.force == force)
    return [Asked(row.record, row.kind, row.rule, row.status) for row in connection.execute(query)]


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
