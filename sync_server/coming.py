"""What comes in at this moment: whoever stands on a doorstep goes before what can wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_double
from math import inf
from multiprocessing.context import BaseContext


class Coming:
    """Counts records that are being taken in. All who share ``last`` note there when one began or ended."""

    def __init__(self, last: c_double | None = None) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._last = c_double(-inf) if last is None else last

    @contextmanager
    def one(self) -> Iterator[None]:
        """One record, for as long as it is taken in."""
        self._counts(1)
        try:
            yield
        finally:
            self._counts(-1)

    def quiet_s(self) -> float:
        """For how many seconds none has come in; 0 while one does, and hardly more while others have one."""
        with self._lock:
            return 0.0 if self._now else time.monotonic() - self._last.value

    def _counts(self, more: int) -> None:
        with self._lock:
            self._now += more
            self._last.value = time.monotonic()


def shared(processes: BaseContext) -> c_double:
    """What several processes of one machine, which have one clock, each make a ``Coming`` of."""
    last: c_double = processes.RawValue(c_double, -inf)
    return last
