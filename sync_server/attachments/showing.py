"""What was kept, opened for somebody who may see it: held against the record's manifest, chunk by chunk.

Nothing is opened before the sealed bytes were found to be the ones that the record lists, and signed by the
handheld that it was made on. What it is, is read off its first bytes, never believed: only a picture of a
kind that browsers draw is shown as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select

from booklets.errors import BookletError
from booklets.records import Attachment, Record
from booklets.sealing import AttachmentRef, read_attachment
from sync_server.context import Context
from sync_server.db.attachments import listed
from sync_server.identity import devices
from sync_server.keeping import NotKept

ANYTHING = "application/octet-stream"
PICTURES: Mapping[bytes, str] = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ENDING: Mapping[str, str] = {"image/jpeg": ".jpg", "image/png": ".png", ANYTHING: ".bin"}


class Unshowable(BookletError):
    """It cannot be shown: it has not come, or what came does not open. The message says which."""

    code = "unshowable"


@dataclass(frozen=True, slots=True)
class Shown:
    """An attachment, opened: what it is by its first bytes, its size, and its chunks, to be read once.

    It holds a file open until the last chunk was read, or until it is closed.
    """

    media_type: str
    size: int
    chunks: Iterator[bytes] = field(repr=False)
    file: BinaryIO = field(repr=False)

    @property
    def is_picture(self) -> bool:
        """Whether a browser may draw it."""
        return self.media_type != ANYTHING

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return ENDING[self.media_type]

    def close(self) -> None:
        """Let the file go without reading on."""
        self.file.close()


def attachment_in(record: Record, name: str) -> Attachment | None:
    """The attachment of that id in a record's own manifest."""
    try:
        wanted = UUID(name)
    except ValueError:
        return None
    return next((one for one in record.header.attachments if one.id == wanted), None)


def media_type_of(beginning: bytes) -> str:
    """What a file is by its first bytes."""
    return next((kind for start, kind in PICTURES.items() if beginning.startswith(start)), ANYTHING)


def shown(context: Context, record: Record, one: Attachment) -> Shown:
    """Open an attachment of a record, or ``Unshowable``."""
    try:
        file = context.place.open(record.header.force, one.sha256)
    except NotKept:
        raise Unshowable("It has not arrived yet: it is still on the device.") from None
    try:
        size, chunks = _opened(context, record, one, file)
        first = next(chunks, b"")
    except BookletError as why:
        file.close()
        raise Unshowable(f"What arrived does not open ({why.code}). It is kept as it came.") from why
    except BaseException:
        file.close()
        raise
    return Shown(media_type_of(first), size, _closing(file, first, chunks), file)


def _opened(
    context: Context, record: Record, one: Attachment, file: BinaryIO
) -> tuple[int, Iterator[bytes]]:
    sealed = read_attachment(file)
    sealed.demand(AttachmentRef(str(one.id), one.size, one.sha256), record=str(record.header.record))
    sealed.check(_made_on(context, record, one))
    return sealed.body_size, context.keys.open_attachment(sealed)


def _made_on(context: Context, record: Record, one: Attachment) -> bytes:
    """The key of the handheld that it was made on, whatever has become of that since."""
    own = (listed.c.record == str(record.header.record), listed.c.attachment == str(one.id))
    with context.store.read() as db:
        device = db.execute(select(listed.c.device).where(*own, listed.c.sha256 == one.sha256)).scalar()
        found = devices.find(db, device or record.header.device)
    return found.sign_pub if found else b""


def _closing(file: BinaryIO, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    with file:
        yield first
        yield from rest
