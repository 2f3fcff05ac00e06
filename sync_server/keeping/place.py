"""What every place for attachments can do, and how it refuses.

KeepingRefused
├── KeepingUnavailable   disk full, bucket not reached: nothing was kept; try again later
├── NotKept              nothing lies there under that sum
└── OtherBytes           these bytes have another sum than was said; nothing was kept
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO, Protocol

from booklets.errors import BookletError

PIECE = 64 * 1024
_FORCE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
_SUM = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f-]{36}")
COMING = "coming"


class KeepingRefused(BookletError):
    """What is asked of the place for attachments cannot be done."""

    code = "keeping_refused"


class KeepingUnavailable(KeepingRefused):
    """The place for attachments takes or gives nothing just now. Nothing was lost; try again later."""

    code = "keeping_unavailable"


class NotKept(KeepingRefused):
    """No bytes of that sum are kept here."""

    code = "not_kept"


class OtherBytes(KeepingRefused):
    """What came is not what was announced: its sum is another. Nothing of it was kept."""

    code = "other_bytes"


class KeepingPlace(Protocol):
    """Where sealed bytes lie, each named by the force they belong to and by their SHA-256."""

    def keep(self, force: str, total: str, pieces: Iterable[bytes]) -> None:
        """Keep these bytes for good before returning, or raise ``OtherBytes`` or ``KeepingUnavailable``."""
        ...

    def open(self, force: str, total: str) -> BinaryIO:
        """What was kept, as a file that can be wound back. ``NotKept`` where nothing is."""
        ...

    def forget(self, force: str, total: str) -> None:
        """Remove what was kept, for good. What is not there is forgotten already."""
        ...

    def add(self, force: str, upload: str, offset: int, content: bytes) -> None:
        """The next bytes of what is still coming in, safe before returning.

        What lay from there on is written over. ``NotKept`` where what came before them is not here.
        """
        ...

    def gather(self, force: str, upload: str, total: str, length: int) -> None:
        """All of it came: keep it for good, and nothing more of it as coming in.

        ``NotKept`` where not all is here; ``OtherBytes`` where it has another sum, and then it is removed.
        """
        ...

    def drop(self, force: str, upload: str) -> None:
        """Remove what came of an upload. What is not there is dropped already."""
        ...

    def coming(self) -> Iterator[tuple[str, str]]:
        """Of which uploads something lies here: the force and the upload of each."""
        ...


def name_of(force: str, total: str) -> str:
    """Where these bytes lie in a place: by force, and spread over folders by the beginning of the sum."""
    if not _FORCE.fullmatch(force) or not _SUM.fullmatch(total):
        raise NotKept("This is no name that anything is kept under.")
    return f"{force}/{total[:2]}/{total}"


def name_of_coming(force: str, upload: str) -> str:
    """Where the bytes of an upload lie until all of them came."""
    if not _FORCE.fullmatch(force) or not _UPLOAD.fullmatch(upload):
        raise NotKept("This is no name that anything is kept under.")
    return f"{force}/{COMING}/{upload}"


def sum_of(file: BinaryIO) -> str:
    """The SHA-256 of what follows in a file, in hexadecimal digits."""
    total = sha256()
    while piece := file.read(PIECE):
        total.update(piece)
    return total.hexdigest()


def summed(pieces: Iterable[bytes], total: str) -> Iterator[bytes]:
    """The same pieces; after the last, ``OtherBytes`` unless they have this sum."""
    found = sha256()
    for piece in pieces:
        found.update(piece)
        yield piece
    if found.hexdigest() != total:
        raise OtherBytes("The bytes that came are not the ones that were announced. Nothing was kept.")
