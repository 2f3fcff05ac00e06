"""Which files are due for review, and what forbids that one is destroyed, whoever has said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from booklets.definitions import retaining
from booklets.definitions.retaining import Group, Retaining
from sync_server import evidence, given, restricted
from sync_server.across.seen import MISSING
from sync_server.context import Context
from sync_server.db.owed import TaskState, delivery, task
from sync_server.db.retained import due_record
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.deciding.unsettled import unsettled
from sync_server.episodes.standing import closings
from sync_server.forwarding.outbox import NOT_OVER
from sync_server.retention.files import File, files_of

UNDECIDED = frozenset({State.PENDING, State.ESCALATED, State.RETURNED, State.SPECIALIST})


class Hinders(StrEnum):
    """What forbids that a file is destroyed, in the order in which it is read."""

    HELD = "held"
    OPEN_EPISODE = "open_episode"
    UNDECIDED = "undecided"
    OPEN_TASK = "open_task"
    OWED = "owed"
    DRAFT_WAITS = "draft_waits"
    TWO_VERSIONS = "two_versions"
    RESTRICTED = "restricted"
    TOO_YOUNG = "too_young"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it stands today: its group, since when it is due, and what forbids that it is destroyed."""

    file: File
    group: Group
    due_at: datetime
    hinders: tuple[Hinders, ...]


def keeping_of(context: Context, force: str) -> Retaining:
    """What this force has decided about keeping."""
    return retaining(context.policy(force).settings)


def look_at(context: Context, connection: Connection, file: File, force: str) -> Looked:
    """One file as it stands today. Its records are opened for the group that their headers name."""
    keeping = keeping_of(context, force)
    group = file.group(keeping, _said(context, connection, file))
    due_at = file.due_at(keeping.terms[group])
    return Looked(file, group, due_at, tuple(_hindrances(context, connection, file, group, force)))


def due_files(context: Context, connection: Connection, force: str) -> list[Looked]:
    """Every file that is due, the longest due first."""
    keeping, now = keeping_of(context, force), context.now()
    perhaps = (
        one for one in files_of(connection, force) if one.due_at(keeping.terms[one.group(keeping)]) <= now
    )
    looked = (look_at(context, connection, one, force) for one in perhaps)
    return sorted((one for one in looked if one.due_at <= now), key=lambda one: (one.due_at, one.file.key))


def note_due(context: Context, force: str) -> int:
    """Write down which records are due, for the list and for whoever may read them; how many files."""
    with context.store.read() as connection:
        found = due_files(context, connection, force)
        before = {
            row.record: tuple(row) for row in connection.execute(_KNOWN.where(due_record.c.force == force))
        }
    rows = {
        record: (record, one.file.key, one.group.value, one.due_at)
        for one in found
        for record in one.file.names
    }
    if rows != before:
        context.store.write(lambda db: _put(db, force, list(rows.values())))
    return len(found)


_KNOWN = select(due_record.c.record, due_record.c.file, due_record.c.group, due_record.c.due_at)


def _put(connection: Connection, force: str, rows: Sequence[tuple[str, str, str, datetime]]) -> None:
    connection.execute(delete(due_record).where(due_record.c.force == force))
    names = ("record", "file", "group", "due_at")
    if rows:
        connection.execute(
            insert(due_record), [{"force": force, **dict(zip(names, row, strict=True))} for row in rows]
        )


def forces(connection: Connection) -> list[str]:
    """Every force of which anything is kept."""
    return sorted(connection.execute(select(register.c.force).distinct()).scalars())


def _said(context: Context, connection: Connection, file: File) -> Iterator[str]:
    for row in file.records:
        record = evidence.readable(connection, context.keys.safe, row["record"], row["rev"])
        if record is not None:
            yield record.header.retention_class


def _hindrances(
    context: Context, connection: Connection, file: File, group: Group, force: str
) -> Iterator[Hinders]:
    """What is open of it, and what else forbids it: worked out anew whenever it is asked."""
    now, term = context.now(), keeping_of(context, force).terms[group]
    if file.holds:
        yield Hinders.HELD
    missing = {row["episode"] for row in file.records if row["record_type"] in MISSING}
    if missing - closings(connection, force, missing).keys():
        yield Hinders.OPEN_EPISODE
    if any(row["state"] in UNDECIDED for row in file.records):
        yield Hinders.UNDECIDED
    if _is_open(connection, file.names):
        yield Hinders.OPEN_TASK
    if _is_owed(connection, file.names):
        yield Hinders.OWED
    if given.waits(connection, force, file.encounters):
        yield Hinders.DRAFT_WAITS
    if unsettled(connection, force, file.names):
        yield Hinders.TWO_VERSIONS
    if restricted.of_words(connection, force, {row["subject"] for row in file.records}):
        yield Hinders.RESTRICTED
    grown = file.old_enough_at(term)
    if grown is not None and grown > now:
        yield Hinders.TOO_YOUNG
    if file.due_at(term) > now:
        yield Hinders.NOT_DUE


def _is_open(connection: Connection, names: Iterable[str]) -> bool:
    query = select(task.c.id).where(task.c.record.in_(list(names)), task.c.status == TaskState.OPEN.value)
    return connection.execute(query.limit(1)).first() is not None


def _is_owed(connection: Connection, names: Iterable[str]) -> bool:
    waiting = delivery.c.state.in_([one.value for one in NOT_OVER])
    query = select(delivery.c.id).where(delivery.c.record.in_(list(names)), waiting)
    return connection.execute(query.limit(1)).first() is not None
