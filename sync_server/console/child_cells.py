"""A child's line in the register of children (B.13): what each of its cells says.

What no record says stands there as "Not recorded": an empty cell would be read as "there is none".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from booklets import definitions
from booklets.duties import Act
from sync_server.across import interviews, plans
from sync_server.across.seen import INTERVIEW, RETURN, Episode
from sync_server.console import followed, words
from sync_server.console.absences import Absence
from sync_server.console.care import STATUS
from sync_server.console.cared_for import COUNCIL
from sync_server.console.each_child import WITHIN, Register, within
from sync_server.console.gathering import Child
from sync_server.console.left_out import LEVEL, MEETING
from sync_server.console.marks import brief_title_of, due_mark, state_mark
from sync_server.console.overviews import ChildRow
from sync_server.console.pages import Mark
from sync_server.console.register import GRADES
from sync_server.console.scopes import PPN
from sync_server.db.acts import task_act
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State
from sync_server.duties.passing import ASKED
from sync_server.flags import SAID
from sync_server.notices import local, reference_of

COLUMNS = (
    *("Born", "Council", "Care status", "Now", "Episodes in 30 / 90 / 365 days", "Last return"),
    *("Return interview", "PPN", "Trigger plan", "Exploitation level", "MACE", "Owner", "Next due"),
)
NOT_RECORDED = Mark("Not recorded", "well")
NOT_MISSING = Mark("No missing episode", "well")
NOTHING_OPEN = Mark("Nothing is open", "well")
OUTCOME, NOT_NEEDED = "rhi.outcome", "not_needed"


@dataclass(frozen=True)
class Cells:
    """What is read for the lines of some children, whatever their number: ``clocks`` are by the record."""

    register: Register
    names: Mapping[str, str] = field(repr=False)
    takers: Mapping[int, str] = field(repr=False)
    clocks: Mapping[str, RowMapping] = field(repr=False)

    @classmethod
    def of(cls, db: Connection, register: Register, children: Sequence[Child]) -> Cells:
        """Everything about these children that the register has not read yet."""
        due = (register.next.get(one.who) for one in children)
        returns = [row["record"] for one in children for row in one.rows if row["record_type"] == RETURN]
        return cls(
            register=register,
            names=followed.names_of(db, register.seen.account.person.force),
            takers=_takers(db, [one.task for one in due if one is not None and one.task]),
            clocks=_clocks(db, returns),
        )

    def row(self, child: Child) -> ChildRow:
        """One child's line."""
        name, about = child.name
        newest = child.rows[0]
        return ChildRow(
            href=f"/records/{newest['record']}",
            child=name,
            about=about,
            kind=brief_title_of(newest["form"]),
            reference=reference_of(UUID(newest["record"])),
            marks=child.marks,
            cells=tuple(self._cells(child)),
        )

    def _cells(self, child: Child) -> Iterator[Mark]:
        """The cells in the order of ``COLUMNS``."""
        born = child.word("person.dob")
        times = self.register.times_missing.get(child.who, ())
        yield Mark(words.date_of(born)) if born else NOT_RECORDED
        yield _fact(child, COUNCIL)
        yield _fact(child, STATUS)
        yield self._now(child)
        yield Mark(" / ".join(str(within(times, self.register.seen.now, days)) for days in WITHIN))
        yield self._last_return(child)
        yield self._interview(child, times)
        yield _notice(child)
        yield self._plan(child)
        yield _review(child, LEVEL)
        yield _review(child, MEETING)
        yield self._owner(child)
        yield self._due(child)

    def _now(self, child: Child) -> Mark:
        """Whether the child is missing, or since when the child is back."""
        missing = self.register.missing(child)
        if missing is not None:
            return missing.mark(self.register.seen.now)
        newest = max(self.register.absences_of(child), key=_came_to_an_end, default=None)
        if newest is None:
            return NOT_MISSING
        if newest.back is not None:
            return Mark(f"Back since {words.short(newest.back)}")
        over = newest.over or f"closed: {newest.closed}"
        return Mark(f"{over[:1].upper()}{over[1:]}")

    def _last_return(self, child: Child) -> Mark:
        back = max((one.back for one in self.register.absences_of(child) if one.back), default=None)
        return Mark(words.day_and_time(back)) if back else NOT_RECORDED

    def _interview(self, child: Child, times: Sequence[Episode]) -> Mark:
        """What came of the return home interview of the last return: see ``across.interviews`` (R-28)."""
        across = self.register.across
        over = [one for one in times if one.id in across.ended]
        last = max(over, key=lambda one: across.ended[one.id], default=None)
        came = interviews.came(across, last) if last is not None else None
        if came is not None:
            return Mark(_label(OUTCOME, came.said(OUTCOME)), "", words.short(came.arrived))
        clock = self._clock(last) if last is not None else None
        if clock is not None and clock["outcome"] == NOT_NEEDED:
            return Mark("Not needed")
        if clock is not None and clock["status"] == TaskState.OPEN.value and clock["due_at"]:
            due = due_mark(clock["due_at"], State.PENDING, self.register.seen.now)
            owed = "Held, report owed" if last and interviews.was_held(across, last) else "Owed"
            return replace(due, words=f"{owed}: {due.words[:1].lower()}{due.words[1:]}")
        since = across.ended[last.id] if last is not None else None
        told = (row for row in _of(child, INTERVIEW) if since is None or row["received_at"] >= since)
        return _said(told, OUTCOME)

    def _clock(self, episode: Episode) -> RowMapping | None:
        found = (self.clocks.get(one.record) for one in reversed(episode.records))
        return next((one for one in found if one is not None), None)

    def _plan(self, child: Child) -> Mark:
        """The newest trigger plan, and whether the day on which to look at it again has passed (R-32)."""
        newest = next(_of(child, plans.PLAN), None)
        filed = self.register.filed.get(newest["record"]) if newest is not None else None
        if newest is None or filed is None:
            return NOT_RECORDED
        again = plans.review_day(self.register.across, filed)
        tone = "late" if plans.is_old(self.register.across, filed) else ""
        made = words.date_of(local(newest["received_at"]).date().isoformat())
        return Mark(made, tone, f"to be looked at again by {words.date_of(again.isoformat())}")

    def _owner(self, child: Child) -> Mark:
        """Whose it is to do what is due next: who took it on, or the team or role that has to."""
        first = self.register.next.get(child.who)
        if first is None:
            return NOT_RECORDED
        role = words.ROLES.get(first.role, words.plain_code(first.role))
        name = self.names.get(self.takers.get(first.task, "") or first.given, "")
        if not name and not role:
            return NOT_RECORDED
        return Mark(name or f"{role[:1].upper()}{role[1:]}", "", role if name else "")

    def _due(self, child: Child) -> Mark:
        first = self.register.next.get(child.who)
        if first is None:
            return NOTHING_OPEN
        if first.due is None:
            return Mark("No time set", "", first.what)
        due = due_mark(first.due, State.PENDING, self.register.seen.now)
        return replace(due, under=", ".join(filter(None, (first.what, due.under))))


def _fact(child: Child, fact: str) -> Mark:
    """What is known last of the child, in the words of the form."""
    said = child.word(fact)
    return Mark(definitions.entity_form("person").field(fact).label_of(said)) if said else NOT_RECORDED


def _of(child: Child, kind: str) -> Iterator[RowMapping]:
    """The child's records of one kind, the newest first."""
    return (row for row in child.rows if row["record_type"] == kind)


def _review(child: Child, question: str) -> Mark:
    """What the missing and exploitation team said last."""
    return _said(_of(child, plans.REVIEW), question)


def _said(rows: Iterator[RowMapping], question: str) -> Mark:
    """The newest of these records that answers a question, and when it came."""
    for row in rows:
        said = row["flags"].get(SAID, {}).get(question, "")
        if said:
            return Mark(_label(question, said), "", words.short(row["received_at"]))
    return NOT_RECORDED


def _label(question: str, code: str) -> str:
    return definitions.every_field()[question].label_of(code).partition(":")[0]


def _notice(child: Child) -> Mark:
    """Where the newest PPN stands, and where the vulnerability team sent it."""
    newest = next(_of(child, PPN), None)
    if newest is None:
        return NOT_RECORDED
    under = filter(None, (GRADES.get(newest["vat_grade"], ""), words.short(newest["received_at"])))
    return replace(state_mark(newest["state"]), under=", ".join(under))


def _came_to_an_end(one: Absence) -> float:
    at = one.back or one.began
    return at.timestamp() if at else 0.0


def _takers(db: Connection, tasks: Sequence[int]) -> Mapping[int, str]:
    """Who took each of these tasks on, or did something about it first."""
    query = (
        select(task_act.c.task, task_act.c.by)
        .where(
            task_act.c.task.in_(sorted(set(tasks))),
            task_act.c.stands,
            task_act.c.act.not_in([Act.DELAY.value, ASKED]),
        )
        .order_by(task_act.c.at.desc(), task_act.c.id.desc())
    )
    return {row.task: row.by for row in db.execute(query)}


def _clocks(db: Connection, returns: Sequence[str]) -> Mapping[str, RowMapping]:
    """The clock of the return home interview of each of these returns."""
    query = select(task).where(task.c.record.in_(sorted(set(returns))), task.c.kind == interviews.CLOCK)
    return {row["record"]: row for row in db.execute(query.order_by(task.c.id)).mappings()}
