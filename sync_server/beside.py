"""Other processes that work things out, so that the one that writes has its interpreter to itself.

One Python process uses one core. On SQLite one process alone writes, and checking, opening and judging what
arrives takes as long as writing it: that part needs keys and settings, and no database, so it can be done
elsewhere. What is asked and what is answered go through a pipe between a process and its parent, and
nowhere else.

The others end when the first one does, also when that was killed. Where one of them dies, another is started
in its place, and what it was asked is worked out by whoever asked.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from sync_server import sweeping
from sync_server.keys import KeyRing
from sync_server.settings import ForcePolicy, Settings, policy_of

T = TypeVar("T")
A = TypeVar("A")
PATIENCE_S = 10.0
# Never forked: a process with threads and database connections cannot be copied.
_SPAWN = multiprocessing.get_context("spawn")


class NotWorkedOut(Exception):
    """A process beside this one could not answer."""


class Known(Protocol):
    """What it takes to read what arrived: the server's keys, and what forces have decided."""

    @property
    def keys(self) -> KeyRing:
        """All keys of this server."""
        ...

    @property
    def policy(self) -> Callable[[str], ForcePolicy]:
        """What one force has decided."""
        ...


Work = Callable[[Known, A], T]


@dataclass(frozen=True, slots=True)
class _Read:
    keys: KeyRing
    policy: Callable[[str], ForcePolicy] = policy_of


class Beside:
    """The processes beside this one. Each is asked one thing at a time."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._settings = settings
        self._free: queue.SimpleQueue[_Line] = queue.SimpleQueue()
        self._count = count
        for _ in range(count):
            self._free.put(_Line(settings))

    def work_out(self, work: Work[A, T], asked: A) -> T:
        """``work`` of what was asked, by whoever is free. It is a function of a module.

        Raises:
            NotWorkedOut: it failed there, or did not live to answer. Try it here, and see what it says.
        """
        line = self._free.get()
        try:
            answer = line.ask(work, asked)
        except (EOFError, OSError):
            line.end()
            line = _Line(self._settings)
            raise NotWorkedOut from None
        finally:
            self._free.put(line)
        if not answer:
            raise NotWorkedOut
        found: T = ForkingPickler.loads(answer)
        return found

    def close(self) -> None:
        """Let all of them end, when nobody asks any more."""
        for _ in range(self._count):
            self._free.get().end()


class _Line:
    """One process and the way to it."""

    def __init__(self, settings: Settings) -> None:
        self._line, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_answer, args=(settings, theirs), name="beside", daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, work: Work[A, T], asked: A) -> bytes:
        self._line.send((work, asked))
        return self._line.recv_bytes()

    def end(self) -> None:
        self._line.close()
        self.process.join(PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _answer(settings: Settings, line: Connection) -> None:
    """What each of them does, until nobody can ask any more."""
    for one in (signal.SIGINT, signal.SIGTERM):  # whoever asks says when it is over
        signal.signal(one, signal.SIG_IGN)
    sweeping.is_seldom()
    known = _Read(KeyRing.open(settings.keys, datetime.now(UTC)))
    while True:
        try:
            work, asked = line.recv()
        except (EOFError, OSError):
            return
        answer = b""
        # Whoever asked does it again, where what went wrong is said without what an officer wrote.
        with suppress(Exception):
            answer = bytes(ForkingPickler.dumps(work(known, asked)))
        with suppress(OSError):
            line.send_bytes(answer)


def _mapping(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(content)


def _as_it_was(content: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    return _mapping, (dict(content),)


ForkingPickler.register(MappingProxyType, _as_it_was)
