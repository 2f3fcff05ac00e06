"""Whose records somebody may see (S-08). Every question that the console asks goes through here.

    supervisor   the own unit's records
    fim          every record of the force: the control room's desk
    vat          public protection notices and records of danger, of the whole force, what was passed to
                 the team, and whatever else there is of the same episode or the same child
    mhet         every record of the force
    community    no record at all: places, and of what was passed to them, the place or the child
    analyst      no record at all: what a month shows, without a child
    records      what is due for review before it may be destroyed, and nothing else
    admin        no record at all: deliveries and who looked at what

A record outside somebody's scope is, for them, a record that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    and_,
    false,
    or_,
    select,
    true,
)

from booklets.decisions import RECORD_TYPE
from sync_server.db.owed import task
from sync_server.db.retained import due_record
from sync_server.db.tables import State, record
from sync_server.flags import DANGER_TASK, Risk
from sync_server.identity.accounts import Person, Role

PPN = "PPN"
DECISION = RECORD_TYPE

# What was once put before the team stays theirs to read, whatever a later revision says.
_set = task.alias()
_WAS_DANGER = select(_set.c.record).where(_set.c.kind == DANGER_TASK)
_other = record.alias()


def _to_assess(row: FromClause) -> ColumnElement[bool]:
    return or_(
        row.c.record_type == PPN,
        row.c.risk == int(Risk.DANGER),
        row.c.record.in_(_WAS_DANGER),
        row.c.state == State.SPECIALIST.value,
        row.c.vat_quality != "",
    )


def _of_children_to_assess(person: Person) -> ColumnElement[bool]:
    """What the vulnerability team assesses, and what else is known of the same episode or the same child.

    What was withdrawn, perhaps because it was about the wrong child, opens nothing but itself.
    """
    of_episode = record.c.episode.in_(_assessed("episode", person))
    return or_(_to_assess(record), of_episode, _of_child(person))


def _of_child(person: Person) -> ColumnElement[bool]:
    return and_(record.c.subject != "", record.c.subject.in_(_assessed("subject", person)))


def _assessed(column: str, person: Person) -> Select[tuple[str]]:
    kept = _other.c.state != State.WITHDRAWN.value
    return select(_other.c[column]).where(_other.c.force == person.force, kept, _to_assess(_other))


_BY_ROLE: Mapping[Role, Callable[[Person], ColumnElement[bool]]] = {
    Role.SUPERVISOR: lambda person: record.c.unit == person.unit,
    Role.FIM: lambda _: true(),
    Role.VAT: _of_children_to_assess,
    Role.MHET: lambda _: true(),
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


def seen_by(person: Person) -> ColumnElement[bool]:
    """Which rows of the register this person may read."""
    allowed = [rows(person) for role, rows in {**_BY_ROLE, **_DUE}.items() if role in person.roles]
    return and_(record.c.force == person.force, or_(false(), *allowed))


def assessed_by(person: Person) -> ColumnElement[bool]:
    """Which rows the vulnerability team has to assess itself: what its queue is made of."""
    return and_(record.c.force == person.force, _to_assess(record)) if Role.VAT in person.roles else false()


def found(db: Connection, id_: str, person: Person) -> RowMapping | None:
    """The register's row of this record, or None where it is not there for this person."""
    return db.execute(select(record).where(record.c.record == id_, seen_by(person))).mappings().first()
