"""A record that no longer opens is read once more from what its handheld sent, which is kept beside it.

A record's key is one row of one table, and a disk may take that and leave the rest. What came is still
sealed to the server's own key: opened and compared with what was acknowledged, it is kept anew under another
key. What does not open that way either is lost for good. That is noted, once, and backups count without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from booklets import wire
from booklets.errors import BookletError
from booklets.sealing import read_envelope
from sync_server import audit
from sync_server.backups.checking import given_up_as, wrong_with_body
from sync_server.backups.lost import NotLost
from sync_server.context import Context
from sync_server.db.identity import device
from sync_server.db.retained import destroyed
from sync_server.db.tables import Kept, record_key, submission
from sync_server.evidence import BODY
from sync_server.keys import KeyRing, RecordKey

_ROWS = (
    select(submission, record_key.c.wrapped, destroyed.c.destroyed_at, device.c.sign_pub)
    .outerjoin(record_key, record_key.c.record == submission.c.record)
    .outerjoin(destroyed, destroyed.c.record == submission.c.record)
    .outerjoin(device, device.c.id == submission.c.device)
    .where(submission.c.record == bindparam("of"), submission.c.body_sealed != b"")
    .order_by(submission.c.rev, submission.c.seq)
)
_KEEP_BODY = (
    update(submission).where(submission.c.seq == bindparam("number")).values(body_sealed=bindparam("sealed"))
)


@dataclass(frozen=True, slots=True)
class Mended:
    """The revisions that are whole again, and those that are lost for good."""

    whole: tuple[int, ...]
    lost: tuple[int, ...]


def mend(context: Context, record: str) -> Mended:
    """Make a record whole again as far as what came allows it, and note what is lost.

    What was prepared from it for others under the same key, such as a notice that had not left, is not made
    again: its delivery says that it cannot be opened.

    Raises:
        NotLost: no record of that number has arrived, it was destroyed by law, or all of it opens or was
            given up before.
    """
    return context.store.write(lambda db: _mended(db, context, record))


def _mended(db: Connection, context: Context, record: str) -> Mended:
    rows = [row for row in db.execute(_ROWS, {"of": record}).all() if row.destroyed_at is None]
    said = given_up_as(db, audit.RECORD_GIVEN_UP)
    rows = [row for row in rows if (record, row.env_sha256) not in said]
    stored = [row for row in rows if row.state == Kept.STORED.value]
    broken = {row.seq for row in stored if any(wrong_with_body(row, context.keys))}
    if not broken:
        raise NotLost(
            "No record of that number has arrived, or all of it opens, or it was destroyed. Nothing was "
            "changed. Take the number from what sync-server backup says."
        )
    key = _key_of(rows[0], context.keys)
    if key is None:
        key, broken = _another_key(db, context, rows[0]), {row.seq for row in rows}
    whole: list[Any] = []
    lost: list[Any] = []
    for row in (one for one in rows if one.seq in broken):
        body = _opened_again(row, context.keys)
        if body is not None:
            db.execute(_KEEP_BODY, {"number": row.seq, "sealed": key.seal(body, what=BODY, rev=row.rev)})
        if row.state == Kept.STORED.value:
            (lost if body is None else whole).append(row)
    for row in lost:
        _note(db, context, row, audit.RECORD_GIVEN_UP, {"rev": row.rev, "sha256": row.env_sha256})
    if whole:
        _note(db, context, rows[0], audit.MENDED, {"revs": [str(row.rev) for row in whole]})
    return Mended(tuple(row.rev for row in whole), tuple(row.rev for row in lost))


def _key_of(row: Any, keys: KeyRing) -> RecordKey | None:
    try:
        return keys.safe.unwrap(row.wrapped or b"", force=row.force, record=row.record)
    except BookletError:
        return None


def _another_key(db: Connection, context: Context, row: Any) -> RecordKey:
    key = context.keys.safe.new_key(row.record)
    db.execute(delete(record_key).where(record_key.c.record == row.record))
    wrapped = context.keys.safe.wrap(key, force=row.force)
    db.execute(insert(record_key).values(force=row.force, record=row.record, wrapped=wrapped))
    return key


def _opened_again(row: Any, keys: KeyRing) -> bytes | None:
    """What came, opened, where its handheld signed it and it is what was acknowledged."""
    if sha256(row.envelope).hexdigest() != row.env_sha256:
        return None
    try:
        envelope = read_envelope(row.envelope)
        envelope.check(row.sign_pub or b"")
        body = keys.open_envelope(envelope)
        _, digest = wire.unpacked(body)
    except BookletError:
        return None
    return body if digest == row.digest else None


def _note(db: Connection, context: Context, of: Any, what: str, detail: dict[str, Any]) -> None:
    audit.note(
        db,
        force=of.force,
        record=of.record,
        who=audit.AT_THE_MACHINE,
        what=what,
        at=context.now(),
        detail=detail,
    )
