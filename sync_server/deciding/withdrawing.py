"""What follows when an officer takes a record back: nothing more leaves, and what has left is corrected.

The withdrawing revision is the newest from then on. An approval that was made before it stands in the
history, and one that arrives after it is void: whichever comes first, there is one outcome.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, or_, select, update

from booklets.records import Record
from sync_server import audit, feed
from sync_server.db.tables import Owed, State, delivery, task
from sync_server.deciding import telling
from sync_server.deciding.heads import Head
from sync_server.forwarding import outbox

# What was tried may have arrived although no answer was heard, and then somebody relies on it.
_MAY_HAVE_LEFT = or_(
    delivery.c.state.in_([Owed.DELIVERED.value, Owed.LEASED.value]),
    delivery.c.tries > 0,
    and_(delivery.c.state == Owed.DUE.value, delivery.c.last_error != ""),
)


def withdraw(connection: Connection, record: Record, before: Head | None, at: datetime) -> list[str]:
    """Stop what has not left yet, and say to which targets something has left already.

    A delivery that is under way may arrive, so it counts as having left; it is not tried a second time.
    """
    name = str(record.header.record)
    left = select(delivery.c.target).where(delivery.c.record == name, _MAY_HAVE_LEFT).distinct()
    targets = sorted(connection.execute(left).scalars())
    outbox.stop(connection, records=[name], target="", reason=State.WITHDRAWN.value)
    connection.execute(
        update(task)
        .where(task.c.record == name, task.c.status == "open")
        .values(status="stopped", outcome=State.WITHDRAWN.value)
    )
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
