"""What follows when an officer takes a record back: nothing more leaves, and what has left is corrected.

The withdrawing revision is the newest from then on. An approval that was made before it stands in the
history, and one that arrives after it is void: whichever comes first, there is one outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from booklets.records import Record
from sync_server import audit, encompass, feed
from sync_server.corrections import Of, Targets, hold_back
from sync_server.db.owed import task
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.deciding import telling
from sync_server.deciding.heads import Head

ADDED_TO: Mapping[str, str] = {"PVI": "RET", "RSK": "MIS"}
"""The records that add to what a council has had of another of the same doorstep."""


def withdraw(connection: Connection, record: Record, before: Head | None, at: datetime) -> Targets:
    """Stop what has not left yet, and say to which targets something has left already.

    A delivery that is under way may arrive, so it counts as having left; it is not tried a second time.
    A school that was wrongly told, and that no correction reaches, is rung all the same.
    """
    name = str(record.header.record)
    told_by = [name, *_added_to(connection, before)]
    of = Of(records=(name,), told_by=told_by)
    targets = hold_back(connection, of, reason=State.WITHDRAWN.value)
    connection.execute(
        update(task)
        .where(task.c.record == name, task.c.status == "open", task.c.kind != encompass.CORRECT)
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
            "to_correct": sorted(targets),
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


def _added_to(connection: Connection, before: Head | None) -> list[str]:
    """The return, or the report, of the same doorstep: what took it back has taken back what was added."""
    if before is None or before.record_type not in ADDED_TO:
        return []
    query = select(register.c.record).where(
        register.c.force == before.force,
        register.c.encounter == before.encounter,
        register.c.record_type == ADDED_TO[before.record_type],
    )
    return list(connection.execute(query).scalars())
