"""Statements that the driver is asked itself, and those among them whose answer nobody needs.

``asked`` gives the rows of an answer. What is done ``later`` has none: on PostgreSQL it goes in one message
with whatever is asked next, or with the commit. They are done in the order in which they were asked for, and
what goes wrong with one is raised there. On SQLite, where nothing is sent anywhere, each is done at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sync_server.db.spelling import Spelt, Statement, Values, spelt


def later(connection: Connection, statement: Statement, values: Values | Sequence[Values]) -> None:
    """Do this with these values, or with each of them; its answer is nobody's.

    ``statement`` is one of a module's, made once. A column that the database gives no value has one here.
    """
    each = [values] if isinstance(values, Mapping) else values
    if not each:
        return
    one = spelt(connection.dialect, statement, tuple(each[0]))
    driver: Any = connection.connection.driver_connection
    far = connection.dialect.name == "postgresql"
    for row in each:
        if far:
            driver.later(one.text, one.given(row))
        else:
            _told(driver, one, row)


def asked(connection: Connection, statement: Statement, values: Values) -> list[Any]:
    """The rows that answer this, each with its columns by name. ``statement`` is one of a module's."""
    one = spelt(connection.dialect, statement, tuple(values))
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        return _asked_far(connection, driver, one, values)
    return [one.row(row) for row in _told(driver, one, values).fetchall()]


def asked_alone(connection: Connection, statement: Statement, values: Values) -> list[Any]:
    """The same outside any transaction, of a connection on which none has begun."""
    one = spelt(connection.dialect, statement, tuple(values))
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        return _asked_far(connection, driver, one, values, alone=True)
    return [one.row(row) for row in _told(driver, one, values).fetchall()]


def first(connection: Connection, statement: Statement, values: Values) -> Any:
    """The first row of the answer, or None."""
    return next(iter(asked(connection, statement, values)), None)


def _told(driver: sqlite3.Connection, one: Spelt, values: Values) -> sqlite3.Cursor:
    given = one.given(values)
    try:
        return driver.execute(one.text, given)
    except sqlite3.Error as error:
        # As SQLAlchemy says it, less the values: what an officer wrote is in no error.
        raise DBAPIError.instance(one.text, None, error, sqlite3.Error, hide_parameters=True) from error


def _asked_far(
    connection: Connection, driver: Any, one: Spelt, values: Values, *, alone: bool = False
) -> list[Any]:
    answer, error = driver.ask(one.text, one.given(values), alone=alone)
    if error is not None:
        connection.exec_driver_sql("SELECT")  # raises it: whether the line is lost is for SQLAlchemy to see
    return [one.row(row) for row in answer]
