"""Rows that nobody can read, move, put back or drop unseen; and the transactions that change them.

Each row is sealed to its place with a key of its own. The head seals a counter and a sum over all
rows (a keyed multiset hash: each row adds its share modulo 2^256), so a save costs the same however
many rows there are, and unlocking finds any row that was changed, swapped, dropped or put back.
A missing head is refused as well: a store without one was never left by this app.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from tinydb.storages import Storage

from field_app.store.bodies import decoded, encoded
from field_app.store.envelopes import ENVELOPES, EnvelopeRows
from field_app.store.errors import ReadOnlyStore, StoreBroken, StoreFull, StoreRolledBack, StoreTampered
from field_app.store.files import meaning_of, refuse_other_kinds, translated, write_meta
from field_app.store.seals import Anchor, RowSeal
from field_app.store.tally import Mark, Tally

T = TypeVar("T")

ANCHOR_EVERY: Final = 20
"""How many saves may pass before the counter is remembered outside the file again."""

BYTES: Final = "bytes."
"""How a table begins whose bodies are no documents, such as the pieces of photographs."""

_TAG: Final = 16
_FEW: Final = 32
_STOCK: Final = "SELECT id, tbl, rid, ver, substr(wk, -16), substr(ct, -16) FROM rows ORDER BY id"
_EXACT: Final = 2**31 - 1
"""Whole numbers up to this can be counted everywhere, in an envelope's header too."""
_REKEY: Final = "SELECT id, tbl, rid, ver, wk, substr(ct, -16) FROM rows ORDER BY id"


class SealedRows(EnvelopeRows, Storage):
    """One open store file. Belongs to one thread: the keeper's."""

    def __init__(self, conn: sqlite3.Connection, seal: RowSeal, anchor: Anchor) -> None:
        self.seal = seal
        self.rolled_back: StoreRolledBack | None = None
        self._conn = conn
        self._anchor = anchor
        self._tally = Tally()
        self._wrapped: dict[int, bytes] = {}
        self._made: dict[tuple[str, int], tuple[Mark, Any]] = {}
        self._remembered = 0
        self._head = self._next_head = b""
        self._depth = 0
        self._spoiled = False
        self._erasing = False
        self._broken = False
        self._closed = False

    # ---- opening and closing -------------------------------------------------------------------

    @classmethod
    def begun(
        cls,
        conn: sqlite3.Connection,
        seal: RowSeal,
        anchor: Anchor,
        *,
        meta: Mapping[str, bytes],
        first: Callable[[SealedRows], None] | None = None,
    ) -> SealedRows:
        """Start a new store: the part that needs no key, the head and what comes ``first``, or nothing."""
        rows = cls(conn, seal, anchor)
        with rows.transaction():
            for key, value in meta.items():
                write_meta(conn, key, value)
            rows._write_head()
            if first is not None:
                first(rows)
        rows.remember()
        return rows

    @classmethod
    def checked(cls, conn: sqlite3.Connection, seal: RowSeal, anchor: Anchor) -> SealedRows:
        """Open a store and refuse it unless it is whole; one that was rolled back can only be read."""
        rows = cls.whole(conn, seal, anchor)
        rows.compare(anchor.highest())
        return rows

    @classmethod
    def whole(cls, conn: sqlite3.Connection, seal: RowSeal, anchor: Anchor) -> SealedRows:
        """Open a store and refuse it unless it is whole; whether it is the newest is not compared yet."""
        rows = cls(conn, seal, anchor)
        with translated():
            rows._take_stock()
        return rows

    @property
    def counter(self) -> int:
        """How many changes this store has seen. Only ever grows."""
        return self._tally.counter

    @property
    def erasures_pending(self) -> bool:
        """Whether rows were erased since the keys were last changed."""
        return self._tally.erased

    @property
    def connection(self) -> sqlite3.Connection:
        """The file itself, for the vault's own entries and for tests that do damage to it."""
        return self._conn

    def compare(self, highest: int) -> None:
        """Become read-only if somebody has seen this store further on than it is now."""
        if self.counter < highest:
            self.rolled_back = StoreRolledBack(found=self.counter, expected=highest)

    def remember(self) -> None:
        """Remember the counter outside the file, so that an older copy would be noticed."""
        if self.rolled_back is None and self.counter > self._remembered:
            self._anchor.remember(self.counter)
            self._remembered = self.counter

    def close(self) -> None:
        """Leave nothing but the sealed file: remember, checkpoint, close, forget the keys."""
        if self._closed:
            return
        self._closed = True
        try:
            if not self._broken and self.rolled_back is None:
                self.remember()
                self._checkpoint()
        finally:  # the keys first: a file that does not close must not keep them
            self._tally.clear()
            self._made.clear()
            self.seal.scrub()
            self._conn.close()

    # ---- looking -------------------------------------------------------------------------------

    def names(self) -> set[str]:
        """The tables of documents that hold at least one row."""
        return {tbl for tbl in self._tally.tables() if tbl != ENVELOPES and not tbl.startswith(BYTES)}

    def rids(self, tbl: str) -> list[int]:
        """The row numbers of a table, in the order in which the rows were first put."""
        return list(self._tally.of(tbl))

    def has(self, tbl: str, rid: int) -> bool:
        """Whether there is such a row, without opening it."""
        return rid in self._tally.of(tbl)

    def count(self, tbl: str) -> int:
        """How many rows a table has, without opening any."""
        return len(self._tally.of(tbl))

    def body(self, tbl: str, rid: int) -> bytes | None:
        """One row, opened; or None when there is no such row."""
        self._usable()
        mark = self._tally.of(tbl).get(rid)
        if mark is None:
            return None
        try:
            row = self._conn.execute("SELECT wk, ct FROM rows WHERE id = ?", (mark.at,)).fetchone()
        except sqlite3.Error as error:
            raise meaning_of(error) from error
        if row is None or mark.share != self.seal.share(tbl, rid, mark.ver, row[0][-_TAG:], row[1][-_TAG:]):
            raise StoreTampered("a row changed while the vault was open")
        self._keep_wrapped(mark.at, row[0])
        return self.seal.open(tbl, rid, mark.ver, row[0], row[1])

    def made_of(self, tbl: str, rid: int, make: Callable[[dict[str, Any]], T]) -> T:
        """What is made of a row's document: it is opened again only once it has changed.

        A list of everything would open thousands at each look. What was made is forgotten when its row
        changes or is erased, and when the vault is locked. Of one table always the same is made, and nobody
        changes it.
        """
        self._usable()
        mark = self._tally.of(tbl)[rid]
        kept = self._made.get((tbl, rid))
        if kept is None or kept[0] is not mark:
            kept = self._made[tbl, rid] = mark, make(decoded(self.body(tbl, rid) or b"{}"))
        made: T = kept[1]
        return made

    def state_of(self, tbl: str, rid: int) -> int:
        """A number that tells a row as it stands from each other state of it, and says nothing of it."""
        return self._tally.of(tbl)[rid].share & _EXACT

    # ---- changing ------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, durably, or none of it does. One inside another joins it."""
        if self._depth:
            try:
                yield
            except BaseException:
                self._spoiled = True  # part of it is missing, so the whole must not be kept
                raise
            return
        self._begin()
        try:
            yield
            self._commit()
        except BaseException as error:
            self._roll_back()
            if isinstance(error, sqlite3.Error):
                self._broken = not isinstance(meaning_of(error), StoreFull)
                raise meaning_of(error) from error
            raise
        finally:
            self._depth = 0
        self._settle()

    def put(self, tbl: str, rid: int, body: bytes) -> None:
        """Keep a body under its row number, in place of what was there."""
        with self.transaction():
            mark, seal = self._tally.of(tbl).get(rid), self.seal
            if mark is None:
                ver, wrapped = 1, seal.new_key(tbl, rid)
                sealed = seal.seal(tbl, rid, ver, wrapped, body)
                insert = "INSERT INTO rows (tbl, rid, ver, wk, ct) VALUES (?, ?, ?, ?, ?)"
                at = self._conn.execute(insert, (tbl, rid, ver, wrapped, sealed)).lastrowid or 0
            else:
                at, ver = mark.at, mark.ver + 1
                wrapped = self._wrapped.get(at) or self._read_wrapped(at)
                sealed = seal.seal(tbl, rid, ver, wrapped, body)
                self._conn.execute("UPDATE rows SET ver = ?, ct = ? WHERE id = ?", (ver, sealed, at))
            share = seal.share(tbl, rid, ver, wrapped[-_TAG:], sealed[-_TAG:])
            self._made.pop((tbl, rid), None)
            self._tally.set(tbl, rid, Mark(at, ver, share))

    def erase(self, tbl: str, rid: int) -> bool:
        """Remove a row and its key; after the transaction not even the file holds them."""
        mark = self._tally.of(tbl).get(rid)
        if mark is None:
            return False
        with self.transaction():
            self._conn.execute("DELETE FROM rows WHERE id = ?", (mark.at,))
            self._wrapped.pop(mark.at, None)
            self._made.pop((tbl, rid), None)
            self._tally.set(tbl, rid, None)
            self._note_erasure()
        return True

    def rekey(
        self, after: RowSeal, rewrap: Callable[[str, int, bytes], bytes], *, meta: Mapping[str, bytes]
    ) -> None:
        """Change the keys: every record key wrapped anew, the sum and the head under the new seal.

        The bodies stay as they are. One transaction: after a crash the store opens with the old keys
        or with the new ones, whole.
        """
        with self.transaction():
            tally = Tally()
            for at, tbl, rid, ver, wrapped, tag in self._conn.execute(_REKEY).fetchall():
                fresh = rewrap(tbl, rid, wrapped)
                self._conn.execute("UPDATE rows SET wk = ? WHERE id = ?", (fresh, at))
                tally.load(tbl, rid, Mark(at, ver, after.share(tbl, rid, ver, fresh[-_TAG:], tag)))
            for row in self._envelope_rows():
                tally.load(ENVELOPES, row[0], Mark(row[0], row[2], self._envelope_share(row, after)))
            tally.counter = self.counter + 1
            self._put_head(after.seal_head(tally.counter, tally.total, erased=False))
            for key, value in meta.items():
                write_meta(self._conn, key, value)
        self.seal.scrub()
        self.seal, self._tally = after, tally
        self._wrapped.clear()
        self._checkpoint()
        self.remember()

    # ---- what TinyDB asks of a storage ---------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Every table, opened. TinyDB's own tables ask for this; sealed tables never do."""
        tables = {
            tbl: {str(rid): decoded(self.body(tbl, rid) or b"{}") for rid in self.rids(tbl)}
            for tbl in sorted(self.names())
        }
        return tables or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace everything, as TinyDB's storages do, in one transaction."""
        with self.transaction():
            for tbl in self.names() | set(data):
                wanted = {int(rid): encoded(document) for rid, document in data.get(tbl, {}).items()}
                for rid in self.rids(tbl):
                    if rid not in wanted:
                        self.erase(tbl, rid)
                for rid, body in wanted.items():
                    if self.body(tbl, rid) != body:
                        self.put(tbl, rid, body)

    # ---- inside --------------------------------------------------------------------------------

    def _take_stock(self) -> None:
        refuse_other_kinds(self._conn, "rows", "outq", "head")
        share_of, load = self.seal.share, self._tally.load
        for at, tbl, rid, ver, key_tag, body_tag in self._conn.execute(_STOCK):
            load(tbl, rid, Mark(at, ver, share_of(tbl, rid, ver, key_tag, body_tag)))
        for row in self._envelope_rows():
            load(ENVELOPES, row[0], Mark(row[0], row[2], self._envelope_share(row)))
        heads = self._conn.execute("SELECT ct FROM head").fetchall()
        if len(heads) != 1:
            raise StoreTampered("its head is missing")
        self._head = heads[0][0]
        self._tally.counter, total, self._tally.erased = self.seal.open_head(self._head)
        if total != self._tally.total:
            raise StoreTampered("rows were changed, dropped or put back")

    def _read_wrapped(self, at: int) -> bytes:
        row = self._conn.execute("SELECT wk FROM rows WHERE id = ?", (at,)).fetchone()
        if row is None:
            raise StoreTampered("a row vanished while the vault was open")
        self._keep_wrapped(at, row[0])
        return bytes(row[0])

    def _keep_wrapped(self, at: int, wrapped: bytes) -> None:
        """The draft being written is saved again and again: its wrapped key need not be read each time."""
        if len(self._wrapped) > _FEW:
            self._wrapped.clear()
        self._wrapped[at] = wrapped

    def _usable(self) -> None:
        if self._closed:
            raise StoreBroken("the vault is locked")
        if self._broken:
            raise StoreBroken

    def _begin(self) -> None:
        self._usable()
        if self.rolled_back is not None:
            raise ReadOnlyStore
        with translated():
            self._conn.execute("BEGIN IMMEDIATE")
            self._must_be_alone()
        self._tally.begin()
        self._next_head = self._head
        self._depth, self._spoiled, self._erasing = 1, False, False

    def _must_be_alone(self) -> None:
        """Refuse to save over what another program has saved: the sum would be wrong for ever."""
        row = self._conn.execute("SELECT ct FROM head").fetchone()
        if (b"" if row is None else row[0]) != self._head:
            self._broken = True
            self._conn.execute("ROLLBACK")
            raise StoreBroken("another program has written to the store")

    def _commit(self) -> None:
        if self._spoiled:
            raise StoreBroken("one part of the change failed, so none of it was made")
        if self._tally.changed:
            self._write_head()
        self._conn.execute("COMMIT")
        self._head = self._next_head

    def _write_head(self) -> None:
        self._tally.counter += 1
        tally = self._tally
        self._put_head(self.seal.seal_head(tally.counter, tally.total, erased=tally.erased))

    def _put_head(self, sealed: bytes) -> None:
        self._conn.execute("INSERT OR REPLACE INTO head VALUES (0, ?)", (sealed,))
        self._next_head = sealed

    def _roll_back(self) -> None:
        self._tally.undo()
        self._wrapped.clear()
        self._made.clear()
        # On a full disk sqlite has rolled back by itself; a second ROLLBACK would hide the cause.
        if self._conn.in_transaction:
            try:
                self._conn.execute("ROLLBACK")
            except sqlite3.Error:
                self._broken = True

    def _note_erasure(self) -> None:
        self._erasing = self._tally.erased = True

    def _settle(self) -> None:
        """After a durable change: get rid of erased bytes, and remember how far we are."""
        if self._erasing:
            self._checkpoint()
        if self.counter - self._remembered >= ANCHOR_EVERY:
            self.remember()

    def _checkpoint(self) -> None:
        try:
            self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            # What was saved is safe in the log. Without room it stays there until the next time.
            self._broken = not isinstance(meaning_of(error), StoreFull)
