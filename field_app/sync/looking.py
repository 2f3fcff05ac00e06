"""A photograph on its way to somebody who looks at it: in pieces, on at the byte where the line was cut.

    GET /v1/records/{record}/attachments/{attachment}?from=  ->  an envelope for this device

In it lie four bytes that say how long a line of JSON is, that line, and the piece. Nothing of it is stored:
it lies in the memory of whoever waits. What is to be sent goes first, also between two pieces.
"""

from __future__ import annotations

import json
import logging
from concurrent.futures import CancelledError
from typing import Any, Final

from booklets.sealing import BadSignature, EnvelopeMalformed, NotForThisKey, SealBroken
from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Signed
from field_app.sync.errands import Wanted
from field_app.sync.failures import NotOurServer, Refused, SyncFailed, TryLater
from field_app.sync.hearing import for_this_device
from field_app.sync.reading import Fields

log = logging.getLogger(__name__)

LENGTH_BYTES: Final = 4
MOST: Final = 4 * 1024 * 1024
"""What a handheld holds in memory without trouble, and more than a photograph weighs."""


def bring_wanted(client: SyncClient, desk: Desk, officer: Signed) -> None:
    """Fetch what somebody waits to see, until something comes up that goes first: a later round goes on.

    What is refused, and a cut that is no lost signal, is told to whoever waits and ends no round.
    """
    while found := desk.errands.first_wanted():
        one, waiting = found
        why: BaseException | None = None
        try:
            if not _bring(client, desk, officer, one):
                return
        except (Refused, TryLater, CancelledError) as trouble:
            why = trouble
        except SyncFailed as trouble:
            desk.errands.done(one)
            waiting.set_exception(trouble)
            raise
        desk.errands.done(one)
        if why is None:
            waiting.set_result(None)
            continue
        waiting.set_exception(why)
        if isinstance(why, TryLater) and why.whole_line:
            raise why


def _bring(client: SyncClient, desk: Desk, officer: Signed, one: Wanted) -> bool:
    """Bring all of it. False when something came up that goes first: what came stays."""
    while not one.is_whole:
        _ask_on(one)
        start = len(one.got)
        sealed = officer.asks(
            lambda session, start=start: client.photograph(  # type: ignore[misc]
                one.record, one.attachment, start, session=session
            )
        )
        opened = _opened(client, desk, one, sealed)
        _ask_on(one)  # opening takes its time as well
        _add(one, opened, start)
        one.told(len(one.got), one.size)
        if desk.hurried():
            return len(one.got) == one.size
    return True


def _ask_on(one: Wanted) -> None:
    """Nothing more is asked for, and nothing put there, once whoever waited has turned to something else."""
    if one.given_up:
        raise CancelledError


def _add(one: Wanted, opened: bytes, start: int) -> None:
    """Add a piece, if it is of this photograph and goes on where it is to."""
    length = int.from_bytes(opened[:LENGTH_BYTES])
    said = Fields(_line(opened[LENGTH_BYTES : LENGTH_BYTES + length]))
    piece, size = opened[LENGTH_BYTES + length :], said.whole("size")
    fits = bool(piece) and start + len(piece) <= size <= MOST
    if not fits or said.whole("from") != start or said.text("attachment") != one.attachment:
        raise NotOurServer("another_photograph", whole_line=False)
    if start and size != one.size:  # another file than the one that was begun
        one.got.clear()
        raise NotOurServer("another_photograph", whole_line=False)
    one.size, one.media_type = size, said.text("media_type")
    one.got += piece


def _line(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise NotOurServer("unreadable", whole_line=False) from None


def _opened(client: SyncClient, desk: Desk, one: Wanted, sealed: bytes) -> bytes:
    """What is in the envelope, if the force signed it for this device about this record."""
    try:
        try:
            header, body = for_this_device(sealed, desk, client.known_keys)
        except BadSignature:
            header, body = for_this_device(sealed, desk, client.keys())
    except (BadSignature, EnvelopeMalformed, NotForThisKey, SealBroken) as why:
        log.warning("photograph_unopened record=%s why=%s", one.record, why.code)
        raise NotOurServer("unreadable", whole_line=False) from None
    if header.record != one.record:
        raise NotOurServer("another_record", whole_line=False)
    return body
