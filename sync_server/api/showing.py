"""A photograph on a handheld: for whoever is to decide on its record, or wrote it. Each look is noted.

It is given in pieces of 64 KiB, so that it goes on where a line was cut: ``from`` in the query says at
which byte. Each answer is an envelope for the device that asks: four bytes that say how long a line of JSON
is, that line, which says what follows, and that piece of the photograph as it was taken. One look is one
line of the audit, however many pieces it takes; a piece that is asked for alone is a look of its own.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select
from starlette.responses import Response

from booklets import wire
from booklets.errors import WireError
from booklets.records import Attachment, Record
from booklets.sealing import seal_return
from sync_server import attachments, audit, evidence, feed
from sync_server.api.answers import bytes_answer
from sync_server.api.promises import SEALED, Gives, Promise, promises
from sync_server.api.pulling import reader_of
from sync_server.api.reading import a_whole, whole_in
from sync_server.api.refusals import NotYourRecord
from sync_server.api.signing import OfficersCall
from sync_server.attachments import Unshowable
from sync_server.db.tables import Kept, State, submission
from sync_server.db.tables import record as register
from sync_server.keeping import KeepingUnavailable

SEALED_TYPE = "application/vnd.homeward.sealed"
LENGTH_BYTES = 4
MOST = 4 * 1024 * 1024
"""More than a photograph weighs, and what a handheld holds in memory without trouble."""
PIECE = 64 * 1024
ONE_LOOK = timedelta(hours=1)
"""Within this time the pieces of a photograph that one handheld asks for are one look."""
LOOKED = "photograph_viewed"
NOT_THERE = "There is no photograph under this number that you could look at."
TOO_LARGE = "It is too large for a phone or tablet: look at it at the console."
WITHDRAWN = "What it belongs to was withdrawn by whoever sent it, so no phone or tablet shows it any more."


@promises(
    Promise(
        query={"from": a_whole(most=MOST)},
        gives={200: Gives(SEALED, media_type=SEALED_TYPE)},
        refuses=(WireError, NotYourRecord, Unshowable, KeepingUnavailable),
    )
)
def photograph(officers: OfficersCall) -> Response:
    """A piece of a photograph of a record that this officer wrote or decides on, sealed to this device."""
    call = officers.call
    name = str(call.request.path_params["record"])
    start = whole_in(call.request.query_params, "from", otherwise=0, most=MOST)
    with call.context.store.read() as db:
        found = _listed(officers, db, name)
        if found is None:
            raise NotYourRecord(NOT_THERE)
        record, one = found
        goes_on = start > 0 and _looked_just_now(officers, db, record, one)
    shown = attachments.shown(call.context, record, one)
    if shown.size > MOST:
        shown.close()
        raise Unshowable(TOO_LARGE)
    content = b"".join(shown.chunks)[start : start + PIECE]
    if not goes_on:
        call.context.store.write(lambda db: _note(officers, db, record, one))
    said = wire.canonical(
        {
            "kind": "attachment",
            "attachment": str(one.id),
            "media_type": shown.media_type,
            "from": start,
            "size": shown.size,
        }
    )
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
    state = db.execute(select(register.c.state).where(register.c.record == name)).scalar()
    if state == State.WITHDRAWN.value:
        raise Unshowable(WITHDRAWN)
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


def _looked_just_now(officers: OfficersCall, db: Connection, record: Record, one: Attachment) -> bool:
    """Whether this piece goes on with a look that was written down. Nobody waits for the writer then."""
    call, who = officers.call, officers.officer.officer
    seen = _seen(officers, one)
    return any(
        (line["what"], line["who"]) == (LOOKED, who)
        and seen.items() <= line["detail"].items()
        and call.now - line["at"] < ONE_LOOK
        for line in audit.entries_of(db, str(record.header.record))
    )


def _note(officers: OfficersCall, db: Connection, record: Record, one: Attachment) -> None:
    """Write down that they look at it."""
    call = officers.call
    audit.note(
        db,
        force=call.device.force,
        record=str(record.header.record),
        who=officers.officer.officer,
        what=LOOKED,
        at=call.now,
        detail={**_seen(officers, one), "rev": record.header.revision},
    )


def _seen(officers: OfficersCall, one: Attachment) -> dict[str, str]:
    return {"device": str(officers.call.device.id), "attachment": str(one.id)}
