"""What is passed between a team and the community officers of the exploitation team, and comes back to it.

A team asks the community officers for one piece of work: at a place, or with one child. What came of it goes
back to the team that asked as a task to read it, so that nothing they find out stays with them; and they can
ask either team to look at something. Nothing is passed to them where somebody may be in danger, where
somebody near the child must not know, about a restricted child, or about a child who has died: police
officers see to that.

    CE-1/<place>[/n]   work at a place            CE-2[/n]      work with the child of the record
    CE-3/<task>        read what came of it       CE-4/<task>/n look at this
    CE-5[/n]           look at this record: the exploitation team asks, who reads it and writes none
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, RowMapping, func, insert, select

from booklets.checks.describing import ORDINARY
from booklets.duties import WITH_A_CHILD, WORK_OF_COMMUNITY
from sync_server import audit, evidence, register, restricted
from sync_server.across import same
from sync_server.across.hotspots import LIVES_THERE, where
from sync_server.context import Context
from sync_server.db.acts import task_act
from sync_server.db.owed import TaskState, task
from sync_server.db.tables import State, link, location
from sync_server.db.tables import record as records
from sync_server.deciding import heads
from sync_server.flags import Risk
from sync_server.identity import accounts
from sync_server.identity.accounts import Role

ASKERS: Final = (Role.MHET, Role.VAT)
"""The teams that ask the community officers, and that they can ask."""
AT_PLACE, WITH_CHILD, READ, LOOK, REFERRED = "CE-1", "CE-2", "CE-3", "CE-4", "CE-5"
READ_IT, LOOK_AT_IT, LOOK_AT_RECORD = "read_from_community", "involve_team", "look_at_record"
ASKED = "asked"
"""What the team wrote, beside what is said of the task later."""
MINUTES, OTHERWISE = "minutes_to_read_what_community_found", 2880
GRAVE = frozenset({Risk.DEATH, Risk.DANGER})
MOST_WORDS: Final = 2000


class Refused(StrEnum):
    """Why nothing was passed on."""

    NOT_THERE = "not_there"
    NO_KIND = "no_kind"
    NO_TEAM = "no_team"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    NO_PLACE = "no_place"
    NO_CHILD = "no_child"
    NO_DAY = "no_day"
    NOBODY_TRAINED = "nobody_trained"
    DANGER = "danger"
    COVERT = "covert"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What a team asks for. ``id`` is made on the page, so that a button that is pressed twice asks once."""

    id: UUID
    force: str
    by: str
    team: Role
    record: str
    kind: str
    place: str = ""
    due: datetime | None = None
    words: str = field(default="", repr=False)


def pass_on(context: Context, connection: Connection, asked: Passing) -> Refused | None:
    """Ask it of the community officers, in the caller's transaction; why not, or None."""
    head = heads.held(connection, asked.force, [asked.record]).get(asked.record)
    row = connection.execute(select(records).where(records.c.record == asked.record)).mappings().first()
    if head is None or row is None or row["force"] != asked.force:
        return Refused.NOT_THERE
    refused = next(_objections(context, connection, row, asked), None)
    if refused is None and not _is_known(connection, asked.id):
        with_child = asked.kind in WITH_A_CHILD
        _ask(
            context,
            connection,
            row,
            id_=asked.id,
            by=asked.by,
            team=asked.team,
            words=asked.words,
            kind=asked.kind,
            owner=Role.COMMUNITY,
            due=asked.due,
            base=WITH_CHILD if with_child else f"{AT_PLACE}/{asked.place}",
            subject=row["subject"] if with_child else "",
        )
    return refused


def forbidden(row: RowMapping) -> Refused | None:
    """Why nothing of a record is passed on at all, whatever is asked."""
    if row["state"] == State.WITHDRAWN:
        return Refused.NOT_THERE
    if row["covert"]:
        return Refused.COVERT
    return Refused.DANGER if row["risk"] in GRAVE else None


def _objections(
    context: Context, connection: Connection, row: RowMapping, asked: Passing
) -> Iterator[Refused]:
    why = forbidden(row)
    if why is not None:
        yield why
    if restricted.of_words(connection, asked.force, {row["subject"]}):
        yield Refused.RESTRICTED
    if asked.kind not in WORK_OF_COMMUNITY:
        yield Refused.NO_KIND
    with_child = asked.kind in WITH_A_CHILD
    if not with_child and asked.place not in places_of(connection, asked.force, asked.record):
        yield Refused.NO_PLACE
    if with_child and not row["subject"]:
        yield Refused.NO_CHILD
    if with_child and not accounts.any_trained(connection, asked.force, Role.COMMUNITY):
        yield Refused.NOBODY_TRAINED
    if asked.due is None or asked.due <= context.now():
        yield Refused.NO_DAY
    if (unsaid := _against(asked.words)) is not None:
        yield unsaid


def places_of(connection: Connection, force: str, record: str) -> Mapping[str, str]:
    """The places that a record mentions, each with its address: not where a child lives, or is anyway."""
    c, tie = location.c, link.c
    named = select(tie.to_id).where(tie.record == record, tie.to_class == "location")
    lived_in = select(tie.to_id).where(tie.record == record, tie.type.in_(sorted(LIVES_THERE)))
    query = select(location).where(c.force == force, c.id.in_(named), c.id.not_in(lived_in)).order_by(c.id)
    rows = connection.execute(query).mappings().all()
    somewhere = [row for row in rows if same.word(row, "place.place_type") not in ORDINARY]
    found = ((row["id"], where(row)) for row in somewhere)
    return {id_: said for id_, said in found if said}


def came_of_it(context: Context, connection: Connection, row: Row[Any], by: str) -> None:
    """The community officers have closed a task: let the team that asked read what came of it."""
    asked = connection.execute(
        select(task_act.c.outcome).where(task_act.c.task == row.id, task_act.c.act == ASKED)
    ).scalar()
    head = connection.execute(select(records).where(records.c.record == row.record)).mappings().first()
    if row.owner_role != Role.COMMUNITY or head is None or asked not in set(ASKERS):
        return
    given = context.policy(row.force).settings.get(MINUTES)
    minutes = given if isinstance(given, int) else OTHERWISE
    _set(
        context,
        connection,
        head,
        kind=READ_IT,
        owner=Role(asked),
        due=context.now() + timedelta(minutes=minutes),
        rule=f"{READ}/{row.id}",
        subject=row.subject,
        by=by,
    )


def involve(
    context: Context,
    connection: Connection,
    row: RowMapping,
    *,
    id_: UUID,
    by: str,
    team: Role | None,
    words: str,
) -> Refused | None:
    """The community officers ask a team to look at something, from one of their tasks."""
    if team is None or team not in ASKERS:
        return Refused.NO_TEAM
    if (unsaid := _against(words)) is not None:
        return unsaid
    head = connection.execute(select(records).where(records.c.record == row["record"])).mappings().first()
    if head is None:
        return Refused.NOT_THERE
    if not _is_known(connection, id_):
        _ask(
            context,
            connection,
            head,
            id_=id_,
            by=by,
            team=team,
            words=words,
            subject=row["subject"],
            kind=LOOK_AT_IT,
            owner=team,
            due=context.now() + timedelta(minutes=OTHERWISE),
            base=f"{LOOK}/{row['id']}",
        )
    return None


def stands(row: RowMapping) -> bool:
    """Whether a record was not withdrawn."""
    return bool(row["state"] != State.WITHDRAWN)


def refer(
    context: Context,
    connection: Connection,
    row: RowMapping,
    *,
    id_: UUID,
    by: str,
    team: Role | None,
    words: str,
) -> Refused | None:
    """The exploitation team asks a team to look at a record that it may read; why not, or None."""
    if team is None or team not in ASKERS:
        return Refused.NO_TEAM
    if (unsaid := _against(words)) is not None:
        return unsaid
    held = heads.held(connection, row["force"], [row["record"]])
    if row["record"] not in held or not stands(row):
        return Refused.NOT_THERE
    if not _is_known(connection, id_):
        _ask(
            context,
            connection,
            row,
            id_=id_,
            by=by,
            team=team,
            words=words,
            subject=row["subject"],
            kind=LOOK_AT_RECORD,
            owner=team,
            due=context.now() + timedelta(minutes=OTHERWISE),
            base=REFERRED,
        )
    return None


def _against(words: str) -> Refused | None:
    """What speaks against asking anybody in these words."""
    if not words.strip():
        return Refused.NO_WORDS
    return Refused.TOO_LONG if len(words) > MOST_WORDS else None


def task_behind(rule: str) -> int:
    """Of what a team reads or looks at because of the community officers: which of their tasks; else 0."""
    base, *rest = rule.split("/")
    return int(rest[0]) if base in {READ, LOOK} and rest and rest[0].isdigit() else 0


def _is_known(connection: Connection, id_: UUID) -> bool:
    return connection.execute(select(task_act.c.id).where(task_act.c.id == str(id_))).first() is not None


def _ask(
    context: Context,
    connection: Connection,
    row: RowMapping,
    *,
    id_: UUID,
    by: str,
    team: Role,
    words: str,
    kind: str,
    owner: Role,
    due: datetime | None,
    base: str,
    subject: str,
) -> None:
    """A task of its own, however often the like was asked before, with what was written beside it."""
    like = select(func.count()).where(
        task.c.record == row["record"], task.c.kind == kind, task.c.rule.startswith(base, autoescape=True)
    )
    before = connection.execute(like).scalar_one()
    rule = f"{base}/{before + 1}" if before else base
    number = _set(
        context, connection, row, kind=kind, owner=owner, due=due, rule=rule, subject=subject, by=by
    )
    sealed = evidence.seal_beside(
        connection,
        context.keys.safe,
        force=row["force"],
        record=row["record"],
        rev=row["rev"],
        what=f"task {number} {id_}",
        content={"words": words.strip()},
    )
    now = context.now()
    said = {"id": str(id_), "force": row["force"], "task": number, "act": ASKED, "by": by}
    more = {"outcome": team.value, "delay_reason": "", "stands": True, "why_void": ""}
    times = {"words_sealed": sealed, "at": now, "received_at": now}
    connection.execute(insert(task_act).values(**said, **more, **times))


def _set(
    context: Context,
    connection: Connection,
    row: RowMapping,
    *,
    kind: str,
    owner: Role,
    due: datetime | None,
    rule: str,
    subject: str,
    by: str,
) -> int:
    now = context.now()
    values = {
        "force": row["force"],
        "unit": row["unit"],
        "record": row["record"],
        "rev": row["rev"],
        "kind": kind,
        "rule": rule,
        "subject": subject,
        "owner_role": owner.value,
        "set_at": now,
        "due_at": due,
        "status": TaskState.OPEN.value,
        "outcome": "",
        "delay_reason": "",
    }
    number: int = connection.execute(insert(task).values(values).returning(task.c.id)).scalar_one()
    register.keep_due(connection, row["record"])
    audit.note(
        connection,
        force=row["force"],
        record=row["record"],
        who=by,
        what="task_passed",
        at=now,
        detail={"task": number, "kind": kind, "to": owner.value},
    )
    return number
