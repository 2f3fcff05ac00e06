"""What a transaction has found out about the rows that it holds, and need not ask again.

It is forgotten with the transaction, or with the savepoint in which it was found out: what is taken back
there was never so.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Transaction

_found: WeakKeyDictionary[Transaction, dict[tuple[str, str], Any]] = WeakKeyDictionary()


def found_out(connection: Connection) -> dict[tuple[str, str], Any]:
    """What was found out here so far: by what it is, and of which record."""
    within = connection.get_nested_transaction() or connection.get_transaction()
    return {} if within is None else _found.setdefault(within, {})


def forget(connection: Connection) -> None:
    """Begin anew: what comes now in this transaction is somebody else's work."""
    within = connection.get_transaction()
    if within is not None:
        _found.pop(within, None)
