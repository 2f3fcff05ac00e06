"""Statements whose answer nobody needs: on PostgreSQL they go together before the next one, in one message.

They are done in the order in which they were asked for, before whatever is asked next, and before the
transaction counts. What goes wrong with one is raised there. On SQLite, where nothing is sent anywhere, each
is done at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.types import LargeBinary, TypeDecorator, TypeEngine

Statement = Insert | Update | Delete | Select[Any]
Sends = Callable[[Any], bytes | None]
MOST_KEPT = 200
"""More than there are: each is written out for the database once."""


def later(
    connection: Connection, statement: Statement, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> None:
    """Do this with these values, or with each of them; its answer is nobody's.

    ``statement`` is one of a module's, made once. A column that the database gives no value has one here.
    """
    if connection.dialect.name != "postgresql":
        connection.execute(statement, values)
        return
    each = [values] if isinstance(values, Mapping) else values
    if each:
        spelt, sends = _spelt(connection.dialect, statement, tuple(each[0]))
        driver: Any = connection.connection.driver_connection
        for one in each:
            driver.later(spelt, [send(one.get(name)) for name, send in sends])


@lru_cache(maxsize=MOST_KEPT)
def _spelt(
    dialect: Dialect, statement: Statement, names: tuple[str, ...]
) -> tuple[Any, Sequence[tuple[str, Sends]]]:
    """The statement in the database's own words, and how each of its values is sent, in their order."""
    from sync_server.db.gathering import Spelt  # noqa: PLC0415 - only servers on PostgreSQL have its driver

    written: Any = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    if written.insert_prefetch or written.update_prefetch or written.post_compile_params:
        raise ValueError("every value of a statement that is sent later has to be given")
    numbered = _Numbered()
    text = written.string % numbered
    binds = {name: written.binds[name] for name in numbered}
    formats = [int(isinstance(one.type, LargeBinary)) for one in binds.values()]
    sends = [(name, _sends(one.type, dialect, one.value, one.required)) for name, one in binds.items()]
    return Spelt(text.encode(), formats), sends


class _Numbered(dict[str, str]):
    """Gives each name that a statement holds its number, in the order in which they come."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]


def _sends(kind: TypeEngine[Any], dialect: Dialect, always: Any, required: bool) -> Sends:
    """How a value of this column goes over the wire."""
    if not required:
        said = _as_text(always)
        return lambda _: said
    if isinstance(kind, LargeBinary):
        return lambda value: value
    if isinstance(kind, JSON):
        return lambda value: json.dumps(value).encode()
    if isinstance(kind, TypeDecorator):
        return lambda value: _as_text(kind.process_bind_param(value, dialect))
    return _as_text


def _as_text(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it. It holds no NUL, and a faulty app may send one: see ``store``."""
    if isinstance(value, str):
        return (value.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in value else value).encode()
    if value is None:
        return None
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, datetime):
        return value.isoformat().encode()
    return str(value).encode()
