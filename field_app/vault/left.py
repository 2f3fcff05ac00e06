"""What lies sealed in a vault that nobody opens: it can be sent all the same, for it is sealed to the force.

The file says in the clear which envelopes wait. That one was answered for is written beside them; whoever
tampers with that only has it sent once more when its officer comes back.

Photographs lie among them and are left out: each belongs to a record that the server must have taken first,
and goes piece by piece for an officer who is signed in. So they wait for their officer, and hold up no wipe.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from booklets.sealing.envelope import read_head
from booklets.sealing.errors import EnvelopeMalformed
from field_app.store.files import translated, write_meta

_ANSWERED: Final = "left."
_HEAD: Final = 16 * 1024
"""More than stands before the body of any envelope: a photograph is not read whole to see that it is one."""


@dataclass(frozen=True, slots=True)
class SealedItem:
    """A sealed submission that waits to be sent. It can be read by the force alone."""

    record: str
    rev: int
    envelope: bytes = field(repr=False)


def waiting(conn: sqlite3.Connection) -> tuple[SealedItem, ...]:
    """The records that the force has not answered for, oldest first."""
    query = (
        "SELECT id, substr(env, 1, ?) FROM outq WHERE waiting = 1 "
        "AND NOT EXISTS (SELECT 1 FROM meta WHERE k = ? || record || '/' || rev) ORDER BY id"
    )
    with translated():
        found = conn.execute(query, (_HEAD, _ANSWERED)).fetchall()
        places = [at for at, head in found if not _is_attachment(head)]
        whole = "SELECT record, rev, env FROM outq WHERE id = ?"
        return tuple(SealedItem(*conn.execute(whole, (at,)).fetchone()) for at in places)


def _is_attachment(head: bytes) -> bool:
    """Whether this is sealed as a photograph. What cannot be read goes as it is: the force has to see it."""
    try:
        return read_head(head).header.kind == "attachment"
    except EnvelopeMalformed:
        return False


def note_answer(conn: sqlite3.Connection, item: SealedItem, answer: bytes) -> None:
    """Keep the force's answer: its receipt, or the code with which it keeps the item apart."""
    write_meta(conn, f"{_ANSWERED}{item.record}/{item.rev}", answer)
