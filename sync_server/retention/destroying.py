"""Destroying records for good: their keys, every byte that came, and all that was made of them here.

Only what somebody has said is to be destroyed, whose time to take that back is over, and of which nothing is
open or held: looked at once more in the transaction that does it. What remains is that there was a record,
when, by which rule and whose word it was destroyed, and its audit, which holds ids and codes.

    one transaction   envelope, bodies, key; register; what phones, teams and partners had yet to be given
    then              the line in the ledger; files that no system has fetched; photographs; the traces
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, exists, func, select, update

from sync_server import audit, evidence, feed, given, register, team_texts
from sync_server.attachments import watching
from sync_server.context import Context
from sync_server.db.acts import task_act
from sync_server.db.attachments import upload
from sync_server.db.council_answers import council_answer
from sync_server.db.owed import notice, task
from sync_server.db.retained import destroyed, due_record
from sync_server.db.samples import dip_feedback
from sync_server.db.tables import Kept, decision, submission
from sync_server.db.tables import record as records
from sync_server.db.types import insert_if_new
from sync_server.duties import restriction
from sync_server.forwarding.drop_folder import forget_files
from sync_server.retention.due import Looked, forces, keeping_of, look_at
from sync_server.retention.files import files_of
from sync_server.retention.ledger import Ledger
from sync_server.retention.traces import Traces
from sync_server.shift_pack import known

SYSTEM, WHAT = "server", "destroyed"
CAME_BACK = "came_back"


def destroy_due(context: Context) -> int:
    """Destroy what may be destroyed now, and again what came back with an old copy; how many records.

    Killed at any place it goes on from there with the next look.
    """
    return _destroy(context, _waiting(context))


def destroy_again(context: Context) -> int:
    """Destroy only what had been destroyed before and came back with an old copy; how many records."""
    return _destroy(context, [])


def _destroy(context: Context, waiting: Sequence[tuple[str, str]]) -> int:
    ledger, traces = Ledger(context.settings.data), Traces(context.settings.data)
    back = [one for name, one in ledger.known().items() if came_back(context, name)]
    left_before = traces.due
    if waiting or back:
        traces.note()
    done = sum(context.store.write(partial(_destroy_file, context, force, key)) for force, key in waiting)
    done += sum(context.store.write(partial(_destroy_again, context, one)) for one in back)
    with context.store.read() as connection:
        there = connection.execute(select(destroyed)).mappings().all()
    ledger.add(map(dict, there))
    forget_files(context.settings.drop, {row["record"] for row in there})
    while watching.look_once(context) >= watching.MOST:  # photographs lie under no key that is gone
        pass
    if done or left_before:
        context.store.leave_no_trace()
    if waiting or back or left_before:  # what another process has noted is that one's to erase
        traces.erased()
    return done


def _waiting(context: Context) -> list[tuple[str, str]]:
    """The files of which it was said, and the time to take that back is over: each force and key."""
    with context.store.read() as connection:
        return [
            (force, file.key)
            for force in forces(connection)
            for file in files_of(connection, force)
            if file.waits is not None and _is_over(context, connection, force, file.waits["until"])
        ]


def _is_over(context: Context, connection: Connection, force: str, until: datetime) -> bool:
    """Whether it can be taken back no more. After a backup was put back that begins anew.

    What was said since that backup, that it is taken back or held, is forgotten with the rest.
    """
    _, restored_at = audit.restored(connection)
    if restored_at is not None:
        until = max(until, restored_at + keeping_of(context, force).take_back)
    return until <= context.now()


def _destroy_file(context: Context, force: str, key: str, connection: Connection) -> int:
    """Look once more, and destroy the whole file or nothing of it."""
    file = next((one for one in files_of(connection, force) if one.key == key), None)
    act = file.waits if file else None
    if file is None or act is None or not _is_over(context, connection, force, act["until"]):
        return 0
    looked = look_at(context, connection, file, force)
    if looked.hinders:
        return 0
    for row in file.records:
        said = {"act": act["id"], "by": act["by"], "decided_at": act["at"], "rule": _rule(looked)}
        told = {"record": row["record"], "record_type": row["record_type"], "form": row["form"]}
        _note(connection, context.now(), {"force": force, **told, **said})
    _forget(context, connection, file.names, file.episodes, file.encounters)
    return len(file.names)


def _rule(looked: Looked) -> str:
    return f"S-09 {looked.group.value}, due {looked.due_at.date().isoformat()}"


def came_back(context: Context, name: str) -> bool:
    """Whether a record of the ledger is here, and the database does not know that it was destroyed."""
    with context.store.read() as connection:
        told = connection.execute(select(destroyed.c.record).where(destroyed.c.record == name)).first()
        here = connection.execute(select(submission.c.seq).where(submission.c.record == name)).first()
    return told is None and here is not None


def _destroy_again(context: Context, told: Mapping[str, Any], connection: Connection) -> int:
    """What was decided once holds: nobody is asked again because an old copy was put back."""
    name = told["record"]
    episodes, encounters = (
        _alone(connection, one, name) for one in (records.c.episode, records.c.encounter)
    )
    _note(connection, context.now(), dict(told) | {"rule": f"{told['rule']} ({CAME_BACK})"})
    _forget(context, connection, [name], episodes, encounters)
    return 1


def _alone(connection: Connection, column: Column[str], name: str) -> list[str]:
    """The episode or encounter of a record, unless another record is of it as well."""
    other = records.alias()
    shared = exists().where(other.c[column.name] == column, other.c.record != name)
    return list(
        connection.execute(select(column).where(records.c.record == name, column != "", ~shared)).scalars()
    )


def _note(connection: Connection, now: datetime, told: Mapping[str, Any]) -> None:
    """What remains of it, here and in its history."""
    c = submission.c
    query = select(func.count(), func.min(c.received_at), func.max(c.received_at)).where(
        c.record == told["record"], c.state == Kept.STORED.value
    )
    revisions, first, last = connection.execute(query).one()
    names = ("force", "record", "record_type", "form", "rule", "act", "by", "decided_at")
    values = {name: told[name] for name in names} | {"destroyed_at": now}
    insert_if_new(
        connection,
        destroyed,
        values | {"revisions": revisions, "first_at": first or now, "last_at": last or now},
        [destroyed.c.record],
    )
    audit.note(
        connection,
        force=told["force"],
        record=told["record"],
        who=SYSTEM,
        what=WHAT,
        at=now,
        detail={"act": told["act"], "rule": told["rule"]},
    )


def _forget(
    context: Context,
    connection: Connection,
    names: Collection[str],
    episodes: Collection[str],
    encounters: Collection[str],
) -> None:
    """Everything that was kept or made of these records, whoever it was for."""
    evidence.destroy(connection, names)
    register.forget(connection, context.keys.safe, names, episodes)
    team_texts.forget(connection, names)
    given.forget(connection, encounters, by=SYSTEM, now=context.now())
    feed.forget(connection, [*names, *encounters])  # news of a draft is filed under its encounter
    known.forget(connection, names)
    restriction.forget(connection, names)
    # What was sealed beside them opens no more; it need not lie here either.
    of_tasks = select(task.c.id).where(task.c.record.in_(names))
    for table, column, which in (
        (decision, "content_sealed", decision.c.record.in_(names)),
        (notice, "content_sealed", notice.c.record.in_(names)),
        (task_act, "words_sealed", task_act.c.task.in_(of_tasks)),
        (dip_feedback, "words_sealed", dip_feedback.c.record.in_(names)),
        (council_answer, "words_sealed", council_answer.c.record.in_(names)),
    ):
        connection.execute(update(table).where(which).values({column: b""}))
    connection.execute(upload.delete().where(upload.c.record.in_(names)))
    connection.execute(due_record.delete().where(due_record.c.record.in_(names)))
