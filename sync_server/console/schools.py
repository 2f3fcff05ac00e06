"""R-46: the children whose school was not told, or was told late: the list at the end of a day.

Whoever asked for the school to be told has a task; how that stands is how the child stands here. Who was
told in time is counted and not listed, so that nobody reads past the one that was not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, exists, select
from starlette.responses import Response

from sync_server.console import scopes, words
from sync_server.console.doors import Seen
from sync_server.console.gathering import Child, days_in, gathered, how_many, listed_of_some_days, since
from sync_server.console.marks import child_of, person_in, rows_by
from sync_server.console.overviews import GatheredRow
from sync_server.console.pages import Mark
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import person, record
from sync_server.encompass.tasks import ASK_FOR_IT, NOT_NEEDED
from sync_server.encompass.ways import ByHand

OFFERED: Final = (1, 7, 30)
WHY: Final[Mapping[str, str]] = {
    ByHand.NOT_TOLD: "The officer wrote that the school is not to be told",
    ByHand.COVERT: "Telling may warn whoever must not know (R-51): specialists decide",
    ByHand.TAUGHT_AT_HOME: "Taught at home: the council’s officer is told instead",
    ByHand.NO_SCHOOL: "No school is named",
    ByHand.ADULT_AT_SCHOOL: "An adult who was involved works there",
    ByHand.ADULT_NOT_KNOWN: "Whether an adult works there is not said",
    ByHand.NOT_LISTED: "The school is not for certain one that the system can tell",
    ByHand.NO_ADDRESS: "The system has no address for the school",
    ByHand.NOT_DELIVERED: "The notice could not be delivered",
    ByHand.STOPPED: "Stopped: nobody decided in time",
}
"""Why no notice goes by itself, as short as a cell; what to do stands beside the task."""
NOTES = (
    "Where a school had to be told before its next day began, and was not, or was told late. "
    "A child who has died stands here no more.",
)


def show(seen: Seen) -> Response:
    """The list. That it was read is written down first."""
    days = days_in(seen.request.query_params.get("days", ""), OFFERED, OFFERED[0])
    asks = exists().where(task.c.record == record.c.record, task.c.kind.in_(ASK_FOR_IT))
    with seen.context.store.read() as db:
        found, _, rows = gathered(seen, db, since(seen, days) & asks)
        asked = _asked(db, rows)
        subjects = {one["subject"] for tasks in asked.values() for one in tasks}
        people = rows_by(db, person, "id", sorted(filter(None, subjects)))
        hidden = scopes.hidden_words(db, seen.account.person)
    lines = [
        _row(seen, child, tasks, about)
        for child in found
        for about, tasks in _each(child, asked, people, hidden)
    ]
    told = sum(row is None for row in lines)
    return listed_of_some_days(
        seen,
        days,
        sorted((row for row in lines if row is not None), key=_in_time),
        "schools read",
        OFFERED,
        heading="Schools not told",
        notes=(*NOTES, f"Told in time: {how_many(told)}."),
        action="/schools-not-told",
        columns=("How it stands", "Why"),
        empty="Every school that had to be told was told in time.",
    )


def _in_time(row: GatheredRow) -> bool:
    """Whether nothing of it is late: what is late is read first."""
    return not any(mark.tone == "late" for mark in row.cells[0])


def _each(
    child: Child,
    asked: Mapping[str, list[RowMapping]],
    people: Mapping[str, Sequence[RowMapping]],
    hidden: Collection[str],
) -> Iterator[tuple[tuple[str, str], list[RowMapping]]]:
    """What was asked about a child, and about each other whom the same records name: under each's name."""
    own = {"", *(row["subject"] for row in child.rows)}
    tasks: dict[str, list[RowMapping]] = {}
    for row in child.rows:
        for one in asked.get(row["record"], ()):
            tasks.setdefault("" if one["subject"] in own else one["subject"], []).append(one)
    for subject, theirs in tasks.items():
        mention = next(iter(people.get(subject, ())), None)
        if subject in hidden:
            yield (scopes.RESTRICTED, ""), theirs
        else:
            named = child_of(person_in(mention), child.rows[0]["received_at"])
            yield named if subject else child.name, theirs


def _asked(db: Connection, rows: Sequence[RowMapping]) -> Mapping[str, list[RowMapping]]:
    """What was asked for, by the record that asked."""
    query = (
        select(task)
        .where(task.c.record.in_(sorted({row["record"] for row in rows})), task.c.kind.in_(ASK_FOR_IT))
        .order_by(task.c.due_at, task.c.id)
    )
    found: dict[str, list[RowMapping]] = {}
    for one in db.execute(query).mappings():
        found.setdefault(one["record"], []).append(one)
    return found


def _row(seen: Seen, child: Child, tasks: Sequence[RowMapping], name: tuple[str, str]) -> GatheredRow | None:
    """Whose school was not told in time; each reason once."""
    stands = tuple(dict.fromkeys(mark for one in tasks for mark in _stands(seen, one)))
    if not stands:
        return None
    why = dict.fromkeys(Mark(WHY[said]) for one in tasks if (said := _why(one)) in WHY)
    return GatheredRow(*name, (stands, tuple(why)), tuple(child.records()), child.marks)


def _why(one: RowMapping) -> str:
    """Why no notice goes by itself; what an officer wrote ends the task, and says so no more."""
    return ByHand.NOT_TOLD.value if _is_not_told(one) else str(one["by_system"])


def _is_not_told(one: RowMapping) -> bool:
    return bool(one["status"] == TaskState.STOPPED.value and one["outcome"] == NOT_NEEDED)


def _stands(seen: Seen, one: RowMapping) -> Iterator[Mark]:
    due = words.short(one["due_at"]) if one["due_at"] else ""
    late = one["due_at"] is not None and one["due_at"] < seen.now
    if one["status"] == TaskState.OPEN.value:
        yield Mark(f"Late: due {due}", "late") if late else Mark(f"Not told yet: due {due}")
    elif _is_not_told(one):
        yield Mark("Not told")
    elif one["status"] == TaskState.DONE.value and one["late_told_at"] is not None:
        yield Mark(f"Told late: due {due}")
