"""What was answered is on the disk, and one writer's trouble is nobody else's."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, delete, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoneFree

import sync_server.db.identity  # noqa: F401 - its tables belong to the same metadata
from sync_server.context import Context
from sync_server.db import open_store, traces
from sync_server.db.closings import episode_act
from sync_server.db.owed import feed_counter, feed_mark
from sync_server.db.store import PostgresqlStore, SqliteStore, StoreUnavailable
from sync_server.db.tables import metadata
from sync_server.db.types import insert_if_new
from sync_server.intake import take_in
from tests.support.builders import NIGHT, a_return
from tests.support.databases import OTHERS_END, a_database
from tests.support.server_data import Handheld, a_server, rows

CLOSED = {
    **dict.fromkeys(("force", "episode", "record", "by", "category", "why", "role"), "f"),
    "n": 1,
    "kind": "closed",
    "still_open": [],
    "rev": 1,
    "words_sealed": b"",
    "at": NIGHT,
}
COUNTER = {"force": "f", "recipient": "somebody", "n": 0}


def test_the_steps_lead_to_the_tables_that_the_code_knows(context: Context) -> None:
    """A column that only the code knows would be found by the first officer of the night."""
    with context.store.read() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )

    assert differences == []


@pytest.mark.postgres
def test_nothing_counts_as_erased_while_somebody_looks_at_an_earlier_state(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads has what was deleted: the files would keep it. Once they are done it goes."""
    context.store.write(lambda db: db.execute(insert(feed_counter).values(COUNTER)))
    with context.store.read() as reader:
        reader.execute(select(feed_counter)).all()
        context.store.write(lambda db: db.execute(delete(feed_counter)))
        with monkeypatch.context() as impatient:
            impatient.setattr(traces, "TRIES", 2)
            with pytest.raises(StoreUnavailable, match="Somebody reads"):
                context.store.leave_no_trace()

    context.store.leave_no_trace()


def test_a_database_is_brought_up_to_date_once(tmp_path: Path) -> None:
    """Opening it a second time finds nothing to do and loses nothing."""
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    store = open_store(url)
    store.write(lambda connection: connection.execute(insert(feed_counter), COUNTER))
    store.close()

    again = open_store(url)
    with again.read() as connection:
        kept = connection.execute(select(feed_counter.c.recipient)).scalars().all()
    again.close()

    assert kept == ["somebody"]


def test_every_row_knows_its_force() -> None:
    """One server serves several forces; a row without one could be shown to anybody."""
    assert [name for name, table in metadata.tables.items() if "force" not in table.c] == []


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    """A receipt lets a phone erase; with less than FULL a power cut could take what it acknowledged."""
    store = open_store(f"sqlite:///{tmp_path / 'pragmas.sqlite'}")
    names = ("journal_mode", "synchronous", "foreign_keys")

    found = store.write(
        lambda connection: [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    )
    store.close()

    assert found == ["wal", 2, 1]


def test_a_refusal_undoes_only_its_own_work(context: Context) -> None:
    """Sixty-four callers share a commit; the one that fails must not take the others with it."""
    gate, started = Event(), Event()

    def waits(connection: Connection) -> None:
        started.set()
        gate.wait(10)
        connection.execute(insert(feed_counter), COUNTER | {"recipient": "first"})

    def fails(connection: Connection) -> None:
        for _ in range(2):
            connection.execute(insert(feed_counter), COUNTER | {"recipient": "half done"})

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(context.store.write, waits)
        started.wait(10)
        second = pool.submit(context.store.write, fails)
        third = pool.submit(
            context.store.write,
            lambda connection: connection.execute(insert(feed_counter), COUNTER | {"recipient": "third"}),
        )
        gate.set()
        first.result(10)
        third.result(10)
        with pytest.raises(IntegrityError):
            second.result(10)

    assert {row["recipient"] for row in rows(context, feed_counter)} == {"first", "third"}


def test_who_computes_waits_for_the_one_that_writes_and_who_reads_does_not(tmp_path: Path) -> None:
    """Both want the one interpreter; with eight at once the writer waited for it longer than it wrote."""
    store = SqliteStore(f"sqlite:///{tmp_path / 'computing.sqlite'}")
    gate, writes, computed = Event(), Event(), Event()

    def write(_connection: Connection) -> None:
        writes.set()
        gate.wait(10)

    def compute() -> None:
        with store.computing():
            computed.set()

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(store.write, write)
        writes.wait(10)
        computing = pool.submit(compute)
        with store.read() as connection:
            read = connection.execute(select(feed_counter.c.recipient)).all()
        waited = not computed.wait(0.2)
        gate.set()
        writing.result(10)
        computing.result(10)
    store.close()

    assert (read, waited, computed.is_set()) == ([], True, True)


def test_a_full_disk_takes_no_receipt_back_from_those_who_share_the_commit(tmp_path: Path) -> None:
    """SQLite undoes the whole transaction by itself, the work of those before included.

    They were once told "done" all the same: a phone would have erased what nobody had.
    """
    store = SqliteStore(f"sqlite:///{tmp_path / 'full.sqlite'}")
    pages = store.write(lambda connection: connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    store.write(lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}").scalar())
    asked: list[tuple[Callable[[Connection], None], Future[None]]] = [
        (partial(_count_for, recipient), Future()) for recipient in ("before", "x" * 100_000, "after")
    ]

    with pytest.raises(OperationalError, match="took the transaction back"):
        store._writer._commit(asked)

    assert isinstance(asked[1][1].exception(0), OperationalError)
    assert not asked[0][1].done()  # the writer gives it the failure of the whole
    with store.read() as connection:
        assert connection.execute(select(feed_counter.c.recipient)).all() == []
    store.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=100000").scalar())
    store.write(lambda connection: _count_for("later", connection))
    store.close()


def _count_for(recipient: str, connection: Connection) -> None:
    connection.execute(insert(feed_counter), COUNTER | {"recipient": recipient})


def test_nobody_hears_done_when_the_commit_failed(tmp_path: Path) -> None:
    """The disk is full: every caller of that commit is told, and the store goes on once there is room."""
    path = tmp_path / "full.sqlite"
    store = open_store(f"sqlite:///{path}")
    pages = store.write(lambda connection: connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    store.write(lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}").scalar())
    large = COUNTER | {"recipient": "x" * 100_000}

    with pytest.raises(StoreUnavailable):
        store.write(lambda connection: connection.execute(insert(feed_counter), large))

    store.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=100000").scalar())
    store.write(lambda connection: connection.execute(insert(feed_counter), COUNTER))
    with store.read() as connection:
        assert connection.execute(select(feed_counter.c.recipient)).scalars().all() == ["somebody"]
    store.close()


def test_a_reader_cannot_write(context: Context) -> None:
    """Only the one way in writes; a page that shows a record cannot change one."""
    with pytest.raises(DBAPIError), context.store.read() as connection:
        connection.execute(insert(feed_counter), COUNTER)


def test_work_may_not_ask_for_more_work(tmp_path: Path) -> None:
    """With one writer, a transaction inside a transaction would wait for itself for ever."""
    with a_server(tmp_path, in_a_file=True) as context, pytest.raises(RuntimeError, match="another"):
        context.store.write(lambda _: context.store.write(lambda _: None))


def test_processes_take_turns_at_a_file(tmp_path: Path) -> None:
    """One waits while another writes, and goes on when that one is done, or was killed in the middle."""
    path = tmp_path / "shared.sqlite"
    store = open_store(f"sqlite:///{path}")
    code = "import sys; from sync_server.db.turns import Turns\n" + (
        "with Turns(sys.argv[1]).mine(): print(1, flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with ThreadPoolExecutor(1) as pool, other:
        assert other.stdout is not None
        other.stdout.readline()
        written = pool.submit(store.write, partial(_count_for, "waited"))
        with pytest.raises(TimeoutError):
            written.result(0.3)
        other.kill()
        written.result(30)
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize(("idle", "outcome"), [(0.0, nullcontext()), (1e9, pytest.raises(StoreUnavailable))])
def test_a_connection_that_lay_idle_is_asked_whether_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, idle: float, outcome: AbstractContextManager[Any]
) -> None:
    """The database was started again meanwhile. Unasked, it is found out by the first who comes."""
    monkeypatch.setattr("sync_server.db.store.IDLE_S", idle)
    with a_database(tmp_path) as url:
        store, other = open_store(url), create_engine(url, isolation_level="AUTOCOMMIT")
        store.write(partial(_count_for, "before"))
        with other.connect() as connection:
            connection.execute(text(OTHERS_END))

        with outcome:
            store.write(partial(_count_for, "after"))

        store.write(partial(_count_for, "later"))
        other.dispose()
        store.close()


@pytest.mark.postgres
def test_a_database_that_goes_away_under_a_reader_is_out_of_reach_and_no_mistake(tmp_path: Path) -> None:
    """Whoever asked is told to ask again, and work in the background goes on."""
    with a_database(tmp_path) as url:
        store, other = open_store(url), create_engine(url, isolation_level="AUTOCOMMIT")

        def cut_off() -> None:
            with store.read() as reading:
                with other.connect() as connection:
                    connection.execute(text(OTHERS_END))
                reading.execute(select(1))

        with pytest.raises(StoreUnavailable, match="try again later"):
            cut_off()

        with store.read() as reading:
            assert reading.execute(select(1)).scalar_one() == 1
        other.dispose()
        store.close()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "trouble", [NoneFree("none free"), InterfaceError("SELECT 1", {}, Exception("closed"))]
)
def test_a_connection_that_cannot_be_had_is_a_store_that_is_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """All of them are taken, or this one was closed: neither is a mistake in what was asked."""

    def none(*_: object) -> None:
        raise trouble

    with a_database(tmp_path) as url:
        store = PostgresqlStore(url)
        with monkeypatch.context() as patched:
            patched.setattr(store._engine, "connect", none)
            patched.setattr(store._engine, "begin", none)
            with pytest.raises(StoreUnavailable), store.read():
                pass
            with pytest.raises(StoreUnavailable):
                store.write(partial(_count_for, "nobody"))
        store.close()


def test_an_insert_says_by_a_row_whether_it_happened(context: Context) -> None:
    """A count of rows is -1 on one driver and 0 on another; a returned row is there or not."""

    def twice(connection: Connection) -> list[bool]:
        return [
            insert_if_new(connection, feed_counter, COUNTER, [feed_counter.c.n]) is not None
            for _ in range(2)
        ]

    assert context.store.write(twice) == [True, False]


def test_two_who_insert_the_same_at_once_agree_who_was_first(context: Context) -> None:
    """The database decides, not whoever looked first."""
    barrier = Barrier(8)

    def one(_: int) -> bool:
        barrier.wait()
        row = context.store.write(
            lambda connection: insert_if_new(connection, feed_counter, COUNTER, [feed_counter.c.n])
        )
        return row is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 1


def test_a_moment_comes_back_with_its_zone(context: Context) -> None:
    """SQLite forgets zones; clocks of 72 hours must not."""
    summer = datetime(2026, 7, 1, 22, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    row = {"force": "f", "recipient": "r", "device": "d", "n": 1, "acknowledged_at": summer}

    context.store.write(lambda connection: connection.execute(insert(feed_mark), row))

    [kept] = rows(context, feed_mark)
    assert kept["acknowledged_at"] == summer
    assert kept["acknowledged_at"].tzinfo is UTC  # type: ignore[attr-defined]


def test_a_time_without_a_zone_is_not_kept(context: Context) -> None:
    """Nobody could say later which hour it was."""
    row = {"force": "f", "recipient": "r", "device": "d", "n": 1, "acknowledged_at": datetime(2026, 7, 1)}  # noqa: DTZ001

    with pytest.raises(StatementError, match="without a time zone"):
        context.store.write(lambda connection: connection.execute(insert(feed_mark), row))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'somebody else'",
        "DELETE FROM audit",
        "UPDATE evidence_submission SET digest = 'another'",
        "UPDATE evidence_submission SET received_at = '2020-01-01 00:00:00'",
        "DELETE FROM evidence_submission",
        "UPDATE episode_act SET category = 'another'",
        "DELETE FROM episode_act",
    ],
)
def test_the_database_itself_refuses_to_change_what_happened(
    context: Context, handheld: Handheld, change: str
) -> None:
    """Whoever gets as far as the database still cannot rewrite the night."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    context.store.write(lambda connection: connection.execute(insert(episode_act), CLOSED))

    with pytest.raises(DBAPIError, match="cannot be changed"):
        context.store.write(lambda connection: connection.execute(text(change)))


def test_the_register_can_be_told_from_the_evidence(context: Context) -> None:
    """Two schemas: what came, and what is read. On SQLite they are told apart by their names."""
    with context.store.read() as connection:
        names = set(inspect(connection).get_table_names())

    assert {"evidence_submission", "register_record", "register_person", "register_link"} <= names


def test_the_file_is_a_plain_sqlite_file(tmp_path: Path) -> None:
    """A force can read its own register with any tool, on the day this program is gone."""
    path = tmp_path / "plain.sqlite"
    open_store(f"sqlite:///{path}").close()

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM register_record").fetchone() == (0,)
    connection.close()
