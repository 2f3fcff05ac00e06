"""What a risk assessment asks for, as tasks, and what the lines of enquiry say that came of it.

Each action and each thing that is not known there is a task of its own with its time (R-11, B.3). It is over when
somebody says so, or when a line of enquiry of the same episode has the same words and is over: whoever wrote
that down there is not asked a second time. A task holds no words, so they are read out of both records. A
later revision of the enquiries that says otherwise, or their withdrawal, opens the task again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, select, update

from booklets.answers import Moment, Scalar, codes_of, rows_of, words_in
from booklets.answers import Row as Cells
from booklets.clocks import at_the_latest
from booklets.records import Record, Task
from sync_server import evidence
from sync_server.context import Context
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.notices import reference_of
from sync_server.register import keep_due
from sync_server.settings import ForcePolicy

ASSESSMENT, ENQUIRIES = "RSK", "ACT"
ACTION, NOT_KNOWN = "assessed_action", "assessed_gap"
ASKED_IN: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"ra.actions": (ACTION, "what"), "ra.information_gaps": (NOT_KNOWN, "how")}
)
"""The questions in which an assessment asks for something: the kind of task, and the cell that says what."""
_cell_of: Final[Mapping[str, str]] = MappingProxyType(dict(ASKED_IN.values()))
OVER: Final = frozenset({"done", "cancelled"})
AT_ONCE: Final = "minutes_to_act_at_once"
MINUTES_AT_ONCE: Final = 15
"""How long "now" is where the force has set no time of its own."""
OPEN, DONE = TaskState.OPEN.value, TaskState.DONE.value


def asked(record: Record, policy: ForcePolicy) -> Iterator[Task]:
    """What an assessment wants done and found out, each a task of its own (R-56).

    Who does it stands there in words, so it belongs to whoever assessed, and to the supervisors of the unit.
    ``rule`` says which row of which question it is.
    """
    header = record.header
    weighed_up = record.answers.get("ra.assessed_at")
    since = weighed_up.at if isinstance(weighed_up, Moment) else header.submitted.instant
    minutes = policy.settings.get(AT_ONCE)
    now = timedelta(minutes=minutes if isinstance(minutes, int) else MINUTES_AT_ONCE)
    for question, (kind, cell) in ASKED_IN.items():
        for number, row in enumerate(rows_of(record.answers.get(question))):
            if not _plain(row.get(cell)):
                continue
            soon = "".join(codes_of(row.get("by")))
            yield Task(
                id=uuid5(header.record, f"{question} {number}"),
                kind=kind,
                rule=f"{question}.{number}",
                subject=str(header.subject or ""),
                owner_role="author",
                set_at=header.submitted.instant,
                due_at=at_the_latest(soon, since, header.shift_ends_at, now=now),
            )


def bring_in_line(context: Context, connection: Connection, record: Record) -> None:
    """Close what the enquiries of this episode say is over, and open what none of them says any more."""
    if record.header.record_type not in {ASSESSMENT, ENQUIRIES}:
        return
    episode = _of_episode(connection, record)
    enquiries = [_opened(context, connection, one) for one in episode if _counts(one)]
    for one in connection.execute(_of_assessments(record)).all():
        closed_by = one.outcome if one.outcome.startswith(f"{ENQUIRIES} ") else ""
        if one.status != OPEN and not closed_by:
            continue  # a person has said how it ended, or it was stopped
        outcome = next((_words(it) for it in enquiries if it and _is_over(context, connection, one, it)), "")
        if outcome != closed_by:
            changed = {"status": DONE if outcome else OPEN, "outcome": outcome}
            connection.execute(update(task).where(task.c.id == one.id).values(changed))
            keep_due(connection, one.record)


def words_of(made: Record | None, rule: str) -> tuple[str, str] | None:
    """What a task of an assessment asks for, and who does it, in the words of the assessment."""
    row = _row(made, rule)
    if row is None:
        return None
    what = " ".join(words_in(row.get("what")))
    how = " ".join(words_in(row.get("how")))
    return ": ".join(one for one in (what, how) if one), " ".join(words_in(row.get("who")))


def _is_over(context: Context, connection: Connection, one: Row[Any], enquiries: Record) -> bool:
    """Whether a line of these enquiries has the words of this task, and has ended."""
    row = _row(evidence.readable(connection, context.keys.safe, one.record, one.rev), one.rule)
    wanted = _plain(row.get(_cell_of[one.kind])) if row is not None else ""
    return bool(wanted) and any(
        _plain(line.get("what")) == wanted and bool(OVER.intersection(codes_of(line.get("status"))))
        for line in rows_of(enquiries.answers.get("act.lines"))
    )


def _row(made: Record | None, rule: str) -> Cells | None:
    """The row of an assessment that a task is about."""
    question, _, number = rule.rpartition(".")
    if made is None or not number.isdecimal():
        return None
    return dict(enumerate(rows_of(made.answers.get(question)))).get(int(number))


def _plain(cell: Scalar | None) -> str:
    """The words of a cell as they are compared: by letters and figures, however they were spaced."""
    words = " ".join(words_in(cell))
    return " ".join("".join(one if one.isalnum() else " " for one in words).casefold().split())


def _of_episode(connection: Connection, record: Record) -> Sequence[Any]:
    header = record.header
    query = select(register.c.record, register.c.rev, register.c.record_type, register.c.state)
    of = (register.c.force == header.force, register.c.episode == str(header.episode))
    return connection.execute(query.where(*of).order_by(register.c.submitted_at)).all()


def _of_assessments(record: Record) -> Any:
    header = record.header
    episode = select(register.c.record).where(
        register.c.force == header.force,
        register.c.episode == str(header.episode),
        register.c.record_type == ASSESSMENT,
    )
    kinds = [kind for kind, _ in ASKED_IN.values()]
    return select(task).where(task.c.record.in_(episode), task.c.kind.in_(kinds)).order_by(task.c.id)


def _counts(one: Row[Any]) -> bool:
    return bool(one.record_type == ENQUIRIES and one.state != State.WITHDRAWN.value)


def _opened(context: Context, connection: Connection, one: Row[Any]) -> Record | None:
    return evidence.readable(connection, context.keys.safe, one.record, one.rev)


def _words(enquiries: Record) -> str:
    return f"{ENQUIRIES} {reference_of(UUID(str(enquiries.header.record)))}"
