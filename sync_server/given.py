"""What lies here of drafts that were given: rows, and what is in an envelope while somebody may have it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, exists, select, update

from booklets.errors import WireError
from booklets.handing_on import Given
from booklets.sealing import BadSignature, EnvelopeMalformed, NotForThisKey, SealBroken, read_envelope
from sync_server.context import Context
from sync_server.db.giving import Giving, draft_copy, given_draft
from sync_server.identity import devices


def row_of(connection: Connection, force: str, id_: str) -> dict[str, Any] | None:
    """One draft that was given, or None."""
    c = given_draft.c
    row = connection.execute(select(given_draft).where(c.id == id_, c.force == force)).mappings().first()
    return dict(row) if row is not None else None


def was_taken_over(connection: Connection, force: str, encounter: str, officer: str) -> bool:
    """Whether this officer has taken an encounter over from whoever began it."""
    c = given_draft.c
    taken = exists().where(
        c.force == force,
        c.encounter == encounter,
        c.state == Giving.TAKEN.value,
        c.ended_by == officer,
    )
    return bool(connection.execute(select(taken)).scalar())


def is_own(row: Mapping[str, Any]) -> bool:
    """Whether it goes from an officer to the same one: it was on a handheld that was lost."""
    return bool(row["giver"] == row["to_officer"])


def waits(connection: Connection, force: str, encounters: Collection[str]) -> bool:
    """Whether a draft of one of these encounters waits for whoever takes it over."""
    c = given_draft.c
    waiting = exists().where(c.force == force, c.encounter.in_(encounters), c.state == Giving.WAITING.value)
    return bool(connection.execute(select(waiting)).scalar())


def forget(connection: Connection, encounters: Collection[str], *, by: str, now: datetime) -> None:
    """Erase what lies here of drafts of these encounters. One that waits still is nobody's to take any more.

    Only an old copy of the database has such a one: while it waits, nothing of its file is destroyed.
    """
    c = given_draft.c
    waiting = c.state == Giving.WAITING.value
    ended = {
        "state": case((waiting, Giving.TAKEN_BACK.value), else_=c.state),
        "ended_by": case((waiting, by), else_=c.ended_by),
        "ended_at": case((waiting, now), else_=c.ended_at),
    }
    connection.execute(update(given_draft).where(c.encounter.in_(encounters)).values(envelope=b"", **ended))
    connection.execute(delete(draft_copy).where(draft_copy.c.encounter.in_(encounters)))


def draft_for(context: Context, connection: Connection, id_: str, officer: str) -> Mapping[str, Any] | None:
    """The draft itself, for whoever may take it over still, or has. Nobody else is given it any more."""
    row = connection.execute(select(given_draft).where(given_draft.c.id == id_)).mappings().first()
    if row is None or not row["envelope"]:
        return None
    mine = row["state"] == Giving.TAKEN and row["ended_by"] == officer
    of_another = row["giver"] != officer or is_own(dict(row))
    if not mine and (row["state"] != Giving.WAITING or not of_another):
        return None
    return opened(context, connection, row["envelope"]).draft


def opened(context: Context, connection: Connection, sealed: bytes) -> Given:
    """What is in an envelope, checked against the handheld that its header names. Raises WireError."""
    try:
        envelope = read_envelope(sealed)
        device = devices.find(connection, envelope.header.device)
        if device is None:
            raise WireError("not from a device that is known")
        envelope.check(device.sign_pub)
        given = Given.from_bytes(context.keys.open_envelope(envelope))
    except (BadSignature, EnvelopeMalformed, NotForThisKey, SealBroken):
        raise WireError("this cannot be opened as a draft") from None
    if str(given.id) != envelope.header.record:
        raise WireError("the envelope is of another draft")
    return given
