"""Photographs of what is being written: sealed piece by piece beside the draft, and gone with it.

A photograph comes in as the bytes of a small file and never touches the disk otherwise than sealed: each
piece of 64 KiB is a row with a key of its own, so that it is read back without ever being whole in memory,
and erased with its keys. Beside it lies a small picture of it, to be shown in a list.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tinydb.table import Document

from field_app.store.errors import StoreTampered
from field_app.store.sealed_rows import BYTES, SealedRows
from field_app.store.sealed_table import VaultDB

PHOTOS: Final = "photos"
PIECES: Final = f"{BYTES}photos"
PIECE: Final = 64 * 1024
SMALL: Final = "small"


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph as a file, and as a small file: both as they are shown."""

    whole: bytes = field(repr=False)
    small: bytes = field(repr=False)


class Photos:
    """The photographs of one open vault, each belonging to one draft."""

    def __init__(self, db: VaultDB) -> None:
        self._db = db
        self._table = db.sealed(PHOTOS)

    # ---- looking -------------------------------------------------------------------------------

    def of(self, draft: str) -> frozenset[UUID]:
        """The photographs that lie here for a draft, named in it or not."""
        return frozenset(UUID(found["id"]) for found in self._table if found["draft"] == draft)

    def has(self, photo: UUID) -> bool:
        """Whether it lies here."""
        return self._table.get(doc_id=self._place(photo)) is not None

    def small(self, photo: UUID) -> bytes | None:
        """The small picture; None where it is not here any more."""
        return self._db.rows.body(PIECES, self._piece(photo, SMALL))

    def opened(self, photo: UUID) -> PhotoFile | None:
        """The photograph, to be read piece by piece as long as the vault is open; None where it is gone."""
        found = self._table.get(doc_id=self._place(photo))
        return None if found is None else PhotoFile(self._db.rows, photo, int(found["size"]))

    def bytes_kept(self) -> int:
        """How many bytes of photographs are kept here, small pictures left aside."""
        return sum(int(found["size"]) for found in self._table)

    # ---- changing ------------------------------------------------------------------------------

    def put(self, photo: UUID, picture: Picture, *, draft: str) -> None:
        """Keep a photograph for a draft, whole, or nothing of it. It is durable when this returns."""
        if not picture.whole or not 0 < len(picture.small) <= PIECE:
            raise ValueError("a photograph has a picture, and a small one of at most 64 KiB")
        rows = self._db.rows
        with self._db.transaction():
            for number, at in enumerate(range(0, len(picture.whole), PIECE)):
                rows.put(PIECES, self._piece(photo, number), picture.whole[at : at + PIECE])
            rows.put(PIECES, self._piece(photo, SMALL), picture.small)
            document = {"id": str(photo), "draft": draft, "size": len(picture.whole)}
            self._table.put(Document(document, self._place(photo)))

    def keep_only(self, draft: str, named: Collection[UUID]) -> int:
        """Erase the photographs of a draft that it does not name: they were taken away from it."""
        return self._erase([found for found in self._of(draft) if UUID(found["id"]) not in named])

    def let_go(self, draft: str, *, until: datetime | None) -> None:
        """The draft has gone: erase its photographs, or keep them ``until`` its copy is gone too."""
        found = self._of(draft)
        if until is None:
            self._erase(found)
            return
        with self._db.transaction():
            for one in found:
                self._table.put(Document({**one, "until": until.astimezone(UTC).isoformat()}, one.doc_id))

    def erase_due(self, *, now: datetime, drafts: Collection[str]) -> int:
        """Erase what has had its time, unless one of these ``drafts`` goes on with it."""
        if self._db.read_only:
            return 0
        return self._erase(
            [
                found
                for found in self._table
                if "until" in found
                and found["draft"] not in drafts
                and datetime.fromisoformat(found["until"]) <= now
            ]
        )

    # ---- inside --------------------------------------------------------------------------------

    def _of(self, draft: str) -> list[Document]:
        return [found for found in self._table if found["draft"] == draft]

    def _erase(self, documents: list[Document]) -> int:
        if not documents:
            return 0
        with self._db.transaction():
            for found in documents:
                photo = UUID(found["id"])
                for number in range(-(-int(found["size"]) // PIECE)):
                    self._db.rows.erase(PIECES, self._piece(photo, number))
                self._db.rows.erase(PIECES, self._piece(photo, SMALL))
            self._table.remove(doc_ids=[found.doc_id for found in documents])
        return len(documents)

    def _place(self, photo: UUID) -> int:
        return self._table.rid_for(str(photo))

    def _piece(self, photo: UUID, which: int | str) -> int:
        return _piece(self._db.rows, photo, which)


class PhotoFile(io.RawIOBase):
    """A kept photograph as a file that is read from: one piece of it in memory at a time."""

    def __init__(self, rows: SealedRows, photo: UUID, size: int) -> None:
        super().__init__()
        self._rows = rows
        self._photo = photo
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It can be wound back."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in it."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """Where it is read from next."""
        return self._at

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        """Fill with what comes next, to the end of its piece at most; 0 at the end of the file."""
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, PIECE)
        piece = self._rows.body(PIECES, _piece(self._rows, self._photo, number))
        if piece is None:
            raise StoreTampered("a piece of a photograph is missing")
        part = piece[start : start + len(into)]
        into[: len(part)] = part
        self._at += len(part)
        return len(part)


def _piece(rows: SealedRows, photo: UUID, which: int | str) -> int:
    return rows.seal.rid_for(PIECES, f"{photo}/{which}")
