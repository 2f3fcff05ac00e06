"""The one thread that owns when to send: wakes at once, waits its turn, stops when told."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import pytest
from starlette.requests import Request
from starlette.responses import Response

from field_app.store.errors import StoreFull
from field_app.store.keeper import KeeperGone
from field_app.sync.courier import Courier
from field_app.sync.news import (
    Because,
    DeviceStopped,
    News,
    Received,
    SignInNeeded,
    Stopped,
    UpdateNeeded,
    UpToDate,
    Waiting,
)
from field_app.sync.patience import BETWEEN_GLANCES
from field_app.sync.rounds import Waiting as WaitingItem
from field_app.vault.errors import SecretsNotKept
from tests.field_app.sync.desks import NOW, Bench, MemoryOutbox, client_of
from tests.support.portals import SmallForce, portal_page, refusal

T = TypeVar("T")


def longest(_low: float, high: float) -> float:
    """Luck that always draws the longest wait."""
    return high


@dataclass
class Listener:
    """Hears the courier's news, and lets a test wait for some."""

    heard: queue.Queue[News] = field(default_factory=queue.Queue)

    def until(self, kind: type[T]) -> T:
        """The next news of this kind."""
        while True:
            news = self.heard.get(timeout=10)
            if isinstance(news, kind):
                return news


@contextmanager
def running(bench: Bench) -> Iterator[tuple[Courier, Listener]]:
    """A courier in its thread, stopped at the end."""
    listener = Listener()
    courier = a_courier(bench, listener.heard.put)
    courier.start()
    try:
        yield courier, listener
    finally:
        assert courier.stop()


def a_courier(
    bench: Bench, on_news: Callable[[News], None], *, at: Callable[[], float] | None = None
) -> Courier:
    """A courier for this desk."""
    clock = {"monotonic": at} if at else {}
    return Courier(
        bench.desk(),
        connect=lambda: client_of(bench.force),
        on_news=on_news,
        draw=longest,
        wall=lambda: NOW,
        **clock,
    )


def test_what_waits_at_the_start_is_sent_at_once(bench: Bench) -> None:
    """An app that was closed in a cellar and opened on the street."""
    record = bench.waits(1)

    with running(bench) as (_, listener):
        assert listener.until(Received).record == record
        listener.until(UpToDate)


def test_a_kick_sends_at_once(bench: Bench) -> None:
    """The officer has submitted; the next look at the server would be minutes away."""
    with running(bench) as (courier, listener):
        listener.until(UpToDate)
        record = bench.waits(1)
        courier.kick()

        assert listener.until(Received).record == record


def test_a_glance_asks_for_news_once_the_last_time_is_long_enough_ago(bench: Bench) -> None:
    """By a clock that the test moves: nobody waits twenty seconds here."""
    now = [1000.0]
    listener = Listener()
    courier = a_courier(bench, listener.heard.put, at=lambda: now[0])
    courier.round()
    due = courier._timetable.due
    courier.glance()
    assert courier._timetable.due == now[0] + BETWEEN_GLANCES < due
    assert courier.stop()


def test_a_kick_during_a_round_is_not_lost(bench: Bench, force: SmallForce) -> None:
    """The outbox was read before the officer pressed "Submit"."""
    in_round, go_on = threading.Event(), threading.Event()

    def slow(_request: Request, _body: bytes) -> Response:
        in_round.set()
        go_on.wait(10)
        del force.instead["/v1/changes"]
        return force._changes("", 100)

    force.instead["/v1/changes"] = slow
    with running(bench) as (courier, listener):
        assert in_round.wait(10)
        record = bench.waits(1)
        courier.kick()
        go_on.set()

        assert listener.until(Received).record == record


def test_the_courier_says_when_it_has_ended(bench: Bench) -> None:
    """And closes its connection."""
    with running(bench) as (courier, listener):
        listener.until(UpToDate)
        assert courier.stop()
        assert listener.until(Stopped) == Stopped(asked=True)


def test_stopping_ends_after_the_question_under_way(bench: Bench, force: SmallForce) -> None:
    """Its receipt is kept; the next record waits for another time."""
    force.batches = False
    first, _ = bench.waits(1), bench.waits(2)
    asked, go_on = threading.Event(), threading.Event()

    def slow(record: str, _rev: int) -> None:
        asked.set()
        go_on.wait(10)

    force.after = slow
    with running(bench) as (courier, _listener):
        assert asked.wait(10)
        assert not courier.stop(within=0)
        courier._leave.overdue = False  # as if the answer had come within the time
        go_on.set()
        assert courier.stop()

    assert force.deliveries == [(first, 1)]
    assert list(bench.outbox.receipts) == [(first, 1)]


def test_an_answer_that_comes_after_the_vault_has_closed_is_thrown_away(
    bench: Bench, force: SmallForce
) -> None:
    """Nothing may be written then; the same receipt comes again at the next sending."""
    bench.waits(1)
    asked, go_on = threading.Event(), threading.Event()

    def slow(record: str, _rev: int) -> None:
        asked.set()
        go_on.wait(10)

    force.after = slow
    with running(bench) as (courier, listener):
        assert asked.wait(10)
        assert not courier.stop(within=0)
        go_on.set()
        assert listener.until(Stopped).asked

    assert len(force.stored) == 1
    assert bench.outbox.receipts == {}


def test_a_courier_that_was_never_started_can_be_stopped(bench: Bench) -> None:
    """The app was closed at the lock screen."""
    assert a_courier(bench, lambda _: None).stop()


@dataclass
class BrokenOutbox(MemoryOutbox):
    """An outbox on a device that is full, or whose keeper has gone."""

    error: Exception = field(default_factory=StoreFull)

    def waiting(self) -> list[WaitingItem]:
        """Raise."""
        raise self.error


@pytest.mark.parametrize("error", [StoreFull(), SecretsNotKept()], ids=lambda error: str(error.code))
def test_a_full_device_is_waited_for(bench: Bench, error: Exception) -> None:
    """Its store or its key store; the courier goes on once there is room."""
    bench.outbox = BrokenOutbox(error=error)

    with running(bench) as (_, listener):
        assert listener.until(Waiting).reason is Because.STORAGE


def test_a_courier_whose_keeper_has_gone_ends_quietly(bench: Bench) -> None:
    """The app is closing."""
    bench.outbox = BrokenOutbox(error=KeeperGone())

    with running(bench) as (_, listener):
        assert listener.until(Stopped).asked


@pytest.mark.parametrize(
    ("path", "answer", "news"),
    [
        ("/v1/changes", portal_page(200), Waiting(Because.NOT_OUR_SERVER, NOW + timedelta(seconds=1))),
        ("/v1/changes", refusal(500, "mistake"), Waiting(Because.SERVER_BUSY, NOW + timedelta(seconds=1))),
        ("/v1/changes", refusal(401, "clock_skew"), Waiting(Because.CLOCK, NOW + timedelta(seconds=1))),
        ("/v1/changes", refusal(401, "replayed"), Waiting(Because.NO_SIGNAL, NOW + timedelta(seconds=1))),
        ("/v1/changes", refusal(426, "app_too_old", min_app="2.0"), UpdateNeeded("2.0")),
        ("/v1/changes", refusal(403, "device_not_active"), DeviceStopped(revoked=True)),
        ("/v1/changes", refusal(401, "unknown_device"), DeviceStopped(revoked=False)),
        ("/v1/auth/refresh", refusal(401, "session_over"), SignInNeeded()),
    ],
)
def test_the_screen_is_told_why_nothing_goes(
    bench: Bench, force: SmallForce, path: str, answer: Response, news: News
) -> None:
    """In one value that the screen can put in words, with when it goes on by itself."""
    told: list[News] = []
    force.access = "access-2" if path == "/v1/auth/refresh" else force.access
    force.instead[path] = lambda _request, _body: answer
    courier = a_courier(bench, told.append)

    courier.round()
    courier.stop()

    assert told[-1] == news


def test_waiting_grows_with_each_failure_and_ends_with_a_success(bench: Bench, force: SmallForce) -> None:
    """One second, two, four; and about five minutes once all is well."""
    told: list[News] = []
    courier = a_courier(bench, told.append, at=lambda: 1000.0)
    force.instead["/v1/changes"] = lambda _request, _body: portal_page(200)

    for _ in range(3):
        courier.round()
    waits = [news.next_try - NOW for news in told if isinstance(news, Waiting)]
    force.instead.clear()
    courier.round()
    courier.stop()

    assert waits == [timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=4)]
    assert isinstance(told[-1], UpToDate)
