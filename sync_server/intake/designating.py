"""R-24: whoever is to look into a police protection, or to take it over, is asked to, until that is written.

The first is named by the constable; a hand-over stands in the designated officer's record. Both are words:
the number among them says who is meant, and where that is one account of the force, the task goes to just
this person. The incident manager hears of every hand-over that nobody has accepted, by the form's own rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

from sqlalchemy import Connection, update

from booklets.answers import Moment, Row, rows_of
from booklets.form_names import PROTECTION_ENQUIRED, PROTECTION_USED
from booklets.records import Record, Task
from sync_server.db.owed import TaskState, task
from sync_server.duties.named import ACCEPT_PROTECTION, NAMED
from sync_server.identity import accounts
from sync_server.intake.tasking import set_tasks
from sync_server.settings import ForcePolicy

TRANSFERS, FIRST = "ppd.transfers", "pp.do"
RULE: Final = "R-24"
MINUTES, OTHERWISE = "minutes_to_hand_over_protection", 60
NUMBER = re.compile(r"\d+")


def ask_to_accept(connection: Connection, record: Record, policy: ForcePolicy, at: datetime) -> None:
    """Ask whoever is named and has not accepted; whoever has, or is named no more, is asked no longer."""
    header = record.header
    if header.record_type not in {PROTECTION_USED, PROTECTION_ENQUIRED}:
        return
    first = record.answers.get(FIRST)
    rows = (*rows_of(record.answers.get(TRANSFERS)), *([{"to": first}] if isinstance(first, str) else ()))
    waiting = set(_named(connection, header.force, (row for row in rows if not _accepted(row))))
    accepted = set(_named(connection, header.force, filter(_accepted, rows))) - waiting
    set_tasks(connection, [_asked(record, one, policy, at) for one in sorted(waiting)], record)
    _end(connection, str(header.record), accepted, TaskState.DONE)
    _end(connection, str(header.record), accepted | waiting, TaskState.STOPPED, others=True)


def _asked(record: Record, account: str, policy: ForcePolicy, at: datetime) -> Task:
    minutes = policy.settings.get(MINUTES)
    return Task(
        id=uuid5(record.header.record, f"{ACCEPT_PROTECTION} {account}"),
        kind=ACCEPT_PROTECTION,
        rule=f"{RULE}/{account}",
        subject=str(record.header.subject or ""),
        owner_role=NAMED,
        set_at=at,
        due_at=at + timedelta(minutes=minutes if isinstance(minutes, int) else OTHERWISE),
    )


def _end(
    connection: Connection, record: str, people: Iterable[str], state: TaskState, *, others: bool = False
) -> None:
    """End what these people are still asked, or what everybody but these is."""
    theirs = task.c.rule.in_([f"{RULE}/{one}" for one in people])
    open_ = (task.c.kind == ACCEPT_PROTECTION, task.c.status == TaskState.OPEN.value)
    meant = (task.c.record == record, *open_, ~theirs if others else theirs)
    connection.execute(update(task).where(*meant).values(status=state.value))


def _named(connection: Connection, force: str, rows: Iterable[Row]) -> Iterator[str]:
    """The account of each person to whom it was handed over, by number; nobody where it is not one."""
    for row in rows:
        for number in NUMBER.findall(str(row.get("to") or "")):
            found = accounts.by_shoulder_no(connection, force, number)
            if len(found) == 1:
                yield found[0].id


def _accepted(row: Row) -> bool:
    return isinstance(row.get("accepted_at"), Moment)
