"""Delivers what is due: claim it, let go of the database, deliver, settle.

A delivery may be made twice when this process dies between the other system's
"yes" and our own note of it, never not at all. ``once`` lets the other side
recognise the second.

Each target has a lane of its own, so that a system which is slow or down holds up
nobody else's deliveries. The first "not now" ends a lane's turn: what else was
taken for that system goes back untried.

Records that come in go first, for somebody stands on a doorstep and waits for the receipt: while they do the
postman pauses, never for long, and then takes a few.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from booklets.answers import instant
from booklets.errors import BookletError
from sync_server import audit, encompass, evidence, feed, notices, referrals
from sync_server.context import Context
from sync_server.db.later import first
from sync_server.db.store import BACKGROUND_WORK_GOES_ON, StoreUnavailable
from sync_server.db.tables import Kept, submission
from sync_server.db.tables import record as register_record
from sync_server.forwarding import claiming, council_has
from sync_server.forwarding.addresses import Address, Addresses
from sync_server.forwarding.claiming import Claimed
from sync_server.forwarding.outbox import FORCE_RECORDS, LOCAL_AUTHORITY
from sync_server.forwarding.sdm import document
from sync_server.forwarding.systems import Never, NotNow

log = logging.getLogger(__name__)

AT_ONCE = 50
LANES = 8
PAUSE_S = 0.5
SOON_S = 0.2
QUIET_S, LOOK_EVERY_S = 0.05, 0.02
GIVES_WAY_S, A_FEW = 2.0, 5
"""So long records that come in are let past, and so many deliveries follow while they still do."""
A_TURN = claiming.LEASE / 2  # no attempt begins later, so that it has ended before somebody else may begin

COUNCIL_HEARS: Mapping[str, str] = {LOCAL_AUTHORITY: "council_told", referrals.DANGER_TARGET: "danger_told"}
"""For each kind of target, what an author hears once it has arrived there: of the return, of a danger."""

Chance = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to. What went back untried counts as put off."""

    delivered: int = 0
    put_off: int = 0
    dead: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(self.delivered + other.delivered, self.put_off + other.put_off, self.dead + other.dead)


def deliver_due(
    context: Context, address: Address | None = None, chance: Chance = claiming.any_chance
) -> Round:
    """Make one attempt at what is due, fifty at most, one system after the other."""
    find = address or Addresses(context)
    total = Round()
    until = context.now() + A_TURN
    try:
        for lane in _lanes(_claimed(context)):
            total += _turn(context, find, lane, chance, until)
    finally:
        if isinstance(find, Addresses):
            find.close()
    return total


def _claimed(
    context: Context, busy: frozenset[tuple[str, str]] = frozenset(), most: int = AT_ONCE
) -> list[Claimed]:
    now = context.now()
    return context.store.write(lambda connection: claiming.claim(connection, now=now, most=most, busy=busy))


def _of(claimed: Claimed) -> tuple[str, str]:
    return claimed.force, claimed.target


def _lanes(claimed: list[Claimed]) -> list[list[Claimed]]:
    """What was taken, by target; within one target in the order in which it was owed."""
    return [list(lane) for _, lane in groupby(sorted(claimed, key=lambda one: (_of(one), one.id)), key=_of)]


def _turn(context: Context, find: Address, lane: list[Claimed], chance: Chance, until: datetime) -> Round:
    """Attempt what was taken for one target, until it says "not now" or the lease is nearly over."""
    done, arrived = Round(), _Arrived(context)
    try:
        for number, one in enumerate(lane):
            if context.now() >= until:
                return done + _give_back(context, lane[number:], timedelta(0))
            ended, wait = _attempt(context, find, one, chance(), arrived)
            done += ended
            if wait is not None:
                return done + _give_back(context, lane[number + 1 :], max(claiming.FIRST_WAIT, wait))
    finally:
        arrived.settle()
    return done


@dataclass
class _Arrived:
    """What was delivered and is not settled yet: several in a row are settled together, and soon."""

    context: Context
    waiting: list[Claimed] = field(default_factory=list)
    since: float = 0.0

    def add(self, claimed: Claimed) -> None:
        self.since = self.since if self.waiting else time.monotonic()
        self.waiting.append(claimed)
        if time.monotonic() - self.since >= SOON_S:
            self.settle()

    def settle(self) -> None:
        waiting, self.waiting = self.waiting, []
        if waiting:
            self.context.store.write(partial(_settle, context=self.context, arrived=waiting))


def _give_back(context: Context, untried: list[Claimed], wait: timedelta) -> Round:
    at = context.now() + wait

    def work(connection: Connection) -> None:
        for one in untried:
            claiming.give_back(connection, one, at=at)

    if untried:
        context.store.write(work)
    return Round(put_off=len(untried))


def _attempt(
    context: Context, find: Address, claimed: Claimed, chance: float, arrived: _Arrived
) -> tuple[Round, timedelta | None]:
    """Try one. What came of it, and, when its system is not there now, how long it wants to be left."""
    try:
        with context.store.computing(), context.store.read() as connection:
            if not claiming.is_still_taken(
                connection, claimed
            ):  # it was stopped while others were delivered
                return Round(), None
            content = council_has.headed(connection, _content(connection, context, claimed), claimed)
            content = _saying_so(content, claimed)
        find(claimed).deliver(content, once=claimed.once)
    except NotNow as why:
        reason, after = str(why), why.after
        dead = context.store.write(
            lambda connection: _gave_up(
                connection,
                context,
                claimed,
                claiming.put_off(
                    connection, claimed, now=context.now(), reason=reason, chance=chance, after=after
                ),
            )
        )
        _say(claimed, "dead" if dead else "put_off")
        return Round(dead=1) if dead else Round(put_off=1), after
    except Never as why:
        reason = str(why)
        context.store.write(
            lambda connection: _gave_up(
                connection, context, claimed, claiming.set_aside(connection, claimed, reason=reason)
            )
        )
        _say(claimed, "dead")
        return Round(dead=1), None
    arrived.add(claimed)
    return Round(delivered=1), None


def _gave_up(connection: Connection, context: Context, claimed: Claimed, dead: bool) -> bool:
    """Whether it was given up: whoever would have rung a school rings it now."""
    if dead and claimed.target.startswith(referrals.SCHOOL_TARGET):
        if claimed.takes_back:
            _ring_the_wrong_school(connection, context, claimed)
        else:
            encompass.not_by_itself(connection, claimed.record, encompass.ByHand.NOT_DELIVERED)
    return dead


def _ring_the_wrong_school(connection: Connection, context: Context, claimed: Claimed) -> None:
    minutes = context.policy(claimed.force).settings.get(encompass.MINUTES)
    now = context.now()
    encompass.not_taken_back(
        connection,
        claimed.record,
        claimed.rev,
        claimed.target,
        set_at=now,
        due_at=now + timedelta(minutes=minutes if isinstance(minutes, int) else encompass.OTHERWISE),
    )


def _settle(connection: Connection, *, context: Context, arrived: list[Claimed]) -> None:
    for claimed in arrived:
        if claiming.delivered(connection, claimed, now=context.now()):
            claiming.hurry(connection, claimed, now=context.now())
            audit.note(
                connection,
                force=claimed.force,
                record=claimed.record,
                who="server",
                what="delivered",
                at=context.now(),
                detail={"target": claimed.target, "rev": claimed.rev, "tries": claimed.tries},
            )
            if claimed.target.startswith(referrals.SCHOOL_TARGET):
                encompass.arrived(connection, claimed.record)
                if claimed.takes_back:
                    encompass.taken_back(connection, claimed.record, claimed.target)
            council_has.call_still_waits(connection, claimed)
            told = next((told for to, told in COUNCIL_HEARS.items() if claimed.target.startswith(to)), None)
            if told and not claimed.takes_back and not council_has.somebody_waits(connection, claimed):
                _tell_author(connection, claimed, told, at=context.now())


def _tell_author(connection: Connection, claimed: Claimed, told: str, *, at: datetime) -> None:
    """The officer at the door hears that the council has been told, and of what."""
    written = first(connection, _AUTHOR, {"of": claimed.record})
    if written is not None:
        feed.add(
            connection,
            force=claimed.force,
            recipient=feed.to_officer(claimed.force, written.author),
            kind=feed.STATUS,
            at=at,
            record=claimed.record,
            rev=claimed.rev,
            detail={"state": told, f"{told}_at": instant(at)},
        )


_AUTHOR = select(register_record.c.author).where(register_record.c.record == bindparam("of"))


def _say(claimed: Claimed, end: str) -> None:
    # Ids only. A log line must never say who is missing.
    log.warning("delivery_%s id=%s target=%s tries=%s", end, claimed.id, claimed.target, claimed.tries)


def _content(connection: Connection, context: Context, claimed: Claimed) -> Mapping[str, Any]:
    """What is to be delivered, opened from where it lies sealed."""
    safe = context.keys.safe
    try:
        if claimed.target != FORCE_RECORDS:
            kind, authority = referrals.kind_for(claimed.target), claimed.target.partition(":")[2]
            of = claimed.record, claimed.rev
            return _there(notices.content_of(connection, safe, *of, kind, authority=authority))
        came = first(connection, _RECEIVED, {"of": claimed.record, "rev": claimed.rev})
        record = evidence.record_of(connection, safe, claimed.record, claimed.rev)
    except BookletError as error:
        raise Never(f"it cannot be opened ({error.code})") from error
    return _there(document(record, came.received_at) if record and came else None)


_RECEIVED = select(submission.c.received_at).where(
    submission.c.record == bindparam("of"),
    submission.c.rev == bindparam("rev"),
    submission.c.state == Kept.STORED.value,
)


def _saying_so(content: Mapping[str, Any], claimed: Claimed) -> Mapping[str, Any]:
    """What left without a decision says so to whoever reads it, and to a system that sorts."""
    if claimed.target != FORCE_RECORDS:
        return council_has.unreviewed(content, claimed.undecided_by)
    if not claimed.undecided_by:
        return content
    return {**content, "meta": {**content["meta"], "undecided": claimed.undecided_by}}


def _there(content: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if content is None:
        raise Never("there is nothing to deliver under this number")
    return content


@dataclass
class Postman:
    """Delivers in the background for as long as the server runs. Several processes may have one each."""

    context: Context
    address: Address | None = None
    chance: Chance = claiming.any_chance
    _stop: threading.Event = field(default_factory=threading.Event)
    _turns: dict[tuple[str, str], Future[Round]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the deliveries that are under way, then end. Call this before the store is closed."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        find = self.address or Addresses(self.context)
        with ThreadPoolExecutor(LANES, thread_name_prefix="delivery") as pool:
            while not self._stop.is_set():
                if not self._round(pool, find):
                    self._stop.wait(PAUSE_S)
        if isinstance(find, Addresses):
            find.close()

    def _round(self, pool: ThreadPoolExecutor, find: Address) -> bool:
        """Give each target with something due and nobody at it a turn. Whether there was any."""
        until = self.context.now() + A_TURN
        try:
            for of in [of for of, turn in self._turns.items() if turn.done()]:
                self._turns.pop(of).result()
            most = self._given_way() if self._free() else 0
            lanes = _lanes(_claimed(self.context, frozenset(self._turns), most)) if most else []
        except BACKGROUND_WORK_GOES_ON:
            # What was claimed comes back when its lease runs out.
            log.warning("postman_waits code=%s", StoreUnavailable.code)
            return False
        for lane in lanes:
            self._turns[_of(lane[0])] = pool.submit(_turn, self.context, find, lane, self.chance, until)
        return bool(lanes)

    def _given_way(self) -> int:
        """Let records that come in past, but not for ever; how many deliveries may follow now."""
        until = time.monotonic() + GIVES_WAY_S
        while self.context.coming.quiet_s() < QUIET_S:
            if time.monotonic() >= until or self._stop.wait(LOOK_EVERY_S):
                return A_FEW
        return AT_ONCE

    def _free(self) -> bool:
        return len(self._turns) < LANES
