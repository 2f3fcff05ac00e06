"""What was let go of is written over: Python frees a text without wiping it, and a dump would show it.

Keys are overwritten where they lie (``keys.scrub``). A PIN and answers are texts, which nobody can
overwrite. Once nothing refers to them any more, they lie in memory that is free to be taken again; so it is
taken, filled with zeros, and given back.

Small things come from the interpreter's own pools, which all threads share; larger ones from the C library,
where a thread may have a heap of its own: so each thread that worked with answers has to sweep.
"""

from __future__ import annotations

import ctypes
import gc
import re
import sys
from typing import Final

SMALL: Final = 512
_STEP: Final = 16
"""Up to 512 bytes CPython keeps pools, one kind for each 16 bytes (``Objects/obmalloc.c``)."""

# How many bytes are taken. ``make faults`` (part ``memory``) measures what that leaves.
_AT_FIRST: Final = 16 << 20  # of one size, which fills every pool that is empty
_OF_EACH: Final = 2 << 20  # of each size, which fills the gaps in pools that are not
_OF_HEAP: Final = 1 << 20  # of each larger size, from ``LARGE`` down
_SMALL_PIECES: Final = 200  # how many pieces of each smaller size, from the C library's heap
LARGE: Final = 1 << 20
_OVERHEAD: Final = sys.getsizeof(b"")


def sweep(*, small_too: bool = True) -> None:
    """Overwrite the memory that is free to this thread. Some tenths of a second; call it after a lock.

    Not ``small_too``: another thread has just swept what all of them share.
    """
    re.purge()  # patterns that were made of what somebody wrote
    gc.collect()
    if small_too:
        _taken(SMALL, _AT_FIRST)
        for size in range(_STEP * 3, SMALL + 1, _STEP):
            _taken(size, _OF_EACH)
    _fill_own_heap()


def _fill_own_heap() -> None:
    """Take what this thread's heap has free, large pieces first; nothing is given back before the end."""
    taken, size = [], LARGE
    while size > SMALL:
        taken.append(_taken(size, _OF_HEAP))
        size = size * 4 // 5
    python = ctypes.pythonapi
    python.PyMem_RawCalloc.restype = ctypes.c_void_p
    smaller = [
        python.PyMem_RawCalloc(ctypes.c_size_t(1), ctypes.c_size_t(size))
        for size in range(SMALL, 0, -_STEP)
        for _ in range(_SMALL_PIECES)
    ]
    for one in smaller:
        python.PyMem_RawFree(ctypes.c_void_p(one))
    taken.clear()
    if sys.platform == "linux":
        give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only the GNU library has it
        if give_back is not None:
            give_back(0)


def _taken(size: int, together: int) -> list[bytes]:
    return [bytes(size - _OVERHEAD) for _ in range(max(2, together // size))]
