"""Several sealed records in one question: the batch of the protocol, the same on both sides.

    batch = (u32 length ‖ envelope)*        1 to 20 envelopes, 256 KiB at most, each as it would go alone

On the way it is deflated (``Content-Encoding: deflate``): the seals cannot be made smaller, but what stands
readable outside of them is nearly the same twenty times over, an eighth of all bytes. No length of what is
sealed is changed by that. What comes is never unpacked further than it may be.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

from booklets.errors import WireError

BATCH_TYPE: Final = "application/vnd.homeward.batch"
DEFLATED: Final = "deflate"
MOST_ITEMS: Final = 20
MOST_BYTES: Final = 256 * 1024
LENGTH_BYTES: Final = 4
_SMALLEST: Final = 9  # what zlib calls its most thorough


class BatchMalformed(WireError):
    """These bytes are no batch. Nothing of it was looked at, and nothing was taken."""

    code = "batch_malformed"


def bound(envelopes: Sequence[bytes]) -> bytes:
    """Envelopes as one batch. Raises BatchMalformed for what ``unbound`` would refuse."""
    batch = b"".join(len(one).to_bytes(LENGTH_BYTES) + one for one in envelopes)
    unbound(batch)
    return batch


def unbound(batch: bytes) -> tuple[bytes, ...]:
    """The envelopes in a batch, in order, none of them looked at. Raises BatchMalformed."""
    if not 0 < len(batch) <= MOST_BYTES:
        raise BatchMalformed(f"A batch has something in it, and {MOST_BYTES:,} bytes at most.")
    found: list[bytes] = []
    at = 0
    while at < len(batch):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(batch[at:start])
        if not start < at <= len(batch):
            raise BatchMalformed("An envelope in the batch is empty or cut short.")
        found.append(batch[start:at])
    if len(found) > MOST_ITEMS:
        raise BatchMalformed(f"A batch has {MOST_ITEMS} envelopes at most.")
    return tuple(found)


def deflated(data: bytes) -> bytes:
    """The same in fewer bytes."""
    return zlib.compress(data, _SMALLEST)


def inflated(data: bytes, *, most: int) -> bytes:
    """What was deflated. Raises BatchMalformed where it is more than ``most``, cut short, or goes on."""
    unzip = zlib.decompressobj()
    try:
        found = unzip.decompress(data, most + 1)
    except zlib.error:
        raise BatchMalformed("This is not what it says that it is packed as.") from None
    if len(found) > most or not unzip.eof or unzip.unused_data:
        raise BatchMalformed(f"This is cut short, or more than {most:,} bytes once it is unpacked.")
    return found
