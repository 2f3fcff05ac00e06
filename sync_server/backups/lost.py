"""A photograph that is lost for good is said to be, once, so that backups count again without it.

Until then no backup counts, and handhelds are told of none: somebody has to look for it first, on a disk
that failed or in an older backup. That it was given up stands in the audit of its record, signed like the
rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from booklets.errors import BookletError
from sync_server import audit
from sync_server.backups.checking import wrong_with_photograph
from sync_server.context import Context
from sync_server.db.attachments import kept


class NotLost(BookletError):
    """There is no such photograph or record, or it is there. Nothing was noted."""

    code = "not_lost"


def give_up(context: Context, record: str, attachment: str) -> None:
    """Note that a photograph is lost for good.

    Raises:
        NotLost: none of that number has arrived, or it is there and whole.
    """
    of_it = select(kept.c.force, kept.c.sha256).where(
        kept.c.record == record, kept.c.attachment == attachment
    )
    with context.store.read() as db:
        rows = db.execute(of_it).all()
    if not rows:
        raise NotLost(
            "No photograph of that number has arrived for that record. Nothing was noted. Take both "
            "numbers from what sync-server backup says."
        )
    lost = [row for row in rows if wrong_with_photograph(row, context.place) is not None]
    if not lost:
        raise NotLost("That photograph is there, and whole. Nothing was noted.")
    context.store.write(lambda db: _note(db, context, record, attachment, lost))


def _note(
    db: Connection, context: Context, record: str, attachment: str, lost: Sequence[Row[Any, Any]]
) -> None:
    for row in lost:
        audit.note(
            db,
            force=row.force,
            record=record,
            who=audit.AT_THE_MACHINE,
            what=audit.GIVEN_UP,
            at=context.now(),
            detail={"attachment": attachment, "sha256": row.sha256},
        )
