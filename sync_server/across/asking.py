"""Looks across the records of every force, and sets a task for each finding that nobody was asked about yet.

What is set belongs to a record, so whoever may read that record sees the task beside it. Any number of
processes may look at once: a task is one row, which only one of them makes. When a child has died (R-50)
what was set here because of that child is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, select, update

from booklets.signs import DEATH_RULE
from sync_server import audit, register
from sync_server.across.adults import beside_several
from sync_server.across.asked import Over
from sync_server.across.councils import decided_referrals, undecided_referrals
from sync_server.across.findings import Finding, unasked
from sync_server.across.hotspots import ended_hotspots, hotspots
from sync_server.across.interviews import ended_interviews, overdue_interviews
from sync_server.across.missing_often import missing_often
from sync_server.across.plans import ended_plans, owed_plans
from sync_server.across.priority import ended_priority, priority_reports
from sync_server.across.protection import begun_enquiries, ended_protection, reviewed_protection
from sync_server.across.returned import ended_search
from sync_server.across.reviews import ended_reviews, overdue_reviews
from sync_server.across.seen import Seen, asked_of, read
from sync_server.context import Context
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import record as records
from sync_server.db.types import insert_if_new

SYSTEM = "server"
ASKED, STOPPED, CAME = "asked_across_records", "stopped_across_records", "came_across_records"
RULES: Sequence[Callable[[Seen], Iterator[Finding]]] = (
    missing_often,
    owed_plans,
    priority_reports,
    hotspots,
    beside_several,
    overdue_interviews,
    undecided_referrals,
    overdue_reviews,
)
ENDS: Sequence[Callable[[Seen], Iterator[Over]]] = (
    ended_interviews,
    ended_plans,
    ended_priority,
    ended_search,
    ended_hotspots,
    begun_enquiries,
    ended_protection,
    reviewed_protection,
    decided_referrals,
    ended_reviews,
)
OURS = frozenset(
    {"R-28", "R-31", "R-32", "R-33", "R-34", "PM-1", "return_home_interview", "council_decides"}
)
"""The rules of what is set or ended here, as a task has them, without what stands after a slash."""


def look(context: Context) -> int:
    """Set what is to be set and stop what is to be stopped, in every force; how much that was."""
    with context.store.read() as connection:
        forces = sorted(connection.execute(select(records.c.force).distinct()).scalars())
    return sum(_look_at(context, force) for force in forces)


def _look_at(context: Context, force: str) -> int:
    now = context.now()
    with context.store.read() as connection:
        seen = read(connection, force, context.policy(force).settings, now)
    new, over = unasked(found(seen), seen.asked), list(ended(seen))
    if not new and not over:
        return 0
    return context.store.write(partial(_change, seen, new, over))


def found(seen: Seen) -> Iterator[Finding]:
    """What every rule finds."""
    for rule in RULES:
        yield from rule(seen)


def ended(seen: Seen) -> Iterator[Over]:
    """What is over: nothing goes on about a child who has died (R-50), and what came is not asked for."""
    about_the_dead = {one.record for one in seen.every_record} - {one.record for one in seen.filed}
    for one in seen.asked:
        if one.is_open and one.base in OURS and one.record in about_the_dead:
            yield Over(task=one, status=TaskState.STOPPED, outcome=DEATH_RULE)
    for rule in ENDS:
        yield from rule(seen)


def _change(seen: Seen, new: Sequence[Finding], over: Sequence[Over], connection: Connection) -> int:
    """Look once more at what was asked: another process may have been quicker."""
    still = unasked(new, asked_of(connection, seen.force))
    asked = sum(_ask(connection, seen, one) for one in still)
    return asked + sum(_end(connection, seen, one) for one in over)


def _ask(connection: Connection, seen: Seen, one: Finding) -> bool:
    """Set the task, unless another process sets the same row just now."""
    values = {
        "force": seen.force,
        "unit": one.on.unit,
        "record": one.on.record,
        "rev": one.on.rev,
        "kind": one.kind,
        "rule": one.rule,
        "subject": one.on.subject,
        "owner_role": one.owner,
        "set_at": seen.now,
        "due_at": one.due,
        "status": TaskState.OPEN.value,
        "outcome": "",
        "delay_reason": "",
    }
    if insert_if_new(connection, task, values, [task.c.id]) is None:
        return False
    _note(connection, seen, one.on.record, ASKED, one.rule)
    return True


def _end(connection: Connection, seen: Seen, one: Over) -> bool:
    """Close or stop the task, unless somebody has closed it since we looked."""
    change = (
        update(task)
        .where(task.c.id == one.task.id, task.c.status == TaskState.OPEN.value)
        .values(status=one.status.value, outcome=one.outcome)
        .returning(task.c.id)
    )
    if connection.execute(change).first() is None:
        return False
    _note(
        connection, seen, one.task.record, CAME if one.status is TaskState.DONE else STOPPED, one.task.rule
    )
    return True


def _note(connection: Connection, seen: Seen, record: str, what: str, rule: str) -> None:
    register.keep_due(connection, record)
    audit.note(
        connection,
        force=seen.force,
        record=record,
        who=SYSTEM,
        what=what,
        at=seen.now,
        detail={"rule": rule},
    )
