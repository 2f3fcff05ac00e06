"""The register: what ``projection`` makes of each record, kept so that people can read and search it.

Nothing in it is the only copy of anything: ``rebuild_register`` throws it away and projects every stored
revision again, in order of arrival, and comes to the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from sync_server import evidence
from sync_server.context import Context
from sync_server.db.later import later
from sync_server.db.owed import task
from sync_server.db.tables import REGISTER, State, decision, happening, link, location, person, thing
from sync_server.db.tables import record as record_table
from sync_server.db.types import insert_in
from sync_server.flags import flags_of
from sync_server.keys import Safe
from sync_server.projection import Projection, Tie, project

_THIS = record_table.alias()


def of_one_doorstep(record: str | BindParameter[str]) -> Select[tuple[str]]:
    """The records of one encounter in one episode, by any of them: what was written at one doorstep."""
    same = (
        (_THIS.c.force == record_table.c.force)
        & (_THIS.c.episode == record_table.c.episode)
        & (_THIS.c.encounter == record_table.c.encounter)
    )
    return select(record_table.c.record).join(_THIS, same).where(_THIS.c.record == record)


def write(connection: Connection, projection: Projection) -> None:
    """Put one record's rows into the register, in place of those of its earlier revision."""
    row = projection.record
    if row["rev"] > 1:
        _clear(connection, row["record"])
    dialect = connection.dialect.name
    later(connection, _put_record(dialect), row)
    for table in (person, location, thing):
        mentions = _in_order(one for kind, one in projection.mentions if kind == table.name)
        if mentions:
            later(connection, _insert_mentions(dialect, table), mentions)
    later(connection, _insert_events(dialect), _in_order(projection.events))
    later(
        connection,
        _INSERT_LINK,
        [
            {slot: getattr(tie, slot) for slot in Tie.__slots__}
            | {"force": row["force"], "record": row["record"]}
            for tie in projection.ties
        ],
    )


def _in_order(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Always in the order of their ids, so that two records of one doorstep never wait for each other."""
    return sorted(map(dict, rows), key=lambda row: str(row["id"]))


_INSERT_LINK = insert(link)


@cache
def _put_record(dialect: str) -> Insert:
    """The same row changes from revision to revision, so that whoever waits for it finds it again."""
    statement = insert_in(dialect, record_table)
    news = {one.name: statement.excluded[one.name] for one in record_table.c if not one.primary_key}
    return statement.on_conflict_do_update(index_elements=["record"], set_=news)


def _clear(connection: Connection, name: str) -> None:
    connection.execute(delete(link).where(link.c.record == name))
    connection.execute(delete(happening).where(happening.c.id == name))


@cache
def _insert_mentions(dialect: str, table: Table) -> Insert:
    """What was edited last stands, in whichever order two records of one encounter arrive."""
    statement = insert_in(dialect, table)
    news = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(
        index_elements=["force", "id"],
        set_=news,
        where=table.c.edited_at <= statement.excluded.edited_at,
    )


@cache
def _insert_events(dialect: str) -> Insert:
    """An episode grows by what each record knows of it; nothing known is taken away."""
    statement = insert_in(dialect, happening)
    news = {
        name: func.coalesce(statement.excluded[name], happening.c[name]) for name in ("began_at", "ended_at")
    }
    return statement.on_conflict_do_update(index_elements=["force", "id"], set_=news)


def forget(connection: Connection, safe: Safe, names: Collection[str], episodes: Collection[str]) -> None:
    """Take records out of the register for good, and the episodes that were theirs alone.

    Whoever another record mentions as well is shown by that one from now on.
    """
    shared = _shared(connection, names)
    connection.execute(delete(link).where(link.c.record.in_(names)))
    connection.execute(delete(happening).where(happening.c.id.in_([*names, *episodes])))
    for table in (person, location, thing):
        connection.execute(delete(table).where(table.c.record.in_(names)))
    connection.execute(delete(record_table).where(record_table.c.record.in_(names)))
    for other, ids in shared.items():
        _mention_again(connection, safe, other, ids)


def _shared(connection: Connection, names: Collection[str]) -> Mapping[str, set[str]]:
    """What these records were the last to mention and others mention too: the ids, by the other record."""
    found: dict[str, set[str]] = {}
    for table in (person, location, thing):
        own = select(table.c.id).where(table.c.record.in_(names))
        for end in (link.c.to_id, link.c.from_id):
            query = select(link.c.record, end).where(end.in_(own), link.c.record.not_in(names)).distinct()
            for other, id_ in connection.execute(query).all():
                found.setdefault(other, set()).add(id_)
    return found


def _mention_again(connection: Connection, safe: Safe, name: str, ids: Collection[str]) -> None:
    query = select(record_table).where(record_table.c.record == name)
    row = connection.execute(query).mappings().one_or_none()
    known = evidence.readable(connection, safe, name, row["rev"]) if row else None
    if row is None or known is None:
        return
    projection = project(known, row["flags"], row["received_at"], row["digest"])
    for table in (person, location, thing):
        kept = _in_order(one for kind, one in projection.mentions if kind == table.name and one["id"] in ids)
        if kept:
            connection.execute(_insert_mentions(connection.dialect.name, table), kept)


def rebuild_register(context: Context) -> int:
    """Throw the register away and project it again from evidence. How many revisions were projected."""
    return context.store.write(lambda connection: _rebuild(context, connection))


def _rebuild(context: Context, connection: Connection) -> int:
    for table in REGISTER:
        connection.execute(delete(table))
    done = 0
    for one, received_at in evidence.every_record(connection, context.keys.safe):
        flags = flags_of(one, context.policy(one.header.force), received_at)
        write(connection, project(one, flags, received_at))
        done += 1
    for row in connection.execute(_STANDING).all():
        decided(connection, row)
    for name in connection.execute(select(record_table.c.record)).scalars().all():
        keep_due(connection, name)
    return done


_STANDING = select(decision).where(decision.c.stands).order_by(decision.c.id)


def decided(connection: Connection, made: Any) -> None:
    """Move a record to where a decision put it, as long as that revision is still the newest."""
    connection.execute(
        update(record_table)
        .where(
            record_table.c.record == made.record,
            record_table.c.rev == made.rev,
            record_table.c.state != State.WITHDRAWN.value,
        )
        .values(
            state=made.state,
            assigned_to=made.assigned_to,
            decided_at=made.received_at,
            due_at=made.due_at,
            vat_grade=made.grade,
            vat_quality=made.quality,
        )
    )


def keep_due(connection: Connection, name: str) -> None:
    """Let a record's clock show its earliest open task; one that was sent back has the time it was given."""
    later(connection, _KEEP_DUE, {"of": name})


_EARLIEST = select(func.min(task.c.due_at)).where(task.c.record == bindparam("of"), task.c.status == "open")
_KEEP_DUE = (
    update(record_table)
    .where(record_table.c.record == bindparam("of"), record_table.c.state != State.RETURNED.value)
    .values(due_at=_EARLIEST.scalar_subquery())
)


def records_of_episode(connection: Connection, force: str, episode: UUID) -> list[Mapping[str, Any]]:
    """Every record of an episode as the register shows it, in order of arrival."""
    query = (
        select(record_table)
        .where(record_table.c.force == force, record_table.c.episode == str(episode))
        .order_by(record_table.c.received_at, record_table.c.record)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
