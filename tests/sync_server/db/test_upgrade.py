"""A database of an earlier version is brought up to this one with everything that is in it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import Table, create_engine, insert, inspect, select

from sync_server.context import Context
from sync_server.db import open_store
from sync_server.db.identity import account
from sync_server.db.migrate import configuration
from sync_server.db.owed import feed_item
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.deciding.waiting import WAITING
from sync_server.identity import accounts
from sync_server.intake import take_in
from tests.support.builders import a_return
from tests.support.server_data import Handheld, a_server, rows

NEW_SINCE = frozenset({"risk", "due_at", "assigned_to", "decided_at", "vat_grade", "vat_quality"})


def test_what_arrived_before_anybody_could_decide_waits_for_a_decision(
    context: Context, handheld: Handheld, tmp_path: Path
) -> None:
    """The night before the update: it is in the queue afterwards, last until it is projected again."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    [known] = rows(context, register)
    url = f"sqlite:///{tmp_path / 'before.sqlite'}"
    _of_the_first_version(url, register, {name: known[name] for name in known.keys() - NEW_SINCE})

    store = open_store(url)
    with store.read() as connection:
        found = dict(connection.execute(select(register)).mappings().one())
    store.close()

    assert {name: found[name] for name in found.keys() - NEW_SINCE} == {
        name: known[name] for name in known.keys() - NEW_SINCE
    }
    assert (found["state"], found["assigned_to"], found["decided_at"]) == (State.PENDING, "", None)
    assert (found["vat_grade"], found["vat_quality"]) == ("", "")
    assert found["risk"] > 6  # after everything whose risk is known


def test_a_database_of_an_earlier_version_has_the_newest_indexes(context: Context, tmp_path: Path) -> None:
    """One that is new, and one that was brought up to date."""
    url = f"sqlite:///{tmp_path / 'before.sqlite'}"
    _of_the_first_version(url)
    store = open_store(url)
    for opened in (context.store, store):
        with opened.read() as connection:
            there = {
                index["name"]
                for table in ("register_record", "feed_item")
                for index in inspect(connection).get_indexes(table)
            }
        assert {"ix_register_record_returned", "ix_feed_item_record"} <= there
    store.close()


def test_nothing_is_said_of_the_system_to_tasks_of_before(tmp_path: Path) -> None:
    """What was open before the update is done by hand, as it was."""
    url = f"sqlite:///{tmp_path / 'before.sqlite'}"
    _of_the_first_version(url)
    store = open_store(url)
    with store.read() as connection:
        [column] = [one for one in inspect(connection).get_columns("task") if one["name"] == "by_system"]
    store.close()

    assert not column["nullable"]
    assert str(column["default"]).strip("'") == ""


def test_what_is_looked_for_every_few_seconds_is_found_by_its_index(tmp_path: Path) -> None:
    """With a year of records, reading all of them would take longer than the pause between two looks."""
    told = select(feed_item.c.n).where(feed_item.c.recipient == "role", feed_item.c.record == "one")
    with a_server(tmp_path, in_a_file=True) as context, context.store.read() as connection:
        for query, index in ((WAITING, "ix_register_record_returned"), (told, "ix_feed_item_record")):
            words = query.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}").all()
            assert index in str(plan)


def test_whoever_had_an_account_goes_on_with_their_work(tmp_path: Path) -> None:
    """R-58: an update in the night takes nobody's work away; the force says who is trained."""
    words = ("id", "force", "username", "password_hash", "name", "rank", "shoulder_no", "station", "unit")
    known: dict[str, object] = dict.fromkeys(words, "pc.okoro")
    url = f"sqlite:///{tmp_path / 'before.sqlite'}"
    _of_the_first_version(url, account, known | {"roles": ["officer"], "state": "active", "failures": 0})

    store = open_store(url)
    with store.read() as connection:
        found = accounts.by_user(connection, "pc.okoro")
    store.close()

    assert found is not None
    assert found.person.works_with_children
    assert found.person.council == ""


def _of_the_first_version(url: str, table: Table = register, row: dict[str, object] | None = None) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        first = configuration()
        first.attributes["connection"] = connection
        command.upgrade(first, "0001")
        if row:
            connection.execute(insert(table).values(row))
    engine.dispose()
