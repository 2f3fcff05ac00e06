"""What time it is on this device, and how far that may be believed.

The device never sets its clock. It learns from the server's answers how far off
it is, and writes that beside every time it notes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from booklets.stamps import Confidence, Stamp


class DeviceClock:
    """The one clock of the app. ``wall`` and ``monotonic`` are given, so that tests can bend them."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset_ms = 0
        self._confidence = Confidence.DEVICE

    def learn(self, offset_ms: int) -> None:
        """The server's clock is ahead of this one by so many milliseconds."""
        self._offset_ms = offset_ms
        self._confidence = Confidence.ESTIMATED

    def stamp(self) -> Stamp:
        """This moment, with everything that is known about it."""
        return Stamp(self._wall(), self._offset_ms, int(self._monotonic() * 1000), self._confidence)

    def now(self) -> datetime:
        """This instant in UTC, corrected by what the server has said."""
        return self._wall().astimezone(UTC) + timedelta(milliseconds=self._offset_ms)

    @property
    def offset_ms(self) -> int:
        """How far the server's clock is ahead of this one."""
        return self._offset_ms
