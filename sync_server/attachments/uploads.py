"""What is still coming in: begun under a number, brought piece by piece, and given up.

What is safe is what lies on the disk before a transaction says so: the number of bytes that we say is never
more than that, and a server that is killed in the middle of a piece has the pieces before it. Of two who
bring the same piece at once one is told how far it is. Beginning the same once more is going on with it, so
that an answer that was lost on its way costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, and_, delete, exists, func, select, update

from booklets.sealing import MAX_ATTACHMENT
from sync_server import evidence
from sync_server.attachments import arriving
from sync_server.attachments.listed import listings
from sync_server.attachments.refusals import (
    AttachmentTooLarge,
    ListedOtherwise,
    NoSuchUpload,
    NotTheFile,
    NotYourAttachment,
    TooManyUploads,
    WrongOffset,
)
from sync_server.attachments.upload import Asked, Bringer, Upload
from sync_server.context import Context
from sync_server.db.attachments import kept, listed, upload
from sync_server.db.types import insert_if_new
from sync_server.keeping import KeepingPlace, NotKept, OtherBytes
from sync_server.keeping.place import sum_of
from sync_server.settings import ForcePolicy

KEPT_FOR = timedelta(days=30)
"""How long what nobody goes on with is kept, and what no record lists. It costs room and nothing else."""
MOST_BYTES = 400_000
"""How large an attachment may be before it is sealed, where the force has set nothing."""
SEALED_OVER = 12 * 1024
"""What the seal may add: header, recipients' parts, a tag for each chunk, signature."""
MOST_UNLISTED = 64
NO_SUCH = "There is no such upload here any more. Begin it again; nothing was lost."

First = Callable[[Connection], None]


def most_sealed(policy: ForcePolicy) -> int:
    """How large a sealed attachment this force takes."""
    said = policy.settings.get("most_attachment_bytes")
    return min((said if isinstance(said, int) else MOST_BYTES) + SEALED_OVER, MAX_ATTACHMENT)


def begin(db: Connection, asked: Asked, *, policy: ForcePolicy, now: datetime) -> Upload:
    """Begin an upload, or go on with the same one; complete at once where the bytes are here already."""
    _demand_its_own(db, asked, policy)
    own = (
        upload.c.device == asked.device,
        upload.c.record == asked.record,
        upload.c.attachment == asked.attachment,
        upload.c.sha256 == asked.sha256,
    )
    there = _is_kept(db, asked)
    values = {
        "id": str(uuid4()),
        "force": asked.force,
        "device": asked.device,
        "record": asked.record,
        "attachment": asked.attachment,
        "sha256": asked.sha256,
        "length": asked.length,
        "received": asked.length if there else 0,
        "expires_at": now + KEPT_FOR,
    }
    insert_if_new(db, upload, values, [upload.c.id])
    again: dict[str, Any] = {"received": upload.c.length} if there else {}
    db.execute(update(upload).where(*own).values(expires_at=now + KEPT_FOR, **again))
    found = _read(db, *own)
    assert found is not None  # noqa: S101 - it was put there, by us or before us
    if found.length != asked.length:
        raise ListedOtherwise("The same file was begun with another size. Nothing of it was lost.")
    return found


def _demand_its_own(db: Connection, asked: Asked, policy: ForcePolicy) -> None:
    """Refuse what is another's, what its record lists otherwise, and what is too much."""
    rows = [row._mapping for row in listings(db, asked.record, asked.attachment)]
    if any((row["force"], row["device"]) != (asked.force, asked.device) for row in rows):
        raise NotYourAttachment("Only the device whose record lists this may bring it.")
    if rows:
        if (asked.sha256, asked.length) not in {(row["sha256"], row["size"]) for row in rows}:
            raise ListedOtherwise("The record lists another file under this name. Yours stays where it is.")
        return  # what a record that was received lists is taken, whatever the force has set since
    if evidence.head_of(db, asked.record).force not in ("", asked.force):
        raise NotYourAttachment("Only the device whose record lists this may bring it.")
    if asked.length > most_sealed(policy):
        raise AttachmentTooLarge(f"The force takes no file larger than {most_sealed(policy):,} bytes.")
    own = (upload.c.device == asked.device, ~exists().where(listed.c.attachment == upload.c.attachment))
    if db.execute(select(func.count()).select_from(upload).where(*own)).scalar_one() >= MOST_UNLISTED:
        raise TooManyUploads("Too much came from this device that no record lists. Send the records first.")


def _is_kept(db: Connection, asked: Asked) -> bool:
    own = (kept.c.record == asked.record, kept.c.attachment == asked.attachment)
    return db.execute(select(kept.c.size).where(*own, kept.c.sha256 == asked.sha256)).first() is not None


def find(db: Connection, name: str, *, device: str, now: datetime) -> Upload:
    """An upload of this handheld, or ``NoSuchUpload``. Whether it is another's is not said."""
    found = _read(db, upload.c.id == name, upload.c.device == device)
    if found is None or found.expires_at <= now:
        raise NoSuchUpload(NO_SUCH)
    return found


def _read(db: Connection, *which: object, held: bool = False) -> Upload | None:
    query = select(*(upload.c[name] for name in Upload.__slots__)).where(and_(*which))  # type: ignore[arg-type]
    row = db.execute(query.with_for_update() if held else query).mappings().first()
    return Upload(**row) if row else None


def bring(
    context: Context, name: str, asking: Bringer, *, offset: int, content: bytes, first: First
) -> Upload:
    """Keep the next piece, and with the last one all of it. Returns where it stands once that is durable.

    ``first`` is done in the same transaction, before anything else, and may refuse all of it.
    """
    now = context.now()
    with context.store.read() as db:
        known = find(db, name, device=asking.device, now=now)
    if offset != known.received:
        raise WrongOffset(known.received)
    if offset + len(content) > known.length:
        raise AttachmentTooLarge("More came than was announced. Nothing of this piece was kept.")
    if not content:
        context.store.write(first)
        return known
    try:
        _lay_down(context, known, content)
    except OtherBytes:
        context.store.write(partial(_not_the_file, name=name, first=first))
        raise NotTheFile("What came is not the file that was announced. Begin it again.") from None
    except NotKept:
        raise WrongOffset(context.store.write(partial(_from_there, known=known, first=first))) from None

    def work(db: Connection) -> Upload:
        first(db)
        return _add(db, known, asking, len(content), now=now)

    return context.store.write(work)


def _lay_down(context: Context, known: Upload, content: bytes) -> None:
    """Bring a piece to its place, and with the last one all of it."""
    place, length = context.place, known.received + len(content)
    try:
        place.add(known.force, known.id, known.received, content)
        if length == known.length:
            place.gather(known.force, known.id, known.sha256, known.length)
    except NotKept:
        if length != known.length or not _lies_there(place, known):
            raise


def _lies_there(place: KeepingPlace, known: Upload) -> bool:
    """Whether all of it lies there already: a server was killed before it could write that down."""
    try:
        with place.open(known.force, known.sha256) as file:
            return sum_of(file) == known.sha256
    except NotKept:
        return False


def _from_there(db: Connection, *, known: Upload, first: First) -> int:
    """What came before lies here no more: a backup was put back, or another completed it. Where to go on."""
    first(db)
    held = _read(db, upload.c.id == known.id, held=True)
    if held is None:
        raise NoSuchUpload(NO_SUCH)
    if held.received != known.received:
        return held.received
    db.execute(update(upload).where(upload.c.id == held.id).values(received=0))
    return 0


def _add(db: Connection, known: Upload, asking: Bringer, size: int, *, now: datetime) -> Upload:
    """Count one piece, unless somebody else brought it since we looked."""
    held = _read(db, upload.c.id == known.id, held=True)
    if held is None:
        raise NoSuchUpload(NO_SUCH)
    if held.received != known.received:
        raise WrongOffset(held.received)
    grown = replace(held, received=held.received + size, expires_at=now + KEPT_FOR)
    if grown.is_complete:
        arriving.arrived(db, grown, asking, now)
    changed = {"received": grown.received, "expires_at": grown.expires_at}
    db.execute(update(upload).where(upload.c.id == held.id).values(changed))
    return grown


def _not_the_file(db: Connection, *, name: str, first: First) -> None:
    first(db)
    remove(db, name)


def give_up(db: Connection, name: str, *, device: str, now: datetime) -> None:
    """Forget an upload, and at the next look what came of it. What is kept already stays."""
    remove(db, find(db, name, device=device, now=now).id)


def remove(db: Connection, name: str) -> None:
    """Forget an upload; what came of it is removed by whoever looks for what belongs to none."""
    db.execute(delete(upload).where(upload.c.id == name))
