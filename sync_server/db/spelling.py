"""A statement written out once for its database, so that the driver itself can be asked.

SQLAlchemy makes a statement, and knows how each database spells it and what its values look like there. To
go through it again for every question costs several times what the question does: here that is done once for
each statement, and what is left is a list of values.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Boolean, Delete, Insert, Integer, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.types import DateTime, LargeBinary, String, TypeDecorator, TypeEngine

Statement = Insert | Update | Delete | Select[Any]
Values = Mapping[str, Any]
Sends = Callable[[Any], Any]
Reads = Callable[[Any], Any]
MOST_KEPT = 400
"""More than there are: each is written out once for each engine."""
_TRUE = b"\x01"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Spelt:
    """A statement in its database's own words: what it takes, in order, and what its answer is made into.

    What has no name in ``takes`` is the same every time.
    """

    text: Any
    takes: Sequence[tuple[str, Sends | None]]
    made: Callable[[Sequence[Any]], Any]
    reads: Sequence[tuple[int, Reads]]

    def given(self, values: Values) -> list[Any]:
        """The values as the driver takes them, in their order."""
        return [
            values[name] if send is None else send(values[name] if name else None)
            for name, send in self.takes
        ]

    def row(self, answered: Sequence[Any]) -> Any:
        """One row of the answer: its columns have their names."""
        cells = list(answered)
        for at, read in self.reads:
            if cells[at] is not None:
                cells[at] = read(cells[at])
        return self.made(cells)


@lru_cache(maxsize=MOST_KEPT)
def spelt(dialect: Dialect, statement: Statement, names: tuple[str, ...]) -> Spelt:
    """The statement in the database's own words, for values of these names."""
    written: Any = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    if written.insert_prefetch or written.update_prefetch or written.post_compile_params:
        raise ValueError("every value of a statement that the driver is asked itself has to be given")
    columns = _columns(statement)
    row: Any = namedtuple("Row", [name for name, _ in columns])  # type: ignore[misc]
    if dialect.name == "postgresql":
        text, takes, reads = _for_postgresql(dialect, written, names, columns)
        return Spelt(text, takes, row._make, reads)
    order = written.positiontup
    takes = [_to_sqlite(name, written.binds[name], dialect, always=name not in names) for name in order]
    reads = [(at, read) for at, (_, kind) in enumerate(columns) if (read := _reads_sqlite(kind, dialect))]
    return Spelt(written.string, takes, row._make, reads)


def _columns(statement: Statement) -> list[tuple[str, TypeEngine[Any]]]:
    """What comes back, column by column: its name, and of which kind it is."""
    said: Any = (
        statement.column_descriptions
        if isinstance(statement, Select)
        else statement.returning_column_descriptions
    )
    return [(str(one["name"]), one["type"]) for one in said]


def _to_sqlite(name: str, one: Any, dialect: Dialect, *, always: bool) -> tuple[str, Sends | None]:
    """How a value of this column goes to SQLite."""
    process: Sends | None = one.type.dialect_impl(dialect).bind_processor(dialect)
    if always and not one.required:
        said = process(one.value) if process else one.value
        return "", lambda _: said
    if isinstance(one.type, TypeDecorator) and isinstance(one.type.impl, DateTime):
        return name, _moment_to_sqlite
    return name, json.dumps if type(one.type) is JSON else process


def _moment_to_sqlite(value: datetime | None) -> str | None:
    """A point in time as SQLite keeps it: in UTC, and without saying so."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _reads_sqlite(kind: TypeEngine[Any], dialect: Dialect) -> Reads | None:
    if isinstance(kind, TypeDecorator) and isinstance(kind.impl, DateTime):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, LargeBinary):
        return None  # bytes as they are
    reads: Reads | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return reads


def _for_postgresql(
    dialect: Dialect, written: Any, names: tuple[str, ...], columns: Sequence[tuple[str, TypeEngine[Any]]]
) -> tuple[Any, Sequence[tuple[str, Sends | None]], Sequence[tuple[int, Reads]]]:
    """The same for PostgreSQL, whose driver takes and gives everything as it goes over the wire."""
    from sync_server.db.gathering import Message  # noqa: PLC0415 - only servers on PostgreSQL have its driver

    numbered = _Numbered()
    text = written.string % numbered
    binds = {name: written.binds[name] for name in numbered}
    formats = [int(isinstance(one.type, LargeBinary)) for one in binds.values()]
    takes = [
        (name, _sends(one.type, dialect)) if one.required or name in names else ("", _always(one.value))
        for name, one in binds.items()
    ]
    reads = [(at, _reads(kind)) for at, (_, kind) in enumerate(columns)]
    return Message(text.encode(), formats), takes, reads


class _Numbered(dict[str, str]):
    """Gives each name that a statement holds its number, in the order in which they come."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]


def _always(value: Any) -> Sends:
    said = _as_text(value)
    return lambda _: said


def _sends(kind: TypeEngine[Any], dialect: Dialect) -> Sends:
    """How a value of this column goes over the wire."""
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


def _reads(kind: TypeEngine[Any]) -> Reads:
    """How PostgreSQL's own form of a column is read."""
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, Integer):
        return lambda raw: int.from_bytes(raw, "big", signed=True)
    if isinstance(kind, Boolean):
        return lambda raw: raw == _TRUE
    if isinstance(kind, DateTime):
        return lambda raw: _EPOCH + timedelta(microseconds=int.from_bytes(raw, "big", signed=True))
    if isinstance(kind, JSON):
        return json.loads
    if isinstance(kind, LargeBinary):
        return bytes
    if isinstance(kind, String):
        return lambda raw: bytes(raw).decode()
    raise ValueError(f"nobody has said how {kind!r} is read")
