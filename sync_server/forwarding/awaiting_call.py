"""The call to the council that a notice does not take the place of (R-08a): its task says so."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from booklets.duties import COUNCIL_HAS_NOTICE
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import record as register
from sync_server.register import keep_due

RETURN_CLOCK = "council_told_of_return"


def council_has_notice(connection: Connection, record: str) -> None:
    """The notice of a return has arrived. Nobody has been told until somebody has answered."""
    this = register.alias()
    same_doorstep = (
        (this.c.force == register.c.force)
        & (this.c.episode == register.c.episode)
        & (this.c.encounter == register.c.encounter)
    )
    there = select(register.c.record).join(this, same_doorstep).where(this.c.record == record)
    waits = (
        update(task)
        .where(
            task.c.record.in_(there),
            task.c.kind == RETURN_CLOCK,
            task.c.status == TaskState.OPEN.value,
            task.c.by_system != COUNCIL_HAS_NOTICE,
        )
        .values(by_system=COUNCIL_HAS_NOTICE, told="")
        .returning(task.c.record)
    )
    for name in sorted(set(connection.execute(waits).scalars())):
        keep_due(connection, name)
