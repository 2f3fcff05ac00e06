"""What lies sealed in a vault that nobody opens: it can be sent all the same, for it is sealed to the force.

The file says in the clear which envelopes wait. That one was answered for is written beside them; whoever
tampers with that only has it sent once more when its officer comes back.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from field_app.store.files import translated, write_meta

_ANSWERED: Final = "left."


@dataclass(frozen=True, slots=True)
class SealedItem:
    """A sealed submission that waits to be sent. It can be read by the force alone."""

    record: str
    rev: int
    envelope: bytes = field(repr=False)


def waiting(conn: sqlite3.Connection) -> tuple[SealedItem, ...]:
    """What the force has not answered for, oldest first."""
    query = (
        "SELECT record, rev, env FROM outq WHERE waiting = 1 "
        "AND NOT EXISTS (SELECT 1 FROM meta WHERE k = ? || record || '/' || rev) ORDER BY id"
    )
    with translated():
        return tuple(SealedItem(*row) for row in conn.execute(query, (_ANSWERED,)))


def note_answer(conn: sqlite3.Connection, item: SealedItem, answer: bytes) -> None:
    """Keep the force's answer: its receipt, or the code with which it keeps the item apart."""
    write_meta(conn, f"{_ANSWERED}{item.record}/{item.rev}", answer)
