"""Looks whether what was destroyed is gone: from the database, and from what was to be fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select

from sync_server.context import Context
from sync_server.db.attachments import kept, upload
from sync_server.db.owed import delivery, feed_item
from sync_server.db.packs import brief
from sync_server.db.restrictions import restriction
from sync_server.db.retained import destroyed, due_record
from sync_server.db.sketches import text_sketch
from sync_server.db.tables import link, location, person, record_key, submission, thing
from sync_server.db.tables import record as records
from sync_server.forwarding.drop_folder import forget_files
from sync_server.forwarding.outbox import NOT_OVER
from sync_server.retention.destroying import came_back
from sync_server.retention.due import keeping_of
from sync_server.retention.ledger import Ledger
from sync_server.retention.traces import Traces

GONE = {
    "its key": record_key,
    "its row in the register": records,
    "its links in the register": link,
    "a person in the register": person,
    "a place in the register": location,
    "an object in the register": thing,
    "what a phone has yet to hear": feed_item,
    "what packs say of it": brief,
    "what its texts were like": text_sketch,
    "a photograph": kept,
    "a photograph on its way in": upload,
    "its place on the list": due_record,
    "that its child is restricted": restriction,
}


def left_of(context: Context) -> Iterator[tuple[str, str]]:
    """What is still there of records that were destroyed, by the record; nothing, if all is well."""
    ledger = Ledger(context.settings.data).known()
    with context.store.read() as connection:
        there = {row["record"]: row for row in connection.execute(select(destroyed)).mappings()}
        for name, row in there.items():
            yield from ((name, what) for what in _left_here(connection, name, row["destroyed_at"]))
    for name in sorted(there.keys() - ledger.keys()):
        yield name, "no line in the ledger"
    for name in sorted(ledger.keys() - there.keys()):
        if came_back(context, name):
            yield name, "came back with an old copy of the database"
    for name in forget_files(context.settings.drop, there.keys(), only_look=True):
        yield name, "a file that no system has fetched"
    if Traces(context.settings.data).due:
        yield "the database", "traces that are still to be erased"


def _left_here(connection: Connection, name: str, at: datetime) -> Iterator[str]:
    """What has come since is another matter: a record may be written anew under its old name."""
    c = submission.c
    query = select(c.envelope, c.body_sealed, c.received_at).where(c.record == name)
    rows = connection.execute(query).all()
    came_since = any(row.received_at > at for row in rows)
    if any((row.envelope or row.body_sealed) and row.received_at <= at for row in rows):
        yield "what was sent"
    if came_since:
        return
    for what, table in GONE.items():
        if connection.execute(select(table.c.record).where(table.c.record == name).limit(1)).first():
            yield what
    owed = select(delivery.c.id).where(
        delivery.c.record == name, delivery.c.state.in_([one.value for one in NOT_OVER])
    )
    if connection.execute(owed.limit(1)).first():
        yield "a delivery that is still owed"


def backups_until(context: Context, connection: Connection) -> datetime | None:
    """Until when a copy of the database may exist that has something destroyed still; None: nothing was."""
    newest = func.max(destroyed.c.destroyed_at).label("at")
    query = select(destroyed.c.force, newest).group_by(destroyed.c.force)
    return max(
        (row.at + keeping_of(context, row.force).backups for row in connection.execute(query)), default=None
    )
