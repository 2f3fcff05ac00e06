"""What a running process weighs, looked at from outside again and again: its memory, and its open files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import psutil

MIB: Final = 1 << 20
FLAT: Final = 0.1
FEW: Final = 8
"""Files more or less: the database is opened once more when that many ask at once for the first time."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One look. ``files`` are descriptors less what is connected to somebody, which is in ``lines``."""

    memory_mib: float
    files: int
    lines: int


@dataclass(slots=True)
class Scales:
    """Looks at a process every so many seconds until it is told to stop."""

    pid: int
    every_s: float
    looks: list[Weight] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def weigh(self) -> Weight:
        """One look."""
        process = psutil.Process(self.pid)
        lines = sum(one.status == psutil.CONN_ESTABLISHED for one in process.net_connections())
        return Weight(process.memory_info().rss / MIB, process.num_fds() - lines, lines)

    def go_on(self) -> None:
        """Until ``stop``; in a thread of its own."""
        while not self._over.wait(self.every_s):
            self.looks.append(self.weigh())

    def stop(self) -> None:
        """Look no more."""
        self._over.set()


def grew(looks: Sequence[Weight], flat: float = FLAT) -> list[str]:
    """What grew between the second third of the time and the last, in words. The first is for warming up."""
    third = len(looks) // 3
    if not third:
        raise AssertionError("it was weighed too seldom")
    before, after = looks[third : 2 * third], looks[-third:]

    def middle(some: Sequence[Weight], of: Callable[[Weight], float]) -> float:
        return median(map(of, some))

    said = []
    memory = [middle(some, lambda one: one.memory_mib) for some in (before, after)]
    files = [middle(some, lambda one: one.files) for some in (before, after)]
    if memory[1] > memory[0] * (1 + flat):
        said.append(f"memory, {memory[0]:.0f} to {memory[1]:.0f} MiB")
    if files[1] > files[0] * (1 + flat) + FEW:
        said.append(f"files held open, {files[0]:.0f} to {files[1]:.0f}")
    return said
