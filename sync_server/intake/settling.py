"""Of two revisions that build on the same one, a person says which counts. The other stays, as evidence.

What was first is the record already. When the other is to count, it becomes the next revision: what its
author wrote, word for word, under a number of the server's, while their envelope is kept as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from booklets import wire
from booklets.sealing import Receipt, sign_receipt
from sync_server import audit, evidence, feed
from sync_server.context import Context
from sync_server.db.tables import State
from sync_server.deciding import heads
from sync_server.deciding.heads import Head
from sync_server.deciding.unsettled import SETTLED, Unsettled, unsettled
from sync_server.episodes import closing
from sync_server.identity.accounts import Account
from sync_server.intake import aside, taking
from sync_server.intake.aside import Apart


class Counts(StrEnum):
    """Which of the two counts: the one that is the record, or the other."""

    FIRST = "first"
    OTHER = "other"


class NotSettled(StrEnum):
    """Why nothing was settled."""

    SETTLED_ALREADY = "settled_already"
    MOVED_ON = "moved_on"
    OWN_RECORD = "own_record"
    OTHER_UNIT = "other_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody chose, of a record whose newest revision they had before them."""

    by: Account
    one: Unsettled
    rev: int
    digest: str
    counts: Counts


def settle(context: Context, connection: Connection, choice: Choice) -> NotSettled | None:
    """Let one of the two count, and tell both authors; or say why nothing was done."""
    force, one, now = choice.by.person.force, choice.one, context.now()
    other = aside.the_other(connection, context.keys.safe, one)
    if other is None:
        return NotSettled.SETTLED_ALREADY
    closing.hold_still(connection, other.record)
    # Held still first: of two people who settle it at once, the second sees that it was done.
    head = heads.held(connection, force, [one.record]).get(one.record)
    if head is None or one not in unsettled(connection, force, [one.record]):
        return NotSettled.SETTLED_ALREADY
    if (head.rev, head.digest) != (choice.rev, choice.digest) or head.state == State.FILED:
        return NotSettled.MOVED_ON
    if choice.by.id in {*heads.authors_of(connection, one.record), other.arrived.officer}:
        return NotSettled.OWN_RECORD
    if choice.counts is Counts.OTHER and other.record.header.unit != head.unit:
        return NotSettled.OTHER_UNIT
    audit.note(
        connection,
        force=force,
        record=one.record,
        who=choice.by.id,
        what=SETTLED,
        at=now,
        detail={
            "rev": head.rev,
            "other_rev": other.arrived.rev,
            "env_sha256": one.env_sha256,
            "counts": choice.counts.value,
        },
    )
    by = f"{choice.by.person.rank} {choice.by.person.name.split()[-1]}"
    if choice.counts is Counts.OTHER:
        _put_on_top(context, connection, head, other, by)
        _tell(connection, head, (head.author, head.rev), _settled("replaced", head.rev, by), now)
    else:
        whose = other.arrived.officer, other.arrived.rev
        _tell(connection, head, whose, _settled("kept_beside", other.arrived.rev, by), now)
    return None


def _put_on_top(context: Context, connection: Connection, head: Head, other: Apart, by: str) -> None:
    """Make the other the next revision, and give its author the receipt for what they sent."""
    now, came = context.now(), other.arrived
    header = replace(other.record.header, revision=head.rev + 1, base_revision=head.rev)
    record = replace(other.record, header=header)
    arrived = replace(
        came,
        rev=header.revision,
        base_rev=header.base_revision,
        digest=wire.digest(record),
        body=wire.pack(record),
        received_at=now,
    )
    ready = taking.made_ready(context, arrived, record, taking.sender_of(other))
    if taking.store(context, connection, ready, head) is None:
        raise LookupError("the newest revision is held still, and still there is a newer one")
    held = evidence.stored_as(connection, came.env_sha256)
    if held is None:
        raise LookupError("what was stored just now is not there")
    said = Receipt(
        record=came.record,
        rev=came.rev,
        digest=came.digest,
        env_sha256=came.env_sha256,
        seq=held.seq,
        received_at=now,
    )
    receipt = sign_receipt(said, context.keys.receipt)
    evidence.put_receipt(connection, held.seq, receipt)
    taking.tell_received(connection, other, receipt, now, **_settled("on_top", came.rev, by))


def _settled(how: str, rev: int, by: str) -> dict[str, str | int]:
    """What a phone is told of its revision: whether it counts, and who said so."""
    return {"settled": how, "settled_rev": rev, "settled_by": by}


def _tell(
    connection: Connection,
    head: Head,
    whose: tuple[str, int],
    settled: Mapping[str, str | int],
    at: datetime,
) -> None:
    officer, rev = whose
    feed.add(
        connection,
        force=head.force,
        recipient=feed.to_officer(head.force, officer),
        kind=feed.STATUS,
        at=at,
        record=head.record,
        rev=rev,
        detail={"state": settled["settled"], **settled},
    )
