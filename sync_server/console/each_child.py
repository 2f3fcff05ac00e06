"""The register of children (B.13): who stands on it, in which order, and what was read for it.

It stands for the three logs that a missing and exploitation team kept beside one another. A child stands
here of whom a record of one of ``KINDS`` arrived within a year, once, however many records there are and
whichever handheld typed the child's name. Everything is read at once, in as many statements for one child
as for a thousand, and all of it from the records that whoever asks may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection, RowMapping, and_, select

from booklets.duties import title_of
from sync_server.across.plans import PLAN, REVIEW
from sync_server.across.seen import INTERVIEW, REPORT, RETURN, Episode, Filed
from sync_server.across.seen import Seen as Across
from sync_server.console import words
from sync_server.console.absences import Absence, Children, absences
from sync_server.console.cared_for import COUNTS_NOT
from sync_server.console.doors import Seen
from sync_server.console.gathering import Child, gathered, since
from sync_server.console.marks import DONE
from sync_server.console.scopes import PPN
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, decision
from sync_server.episodes.standing import closings
from sync_server.identity.accounts import Role

YEAR = 365
WITHIN = (30, 90, YEAR)
"""Days in which the times missing are counted."""
TALK, ASSESSED = "PVI", "RSK"
KINDS = frozenset({REPORT, RETURN, TALK, INTERVIEW, PPN, PLAN, ASSESSED, REVIEW})
LATEST = datetime.max.replace(tzinfo=UTC)
DECIDES: Mapping[str, str] = {
    State.PENDING.value: Role.SUPERVISOR.value,
    State.ESCALATED.value: Role.FIM.value,
    State.SPECIALIST.value: Role.VAT.value,
    State.RETURNED.value: Role.OFFICER.value,
}
"""Who has to do something about a record that waits."""


@dataclass(frozen=True, slots=True)
class Next:
    """What has to be done about a child: by when, and whose it is.

    ``task`` is its number, or 0 where a record waits; ``given`` is the account whose turn it is, if one is.
    """

    due: datetime | None
    what: str
    role: str
    task: int = 0
    given: str = ""


@dataclass(frozen=True)
class Register:
    """What was read for the register of children."""

    seen: Seen
    children: tuple[Child, ...] = field(repr=False)
    absent: Mapping[str, Absence] = field(repr=False)
    across: Across = field(repr=False)
    tasks: Mapping[str, Sequence[Next]] = field(repr=False)

    @cached_property
    def units(self) -> dict[str, str]:
        """The units that wrote any of these records."""
        found = sorted({row["unit"] for one in self.children for row in one.rows})
        return {unit: words.plain_code(unit) for unit in found}

    @cached_property
    def filed(self) -> Mapping[str, Filed]:
        """The records as the rules across records look at them, by their ids."""
        return {one.record: one for one in self.across.every_record}

    @cached_property
    def next(self) -> Mapping[str, Next]:
        """What is due first about each child of whom anything is open."""
        found = ((one.who, list(self._open(one))) for one in self.children)
        return {who: min(several, key=_by_time) for who, several in found if several}

    @cached_property
    def times_missing(self) -> Mapping[str, tuple[Episode, ...]]:
        """The times each child was missing, in order."""
        return self.across.times_missing

    def absences_of(self, child: Child) -> Iterator[Absence]:
        """When the child was missing, the newest first."""
        for episode in dict.fromkeys(row["episode"] for row in child.rows):
            if episode in self.absent:
                yield self.absent[episode]

    def missing(self, child: Child) -> Absence | None:
        """Since when the child is missing now, as far as anybody has recorded."""
        return next((one for one in self.absences_of(child) if one.goes_on), None)

    def is_late(self, child: Child) -> bool:
        """Whether something that has to be done about the child is overdue."""
        first = self.next.get(child.who)
        return first is not None and first.due is not None and first.due < self.seen.now

    def in_order(self) -> list[Child]:
        """Who is missing now on top, then of whom something is overdue, then by what is due next."""
        return sorted(self.children, key=self._place)

    def _place(self, child: Child) -> tuple[bool, bool, datetime, float]:
        first = self.next.get(child.who)
        due = first.due if first is not None and first.due is not None else LATEST
        newest = child.rows[0]["received_at"].timestamp()
        return self.missing(child) is None, not self.is_late(child), due, -newest

    def _open(self, child: Child) -> Iterator[Next]:
        """The open tasks, and what waits for a decision or an answer.

        A record in the register is due when its first task is: that is the task's, and not the decision's.
        """
        for row in child.rows:
            tasks = self.tasks.get(row["record"], ())
            yield from tasks
            if row["state"] not in DONE:
                said = words.STATES.get(row["state"], words.plain_code(row["state"]))
                due = None if any(one.due == row["due_at"] for one in tasks) else row["due_at"]
                yield Next(due, said, DECIDES.get(row["state"], ""), given=row["assigned_to"])


def read(seen: Seen, db: Connection) -> Register:
    """Every child of the register whom this person may know of."""
    force = seen.account.person.force
    every, children, _ = gathered(seen, db, since(seen, YEAR))
    found = [one for one in every if any(row["record_type"] in KINDS for row in one.rows)]
    rows = [row for one in found for row in one.rows]
    absent = absences(db, force, rows, children)
    closed = closings(db, force, absent)
    no_more = {id_ for id_, one in closed.items() if one["category"] in COUNTS_NOT}
    return Register(
        seen=seen,
        children=tuple(found),
        absent={id_: one for id_, one in absent.items() if id_ not in no_more},
        across=_across(seen, children, absent, [row for row in rows if row["episode"] not in no_more]),
        tasks=_open_tasks(db, force),
    )


def _across(
    seen: Seen, children: Children, absent: Mapping[str, Absence], rows: Iterable[RowMapping]
) -> Across:
    """These records as the rules across records look at them, so that both count the same episodes."""
    force = seen.account.person.force
    filed = (
        Filed(
            record=row["record"],
            rev=row["rev"],
            unit=row["unit"],
            type=row["record_type"],
            episode=row["episode"],
            subject=row["subject"],
            arrived=row["received_at"],
            flags=row["flags"],
        )
        for row in rows
    )
    return Across(
        force=force,
        now=seen.now,
        settings=seen.context.policy(force).settings,
        every_record=tuple(sorted(filed, key=lambda one: (one.arrived, one.record))),
        people={id_: dict(row) for id_, row in children.people.items()},
        began={id_: at for id_, one in absent.items() if (at := one.began or one.back) is not None},
        ended={id_: one.back for id_, one in absent.items() if one.back is not None},
    )


def _open_tasks(db: Connection, force: str) -> Mapping[str, Sequence[Next]]:
    """What is open in the force, by the record it is about; what was directed, by what was decided on."""
    directs = and_(decision.c.decision_record == task.c.record, decision.c.decision_record != "")
    about = and_(decision.c.force == task.c.force, decision.c.stands, directs)
    query = (
        select(task, decision.c.record.label("decided"))
        .outerjoin(decision, about)
        .where(task.c.force == force, task.c.status == TaskState.OPEN.value)
        .order_by(task.c.id, decision.c.id)
    )
    found: dict[str, list[Next]] = {}
    for row in db.execute(query).mappings():
        one = Next(row["due_at"], title_of(row["kind"]), row["owner_role"], task=row["id"])
        found.setdefault(row["decided"] or row["record"], []).append(one)
    return found


def _by_time(one: Next) -> tuple[datetime, int]:
    return one.due or LATEST, one.task


def within(times: Sequence[Episode], now: datetime, days: int) -> int:
    """How many of these episodes began in the last so many days."""
    return sum(timedelta() <= now - one.at <= timedelta(days=days) for one in times)
