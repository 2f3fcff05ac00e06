"""How far off this device's clock is. The device never sets its clock; it knows better than to believe it.

What the server said is held against the time since the device started, which nobody can set. So a wall
clock that jumps an hour, or ten years, moves nothing: the offset moves with it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from booklets.stamps import Confidence, Stamp

HEADER_SLACK: Final = timedelta(seconds=1)  # the header Date has whole seconds
STALE: Final = timedelta(hours=1)  # after this a coarser reading is as good as an old fine one
_DATE: Final = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
_MS: Final = timedelta(milliseconds=1)
# Linux and Android stop the plain monotonic clock while the device sleeps; this one goes on.
_STARTED: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)


def wall_now() -> datetime:
    """What the device's own clock says."""
    return datetime.now(UTC)


def since_start() -> timedelta:
    """Time since the device started, sleep included where the system can tell."""
    return timedelta(seconds=time.clock_gettime(_STARTED) if _STARTED is not None else time.monotonic())


@dataclass(frozen=True, slots=True)
class Offset:
    """What to add to the wall clock to get the server's time, and how far that is to be believed."""

    offset_ms: int = 0
    confidence: Confidence = Confidence.DEVICE


@dataclass(frozen=True, slots=True)
class _Heard:
    """The server's time at one moment since the start, right within ``within`` either way."""

    time: datetime
    started: timedelta
    within: timedelta
    coarse: bool

    def at(self, started: timedelta) -> datetime:
        return self.time + (started - self.started)


class ServerClock:
    """The server's time as well as this device can know it. Safe to ask from any thread.

    ``remembered`` is the offset of an earlier run; it counts until the server is heard again.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = wall_now,
        started: Callable[[], timedelta] = since_start,
        remembered: Offset | None = None,
    ) -> None:
        self._wall = wall
        self._started = started
        self._remembered = remembered or Offset()
        self._heard: _Heard | None = None
        self._gate = threading.Lock()

    @property
    def offset(self) -> Offset:
        """What to add to the wall clock now."""
        return self._offset(self._wall(), self._started())

    @property
    def offset_ms(self) -> int:
        """Milliseconds to add to the wall clock now."""
        return self.offset.offset_ms

    @property
    def confidence(self) -> Confidence:
        """Where the offset comes from."""
        return self.offset.confidence

    def now(self) -> datetime:
        """The best estimate of the server's time."""
        wall = self._wall()
        return wall + timedelta(milliseconds=self._offset(wall, self._started()).offset_ms)

    def stamp(self) -> Stamp:
        """This moment, as an event keeps it."""
        wall, started = self._wall(), self._started()
        offset = self._offset(wall, started)
        return Stamp(wall, offset.offset_ms, started // _MS, offset.confidence)

    def mark(self) -> timedelta:
        """Call before asking the server; hand the result to ``hear``."""
        return self._started()

    def hear(self, server_time: datetime, *, asked: timedelta, within: timedelta = timedelta(0)) -> None:
        """The server said this time, right within ``within``, somewhere between ``asked`` and now.

        A finer reading replaces a coarser one, and any reading one that has grown old. The server's own
        word also replaces what it contradicts; a header (``within`` above 0) does not outdo its word,
        because a gateway on the way may have dated the answer by a clock of its own.
        """
        now = self._started()
        half = (now - asked) / 2
        fresh = _Heard(server_time, asked + half, half + within, coarse=bool(within))
        with self._gate:
            held = self._heard
            if held is None or fresh.within <= held.within or _outdated(held, fresh):
                self._heard = fresh

    def _offset(self, wall: datetime, started: timedelta) -> Offset:
        with self._gate:
            heard = self._heard
        if heard is None:
            return self._remembered
        return Offset(round((heard.at(started) - wall) / _MS), Confidence.ESTIMATED)


def from_header(date: str) -> datetime | None:
    """The moment a Date header means: the middle of its second, or None if it says none."""
    if _DATE.fullmatch(date) is None:  # not even two dates in a row: somebody on the way added one
        return None
    try:
        found = parsedate_to_datetime(date)
    except ValueError:
        return None
    return found.astimezone(UTC) + HEADER_SLACK / 2


def _outdated(held: _Heard, fresh: _Heard) -> bool:
    if fresh.started - held.started > STALE:
        return True
    apart = abs(held.at(fresh.started) - fresh.time)
    return apart > held.within + fresh.within and (held.coarse or not fresh.coarse)
