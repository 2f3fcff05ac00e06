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


def name_of(force: str, total: str) -> str:
    """Where these bytes lie in a place: by force, and spread over folders by the beginning of the sum."""
    if not _FORCE.fullmatch(force) or not _SUM.fullmatch(total):
        raise NotKept("This is no name that anything is kept under.")
    return f"{force}/{total[:2]}/{total}"


def summed(pieces: Iterable[bytes], total: str) -> Iterator[bytes]:
    """The same pieces; after the last, ``OtherBytes`` unless they have this sum."""
    found = sha256()
    for piece in pieces:
        found.update(piece)
        yield piece
    if found.hexdigest() != total:
        raise OtherBytes("The bytes that came are not the ones that were announced. Nothing was kept.")
