"""Copies of a whole database: always one SQLite file, whichever database it is a copy of.

So that a copy can be read, checked and restored on any machine without that database's programs, and so that
a force that outgrows a file can go on in PostgreSQL with everything it has. Columns mean the same in both
(``types``), so a row goes over as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, Table, create_engine, func, insert, inspect, select, text

from booklets.errors import BookletError
from sync_server.db.every_table import metadata
from sync_server.db.identity import account, device
from sync_server.db.migrate import migrate
from sync_server.db.owed import feed_counter
from sync_server.db.tables import audit, submission

OWNER_ONLY = 0o600
AT_ONCE = 500
BESIDE = ("-wal", "-shm", "-turns", "-journal")
MIGRATIONS_TABLE: Final = "alembic_version"
AHEAD: Final = 1_000_000
"""How far numbers go on after what was restored: more than could have been given since the backup."""


class NotCopied(BookletError):
    """A database cannot be copied, or not into that place. Nothing was changed."""

    code = "not_copied"


def vacuum_into(connection: Connection, file: Path) -> None:
    """Copy an SQLite database as it is at this moment, without what was deleted. Nobody waits for it."""
    _made_empty(file)
    connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
    _on_the_disk(file)


def rows_into(connection: Connection, file: Path) -> None:
    """Copy every row that this transaction sees into a fresh file."""
    unknown = set(inspect(connection).get_table_names()) - metadata.tables.keys() - {MIGRATIONS_TABLE}
    if unknown:
        raise NotCopied(f"This version does not know the tables {', '.join(sorted(unknown))}: not copied.")
    _made_empty(file)
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.begin() as target:
            migrate(target)
            _copied(connection, target)
    finally:
        engine.dispose()
    _on_the_disk(file)


def rows_from(file: Path, target: Connection) -> None:
    """Put every row of a copy of this version into an empty database that has its tables."""
    with read_copy(file) as source:
        _copied(source, target)
        given = source.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
    last: dict[str, int] = {row.name: row.seq for row in given}
    if target.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            for column in table.primary_key.columns:
                _go_on_after(target, table, column, last.get(table.name) or 0)


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever kept here: no submission, no audit, nobody who signs in, no handheld."""
    return all(
        connection.execute(select(func.count()).select_from(one)).scalar_one() == 0
        for one in (submission, audit, account, device)
    )


def go_on_further(connection: Connection) -> None:
    """Let the numbers in a copy go on where nobody has been yet, before it becomes a database.

    What was given after the backup is lost here and known to handhelds: they would take the next item for
    one that they have, and a new receipt would say the number of an old one.
    """
    connection.execute(feed_counter.update().values(n=feed_counter.c.n + AHEAD))
    known = "UPDATE sqlite_sequence SET seq = seq + :ahead WHERE name = :table"
    for table in (submission, audit):
        connection.execute(text(known), {"ahead": AHEAD, "table": table.name})


@contextmanager
def read_copy(file: Path) -> Iterator[Connection]:
    """A copy that is only looked at: nothing is written, not even beside it."""
    engine = _read_only(file)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def forget_copy(file: Path) -> None:
    """Remove a copy, and what lies beside it once it was opened."""
    for end in ("", *BESIDE):
        file.with_name(file.name + end).unlink(missing_ok=True)


def _read_only(file: Path) -> Engine:
    return create_engine(f"sqlite:///file:{file}?mode=ro&immutable=1&uri=true")


def _copied(source: Connection, target: Connection) -> None:
    for table in metadata.sorted_tables:
        rows = source.execute(select(table), execution_options={"yield_per": AT_ONCE}).mappings()
        for some in rows.partitions(AT_ONCE):
            target.execute(insert(table), [dict(row) for row in some])


def _go_on_after(target: Connection, table: Table, column: Column[Any], last: int) -> None:
    """Let a table's own numbers go on after the last that was given, also where its row is gone."""
    sequence = target.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    number = sequence and max(last, target.execute(select(func.max(column))).scalar() or 0)
    if number:
        target.execute(select(func.setval(sequence, number)))


def _made_empty(file: Path) -> None:
    """A file for nobody else's eyes, from its first byte on."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def _on_the_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
