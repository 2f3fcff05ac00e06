"""R-07: whoever owns the level of a child hears of what is new, and not the incident manager alone.

The owner follows the level (domain-corrections 2): high is the force incident manager's, anything below the
area's. A handheld asks the incident manager, as it cannot know how the child is graded elsewhere. Here the
newest level of the episode is known, as it stood when the record was sent, in whichever order they came.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select

from booklets.records import Record
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.db.types import put_if_new
from sync_server.flags import SAID
from sync_server.identity.accounts import Role
from sync_server.register import keep_due

REVIEW: Final = "review_risk"
HIGH: Final = "high"
LEVELS: Final = ("ra.level", "hov.risk")
"""Where a record says the level: an assessment, or both officers of a handover."""


def ask_owner(connection: Connection, record: Record) -> None:
    """Ask the owner below high as well, of what the incident manager is asked in this episode."""
    if not _asks(record) and not any(name in record.answers for name in LEVELS):
        return
    levels = _levels(connection, record)
    for one in connection.execute(_asked(record)).mappings().all():
        level = next((said for at, said in levels if at <= one["submitted_at"]), HIGH)
        if level != HIGH:
            values = {name: one[name] for name in _SAME}
            values |= {"rule": f"{one['rule']}/{level}", "owner_role": Role.SUPERVISOR.value, "told": ""}
            put_if_new(connection, task, values)
            keep_due(connection, one["record"])


_SAME: Final = (
    *("force", "unit", "record", "rev", "kind", "rule", "subject", "set_at", "due_at", "status"),
    *("outcome", "delay_reason", "by_system"),
)


def _asks(record: Record) -> bool:
    return any(one.kind == REVIEW for one in record.tasks)


def _levels(connection: Connection, record: Record) -> list[tuple[datetime, str]]:
    """Every level that was said of the child in this episode, the newest first."""
    query = select(register.c.submitted_at, register.c.flags).where(
        *_of_episode(record), register.c.state != State.WITHDRAWN.value
    )
    rows = connection.execute(query.order_by(register.c.submitted_at.desc())).all()
    said = ((row.submitted_at, row.flags.get(SAID, {})) for row in rows)
    return [(at, one[name]) for at, one in said for name in LEVELS if one.get(name)]


def _asked(record: Record) -> Any:
    """What the incident manager is asked in this episode, each with when its record was sent."""
    return (
        select(task, register.c.submitted_at)
        .join(register, register.c.record == task.c.record)
        .where(
            *_of_episode(record),
            task.c.kind == REVIEW,
            task.c.owner_role == Role.FIM.value,
            task.c.status == TaskState.OPEN.value,
        )
        .order_by(task.c.id)
    )


def _of_episode(record: Record) -> tuple[ColumnElement[bool], ...]:
    header = record.header
    return register.c.force == header.force, register.c.episode == str(header.episode)
