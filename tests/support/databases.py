"""An empty database for one test: a file, or one in the PostgreSQL that TEST_DATABASE_URL names.

Making a database costs more than most tests, so one that a test has done with is emptied and used again.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, select, text

from sync_server.context import Context
from sync_server.db import open_store
from sync_server.db.every_table import metadata

GIVEN = "TEST_DATABASE_URL"
OTHERS_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
NUMBERS_BEGIN_ANEW = (
    "SELECT setval(oid, 1, false) FROM pg_class "
    "WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)
_unused: list[str] = []


def on_postgresql() -> bool:
    """Whether these tests were started on PostgreSQL: ``make test-postgres`` does."""
    return bool(os.environ.get(GIVEN))


@contextmanager
def a_database(folder: Path, *, in_a_file: bool = False) -> Iterator[str]:
    """The address of an empty database, in ``folder`` where it is a file."""
    if in_a_file or not on_postgresql():
        yield f"sqlite:///{folder / 'homeward.sqlite'}"
        return
    name = _unused.pop() if _unused else _made()
    yield _address(name)
    _emptied(name)
    _unused.append(name)  # not after a test that failed: whoever looks into it finds what it left


def everything_in(context: Context) -> bytes:
    """Whatever lies in the database, as somebody who stole it would have it."""
    url = make_url(context.settings.database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    with context.store.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return repr([tuple(row) for row in rows]).encode()


def _made() -> str:
    name = f"test_{uuid4().hex}"
    _do(os.environ[GIVEN], f"CREATE DATABASE {name}")
    atexit.register(_do, os.environ[GIVEN], f"DROP DATABASE {name} WITH (FORCE)")
    open_store(_address(name)).close()
    return name


def _emptied(name: str) -> None:
    """As it was made: no rows, and every number begins at one again. Its own refusals sleep meanwhile."""
    tables = [table.name for table in metadata.sorted_tables]
    deleted = "; ".join(f"DELETE FROM {table}" for table in reversed(tables))  # noqa: S608 - our own names
    _do(_address(name), OTHERS_END, "SET session_replication_role = replica", deleted, NUMBERS_BEGIN_ANEW)


def _do(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _address(database: str) -> str:
    return make_url(os.environ[GIVEN]).set(database=database).render_as_string(hide_password=False)
