"""What somebody has to do because of a record, and what ends it by itself.

A task keeps the time it was given first: a later revision of its record does not start the clock again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Select, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from booklets import definitions
from booklets.answers import Moment, rows_of
from booklets.clocks import has_stopped
from booklets.decisions import decision_of
from booklets.duties import COUNTED_FROM_BEGUN
from booklets.form_names import PROTECTION_ENDED, RETURNED
from booklets.records import Record, Task
from booklets.signs import DEATH_RULE, says_dead
from sync_server.db.later import later
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.db.types import put_if_new
from sync_server.flags import DANGER_TASK, DANGER_TASK_RULE
from sync_server.identity.accounts import Role
from sync_server.intake import answering
from sync_server.notices import reference_of
from sync_server.register import keep_due
from sync_server.settings import ForcePolicy

OPEN, DONE, STOPPED = (one.value for one in TaskState)
DIRECTION = "direction"
AGREED = "agreed_action"
AGREED_IN: Mapping[str, Role] = {
    "str.actions": Role.VAT,
    "mh.meeting_actions": Role.MHET,
    "hot.actions": Role.MHET,
    "ppv.actions": Role.VAT,
    "ppv.panel_actions": Role.VAT,
}
"""The questions in which it is written who does what by when, and the team that sees that it is done."""
DANGER_MINUTES = 15
"""How long the vulnerability team has where the force has set no time of its own."""


def set_tasks(connection: Connection, tasks: Iterable[Task], record: Record, *, anew: bool = True) -> None:
    """Set the tasks of a record that are not set yet. What has arrived already is not asked for.

    ``anew``: what was stopped when the record was withdrawn is set again, as the record is back.
    """
    for one in tasks:
        there = answering.there_is(connection, record, one)
        values = {
            "force": record.header.force,
            "unit": record.header.unit,
            "record": str(record.header.record),
            "rev": record.header.revision,
            "kind": one.kind,
            "rule": one.rule,
            "subject": one.subject,
            "owner_role": one.owner_role,
            "set_at": one.set_at,
            "due_at": one.due_at,
            "status": DONE if there else one.status,
            "outcome": there or "",
            "delay_reason": "",
            "told": "",
            "by_system": COUNTED_FROM_BEGUN if _is_counted_from_begun(record, one) else "",
        }
        if anew:
            later(connection, _SET_ANEW, _of_stopped(values))
        put_if_new(connection, task, values)


def _is_counted_from_begun(record: Record, one: Task) -> bool:
    """Whether its time was counted from when the record was begun, because nobody knows when it started."""
    clock = next((clock for clock in definitions.clocks() if clock.id == one.rule), None)
    if clock is None or not clock.or_begun:
        return False
    return not any(isinstance(record.answers.get(name), Moment) for name in clock.starts)


# Opens again what was stopped, with the time it was given first. What is open or done stays as it is, and so
# does what the end of police protection has stopped: a revision of what began it begins nothing anew.
_SET_ANEW = (
    update(task)
    .where(
        *(task.c[name] == bindparam(f"of_{name}") for name in ("record", "kind", "rule", "subject")),
        task.c.status == STOPPED,
        *(~task.c.outcome.startswith(f"{one} ", autoescape=True) for one in (PROTECTION_ENDED, RETURNED)),
    )
    .values(status=bindparam("as_status"), outcome=bindparam("as_outcome"), late_told_at=None)
)


def _of_stopped(values: Mapping[str, Any]) -> dict[str, Any]:
    """A task as ``_SET_ANEW`` knows it."""
    found = {f"of_{name}": values[name] for name in ("record", "kind", "rule", "subject")}
    return found | {f"as_{name}": values[name] for name in ("status", "outcome")}


def directed(decision: Record) -> Iterator[Task]:
    """What a decision directs somebody to do by a time (B.12), each a task of the decision's own record.

    Who does it stands there in the supervisor's words, which name nobody to a server: the task belongs to
    the supervisors of the unit, who see that it is done. ``rule`` says which of the directions it is.
    """
    header = decision.header
    for number, one in enumerate(decision_of(decision).directions):
        if one.what and one.who and one.by:
            yield Task(
                id=uuid5(header.record, f"{DIRECTION} {number}"),
                kind=DIRECTION,
                rule=f"{DIRECTION}.{number}",
                subject=str(header.subject or ""),
                owner_role=Role.SUPERVISOR.value,
                set_at=header.submitted.instant,
                due_at=one.by,
            )


def agreed(record: Record) -> Iterator[Task]:
    """What a meeting or a review agreed that somebody does by a time, each a task of its own (R-56).

    Who does it stands there in words, so the task belongs to the team that keeps such records. ``rule`` says
    which row of which question it is.
    """
    header = record.header
    for question, owner in AGREED_IN.items():
        for number, row in enumerate(rows_of(record.answers.get(question))):
            what, who, by = (row.get(name) for name in ("what", "who", "by"))
            if what and who and isinstance(by, Moment):
                yield Task(
                    id=uuid5(header.record, f"{question} {number}"),
                    kind=AGREED,
                    rule=f"{question}.{number}",
                    subject=str(header.subject or ""),
                    owner_role=owner.value,
                    set_at=header.submitted.instant,
                    due_at=by.at,
                )


def danger_came(
    connection: Connection, record: Record, policy: ForcePolicy, at: datetime, *, again: bool
) -> None:
    """R-61: the vulnerability team acts at once, whether or not the handheld's rules had set the task.

    Where the team has acted and a later revision shows another danger (``again``), it is a task of its own:
    what was done about the first stays as it was said.
    """
    header = record.header
    there = select(task.c.status).where(
        task.c.record == str(header.record), task.c.kind == DANGER_TASK, task.c.status != STOPPED
    )
    found = set(connection.execute(there).scalars())
    if OPEN in found or (found and not again):
        return
    minutes = policy.settings.get("minutes_to_tell_vat_of_danger")
    due = at + timedelta(minutes=minutes if isinstance(minutes, int) else DANGER_MINUTES)
    one = Task(
        id=uuid5(header.record, DANGER_TASK),
        kind=DANGER_TASK,
        rule=f"{DANGER_TASK_RULE}/{header.revision}" if found else DANGER_TASK_RULE,
        subject=str(header.subject or ""),
        owner_role=Role.VAT.value,
        set_at=at,
        due_at=due,
    )
    set_tasks(connection, [one], record)


def ended_by(connection: Connection, record: Record, *, alone: bool = False) -> None:
    """Close what is over because this record is here, or because of what it says.

    ``alone``: it came just now, and nothing else of its doorstep is here.
    """
    _clocks_stopped(connection, record, alone=alone)
    answering.came(connection, record)


def _clocks_stopped(connection: Connection, record: Record, *, alone: bool) -> None:
    """Close what a clock of the same doorstep asked for where this revision says that it was done.

    Somebody at the council has answered, or the child was spoken with. What such a revision had closed and
    a later one takes back is open again.
    """
    form, header = definitions.form_of(record.header), record.header
    asked = [one for one in definitions.clocks() if one.stops and form.has(one.stops)]
    done = [one.id for one in asked if has_stopped(one, record.answers)]
    if alone and header.revision == 1 and not {one.kind for one in record.tasks} & set(done):
        return  # there is no task yet that it could end
    not_done = [one.id for one in asked if one.id not in done]
    outcome = _words(str(header.record), header.record_type)
    of = {"of_force": header.force, "of_episode": str(header.episode), "of_door": str(header.encounter)}
    if done:
        _changed(connection, _STOPPED_HERE, of | {"kinds": done, "said": outcome})
    if not_done and header.revision > 1:
        _changed(connection, _OPEN_AGAIN_HERE, of | {"kinds": not_done, "had_said": outcome})


def end_holds_no_longer(connection: Connection, record: Record) -> None:
    """The end of police protection, its review, or a return, is none or another: what it had ended goes on.

    What it had asked for itself and closed is no part of that. Whatever another end has ended all the same
    is closed again as soon as somebody looks across. Of a child who has died nothing goes on (R-50): it is
    stopped by the death, and goes on where that was a mistake.
    """
    outcome = _words(str(record.header.record), record.header.record_type)
    own = str(record.header.record)
    closed = select(task.c.record).where(
        task.c.force == record.header.force, task.c.outcome == outcome, task.c.record != own
    )
    counts, dead = _that_count(connection, record.header.force, closed)
    for names, values in (
        (counts - dead, {"status": OPEN, "outcome": "", "late_told_at": None}),
        (counts & dead, {"status": STOPPED, "outcome": DEATH_RULE}),
    ):
        ended = (task.c.record.in_(names), task.c.outcome == outcome)
        connection.execute(update(task).where(*ended).values(values))
    for name in sorted(counts):
        keep_due(connection, name)


def _that_count(
    connection: Connection, force: str, of: Select[tuple[str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Which of these records count, and which of an episode in which the child has died (R-50)."""
    mine = (register.c.force == force, register.c.state != State.WITHDRAWN.value)
    episodes = select(register.c.episode).where(register.c.record.in_(of))
    query = select(register.c.record, register.c.episode, register.c.flags)
    there = connection.execute(query.where(*mine, register.c.episode.in_(episodes))).all()
    dead = {one.episode for one in there if says_dead(one.flags)}
    counts = set(
        connection.execute(select(register.c.record).where(*mine, register.c.record.in_(of))).scalars()
    )
    return frozenset(counts), frozenset(one.record for one in there if one.episode in dead)


def acted(connection: Connection, record: str, kind: str, *, outcome: str, delay: str, at: datetime) -> bool:
    """Close a record's tasks of a kind with what was done (R-56). False where they are closed already."""
    closed = (
        update(task)
        .where(task.c.record == record, task.c.kind == kind, task.c.status == OPEN)
        .values(status=DONE, outcome=outcome, delay_reason=delay, accepted_at=at)
        .returning(task.c.id)
    )
    if not connection.execute(closed).all():
        return False
    keep_due(connection, record)
    return True


def stop(connection: Connection, records: Iterable[str], *, but: str, reason: str) -> None:
    """Stop every open task of these records except those of one kind."""
    connection.execute(
        update(task)
        .where(task.c.record.in_(list(records)), task.c.kind != but, task.c.status == OPEN)
        .values(status=STOPPED, outcome=reason)
    )


def take_up(connection: Connection, records: Iterable[str], *, stopped_with: str) -> None:
    """Open again what was stopped in these records for a reason that is none, with the time it was given."""
    stopped = (task.c.record.in_(list(records)), task.c.status == STOPPED, task.c.outcome == stopped_with)
    again = {"status": OPEN, "outcome": "", "late_told_at": None}
    connection.execute(update(task).where(*stopped).values(again))


def _changed(connection: Connection, change: ReturningUpdate[str], of: Mapping[str, Any]) -> None:
    for name in sorted(set(connection.execute(change, of).scalars())):
        keep_due(connection, name)


# Made once, for every revision that comes asks one of them: to make it takes longer than to run it.
_HERE = task.c.record.in_(
    select(register.c.record).where(
        register.c.force == bindparam("of_force"),
        register.c.episode == bindparam("of_episode"),
        register.c.encounter == bindparam("of_door"),
    )
)
_OF_KINDS = task.c.kind.in_(bindparam("kinds", expanding=True))
_STOPPED_HERE = (
    update(task)
    .where(_HERE, _OF_KINDS, task.c.status == OPEN)
    .values(status=DONE, outcome=bindparam("said"))
    .returning(task.c.record)
)
_OPEN_AGAIN_HERE = (
    update(task)
    .where(_HERE, _OF_KINDS, task.c.status == DONE, task.c.outcome == bindparam("had_said"))
    .values(status=OPEN, outcome="")
    .returning(task.c.record)
)


def _words(name: str, kind: str) -> str:
    return f"{kind} {reference_of(UUID(name))}"
