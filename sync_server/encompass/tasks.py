"""The tasks that ask somebody to tell a school: over once it was told, open where it was not.

They are those of the record itself and the one that the PPN about the same child set. ``by_system`` of a
task says what the system does of it, so that nobody rings for what is on its way, and somebody does for
what is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, or_, select, update

from booklets.duties import NOT_CORRECTED, ON_ITS_WAY, TOLD_BEFORE
from booklets.entities import read_id
from booklets.records import Record
from sync_server.db.owed import Owed, TaskState, delivery, task
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.db.types import put_if_new
from sync_server.encompass.ways import ENC, ByHand
from sync_server.identity.accounts import Role
from sync_server.notices import reference_of
from sync_server.referrals import SCHOOL_TARGET
from sync_server.register import keep_due

NOT_NEEDED: Final = "not_needed"
CORRECT: Final = "correct_school"
"""Asked of the vulnerability team where a school acts on what holds no longer, and no notice reaches it."""
RULE: Final = "R-46"
MINUTES, OTHERWISE = "minutes_to_ring_wrong_school", 60
ASK_FOR_IT: Final = ("school_told", "operation_encompass")
OPEN, DONE, STOPPED = (one.value for one in TaskState)


def arrived(connection: Connection, record: str) -> None:
    """A notice of this record has arrived at a school: what asked somebody to tell it is over."""
    head = _head(connection, record)
    if head is not None and _is_told(connection, record):
        _close(connection, head)


def bring_in_line(connection: Connection, record: str, by_hand: ByHand | None = None) -> None:
    """A revision came: close the tasks where the school has been told and that holds; open them where not.

    What is open says that a notice is on its way, or why none is (``by_hand``). Where no school is to be
    told any more, nobody is asked anew, and what the record itself had asked for ends.
    """
    head = _head(connection, record)
    if head is None:
        return
    if _is_told(connection, record):
        _close(connection, head)
        return
    mine, own = _of(head), task.c.record == record
    closed = _closed_by(head)
    if head.state == State.WITHDRAWN.value:  # the PPN's is open again, as if this had never been
        _change(connection, [*closed, own], status=STOPPED, outcome=State.WITHDRAWN.value)
    if by_hand is ByHand.NOT_TOLD:
        _change(connection, [*mine, own, task.c.status == OPEN], status=STOPPED, outcome=NOT_NEEDED)
    else:
        _change(connection, closed, status=OPEN, outcome="", late_told_at=None)
    by_itself = ON_ITS_WAY if _is_owed(connection, record) else ""
    _say(connection, mine, by_hand.value if by_hand else by_itself)


def not_by_itself(connection: Connection, record: str, why: ByHand) -> None:
    """The notice was owed, and will not arrive by itself: whoever has the task is told so.

    Where it was a correction, what an earlier one had closed is open again: the school acts on that.
    """
    head = _head(connection, record)
    if head is not None:
        _change(connection, _closed_by(head), status=OPEN, outcome="", late_told_at=None)
        _say(connection, _of(head), why.value)


def not_taken_back(
    connection: Connection, record: str, rev: int, target: str, *, set_at: datetime, due_at: datetime
) -> None:
    """A school was wrongly told, and the correction will not arrive by itself: somebody rings it.

    The task is about this school, whichever the record names now.
    """
    head = _head(connection, record)
    if head is None:
        return
    values = {
        "force": head.force,
        "unit": head.unit,
        "record": record,
        "rev": rev,
        "kind": CORRECT,
        "rule": _about(target),
        "subject": head.subject or "",
        "owner_role": Role.VAT.value,
        "set_at": set_at,
        "due_at": due_at,
        "status": OPEN,
        "outcome": "",
        "delay_reason": "",
        "told": "",
        "by_system": NOT_CORRECTED,
    }
    put_if_new(connection, task, values)
    keep_due(connection, record)


def taken_back(connection: Connection, record: str, target: str) -> None:
    """A correction has arrived at a school after all: nobody needs to ring it."""
    mine = [task.c.record == record, task.c.kind == CORRECT, task.c.rule == _about(target)]
    _change(
        connection,
        [*mine, task.c.status == OPEN],
        status=DONE,
        outcome=_outcome(record),
        by_system="",
    )


def school_in(rule: str) -> str:
    """The number (URN) of the school that such a task is about."""
    return rule.rpartition(":")[2]


def _about(target: str) -> str:
    return f"{RULE}/{target}"


def covert_came(connection: Connection, record: str) -> None:
    """Somebody near the child must not know: whoever would ring waits, and what is owed will not arrive.

    Not where the record says itself that the school is not told; and what was told and is over stays so.
    """
    head = _head(connection, record)
    if head is None:
        return
    if _is_owed(connection, record):
        not_by_itself(connection, record, ByHand.COVERT)
        return
    _say(connection, [*_of(head), task.c.by_system != ByHand.NOT_TOLD.value], ByHand.COVERT.value)


def asked_beside(connection: Connection, record: Record) -> None:
    """Another record asks for this child's school to be told: it says what the system does, or has done.

    What the school has read may not be what this asks for, so that nothing is closed.
    """
    header = record.header
    if not any(one.kind in ASK_FOR_IT for one in record.tasks):
        return
    beside = select(register.c.record).where(
        register.c.force == header.force,
        register.c.episode == str(header.episode),
        register.c.subject == str(header.subject),
        register.c.record_type == ENC,
        register.c.state != State.WITHDRAWN.value,
    )
    names = sorted(connection.execute(beside).scalars())
    told = any(_is_told(connection, name) for name in names)
    way = ON_ITS_WAY if any(_is_owed(connection, name) for name in names) else TOLD_BEFORE if told else ""
    if way:
        this_child = (task.c.record == str(header.record), task.c.subject == str(header.subject))
        own = [task.c.kind.in_(ASK_FOR_IT), *this_child, task.c.by_system == ""]
        _say(connection, own, way)


def _is_owed(connection: Connection, record: str) -> bool:
    """Whether a notice of this record is still to arrive by itself."""
    states = [one.value for one in (Owed.HELD, Owed.DUE, Owed.LEASED)]
    owed = (*_notices_of(record), delivery.c.state.in_(states))
    return connection.execute(select(delivery.c.id).where(*owed)).first() is not None


def _head(connection: Connection, record: str) -> Row[Any] | None:
    return connection.execute(select(register).where(register.c.record == record)).first()


def _outcome(record: str) -> str:
    return f"{ENC} {reference_of(read_id(record))}"


def _closed_by(head: Row[Any]) -> list[ColumnElement[bool]]:
    """What is over because a notice of this record has arrived."""
    return [*_of(head), task.c.status == DONE, task.c.outcome == _outcome(head.record)]


def _close(connection: Connection, head: Row[Any]) -> None:
    is_open = [*_of(head), task.c.status == OPEN]
    _change(connection, is_open, status=DONE, outcome=_outcome(head.record), by_system="")


def _say(connection: Connection, mine: Iterable[ColumnElement[bool]], way: str) -> None:
    """Say it of what is open, to whoever was told otherwise."""
    _change(connection, [*mine, task.c.status == OPEN, task.c.by_system != way], by_system=way, told="")


def _is_told(connection: Connection, record: str) -> bool:
    """Whether a notice of this record has arrived at a school and was not taken back there since."""
    later = delivery.alias()
    taken_back = exists().where(
        later.c.record == delivery.c.record,
        later.c.target == delivery.c.target,
        later.c.takes_back,
        later.c.id > delivery.c.id,
    )
    arrived = (*_notices_of(record), delivery.c.state == Owed.DELIVERED.value, ~taken_back)
    return connection.execute(select(delivery.c.id).where(*arrived)).first() is not None


def _notices_of(record: str) -> tuple[ColumnElement[bool], ...]:
    to_a_school = delivery.c.target.startswith(SCHOOL_TARGET, autoescape=True)
    return delivery.c.record == record, to_a_school, ~delivery.c.takes_back


def _of(head: Row[Any]) -> list[ColumnElement[bool]]:
    """The tasks of this record, and of every other of its episode, that ask for this child's school."""
    beside = select(register.c.record).where(
        register.c.force == head.force,
        register.c.episode == head.episode,
        register.c.record_type != ENC,
        register.c.state != State.WITHDRAWN.value,
    )
    of_others = and_(task.c.record.in_(beside), task.c.subject == head.subject)
    return [task.c.kind.in_(ASK_FOR_IT), or_(task.c.record == head.record, of_others)]


def _change(connection: Connection, which: list[ColumnElement[bool]], **values: object) -> None:
    changed = update(task).where(*which).values(**values).returning(task.c.record)
    for name in sorted(set(connection.execute(changed).scalars())):
        keep_due(connection, name)
