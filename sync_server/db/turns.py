"""Server processes that write to one SQLite file take turns.

SQLite would let the second one ask again after pauses that grow to a tenth of a second. A lock on a file
beside the database wakes it when the first is done; the system lets go of it for a process that dies.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# On Windows there is no such lock: there one process serves a file, and has no need of turns.
SEVERAL_MAY_WRITE = sys.platform != "win32"
if sys.platform != "win32":
    import fcntl

OWNER_ONLY = 0o600


class Turns:
    """One process's place in the queue for a database file; None where nobody else can reach it."""

    def __init__(self, database: str | None) -> None:
        self._lock: int | None = None
        if SEVERAL_MAY_WRITE and database:
            self._lock = os.open(f"{database}-turns", os.O_RDWR | os.O_CREAT, OWNER_ONLY)

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait until no other process writes, and keep the others waiting meanwhile."""
        if self._lock is None:
            yield
            return
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave the queue for good."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
