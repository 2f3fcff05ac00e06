"""A round with nobody signed in: say that we are here, do what the force wants, send what is sealed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from booklets.sealing import BadSignature, Directory, ReceiptRefused, read_receipt
from field_app.sync.failures import Refused, Revoked, SyncFailed, TryLater
from field_app.sync.locked import LockedClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """One sealed revision in a vault that nobody has open.

    ``answer`` is what lies beside it as the force's receipt: anybody may have put it there.
    """

    vault: str
    record: str
    rev: int
    envelope: bytes = field(repr=False)
    answer: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedDesk:
    """What such a round works with besides the server.

    ``obey`` and ``handed_over`` answer once what they were given is durable. ``waiting`` is given the
    force's keys, for what was answered already is left out by its signature. ``refused`` may stop the
    sending of an item and nothing else: a refusal is signed by nobody, and anybody between here and the
    force can say no.
    """

    waiting: Callable[[Directory], Sequence[Left]]
    handed_over: Callable[[Left, bytes], None]
    refused: Callable[[Left], None]
    obey: Callable[[bytes], None]
    report: Callable[[], Mapping[str, Any]]
    keep_policy: Callable[[bytes], None]


@dataclass(slots=True)
class LockedRound:
    """How it went. ``heard`` says that our server answered, whatever it said.

    ``stopped`` says that it has stopped this device.
    """

    heard: bool = False
    stopped: bool = False
    sent: int = 0
    ended_by: SyncFailed | None = None


def is_answered(item: Left, keys: Directory) -> bool:
    """Whether a key of the force has signed that it has just these bytes. Only then may they be erased."""
    if not item.answer:
        return False
    try:
        receipt = read_receipt(item.answer, keys)
    except (ReceiptRefused, BadSignature):
        return False
    return receipt.is_for(record=item.record, rev=item.rev, env_sha256=sha256(item.envelope).hexdigest())


def make_locked_round(client: LockedClient, desk: LockedDesk) -> LockedRound:
    """Report, obey, then send: whatever is wrong with what is to be sent holds up no order.

    A device that was stopped may still send what it had sealed.
    """
    done = LockedRound()
    try:
        told = client.status(desk.report())
        policy, order = told.policy, told.order
    except Revoked as revoked:
        done.stopped = True
        policy, order = b"", revoked.order
    except SyncFailed as failed:
        done.ended_by = failed
        return done
    done.heard = True
    if order:
        desk.obey(order)
    if policy:
        desk.keep_policy(policy)
    _send_all(client, desk, done)
    return done


def _send_all(client: LockedClient, desk: LockedDesk, done: LockedRound) -> None:
    for item in desk.waiting(client.known_keys):
        try:
            done.sent += _send(client, desk, item)
        except TryLater as trouble:
            done.ended_by = trouble
            if trouble.whole_line:
                break
        except SyncFailed as failed:
            done.ended_by = failed
            break


def _send(client: LockedClient, desk: LockedDesk, item: Left) -> bool:
    """Hand one over. Whether the force has signed that it has it."""
    try:
        got = client.sealed_before(item.envelope, record=item.record, rev=item.rev)
    except Refused as refused:
        log.info("left_refused record=%s rev=%d why=%s", item.record, item.rev, refused.code)
        desk.refused(item)
        return False
    desk.handed_over(item, got.signed)
    return True
