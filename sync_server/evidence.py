"""Submissions as they came: kept once, never changed, and opened only through here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, LargeBinary, Select, bindparam, delete, exists, select, update

from booklets import wire
from booklets.records import Record
from booklets.wire import canonical
from sync_server.db.found_out import found_out
from sync_server.db.later import asked, first, later
from sync_server.db.tables import Kept, record_key, submission
from sync_server.db.types import insert_if_new, insert_in, put_if_new
from sync_server.keys import BodyBroken, RecordKey, Safe

BODY = "body"
KEY = "key that was made here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One submission on its way into the evidence. ``body`` is empty when it could not be opened."""

    force: str
    device: str
    officer: str
    envelope: bytes = field(repr=False)
    env_sha256: str
    received_at: datetime
    record: str = ""
    rev: int = 0
    base_rev: int = 0
    form: str = ""
    form_version: str = ""
    digest: str = ""
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """What is already kept under a record and revision."""

    seq: int
    env_sha256: str
    digest: str
    device: str
    received_at: datetime
    receipt: bytes = field(repr=False)


_HELD = select(*(submission.c[name] for name in Held.__slots__)).where(
    submission.c.state == Kept.STORED.value
)
_HELD_AS = _HELD.where(submission.c.env_sha256 == bindparam("sha"))
HELD = len(Held.__slots__)
_APART_AS = (
    select(submission.c.seq, submission.c.receipt, submission.c.received_at)
    .where(
        submission.c.env_sha256 == bindparam("sha"),
        submission.c.state == Kept.QUARANTINED.value,
        submission.c.device == bindparam("device"),
    )
    .order_by(submission.c.seq)
)
_STANDING = _HELD.add_columns(submission.c.rev.label("head_rev"), submission.c.force).where(
    submission.c.record == bindparam("of")
)
_HEAD = (
    select(submission.c.rev, submission.c.force)
    .where(submission.c.record == bindparam("of"), submission.c.state == Kept.STORED.value)
    .order_by(submission.c.rev.desc())
    .limit(1)
)
_PUT_RECEIPT = (
    update(submission).where(submission.c.seq == bindparam("number")).values(receipt=bindparam("given"))
)
_BODY = select(submission.c.body_sealed).where(
    submission.c.record == bindparam("of"),
    submission.c.rev == bindparam("rev"),
    submission.c.state == Kept.STORED.value,
)
_KEY = select(record_key).where(record_key.c.record == bindparam("of"))
_HELD_KEY = _KEY.with_for_update()


def stored_as(connection: Connection, env_sha256: str) -> Held | None:
    """The stored submission of exactly these bytes."""
    row = first(connection, _HELD_AS, {"sha": env_sha256})
    return Held(*row) if row else None


@dataclass(frozen=True, slots=True)
class KeptApart:
    """A submission that was kept apart: its number, when it came, and the receipt it was given, if any."""

    seq: int
    receipt: bytes = field(repr=False)
    received_at: datetime


def apart_as(connection: Connection, env_sha256: str, *, device: str) -> KeptApart | None:
    """What was kept apart of exactly these bytes, from this device and for whatever reason."""
    row = connection.execute(_APART_AS, {"sha": env_sha256, "device": device}).first()
    return KeptApart(row.seq, bytes(row.receipt), row.received_at) if row else None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest stored revision of a record and the force it belongs to; revision 0 when there is none."""

    rev: int = 0
    force: str = ""


def head_of(connection: Connection, record: str) -> Head:
    """The newest stored revision of a record."""
    row = first(connection, _HEAD, {"of": record})
    return Head(row.rev, row.force) if row else Head()


def standing(connection: Connection, record: str, rev: int) -> tuple[Held | None, Head]:
    """What is held under this revision of a record, whatever its bytes, and the record's newest."""
    rows = asked(connection, _STANDING, {"of": record})
    head = max((Head(row.head_rev, row.force) for row in rows), key=lambda one: one.rev, default=Head())
    held = next((Held(*row[:HELD]) for row in rows if row.head_rev == rev), None)
    return held, head


def keep(connection: Connection, safe: Safe, arrived: Arrived, state: Kept, reason: str = "") -> int | None:
    """Keep a submission exactly as it came; its number, or None when it was kept before."""
    if arrived.body and not arrived.base_rev:
        seq = _keep_first(connection, safe, arrived, state, reason)
        if seq is not None:
            return seq
    sealed = b""
    if arrived.body:
        key = key_of(connection, safe, force=arrived.force, record=arrived.record)
        sealed = key.seal(arrived.body, what=BODY, rev=arrived.rev)
    values = _values(arrived, state, reason, sealed)
    row = insert_if_new(connection, submission, values, [submission.c.seq])
    return row.seq if row else None


def _keep_first(
    connection: Connection, safe: Safe, arrived: Arrived, state: Kept, reason: str
) -> int | None:
    """Keep it under a key that is made with it; None where the record has one already, or it is there.

    Most records are new. Whether the key was is seen by the submission, so that nobody has to ask first.
    """
    fresh = safe.new_key(arrived.record)
    wrapped = safe.wrap(fresh, force=arrived.force)
    put_if_new(
        connection, record_key, {"force": arrived.force, "record": arrived.record, "wrapped": wrapped}
    )
    values = _values(arrived, state, reason, fresh.seal(arrived.body, what=BODY, rev=arrived.rev))
    statement = _first(connection.dialect.name)
    row = first(connection, statement, values | {"key_of": arrived.record, "key": wrapped})
    if row is None:
        return None
    found_out(connection)[KEY, arrived.record] = fresh
    return int(row.seq)


@cache
def _first(dialect: str) -> Any:
    columns = [one for one in submission.c if one is not submission.c.seq]
    under_this_key = exists().where(
        record_key.c.record == bindparam("key_of"),
        record_key.c.wrapped == bindparam("key", type_=LargeBinary),
    )
    row = select(*(bindparam(one.name, type_=one.type) for one in columns)).where(under_this_key)
    statement = insert_in(dialect, submission).from_select([one.name for one in columns], row)
    return statement.on_conflict_do_nothing().returning(submission.c.seq)


def _values(arrived: Arrived, state: Kept, reason: str, sealed: bytes) -> dict[str, Any]:
    return {
        "force": arrived.force,
        "record": arrived.record,
        "rev": arrived.rev,
        "base_rev": arrived.base_rev,
        "device": arrived.device,
        "officer": arrived.officer,
        "form": arrived.form,
        "form_version": arrived.form_version,
        "env_sha256": arrived.env_sha256,
        "digest": arrived.digest,
        "received_at": arrived.received_at,
        "state": state.value,
        "reason": reason,
        "envelope": arrived.envelope,
        "body_sealed": sealed,
        "receipt": b"",
    }


def put_receipt(connection: Connection, seq: int, receipt: bytes) -> None:
    """Keep the receipt beside what it acknowledges, to be given again byte for byte."""
    later(connection, _PUT_RECEIPT, {"number": seq, "given": receipt})


def key_of(connection: Connection, safe: Safe, *, force: str, record: str) -> RecordKey:
    """The key of a record's bodies, made when the record is first heard of."""
    fresh = safe.new_key(record)
    values = {"force": force, "record": record, "wrapped": safe.wrap(fresh, force=force)}
    if insert_if_new(connection, record_key, values, [record_key.c.record]) is not None:
        found_out(connection)[KEY, record] = fresh
        return fresh
    # Held still: of two who keep something of one record at once, the second sees what the first has kept.
    return known_key(connection, safe, record, _HELD_KEY)


def known_key(connection: Connection, safe: Safe, record: str, query: Select[Any] = _KEY) -> RecordKey:
    """The key of a record that is kept, or ``BodyBroken`` once it has been destroyed."""
    key = _kept_key(connection, safe, record, query)
    if key is None:
        raise BodyBroken("The key of this record has been destroyed; nobody can read it any more.")
    return key


def _kept_key(
    connection: Connection, safe: Safe, record: str, query: Select[Any] = _KEY
) -> RecordKey | None:
    known: RecordKey | None = found_out(connection).get((KEY, record))
    if known is not None:
        return known
    row = first(connection, query, {"of": record})
    return safe.unwrap(row.wrapped, force=row.force, record=record) if row else None


def seal_beside(
    connection: Connection, safe: Safe, *, force: str, record: str, rev: int, what: str, content: object
) -> bytes:
    """Something that belongs with a revision, sealed under the record's key: gone when the record is."""
    key = _kept_key(connection, safe, record) or key_of(connection, safe, force=force, record=record)
    return key.seal(canonical(content), what=what, rev=rev)


def open_beside(
    connection: Connection, safe: Safe, *, record: str, rev: int, what: str, sealed: bytes
) -> dict[str, Any]:
    """What was sealed beside a revision."""
    content: dict[str, Any] = json.loads(
        known_key(connection, safe, record).open(sealed, what=what, rev=rev)
    )
    return content


def record_as_of(connection: Connection, safe: Safe, record: str, at: datetime) -> Record | None:
    """The newest revision that was here at that time: of a decision, the one that was acted upon."""
    c = submission.c
    there = select(c.rev).where(c.record == record, c.state == Kept.STORED.value, c.received_at <= at)
    rev = connection.execute(there.order_by(c.rev.desc())).scalars().first()
    return record_of(connection, safe, record, rev) if rev else None


def record_of(connection: Connection, safe: Safe, record: str, rev: int) -> Record | None:
    """One stored revision, opened, or None when it is not held."""
    row = first(connection, _BODY, {"of": record, "rev": rev})
    if row is None:
        return None
    opened = known_key(connection, safe, record).open(row.body_sealed, what=BODY, rev=rev)
    return wire.unpack(opened)


def readable(connection: Connection, safe: Safe, record: str, rev: int) -> Record | None:
    """The same, and None also once its key is destroyed: what stands beside it goes on without it."""
    try:
        return record_of(connection, safe, record, rev)
    except BodyBroken:
        return None


def destroy(connection: Connection, names: Collection[str]) -> None:
    """Make what was kept of these records unreadable: their keys, and every byte that came.

    That they came, when, from whom and with which fingerprint stays, for the audit to be held against.
    """
    connection.execute(
        update(submission).where(submission.c.record.in_(names)).values(envelope=b"", body_sealed=b"")
    )
    connection.execute(delete(record_key).where(record_key.c.record.in_(names)))
    for name in names:
        found_out(connection).pop((KEY, name), None)


def every_record(connection: Connection, safe: Safe) -> Iterator[tuple[Record, datetime]]:
    """Every stored revision that can still be opened, in the order of arrival, with when it arrived."""
    query = (
        select(submission.c.record, submission.c.rev, submission.c.body_sealed, submission.c.received_at)
        .join(record_key, record_key.c.record == submission.c.record)
        .where(submission.c.state == Kept.STORED.value)
        .order_by(submission.c.seq)
    )
    for row in connection.execute(query).all():
        key = known_key(connection, safe, row.record)
        yield wire.unpack(key.open(row.body_sealed, what=BODY, rev=row.rev)), row.received_at
