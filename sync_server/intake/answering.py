"""What somebody was asked to write, and has written: the record that ends the task, of the same child.

A PPN and the lines of enquiry end what asked for them whenever they were written. A new assessment and a new
THRIVE are asked for because something new is known (R-07): one that was sent before that answers nothing,
and one that is only put right is no new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from booklets.answers import codes_of
from booklets.clocks import PPN_CLOCK
from booklets.records import Record, Task
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.flags import SAID
from sync_server.notices import reference_of
from sync_server.referrals import PPN
from sync_server.register import keep_due

SEARCH, SEARCHED, HOME = "SRC", "srch.type", "home_and_room"
"""A search answers what asked for one of the home only where it was of the home and the room."""
ASKED_FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        PPN_CLOCK: PPN,
        "ppn_after_missing": PPN,
        "lines_of_enquiry": "ACT",
        "assess_again": "RSK",
        "thrive_again": "THR",
        "risk_review_high": "RSK",
        "risk_review_medium": "RSK",
        "strategy_discussion": "STR",
        "home_search_high": SEARCH,
        "home_search_medium": SEARCH,
    }
)
"""The type of the record that ends a task, by the kind of the task."""
ANEW: Final = frozenset(
    {"assess_again", "thrive_again", "risk_review_high", "risk_review_medium", "strategy_discussion"}
)
"""What only a record that is newer than the task answers."""
OPEN, DONE = TaskState.OPEN.value, TaskState.DONE.value


def came(connection: Connection, record: Record) -> None:
    """Close the tasks that asked for such a record about this child in this episode: here it is."""
    kinds = [one for one in _asking_for(record) if one not in ANEW or record.header.revision == 1]
    if not kinds:  # of most records, so that nothing is made for them
        return
    asked = (
        task.c.kind.in_(kinds),
        task.c.status == OPEN,
        task.c.subject == str(record.header.subject),
        task.c.kind.not_in(ANEW)
        | (task.c.record != str(record.header.record)) & (task.c.set_at <= record.header.submitted.instant),
    )
    _change(connection, record, *asked, status=DONE, outcome=_outcome(record))


def withdrawn(connection: Connection, record: Record) -> None:
    """Ask for it again: the record that had closed the task stands for nothing any more."""
    kinds = _asking_for(record)
    closed = (task.c.kind.in_(kinds), task.c.status == DONE, task.c.outcome == _outcome(record))
    if kinds:
        _change(connection, record, *closed, status=OPEN, outcome="")


def there_is(connection: Connection, record: Record, asked: Task) -> str | None:
    """The outcome that a record which is here already means for whoever is asked for one."""
    wanted = ASKED_FOR.get(asked.kind)
    if wanted is None:
        return None
    query = (
        _of_episode(record)
        .add_columns(register.c.flags)
        .where(
            register.c.record_type == wanted,
            register.c.subject == str(record.header.subject),
            register.c.state != State.WITHDRAWN.value,
            *_new_enough(asked.set_at if asked.kind in ANEW else None),
        )
    )
    found = next((row for row in connection.execute(query) if _answers(wanted, row)), None)
    return _words(found.record, wanted) if found else None


def _answers(wanted: str, row: Row[Any]) -> bool:
    """Whether a record of the wanted type is what was asked for."""
    return wanted != SEARCH or HOME in str(row.flags.get(SAID, {}).get(SEARCHED, "")).split()


def _new_enough(since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return () if since is None else (register.c.submitted_at > since,)


def _asking_for(record: Record) -> list[str]:
    type_ = record.header.record_type
    if type_ == SEARCH and HOME not in codes_of(record.answers.get(SEARCHED)):
        return []
    return [kind for kind, wanted in ASKED_FOR.items() if wanted == type_]


def _change(connection: Connection, record: Record, *which: ColumnElement[bool], **values: str) -> None:
    of = task.c.record.in_(_of_episode(record))
    change = update(task).where(of, *which).values(**values).returning(task.c.record)
    for name in sorted(set(connection.execute(change).scalars())):
        keep_due(connection, name)


def _of_episode(record: Record) -> Select[tuple[str]]:
    header = record.header
    return select(register.c.record).where(
        register.c.force == header.force, register.c.episode == str(header.episode)
    )


def _outcome(record: Record) -> str:
    return _words(str(record.header.record), record.header.record_type)


def _words(name: str, kind: str) -> str:
    return f"{kind} {reference_of(UUID(name))}"
