"""What the store needs from whoever holds the keys.

The store never sees a key. The vault hands it a ``RowSeal``, which turns bodies into sealed
bytes and back, and an ``Anchor``, which remembers outside the file how far the file had got.
"""

from __future__ import annotations

from typing import Protocol


class RowSeal(Protocol):
    """Seals rows to their place: the same bytes in another place, or as another version, do not open.

    A row's place is its table, its row number in that table (``rid``) and its version.
    Whatever does not open raises ``StoreTampered``.
    """

    @property
    def schema(self) -> int:
        """The version of the store's layout, sealed into every row."""
        ...

    def new_key(self, tbl: str, rid: int) -> bytes:
        """Make a key for one record and give it wrapped, as it is to be stored."""
        ...

    def seal(self, tbl: str, rid: int, ver: int, wrapped: bytes, body: bytes) -> bytes:
        """Seal a body to its place with the record's own key."""
        ...

    def open(self, tbl: str, rid: int, ver: int, wrapped: bytes, sealed: bytes) -> bytes:
        """The body again, if it is the one that was sealed to just this place."""
        ...

    def share(self, tbl: str, rid: int, ver: int, key_tag: bytes, body_tag: bytes) -> int:
        """What one row adds to the sum over all rows, modulo 2^256. It takes the key to compute."""
        ...

    def seal_head(self, counter: int, total: int, *, erased: bool) -> bytes:
        """Seal how many changes there have been, the sum over all rows, and whether keys have to change.

        ``erased``: something was erased since they last did.
        """
        ...

    def open_head(self, sealed: bytes) -> tuple[int, int, bool]:
        """The counter, the sum and the note again."""
        ...

    def rid_for(self, tbl: str, name: str) -> int:
        """The row number under which a named document lies. It tells nobody the name."""
        ...

    def scrub(self) -> None:
        """Forget every key. Nothing can be sealed or opened afterwards."""
        ...


class Anchor(Protocol):
    """Remembers, outside the file, the highest counter that was seen. Never goes down."""

    def highest(self) -> int:
        """The highest counter remembered. Raises where that cannot be said."""
        ...

    def remember(self, counter: int) -> None:
        """Remember a counter. Failing to must not undo a save, so this never raises for storage trouble."""
        ...
