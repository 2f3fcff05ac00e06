"""How often the database is asked, and waited for, while one submission is taken in.

Each question costs as much of the processor as a tenth of checking the seal; on PostgreSQL it is a turn of
two processes besides. Whoever adds one sees it here, and may find that `later` does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tests.support.builders import a_return, next_revision
from tests.support.colleagues import Colleague
from tests.support.databases import on_postgresql

FIRST, SECOND = 35, 50
"""How many statements a first revision, and one that answers what was sent back, may cost on SQLite."""
FIRST_WAITED_FOR, SECOND_WAITED_FOR = 9, 27
"""How often PostgreSQL may be waited for, the commit among it."""
ASKS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def _asked() -> Iterator[list[str]]:
    """Every statement on SQLite, and on PostgreSQL everything that is waited for, by whoever asks it."""
    found: list[str] = []
    before: dict[Any, int] = {}

    def taken(driver: Any, *_more: object) -> None:
        if isinstance(driver, sqlite3.Connection):
            driver.set_trace_callback(lambda text: found.append(text) if text.startswith(ASKS) else None)
        else:
            before.setdefault(driver, driver.turns)

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if on_postgresql():
            found.append(statement)

    event.listen(Engine, "checkout", taken)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "checkout", taken)
        event.remove(Engine, "before_cursor_execute", note)
        found += ["a turn"] * sum(driver.turns - turns for driver, turns in before.items())


def test_what_a_first_revision_costs(officer: Colleague) -> None:
    """A return that makes a notice, a task and a delivery owed."""
    with _asked() as found:
        officer.sent(a_return())

    assert 0 < len(found) <= (FIRST_WAITED_FOR if on_postgresql() else FIRST), found


def test_what_a_further_revision_costs(officer: Colleague) -> None:
    """It is held against what is there, and what was owed for the one before gives way."""
    first = officer.sent(a_return())
    with _asked() as found:
        officer.sent(next_revision(first, {"ret.found_how": "hospital"}))

    assert 0 < len(found) <= (SECOND_WAITED_FOR if on_postgresql() else SECOND), found
