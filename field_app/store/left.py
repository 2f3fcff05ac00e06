"""What lies sealed in a vault that nobody opens: it can be sent all the same, for it is sealed to the force.

The file says in the clear which envelopes wait, and beside them what the force has answered. Whoever can
write in the file can write there what they like, of any type. So nothing of it is believed: which record an
envelope is stands in the envelope itself, and an answer counts only once somebody has checked the signature
of its receipt, for just these bytes (``field_app.sync.unattended.is_answered``). Without that an envelope is
sent again, and its file is not erased.

Photographs lie among them and are left out: each belongs to a record that the server must have taken first,
and goes piece by piece for an officer who is signed in. So they wait for their officer, and hold up no wipe.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from booklets.sealing import EnvelopeMalformed
from booklets.sealing.envelope import LONGEST_HEAD, read_head
from field_app.store.files import translated, write_meta

_ANSWERED: Final = "left."
_WAITING: Final = (
    "SELECT id, CAST(record AS BLOB), CAST(rev AS INTEGER), substr(CAST(env AS BLOB), 1, ?) FROM outq "
    "WHERE waiting IS NOT 0 ORDER BY id"
)
"""Everything but what is known to have arrived, whatever somebody has written in its place."""


@dataclass(frozen=True, slots=True)
class SealedItem:
    """A sealed submission that waits to be sent. It can be read by the force alone.

    ``answer`` is what lies beside it as the force's receipt, unchecked; nothing where nothing does.
    """

    record: str
    rev: int
    envelope: bytes = field(repr=False)
    answer: bytes = field(default=b"", repr=False)


def waiting(conn: sqlite3.Connection) -> tuple[SealedItem, ...]:
    """The records of which the open vault had no receipt, oldest first."""
    with translated():
        found = []
        # A photograph is not read whole to see that it is one.
        for at, record, rev, head in conn.execute(_WAITING, (LONGEST_HEAD,)).fetchall():
            try:
                header = read_head(head).header
            except EnvelopeMalformed:  # it goes as it is: the force has to see it
                found.append(_item(conn, at, bytes(record).decode("utf-8", "replace"), rev))
                continue
            if header.kind != "attachment":
                found.append(_item(conn, at, header.record, header.rev))
        return tuple(found)


def _item(conn: sqlite3.Connection, at: int, record: str, rev: int) -> SealedItem:
    envelope = conn.execute("SELECT CAST(env AS BLOB) FROM outq WHERE id = ?", (at,)).fetchone()[0]
    beside = "SELECT CAST(v AS BLOB) FROM meta WHERE k = ?"
    answer = conn.execute(beside, (f"{_ANSWERED}{record}/{rev}",)).fetchone()
    return SealedItem(record, rev, bytes(envelope), bytes(answer[0]) if answer else b"")


def note_answer(conn: sqlite3.Connection, item: SealedItem, answer: bytes) -> None:
    """Keep the force's receipt beside what it is for."""
    write_meta(conn, f"{_ANSWERED}{item.record}/{item.rev}", answer)
