"""A database of an earlier version is brought up to this one with everything that is in it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, insert, select

from sync_server.context import Context
from sync_server.db import open_store
from sync_server.db.migrate import configuration
from sync_server.db.tables import State
from sync_server.db.tables import record as register
from sync_server.intake import take_in
from tests.support.builders import a_return
from tests.support.server_data import Handheld, rows

NEW_SINCE = frozenset({"risk", "due_at", "assigned_to", "decided_at", "vat_grade", "vat_quality"})


def test_what_arrived_before_anybody_could_decide_waits_for_a_decision(
    context: Context, handheld: Handheld, tmp_path: Path
) -> None:
    """The night before the update: it is in the queue afterwards, last until it is projected again."""
    take_in(context, handheld.seal(a_return()), sender=handheld.sender)
    [known] = rows(context, register)
    url = f"sqlite:///{tmp_path / 'before.sqlite'}"
    _of_the_first_version(url, {name: known[name] for name in known.keys() - NEW_SINCE})

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


def _of_the_first_version(url: str, row: dict[str, object]) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        first = configuration()
        first.attributes["connection"] = connection
        command.upgrade(first, "0001")
        connection.execute(insert(register).values(row))
    engine.dispose()
