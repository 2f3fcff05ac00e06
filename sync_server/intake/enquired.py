"""What an assessment and the lines of enquiry ask for, as tasks, and what enquiries say came of it.

Each action of an assessment and each thing that is not known there is a task of its own with its time
(R-11, B.3). It is over when somebody says so, or when a line of enquiry of the same episode has the same
words and is over: whoever wrote that down there is not asked a second time. A task holds no words, so they
are read out of both records. So is each first enquiry that begins by a time of its own (B.4); that, and
whatever asks for the first enquiries to be begun, is over once the newest enquiries say that they were. A
later revision that says otherwise, or a withdrawal, opens the task again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import ColumnElement, Connection, Row, select, update

from booklets import definitions
from booklets.answers import Answers, Moment, Scalar, codes_of, rows_of, said, words_in
from booklets.answers import Row as Cells
from booklets.clocks import at_once, at_the_latest
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
BEGIN = "begin_enquiry"
SOMEBODY_BEGINS, BEGUN_BY = "begin_enquiries", "enquiries_begun"
"""A task of the supervisor where nothing has begun or nobody has it, and the clock of what has not."""
NOBODY_HAS_IT: Final = "E-02"
NOT_STARTED: Final = "not_started"
_cell_of: Final[Mapping[str, str]] = MappingProxyType(dict(ASKED_IN.values()))
OVER: Final = frozenset({"done", "cancelled"})
OPEN, DONE = TaskState.OPEN.value, TaskState.DONE.value


@cache
def first_enquiries() -> tuple[str, ...]:
    """The first enquiries, each a question that says how it stands."""
    fields = definitions.form("act").fields()
    return tuple(one.id for one in fields if NOT_STARTED in {choice.code for choice in one.codes})


def asked(record: Record, policy: ForcePolicy) -> Iterator[Task]:
    """What this record wants done that is a task of its own (R-56)."""
    yield from _assessed(record, policy)
    if record.header.record_type == ENQUIRIES:
        yield from _to_begin(record)


def _to_begin(record: Record) -> Iterator[Task]:
    """Each first enquiry that has not begun and says by when it does. The others have one time together."""
    header = record.header
    for name in first_enquiries():
        by = record.answers.get(f"{name}_by")
        if record.answers.get(name) == NOT_STARTED and isinstance(by, Moment):
            yield Task(
                id=uuid5(header.record, f"{BEGIN} {name}"),
                kind=BEGIN,
                rule=name,
                subject=str(header.subject or ""),
                owner_role="author",
                set_at=header.submitted.instant,
                due_at=by.at,
            )


def _assessed(record: Record, policy: ForcePolicy) -> Iterator[Task]:
    """What an assessment wants done and found out.

    Who does it stands there in words, so it belongs to whoever assessed, and to the supervisors of the unit.
    ``rule`` says which row of which question it is.
    """
    header = record.header
    weighed_up = record.answers.get("ra.assessed_at")
    since = weighed_up.at if isinstance(weighed_up, Moment) else header.submitted.instant
    now = at_once(policy.settings)
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
    of_episode = _enquiries_of(connection, record)
    opened = (evidence.readable(connection, context.keys.safe, one.record, one.rev) for one in of_episode)
    enquiries = [one for one in opened if one is not None]
    for one in connection.execute(_asked_for(record)).all():
        closed_by = one.outcome if one.outcome.startswith(f"{ENQUIRIES} ") else ""
        if one.status != OPEN and not closed_by:
            continue  # a person has said how it ended, or it was stopped
        ended = _ended_by(context, connection, one, enquiries)
        outcome = f"{ENQUIRIES} {reference_of(ended.header.record)}" if ended is not None else ""
        if outcome != closed_by:
            changed = {"status": DONE if outcome else OPEN, "outcome": outcome}
            connection.execute(update(task).where(task.c.id == one.id).values(changed))
            keep_due(connection, one.record)


def words_of(made: Record | None, kind: str, rule: str) -> tuple[str, str] | None:
    """What such a task asks for, and who does it, in the words of its record."""
    if made is None:
        return None
    if kind == BEGIN:
        who = made.answers.get(f"{rule}_who") or made.answers.get("act.not_started_owner")
        form = definitions.form_of(made.header)
        what = form.field(rule).label.replace("{name}", "the child") if form.has(rule) else ""
        return (what, " ".join(words_in(who))) if what else None
    row = _row(made, rule)
    if row is None:
        return None
    what = " ".join(words_in(row.get("what")))
    how = " ".join(words_in(row.get("how")))
    return ": ".join(one for one in (what, how) if one), " ".join(words_in(row.get("who")))


def _ended_by(
    context: Context, connection: Connection, one: Row[Any], enquiries: Sequence[Record]
) -> Record | None:
    """Which of these enquiries says that a task is over. Of what is begun, the newest alone knows."""
    if one.kind in _cell_of:
        row = _row(evidence.readable(connection, context.keys.safe, one.record, one.rev), one.rule)
        wanted = _plain(row.get(_cell_of[one.kind])) if row is not None else ""
        return next((each for each in enquiries if wanted and _has_ended(each, wanted)), None)
    return next((each for each in enquiries[-1:] if _have_begun(each.answers, one)), None)


def _has_ended(enquiries: Record, wanted: str) -> bool:
    return any(
        _plain(line.get("what")) == wanted and bool(OVER.intersection(codes_of(line.get("status"))))
        for line in rows_of(enquiries.answers.get("act.lines"))
    )


def _have_begun(answers: Answers, one: Row[Any]) -> bool:
    """Whether what was to begin has, by the kind of the task and the rule that set it."""
    stand = {name: answers[name] for name in first_enquiries() if name in answers}
    waiting = [name for name, how in stand.items() if how == NOT_STARTED]
    if not stand:
        return False
    if one.kind == BEGIN:
        return one.rule in stand and one.rule not in waiting
    if one.kind == BEGUN_BY:
        return not waiting
    if one.rule == NOBODY_HAS_IT:
        together = said(answers.get("act.not_started_owner"))
        return all(together or said(answers.get(f"{name}_who")) for name in waiting)
    return len(waiting) < len(stand)


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


def _enquiries_of(connection: Connection, record: Record) -> Sequence[Any]:
    """The enquiries of the episode that count, the newest last."""
    query = select(register.c.record, register.c.rev).where(
        *_of_this(record),
        register.c.record_type == ENQUIRIES,
        register.c.state != State.WITHDRAWN.value,
    )
    return connection.execute(query.order_by(register.c.submitted_at)).all()


def _asked_for(record: Record) -> Any:
    """Everything that such a record of the episode has asked for."""
    episode = select(register.c.record).where(*_of_this(record))
    kinds = [*_cell_of, BEGIN, SOMEBODY_BEGINS, BEGUN_BY]
    return select(task).where(task.c.record.in_(episode), task.c.kind.in_(kinds)).order_by(task.c.id)


def _of_this(record: Record) -> tuple[ColumnElement[bool], ...]:
    header = record.header
    return register.c.force == header.force, register.c.episode == str(header.episode)
