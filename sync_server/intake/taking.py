"""The way in. The answer to a phone is one of five, the same however often it sends (S-07).

``STORED`` and ``REPEATED`` carry a signed receipt, and only that lets a phone
forget anything. ``EARLY`` has overtaken the revision it builds on: it is taken in
with that, and its receipt comes as news. ``CONFLICT`` and ``INVALID`` mean that a
person has to look; what arrived is kept all the same, because a child's record
must not be lost to somebody's mistake. No rule of a form ever refuses a
well-formed signed submission.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from booklets.answers import instant
from booklets.records import Record
from booklets.sealing import Receipt, sign_receipt
from sync_server import audit, evidence, feed, flags, projection, register, team_texts
from sync_server.beside import Known
from sync_server.context import Context
from sync_server.db.tables import Kept
from sync_server.deciding import heads
from sync_server.deciding.unsettled import APART, CONFLICT, why_apart
from sync_server.episodes import closing
from sync_server.evidence import Arrived, Held
from sync_server.intake import aside, believing, following
from sync_server.intake.aside import TOO_EARLY, Apart
from sync_server.intake.judging import Arrival, judge
from sync_server.intake.opening import Sender, Unusable, opened
from sync_server.shift_pack import known as shift_pack

OTHER_FORCE = "other_force"
OF_STOPPED = "handheld_stopped"
WAITED: Mapping[str, tuple[str, ...]] = {CONFLICT: (OF_STOPPED, TOO_EARLY), TOO_EARLY: (OF_STOPPED,)}
"""What had waited and now goes another way: somebody settles it, or it counts once its base is here."""

First = Callable[[Connection], None]


class Result(StrEnum):
    """What became of a submission."""

    STORED = "stored"
    REPEATED = "repeated"
    EARLY = "early"
    CONFLICT = "conflict"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to one submission. ``head_rev`` goes with a conflict, ``codes`` with what is invalid."""

    result: Result
    receipt: bytes = field(default=b"", repr=False)
    head_rev: int = 0
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """A record with everything worked out beforehand, so that the one writer only writes."""

    arrived: Arrived
    record: Record
    flags: Mapping[str, Any]
    rows: projection.Projection
    texts: Mapping[str, str] = field(repr=False)
    brief: Mapping[str, Any] | None = field(repr=False)
    sender: Sender


@dataclass(frozen=True, slots=True)
class Unfit:
    """What arrived can be kept and not used: as much as could be read, and why."""

    arrived: Arrived
    code: str


def take_in(
    context: Context, sealed: bytes, *, sender: Sender, first: First | None = None, stopped: bool = False
) -> Outcome:
    """Take in one sealed submission: keep it, and everything that follows from it, or say why not.

    The answer is given only once all of it is durable. Sending the same bytes
    again gives the same receipt, byte for byte. ``first`` is done in the same
    transaction, before anything else, and may refuse all of it by an exception.
    What a ``stopped`` handheld had sealed is kept apart, with a receipt: nothing of it counts yet.
    """
    with context.coming.one():
        return _taken_in(context, sealed, sender, first, stopped=stopped)


def _taken_in(
    context: Context, sealed: bytes, sender: Sender, first: First | None, *, stopped: bool
) -> Outcome:
    found = context.worked_out(prepared, (sealed, sender, context.now()))

    def kept(connection: Connection) -> Outcome:
        if first is not None:
            first(connection)
        if isinstance(found, Unfit):
            return _set_aside(context, connection, found.arrived, sender, found.code)
        if stopped:
            return _keep_of_stopped(context, connection, found.arrived, sender)
        return _keep(context, connection, found)

    return context.store.write(kept)


def prepared(known: Known, came: tuple[bytes, Sender, datetime]) -> Ready | Unfit:
    """Check and open what came, and work out whatever can be known of it without the database."""
    sealed, sender, at = came
    arrived = Arrived(
        force=sender.force,
        device=sender.device,
        officer=sender.officer,
        envelope=sealed,
        env_sha256=hashlib.sha256(sealed).hexdigest(),
        received_at=at,
    )
    try:
        arrived, record = opened(known, arrived, sender)
        return made_ready(known, arrived, record, sender)
    except Unusable as why:
        return Unfit(why.arrived, why.code)


def made_ready(known: Known, arrived: Arrived, record: Record, sender: Sender) -> Ready:
    """Work out beforehand what a record shows, what the register says of it, and what its texts are like."""
    seen = flags.flags_of(record, known.policy(sender.force), arrived.received_at)
    rows = projection.project(record, seen, arrived.received_at, arrived.digest)
    texts = team_texts.sketched(record, seen, known.keys.pepper)
    return Ready(arrived, record, seen, rows, texts, shift_pack.row_of(record), sender)


def _set_aside(
    context: Context, connection: Connection, arrived: Arrived, sender: Sender, code: str
) -> Outcome:
    # What was usable when it came stays received, whatever this server has forgotten how to read since.
    held = evidence.stored_as(connection, arrived.env_sha256)
    if held is not None and held.device == sender.device:
        return Outcome(result=Result.REPEATED, receipt=held.receipt)
    _quarantine(context, connection, arrived, sender, code)
    return Outcome(result=Result.INVALID, codes=(code,))


def _keep_of_stopped(context: Context, connection: Connection, arrived: Arrived, sender: Sender) -> Outcome:
    """Keep what a stopped handheld had sealed: it may let go of it, and a person says whether it counts.

    What it had sent before it was stopped goes the way that it went then, and is acknowledged as well:
    its answer may have been lost, and no vault waits for ever.
    """
    known = evidence.stored_as(connection, arrived.env_sha256)
    if known is not None and known.device == sender.device:
        return Outcome(result=Result.REPEATED, receipt=known.receipt)
    _quarantine(context, connection, arrived, sender, OF_STOPPED)
    apart = evidence.apart_as(connection, arrived.env_sha256, device=sender.device)
    if apart is None:
        raise LookupError("what was kept apart just now is not there")
    if apart.receipt:
        return Outcome(result=Result.REPEATED, receipt=apart.receipt)
    receipt = _receipt(context, replace(arrived, received_at=apart.received_at), apart.seq)
    evidence.put_receipt(connection, apart.seq, receipt)
    return Outcome(result=Result.STORED, receipt=receipt)


def count(context: Context, connection: Connection, apart: Apart) -> Outcome:
    """Take in what was kept apart, as if it came now; its sender hears what became of it."""
    now = context.now()
    arrived = replace(apart.arrived, received_at=now)
    outcome = _keep(context, connection, made_ready(context, arrived, apart.record, sender_of(apart)))
    if outcome.receipt:
        tell_received(connection, apart, outcome.receipt, now)
    return outcome


def _keep(context: Context, connection: Connection, ready: Ready) -> Outcome:
    arrived = ready.arrived
    closing.hold_still(connection, ready.record)
    # Held still from here on: a decision on this record is made before or after, never in between.
    before = heads.held(connection, arrived.force, [arrived.record]) if arrived.base_rev else {}
    held, head = evidence.standing(connection, arrived.record, arrived.rev)
    if head.rev and head.force != arrived.force:
        _quarantine(context, connection, arrived, ready.sender, OTHER_FORCE)
        return Outcome(result=Result.INVALID, codes=(OTHER_FORCE,))
    arrival = judge(
        digest=arrived.digest,
        base_rev=arrived.base_rev,
        held=held.digest if held else None,
        head=head.rev,
    )
    if arrival is Arrival.EARLY:
        return _keep_early(context, connection, ready, head.rev)
    own_way = arrival is Arrival.NEW and arrived.base_rev and aside.builds_on_it(connection, arrived)
    if arrival is Arrival.CONFLICTING or own_way:
        return _conflicting(context, connection, ready, head.rev)
    if held is not None:
        return Outcome(result=Result.REPEATED, receipt=_receipt_again(context, arrived, held))
    earlier = before.get(arrived.record)
    objected = believing.objection(connection, ready.record, earlier, by=ready.sender)
    if objected:
        return _set_aside(context, connection, arrived, ready.sender, objected)
    return _take(context, connection, ready, earlier)


def _conflicting(context: Context, connection: Connection, ready: Ready, head: int) -> Outcome:
    """Keep it beside the head, unless somebody has chosen it meanwhile, under another number."""
    arrived = ready.arrived
    known = evidence.stored_as(connection, arrived.env_sha256)
    if known is not None and known.device == arrived.device:
        return Outcome(result=Result.REPEATED, receipt=known.receipt)
    if believing.never_here(connection, ready.record):
        return _set_aside(context, connection, arrived, ready.sender, believing.NEVER_HERE)
    _quarantine(context, connection, arrived, ready.sender, CONFLICT)
    return Outcome(result=Result.CONFLICT, head_rev=head, codes=(CONFLICT,))


def _take(context: Context, connection: Connection, ready: Ready, earlier: heads.Head | None) -> Outcome:
    """Store a revision, and those that have waited for it."""
    receipt = store(context, connection, ready, earlier)
    if receipt is None:  # another process stored this revision since we looked
        return _keep(context, connection, ready)
    _take_what_waited(context, connection, ready.arrived)
    return Outcome(result=Result.STORED, receipt=receipt)


def store(
    context: Context, connection: Connection, ready: Ready, earlier: heads.Head | None
) -> bytes | None:
    """Keep a revision as the newest, with everything that follows; its receipt, or None if it is there."""
    arrived = ready.arrived
    seq = evidence.keep(connection, context.keys.safe, arrived, Kept.STORED)
    if seq is None:
        return None
    aside.look_beside(connection, arrived.record, arrived.rev)
    receipt = _receipt(context, arrived, seq)
    evidence.put_receipt(connection, seq, receipt)
    _note(connection, arrived, ready.sender, "received", {"seq": seq, "digest": arrived.digest})
    register.write(connection, ready.rows)
    shift_pack.came(connection, ready.record, ready.brief)
    team_texts.keep(connection, ready.record, ready.texts, arrived.received_at)
    came = following.Came(ready.record, ready.flags, arrived.received_at, earlier)
    following.follow(context, connection, came)
    return receipt


def _keep_early(context: Context, connection: Connection, ready: Ready, head: int) -> Outcome:
    """Keep what has overtaken the revision it builds on, until that is here.

    Keeping it waits for whoever is keeping another revision of the record, so by then it may be.
    """
    arrived = ready.arrived
    _quarantine(context, connection, arrived, ready.sender, TOO_EARLY)
    if evidence.head_of(connection, arrived.record).rev == arrived.base_rev:
        return _keep(context, connection, ready)
    return Outcome(result=Result.EARLY, head_rev=head, codes=(TOO_EARLY,))


def _take_what_waited(context: Context, connection: Connection, base: Arrived) -> None:
    """Take in what came before the revision it builds on, now that this is here: the first that came."""
    for early in aside.waiting_for(connection, context.keys.safe, base.record, base.rev):
        arrived = replace(early.arrived, received_at=base.received_at)
        outcome = _keep(context, connection, made_ready(context, arrived, early.record, sender_of(early)))
        if outcome.receipt:
            tell_received(connection, early, outcome.receipt, base.received_at)
        elif outcome.result is not Result.CONFLICT:  # of which it was told as it was kept for that
            _tell_apart(connection, arrived, sender_of(early), outcome.codes[0])


def sender_of(apart: Apart) -> Sender:
    """Who sent what was kept apart. Its signature was checked when it came."""
    came = apart.arrived
    return Sender(force=came.force, device=came.device, sign_pub=b"", officer=came.officer)


def tell_received(
    connection: Connection, apart: Apart, receipt: bytes, at: datetime, **more: str | int
) -> None:
    """Give the receipt of what was kept apart, and counts now, to whoever sent it: as news, once."""
    came = apart.arrived
    said = {"state": "received", "received_at": instant(at), "receipt": receipt.decode()}
    feed.add(
        connection,
        force=came.force,
        recipient=feed.to_officer(came.force, came.officer),
        kind=feed.STATUS,
        at=at,
        record=came.record,
        rev=came.rev,
        detail={**said, **more},
    )


def _quarantine(
    context: Context, connection: Connection, arrived: Arrived, sender: Sender, code: str
) -> None:
    """Keep it for a person to look at. Hearing the same again changes nothing."""
    fresh = evidence.keep(connection, context.keys.safe, arrived, Kept.QUARANTINED, code) is not None
    # Evidence never changes, so its history says it: or nobody would be asked to settle it, and what goes
    # on from it would count unseen.
    if fresh or why_apart(connection, arrived.record).get(arrived.env_sha256) in WAITED.get(code, ()):
        _tell_apart(connection, arrived, sender, code)


def _tell_apart(connection: Connection, arrived: Arrived, sender: Sender, code: str) -> None:
    _note(connection, arrived, sender, APART, {"reason": code})
    feed.add(
        connection,
        force=sender.force,
        recipient=feed.to_officer(sender.force, sender.officer),
        kind=feed.STATUS,
        at=arrived.received_at,
        record=arrived.record,
        rev=arrived.rev,
        detail={"state": "attention", "reason": code},
    )


def _note(
    connection: Connection, arrived: Arrived, sender: Sender, what: str, more: Mapping[str, str | int]
) -> None:
    audit.note(
        connection,
        force=arrived.force,
        record=audit.chain_of(arrived.record, arrived.env_sha256),
        who=sender.officer,
        what=what,
        at=arrived.received_at,
        detail={
            "rev": arrived.rev,
            "base_rev": arrived.base_rev,
            "author": arrived.officer,
            "device": arrived.device,
            "env_sha256": arrived.env_sha256,
            **more,
        },
    )


def _receipt(context: Context, arrived: Arrived, seq: int) -> bytes:
    said = Receipt(
        record=arrived.record,
        rev=arrived.rev,
        digest=arrived.digest,
        env_sha256=arrived.env_sha256,
        seq=seq,
        received_at=arrived.received_at,
    )
    return sign_receipt(said, context.keys.receipt)


def _receipt_again(context: Context, arrived: Arrived, held: Held) -> bytes:
    """The receipt for what was stored; in a fresh seal, the same facts for these bytes."""
    if held.env_sha256 == arrived.env_sha256:
        return held.receipt
    said = Receipt(
        record=arrived.record,
        rev=arrived.rev,
        digest=held.digest,
        env_sha256=arrived.env_sha256,
        seq=held.seq,
        received_at=held.received_at,
    )
    return sign_receipt(said, context.keys.receipt)
