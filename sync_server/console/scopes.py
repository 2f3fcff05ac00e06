"""Whose records somebody may see. Every question that the console asks of the register goes through here.

    supervisor   the own unit's records
    vat          public protection notices of the whole force, and what was passed to the team
    mhet         every record of the force
    admin        no record at all: deliveries and who looked at what

A record outside somebody's scope is, for them, a record that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, false, or_, select, true

from sync_server.db.tables import State, record
from sync_server.identity.accounts import Person, Role

PPN = "PPN"
DECISION = "SUP"

_BY_ROLE: Mapping[Role, Callable[[Person], ColumnElement[bool]]] = {
    Role.SUPERVISOR: lambda person: record.c.unit == person.unit,
    Role.VAT: lambda _: or_(
        record.c.record_type == PPN, record.c.state == State.SPECIALIST.value, record.c.vat_quality != ""
    ),
    Role.MHET: lambda _: true(),
}

READERS = frozenset(_BY_ROLE)


def seen_by(person: Person) -> ColumnElement[bool]:
    """Which rows of the register this person may read."""
    allowed = [rows(person) for role, rows in _BY_ROLE.items() if role in person.roles]
    return and_(record.c.force == person.force, or_(false(), *allowed))


def found(db: Connection, id_: str, person: Person) -> RowMapping | None:
    """The register's row of this record, or None where it is not there for this person."""
    return db.execute(select(record).where(record.c.record == id_, seen_by(person))).mappings().first()
