"""What comes in at this moment, in this process: whoever stands on a doorstep goes before what can wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Coming:
    """Counts the records that are being taken in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._last = -float("inf")

    @contextmanager
    def one(self) -> Iterator[None]:
        """One record, for as long as it is taken in."""
        with self._lock:
            self._now += 1
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1
                self._last = time.monotonic()

    def quiet_s(self) -> float:
        """For how many seconds none has come in; 0 while one does."""
        with self._lock:
            return 0.0 if self._now else time.monotonic() - self._last
