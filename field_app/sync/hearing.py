"""News from the force: fetched page by page, opened, stored, and only then acknowledged.

An item that cannot be opened or believed is stored as such and holds up nothing. A number that is missing
in a stream was lost on the way: then everything is fetched once more from the start, which does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from booklets import wire
from booklets.errors import WireError
from booklets.sealing import (
    BadSignature,
    Directory,
    EnvelopeHeader,
    EnvelopeMalformed,
    NotForThisKey,
    SealBroken,
    open_return,
)
from field_app.sync.client import SyncClient
from field_app.sync.desk import Arrival, Desk, Place, Signed
from field_app.sync.failures import CursorExpired, NotOurServer, Refused, SyncFailed
from field_app.sync.feeding import Changes, Item
from field_app.sync.news import Received, StatusChanged
from field_app.sync.sessions import Session

log = logging.getLogger(__name__)
SHIFT_PACK = "shift_pack"


def fetch_news(client: SyncClient, desk: Desk, officer: Signed, *, stored: Callable[[int], None]) -> None:
    """Read on from where we are, store, then acknowledge. After a gap, once more from the start.

    ``stored`` is told how many arrived, page by page: a later page may fail.
    """
    place = desk.incoming.place()
    from_the_start = not place.cursor
    while True:
        page, place = _page(client, officer, place, may_start_over=not from_the_start)
        if page is None:
            from_the_start = True
            continue
        arrivals = [
            _opened(item, client, desk) for item in page.items if item.seq > place.seen.get(item.stream, 0)
        ]
        place = _after(page, place)
        for one in arrivals:
            _late_receipt(one, client, desk)
        if page.items:
            desk.incoming.keep(arrivals, place)
            stored(len(arrivals))
        for one in _each_pack_once(arrivals):
            desk.tell(StatusChanged(one.kind, one.record, one.rev, one.state))
        if place.acknowledged != place.cursor:
            place = _acknowledge(client, desk, officer, place)
        if not page.more:
            return


def _each_pack_once(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """What the screen is told of: a hundred children of a shift pack are one piece of news."""
    last = next((one for one in reversed(arrivals) if one.kind == SHIFT_PACK), None)
    return [one for one in arrivals if one.kind != SHIFT_PACK or one is last]


def run_errands(client: SyncClient, desk: Desk, officer: Signed) -> None:
    """Fetch what somebody at the screen waits for. What is refused is told to them and ends no round."""
    for record, waiting in desk.errands.take():
        try:
            waiting.set_result(_fetched(client, desk, officer, record))
        except (Refused, NotOurServer) as why:
            waiting.set_exception(why)
        except SyncFailed as why:
            waiting.set_exception(why)
            raise


def _fetched(client: SyncClient, desk: Desk, officer: Signed, record: str) -> Mapping[str, Any]:
    """An own record, opened, if the force signed it for this device."""

    def question(session: Session) -> Item:
        return client.own_record(record, session=session)

    item = officer.asks(question)
    found = _opened(item, client, desk).content
    if found is None or (item.record, found.get("record")) != (record, record):
        raise NotOurServer("another_record", whole_line=False)
    return found


def _page(
    client: SyncClient, officer: Signed, place: Place, *, may_start_over: bool
) -> tuple[Changes | None, Place]:
    """The next page; or nothing and the very beginning, if what we have does not lead on to it."""
    try:
        page = officer.asks(lambda session: client.changes(place.cursor, session=session))
    except CursorExpired:
        if not may_start_over:
            raise NotOurServer("no_beginning") from None
        return None, Place()
    if page.more and page.next == place.cursor:
        raise NotOurServer("no_end")
    if may_start_over and has_gap(page.items, place.seen):
        log.warning("gap_in_news items=%d", len(page.items))
        return None, Place()
    return page, place


def has_gap(items: Sequence[Item], seen: Mapping[str, int]) -> bool:
    """Whether a number is missing in one of the streams."""
    last = dict(seen)
    for item in items:
        if item.seq > last.get(item.stream, 0) + 1:
            return True
        last[item.stream] = max(item.seq, last.get(item.stream, 0))
    return False


def _after(page: Changes, place: Place) -> Place:
    seen = dict(place.seen)
    for item in page.items:
        seen[item.stream] = max(item.seq, seen.get(item.stream, 0))
    return replace(place, cursor=page.next, seen=MappingProxyType(seen))


def _acknowledge(client: SyncClient, desk: Desk, officer: Signed, place: Place) -> Place:
    officer.asks(lambda session: client.ack(place.cursor, session=session))
    place = replace(place, acknowledged=place.cursor)
    desk.incoming.keep((), place)
    return place


def _opened(item: Item, client: SyncClient, desk: Desk) -> Arrival:
    """The item, opened. One that does not open holds up nothing: it is kept as such, and logged."""
    if item.kind == "key_directory":
        client.keys()
    content = None
    try:
        content = _content(item, desk, client.known_keys)
    except BadSignature:
        content = _tried_with_newer_keys(item, client, desk)
    except (EnvelopeMalformed, SealBroken) as why:
        log.warning("news_unopened kind=%s seq=%d why=%s", item.kind, item.seq, why.code)
    return Arrival(item.stream, item.seq, item.kind, item.record, item.rev, content)


def _late_receipt(one: Arrival, client: SyncClient, desk: Desk) -> None:
    """Believe the receipt of what was kept apart and counts now: before its news is stored, so it is sure.

    Hearing it again changes nothing: then the item waits for none any more.
    """
    signed = (one.content or {}).get("receipt")
    found = desk.outgoing.kept_apart(one.record, one.rev) if isinstance(signed, str) else None
    if found is None or not isinstance(signed, str):
        return
    item, sealed = found
    try:
        got = client.receipt_for(sealed, signed.encode(), record=one.record, rev=one.rev)
    except NotOurServer as why:
        log.warning("late_receipt_refused seq=%d why=%s", one.seq, why.why)
        return
    desk.outgoing.received(item, got.signed)
    desk.tell(Received(one.record, one.rev, got.receipt.received_at))


def _tried_with_newer_keys(item: Item, client: SyncClient, desk: Desk) -> Mapping[str, Any] | None:
    try:
        return _content(item, desk, client.keys())
    except (BadSignature, EnvelopeMalformed, SealBroken) as why:
        log.warning("news_unopened kind=%s seq=%d why=%s", item.kind, item.seq, why.code)
        return None


def _content(item: Item, desk: Desk, directory: Directory) -> Mapping[str, Any]:
    """What the item says, if the force signed it, for this device, about the record it is filed under."""
    header, body = for_this_device(item.sealed, desk, directory)
    if (header.record, header.rev) != (item.record, item.rev):
        raise EnvelopeMalformed("This is news about another record.")
    return _message(body)


def for_this_device(sealed: bytes, desk: Desk, directory: Directory) -> tuple[EnvelopeHeader, bytes]:
    """What the force sealed to this device and signed, opened by whichever of its keys it was sealed to."""
    refused: NotForThisKey | None = None
    for key in desk.keys:
        try:
            return open_return(sealed, device=desk.device, key=key, directory=directory)
        except NotForThisKey as why:
            refused = why
    raise refused or NotForThisKey("This device has no key to open news with.")


def _message(body: bytes) -> Mapping[str, Any]:
    try:
        return MappingProxyType(wire.heard(body))
    except WireError:
        raise EnvelopeMalformed("This news cannot be read.") from None
