"""Whose records somebody may see (S-08). Every question that the console asks goes through here.

    supervisor   the own unit's records
    fim          every record of the force: the control room's desk
    vat          public protection notices and records of danger, of the whole force, what was passed to
                 the team, and whatever else there is of the same episode or the same child
    mhet         every record of the force
    cet          what shows exploitation, places of concern and suspected exploiters, of the whole force, and
                 whatever else there is of the same episode or child; nothing that is covert
    cii          assessments of medium risk, of the whole force, and whatever else there is of the same
                 episode or child
    community    no record at all: places, and of what was passed to them, the place or the child
    analyst      no record at all: what a month shows, without a child
    records      what is due for review before it may be destroyed, and nothing else
    admin        no record at all: deliveries and who looked at what
    integrator   no record at all: how deliveries stand with other systems, and trying one again
    auditor      no record at all: the audit, whole, and who looked at what
    local_authority    no record at all: what was delivered to the own council, while it holds

A record outside somebody's scope is, for them, a record that does not exist. So is a record of a restricted
child for whoever is not on that child's list; what waits for somebody's decision stays theirs until then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    and_,
    false,
    func,
    or_,
    select,
    true,
)

from booklets.decisions import RECORD_TYPE
from booklets.forms import Sign
from sync_server import restricted
from sync_server.councils import told
from sync_server.db.owed import task
from sync_server.db.restrictions import restricted_word
from sync_server.db.retained import due_record
from sync_server.db.tables import State, decision, record
from sync_server.flags import DANGER_TASK, SAID, Risk
from sync_server.identity.accounts import Person, Role

PPN, ASSESSMENT, REVIEW = "PPN", "RSK", "MHR"
OF_EXPLOITATION = ("EXP", "HOT")
LEVEL, NO_SIGN = "mh.exploitation_level", "no_sign"
DECISION = RECORD_TYPE

# What was once put before the team stays theirs to read, whatever a later revision says.
_set = task.alias()
_WAS_DANGER = select(_set.c.record).where(_set.c.kind == DANGER_TASK)
_other = record.alias()
Rows = Callable[[FromClause], ColumnElement[bool]]


def _to_assess(row: FromClause) -> ColumnElement[bool]:
    return or_(
        row.c.record_type == PPN,
        row.c.risk == int(Risk.DANGER),
        row.c.record.in_(_WAS_DANGER),
        row.c.state == State.SPECIALIST.value,
        row.c.vat_quality != "",
    )


def _shows_exploitation(row: FromClause) -> ColumnElement[bool]:
    """By its own signs, however grave the rest is; by what it is about; or as the team's review says."""
    signs = and_(row.c.risk <= int(Risk.EXPLOITATION), row.c.flags[Sign.EXPLOITATION.value].as_boolean())
    level = row.c.flags[(SAID, LEVEL)].as_string()
    reviewed = and_(row.c.record_type == REVIEW, level.is_not(None), level.not_in(["", NO_SIGN]))
    return or_(row.c.record_type.in_(OF_EXPLOITATION), signs, reviewed)


def _is_medium(row: FromClause) -> ColumnElement[bool]:
    """An assessment of medium risk, as its newest revision says: it is the area inspector's to take on."""
    return and_(row.c.record_type == ASSESSMENT, row.c.flags[(SAID, "ra.level")].as_string() == "medium")


def _and_beside(rows: Rows, person: Person) -> ColumnElement[bool]:
    """What a team works on, and what else is known of the same episode or the same child.

    What was withdrawn, perhaps because it was about the wrong child, opens nothing but itself.
    """
    of_episode = record.c.episode.in_(_of_theirs("episode", rows, person))
    of_child = and_(record.c.subject != "", record.c.subject.in_(_of_theirs("subject", rows, person)))
    return or_(rows(record), of_episode, of_child)


def _of_theirs(column: str, rows: Rows, person: Person) -> Select[tuple[str]]:
    kept = _other.c.state != State.WITHDRAWN.value
    return select(_other.c[column]).where(_other.c.force == person.force, kept, rows(_other))


def _not_covert(person: Person) -> ColumnElement[bool]:
    """For community officers and those who lead them: who must not know may be told of nothing by them."""
    return and_(~record.c.covert, _and_beside(_shows_exploitation, person))


_BY_ROLE: Mapping[Role, Callable[[Person], ColumnElement[bool]]] = {
    Role.SUPERVISOR: lambda person: record.c.unit == person.unit,
    Role.FIM: lambda _: true(),
    Role.VAT: lambda person: _and_beside(_to_assess, person),
    Role.MHET: lambda _: true(),
    Role.CET: _not_covert,
    Role.CII: lambda person: _and_beside(_is_medium, person),
}

READERS = frozenset(_BY_ROLE)
"""Who has the register and its lists."""
_DUE: Mapping[Role, Callable[[Person], ColumnElement[bool]]] = {
    Role.RECORDS: lambda person: record.c.record.in_(
        select(due_record.c.record).where(due_record.c.force == person.force)
    ),
}
RECORD_READERS = READERS | _DUE.keys()
"""Who may open the page of a record: of those that are theirs."""
CHOOSERS = frozenset({Role.SUPERVISOR, Role.MHET})
"""Who says which of two versions of a record counts, of those that they may read."""
RESTRICTED = "Restricted child"
"""What stands in the place of the name where something must be seen all the same."""
_WAITS_FOR: Mapping[Role, Callable[[Person], ColumnElement[bool]]] = {
    Role.SUPERVISOR: lambda person: and_(
        record.c.state == State.PENDING.value, record.c.unit == person.unit
    ),
    Role.FIM: lambda _: record.c.state == State.ESCALATED.value,
}
"""What waits for the decision of somebody's role: whoever decides has to read it."""


class RestrictedChild(Exception):
    """What somebody asks for is about a restricted child; their role would read it otherwise."""

    def __init__(self, number: int) -> None:
        super().__init__(restricted.reference_of(number))
        self.number = number


def seen_by(person: Person) -> ColumnElement[bool]:
    """Which rows of the register this person may read."""
    return and_(_by_role(person), *_not_restricted(person))


def _by_role(person: Person) -> ColumnElement[bool]:
    allowed = [rows(person) for role, rows in {**_BY_ROLE, **_DUE}.items() if role in person.roles]
    return and_(record.c.force == person.force, or_(false(), *allowed))


def _not_restricted(person: Person) -> Iterator[ColumnElement[bool]]:
    """That a record is about no restricted child of theirs; nothing where there is no such child.

    A decision is about whom it decides on, whatever itself says.
    """
    if person.held_out_of == frozenset():
        return
    words = restricted.words_of(person.force, person.held_out_of)
    of_child = select(_other.c.record).where(_other.c.force == person.force, _other.c.subject.in_(words))
    decides = select(decision.c.decision_record).where(decision.c.record.in_(of_child))
    waiting = [rows(person) for role, rows in _WAITS_FOR.items() if role in person.roles]
    yield or_(and_(record.c.subject.not_in(words), record.c.record.not_in(decides)), *waiting)


def delivered_to(person: Person) -> Select[Any]:
    """What was delivered to the council that somebody works for and still holds; nothing for anybody else.

    A council has had what is about a restricted child by its own way; here only named people read of it.
    """
    theirs = Role.LOCAL_AUTHORITY in person.roles and person.council != ""
    query = told.delivered(person.force, person.council).where(true() if theirs else false())
    return query.where(*_not_restricted(person))


def assessed_by(person: Person) -> ColumnElement[bool]:
    """Which rows the vulnerability team has to assess itself: what its queue is made of."""
    return and_(record.c.force == person.force, _to_assess(record)) if Role.VAT in person.roles else false()


def found(db: Connection, id_: str, person: Person) -> RowMapping | None:
    """The register's row of this record, or None where it is not there for this person."""
    return db.execute(select(record).where(record.c.record == id_, seen_by(person))).mappings().first()


def opened(db: Connection, id_: str, person: Person) -> RowMapping | None:
    """The same for a record's own page: of a restricted child it is said that it is one."""
    row = found(db, id_, person)
    if row is None:
        mine = select(record.c.record).where(record.c.record == id_, _by_role(person))
        if db.execute(mine).first() is not None:
            raise RestrictedChild(restrictions_on(db, [id_], person)[id_])
    return row


def restrictions_on(db: Connection, ids: Collection[str], person: Person) -> Mapping[str, int]:
    """Those of the records that are not this person's to read now, each with its restriction."""
    if not ids or person.held_out_of == frozenset():
        return {}
    c, known = record.c, restricted_word.c
    of = restricted.stands_in(person.force) if person.held_out_of is None else sorted(person.held_out_of)
    decides = select(decision.c.decision_record, decision.c.record).where(
        decision.c.decision_record.in_(sorted(ids)), decision.c.decision_record != ""
    )
    behind = {(id_, id_) for id_ in ids} | set(map(tuple, db.execute(decides).all()))
    query = (
        select(c.record, func.min(known.restriction))
        .join(restricted_word, and_(known.force == c.force, known.word == c.subject))
        .where(c.force == person.force, c.record.in_(sorted({about for _, about in behind})))
        .where(known.restriction.in_(of))
        .group_by(c.record)
    )
    numbers: dict[str, int] = dict(map(tuple, db.execute(query).all()))
    return {id_: numbers[about] for id_, about in sorted(behind) if about in numbers}


def restriction_of(db: Connection, row: RowMapping) -> int:
    """The restriction of the child of a record that somebody may read, or 0."""
    if not row["subject"]:
        return 0
    return min(restricted.of_words(db, row["force"], {row["subject"]}), default=0)


def hidden_words(db: Connection, person: Person) -> frozenset[str]:
    """The words for every restricted child of whom this person may not read now."""
    if person.held_out_of == frozenset():
        return frozenset()
    return frozenset(db.execute(restricted.words_of(person.force, person.held_out_of)).scalars())
