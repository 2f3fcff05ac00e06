"""All of an attachment is here: what follows, in the transaction that says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from booklets.answers import instant
from booklets.sealing import Receipt, SigningKey, sign_receipt
from sync_server import audit, feed
from sync_server.attachments.listed import standing_of
from sync_server.attachments.upload import Bringer, Upload
from sync_server.db.attachments import kept
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import record as register
from sync_server.db.types import insert_if_new
from sync_server.register import keep_due

LATE_TASK = "await_attachments"
ARRIVED, CAME = "attachment_arrived", "attachments"
ALL_HERE = "All photographs came"


def arrived(db: Connection, one: Upload, by: Bringer, at: datetime) -> None:
    """Write down that it is kept, tell the author of its record, and close the task that asked for it."""
    values = {
        "force": one.force,
        "record": one.record,
        "attachment": one.attachment,
        "sha256": one.sha256,
        "size": one.length,
        "device": by.device,
        "officer": by.officer,
        "arrived_at": at,
    }
    if insert_if_new(db, kept, values, [kept.c.record]) is None:
        return
    audit.note(
        db,
        force=one.force,
        record=one.record,
        who=by.officer,
        what=ARRIVED,
        at=at,
        detail={
            "attachment": one.attachment,
            "sha256": one.sha256,
            "size": one.length,
            "device": by.device,
        },
    )
    tell(db, one.record, at)


def tell(db: Connection, record: str, at: datetime) -> None:
    """How it stands with a record's attachments: news for its author; once all came, the end of a task."""
    standing = standing_of(db, [record]).get(record)
    if standing is None:  # the record itself is still to come, or lists none of it
        return
    row = db.execute(select(register).where(register.c.record == record)).mappings().one()
    feed.add(
        db,
        force=row["force"],
        recipient=feed.to_officer(row["force"], row["author"]),
        kind=feed.STATUS,
        at=at,
        record=record,
        rev=row["rev"],
        # No state: the record stands where it stood.
        detail={CAME: standing.to_json(), f"{CAME}_at": instant(at)},
    )
    if standing.awaited:
        return
    open_ones = (task.c.record == record, task.c.kind == LATE_TASK, task.c.status == TaskState.OPEN.value)
    closed = update(task).where(*open_ones).values(status=TaskState.DONE.value, outcome=ALL_HERE)
    if db.execute(closed.returning(task.c.id)).all():
        keep_due(db, record)


def receipt_of(one: Upload, at: datetime, key: SigningKey) -> bytes:
    """The force's word that these sealed bytes are kept: a receipt of revision 0, which no record has."""
    said = Receipt(
        record=one.record,
        rev=0,
        digest=one.sha256,
        env_sha256=one.sha256,
        seq=0,
        received_at=at,
    )
    return sign_receipt(said, key)
