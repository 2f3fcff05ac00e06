"""A photograph on a handheld: for whoever is to decide on its record, or wrote it. Each look is noted.

The answer is an envelope for the device that asks: four bytes that say how long a line of JSON is, that
line, which says what follows, and the photograph as it was taken.
"""

from __future__ import annotations

from sqlalchemy import Connection, select
from starlette.responses import Response

from booklets import wire
from booklets.records import Attachment, Record
from booklets.sealing import seal_return
from sync_server import attachments, audit, evidence, feed
from sync_server.api.answers import bytes_answer
from sync_server.api.pulling import reader_of
from sync_server.api.refusals import NotYourRecord
from sync_server.api.signing import OfficersCall
from sync_server.attachments import Unshowable
from sync_server.db.tables import Kept, submission

SEALED_TYPE = "application/vnd.homeward.sealed"
LENGTH_BYTES = 4
MOST = 4 * 1024 * 1024
"""What one envelope can hold by far, and more than a photograph weighs."""
LOOKED = "photograph_viewed"
NOT_THERE = "There is no photograph under this number that you could look at."


def photograph(officers: OfficersCall) -> Response:
    """One photograph of a record that this officer wrote or is asked to decide on, sealed to this device."""
    call = officers.call
    name = str(call.request.path_params["record"])
    with call.context.store.read() as db:
        found = _listed(officers, db, name)
    if found is None:
        raise NotYourRecord(NOT_THERE)
    record, one = found
    shown = attachments.shown(call.context, record, one)
    if shown.size > MOST:
        shown.close()
        raise Unshowable("It is too large for a handheld: look at it at the console.")
    content = b"".join(shown.chunks)
    call.context.store.write(lambda db: _note(officers, db, record, one))
    said = wire.canonical({"kind": "attachment", "attachment": str(one.id), "media_type": shown.media_type})
    sealed = seal_return(
        len(said).to_bytes(LENGTH_BYTES) + said + content,
        force=call.device.force,
        device=call.device.id,
        created=call.now,
        to=call.device.kem,
        signer=call.context.keys.command,
        record=name,
        rev=record.header.revision,
    )
    return bytes_answer(sealed, SEALED_TYPE)


def _listed(officers: OfficersCall, db: Connection, name: str) -> tuple[Record, Attachment] | None:
    """The attachment that the address names, by the newest revision that lists it, where they may see it."""
    wanted = str(officers.call.request.path_params["attachment"])
    rev = attachments.listed_in(db, name, wanted)
    if not rev or not _may(officers, db, name):
        return None
    record = evidence.readable(db, officers.call.context.keys.safe, name, rev)
    one = attachments.attachment_in(record, wanted) if record else None
    return (record, one) if record and one else None


def _may(officers: OfficersCall, db: Connection, name: str) -> bool:
    """Whether they wrote a revision of it, or it was put before them to be decided on."""
    force, officer = officers.call.device.force, officers.officer.officer
    c = submission.c
    own = (c.force == force, c.record == name, c.officer == officer, c.state == Kept.STORED.value)
    if db.execute(select(c.rev).where(*own)).first() is not None:
        return True
    return any(feed.was_asked(db, to, name) for to in reader_of(officers).addresses())


def _note(officers: OfficersCall, db: Connection, record: Record, one: Attachment) -> None:
    call = officers.call
    audit.note(
        db,
        force=call.device.force,
        record=str(record.header.record),
        who=officers.officer.officer,
        what=LOOKED,
        at=call.now,
        detail={"device": call.device.id, "rev": record.header.revision, "attachment": str(one.id)},
    )
