"""What follows when an officer takes a record back: nothing more leaves, and what has left is corrected.

The withdrawing revision is the newest from then on. An approval that was made before it stands in the
history, and one that arrives after it is void: whichever comes first, there is one outcome.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from booklets.records import Record
from sync_server import audit, feed
from sync_server.db.tables import Owed, State, delivery, task
from sync_server.deciding import telling
from sync_server.deciding.heads import Head
from sync_server.forwarding import outbox

GONE = (Owed.DELIVERED.value, Owed.LEASED.value)


def withdraw(connection: Connection, record: Record, before: Head | None, at: datetime) -> list[str]:
    """Stop what has not left yet, and say to which targets something has left already.

    A delivery that is under way may arrive, so it counts as having left.
    """
    name = str(record.header.record)
    outbox.stop(connection, records=[name], target="", reason=State.WITHDRAWN.value)
    connection.execute(
        update(task)
        .where(task.c.record == name, task.c.status == "open")
        .values(status="stopped", outcome=State.WITHDRAWN.value)
    )
    left = select(delivery.c.target).where(delivery.c.record == name, delivery.c.state.in_(GONE)).distinct()
    targets = sorted(connection.execute(left).scalars())
    audit.note(
        connection,
        force=record.header.force,
        record=name,
        who=record.header.author.id,
        what="withdrawn",
        at=at,
        detail={
            "rev": record.header.revision,
            "stood": before.state if before else "",
            "to_correct": targets,
        },
    )
    if before is not None:
        telling.withdrawn(connection, before, at)
    feed.add(
        connection,
        force=record.header.force,
        recipient=feed.to_officer(record.header.force, record.header.author.id),
        kind=feed.STATUS,
        at=at,
        record=name,
        rev=record.header.revision,
        detail={"state": "withdrawn"},
    )
    return targets
