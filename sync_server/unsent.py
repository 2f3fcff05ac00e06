"""Copies of what officers have not sent, so that a handheld that is lost loses nothing of it.

A handheld says at each contact which drafts it has, each with the number of its last saving, and brings
those that are not here as they are there. What it has no more was sent, or given up by its officer, and its
copy goes. A copy is a sealed envelope: it is opened to see that it can be, and then for its own officer
alone, once the handheld is stopped for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from booklets.errors import WireError
from booklets.handing_on import KIND
from booklets.sealing import read_envelope
from sync_server import audit, given, giving
from sync_server.context import Context
from sync_server.db.giving import draft_copy
from sync_server.db.types import insert_in
from sync_server.giving import By
from sync_server.identity.devices import Device

DAYS, DAYS_OTHERWISE = "days_unsent_is_kept", 60
"""A copy that no handheld has asked for since goes after so many days."""
_KEY = ("device", "officer", "encounter")


def lacking(connection: Connection, there: Mapping[str, int], by: By) -> list[str]:
    """Which of these drafts are not here as they are on the handheld. What it has no more is let go of."""
    c = draft_copy.c
    mine = (c.device == by.device.id, c.officer == by.id)
    kept = {row.encounter: row.version for row in connection.execute(select(draft_copy).where(*mine))}
    over = sorted(kept.keys() - there.keys())
    if over:
        connection.execute(delete(draft_copy).where(*mine, c.encounter.in_(over)))
    return [one for one, version in there.items() if kept.get(one) != version]


def keep(context: Context, connection: Connection, sealed: bytes, by: By) -> None:
    """Keep this copy in place of the one before. Raises WireError for what is no draft of this officer's."""
    header = read_envelope(sealed).header
    if (header.kind, header.device, header.officer) != (KIND, by.device.id, by.id):
        raise WireError("not a draft of whoever sends it")
    said, now = given.opened(context, connection, sealed), context.now()
    row = {
        "device": by.device.id,
        "officer": by.id,
        "encounter": said.encounter,
        "force": by.person.force,
        "unit": by.person.unit,
        "given": str(said.id),
        "version": header.rev,
        "envelope": sealed,
        "env_sha256": hashlib.sha256(sealed).hexdigest(),
        "kept_at": now,
    }
    statement = insert_in(connection.dialect.name, draft_copy)
    news = {name: statement.excluded[name] for name in row if name not in _KEY}
    c = draft_copy.c
    there = select(c.given).where(*(c[name] == row[name] for name in _KEY))
    first = connection.execute(there).first() is None
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=news), row)
    if first:
        audit.note(
            connection,
            force=by.person.force,
            record=said.encounter,
            who=by.id,
            what="draft_copied",
            at=now,
            detail={"device": by.device.id},
        )


def offer_lost(connection: Connection, device: Device, *, now: datetime) -> int:
    """Offer each officer what they had not sent from a handheld that is stopped for good; how many.

    What the same officer goes on with on another handheld is in their hands already.
    """
    c, other = draft_copy.c, draft_copy.alias()
    elsewhere = select(other.c.device).where(
        other.c.officer == c.officer, other.c.encounter == c.encounter, other.c.device != c.device
    )
    lost = select(draft_copy).where(c.device == device.id, ~elsewhere.exists())
    copies = connection.execute(lost).mappings().all()
    for one in copies:
        giving.give_back(connection, dict(one), now=now)
    connection.execute(delete(draft_copy).where(c.device == device.id))
    return len(copies)


def forget_old(context: Context, connection: Connection) -> None:
    """Let go of copies that have lain here for longer than their force has set."""
    c = draft_copy.c
    for force in connection.execute(select(c.force).distinct()).scalars().all():
        days = context.policy(force).settings.get(DAYS, DAYS_OTHERWISE)
        before = context.now() - timedelta(days=days if isinstance(days, int) else DAYS_OTHERWISE)
        connection.execute(delete(draft_copy).where(c.force == force, c.kept_at < before))
