"""What follows from a record that was just stored, in the same transaction.

The author hears that it arrived, the supervisor that it waits; tasks are set;
the local authority and the force's records are owed what they are due. Unless the
child has died (R-50): then nothing happens by itself, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from booklets.answers import instant
from booklets.decisions import is_decision
from booklets.records import Record, Task
from sync_server import audit, evidence, feed, notices, projection
from sync_server.context import Context
from sync_server.db.tables import record as record_table
from sync_server.db.tables import task as task_table
from sync_server.db.types import insert_if_new
from sync_server.deciding import heads, sealed, telling
from sync_server.deciding.heads import Head
from sync_server.deciding.withdrawing import withdraw
from sync_server.flags import DEATH_RULE
from sync_server.forwarding import outbox
from sync_server.identity.accounts import Role
from sync_server.settings import Release

DEATH_TASK = "child_has_died"
RETURN, INTERVIEW = "RET", "PVI"
SYSTEM = "server"


@dataclass(frozen=True, slots=True)
class Came:
    """A revision that was just stored: what it says, what it shows, and where the one before it stood."""

    record: Record
    flags: Mapping[str, Any]
    at: datetime
    before: Head | None = None


def follow(context: Context, connection: Connection, came: Came) -> None:
    """Set in motion what this record asks for."""
    record, at = came.record, came.at
    if is_decision(record):
        sealed.take(context, connection, record, at)
        _tell_author(connection, record, at)
        return
    if record.header.void_reason:
        withdraw(connection, record, came.before, at)
        return
    others = _of_episode(connection, record)
    died = bool(came.flags["child_has_died"]) or any(one.flags.get("child_has_died") for one in others)
    if died:
        _stop_everything(connection, record, [one.record for one in others], at)
    _set_tasks(connection, [one for one in record.tasks if not died or one.kind == DEATH_TASK], record)
    _owe_force(context, connection, record, at, held=died)
    if not died:
        _tell_local_authority(context, connection, record, others, at)
    if died or record.header.revision > 1:
        projection.keep_due(connection, str(record.header.record))
    _tell_author(connection, record, at)
    _ask_for_decision(connection, record, at, died=died)


def _of_episode(connection: Connection, record: Record) -> list[Any]:
    """The records of the same episode, this one included: it stands in the register already."""
    of = {"force": record.header.force, "episode": str(record.header.episode)}
    return list(connection.execute(_OF_EPISODE, of).all())


_OF_EPISODE = select(
    *(record_table.c[name] for name in ("record", "rev", "record_type", "encounter", "flags"))
).where(record_table.c.force == bindparam("force"), record_table.c.episode == bindparam("episode"))


def _stop_everything(connection: Connection, record: Record, episode: list[str], at: datetime) -> None:
    """R-50: no automatic notice, clock or interview, neither from this record nor from its neighbours."""
    outbox.stop(connection, records=episode, target=outbox.LOCAL_AUTHORITY, reason=DEATH_RULE)
    connection.execute(
        update(task_table)
        .where(
            task_table.c.record.in_(episode),
            task_table.c.kind != DEATH_TASK,
            task_table.c.status == "open",
        )
        .values(status="stopped", outcome=DEATH_RULE)
    )
    audit.note(
        connection,
        force=record.header.force,
        record=str(record.header.record),
        who=SYSTEM,
        what="automatic_steps_stopped",
        at=at,
        detail={"rule": DEATH_RULE, "rev": record.header.revision, "records": sorted(episode)},
    )


def _set_tasks(connection: Connection, tasks: list[Task], record: Record) -> None:
    for one in tasks:
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
            "status": one.status,
            "outcome": "",
            "delay_reason": "",
        }
        insert_if_new(connection, task_table, values, [task_table.c.id])


def _owe_force(
    context: Context, connection: Connection, record: Record, at: datetime, *, held: bool
) -> None:
    """Owe the record to the force's own system: now, or once a supervisor has looked, as the force set."""
    header = record.header
    waits = held or context.policy(header.force).force_records is Release.SUPERVISOR
    outbox.owe(
        connection,
        force=header.force,
        target=outbox.FORCE_RECORDS,
        record=str(header.record),
        rev=header.revision,
        at=at,
        held=waits,
    )


def _tell_local_authority(
    context: Context, connection: Connection, record: Record, others: list[Any], at: datetime
) -> None:
    """Prepare the notice of the return and owe it to the council; an interview that comes later, too."""
    safe = context.keys.safe
    returned, interview = (
        _neighbour(context, connection, record, others, kind) for kind in (RETURN, INTERVIEW)
    )
    if returned is None:
        return
    made = notices.compose(
        returned,
        interview=interview,
        because_of=record,
        policy=context.policy(record.header.force),
        rules={rule for one in others for rule in one.flags.get("rules", ())},
        prepared=at,
    )
    if notices.prepare(connection, safe, made, record=record, at=at) is None:
        return
    header = record.header
    outbox.owe(
        connection,
        force=header.force,
        target=f"{outbox.LOCAL_AUTHORITY}{made.authority}",
        record=str(header.record),
        rev=header.revision,
        at=at,
    )
    audit.note(
        connection,
        force=header.force,
        record=str(header.record),
        who=SYSTEM,
        what="notice_prepared",
        at=at,
        detail={"kind": made.kind, "rev": header.revision, "authority": made.authority},
    )


def _neighbour(
    context: Context, connection: Connection, record: Record, others: list[Any], kind: str
) -> Record | None:
    """The record of this kind from the same doorstep: this one, or the newest that has arrived."""
    if record.header.record_type == kind:
        return record
    encounter = str(record.header.encounter)
    for one in others:
        if (one.record_type, one.encounter) == (kind, encounter):
            return evidence.record_of(connection, context.keys.safe, one.record, one.rev)
    return None


def _tell_author(connection: Connection, record: Record, at: datetime) -> None:
    header = record.header
    feed.add(
        connection,
        force=header.force,
        recipient=feed.to_officer(header.force, header.author.id),
        kind=feed.STATUS,
        at=at,
        record=str(header.record),
        rev=header.revision,
        detail={"state": "received", "received_at": instant(at)},
    )


def _ask_for_decision(connection: Connection, record: Record, at: datetime, *, died: bool) -> None:
    """Put the record before the supervisors of its unit, and a death before the incident manager too.

    Where a record goes is never what the handheld says: a word in a header opens no other queue.
    """
    header = record.header
    head = heads.held(connection, header.force, [str(header.record)])[str(header.record)]
    more = {"rule": DEATH_RULE} if died else {}
    telling.review(connection, feed.to_role(header.force, Role.SUPERVISOR, header.unit), head, at, **more)
    if died:
        telling.review(connection, feed.to_role(header.force, Role.FIM, ""), head, at, **more)
