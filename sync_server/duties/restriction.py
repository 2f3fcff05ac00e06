"""Restricting who may read about a child: setting it, its list, opening it in need, ending it.

Named people read. Whoever else has the register can open it in need, for a reason in their own words and for
as long as the force allows: nobody waits for a key while a child is in danger, and nobody does it unseen. It
stands in the history of each record of the child (S-02), and the missing team is set a task to read why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    delete,
    insert,
    select,
    union,
    update,
)

from booklets.answers import instant
from sync_server import audit, evidence, register, restricted
from sync_server.context import Context
from sync_server.db.owed import TaskState, task
from sync_server.db.packs import brief
from sync_server.db.restrictions import restricted_word, restriction, restriction_reader
from sync_server.db.tables import record as records
from sync_server.identity.accounts import Account, Role
from sync_server.keys import BodyBroken
from sync_server.restricted import OPENED_IN_NEED, RULE
from sync_server.shift_pack import known

HOURS, OTHERWISE = "hours_restricted_stays_open", 12
SET, CHANGED, ENDED = "restricted", "restriction_changed", "restriction_ended"
OPENED = "restricted_opened"
OPENED_HERE: Final = "restricted child opened"
"""In the history of whoever opened it, for whoever watches over looking."""
NEEDED: Final = (Role.MHET, Role.VAT)
"""Of each at least one has to be on the list, so that a danger is read at once."""
GONE: Final = "It was destroyed with the record it was written about."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to restrict: from which record, for what reason, and who may read."""

    by: Account
    record: str
    rev: int
    words: str = field(repr=False)
    readers: frozenset[str]


def restrict(context: Context, connection: Connection, asked: Asked) -> int:
    """Restrict the child of this record to these accounts; the number of the restriction.

    Where the child is restricted already, by somebody who was quicker, that restriction stays as it is.
    """
    force, now = asked.by.person.force, context.now()
    subject = connection.execute(
        select(records.c.subject).where(records.c.record == asked.record)
    ).scalar_one()
    words = known.words_for(connection, force, [subject])
    there = restricted.of_words(connection, force, words)
    if there:
        return min(there)
    values = {
        "force": force,
        "record": asked.record,
        "rev": asked.rev,
        "words_sealed": b"",
        "by": asked.by.id,
        "at": now,
        "ended_by": "",
        "ended_words_sealed": b"",
    }
    number: int = connection.execute(
        insert(restriction).values(values).returning(restriction.c.id)
    ).scalar_one()
    row = one(connection, force, number)
    assert row is not None  # noqa: S101 - inserted just now
    sealed = _sealed(context, connection, row, SET, asked.words)
    connection.execute(update(restriction).where(restriction.c.id == number).values(words_sealed=sealed))
    connection.execute(
        insert(restricted_word),
        [{"force": force, "restriction": number, "word": word} for word in sorted(words)],
    )
    _name(context, connection, row, asked.readers, by=asked.by.id)
    _note(context, connection, row, SET, asked.by.id, readers=sorted(asked.readers))
    known.children_changed(connection, force, words)
    return number


def change_list(
    context: Context, connection: Connection, row: RowMapping, readers: Collection[str], *, by: Account
) -> bool:
    """Let these and nobody else be on the list by name; whether that changed anything."""
    before = {one["account"] for one in readers_of(connection, row["id"]) if one["until"] is None}
    added, removed = frozenset(readers) - before, before - frozenset(readers)
    if not added and not removed:
        return False
    c = restriction_reader.c
    gone = (c.restriction == row["id"], c.account.in_(sorted(removed)), c.until.is_(None))
    off = update(restriction_reader).where(*gone, c.removed_at.is_(None))
    connection.execute(off.values(removed_at=context.now()))
    _name(context, connection, row, added, by=by.id)
    _note(context, connection, row, CHANGED, by.id, added=sorted(added), removed=sorted(removed))
    known.children_changed(connection, row["force"], _words(connection, row["id"]))
    return True


def end(context: Context, connection: Connection, row: RowMapping, words: str, *, by: Account) -> None:
    """Let everybody read again whose role it is. By which words the child was known is kept no longer."""
    sealed = _sealed(context, connection, row, ENDED, words)
    values = {"ended_at": context.now(), "ended_by": by.id, "ended_words_sealed": sealed}
    connection.execute(update(restriction).where(restriction.c.id == row["id"]).values(values))
    _note(context, connection, row, ENDED, by.id)
    known.children_changed(connection, row["force"], _words(connection, row["id"]))
    connection.execute(delete(restricted_word).where(restricted_word.c.restriction == row["id"]))


def open_in_need(
    context: Context, connection: Connection, row: RowMapping, words: str, *, by: Account, why: str
) -> int:
    """Let somebody read for some hours who is not on the list, and have the missing team read why."""
    force, now = row["force"], context.now()
    hours = context.policy(force).settings.get(HOURS)
    until = now + timedelta(hours=hours if isinstance(hours, int) else OTHERWISE)
    values = {"force": force, "restriction": row["id"], "account": by.id, "until": until, "by": by.id}
    added = insert(restriction_reader).values(**values, words_sealed=b"", at=now)
    number: int = connection.execute(added.returning(restriction_reader.c.id)).scalar_one()
    sealed = _sealed(context, connection, row, _opening(number), words)
    opening = restriction_reader.c.id == number
    connection.execute(update(restriction_reader).where(opening).values(words_sealed=sealed))
    names = records_of(connection, row)
    said: dict[str, str | int] = {
        "restriction": row["id"], "opening": number, "until": instant(until), "why": why,
    }  # fmt: skip
    for chain in sorted({*names, row["record"]}):
        audit.note(connection, force=force, record=chain, who=by.id, what=OPENED, at=now, detail=said)
    told: dict[str, str | int | list[str]] = {**said, "records": names, "rows": len(names)}
    mine = f"account:{by.id}"
    audit.note(connection, force=force, record=mine, who=by.id, what=OPENED_HERE, at=now, detail=told)
    _alert(connection, row, number, now=now, until=until)
    return number


def _alert(connection: Connection, row: RowMapping, number: int, **at: Any) -> None:
    """A task of the missing team, to read why. It names nobody and is about nobody, and so is told on."""
    unit = select(records.c.unit).where(records.c.record == row["record"])
    values = {
        "force": row["force"],
        "unit": connection.execute(unit).scalar() or "",
        "record": row["record"],
        "rev": row["rev"],
        "kind": OPENED_IN_NEED,
        "rule": f"{RULE}/{number}",
        "subject": "",
        "owner_role": Role.MHET.value,
        "set_at": at["now"],
        "due_at": at["until"],
        "status": TaskState.OPEN.value,
        "outcome": "",
        "delay_reason": "",
    }
    connection.execute(insert(task).values(values))
    register.keep_due(connection, row["record"])


def one(connection: Connection, force: str, number: int) -> RowMapping | None:
    """A restriction that stands, or None."""
    query = select(restriction).where(
        restriction.c.force == force, restriction.c.id == number, restriction.c.ended_at.is_(None)
    )
    return connection.execute(query).mappings().first()


def all_of(connection: Connection, force: str) -> list[RowMapping]:
    """Every restriction that stands, the oldest first."""
    query = select(restriction).where(restriction.c.force == force, restriction.c.ended_at.is_(None))
    return list(connection.execute(query.order_by(restriction.c.id)).mappings())


def readers_of(connection: Connection, number: int) -> list[RowMapping]:
    """Whoever is on its list by name, and whoever has opened it in need, in order."""
    c = restriction_reader.c
    query = select(restriction_reader).where(c.restriction == number, c.removed_at.is_(None)).order_by(c.id)
    return list(connection.execute(query).mappings())


def records_of(connection: Connection, row: RowMapping) -> list[str]:
    """The records about the child, the newest first."""
    about = (records.c.force == row["force"], records.c.subject.in_(sorted(_words(connection, row["id"]))))
    query = select(records.c.record).where(*about).order_by(records.c.received_at.desc(), records.c.record)
    return list(connection.execute(query).scalars())


def why_of(context: Context, connection: Connection, row: RowMapping) -> str:
    """Why it was set, in the words of whoever did."""
    return _said(context, connection, row, SET, row["words_sealed"])


def why_opened(context: Context, connection: Connection, numbers: Collection[int]) -> Mapping[int, str]:
    """Why somebody opened it in need, by the number of the opening."""
    joined = select(
        restriction, restriction_reader.c.id.label("n"), restriction_reader.c.words_sealed.label("said")
    )
    query = joined.join(restriction_reader, restriction_reader.c.restriction == restriction.c.id).where(
        restriction_reader.c.id.in_(sorted(numbers))
    )
    return {
        row["n"]: _said(context, connection, row, _opening(row["n"]), row["said"])
        for row in connection.execute(query).mappings()
    }


def widen(context: Context) -> int:
    """Let every restriction have all words of its child: of earlier records that a later one ties to it.

    What arrives adds its own at once (``restricted.came``); this is for what was here before it. How many.
    """
    with context.store.read() as connection:
        there = connection.execute(select(restricted_word.c.restriction, restricted_word.c.word)).all()
        known_already = set(map(tuple, there))
        found = (
            connection.execute(union(*map(_tied_by, (brief.c.subject, brief.c.known_by)))) if there else ()
        )
        new = {
            (row.force, row.restriction, word)
            for row in found
            for word in (row.subject, row.known_by)
            if word and (row.restriction, word) not in known_already
        }
    if new:
        context.store.write(lambda db: _add(db, new))
    return len(new)


def _tied_by(column: ColumnElement[str]) -> Select[tuple[int, str, str, str]]:
    """Both words of each record that has one of a restriction's in this column."""
    known_by = and_(brief.c.force == restricted_word.c.force, column == restricted_word.c.word)
    both = select(restricted_word.c.restriction, brief.c.force, brief.c.subject, brief.c.known_by)
    return both.join_from(restricted_word, brief, known_by)


def _add(connection: Connection, new: Iterable[tuple[str, int, str]]) -> None:
    for force, number, word in sorted(new):
        if one(connection, force, number) is not None:  # it may have ended meanwhile
            restricted.add_word(connection, force, number, word)
            known.children_changed(connection, force, {word})


def forget(connection: Connection, names: Collection[str]) -> None:
    """Keep nothing of restrictions that were set on these records, which are destroyed."""
    gone = select(restriction.c.id).where(restriction.c.record.in_(sorted(names)))
    numbers = connection.execute(gone).scalars().all()
    for table, column in (
        (restricted_word, restricted_word.c.restriction),
        (restriction_reader, restriction_reader.c.restriction),
        (restriction, restriction.c.id),
    ):
        connection.execute(delete(table).where(column.in_(numbers)))


def _name(
    context: Context, connection: Connection, row: RowMapping, readers: Collection[str], *, by: str
) -> None:
    said = {"force": row["force"], "restriction": row["id"], "by": by, "at": context.now()}
    rows = [{**said, "account": one, "until": None, "words_sealed": b""} for one in sorted(readers)]
    if rows:
        connection.execute(insert(restriction_reader), rows)


def _words(connection: Connection, number: int) -> frozenset[str]:
    query = select(restricted_word.c.word).where(restricted_word.c.restriction == number)
    return frozenset(connection.execute(query).scalars())


def _opening(number: int) -> str:
    return f"{OPENED} {number}"


def _sealed(context: Context, connection: Connection, row: RowMapping, what: str, words: str) -> bytes:
    return evidence.seal_beside(
        connection,
        context.keys.safe,
        force=row["force"],
        record=row["record"],
        rev=row["rev"],
        what=f"restriction {row['id']} {what}",
        content={"words": words},
    )


def _said(context: Context, connection: Connection, row: RowMapping, what: str, sealed: bytes) -> str:
    try:
        opened = evidence.open_beside(
            connection,
            context.keys.safe,
            record=row["record"],
            rev=row["rev"],
            what=f"restriction {row['id']} {what}",
            sealed=sealed,
        )
    except BodyBroken:
        return GONE
    return str(opened["words"])


def _note(
    context: Context, connection: Connection, row: RowMapping, what: str, by: str, **people: list[str]
) -> None:
    """Write it into the history of the record it was set on: ids alone."""
    audit.note(
        connection,
        force=row["force"],
        record=row["record"],
        who=by,
        what=what,
        at=context.now(),
        detail={"restriction": row["id"], **people},
    )
