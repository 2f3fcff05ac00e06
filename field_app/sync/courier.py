"""One courier owns when to send. It lives in a thread of its own, away from the screen.

    kick()               something new to send, or the app is looked at again: at once
    glance()             somebody goes to their list: at once, where all is well, but seldom
    network_regained()   within five seconds, not together with everyone else
    stop()               after the question under way; cutting one short loses nothing either

What a round does is in ``rounds``; how long to wait is in ``patience``. The courier only puts the two
together, and tells the screen.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from field_app.store.errors import StoreError
from field_app.store.keeper import KeeperGone
from field_app.sync.client import SyncClient
from field_app.sync.clocks import wall_now
from field_app.sync.errands import Fetched, Wanted
from field_app.sync.failures import (
    AppTooOld,
    ClockSkew,
    NotEnrolled,
    NotOurServer,
    Revoked,
    SignInAgain,
    SyncFailed,
    TryLater,
)
from field_app.sync.news import (
    Because,
    DeviceStopped,
    News,
    SignInNeeded,
    Stopped,
    UpdateNeeded,
    UpToDate,
    Waiting,
)
from field_app.sync.patience import Draw, Timetable
from field_app.sync.rounds import Desk, Halted, Leave, Memory, Round, make_round
from field_app.vault.errors import VaultError

log = logging.getLogger(__name__)

STOP_WITHIN: Final = 5.0


class Courier:
    """Sends what waits and fetches what is new, for one officer's open vault.

    ``on_news`` is called from the courier's thread and must return at once.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        connect: Callable[[], SyncClient],
        on_news: Callable[[News], None],
        draw: Draw = random.uniform,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = wall_now,
    ) -> None:
        self._leave = Leave()
        self._desk = replace(desk, tell=on_news, leave=self._leave, hurried=self._is_hurried)
        self._connect = connect
        self._tell = on_news
        self._monotonic = monotonic
        self._wall = wall
        self._memory = Memory()
        self._timetable = Timetable(draw=draw)
        self._changed = threading.Condition()
        self._hurried = False
        self._client: SyncClient | None = None
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin, with a round at once."""
        self._thread.start()

    def kick(self) -> None:
        """There is something new to send, or somebody is looking: make a round now."""
        with self._changed:
            self._hurried = True
            self._timetable.hurry(self._monotonic())
            self._changed.notify()

    def glance(self) -> None:
        """Somebody goes to their list: see whether there is news, with signal and not too often."""
        with self._changed:
            self._timetable.glance(self._monotonic())
            self._changed.notify()

    def _is_hurried(self) -> bool:
        with self._changed:
            return self._hurried

    def fetch(self, record: str) -> Future[Fetched]:
        """Have one of the officer's own records fetched, to be read again: at once, if there is a way."""
        waiting = self._desk.errands.ask(record)
        self.kick()
        return waiting

    def look(self, one: Wanted) -> Future[None]:
        """Have a photograph fetched, to be looked at: at once if there is a way, on where it was cut."""
        waiting = self._desk.errands.look(one)
        self.kick()
        return waiting

    def network_regained(self) -> None:
        """The device has a network again: make a round soon."""
        with self._changed:
            self._timetable.network_regained(self._monotonic())
            self._changed.notify()

    def stop(self, within: float = STOP_WITHIN) -> bool:
        """End after the question under way. False if that takes longer than ``within`` seconds.

        Then its answer is thrown away, and nothing is stored any more: the vault may be closed. What was
        cut short, even by the end of the process, happens again later, and nothing is lost.
        """
        with self._changed:
            self._leave.asked = True
            self._changed.notify()
        if self._thread.ident is None:  # never started: rounds may have been made all the same
            self._hang_up()
        else:
            self._thread.join(within)
            self._leave.overdue = self._thread.is_alive()
        return not self._thread.is_alive()

    def round(self) -> Round:
        """Make one round now, on the caller's thread, and say how. Raises StoreError or VaultError."""
        if self._client is None:
            self._client = self._connect()
        with self._changed:
            self._hurried = False
        done = make_round(self._client, self._desk, self._memory)
        if isinstance(done.ended_by, Halted):
            return done
        with self._changed:
            news = self._entered(done)
        self._tell(news)
        return done

    def _run(self) -> None:
        asked = False
        try:
            while self._waited():
                try:
                    self.round()
                except KeeperGone:
                    break
                except (StoreError, VaultError) as error:
                    log.warning("courier_store why=%s", error.code)
                    self._store_failed()
            asked = True
        finally:
            self._desk.errands.fail(Halted())
            self._hang_up()
            self._tell(Stopped(asked))

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _waited(self) -> bool:
        """Wait until a round is due. False when it is time to stop."""
        with self._changed:
            while not self._leave.asked:
                left = self._timetable.due - self._monotonic()
                if left <= 0:
                    return True
                self._changed.wait(left)
            return False

    def _entered(self, done: Round) -> News:
        """Enter in the timetable how a round went; what the screen is told of it."""
        at = self._monotonic()
        news: News
        match done.ended_by:
            case None:
                self._timetable.all_well(at)
                news = UpToDate(self._wall())
            case TryLater() as trouble:
                self._timetable.failed(
                    at, retry_after=trouble.retry_after, some_got_through=done.some_got_through
                )
                news = Waiting(_because(trouble), self._next_try(at))
            case failed:
                self._timetable.stands(at)
                news = _needs_a_person(failed)
        if self._hurried:  # asked for during the round, so perhaps for something that it missed
            self._timetable.hurry(at)
        return news

    def _store_failed(self) -> None:
        with self._changed:
            at = self._monotonic()
            self._timetable.failed(at)
            news = Waiting(Because.STORAGE, self._next_try(at))
        self._tell(news)

    def _next_try(self, at: float) -> datetime:
        return self._wall() + timedelta(seconds=self._timetable.due - at)


def _because(trouble: TryLater) -> Because:
    match trouble:
        case NotOurServer():
            return Because.NOT_OUR_SERVER
        case ClockSkew():
            return Because.CLOCK
        case TryLater(why=why) if why.startswith("status_"):
            return Because.SERVER_BUSY
        case _:
            return Because.NO_SIGNAL


def _needs_a_person(failed: SyncFailed) -> News:
    match failed:
        case SignInAgain():
            return SignInNeeded()
        case AppTooOld():
            return UpdateNeeded(failed.minimum)
        case Revoked(order=order):
            return DeviceStopped(revoked=True, order=order)
        case NotEnrolled():
            return DeviceStopped(revoked=False)
        case _:
            return SignInNeeded()
