"""What somebody has to do because of a record, and what ends it by itself.

A task keeps the time it was given first: a later revision of its record does not start the clock again.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from booklets.records import Record, Task
from sync_server.db.tables import State, TaskState, task
from sync_server.db.tables import record as register
from sync_server.db.types import insert_if_new
from sync_server.notices import reference_of
from sync_server.referrals import PPN
from sync_server.register import keep_due

OPEN, DONE, STOPPED = (one.value for one in TaskState)
PPN_CLOCK = "ppn_submitted"


def set_tasks(connection: Connection, tasks: Iterable[Task], record: Record) -> None:
    """Set the tasks of a record that are not set yet. A PPN that has arrived already is not asked for."""
    for one in tasks:
        there = _ppn_of(connection, record) if one.kind == PPN_CLOCK else None
        values = {
            "force": record.header.force,
            "unit": record.header.unit,
            "record": str(record.header.record),
            "rev": record.header.revision,
            "kind": one.kind,
            "rule": one.rule,
            "subject": one.subject,
            "owner_role": one.owner_role,
            "set_at": one.set_at,
            "due_at": one.due_at,
            "status": DONE if there else one.status,
            "outcome": there or "",
            "delay_reason": "",
        }
        insert_if_new(connection, task, values, [task.c.id])


def ppn_came(connection: Connection, record: Record) -> None:
    """Close the tasks that asked for a PPN about this child in this episode: here it is."""
    asked = (task.c.kind == PPN_CLOCK, task.c.status == OPEN, task.c.subject == str(record.header.subject))
    _change(connection, record, *asked, status=DONE, outcome=_outcome(record))


def ppn_withdrawn(connection: Connection, record: Record) -> None:
    """Ask for a PPN again: the one that had closed the task stands for nothing any more."""
    closed = (task.c.kind == PPN_CLOCK, task.c.status == DONE, task.c.outcome == _outcome(record))
    _change(connection, record, *closed, status=OPEN, outcome="")


def stop(connection: Connection, records: Iterable[str], *, but: str, reason: str) -> None:
    """Stop every open task of these records except those of one kind."""
    connection.execute(
        update(task)
        .where(task.c.record.in_(list(records)), task.c.kind != but, task.c.status == OPEN)
        .values(status=STOPPED, outcome=reason)
    )


def _change(connection: Connection, record: Record, *which: ColumnElement[bool], **values: str) -> None:
    of = task.c.record.in_(_of_episode(record))
    changed = update(task).where(of, *which).values(**values).returning(task.c.record)
    for name in sorted(set(connection.execute(changed).scalars())):
        keep_due(connection, name)


def _of_episode(record: Record) -> Select[tuple[str]]:
    header = record.header
    return select(register.c.record).where(
        register.c.force == header.force, register.c.episode == str(header.episode)
    )


def _ppn_of(connection: Connection, record: Record) -> str | None:
    """The outcome that a PPN about the same child in the same episode means for whoever is asked for one."""
    query = _of_episode(record).where(
        register.c.record_type == PPN,
        register.c.subject == str(record.header.subject),
        register.c.state != State.WITHDRAWN.value,
    )
    found: Row[tuple[str]] | None = connection.execute(query).first()
    return _words(found.record) if found else None


def _outcome(record: Record) -> str:
    return _words(str(record.header.record))


def _words(name: str) -> str:
    return f"PPN {reference_of(UUID(name))}"
