"""What people say of a task: that they do it, how it ended, or why it is late. Each counts once.

Nothing said is refused: it is kept, and either stands or does not for a reason that whoever said it is told.
It may have been said hours ago, offline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, func, select, update

from booklets.duties import DECIDE, WITH_A_CHILD, Act, Acted, GoesTo, is_late
from sync_server import audit, evidence, register
from sync_server.context import Context
from sync_server.db.acts import task_act
from sync_server.db.owed import TaskState, task
from sync_server.db.types import insert_if_new
from sync_server.deciding import heads
from sync_server.deciding.heads import Head
from sync_server.duties import named, passing
from sync_server.duties.children import goes_to, is_with_a_child
from sync_server.flags import DANGER_TASK
from sync_server.identity.accounts import Person, Role
from sync_server.restricted import OPENED_IN_NEED, opener_of

OF_THE_AREA = frozenset({"medium_risk_taken_on", "review_risk"})
"""R-11, R-07: what asks about a risk below high is the area inspector's as well.

Where a force has no account of one, the unit's supervisors do it.
"""
WHAT = {Act.ACCEPT: "task_accepted", Act.CLOSE: "task_closed", Act.DELAY: "task_late_because"}


class Void(StrEnum):
    """Why what somebody said of a task does not count."""

    UNKNOWN_TASK = "unknown_task"
    NOT_THEIRS = "not_theirs"
    NOT_TRAINED = "not_trained"
    ALREADY_CLOSED = "already_closed"
    ALREADY_ACCEPTED = "already_accepted"
    ONLY_BY_DECIDING = "only_by_deciding"
    ONLY_ON_THE_RECORD = "only_on_the_record"
    OWN_OPENING = "own_opening"


CLOSES_ELSEWHERE = {DECIDE: Void.ONLY_BY_DECIDING, DANGER_TASK: Void.ONLY_ON_THE_RECORD}
"""What is not over because somebody says so: it asks for a decision, or for what was done about a danger."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who says it: an account, with the force, unit and roles it has now."""

    id: str
    person: Person


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it counts, and if not, why."""

    stands: bool
    why_void: str = ""


def words_beside(number: int, act: str) -> str:
    """Under which name somebody's words about a task are sealed."""
    return f"task {number} {act}"


def act(context: Context, connection: Connection, said: Acted, by: Actor) -> Answer:
    """Make it count, or keep it and say why it does not. In the caller's transaction."""
    known = _known(connection, said, by)
    if known is not None:
        return known
    found = connection.execute(
        select(task.c.record).where(task.c.id == said.task, task.c.force == by.person.force)
    ).first()
    if found is None:
        return Answer(False, Void.UNKNOWN_TASK.value)
    # Held still like a record that is decided on: two who close it at once wait for each other.
    head = heads.held(connection, by.person.force, [found.record]).get(found.record)
    row = connection.execute(select(task).where(task.c.id == said.task).with_for_update()).one()
    saying = _Saying(context, connection, row, said, by)
    void = saying.objection(head)
    if not saying.keep(void):  # another process heard the same just now
        return _known(connection, said, by) or Answer(False, Void.NOT_THEIRS.value)
    if void is None:
        saying.change()
    saying.note(void)
    return Answer(void is None, void.value if void else "")


def _known(connection: Connection, said: Acted, by: Actor) -> Answer | None:
    """What was answered when the same was said before."""
    query = select(task_act.c.by, task_act.c.stands, task_act.c.why_void).where(
        task_act.c.id == str(said.id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Answer(row.stands, row.why_void) if row.by == by.id else Answer(False, Void.NOT_THEIRS.value)


def may_act(connection: Connection, row: Row[Any], head: Head, by: Actor) -> bool:
    """Whether this task is theirs: by their role, by having written the record, or as its supervisor."""
    of_area = row.kind in OF_THE_AREA and row.owner_role == Role.SUPERVISOR.value
    if of_area and Role.CII in by.person.roles:
        return True
    return _is_theirs(connection, row, head, by)


def _is_theirs(connection: Connection, row: Row[Any], head: Head, by: Actor) -> bool:
    roles, own_unit = by.person.roles, by.person.unit == row.unit
    match row.owner_role:
        case "vat" | "mhet" | "fim":
            return Role(row.owner_role) in roles
        case Role.COMMUNITY.value:
            trained = row.kind not in WITH_A_CHILD or by.person.works_with_children
            return Role.COMMUNITY in roles and trained
        case named.NAMED:
            return by.id == named.person_named(row)
        case "author" if is_with_a_child(row) and _works_with_children(connection, row, head, by):
            return True
        case "author" if not is_with_a_child(row) and by.id in heads.authors_of(connection, head.record):
            return True
        case _:
            return Role.FIM in roles or (Role.SUPERVISOR in roles and own_unit)


def _works_with_children(connection: Connection, row: Row[Any], head: Head, by: Actor) -> bool:
    """R-58: whether it is theirs as work with a child: as its author, or as somebody it was offered to."""
    if not by.person.works_with_children:
        return False
    if by.id in heads.authors_of(connection, head.record):
        return True
    offered = Role.OFFICER in by.person.roles and by.person.unit == row.unit
    return offered and goes_to(connection, row, head.author) is GoesTo.UNIT


def _is_kept_from(connection: Connection, row: Row[Any], head: Head, by: Actor) -> bool:
    """R-58: whether it would be its author's, who is not trained for it."""
    return is_with_a_child(row) and by.id in heads.authors_of(connection, head.record)


@dataclass(frozen=True, slots=True)
class _Saying:
    """Something that is being said of a task, a row that is held still meanwhile."""

    context: Context
    connection: Connection
    row: Row[Any]
    said: Acted
    by: Actor

    @property
    def at(self) -> datetime:
        """When it was said, as far as that can be: not before it was asked, and not after it was heard."""
        now = self.context.now()
        asked: datetime = self.row.set_at
        return max(min(self.said.at, now), min(asked, now))

    def objection(self, head: Head | None) -> Void | None:
        """Why it does not count."""
        if head is None or not may_act(self.connection, self.row, head, self.by):
            kept = head is not None and _is_kept_from(self.connection, self.row, head, self.by)
            return Void.NOT_TRAINED if kept else Void.NOT_THEIRS
        if self.row.status != TaskState.OPEN.value:
            return Void.ALREADY_CLOSED
        if self.said.act is Act.CLOSE and self.row.kind in CLOSES_ELSEWHERE:
            return CLOSES_ELSEWHERE[self.row.kind]
        if self.row.kind == OPENED_IN_NEED and opener_of(self.connection, self.row.rule) == self.by.id:
            return Void.OWN_OPENING
        if self.said.act is Act.ACCEPT and self.row.accepted_at is not None:
            return Void.ALREADY_ACCEPTED
        return None

    def keep(self, void: Void | None) -> bool:
        """Keep what was said, its words sealed; whether it is new."""
        row, said = self.row, self.said
        values = {
            "id": str(said.id),
            "force": row.force,
            "task": row.id,
            "act": said.act.value,
            "by": self.by.id,
            "outcome": said.outcome,
            "delay_reason": said.delay_reason,
            "words_sealed": self._sealed() if said.words else b"",
            "stands": void is None,
            "why_void": void.value if void else "",
            "at": self.at,
            "received_at": self.context.now(),
        }
        return insert_if_new(self.connection, task_act, values, [task_act.c.id]) is not None

    def _sealed(self) -> bytes:
        return evidence.seal_beside(
            self.connection,
            self.context.keys.safe,
            force=self.row.force,
            record=self.row.record,
            rev=self.row.rev,
            what=words_beside(self.row.id, str(self.said.id)),
            content={"words": self.said.words},
        )

    def change(self) -> None:
        """Let the task say so, and be told anew."""
        said = self.said
        values: dict[str, Any] = {"told": ""}
        if said.act is not Act.DELAY:
            values["accepted_at"] = func.coalesce(task.c.accepted_at, self.at)
        if said.act is Act.CLOSE:
            values |= {"status": TaskState.DONE.value, "outcome": said.outcome}
        if said.delay_reason:
            values["delay_reason"] = said.delay_reason
        self.connection.execute(update(task).where(task.c.id == self.row.id).values(values))
        register.keep_due(self.connection, self.row.record)
        if said.act is Act.CLOSE:
            passing.came_of_it(self.context, self.connection, self.row, self.by.id)

    def note(self, void: Void | None) -> None:
        """Write it into the record's history: codes and numbers, no words."""
        row, said = self.row, self.said
        codes = {"outcome": said.outcome, "delay": said.delay_reason, "why": void.value if void else ""}
        audit.note(
            self.connection,
            force=row.force,
            record=row.record,
            who=self.by.id,
            what=WHAT[said.act] if void is None else "task_void",
            at=self.context.now(),
            detail={
                "task": row.id,
                "kind": row.kind,
                "late": int(is_late(row.due_at, self.at)),
                **{name: code for name, code in codes.items() if code},
            },
        )


def words_of(context: Context, connection: Connection, task_row: RowMapping, kept: Row[Any]) -> str:
    """What somebody wrote about a task, a row of each table."""
    if not kept.words_sealed:
        return ""
    opened = evidence.open_beside(
        connection,
        context.keys.safe,
        record=task_row["record"],
        rev=task_row["rev"],
        what=words_beside(task_row["id"], kept.id),
        sealed=kept.words_sealed,
    )
    return str(opened["words"])
