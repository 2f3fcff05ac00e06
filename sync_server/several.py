"""Several server processes at one address and on one database.

They share what must be shared: sessions, nonces, leases and numbers in the database, keys in their files.
Each has limits of its own, which protect that process: a caller has so many tries with each of them.

The process that was started listens, and lets the others answer at its socket. It ends when one of them
ends: a server that is half there must not look healthy. They end when it does, even if it was killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_double
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory

from sync_server import coming, serving
from sync_server.coming import Coming
from sync_server.context import open_context
from sync_server.health.counting import SHARED
from sync_server.serving import GRACE_S, Where
from sync_server.settings import Settings

BACKLOG = 2048
LOOK_EVERY_S = 0.5
PATIENCE_S = 60.0
# Never forked: a process with threads and database connections cannot be copied.
_SPAWN = multiprocessing.get_context("spawn")


def serve(settings: Settings, where: Where, *, processes: int, announce: Callable[[], object]) -> int:
    """Serve with so many processes until SIGTERM or Ctrl-C, or until one of them ends by itself."""
    stop = threading.Event()
    listening = socket.create_server((where.host, where.port), backlog=BACKLOG)
    with listening as listener, _stopped_by(stop), _figures_shared():
        shared = replace(where, listener=listener)
        last = coming.shared(_SPAWN)
        children = [_started(settings, shared, last) for _ in range(processes)]
        running = [process for process, _ in children]
        if all(_ready(said) for _, said in children):
            announce()
            while not stop.is_set() and not wait([one.sentinel for one in running], LOOK_EVERY_S):
                pass
        return _ended(running) or (0 if stop.is_set() else 1)


def _started(settings: Settings, where: Where, last: c_double) -> tuple[BaseProcess, Connection]:
    said, say = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_answer, args=(settings, where, last, say), name="answering")
    process.start()
    say.close()
    return process, said


def _ready(said: Connection) -> bool:
    """Whether it answers. One that ends before it does has closed its side."""
    try:
        return said.poll(PATIENCE_S) and bool(said.recv())
    except EOFError:
        return False


def _answer(settings: Settings, where: Where, last: c_double, say: Connection) -> None:
    """What each process does."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - it was started by `_started`
    context = open_context(settings, coming=Coming(last))
    try:
        status = serving.serve(context, where, announce=lambda: say.send(True), until=parent.join)
    finally:
        context.close()
    sys.exit(status)


def _ended(running: list[BaseProcess]) -> int:
    """Stop all of them; 1 when one did not end well."""
    for process in running:
        process.terminate()
    for process in running:
        process.join(2 * GRACE_S)
        if process.is_alive():
            process.kill()
            process.join()
    return 0 if all(process.exitcode == 0 for process in running) else 1


@contextmanager
def _figures_shared() -> Iterator[None]:
    """A folder in which each process counts for itself, and from which whichever is asked adds them up."""
    with TemporaryDirectory(prefix="homeward-figures-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


@contextmanager
def _stopped_by(stop: threading.Event) -> Iterator[None]:
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
