"""R-58: work with a child is asked of somebody who is trained for it.

Where its author is not, it is offered to whoever is in the unit, and where nobody is, it goes to the unit's
supervisors, who are told why. What is offered to the officers of a unit reaches only those who are trained
(``Person.asked_as``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from booklets.duties import WORK_WITH_CHILDREN, GoesTo
from sync_server import audit
from sync_server.db.owed import TaskState, task
from sync_server.identity import accounts

AUTHOR = "author"
TRAINED, NO_LONGER_TRAINED = "trained for work with children", "no longer trained for work with children"


def is_with_a_child(row: Row[Any]) -> bool:
    """Whether a task asks its author for work with a child."""
    return row.owner_role == AUTHOR and row.kind in WORK_WITH_CHILDREN


def goes_to(connection: Connection, row: Row[Any], author: str) -> GoesTo | None:
    """To whom a task goes instead of its author; None where it is the author's."""
    if not is_with_a_child(row):
        return None
    account = accounts.by_id(connection, author)
    if account is not None and account.person.works_with_children:
        return None
    there = accounts.any_for_children(connection, row.force, row.unit)
    return GoesTo.UNIT if there else GoesTo.SUPERVISOR


def note_trained(
    connection: Connection, account: str, force: str, *, trained: bool, who: str, at: datetime
) -> None:
    """S-01: since when somebody may be asked for work with a child, or no longer, and who said so."""
    what = TRAINED if trained else NO_LONGER_TRAINED
    audit.note(connection, force=force, record=f"account:{account}", who=who, what=what, at=at)


def say_trained(
    connection: Connection, user: str, *, works_with_children: bool, who: str, at: datetime
) -> bool:
    """Say whether somebody is trained for work with children; whether there is such an account.

    What is open of such work in their unit is told anew: it may be somebody else's from now on, and whoever
    had it can no longer close it.
    """
    known = accounts.by_user(connection, user)
    if known is None:
        return False
    accounts.say_trained(connection, user, works_with_children=works_with_children)
    person = known.person
    if person.works_with_children != works_with_children:
        note_trained(connection, known.id, person.force, trained=works_with_children, who=who, at=at)
    connection.execute(
        update(task)
        .where(
            task.c.force == person.force,
            task.c.unit == person.unit,
            task.c.owner_role == AUTHOR,
            task.c.kind.in_(sorted(WORK_WITH_CHILDREN)),
            task.c.status == TaskState.OPEN.value,
        )
        .values(told="")
    )
    return True
