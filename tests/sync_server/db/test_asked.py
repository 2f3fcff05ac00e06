"""What the driver itself is asked: the same rows, the same order, and the same mistakes as SQLAlchemy's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, bindparam, exists, func, insert, select
from sqlalchemy.exc import DBAPIError

from sync_server.context import Context
from sync_server.db.found_out import found_out
from sync_server.db.later import asked, first, later
from sync_server.db.owed import feed_counter, feed_item, task
from sync_server.db.store import StoreUnavailable, open_store
from sync_server.db.tables import record_key
from sync_server.db.types import insert_if_new
from tests.support.builders import NIGHT
from tests.support.databases import on_postgresql
from tests.support.server_data import rows

ADDED = insert(feed_counter)
COUNTER = select(feed_counter.c.n).where(feed_counter.c.recipient == bindparam("of"))
ITEM = select(feed_item, exists().where(feed_counter.c.n > 0).label("counted")).where(
    feed_item.c.recipient == bindparam("of")
)
KEY = select(record_key, func.count().over().label("of_them")).where(record_key.c.record == bindparam("of"))
TASK = {
    "force": "f", "unit": "u", "record": "r", "rev": 1, "kind": "k", "rule": "R", "subject": "",
    "owner_role": "author", "set_at": NIGHT, "due_at": None, "status": "open", "outcome": "",
    "delay_reason": "",
}  # fmt: skip


def _counter(name: str, n: int = 0) -> dict[str, object]:
    return {"force": "f", "recipient": name, "n": n}


def test_a_question_sees_what_was_to_be_done_before_it(context: Context) -> None:
    """In one transaction, and each row has its columns by name."""

    def work(connection: Connection) -> int:
        later(connection, ADDED, _counter("a", 7))
        [found] = asked(connection, COUNTER, {"of": "a"})
        assert first(connection, COUNTER, {"of": "b"}) is None
        return int(found.n)

    assert context.store.write(work) == 7


def test_every_kind_of_column_comes_back_as_sqlalchemy_gives_it(context: Context) -> None:
    """Words, whole numbers, moments, yes and no, what has parts, what is not there, and bytes."""
    at = NIGHT.astimezone(timezone(timedelta(hours=5, minutes=30))) + timedelta(microseconds=7)
    detail = {"a": [1, None, "O'Brien: é, 漢", {"b": True}]}
    item = {
        "force": "f", "recipient": "f/officer/x", "kind": "status", "record": "r", "rev": -3,
        "added_at": at, "detail": detail,
    }  # fmt: skip
    key = {"force": "f", "record": "r", "wrapped": bytes(range(256))}
    context.store.write(lambda db: later(db, insert(feed_item), item))
    context.store.write(lambda db: later(db, insert(record_key), key))

    for question, of in ((ITEM, "f/officer/x"), (KEY, "r")):
        with context.store.read() as connection:
            [found] = asked(connection, question, {"of": of})
            assert found._asdict() == dict(connection.execute(question, {"of": of}).mappings().one())
            assert context.store.ask(question, {"of": of}) == [found]


def test_a_wrong_question_is_told_as_it_always_was_and_counts_for_nothing(context: Context) -> None:
    """What was done before it is undone, and the next transaction is as good as any."""

    def work(connection: Connection) -> None:
        later(connection, ADDED, _counter("before"))
        asked(connection, ADDED.returning(feed_counter.c.n), {**_counter("wrong"), "n": None})

    with pytest.raises(DBAPIError):
        context.store.write(work)

    assert rows(context, feed_counter) == []
    context.store.write(lambda db: later(db, ADDED, _counter("another")))
    assert context.store.ask(COUNTER, {"of": "another"})[0].n == 0


def test_what_a_row_does_not_say_stands_there_as_the_table_has_it(context: Context) -> None:
    """A task that nobody was told of: the column is filled without SQLAlchemy."""
    context.store.write(lambda db: insert_if_new(db, task, TASK, [task.c.id]))

    [found] = rows(context, task)
    assert (found["told"], found["by_system"], found["due_at"]) == ("", "", None)


def test_what_one_found_out_is_not_known_to_the_next_of_the_same_transaction(context: Context) -> None:
    """On SQLite several pieces of work share one; what was undone with one of them was never so."""
    together = Barrier(4)

    def work(number: int, connection: Connection) -> list[object]:
        known = [*found_out(connection).values()]
        found_out(connection)["number", "r"] = number
        later(connection, ADDED, _counter(f"of {number}"))
        if number % 2:
            raise LookupError
        return known

    def one(number: int) -> list[object] | None:
        together.wait()
        try:
            return context.store.write(lambda db: work(number, db))
        except LookupError:
            return None

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(4)))

    assert answers == [[], None, [], None]
    assert {one["recipient"] for one in rows(context, feed_counter)} == {"of 0", "of 2"}


def test_a_full_disk_is_told_and_nothing_is_kept_of_that_work(tmp_path: Path) -> None:
    """Asked of the driver itself it is the same to whoever asks, and there is more room afterwards."""
    store = open_store(f"sqlite:///{tmp_path / 'full.sqlite'}")
    pages = store.write(lambda db: db.exec_driver_sql("PRAGMA page_count").scalar_one())
    store.write(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}").scalar())

    with pytest.raises(StoreUnavailable):
        store.write(lambda db: later(db, ADDED, [_counter("before"), _counter("x" * 100_000)]))

    store.write(lambda db: db.exec_driver_sql("PRAGMA max_page_count=100000").scalar())
    store.write(lambda db: later(db, ADDED, _counter("after")))
    assert [len(store.ask(COUNTER, {"of": of})) for of in ("before", "after")] == [0, 1]
    store.close()


@pytest.mark.postgres
def test_a_read_keeps_what_its_connection_had_prepared(context: Context) -> None:
    """Taken back instead of committed, it would be prepared anew each time."""
    assert on_postgresql()
    prepared: list[dict[bytes, bytes]] = []
    for _ in range(3):
        with context.store.read() as connection:
            asked(connection, COUNTER, {"of": "a"})
            driver = connection.connection.driver_connection
            prepared.append(dict(driver._prepared_as))  # type: ignore[union-attr]

    assert prepared[0] == prepared[1] == prepared[2] != {}
