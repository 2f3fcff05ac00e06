"""Reads everything that is kept, as if somebody needed it, and says what is not whole.

By a record's number and reference, never by what is in it. What was destroyed by law is not missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from booklets import wire
from booklets.errors import BookletError
from booklets.records import reference_of
from booklets.sealing import read_receipt
from sync_server import audit, checkpoints
from sync_server.db.attachments import kept
from sync_server.db.retained import destroyed
from sync_server.db.tables import Kept, record_key, submission
from sync_server.db.tables import audit as audit_table
from sync_server.evidence import BODY
from sync_server.keeping import KeepingPlace, NotKept
from sync_server.keeping.place import sum_of
from sync_server.keys import KeyRing

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Lacks:
    """One thing that is not whole: of which record (its number and reference), and what."""

    record: str
    what: str

    def __str__(self) -> str:
        """As a line to read."""
        return f"{self.record}\t{_reference(self.record)}\t{self.what}"


def lacking(
    connection: Connection, keys: KeyRing, place: KeepingPlace, *, gone: Set[str] = frozenset()
) -> Iterator[Lacks]:
    """Everything that is not whole: audit, receipts, bodies and their digests, photographs.

    ``gone`` are records that were destroyed since this state, or sums of photographs that went with them.
    What was given up, a photograph or a revision, is not missing any more.
    """
    of_entries = audit.verified(connection).broken
    for broken in (*of_entries, *checkpoints.checked(connection, keys.root.public, ()).broken):
        yield Lacks(broken.record, f"audit entry {broken.seq}: {broken.what}")
    lost = given_up_as(connection, audit.RECORD_GIVEN_UP)
    for row in connection.execute(_STORED, execution_options={"yield_per": AT_ONCE}):
        yield from (Lacks(row.record, what) for what in _wrong_with_receipt(row, keys))
        if (row.record, row.env_sha256) not in lost:
            yield from (Lacks(row.record, what) for what in wrong_with_body(row, keys))
    given_up = photographs_given_up(connection)
    for one in connection.execute(_KEPT, execution_options={"yield_per": AT_ONCE}):
        if (
            gone.isdisjoint((one.record, one.sha256))
            and (one.record, one.sha256) not in given_up
            and (what := wrong_with_photograph(one, place))
        ):
            yield Lacks(one.record, f"attachment {one.attachment}: {what}")


_STORED = (
    select(
        submission.c.record,
        submission.c.rev,
        submission.c.force,
        submission.c.seq,
        submission.c.digest,
        submission.c.env_sha256,
        submission.c.body_sealed,
        submission.c.receipt,
        record_key.c.wrapped,
        destroyed.c.destroyed_at,
    )
    .outerjoin(record_key, record_key.c.record == submission.c.record)
    .outerjoin(destroyed, destroyed.c.record == submission.c.record)
    .where(submission.c.state == Kept.STORED.value)
    .order_by(submission.c.seq)
)
_KEPT = select(kept.c.force, kept.c.record, kept.c.attachment, kept.c.sha256).order_by(
    kept.c.record, kept.c.attachment
)


def _wrong_with_receipt(row: Any, keys: KeyRing) -> Iterator[str]:
    try:
        receipt = read_receipt(row.receipt, keys.directory)
    except BookletError as error:
        yield f"the receipt of revision {row.rev} does not hold ({error.code})"
    else:
        said = receipt.is_for(record=row.record, rev=row.rev, env_sha256=row.env_sha256)
        if not said or (receipt.seq, receipt.digest) != (row.seq, row.digest):
            yield f"the receipt of revision {row.rev} is for something else"


def wrong_with_body(row: Any, keys: KeyRing) -> Iterator[str]:
    """What is wrong with one stored revision: whether it opens, and is what was received."""
    if row.destroyed_at is not None and not row.body_sealed:
        return
    if row.wrapped is None:
        yield f"the key of revision {row.rev} is missing"
        return
    try:
        key = keys.safe.unwrap(row.wrapped, force=row.force, record=row.record)
        _, digest = wire.unpacked(key.open(row.body_sealed, what=BODY, rev=row.rev))
    except BookletError as error:
        yield f"revision {row.rev} does not open ({error.code})"
        return
    if digest != row.digest:
        yield f"revision {row.rev} is not what was received"


def photographs_given_up(connection: Connection) -> frozenset[tuple[str, str]]:
    """Those that somebody has said are lost for good: record and sum of each."""
    return given_up_as(connection, audit.GIVEN_UP)


def given_up_as(connection: Connection, what: str) -> frozenset[tuple[str, str]]:
    """What somebody has noted as lost for good: record and sum of each."""
    said = select(audit_table.c.record, audit_table.c.detail).where(audit_table.c.what == what)
    return frozenset((row.record, str(row.detail["sha256"])) for row in connection.execute(said))


def wrong_with_photograph(row: Any, place: KeepingPlace) -> str | None:
    """What is wrong with the bytes of one that has arrived, or nothing."""
    try:
        file = place.open(row.force, row.sha256)
    except NotKept:
        return "is missing"
    try:
        with file:
            found = sum_of(file)
    except OSError:  # a disk that fails
        return "cannot be read"
    return None if found == row.sha256 else "is not what arrived"


def _reference(record: str) -> str:
    try:
        return reference_of(UUID(record))
    except ValueError:
        return "-"
