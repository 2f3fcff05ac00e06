"""A store file to be attacked, and the weak seal that the attacks succeed against."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field_app.store.errors import StoreError
from field_app.store.files import SCHEMA, open_file
from field_app.store.sealed_rows import SealedRows
from field_app.store.seals import Anchor, RowSeal

OTHERS: Final = 40
"""How many rows there are to attack."""

Attack: TypeAlias = Callable[["Prey", random.Random], None]
_COLUMNS: Final = "ver, wk, ct"


class MemoryAnchor:
    """An anchor that lasts as long as the trial."""

    def __init__(self, counter: int = 0) -> None:
        self.counter = counter

    def highest(self) -> int:
        """The highest counter remembered."""
        return self.counter

    def remember(self, counter: int) -> None:
        """Remember a counter."""
        self.counter = max(counter, self.counter)


class NakedSeal:
    """The control: seals without binding a row to its place, and without a sum over all rows.

    ``key`` None leaves the bodies open altogether.
    """

    schema = SCHEMA

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def new_key(self, tbl: str, rid: int) -> bytes:
        """No key of its own."""
        return bytes(60)

    def seal(self, tbl: str, rid: int, ver: int, wrapped: bytes, body: bytes) -> bytes:
        """Sealed, but to no place."""
        nonce = os.urandom(12)
        return body if self._key is None else nonce + AESGCM(self._key).encrypt(nonce, body, None)

    def open(self, tbl: str, rid: int, ver: int, wrapped: bytes, sealed: bytes) -> bytes:
        """Opened, wherever it lay."""
        return sealed if self._key is None else AESGCM(self._key).decrypt(sealed[:12], sealed[12:], None)

    def share(self, tbl: str, rid: int, ver: int, key_tag: bytes, body_tag: bytes) -> int:
        """Nothing is counted."""
        return 0

    def seal_head(self, counter: int, total: int, *, erased: bool) -> bytes:
        """Nothing is remembered."""
        return b"head"

    def open_head(self, sealed: bytes) -> tuple[int, int, bool]:
        """Nothing is compared."""
        return 0, 0, False

    def rid_for(self, tbl: str, name: str) -> int:
        """Not used here."""
        return int(name)

    def scrub(self) -> None:
        """Nothing to forget."""


class Prey:
    """A store file with a past: its rows as they were, its head as it was, the whole file as it was."""

    def __init__(self, folder: Path, seal: Callable[[], RowSeal], *, anchored: bool = True) -> None:
        self._seal = seal
        self._anchor = MemoryAnchor()
        self._path = folder / "prey.db"
        rows = SealedRows.begun(open_file(self._path), seal(), self._anchor, meta={})
        self._save_all(rows, "first")
        rows.close()
        self.older = self._path.read_bytes()
        with sqlite3.connect(self._path) as conn:
            self.old_rows = conn.execute(f"SELECT {_COLUMNS}, rid FROM rows").fetchall()  # noqa: S608
            self.old_head = conn.execute("SELECT k, ct FROM head").fetchall()
        conn.close()
        rows = SealedRows.checked(open_file(self._path), seal(), MemoryAnchor())
        self._save_all(rows, "second")
        self._anchor.remember(rows.counter)
        rows.close()
        if not anchored:
            self._anchor = MemoryAnchor()
        self._whole = self._path.read_bytes()
        self.file = folder / "attacked.db"

    def _save_all(self, rows: SealedRows, word: str) -> None:
        with rows.transaction():
            for rid in range(1, OTHERS + 1):
                rows.put("drafts", rid, f"{word} {rid} ".encode() * 20)

    def noticed(self, attack: Attack, chance: random.Random) -> bool:
        """Attack a copy, open it, and read everything: whether anything was refused or pointed out."""
        for old in self.file.parent.glob("attacked.db*"):
            old.unlink()
        self.file.write_bytes(self._whole)
        attack(self, chance)
        anchor: Anchor = MemoryAnchor(self._anchor.counter)
        conn = open_file(self.file)
        try:
            rows = SealedRows.checked(conn, self._seal(), anchor)
            for rid in rows.rids("drafts"):
                rows.body("drafts", rid)
        except (StoreError, InvalidTag):
            return True
        else:
            return rows.rolled_back is not None
        finally:
            conn.close()

    def change(self, statement: str, *values: Any) -> None:
        """What an attacker does with the file in hand."""
        conn = sqlite3.connect(self.file)
        with conn:
            conn.execute(statement, values)
        conn.close()

    def row(self, rid: int) -> tuple[Any, ...]:
        """One row as it lies."""
        conn = sqlite3.connect(self.file)
        found = conn.execute(f"SELECT {_COLUMNS} FROM rows WHERE rid = ?", (rid,)).fetchone()  # noqa: S608
        conn.close()
        return tuple(found)
