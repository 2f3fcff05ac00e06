"""Sealed envelopes as the store keeps them: as they are, for nobody here can open one.

They lie beside the sealed rows, in a table of their own, so that they can be sent even when nobody can
unlock the vault; the store's sum covers them too. A short one is put and read whole. An attachment is
written and read piece by piece, through sqlite's own windows on a large value.
"""

from __future__ import annotations

import hashlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, Final, TypeAlias, cast

from field_app.store.errors import StoreTampered
from field_app.store.files import translated
from field_app.store.seals import RowSeal
from field_app.store.tally import Mark, Tally

ENVELOPES: Final = "outq"
PIECE: Final = 64 * 1024
NAMED_AFTER: Final = ("outbox", "enclosures")
"""The tables whose rows have the number of the envelope they are about, and stay when that is erased."""
_Row: TypeAlias = tuple[int, str, int, int, bytes]
"""id, record, revision, whether it waits, and the SHA-256 of the envelope."""
_ROW: Final = "SELECT id, record, rev, waiting, sha FROM outq"


class EnvelopeRows(ABC):
    """The envelopes of one open store file."""

    seal: RowSeal
    _conn: sqlite3.Connection
    _tally: Tally

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside happens, durably, or none of it does."""

    @abstractmethod
    def _usable(self) -> None: ...

    @abstractmethod
    def _note_erasure(self) -> None: ...

    # ---- looking -------------------------------------------------------------------------------

    def envelope(self, at: int) -> bytes | None:
        """One sealed envelope as it was put, or None when it has been erased."""
        mark = self._mark_of(at)
        if mark is None:
            return None
        with translated():
            row = self._conn.execute(f"{_ROW} WHERE id = ?", (at,)).fetchone()
            found = self._conn.execute("SELECT env FROM outq WHERE id = ?", (at,)).fetchone()
        if row is None or hashlib.sha256(found[0]).digest() != row[4]:
            raise StoreTampered("a sealed item was altered")
        if self._envelope_share(row) != mark.share:
            raise StoreTampered("a sealed item was altered")
        return bytes(found[0])

    def envelope_piece(self, at: int, start: int, size: int) -> bytes | None:
        """``size`` bytes of one from byte ``start``, fewer at its end; None when it has been erased."""
        if self._mark_of(at) is None:
            return None
        with translated(), self._conn.blobopen("outq", "env", at, readonly=True) as whole:
            whole.seek(min(start, len(whole)))
            return bytes(whole.read(size))

    # ---- changing ------------------------------------------------------------------------------

    def put_envelope(self, *, record: str, rev: int, env: bytes) -> int:
        """Keep a sealed envelope as it is: it can be sent even when nobody can unlock the vault."""
        sha = hashlib.sha256(env).digest()
        with self.transaction():
            at = self._next_number()
            insert = "INSERT INTO outq (id, record, rev, waiting, sha, env) VALUES (?, ?, ?, 1, ?, ?)"
            self._conn.execute(insert, (at, record, rev, sha, env))
            self._counted((at, record, rev, 1, sha))
        return at

    def write_envelope(self, *, record: str, rev: int, size: int, write: Callable[[BinaryIO], str]) -> int:
        """Keep one that is written piece by piece: ``write`` fills all of ``size`` and gives its SHA-256."""
        with self.transaction():
            at = self._next_number()
            insert = (
                "INSERT INTO outq (id, record, rev, waiting, sha, env) VALUES (?, ?, ?, 1, x'', zeroblob(?))"
            )
            self._conn.execute(insert, (at, record, rev, size))
            with self._conn.blobopen("outq", "env", at) as whole:
                sha = bytes.fromhex(write(cast("BinaryIO", whole)))
                if whole.tell() != size:
                    raise StoreTampered("a sealed item has another size than it was to have")
            self._conn.execute("UPDATE outq SET sha = ? WHERE id = ?", (sha, at))
            self._counted((at, record, rev, 1, sha))
        return at

    def settle_envelope(self, at: int) -> None:
        """This one need not be sent again, though it is still kept."""
        with self.transaction():
            self._conn.execute("UPDATE outq SET waiting = 0 WHERE id = ?", (at,))
            row = self._conn.execute(f"{_ROW} WHERE id = ?", (at,)).fetchone()
            if row is None:
                raise StoreTampered("a sealed item vanished while the vault was open")
            self._counted(row)

    def erase_envelope(self, at: int) -> bool:
        """Remove a sealed envelope for good."""
        if at not in self._tally.of(ENVELOPES):
            return False
        with self.transaction():
            self._conn.execute("DELETE FROM outq WHERE id = ?", (at,))
            self._tally.set(ENVELOPES, at, None)
            self._note_erasure()
        return True

    # ---- inside --------------------------------------------------------------------------------

    def _next_number(self) -> int:
        """A number that nothing here ever had: what became of an envelope is known by it after its end.

        Left to sqlite, the number of the last one is given again once that is erased.
        """
        used = (max(self._tally.of(tbl), default=0) for tbl in (ENVELOPES, *NAMED_AFTER))
        return 1 + max(used)

    def _mark_of(self, at: int) -> Mark | None:
        self._usable()
        return self._tally.of(ENVELOPES).get(at)

    def _counted(self, row: _Row) -> None:
        self._tally.set(ENVELOPES, row[0], Mark(row[0], row[2], self._envelope_share(row)))

    def _envelope_rows(self) -> Iterator[_Row]:
        """Every envelope's row, each compared with its own sum, one piece in memory at a time."""
        for row in self._conn.execute(f"{_ROW} ORDER BY id").fetchall():
            total = hashlib.sha256()
            with self._conn.blobopen("outq", "env", row[0], readonly=True) as whole:
                for piece in iter(lambda opened=whole: opened.read(PIECE), b""):  # type: ignore[misc]
                    total.update(piece)
            if total.digest() != row[4]:
                raise StoreTampered("a sealed item was altered")
            yield row

    def _envelope_share(self, row: _Row, seal: RowSeal | None = None) -> int:
        at, record, rev, waiting, sha = row
        if not _is_as_written(row):
            raise StoreTampered("what stands beside a sealed item was altered")
        key_tag = record.encode() + bytes([waiting])
        return (seal or self.seal).share(ENVELOPES, at, rev, key_tag, sha)


def _is_as_written(row: tuple[Any, ...]) -> bool:
    """Whether a row holds what this app writes: sqlite keeps in a column whatever it is given."""
    _, record, rev, waiting, sha = row
    numbers = type(rev) is int and rev >= 0 and type(waiting) is int and waiting in (0, 1)
    return numbers and isinstance(record, str) and isinstance(sha, bytes)
