"""One backup at a time in a folder: a second would take the first one's copies for what was cut short."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

LOCK = ".being-made"
TAKEN = frozenset({errno.EACCES, errno.EAGAIN})
OWNER_ONLY = 0o600


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Whether nobody else makes a backup there; nobody begins one meanwhile. Dying lets go of it."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    try:
        yield _taken(handle)
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in TAKEN:
            return False
        log.warning("no_locks_here why=%s", type(error).__name__)  # a share without locks: as before
    return True
