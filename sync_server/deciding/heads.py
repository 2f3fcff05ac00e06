"""The newest revision of each record as it stands, held still while somebody decides on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from booklets.decisions import Outcome
from booklets.records import Record
from booklets.signs import says_dead
from sync_server import evidence
from sync_server.db.later import asked
from sync_server.db.tables import State, decision, submission
from sync_server.db.tables import record as register
from sync_server.keys import Safe

Head = Row[Any]


def held(connection: Connection, force: str, records: Iterable[str]) -> Mapping[str, Head]:
    """The rows of these records of this force, by record; nobody else changes them before we are done.

    Always in the same order, so that two who want the same rows never wait for each other.
    SQLite has one writer and needs no lock.
    """
    names = sorted(set(records))
    if len(names) == 1:
        rows = asked(connection, _HELD_ONE, {"force": force, "of": names[0]})
    else:
        rows = list(connection.execute(_HELD, {"force": force, "records": names}).all())
    return {row.record: row for row in rows}


_HELD = (
    select(register)
    .where(
        register.c.force == bindparam("force"), register.c.record.in_(bindparam("records", expanding=True))
    )
    .order_by(register.c.record)
    .with_for_update()
)
_HELD_ONE = (
    select(register)
    .where(register.c.force == bindparam("force"), register.c.record == bindparam("of"))
    .with_for_update()
)


def of_encounter(connection: Connection, head: Head) -> Sequence[Head]:
    """The newest records of the same encounter that somebody may still go on with, this one included."""
    query = (
        select(register)
        .where(
            register.c.force == head.force,
            register.c.encounter == head.encounter,
            register.c.state.not_in([State.WITHDRAWN.value, State.FILED.value]),
        )
        .order_by(register.c.received_at, register.c.record)
    )
    return connection.execute(query).all()


def authors_of(connection: Connection, record: str) -> frozenset[str]:
    """Everybody who wrote a revision of this record."""
    query = select(submission.c.officer).where(submission.c.record == record, submission.c.state == "stored")
    return frozenset(connection.execute(query).scalars())


def approvers_of(connection: Connection, head: Head) -> frozenset[str]:
    """Everybody who let this revision through to the specialists: approved it, or passed it to them."""
    query = select(decision.c.by).where(
        decision.c.record == head.record,
        decision.c.rev == head.rev,
        decision.c.stands,
        decision.c.outcome.in_([Outcome.APPROVE.value, Outcome.ESCALATE_VAT.value]),
    )
    return frozenset(connection.execute(query).scalars())


def of_a_child_who_has_died(connection: Connection, head: Head) -> bool:
    """R-50: whether any record of the episode that counts says so, so that nothing happens by itself."""
    query = select(register.c.flags).where(
        register.c.force == head.force,
        register.c.episode == head.episode,
        register.c.state != State.WITHDRAWN.value,
    )
    return any(map(says_dead, connection.execute(query).scalars()))


def given_to_the_unit(connection: Connection, head: Head) -> bool:
    """Whether any officer of the unit may go on with this record as it stands.

    An encounter is sent back whole, and whoever takes it over sends each of its records again: also those
    that nobody had decided on, as long as none of them has come from somebody else since.
    """
    if head.state == State.RETURNED and not head.assigned_to:
        return True
    together = select(register.c.record).where(
        register.c.force == head.force, register.c.encounter == head.encounter
    )
    sent_back = select(decision.c.id).where(
        decision.c.record.in_(together),
        decision.c.stands,
        decision.c.state == State.RETURNED.value,
        decision.c.assigned_to == "",
        decision.c.received_at > head.received_at,
    )
    return connection.execute(sent_back).first() is not None


def opened(connection: Connection, safe: Safe, head: Head) -> Record:
    """The revision itself."""
    found = evidence.record_of(connection, safe, head.record, head.rev)
    if found is None:
        raise LookupError("the register names a revision that is not in the evidence: rebuild it")
    return found
