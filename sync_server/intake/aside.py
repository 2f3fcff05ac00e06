"""What was kept apart: what came too early, and the other of two on the same revision (S-06)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from booklets import wire
from booklets.errors import BookletError
from booklets.records import Record
from sync_server import audit, evidence
from sync_server.db.found_out import found_out
from sync_server.db.later import asked
from sync_server.db.tables import Kept, State, decision, submission
from sync_server.deciding.unsettled import CONFLICT, Unsettled, why_apart
from sync_server.evidence import Arrived
from sync_server.keys import Safe

TOO_EARLY = "too_early"

_APART = select(submission).where(
    submission.c.state == Kept.QUARANTINED.value, submission.c.record == bindparam("of")
)
_ON = _APART.where(submission.c.base_rev == bindparam("base")).order_by(submission.c.seq)
_BESIDE = select(
    _ON.with_only_columns(submission.c.seq).exists().label("waits"),
    audit.LAST_SEQ.label("seq"),
    audit.LAST_HASH.label("hash"),
)
NOTHING_WAITS = "nothing waits for this revision"
_SAME = _APART.where(submission.c.env_sha256 == bindparam("sha"))
_OF_STOPPED = (
    select(submission)
    .where(
        submission.c.state == Kept.QUARANTINED.value,
        submission.c.force == bindparam("force"),
        submission.c.device == bindparam("device"),
        submission.c.reason == bindparam("reason"),
        ~submission.c.env_sha256.in_(
            select(submission.c.env_sha256).where(
                submission.c.state == Kept.STORED.value, submission.c.device == bindparam("device")
            )
        ),
    )
    .order_by(submission.c.record, submission.c.rev, submission.c.seq)
)
_OWN = select(submission.c.env_sha256, submission.c.received_at).where(
    submission.c.state == Kept.QUARANTINED.value,
    submission.c.record == bindparam("of"),
    submission.c.rev == bindparam("rev"),
    submission.c.officer == bindparam("officer"),
    submission.c.device == bindparam("device"),
)
_CAME = select(submission.c.received_at).where(
    submission.c.record == bindparam("of"), submission.c.env_sha256 == bindparam("sha")
)
_GIVEN_BACK = select(decision.c.received_at).where(
    decision.c.record == bindparam("of"),
    decision.c.rev == bindparam("rev"),
    decision.c.stands,
    decision.c.state == State.RETURNED.value,
)


@dataclass(frozen=True, slots=True)
class Apart:
    """One revision that was kept apart: as it came, and opened."""

    arrived: Arrived
    record: Record = field(repr=False)


def look_beside(connection: Connection, record: str, rev: int) -> None:
    """Find out at once whether anything waits for a revision that was just kept, and where its chain ends.

    Whoever brings something of this record waits from here on until we are done.
    """
    [found] = asked(connection, _BESIDE, {"of": record, "base": rev})
    audit.last_is(connection, record, found.seq, found.hash)
    if not found.waits:
        found_out(connection)[NOTHING_WAITS, record] = rev


def waiting_for(connection: Connection, safe: Safe, record: str, base: int) -> list[Apart]:
    """What came before this revision and builds on it, in order of arrival."""
    if found_out(connection).get((NOTHING_WAITS, record)) == base:
        return []
    rows = connection.execute(_ON, {"of": record, "base": base}).all()
    return list(_opened(connection, safe, _apart_for(connection, rows, TOO_EARLY)))


def of_stopped(connection: Connection, safe: Safe, force: str, device: str, reason: str) -> list[Apart]:
    """What a handheld had sealed before it was stopped, and nobody has let count yet, record by record."""
    found = connection.execute(_OF_STOPPED, {"force": force, "device": device, "reason": reason}).all()
    return list(_opened(connection, safe, _apart_for(connection, found, reason)))


def _apart_for(connection: Connection, rows: Sequence[Row[Any]], reason: str) -> list[Row[Any]]:
    """Those that are kept apart for this reason now: what was let count may wait for another since."""
    why = {record: why_apart(connection, record) for record in {row.record for row in rows}}
    return [row for row in rows if why[row.record].get(row.env_sha256) == reason]


def _opened(connection: Connection, safe: Safe, rows: Any) -> Iterator[Apart]:
    """Those that can still be opened: they were when they came."""
    for row in rows:
        try:
            body = evidence.known_key(connection, safe, row.record).open(
                row.body_sealed, what=evidence.BODY, rev=row.rev
            )
            yield Apart(_arrived(row, body), wire.unpack(body))
        except BookletError:
            continue


def _arrived(row: Row[Any], body: bytes) -> Arrived:
    return Arrived(
        force=row.force,
        device=row.device,
        officer=row.officer,
        envelope=row.envelope,
        env_sha256=row.env_sha256,
        received_at=row.received_at,
        record=row.record,
        rev=row.rev,
        base_rev=row.base_rev,
        form=row.form,
        form_version=row.form_version,
        digest=row.digest,
        body=body,
    )


def builds_on_it(connection: Connection, arrived: Arrived) -> bool:
    """Whether this goes on from a revision that was kept apart, so that its author never saw what is there.

    Once the record was sent back since, and before this came, they have been given what is there.
    """
    own = {
        "of": arrived.record,
        "rev": arrived.base_rev,
        "officer": arrived.officer,
        "device": arrived.device,
    }
    kept = connection.execute(_OWN, own).all()
    why = why_apart(connection, arrived.record) if kept else {}
    apart = [row.received_at for row in kept if why.get(row.env_sha256) == CONFLICT]
    if not apart:
        return False
    given = connection.execute(_GIVEN_BACK, {"of": arrived.record, "rev": arrived.base_rev}).scalars().all()
    # What a stopped handheld had sealed counts long after it came, and what happened since it never heard.
    came = connection.execute(_CAME, {"of": arrived.record, "sha": arrived.env_sha256}).scalars().all()
    return not any(max(apart) <= at <= min(came, default=arrived.received_at) for at in given)


def the_other(connection: Connection, safe: Safe, one: Unsettled) -> Apart | None:
    """What was kept beside the record, or None when it can no longer be opened."""
    rows = connection.execute(_SAME, {"of": one.record, "sha": one.env_sha256}).all()
    return next(_opened(connection, safe, rows), None)
