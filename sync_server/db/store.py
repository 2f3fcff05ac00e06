"""The one way to read and to write, the same for SQLite and PostgreSQL.

SQLite: one writer thread in each process, which take turns, and readers on connections of their own.
PostgreSQL: as many processes as wanted, each piece of work its own transaction,
done again when two of them met.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Engine, Select, create_engine, event, func, make_url, select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoneFree

from booklets.errors import BookletError
from sync_server.db import copies, traces
from sync_server.db.later import asked_alone
from sync_server.db.migrate import migrate
from sync_server.db.turns import Turns
from sync_server.db.writer import Writer

T = TypeVar("T")
READERS = 8
TRIES_WHEN_TWO_MEET = 5
MOST_PREPARED = 500  # more than there are statements: each connection has them parsed once
READ_STATEMENTS = 32
"""How many statements each of the eight reading connections to an SQLite file keeps prepared.

Each takes some 75 kB, with what it was last asked with. With 128 each, as the driver has it, eighty
megabytes went to them over a night.
"""
IDLE_S = 1.0
ONE_MIGRATES = 0x686D7764  # "hmwd": any number will do that nobody else locks
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may lose what a phone has already erased
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA secure_delete=ON",  # what is deleted is written over, and not only forgotten
)
READERS_PRAGMAS = ("PRAGMA query_only=ON",)
WRITERS_PRAGMAS = (
    "PRAGMA cache_size=-16000",  # KiB: what is written to all the time is not read from the file again
    "PRAGMA wal_autocheckpoint=4000",  # pages: one that changes a hundred times goes to the file once
)
TRIES_TO_EMPTY_THE_LOG, PAUSE_S = 20, 0.25
SOMEBODY_READS: Final = "Somebody reads all the time. Nothing was lost; it is tried again later."


class StoreUnavailable(BookletError):
    """The database cannot take anything just now: disk full, or down. Nothing was kept; try again later."""

    code = "store_unavailable"


BACKGROUND_WORK_GOES_ON: Final = (StoreUnavailable, OperationalError, InterfaceError)
"""What ends no work that a server does by itself: it looks again later. A read of SQLite says it so."""


class Store(Protocol):
    """Where everything is kept."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees one consistent state and cannot write."""
        ...

    def ask(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
        """The rows that answer one question by itself: what is read next may be newer."""
        ...

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in one transaction and return its answer once that is durable.

        ``work`` may be done more than once before it counts, so it must touch
        nothing but the connection.
        """
        ...

    def computing(self) -> AbstractContextManager[object]:
        """Work something out that neither writes nor waits: only that, for others may be kept waiting."""
        ...

    def copy(self, file: Path) -> None:
        """Copy everything, as it is at one moment, into a fresh SQLite file; others go on meanwhile.

        Every submission up to the highest number in the copy is in it.
        """
        ...

    def leave_no_trace(self) -> None:
        """See to it that what was deleted lies in none of the database's files. It takes a while."""
        ...

    def close(self) -> None:
        """Finish what was asked for and let go of the database."""
        ...


def open_store(url: str) -> Store:
    """Open the database at ``url``, bringing its tables up to date first."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteStore(url)
    return PostgresqlStore(url)


class SqliteStore:
    """A file on this machine. Each process has one connection that writes, and they take turns."""

    def __init__(self, url: str) -> None:
        self._turns = Turns(make_url(url).database)
        self._writing = _sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=1)
        with self._turns.mine(), self._writing.begin() as connection:
            migrate(connection)
        few: Mapping[str, Any] = {"cached_statements": READ_STATEMENTS}
        self._reading = _sqlite_engine(url, "BEGIN", pool_size=READERS, read_only=True, more=few)
        self._writer = Writer(self._writing, self._turns)
        self._tidying = _sqlite_engine(url, "", pool_size=1)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and cannot write."""
        with self._reading.begin() as connection:
            yield connection

    def ask(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
        """The rows that answer one question by itself, without a transaction around it."""
        with self._reading.connect() as connection:
            return asked_alone(connection, statement, values)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in one transaction, together with whoever else is waiting."""
        try:
            return self._writer.write(work)
        except OperationalError as error:
            raise StoreUnavailable(_unavailable(error)) from error

    def computing(self) -> AbstractContextManager[object]:
        """One thread at a time, and none while the writer writes: they share one interpreter."""
        return self._writer.computing

    def copy(self, file: Path) -> None:
        """Copy the file as it is at one moment. Whoever writes goes on: one writer gives the numbers."""
        try:
            with self._tidying.connect() as connection:
                copies.vacuum_into(connection, file)
        except OperationalError as error:
            raise StoreUnavailable(_not_copied(error)) from error

    def leave_no_trace(self) -> None:
        """Write the file anew without what was deleted, and empty the log beside it. Writers wait."""
        with self._turns.mine(), self._tidying.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            for _ in range(TRIES_TO_EMPTY_THE_LOG):
                busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                if not busy:
                    return
                time.sleep(PAUSE_S)  # whoever reads has the log, and SQLite tells nobody when that ends
        raise StoreUnavailable(SOMEBODY_READS)

    def close(self) -> None:
        """Finish what was asked for and close the file."""
        self._writer.close()
        self._reading.dispose()
        self._tidying.dispose()
        self._writing.dispose()
        self._turns.close()


class PostgresqlStore:
    """A PostgreSQL database, shared with other processes of this server."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=READERS, max_overflow=0)
        event.listen(self._engine, "do_connect", _gathering)
        event.listen(self._engine, "connect", _without_nul)
        event.listen(self._engine, "connect", _keeps_prepared)
        event.listen(self._engine, "checkin", _used_now)
        event.listen(self._engine, "checkout", partial(_still_there, self._engine.dialect))
        try:
            with self._engine.begin() as connection:
                # Processes that start at once wait for the first of them to make the tables.
                connection.execute(select(func.pg_advisory_xact_lock(ONE_MIGRATES)))
                migrate(connection)
        except (OperationalError, InterfaceError) as error:
            self._engine.dispose()
            raise StoreUnavailable(_not_there(error)) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and cannot write."""
        try:
            fresh = self._engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            # Begun here, so that it is committed also where the driver alone was asked: taken back instead,
            # it would take the driver's prepared statements with it.
            with fresh as connection, connection.begin():
                yield connection
        except (OperationalError, InterfaceError, NoneFree) as error:
            raise StoreUnavailable(_not_readable(error)) from error

    def ask(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
        """The rows that answer one question by itself, without a transaction around it."""
        try:
            with self._engine.connect() as connection:
                return asked_alone(connection, statement, values)
        except (OperationalError, InterfaceError, NoneFree) as error:
            raise StoreUnavailable(_not_readable(error)) from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in one transaction, again when it met another that touched the same rows."""
        for left in reversed(range(TRIES_WHEN_TWO_MEET)):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except (OperationalError, InterfaceError, IntegrityError, ProgrammingError, NoneFree) as error:
                if left and two_met(error):
                    continue
                if isinstance(error, (IntegrityError, ProgrammingError)):
                    raise
                raise StoreUnavailable(_unavailable(error)) from error
        raise AssertionError("the last try either returns or raises")

    def computing(self) -> AbstractContextManager[object]:
        """As many as there are: whoever writes here waits for a database that works elsewhere meanwhile."""
        return nullcontext()

    def copy(self, file: Path) -> None:
        """Copy every row that one moment sees. Whoever was just keeping something is waited for first.

        Without that one who had taken a lower number could keep it afterwards.
        """
        try:
            with self._engine.connect() as waiting, self.read() as connection:
                waiting.exec_driver_sql("LOCK TABLE evidence_submission IN SHARE MODE")
                connection.exec_driver_sql("SELECT 1")  # from here on it sees what it sees now
                waiting.rollback()
                copies.rows_into(connection, file)
        except (OperationalError, InterfaceError, NoneFree) as error:
            raise StoreUnavailable(_not_copied(error)) from error

    def leave_no_trace(self) -> None:
        """Write the tables anew in which something readable lay. Each is closed to others meanwhile."""
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                if traces.erase(connection):
                    return
        except (OperationalError, InterfaceError, NoneFree) as error:
            raise StoreUnavailable(_unavailable(error)) from error
        raise StoreUnavailable(SOMEBODY_READS)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def _sqlite_engine(
    url: str,
    begin: str,
    *,
    pool_size: int,
    read_only: bool = False,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": 30, **more},
    )

    def prepare(connection: Any, _record: object) -> None:
        # SQLAlchemy says when a transaction begins; the driver must not guess.
        connection.isolation_level = None
        for pragma in (*SQLITE_PRAGMAS, *(READERS_PRAGMAS if read_only else WRITERS_PRAGMAS)):
            connection.execute(pragma).close()

    def begun(connection: Any) -> None:
        connection.execute(begin).close()

    event.listen(engine, "connect", prepare)
    if begin:
        # Listening for "begin" would do too, and then every statement asks twice who else listens.
        engine.dialect.do_begin = begun  # type: ignore[method-assign, assignment]
    return engine


def _used_now(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _still_there(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that lay idle whether its database is still there; the pool then makes another.

    Asking before each use would cost as much as a statement does. One that was used a moment ago tells by
    failing, which costs that one request, and the pool lets go of all the others.
    """
    if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE_S:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as gone:
        raise DisconnectionError from gone


def _gathering(_dialect: object, _record: object, words: list[Any], named: dict[str, Any]) -> Any:
    """Connect so that statements may wait for each other (``later``)."""
    from sync_server.db.gathering import Gathering  # noqa: PLC0415 - only servers on PostgreSQL have it

    return Gathering.connect(*words, **named)


def _keeps_prepared(connection: Any, _record: object) -> None:
    connection.prepared_max = MOST_PREPARED


def _without_nul(connection: Any, _record: object) -> None:
    """Make text fit to be kept here: PostgreSQL holds no NUL, and a faulty app may send one.

    No officer types it, and a record must not be refused for it. The evidence, which is bytes, has it still.
    """
    from psycopg.types.string import StrDumperUnknown  # noqa: PLC0415 - only servers on PostgreSQL have it

    class WithoutNul(StrDumperUnknown):
        """Text, with a sign where a NUL stood."""

        def dump(self, obj: str) -> Any:
            """The text as PostgreSQL takes it."""
            return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))

    connection.adapters.register_dumper(str, WithoutNul)


def two_met(error: DBAPIError | NoneFree) -> bool:
    """Whether two pieces of work were in each other's way, so that one is done again."""
    # Serialisation failure, deadlock, the unique violation of two who took the same number, and a connection
    # that has let go of what it had prepared: where a table is altered, the driver lets go of everything.
    return getattr(_driver_said(error), "sqlstate", "") in {"40001", "40P01", "23505", "26000"}


def _driver_said(error: DBAPIError | NoneFree) -> BaseException:
    return (error.orig if isinstance(error, DBAPIError) else None) or error


def _unavailable(error: DBAPIError | NoneFree) -> str:
    said = type(_driver_said(error)).__name__
    return f"The server could not keep this ({said}). Nothing was kept; send it again."


def _not_there(error: DBAPIError) -> str:
    said = type(_driver_said(error)).__name__
    return f"The database that HOMEWARD_DATABASE_URL names does not let us in ({said}). Nothing was changed."


def _not_copied(error: DBAPIError | NoneFree) -> str:
    said = type(_driver_said(error)).__name__
    return f"The database could not be copied ({said}): is there room for the copy? Nothing was changed."


def _not_readable(error: DBAPIError | NoneFree) -> str:
    said = type(_driver_said(error)).__name__
    return f"The server cannot reach what it has kept just now ({said}). Nothing was lost; try again later."
