"""What handhelds hear of tasks: whoever has to do one, when it is set and whenever it changes.

A task is told from what its row says and not from where it was changed, so that no way of changing one can
forget to tell. What is late is told to the unit's supervisors, once: a PPN too (R-16). Work with a child
goes to somebody who is trained for it (R-58).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, literal_column, select, update

from booklets.answers import instant
from booklets.duties import DECIDE, GoesTo
from sync_server import feed
from sync_server.context import Context
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import record as register
from sync_server.duties.children import AUTHOR, goes_to, is_with_a_child
from sync_server.duties.named import person_named
from sync_server.identity.accounts import Role

AT_ONCE = 50
BY_ROLE = {Role.SUPERVISOR.value: Role.SUPERVISOR, Role.FIM.value: Role.FIM}
# In words that the database knows its small indexes by.
_UNTOLD = task.c.told != task.c.status
_NOT_LATE_YET: ColumnElement[bool] = literal_column("status = 'open' AND late_told_at IS NULL")


def tell(context: Context) -> int:
    """Tell of so many tasks at a time as are new, changed or late; how many that were."""
    now = context.now()
    untold = select(task.c.id).where(_UNTOLD).order_by(task.c.id).limit(AT_ONCE)
    late = select(task.c.id).where(_NOT_LATE_YET, task.c.due_at < now).order_by(task.c.due_at).limit(AT_ONCE)
    with context.store.read() as connection:
        found = sorted({*connection.execute(untold).scalars(), *connection.execute(late).scalars()})
    return context.store.write(partial(_told, found, now)) if found else 0


def _told(ids: list[int], now: datetime, connection: Connection) -> int:
    """Each of them is told by one process: the others pass over what it has in hand."""
    rows = list(connection.execute(_HELD, {"ids": ids}).all())
    of = {"records": [one.record for one in rows]}
    found: dict[str, Any] = {one.record: one for one in connection.execute(_HEADS, of).all()}
    return sum(_tell_of(connection, one, found.get(one.record), now) for one in rows)


_HELD = (
    select(task)
    .where(task.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(task.c.id)
    .with_for_update(skip_locked=True)
)
_HEADS = select(register.c.record, register.c.author, register.c.form, register.c.encounter).where(
    register.c.record.in_(bindparam("records", expanding=True))
)
_TOLD = update(task).where(task.c.id == bindparam("number")).values(told=bindparam("as"))
_LATE = _TOLD.values(late_told_at=bindparam("at"))


def _tell_of(connection: Connection, row: Row[Any], head: Row[Any] | None, now: datetime) -> bool:
    """Tell of one task what has not been told of it."""
    is_open = row.status == TaskState.OPEN.value
    late = is_open and row.late_told_at is None and row.due_at is not None and row.due_at < now
    news = row.told != row.status
    if not (late or news):
        return False
    if head is not None:
        instead = goes_to(connection, row, head.author)
        to = set(_who_does(connection, row, head, instead)) if news else set[str]()
        if late:
            to.add(feed.to_role(row.force, Role.SUPERVISOR, row.unit))
        for recipient in sorted(to):
            _add(connection, row, head, recipient, now, instead=instead)
    told = {"number": row.id, "as": row.status}
    connection.execute(*((_LATE, told | {"at": now}) if late else (_TOLD, told)))
    return True


def _who_does(
    connection: Connection, row: Row[Any], head: Row[Any], instead: GoesTo | None
) -> Iterator[str]:
    """Those on handhelds who have to do it. Teams at the console see it there."""
    if row.owner_role == AUTHOR:
        places = _places(row, head)
        yield places[instead]
        if is_with_a_child(row):  # who was asked while others were trained hears how it ended
            yield from (one for one in places.values() if feed.was_told_of(connection, one, row.id))
    elif person := person_named(row):
        yield feed.to_officer(row.force, person)
    elif row.owner_role in BY_ROLE:
        yield feed.to_role(row.force, BY_ROLE[row.owner_role], row.unit)
    if row.kind == DECIDE:
        yield feed.to_role(row.force, Role.SUPERVISOR, row.unit)
        yield feed.to_role(row.force, Role.FIM, "")
    elif row.late_told_at is not None:  # who heard that it is late hears how it ended
        yield feed.to_role(row.force, Role.SUPERVISOR, row.unit)


def _places(row: Row[Any], head: Row[Any]) -> dict[GoesTo | None, str]:
    """Where an author's task is told: to the author, or to whoever does it instead."""
    return {
        None: feed.to_officer(row.force, head.author),
        GoesTo.UNIT: feed.to_role(row.force, Role.OFFICER, row.unit),
        GoesTo.SUPERVISOR: feed.to_role(row.force, Role.SUPERVISOR, row.unit),
    }


def _add(
    connection: Connection,
    row: Row[Any],
    head: Row[Any],
    recipient: str,
    now: datetime,
    *,
    instead: GoesTo | None,
) -> None:
    """Codes, numbers and times: no word of a record, and none of whoever closed it."""
    detail = {
        "task": row.id,
        "what": row.kind,
        "rule": row.rule,
        "owner": row.owner_role,
        "author": head.author,
        "subject": row.subject,
        "form": head.form,
        "encounter": head.encounter,
        "set_at": instant(row.set_at),
        "due_at": instant(row.due_at) if row.due_at else "",
        "accepted_at": instant(row.accepted_at) if row.accepted_at else "",
        "status": row.status,
        "outcome": row.outcome,
        "delay_reason": row.delay_reason,
        "by_system": row.by_system,
    } | ({"goes_to": instead.value} if instead else {})
    feed.add(
        connection,
        force=row.force,
        recipient=recipient,
        kind=feed.TASK,
        at=now,
        record=row.record,
        rev=row.rev,
        detail=detail,
    )
