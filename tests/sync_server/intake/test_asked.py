"""How often the database is asked, and waited for, while one submission is taken in.

Each question costs as much of the processor as a tenth of checking the seal; on PostgreSQL it is a turn of
two processes besides. Whoever adds one sees it here, and may find that `later` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from tests.support.builders import a_return, next_revision
from tests.support.colleagues import Colleague
from tests.support.databases import on_postgresql

FIRST, SECOND = 27, 42
"""How many statements a first revision, and one that answers what was sent back, may cost on SQLite."""
FIRST_WAITED_FOR, SECOND_WAITED_FOR = 8, 22
"""How many of them PostgreSQL may be waited for."""


@contextmanager
def _asked() -> Iterator[list[str]]:
    """Every statement whose answer somebody waits for."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_what_a_first_revision_costs(officer: Colleague) -> None:
    """A return that makes a notice, a task and a delivery owed."""
    with _asked() as found:
        officer.sent(a_return())

    assert len(found) <= (FIRST_WAITED_FOR if on_postgresql() else FIRST), found


def test_what_a_further_revision_costs(officer: Colleague) -> None:
    """It is held against what is there, and what was owed for the one before gives way."""
    first = officer.sent(a_return())
    with _asked() as found:
        officer.sent(next_revision(first, {"ret.found_how": "hospital"}))

    assert len(found) <= (SECOND_WAITED_FOR if on_postgresql() else SECOND), found
