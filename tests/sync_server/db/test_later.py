"""What is done later is done all the same: in its order, before whatever is asked next, or not at all."""

from __future__ import annotations

from datetime import timedelta, timezone
from functools import partial

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from sync_server.context import Context
from sync_server.db.later import later
from sync_server.db.owed import feed_counter, feed_item, task
from sync_server.db.sketches import text_sketch
from sync_server.db.tables import record_key
from sync_server.db.types import put_if_new
from tests.support.builders import NIGHT
from tests.support.databases import on_postgresql
from tests.support.server_data import rows

ADDED = insert(feed_counter)
RAISED = (
    update(feed_counter)
    .where(feed_counter.c.recipient == bindparam("of"))
    .values(n=feed_counter.c.n + bindparam("by"))
)
ITEM = {
    "force": "f", "recipient": "f/officer/x", "kind": "status", "record": "", "rev": 1, "added_at": NIGHT,
}  # fmt: skip
ITEMS = insert(feed_item)
SKETCHES = insert(text_sketch)
KEYS = insert(record_key)


def _counter(name: str, n: int = 0) -> dict[str, object]:
    return {"force": "f", "recipient": name, "n": n}


def test_whatever_is_asked_next_sees_it(context: Context) -> None:
    """Three of them, the third of which needs the first two, and a question."""

    def work(connection: Connection) -> int:
        later(connection, ADDED, _counter("a", 1))
        later(connection, RAISED, {"of": "a", "by": 10})
        later(connection, RAISED, {"of": "a", "by": 100})
        return int(connection.execute(select(feed_counter.c.n)).scalar_one())

    assert context.store.write(work) == 111


def test_it_is_kept_where_nothing_is_asked_any_more(context: Context) -> None:
    """As the last thing of a transaction, and as the only one; and once more in the next."""
    for name in ("a", "b"):
        both = [_counter(name), _counter(f"{name} too")]
        context.store.write(partial(later, statement=ADDED, values=both))

    assert {one["recipient"] for one in rows(context, feed_counter)} == {"a", "a too", "b", "b too"}


def test_what_is_taken_back_leaves_nothing_for_the_next(context: Context) -> None:
    """It waited on a connection that somebody else has after this."""

    def work(connection: Connection) -> None:
        connection.execute(select(feed_counter)).all()
        later(connection, ADDED, _counter("a"))
        raise LookupError

    with pytest.raises(LookupError):
        context.store.write(work)
    context.store.write(lambda db: later(db, ADDED, _counter("b")))

    assert [one["recipient"] for one in rows(context, feed_counter)] == ["b"]


@pytest.mark.parametrize("asks", [True, False])
def test_a_mistake_undoes_all_of_it_and_is_told(context: Context, asks: bool) -> None:
    """Whether it comes up at the next question or at the end: nothing counts, and whoever asked hears it."""

    def work(connection: Connection) -> None:
        later(connection, ADDED, _counter("before"))
        later(connection, ADDED, {**_counter("wrong"), "n": None})
        later(connection, ADDED, _counter("after"))
        if asks:
            connection.execute(select(feed_counter)).all()

    with pytest.raises(DBAPIError):
        context.store.write(work)

    assert rows(context, feed_counter) == []
    context.store.write(lambda db: later(db, ADDED, _counter("another")))
    assert [one["recipient"] for one in rows(context, feed_counter)] == ["another"]


def test_two_who_met_are_done_again(context: Context) -> None:
    """The unique violation of a statement that waited is one like any other: the work is done once more."""
    tries: list[int] = []
    context.store.write(lambda db: later(db, ADDED, _counter("there")))

    def work(connection: Connection) -> None:
        tries.append(1)
        later(connection, ADDED, _counter("there" if len(tries) == 1 else "new"))

    if on_postgresql():
        context.store.write(work)
        assert len(tries) == 2
    else:  # where one writes, two never meet
        with pytest.raises(DBAPIError):
            context.store.write(work)


def test_every_kind_of_value_comes_back_as_it_was_given(context: Context) -> None:
    """Words, whole numbers, moments, what has parts, and bytes."""
    words = "O'Brien said “£5 % is $1” \\ and\nmore: é, 漢"
    at = NIGHT.astimezone(timezone(timedelta(hours=5, minutes=30))) + timedelta(microseconds=7)
    item = {**ITEM, "record": words, "rev": -3, "added_at": at, "detail": {"a": [1, None, words, "\0"]}}
    key = {"force": "f", "record": "r", "wrapped": bytes(range(256))}

    def work(connection: Connection) -> None:
        later(connection, ITEMS, item)
        later(connection, KEYS, key)

    context.store.write(work)

    [found] = rows(context, feed_item)
    assert {name: found[name] for name in item} == item
    assert rows(context, record_key) == [key]


def test_a_nul_is_no_reason_to_keep_nothing(context: Context) -> None:
    """PostgreSQL holds none: see ``store``."""
    context.store.write(lambda db: later(db, ITEMS, {**ITEM, "record": "a\0b", "detail": {}}))

    assert rows(context, feed_item)[0]["record"] in {"a\0b", "a\N{REPLACEMENT CHARACTER}b"}


def test_of_what_is_there_the_first_stays(context: Context) -> None:
    """Put twice, it is there once, with what it said first."""
    for number in (1, 2):
        context.store.write(partial(put_if_new, table=feed_counter, values=_counter("a", number)))

    assert [one["n"] for one in rows(context, feed_counter)] == [1]


@pytest.mark.postgres
def test_a_value_that_nobody_gave_is_refused(context: Context) -> None:
    """The driver would have to know what SQLAlchemy would put there."""
    with pytest.raises(ValueError, match="has to be given"):
        context.store.write(lambda db: later(db, insert(task), {"force": "f"}))


@pytest.mark.postgres
def test_a_connection_may_forget_what_it_had_prepared(context: Context) -> None:
    """Where a table is altered, the driver lets the database forget every statement, these among them."""

    def altered(connection: Connection) -> None:
        later(connection, ADDED, _counter("before"))
        for _ in range(10):  # so that the driver has something prepared
            connection.execute(select(feed_counter)).all()
        connection.exec_driver_sql("ALTER TABLE feed_counter ALTER COLUMN n SET STATISTICS 100")

    context.store.write(altered)
    context.store.write(partial(later, statement=ADDED, values=_counter("after")))

    assert {one["recipient"] for one in rows(context, feed_counter)} == {"before", "after"}


def test_many_are_done_in_their_order(context: Context) -> None:
    """More than a message takes at once, each with a number of its own."""
    many = [{**ITEM, "record": str(number), "detail": {"long": "x" * 500}} for number in range(1_500)]
    context.store.write(lambda db: later(db, ITEMS, many))

    with context.store.read() as connection:
        query = select(feed_item.c.record).order_by(feed_item.c.id)
        assert connection.execute(query).scalars().all() == [str(number) for number in range(1_500)]
        assert connection.execute(select(func.count()).select_from(feed_item)).scalar_one() == 1_500


@pytest.mark.parametrize("said", ["ROLLBACK TO SAVEPOINT here", "DROP TABLE IF EXISTS nothing_of_that_name"])
def test_it_is_done_also_after_the_driver_let_go_of_all_that_it_had_prepared(
    context: Context, said: str
) -> None:
    """It does so by itself, once something was taken back or removed and it is asked for something again."""

    def work(connection: Connection) -> int:
        for number in range(10):  # often enough for the driver to prepare it
            later(connection, ADDED, _counter(f"{said[:4]}.{number}"))
            connection.execute(select(feed_counter.c.n)).all()
        connection.exec_driver_sql("SAVEPOINT here")
        connection.exec_driver_sql(said)
        connection.execute(select(feed_counter.c.n)).all()
        later(connection, ADDED, _counter("after", 7))
        return int(connection.execute(select(func.sum(feed_counter.c.n))).scalar_one())

    assert context.store.write(work) == 7
