"""Delivers what is due: claim it, let go of the database, deliver, settle.

A delivery may be made twice when this process dies between the other system's
"yes" and our own note of it, never not at all. ``once`` lets the other side
recognise the second.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from booklets.answers import instant
from booklets.errors import BookletError
from sync_server import audit, evidence, feed, notices
from sync_server.context import Context
from sync_server.db.store import StoreUnavailable
from sync_server.db.tables import record as register_record
from sync_server.db.tables import submission
from sync_server.forwarding import outbox
from sync_server.forwarding.drop_folder import DropFolder
from sync_server.forwarding.outbox import FORCE_RECORDS, LOCAL_AUTHORITY, Claimed
from sync_server.forwarding.sdm import document
from sync_server.forwarding.systems import ForceSystem, Never, NotNow

log = logging.getLogger(__name__)

AT_ONCE = 50
PAUSE_S = 0.5

Address = Callable[[Claimed], ForceSystem]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to."""

    delivered: int = 0
    put_off: int = 0
    dead: int = 0


def drop_folders(context: Context) -> Address:
    """A folder per force for its records, and one per council for notices."""

    def address(claimed: Claimed) -> ForceSystem:
        if claimed.target.startswith(LOCAL_AUTHORITY):
            council = claimed.target.removeprefix(LOCAL_AUTHORITY)
            return DropFolder(context.settings.drop / "local_authority" / council)
        return DropFolder(context.settings.drop / claimed.force)

    return address


def deliver_due(
    context: Context, address: Address | None = None, chance: Callable[[], float] = outbox.any_chance
) -> Round:
    """Make one attempt at everything that is due, fifty at most."""
    find = address or drop_folders(context)
    now = context.now()
    claimed = context.store.write(lambda connection: outbox.claim(connection, now=now, most=AT_ONCE))
    ends = [_attempt(context, find, one, chance()) for one in claimed]
    return Round(ends.count("delivered"), ends.count("put_off"), ends.count("dead"))


def _attempt(context: Context, find: Address, claimed: Claimed, chance: float) -> str:
    try:
        find(claimed).deliver(_content(context, claimed), once=claimed.once)
    except NotNow as reason:
        words = str(reason)
        dead = context.store.write(
            lambda connection: outbox.put_off(
                connection, claimed, now=context.now(), reason=words, chance=chance
            )
        )
        return _said(claimed, "dead" if dead else "put_off")
    except Never as reason:
        words = str(reason)
        context.store.write(lambda connection: outbox.set_aside(connection, claimed, reason=words))
        return _said(claimed, "dead")
    context.store.write(lambda connection: _settle(connection, context, claimed))
    return "delivered"


def _settle(connection: Connection, context: Context, claimed: Claimed) -> None:
    if outbox.delivered(connection, claimed, now=context.now()):
        audit.note(
            connection,
            force=claimed.force,
            record=claimed.record,
            who="server",
            what="delivered",
            at=context.now(),
            detail={"target": claimed.target, "rev": claimed.rev, "tries": claimed.tries},
        )
        if claimed.target.startswith(LOCAL_AUTHORITY):
            _tell_author(connection, claimed, at=context.now())


def _tell_author(connection: Connection, claimed: Claimed, *, at: datetime) -> None:
    """The officer at the door hears that the council has been told."""
    author = connection.execute(
        select(register_record.c.author).where(register_record.c.record == claimed.record)
    ).scalar()
    if author is not None:
        feed.add(
            connection,
            force=claimed.force,
            recipient=feed.to_officer(claimed.force, author),
            kind=feed.STATUS,
            at=at,
            record=claimed.record,
            rev=claimed.rev,
            detail={"state": "council_told", "council_told_at": instant(at)},
        )


def _said(claimed: Claimed, end: str) -> str:
    # Ids only. A log line must never say who is missing.
    log.warning("delivery_%s id=%s target=%s tries=%s", end, claimed.id, claimed.target, claimed.tries)
    return end


def _content(context: Context, claimed: Claimed) -> Mapping[str, Any]:
    """What is to be delivered, opened from where it lies sealed."""
    safe = context.keys.safe
    try:
        with context.store.read() as connection:
            if claimed.target != FORCE_RECORDS:
                notice = notices.content_of(connection, safe, claimed.record, claimed.rev)
                return _there(notice)
            received = connection.execute(
                select(submission.c.received_at).where(
                    submission.c.record == claimed.record,
                    submission.c.rev == claimed.rev,
                    submission.c.state == "stored",
                )
            ).scalar()
            record = evidence.record_of(connection, safe, claimed.record, claimed.rev)
    except BookletError as error:
        raise Never(f"it cannot be opened ({error.code})") from error
    return _there(document(record, received) if record and received else None)


def _there(content: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if content is None:
        raise Never("there is nothing to deliver under this number")
    return content


class Postman:
    """Delivers in the background for as long as the server runs."""

    def __init__(self, context: Context, address: Address | None = None) -> None:
        self._context = context
        self._address = address
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round that is under way, then end. Call this before the store is closed."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                busy = deliver_due(self._context, self._address) != Round()
            except StoreUnavailable as error:
                # What was claimed comes back when its lease runs out.
                log.warning("postman_waits code=%s", error.code)
                busy = False
            if not busy:
                self._stop.wait(PAUSE_S)
