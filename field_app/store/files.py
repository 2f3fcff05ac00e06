"""The sqlite file that rows lie in: its tables, its settings, and what its failures mean."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from field_app.store.errors import (
    NeverReleased,
    NewerStore,
    StoreBroken,
    StoreError,
    StoreFull,
    StoreTampered,
)

SCHEMA: Final = 2
"""The version of this layout. Any other in a file is refused, never guessed at: 1 was never released."""

_TABLES: Final = {
    "rows": "CREATE TABLE rows (id INTEGER PRIMARY KEY, tbl TEXT NOT NULL, rid INTEGER NOT NULL, "
    "ver INTEGER NOT NULL, wk BLOB NOT NULL, ct BLOB NOT NULL, UNIQUE (tbl, rid))",
    "outq": "CREATE TABLE outq (id INTEGER PRIMARY KEY, record TEXT NOT NULL, rev INTEGER NOT NULL, "
    "waiting INTEGER NOT NULL, sha BLOB NOT NULL, env BLOB NOT NULL, UNIQUE (record, rev))",
    "head": "CREATE TABLE head (k INTEGER PRIMARY KEY, ct BLOB NOT NULL)",
    "meta": "CREATE TABLE meta (k TEXT PRIMARY KEY, v BLOB NOT NULL)",
}
_LAID_OUT: Final = Counter(
    [("table", name, name, statement) for name, statement in _TABLES.items()]
    + [("index", f"sqlite_autoindex_{name}_1", name, None) for name in ("rows", "outq", "meta")]
)
"""All that the schema may hold. Anything more could change rows behind our back, whatever it is called."""

_OTHERWISE: Final = {
    "head": "typeof(ct) <> 'blob' OR length(ct) > 1024",
    "outq": "typeof(record) <> 'text' OR typeof(rev) <> 'integer' OR rev < 0 "
    "OR typeof(waiting) <> 'integer' OR typeof(sha) <> 'blob' OR typeof(env) <> 'blob'",
    "rows": "typeof(tbl) <> 'text' OR length(CAST(tbl AS BLOB)) > 1024 OR typeof(rid) <> 'integer' "
    "OR typeof(ver) <> 'integer' OR ver < 0 OR typeof(wk) <> 'blob' OR typeof(ct) <> 'blob'",
}
"""What no row of ours is. A column's type is a wish to sqlite, and a file can be written by anybody."""

_LONGEST: Final = 1 << 20
"""How many bytes an entry of the plain part may have."""

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledged save survives the battery
    "secure_delete=ON",  # an erased row's bytes are overwritten, not only forgotten
    "wal_autocheckpoint=1000",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)


def open_file(path: Path) -> sqlite3.Connection:
    """Open a store's file, or make an empty one, with the settings that make saves durable."""
    with translated():
        conn = sqlite3.connect(path, isolation_level=None)
        try:
            for pragma in _PRAGMAS:
                conn.execute(f"PRAGMA {pragma}")
            _lay_out(conn)
        except BaseException:
            conn.close()
            raise
    return conn


def read_meta(conn: sqlite3.Connection, key: str) -> bytes | None:
    """One entry of the part of the file that needs no key."""
    query = "SELECT typeof(v) = 'blob' AND length(v) <= ?, v FROM meta WHERE k = ?"
    with translated():
        row = conn.execute(query, (_LONGEST, key)).fetchone()
    if row is None:
        return None
    if not row[0]:
        raise StoreTampered("something in it is of another kind")
    return bytes(row[1])


def write_meta(conn: sqlite3.Connection, key: str, value: bytes) -> None:
    """Write one entry of the part of the file that needs no key."""
    with translated():
        conn.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


@contextmanager
def translated() -> Iterator[None]:
    """Turn what sqlite says into what it means for the officer's work."""
    try:
        yield
    except sqlite3.Error as error:
        raise meaning_of(error) from error


def meaning_of(error: sqlite3.Error) -> StoreError:
    """The refusal that stands for one of sqlite's errors."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return StoreFull()
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreTampered("its file is damaged")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBroken("another program holds the store open")
    return StoreBroken()


def refuse_other_kinds(conn: sqlite3.Connection, *tables: str) -> None:
    """Refuse a file in which something lies of another kind than we write. Raises StoreTampered."""
    for table in tables:
        query = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {_OTHERWISE[table]})"  # noqa: S608 - our own names
        if conn.execute(query).fetchone()[0]:
            raise StoreTampered("something in it is of another kind")


def _lay_out(conn: sqlite3.Connection) -> None:
    """Make the tables in an empty file; in any other, insist on just these and nothing else.

    Anything more in the schema (a trigger, a view, another index) could change rows behind our back.
    What lies in them is looked at where it is read: what waits sealed is sent whatever stands beside it.
    """
    found = conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    if not found:
        conn.execute("BEGIN IMMEDIATE")
        for statement in _TABLES.values():
            conn.execute(statement)
        conn.execute(f"PRAGMA user_version={SCHEMA}")
        conn.execute("COMMIT")
        return
    (version,) = conn.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA:
        raise NewerStore(found=version, known=SCHEMA)
    if version < SCHEMA:
        raise NeverReleased
    if Counter(found) != _LAID_OUT:
        raise StoreTampered("its tables were altered")
