"""Looks now and then for what has expired, and for what has not come in time.

What nobody goes on with, and what no record lists, is removed after a month: it cost room and nothing else.
As long as something of its record waits here for a person, nothing of it is removed. What a record lists
and has not come in the force's time becomes a task of the unit's supervisors, once per record: the
photographs are still on the handheld, and somebody has to see that it is unlocked where there is signal.
Nothing waits for it. After a death nothing is asked for by itself (R-50).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, select

from sync_server.attachments.arriving import LATE_TASK
from sync_server.attachments.listed import is_here, of_the_newest
from sync_server.attachments.uploads import KEPT_FOR, remove
from sync_server.context import Context
from sync_server.db.attachments import kept, listed, upload
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import Kept, State, submission
from sync_server.db.tables import record as register
from sync_server.db.types import insert_if_new
from sync_server.flags import Risk
from sync_server.identity.accounts import Role
from sync_server.register import keep_due
from sync_server.regularly import Regularly

MOST = 200
EVERY_S = 60.0
_other = register.alias()


@dataclass
class WatchAttachments(Regularly):
    """Looks for as long as the server runs. Several processes may have one each."""

    every_s: float = EVERY_S
    name: ClassVar[str] = "watch_attachments"

    def look(self) -> None:
        """Look once."""
        look_once(self.context)


def look_once(context: Context) -> int:
    """Remove what has expired and ask for what is late; how much that was."""
    now = context.now()
    expired = context.store.write(partial(_forget_expired, now=now))
    late = context.store.write(partial(_ask_for_late, now=now))
    return expired + _forget_unlisted(context, now) + late


def _forget_expired(db: Connection, *, now: datetime) -> int:
    found = db.execute(select(upload.c.id).where(upload.c.expires_at <= now).limit(MOST)).scalars().all()
    for name in found:
        remove(db, name)
    return len(found)


def _forget_unlisted(context: Context, now: datetime) -> int:
    """Remove what no record lists: first what is known of it, then its bytes, unless others are the same."""
    found = context.store.write(partial(_unlisted, now=now))
    for row in found:
        with context.store.read() as db:
            same = select(kept.c.record).where(kept.c.force == row.force, kept.c.sha256 == row.sha256)
            needed = db.execute(same).first() is not None
        if not needed:
            context.place.forget(row.force, row.sha256)
    return len(found)


def _unlisted(db: Connection, *, now: datetime) -> Sequence[Row[Any, Any]]:
    is_listed = exists().where(
        listed.c.record == kept.c.record,
        listed.c.attachment == kept.c.attachment,
        listed.c.sha256 == kept.c.sha256,
    )
    waits = exists().where(
        submission.c.record == kept.c.record, submission.c.state == Kept.QUARANTINED.value
    )
    old: tuple[ColumnElement[bool], ...] = (kept.c.arrived_at <= now - KEPT_FOR, ~is_listed, ~waits)
    gone = delete(kept).where(*old).returning(kept.c.force, kept.c.sha256)
    return db.execute(gone).all()


def _ask_for_late(db: Connection, *, now: datetime) -> int:
    rows = db.execute(_late(now)).mappings().all()
    for row in rows:
        values = {
            "force": row["force"],
            "unit": row["unit"],
            "record": row["record"],
            "rev": row["rev"],
            "kind": LATE_TASK,
            "rule": LATE_TASK,
            "subject": row["subject"],
            "owner_role": Role.SUPERVISOR.value,
            "set_at": now,
            "due_at": None,
            "status": TaskState.OPEN.value,
            "outcome": "",
            "delay_reason": "",
        }
        insert_if_new(db, task, values, [task.c.id])
        keep_due(db, row["record"])
    return len(rows)


def _late(now: datetime) -> Select[tuple[str, ...]]:
    """The records whose newest revision lists what should be here, and of which nobody was told yet."""
    died = exists().where(
        _other.c.force == register.c.force,
        _other.c.episode == register.c.episode,
        _other.c.risk == int(Risk.DEATH),
        _other.c.state != State.WITHDRAWN.value,
    )
    asked = exists().where(task.c.record == register.c.record, task.c.kind == LATE_TASK)
    columns = (register.c[name] for name in ("force", "unit", "record", "rev", "subject"))
    return (
        select(*columns)
        .distinct()
        .join(listed, of_the_newest())
        .where(listed.c.due_at <= now, ~is_here(), register.c.state != State.WITHDRAWN.value, ~asked, ~died)
        .limit(MOST)
    )
