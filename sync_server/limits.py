"""What one caller may ask of the server, and how much work may wait at once.

Limits are per process and in memory: they protect this process. What must hold across a restart (a code
spent, a nonce used, an account locked) is in the database.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import ParamSpec, TypeVar

from starlette.requests import Request

from booklets.errors import BookletError
from sync_server.context import Context

P = ParamSpec("P")
T = TypeVar("T")

MOST_BODY = 1024 * 1024
MOST_FORM = 16 * 1024
MOST_CALLERS = 20_000
WORKERS = 8
MOST_WAITING = 256


class TooOften(BookletError):
    """This caller has asked too often. ``retry_after`` says in how many seconds it may again."""

    code = "too_often"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many tries in a short time. Nothing was lost; wait a little and try again.")
        self.retry_after = retry_after


class BodyTooLarge(BookletError):
    """The request's body is larger than anything we send. It was not read."""

    code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"This is larger than the {most:,} bytes that the server takes in one piece.")


class ServerBusy(BookletError):
    """More work waits already than can be done soon."""

    code = "busy"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__("The server is busy. Nothing was lost; try again in a few seconds.")


@dataclass(slots=True)
class Allowance:
    """So many tries per minute for each caller, saved up to ``burst``."""

    per_minute: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str) -> None:
        """Spend one try of this caller's, or refuse."""
        with self._lock:
            left = self._now(caller)
            if left < 1:
                raise TooOften(max(1, round((1 - left) * 60 / self.per_minute)))
            self._keep(caller, left - 1)

    def give_back(self, caller: str) -> None:
        """The try was a good one: it does not count."""
        with self._lock:
            self._keep(caller, min(self.burst, self._now(caller) + 1))

    def left(self, caller: str) -> float:
        """How many tries this caller has just now."""
        with self._lock:
            return self._now(caller)

    def forget(self) -> None:
        """Everybody starts anew."""
        with self._lock:
            self._left.clear()

    def _now(self, caller: str) -> float:
        left, at = self._left.get(caller, (self.burst, self.clock()))
        return min(self.burst, left + (self.clock() - at) * self.per_minute / 60)

    def _keep(self, caller: str, left: float) -> None:
        self._left[caller] = (left, self.clock())
        self._left.move_to_end(caller)
        while len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)


@dataclass(slots=True)
class RecentNonces:
    """Nonces of requests that only read, which are not worth a durable write each."""

    keep_seconds: float = 600
    clock: Callable[[], float] = time.monotonic
    _seen: OrderedDict[tuple[str, str], float] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_new(self, device: str, nonce: str) -> bool:
        """Note the nonce; False when this device has used it already."""
        with self._lock:
            now = self.clock()
            while self._seen and now - next(iter(self._seen.values())) > self.keep_seconds:
                self._seen.popitem(last=False)
            if (device, nonce) in self._seen:
                return False
            self._seen[device, nonce] = now
            return True


class WorkPool:
    """The few threads that touch the database, and a bound on what may wait for them."""

    def __init__(self, *, workers: int = WORKERS, most_waiting: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work")
        self._most = workers + most_waiting
        self._taken = 0
        self._counting = threading.Lock()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do blocking work off the event loop, or refuse at once when too much waits."""
        with self._counting:
            if self._taken >= self._most:
                raise ServerBusy
            try:
                future = self._threads.submit(work, *args, **kwargs)
            except RuntimeError:  # shutting down
                raise ServerBusy from None
            self._taken += 1
        # Freed by the work itself, not by the waiting request: a caller who hangs up frees no thread.
        future.add_done_callback(self._free)
        return await asyncio.wrap_future(future)

    def _free(self, _done: object) -> None:
        with self._counting:
            self._taken -= 1

    def close(self) -> None:
        """Finish what has begun."""
        self._threads.shutdown(wait=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of one server process."""

    pool: WorkPool = field(default_factory=WorkPool)
    # Apart, because it waits for somebody else's server: one that hangs holds up nobody who sends records.
    elsewhere: WorkPool = field(default_factory=lambda: WorkPool(workers=4, most_waiting=16))
    by_address: Allowance = field(default_factory=lambda: Allowance(per_minute=1200, burst=300))
    by_device: Allowance = field(default_factory=lambda: Allowance(per_minute=600, burst=200))
    enrolment: Allowance = field(default_factory=lambda: Allowance(per_minute=5, burst=5))
    sign_in: Allowance = field(default_factory=lambda: Allowance(per_minute=10, burst=10))
    nonces: RecentNonces = field(default_factory=RecentNonces)


def context_of(request: Request) -> Context:
    """The parts of the server answering this request."""
    context = request.app.state.context
    assert isinstance(context, Context)  # noqa: S101 - set by create_app
    return context


def limits_of(request: Request) -> Limits:
    """The limits of the server answering this request."""
    limits = request.app.state.limits
    assert isinstance(limits, Limits)  # noqa: S101 - set by create_app
    return limits


def address_of(request: Request) -> str:
    """Where the request comes from, for counting only."""
    return request.client.host if request.client else "unknown"


async def bounded_body(request: Request, most: int = MOST_BODY) -> bytes:
    """The body, refused before more than ``most`` bytes of it have been read."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise BodyTooLarge(most)
    read = BytesIO()  # gives its bytes away without a second copy of them
    async for part in request.stream():
        if read.tell() + len(part) > most:
            raise BodyTooLarge(most)
        read.write(part)
    return read.getvalue()
