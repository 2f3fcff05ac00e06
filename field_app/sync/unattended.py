"""A round with nobody signed in: say that we are here, hear what the force wants, send what is sealed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from field_app.sync.failures import Refused, Revoked, SyncFailed, TryLater
from field_app.sync.locked import LockedClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """One sealed revision in a vault that nobody has open."""

    vault: str
    record: str
    rev: int
    envelope: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedDesk:
    """What such a round works with besides the server; each answers once what it was given is durable."""

    waiting: Callable[[], Sequence[Left]]
    handed_over: Callable[[Left, bytes], None]
    report: Callable[[], Mapping[str, Any]]
    keep_policy: Callable[[bytes], None]


@dataclass(slots=True)
class LockedRound:
    """How it went. ``heard`` says that our server answered, whatever it said.

    ``order`` is what it has signed for this device, mostly one that it has ``stopped``; to be checked first.
    """

    heard: bool = False
    stopped: bool = False
    order: bytes = b""
    sent: int = 0
    ended_by: SyncFailed | None = None


def make_locked_round(client: LockedClient, desk: LockedDesk) -> LockedRound:
    """Report, then send. A device that was stopped may still send what it had sealed."""
    done = LockedRound()
    try:
        told = client.status(desk.report())
        done.heard, done.order = True, told.order
        if told.policy:
            desk.keep_policy(told.policy)
    except Revoked as revoked:
        done.heard = done.stopped = True
        done.order = revoked.order
    except SyncFailed as failed:
        done.ended_by = failed
        return done
    for item in desk.waiting():
        try:
            _send(client, desk, item)
            done.sent += 1
        except TryLater as trouble:
            done.ended_by = trouble
            if trouble.whole_line:
                break
        except SyncFailed as failed:
            done.ended_by = failed
            break
    return done


def _send(client: LockedClient, desk: LockedDesk, item: Left) -> None:
    """Hand one over. What the server keeps apart it has all the same, so it is not sent again from here."""
    try:
        got = client.sealed_before(item.envelope, record=item.record, rev=item.rev)
        answer = got.signed
    except Refused as refused:
        log.info("left_kept_apart record=%s rev=%d why=%s", item.record, item.rev, refused.code)
        answer = refused.code.encode()
    desk.handed_over(item, answer)
