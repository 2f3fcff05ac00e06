"""The children of the daily meeting: with whom something was, and about whom something is open.

A child stands here where a record arrived or was decided on in the last hours, where a record or a task is
open, or where nobody has recorded that the child is back or closed the episode. Of each of those episodes
everything stands here that whoever asks may read, so that the meeting sees what was found and what was
decided together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, or_, select

from booklets import definitions
from booklets.duties import title_of
from booklets.errors import UnknownForm
from booklets.form_names import ASSESSMENT, RETURN
from booklets.forms import Sign
from booklets.signs import in_danger
from sync_server.across.seen import REPORT
from sync_server.console import across, followed, words
from sync_server.console.absences import Absence, Children, absences
from sync_server.console.decided import outcome_of
from sync_server.console.doors import Seen
from sync_server.console.listed import SheetRecord, SheetRow, SheetTask
from sync_server.console.marks import (
    DONE,
    brief_title_of,
    child_of,
    due_mark,
    person_in,
    sign_marks,
    state_mark,
)
from sync_server.console.pages import Mark
from sync_server.console.scopes import DECISION, seen_by
from sync_server.console.taking import names_of
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, decision, record
from sync_server.episodes.standing import is_closed
from sync_server.flags import DISCLOSURE_RULE, LOOKED_AT, SAID, Risk

MOST = 1000
LEVEL = "ra.level"
TYPES = tuple(name for name in LOOKED_AT if name.endswith(".exploitation_types"))
NONE_SEEN = "none_seen"
_other = record.alias()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The children, the gravest first; every record that stands there, or of which something does.

    ``names`` are those of the children. ``cut``: there is more than one sheet holds.
    """

    rows: tuple[SheetRow, ...] = field(repr=False)
    records: tuple[str, ...]
    names: tuple[str, ...] = field(repr=False)
    cut: bool


@dataclass(frozen=True)
class _Known:
    """What was read for one sheet, by record."""

    seen: Seen
    db: Connection
    since_hours: int
    children: Children
    absent: Mapping[str, Absence]
    decisions: Mapping[str, RowMapping]
    tasks: Mapping[str, Sequence[RowMapping]]
    names: Mapping[str, str]
    concerned: Mapping[int, str]

    def stirs(self, row: RowMapping) -> bool:
        """Whether something came of this record in the last hours, or is open about it."""
        since = self.seen.now - timedelta(hours=self.since_hours)
        recent = max(row["received_at"], row["decided_at"] or row["received_at"]) >= since
        return recent or row["state"] not in DONE or bool(self.tasks.get(row["record"]))

    def goes_on(self, row: RowMapping) -> bool:
        """Whether the child of this record is still missing, as far as anybody has recorded."""
        absent = self.absent.get(row["episode"])
        return row["record_type"] == REPORT and absent is not None and absent.goes_on


def drawn(seen: Seen, db: Connection, hours: int) -> Sheet:
    """The sheet of the last so many hours, as this person may see it."""
    found = db.execute(_of_the_sheet(seen, hours)).mappings().all()
    rows = found[:MOST]
    known = _known(seen, db, rows, hours)
    of_child: dict[str, list[RowMapping]] = {}
    for row in rows:
        of_child.setdefault(known.children.who(row), []).append(row)
    told = [own for own in of_child.values() if any(known.stirs(row) or known.goes_on(row) for row in own)]
    told.sort(key=_gravest_then_newest)
    return Sheet(
        rows=tuple(_row(known, own) for own in told),
        records=tuple(dict.fromkeys(one for own in told for one in _records(known, own))),
        names=tuple(_names(known, told)),
        cut=len(found) > MOST,
    )


def _gravest_then_newest(own: Sequence[RowMapping]) -> tuple[int, float]:
    return min(row["risk"] for row in own), -max(row["received_at"] for row in own).timestamp()


def _of_the_sheet(seen: Seen, hours: int) -> Select[tuple[object, ...]]:
    """Every record of the episodes that belong on the sheet, the gravest first."""
    force = seen.account.person.force
    mine = and_(
        seen_by(seen.account.person),
        record.c.record_type != DECISION,
        record.c.state != State.WITHDRAWN.value,
    )
    stirring = select(record.c.episode).where(mine, _stirs(force, seen, hours)).correlate(None)
    query = select(record).where(mine, record.c.episode.in_(stirring))
    return query.order_by(record.c.risk, record.c.received_at.desc(), record.c.record).limit(MOST + 1)


def _stirs(force: str, seen: Seen, hours: int) -> ColumnElement[bool]:
    since = seen.now - timedelta(hours=hours)
    to_do = select(task.c.record).where(task.c.force == force, task.c.status == TaskState.OPEN.value)
    directed = select(decision.c.record).where(
        decision.c.force == force, decision.c.stands, decision.c.decision_record.in_(to_do)
    )
    back = select(_other.c.episode).where(
        _other.c.force == force, _other.c.form == RETURN, _other.c.state != State.WITHDRAWN.value
    )
    c = record.c
    return or_(
        c.received_at >= since,
        c.decided_at >= since,
        c.state.not_in(sorted(DONE)),
        c.record.in_(to_do),
        c.record.in_(directed),
        and_(c.record_type == REPORT, c.episode.not_in(back), ~is_closed(c.force, c.episode)),
    )


def _known(seen: Seen, db: Connection, rows: Sequence[RowMapping], hours: int) -> _Known:
    force = seen.account.person.force
    ids = sorted(row["record"] for row in rows)
    children = Children.of(db, force, rows)
    made = select(decision).where(decision.c.record.in_(ids), decision.c.stands).order_by(decision.c.id)
    decisions = db.execute(made).mappings().all()
    tasks = _tasks(db, ids, decisions)
    return _Known(
        seen=seen,
        db=db,
        since_hours=hours,
        children=children,
        absent=absences(db, force, rows, children),
        decisions={one["record"]: one for one in decisions},
        tasks=tasks,
        names=followed.names_of(db, force),
        concerned=across.names_of(db, [one for own in tasks.values() for one in own]),
    )


def _tasks(
    db: Connection, ids: Sequence[str], decisions: Sequence[RowMapping]
) -> Mapping[str, Sequence[RowMapping]]:
    """What is open, by the record that it is about; what was directed, by the first that was decided on."""
    about = {id_: id_ for id_ in ids}
    for one in decisions:
        about.setdefault(one["decision_record"], one["record"])
    query = (
        select(task)
        .where(task.c.record.in_(sorted(about)), task.c.status == TaskState.OPEN.value)
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    )
    found: dict[str, list[RowMapping]] = {}
    for row in db.execute(query).mappings():
        found.setdefault(about[row["record"]], []).append(row)
    return found


def _records(known: _Known, own: Sequence[RowMapping]) -> Iterator[str]:
    """The records on a child's line, and the decisions of which a direction is read there."""
    for row in own:
        yield row["record"]
        yield from (one["record"] for one in known.tasks.get(row["record"], ()))


def _names(known: _Known, told: Sequence[Sequence[RowMapping]]) -> Iterator[str]:
    return names_of(known.children.people.get(row["subject"]) for own in told for row in own)


def _row(known: _Known, own: Sequence[RowMapping]) -> SheetRow:
    newest = max(own, key=lambda row: (row["received_at"], row["record"]))
    mentioned = person_in(known.children.people.get(newest["subject"]))
    child, about = child_of(mentioned, newest["received_at"])
    in_order = sorted(own, key=lambda row: (row["received_at"], row["record"]), reverse=True)
    risk = min(row["risk"] for row in own)
    tasks = sorted(
        (one for row in own for one in known.tasks.get(row["record"], ())),
        key=lambda one: (one["due_at"] is None, one["due_at"] or one["set_at"], one["id"]),
    )
    return SheetRow(
        child=child,
        about=about,
        missing=tuple(_missing(known, in_order)),
        graded=tuple(_graded(in_order)),
        gravest=words.risk(risk),
        found=tuple(_found(own)) or (words.risk_mark(Risk.OTHER),),
        records=tuple(_record(known, row, child) for row in in_order),
        tasks=tuple(_task(known, one) for one in tasks),
    )


def _missing(known: _Known, own: Sequence[RowMapping]) -> Iterator[Mark]:
    for episode in dict.fromkeys(row["episode"] for row in own):
        if episode in known.absent:
            yield known.absent[episode].mark(known.seen.now)


def _graded(own: Sequence[RowMapping]) -> Iterator[Mark]:
    """The level of the newest assessment that whoever reads may read."""
    for row in own:
        level = row["flags"].get(SAID, {}).get(LEVEL, "")
        if row["form"] == ASSESSMENT and level:
            graded = _label(row, LEVEL, level)
            yield Mark(f"Graded {graded.lower()}", "", f"on {words.short(row['received_at'])}")
            return


def _found(own: Sequence[RowMapping]) -> list[Mark]:
    """What the records show, each once, what cannot wait on top."""
    marks = list(dict.fromkeys(mark for row in own for mark in _shown(row)))
    return sorted(marks, key=lambda mark: mark.tone != "late")


def _shown(row: RowMapping) -> Iterator[Mark]:
    flags = row["flags"]
    if in_danger(flags):
        yield words.risk_mark(Risk.DANGER)
    yield from sign_marks(flags, covert=row["covert"])
    if flags.get(Sign.DISCLOSURE) and DISCLOSURE_RULE not in flags.get("rules", ()):
        yield Mark(words.risk(Risk.DISCLOSURE))
    yield from (Mark(said) for sign, said in words.SIGNS.items() if flags.get(sign))
    for name in TYPES:
        for code in flags.get(SAID, {}).get(name, "").split():
            if code != NONE_SEEN:
                yield Mark(_label(row, name, code))


def _label(row: RowMapping, question: str, code: str) -> str:
    try:
        return definitions.form(row["form"]).field(question).label_of(code)
    except UnknownForm:
        return words.plain_code(code)


def _record(known: _Known, row: RowMapping, child: str) -> SheetRecord:
    return SheetRecord(
        href=f"/records/{row['record']}",
        kind=brief_title_of(row["form"]),
        child=child,
        received=words.short(row["received_at"]),
        unit=words.plain_code(row["unit"]),
        stands=_stands(known, row),
    )


def _stands(known: _Known, row: RowMapping) -> Mark:
    """Where a record stands, and what was decided on it last, by whom."""
    state = state_mark(row["state"], assigned=known.names.get(row["assigned_to"], ""))
    last = known.decisions.get(row["record"])
    if last is None:
        return state
    role = words.ROLES.get(last["role"], words.plain_code(last["role"]))
    earlier = f", on revision {last['rev']}" if last["rev"] < row["rev"] else ""
    by = known.names.get(last["by"], last["by"])
    return Mark(
        state.words,
        state.tone,
        f"{outcome_of(last)} by {by}, {role}, {words.short(last['received_at'])}{earlier}",
    )


def _task(known: _Known, one: RowMapping) -> SheetTask:
    role = words.ROLES.get(one["owner_role"], words.plain_code(one["owner_role"]))
    what, owner = title_of(one["kind"]), f"{role[:1].upper()}{role[1:]}"
    if one["kind"] in followed.IN_OWN_WORDS:
        what, owner = followed.in_own_words(known.seen.context, known.db, one)
    taken = followed.taken(known.db, one, known.names)
    return SheetTask(
        what=what,
        concerns=known.concerned.get(one["id"], ""),
        owner=owner,
        taken=f"taken on by {taken.words}, {taken.under}" if taken.under else "",
        due=due_mark(one["due_at"], State.PENDING, known.seen.now) if one["due_at"] else Mark("No time set"),
    )
