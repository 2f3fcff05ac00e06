"""Looks now and then for what has expired, and for what has not come in time.

What nobody goes on with, and what no record lists, is removed after a month: it cost room and nothing else.
As long as something of its record waits here for a person, nothing of it is removed. With the key of a
record that was destroyed go its attachments, which are not sealed under that key. What a record lists
and has not come in the force's time becomes a task of the unit's supervisors, once per record: the
photographs are still on the handheld, and somebody has to see that it is unlocked where there is signal.
Nothing waits for it. After a death nothing is asked for by itself (R-50).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
    and_,
    delete,
    exists,
    not_,
    or_,
    select,
)

from sync_server.attachments.arriving import LATE_TASK
from sync_server.attachments.listed import is_here, of_the_newest
from sync_server.attachments.uploads import KEPT_FOR, remove
from sync_server.context import Context
from sync_server.db.attachments import kept, listed, upload
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import Kept, State, record_key, submission
from sync_server.db.tables import record as register
from sync_server.db.types import insert_if_new
from sync_server.flags import Risk
from sync_server.identity.accounts import Role
from sync_server.keeping import KeepingUnavailable
from sync_server.register import keep_due
from sync_server.regularly import Regularly

log = logging.getLogger(__name__)

MOST = 200
EVERY_S = 60.0
THOROUGHLY_EVERY = 60
"""Of so many looks one goes through all that is kept."""
_other = register.alias()


@dataclass
class WatchAttachments(Regularly):
    """Looks for as long as the server runs. Several processes may have one each."""

    every_s: float = EVERY_S
    name: ClassVar[str] = "watch_attachments"
    _looks: int = field(default=0, init=False)

    def look(self) -> None:
        """Look once."""
        look_once(self.context, thoroughly=self._looks % THOROUGHLY_EVERY == 0)
        self._looks += 1


def look_once(context: Context, *, thoroughly: bool = True) -> int:
    """Remove what has expired and ask for what is late; how much of it is done.

    ``thoroughly`` also goes through all that is kept, for what is needed no more.
    """
    now = context.now()
    with context.store.read() as db:
        expired = (
            db.execute(select(upload.c.id).where(upload.c.expires_at <= now).limit(MOST)).scalars().all()
        )
        late = db.execute(_late(now)).mappings().all()
        gone = db.execute(select(*_NAMED).where(_not_needed(now)).limit(MOST)).all() if thoroughly else ()
    if expired:
        context.store.write(partial(_forget_uploads, names=expired))
    if late:
        context.store.write(partial(_ask_for, rows=late, now=now))
    removed = 0
    try:
        if thoroughly:
            removed += _drop_what_belongs_to_none(context)
        for row in gone:
            removed += _forget_kept(context, row, now)
    except KeepingUnavailable as error:  # of the place: the rest of the server goes on
        log.warning("attachments_not_removed code=%s", error.code)
    return len(expired) + len(late) + removed


def _forget_uploads(db: Connection, *, names: Sequence[str]) -> None:
    for name in names:
        remove(db, name)


def _drop_what_belongs_to_none(context: Context) -> int:
    """Remove what came of uploads that expired, were given up or are complete; an upload is there first."""
    dropped = 0
    for force, name in [*context.place.coming()]:
        with context.store.read() as db:
            query = select(upload.c.received < upload.c.length).where(upload.c.id == name)
            on_its_way = db.execute(query).scalar()
        if not on_its_way:
            context.place.drop(force, name)
            dropped += 1
    return dropped


def _forget_kept(context: Context, row: Row[Any, Any, Any, Any], now: datetime) -> int:
    """Remove one that is not needed: its bytes, unless others are the same, then what is known of it.

    In this order, so that bytes which cannot be removed just now are found again at the next look.
    """
    own = and_(*(column == getattr(row, column.name) for column in _NAMED))
    same = select(kept.c.record).where(kept.c.force == row.force, kept.c.sha256 == row.sha256, not_(own))
    with context.store.read() as db:
        shared = db.execute(same).first() is not None
    if not shared:
        context.place.forget(row.force, row.sha256)
    return context.store.write(lambda db: db.execute(delete(kept).where(own, _not_needed(now))).rowcount)


_NAMED = (kept.c.force, kept.c.record, kept.c.attachment, kept.c.sha256)


def _not_needed(now: datetime) -> ColumnElement[bool]:
    """Of what is kept: that no record lists it after so long, or that its record was destroyed."""
    is_listed = exists().where(
        listed.c.record == kept.c.record,
        listed.c.attachment == kept.c.attachment,
        listed.c.sha256 == kept.c.sha256,
    )
    waits = exists().where(
        submission.c.record == kept.c.record, submission.c.state == Kept.QUARANTINED.value
    )
    is_old = and_(kept.c.arrived_at <= now - KEPT_FOR, ~is_listed, ~waits)
    return or_(is_old, _is_destroyed())


def _is_destroyed() -> ColumnElement[bool]:
    """Of what is kept: whether the key of its record, which was received once, is there no more."""
    received = exists().where(submission.c.record == kept.c.record, submission.c.state == Kept.STORED.value)
    return and_(received, ~exists().where(record_key.c.record == kept.c.record))


def _ask_for(db: Connection, *, rows: Sequence[RowMapping], now: datetime) -> None:
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
