"""What has left and no longer holds: whoever had it is told, once, and in plain words.

A revision may take a danger back, name another council, or not be referred any more; an officer may withdraw
the record. What has not left then stays here. What has left is followed by a correction. What is under way,
or was tried and not answered, may have arrived: it is not tried again, and counts as having left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from booklets.records import Record
from sync_server import audit, notices, referrals
from sync_server.context import Context
from sync_server.db.owed import Owed, delivery
from sync_server.forwarding import outbox
from sync_server.forwarding.outbox import FORCE_RECORDS
from sync_server.notices import Notice
from sync_server.referrals import PARTNER_TARGET, SCHOOL_NOTICE, SCHOOL_TARGET

SYSTEM = "server"
NOT_REFERRED_ANY_MORE = "no_further"
Targets = Mapping[str, datetime | None]
"""Who has to be corrected, and when something that is under way there will have ended."""


class Because(StrEnum):
    """Why something that has left holds no longer."""

    WITHDRAWN = "withdrawn"
    DANGER_OVER = "danger_over"
    OTHER_COUNCIL = "other_council"
    NEITHER_COUNCIL = "neither_council"
    NOT_REFERRED = "not_referred"
    OTHER_SCHOOL = "other_school"
    NOT_MISSING = "not_missing"
    NOT_BACK = "not_back"


_SAYS: Mapping[Because, str] = {
    Because.DANGER_OVER: (
        "The police told you that a child may be in danger now. The record was changed, "
        "and no longer says so."
    ),
    Because.OTHER_COUNCIL: (
        "The record was changed, and no longer names your council as the one responsible for the child. "
        "The council that it names now is told instead of you."
    ),
    Because.NEITHER_COUNCIL: (
        "The record was changed, and no longer names your council: neither as the one responsible for the "
        "child, nor as the one in whose area the child was found. Whichever it names now is told."
    ),
    Because.NOT_REFERRED: (
        "The police vulnerability team has read a newer revision and does not refer it. "
        "The referral that you were sent no longer stands."
    ),
    Because.NOT_MISSING: (
        "The police told you that a child is missing. The record was changed: the child was back, or was "
        "found, before it was reported."
    ),
    Because.NOT_BACK: (
        "The police told you that the child was back. The record was changed: the child has rung, "
        "nobody has seen them, and they are missing still."
    ),
    Because.OTHER_SCHOOL: (
        "The record was changed, and your school is no longer the one that is told by this way. "
        "Do not rely on what you were sent, and do not pass it on."
    ),
}
_ELSEWHERE: Mapping[str, Because] = {
    PARTNER_TARGET: Because.OTHER_COUNCIL,
    SCHOOL_TARGET: Because.OTHER_SCHOOL,
}
_ASKS = (
    "Ring the officer before you end anything that you began because of it: "
    "that it holds no longer does not say that the child is safe."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """Whose deliveries are meant. A correction because of ``told_by`` covers all ``records``."""

    records: Collection[str]
    told_by: Collection[str] = ()
    kind: str = ""

    @classmethod
    def one(cls, record: str, kind: str = "") -> Of:
        """Those of one record; ``kind`` is how their targets begin."""
        return cls(records=(record,), told_by=(record,), kind=kind)


def hold_back(connection: Connection, of: Of, *, but: Collection[str] = (), reason: str) -> Targets:
    """Stop what has not left at every target except these, and say who has had what holds no longer.

    Whoever was told so already, or is about to be, is left in peace.
    """
    found: dict[str, datetime | None] = {}
    for target, rows in groupby(_rows(connection, of), key=lambda row: row.target):
        there = list(rows)
        if target in but:
            continue
        had = max((row.id for row in there if row.record in of.records and _had(row)), default=0)
        told = max((row.id for row in there if row.record in of.told_by and _tells(row)), default=0)
        stops = [row for row in there if row.record in of.records and not (row.takes_back and told > had)]
        _stop(connection, stops, reason)
        if had > told:
            found[target] = max((row.lease_until for row in there if row.lease_until), default=None)
    return found


def give_way(connection: Connection, of: Of, *, to: int, target: str) -> bool:
    """Let revision ``to`` speak at this target in the place of those before it: they are not tried any more.

    Whether one of them may be known there, so that what comes now is a correction.
    """
    earlier = [
        row
        for row in _rows(connection, of)
        if row.target == target and not (row.record in of.told_by and row.rev >= to)
    ]
    _stop(connection, [row for row in earlier if row.record in of.told_by], outbox.SUPERSEDED)
    return any(_left(row) for row in earlier)


def is_known(connection: Connection, record: str, target: str) -> bool:
    """Whether something of this record has left for this target, or is about to."""
    rows = _rows(connection, Of.one(record, target))
    return any(_left(row) or row.state == Owed.DUE for row in rows if row.target == target)


def take_back(
    context: Context,
    connection: Connection,
    record: Record,
    targets: Targets,
    because: Because,
    *,
    at: datetime,
    added_to: Record | None = None,
) -> None:
    """Owe a correction to each of these; it arrives after what is under way there.

    ``added_to`` is the record under whose reference councils know this one.
    """
    header = record.header
    for target, ends in sorted(targets.items()):
        if target != FORCE_RECORDS:
            made = _notice(context, record, target, because, at=at, added_to=added_to)
            notices.prepare(connection, context.keys.safe, made, record=record, at=at)
        outbox.owe(
            connection,
            force=header.force,
            target=target,
            record=str(header.record),
            rev=header.revision,
            at=max(at, ends or at),
            takes_back=True,
        )
        audit.note(
            connection,
            force=header.force,
            record=str(header.record),
            who=SYSTEM,
            what="correction_owed",
            at=at,
            detail={"rev": header.revision, "target": target, "because": because.value},
        )


def newest_leaves(
    context: Context, connection: Connection, record: Record, at: datetime, kind: str = PARTNER_TARGET
) -> None:
    """This revision leaves, decided on or not: what an earlier one said elsewhere holds no longer."""
    name, rev = str(record.header.record), record.header.revision
    of = Of.one(name, kind)
    rows = [row for row in _rows(connection, of) if row.rev == rev and row.state == Owed.DUE]
    now = [row.target for row in rows if not row.takes_back]  # what takes back speaks for no other place
    for target in now:  # none where a death has stopped it: then nothing happens by itself
        give_way(connection, of, to=rev, target=target)
        targets = hold_back(connection, of, but=[target], reason=outbox.SUPERSEDED)
        take_back(context, connection, record, targets, _ELSEWHERE[kind], at=at)


def newest_is_not_referred(
    context: Context, connection: Connection, record: Record, at: datetime, *, died: bool
) -> None:
    """The specialists refer this revision to nobody: whoever had an earlier one, or this, is told.

    It may have left while nobody had decided. Once the child has ``died``, nobody is told by itself (R-50).
    """
    name, rev = str(record.header.record), record.header.revision
    of = Of.one(name, PARTNER_TARGET)
    asked = any(row.rev == rev and row.state != Owed.STOPPED for row in _rows(connection, of))
    targets = hold_back(connection, of, reason=NOT_REFERRED_ANY_MORE)
    if asked and not died:
        take_back(context, connection, record, targets, Because.NOT_REFERRED, at=at)


def _rows(connection: Connection, of: Of) -> list[Row[Any]]:
    """Their deliveries by target, oldest first; nobody begins to deliver one before we are done."""
    query = (
        select(delivery)
        .where(
            delivery.c.record.in_({*of.records, *of.told_by}),
            delivery.c.target.startswith(of.kind, autoescape=True),
        )
        .order_by(delivery.c.id)
        .with_for_update()
    )
    return sorted(connection.execute(query).all(), key=lambda row: (row.target, row.id))


def _left(row: Row[Any]) -> bool:
    """Whether it may have arrived. A delivery that was owed again begins to count its tries anew."""
    tried_before = row.state == Owed.DUE and row.last_error != ""
    return bool(row.state in {Owed.DELIVERED, Owed.LEASED} or row.tries > 0 or tried_before)


def _had(row: Row[Any]) -> bool:
    return not row.takes_back and _left(row)


def _tells(row: Row[Any]) -> bool:
    return bool(row.takes_back and (_left(row) or row.state in outbox.NOT_OVER))


def _stop(connection: Connection, rows: Iterable[Row[Any]], reason: str) -> None:
    ids = [row.id for row in rows if row.state in outbox.NOT_OVER]
    if ids:
        outbox.stop_these(connection, ids, reason=reason)


def _notice(
    context: Context,
    record: Record,
    target: str,
    because: Because,
    *,
    at: datetime,
    added_to: Record | None,
) -> Notice:
    kind, authority = referrals.kind_for(target), target.partition(":")[2]
    policy = context.policy(record.header.force)
    if because is Because.WITHDRAWN:
        return notices.withdrawal(
            record,
            kind=kind,
            authority=authority,
            policy=policy,
            prepared=at,
            added_to=added_to,
            why=kind != SCHOOL_NOTICE,
        )
    return notices.no_longer_holds(
        record,
        kind=kind,
        authority=authority,
        policy=policy,
        prepared=at,
        says=_SAYS[because],
        asks=_ASKS,
        reviewed=because is Because.NOT_REFERRED or kind == referrals.REFERRAL,
    )
