"""One thread that writes, and commits for many at once.

SQLite lets one connection write at a time. Every durable commit waits for the
disk; sixty-four callers who share one wait once. Each caller's work stands in a
savepoint of its own, so that one refusal undoes nobody else's work, and no
caller hears "done" before the disk has said so.

Whoever only computes takes turns with it (``computing``): each statement lets the interpreter go, and with
eight threads at work this one waited for it longer than it wrote.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from sync_server.db.found_out import forget
from sync_server.db.turns import Turns

T = TypeVar("T")
MOST_IN_ONE_COMMIT = 64


class _Carried:
    """Hands whatever goes wrong inside to those who wait for the answer, instead of ending the thread."""

    def __init__(self, waiting: list[Future[Any]]) -> None:
        self._waiting = waiting

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            return False
        for future in self._waiting:
            if not future.done():
                future.set_exception(error)
        return True


class Writer:
    """The only writer of one SQLite file in this process; those of other processes take turns with it."""

    def __init__(self, engine: Engine, turns: Turns) -> None:
        self._engine = engine
        self._turns = turns
        self.computing = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[Callable[[Connection], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a transaction and return its answer once it is on the disk."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("work in a transaction may not ask for another one")
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._queue.put((work, future))
        return future.result()

    def close(self) -> None:
        """Finish what was asked for, then stop."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            group = [self._queue.get()]
            while len(group) < MOST_IN_ONE_COMMIT and not self._queue.empty():
                group.append(self._queue.get())
            asked = [one for one in group if one is not None]
            going = len(asked) == len(group)
            if asked:
                with _Carried([future for _, future in asked]):
                    self._commit(asked)

    def _commit(self, asked: list[tuple[Callable[[Connection], Any], Future[Any]]]) -> None:
        answers: list[tuple[Future[Any], Any]] = []
        # The commit, which waits for the disk, comes when others may compute again.
        with self._turns.mine(), self._engine.begin() as connection, self.computing:
            for work, future in asked:
                with _Carried([future]), _apart(connection):
                    answers.append((future, work(connection)))
                _must_still_be_one(connection)
        for future, answer in answers:
            if not future.done():
                future.set_result(answer)


@contextmanager
def _apart(connection: Connection) -> Iterator[None]:
    """One piece of work of several in a transaction: what goes wrong with it undoes it, and nothing else.

    Asked of the driver itself: SQLAlchemy's own savepoint costs ten times as much.
    """
    driver: Any = connection.connection.driver_connection
    forget(connection)
    driver.execute("SAVEPOINT one_of_several")
    try:
        yield
    except BaseException:
        if driver.in_transaction:  # else the database has taken back the savepoint with all the rest
            driver.execute("ROLLBACK TO one_of_several")
            driver.execute("RELEASE one_of_several")
        raise
    driver.execute("RELEASE one_of_several")


def _must_still_be_one(connection: Connection) -> None:
    """Refuse to go on when the database has taken the whole transaction back.

    SQLite does so by itself when a disk is full or fails. What others asked for in the same transaction
    is then gone too, later work would stand alone, and the commit at the end would find nothing to do and
    say that all was well.
    """
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        gone = sqlite3.OperationalError("the database took the transaction back")
        raise OperationalError("the transaction of several", None, gone)
