"""Who did what to which record, when (S-01); each entry chained to the one before it (S-03).

One chain per record (or device, or account): entry *n* holds the hash of entry
*n − 1*, so nothing can be altered, left out or re-ordered unnoticed. The database
refuses changes too; the chain is for whoever gets past the database. Details
hold ids, codes and numbers, never an answer or a name; what a desk has written about danger stands there
sealed under its record's own key. What a file was taken for is one line that can be
read, and names no child of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Select, bindparam, func, insert, select
from sqlalchemy.exc import OperationalError

from booklets.answers import instant
from booklets.wire import canonical
from sync_server.context import Context
from sync_server.db.copies import AHEAD
from sync_server.db.found_out import found_out
from sync_server.db.later import first, later
from sync_server.db.tables import audit, submission

FIRST = "0" * 64
OF_THE_SERVER, AT_THE_MACHINE, RESTORED = "server", "command line", "restored"
"""The chain of what was done to the server as a whole, who did it, and that a backup was put back."""
GIVEN_UP = "photograph_given_up"
"""That a photograph is lost for good."""
MENDED, RECORD_GIVEN_UP = "record_mended", "record_given_up"
"""That revisions that did not open are whole again, and that one of them is lost for good."""
FORGOTTEN = b""


@dataclass(frozen=True, slots=True)
class Broken:
    """One place where the audit does not hold: the record, the entry's number, and what is wrong."""

    record: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole audit found."""

    entries: int
    submissions: int
    broken: tuple[Broken, ...]


def note(
    connection: Connection,
    *,
    force: str,
    record: str,
    who: str,
    what: str,
    at: datetime,
    detail: Mapping[str, str | int | list[str]] | None = None,
) -> None:
    """Add one entry to a record's chain, in the caller's transaction."""
    seq, previous = last_of(connection, record)
    entry = {
        "force": force,
        "record": record,
        "seq": seq + 1,
        "at": at,
        "who": who,
        "what": what,
        "detail": dict(detail or {}),
        "prev_hash": previous,
    }
    entry["hash"] = hash_of(entry)
    found_out(connection)[LAST, record] = (entry["seq"], entry["hash"])
    later(connection, _ADD, entry)


def last_of(connection: Connection, record: str) -> tuple[int, str]:
    """The number and the fingerprint of a chain's last entry: what this transaction added, or what is there.

    Should somebody else have added one since, the next has a number that is taken, and all is done again.
    """
    known: tuple[int, str] | None = found_out(connection).get((LAST, record))
    if known is not None:
        return known
    last = first(connection, _LAST, {"of": record})
    return (last.seq, last.hash) if last else (0, FIRST)


def last_is(connection: Connection, record: str, seq: int | None, sum_: str | None) -> None:
    """The last entry of this record's chain was asked for together with something else: it is this one."""
    found_out(connection)[LAST, record] = (seq or 0, sum_ or FIRST)


LAST = "last entry"
_LAST = (
    select(audit.c.seq, audit.c.hash)
    .where(audit.c.record == bindparam("of"))
    .order_by(audit.c.seq.desc())
    .limit(1)
)
LAST_SEQ, LAST_HASH = (_LAST.with_only_columns(one).scalar_subquery() for one in (audit.c.seq, audit.c.hash))
"""The same as columns of another question, which says as well of which record (``of``)."""
_ADD = insert(audit)


def hash_of(entry: Mapping[str, Any] | RowMapping) -> str:
    """The fingerprint of one entry, over everything in it and the hash of the one before."""
    parts = ("force", "record", "seq", "who", "what", "detail", "prev_hash")
    content = {name: entry[name] for name in parts} | {"at": instant(entry["at"])}
    return hashlib.sha256(b"hwd/audit/1" + canonical(content)).hexdigest()


def restored(connection: Connection) -> tuple[int, datetime | None]:
    """How often a backup was put in the place of this database, and when last: it has forgotten some."""
    query = select(func.count(), func.max(audit.c.at))
    times, last = connection.execute(
        query.where(audit.c.record == OF_THE_SERVER, audit.c.what == RESTORED)
    ).one()
    return times, last


def never_given_before(connection: Connection) -> int:
    """A number above all that the handhelds of this server may have heard and a backup has forgotten."""
    return restored(connection)[0] * AHEAD


def entries_of(connection: Connection, record: str) -> list[RowMapping]:
    """A record's history, oldest first."""
    query = select(audit).where(audit.c.record == record).order_by(audit.c.seq)
    return list(connection.execute(query).mappings())


def verify_audit(context: Context) -> Verified:
    """Recompute every chain, and hold every submission that was kept against what the audit says of it."""
    with context.store.read() as connection:
        return verified(connection)


def verified(connection: Connection) -> Verified:
    """The same of whatever this connection reads. Rows are read a few at a time: there may be millions."""
    try:
        return _verified(connection, _a_few_at_a_time)
    except UNREADABLE:
        return _verified(connection, _one_by_one)


UNREADABLE = (ValueError, TypeError, OperationalError)
"""What reading a row may end in where somebody has written into an SQLite file what no column holds."""


@dataclass(slots=True)
class Count:
    """What was gone through, and which submissions the audit knows: each fingerprint with its chain."""

    entries: int = 0
    submissions: int = 0
    noted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be read, by its number in its table."""

    number: int


Reading = Callable[[Connection, Select[Any], Column[int]], Iterator[RowMapping | Unread]]
_CHAINS = select(audit).order_by(audit.c.record, audit.c.seq)
_EVIDENCE = select(
    submission.c.record, submission.c.seq, submission.c.env_sha256, submission.c.envelope
).order_by(submission.c.seq)


def _verified(connection: Connection, reading: Reading) -> Verified:
    count = Count()
    broken = [*_broken_chains(reading(connection, _CHAINS, audit.c.id), count)]
    for row in reading(connection, _EVIDENCE, submission.c.seq):
        count.submissions += 1
        fault = _broken_evidence(row, count.noted)
        broken += [fault] if fault else []
    return Verified(count.entries, count.submissions, tuple(broken))


def _a_few_at_a_time(
    connection: Connection, query: Select[Any], _number: Column[int]
) -> Iterator[RowMapping]:
    yield from connection.execute(query, execution_options={"yield_per": 500}).mappings()


def _one_by_one(
    connection: Connection, query: Select[Any], number: Column[int]
) -> Iterator[RowMapping | Unread]:
    """The same, where one of them cannot be read: by its number it is said which."""
    for one in connection.execute(query.with_only_columns(number)).scalars().all():
        try:
            yield connection.execute(query.where(number == one)).mappings().one()
        except UNREADABLE as error:
            if isinstance(error, OperationalError) and NO_TEXT not in str(error):
                raise
            yield Unread(one)


NO_TEXT = "Could not decode"
"""How sqlite3 says that a text holds bytes that are none."""


def _broken_chains(entries: Iterable[RowMapping | Unread], count: Count) -> Iterator[Broken]:
    record, seq, previous = None, 0, FIRST
    for entry in entries:
        count.entries += 1
        if isinstance(entry, Unread):
            yield Broken("audit", entry.number, "the entry of this number cannot be read")
            continue
        detail = entry["detail"]
        if isinstance(detail, Mapping) and "env_sha256" in detail:
            count.noted[str(detail["env_sha256"])] = entry["record"]
        if entry["record"] != record:
            record, seq, previous = entry["record"], 0, FIRST
        if entry["seq"] != seq + 1:
            yield Broken(entry["record"], entry["seq"], "an entry before this one is missing")
        elif entry["prev_hash"] != previous:
            yield Broken(entry["record"], entry["seq"], "does not follow from the entry before it")
        if not _is_as_summed(entry):
            yield Broken(entry["record"], entry["seq"], "was altered")
        seq, previous = entry["seq"], entry["hash"]


def _is_as_summed(entry: RowMapping) -> bool:
    try:
        return bool(entry["hash"] == hash_of(entry))
    except (ValueError, TypeError):  # bytes where words belong
        return False


def _broken_evidence(row: RowMapping | Unread, noted: Mapping[str, str]) -> Broken | None:
    if isinstance(row, Unread):
        return Broken("evidence", row.number, "the submission of this number cannot be read")
    record, env_sha256, envelope = row["record"], row["env_sha256"], row["envelope"]
    if noted.get(env_sha256) != chain_of(record, env_sha256):
        return Broken(record, row["seq"], "a submission that the audit does not know")
    if envelope != FORGOTTEN and not _is_the_sum_of(envelope, env_sha256):
        return Broken(record, row["seq"], "a submission that is not what arrived")
    return None


def _is_the_sum_of(envelope: object, env_sha256: str) -> bool:
    """Of nothing but bytes: an SQLite file may have words in their place."""
    return isinstance(envelope, bytes) and hashlib.sha256(envelope).hexdigest() == env_sha256


def chain_of(record: str, env_sha256: str) -> str:
    """The chain that a submission is noted in: its record's, or its own when it names none."""
    return record or f"unread:{env_sha256[:32]}"
