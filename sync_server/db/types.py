"""Column types that mean the same in SQLite and PostgreSQL, and the one insert both agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Row, Table
from sqlalchemy.dialects.postgresql import Insert as InsertInPostgresql
from sqlalchemy.dialects.postgresql import insert as insert_in_postgresql
from sqlalchemy.dialects.sqlite import Insert as InsertInSqlite
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator

from sync_server.db.later import first, later

HIGHEST = 2**31 - 1
"""So far a column of whole numbers counts on every database."""


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC and always aware. SQLite forgets zones; this remembers."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone, store every other one as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back where the database dropped it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@cache
def insert_in(dialect: str, table: Table) -> InsertInSqlite | InsertInPostgresql:
    """An insert in the words of this database, which both spell alike: ON CONFLICT, RETURNING, excluded."""
    return insert_in_postgresql(table) if dialect == "postgresql" else insert_in_sqlite(table)


@cache
def _put_if_new(dialect: str, table: Table) -> Any:
    return insert_in(dialect, table).on_conflict_do_nothing()


def put_if_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row unless it is there, where nobody asks which of both it was."""
    later(connection, _put_if_new(connection.dialect.name, table), {**_otherwise(table), **values})


@cache
def _otherwise(table: Table) -> Mapping[str, Any]:
    """What stands in the columns of a row that says nothing of them."""
    given = ((one.name, one.default) for one in table.c)
    return {name: one.arg for name, one in given if isinstance(one, ScalarElementColumnDefault)}


@cache
def _insert_if_new(dialect: str, table: Table, returning: tuple[Column[Any], ...]) -> Any:
    return insert_in(dialect, table).on_conflict_do_nothing().returning(*returning)


def insert_if_new(
    connection: Connection, table: Table, values: Mapping[str, Any], returning: Sequence[Column[Any]]
) -> Row[Any] | None:
    """Insert a row unless a unique constraint says it is there; the returned row is the only proof.

    A driver's count of rows is no proof: psycopg answers -1 for an insert, and a
    gate on "not zero" once filed 924 of 4,924 submissions twice.
    """
    # Statements are made once and given their values apart: making them costs more than running them.
    statement = _insert_if_new(connection.dialect.name, table, tuple(returning))
    found: Row[Any] | None = first(connection, statement, {**_otherwise(table), **values})
    return found
