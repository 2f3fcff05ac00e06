"""An officer reads again what they have sent, once the copy on the handheld is gone. Each time is noted."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from sqlalchemy import Connection, select
from starlette.responses import Response

from booklets import wire
from booklets.records import Record
from booklets.sealing import seal_return
from sync_server import audit, evidence
from sync_server.api.answers import answer
from sync_server.api.promises import BYTES, COUNT, TEXT, Gives, Promise, an_object, promises
from sync_server.api.refusals import NotYourRecord
from sync_server.api.signing import OfficersCall
from sync_server.db.tables import Kept, submission

RECORD = "record"
READ_AGAIN = "read_again"


@promises(
    Promise(
        gives={200: Gives(an_object({"record": TEXT, "rev": COUNT, "body": BYTES}))},
        refuses=(NotYourRecord,),
    )
)
def own_record(officers: OfficersCall) -> Response:
    """The newest revision of a record that this officer wrote, sealed to this device."""
    call, officer = officers.call, officers.officer.officer
    name = call.request.path_params["record"]
    record = call.context.store.write(lambda db: _read(officers, db, name))
    body = seal_return(
        wire.told(
            {
                "kind": RECORD,
                "record": name,
                "rev": record.header.revision,
                "content": wire.record_to_json(record),
            }
        ),
        force=call.device.force,
        device=call.device.id,
        created=call.now,
        to=call.device.kem,
        signer=call.context.keys.command,
        record=name,
        rev=record.header.revision,
    )
    assert record.header.author.id == officer  # noqa: S101 - asked for by that
    sealed = urlsafe_b64encode(body).rstrip(b"=").decode()
    return answer({"record": name, "rev": record.header.revision, "body": sealed})


def _read(officers: OfficersCall, db: Connection, name: str) -> Record:
    """Open it and note that it was read, both or neither."""
    call, officer, c = officers.call, officers.officer.officer, submission.c
    own = select(c.rev).where(
        c.force == call.device.force, c.record == name, c.officer == officer, c.state == Kept.STORED.value
    )
    rev = db.execute(own.order_by(c.rev.desc()).limit(1)).scalar()
    found = evidence.readable(db, call.context.keys.safe, name, rev) if rev else None
    if found is None:
        raise NotYourRecord("You have sent no record under this number that could be read here.")
    audit.note(
        db,
        force=call.device.force,
        record=name,
        who=officer,
        what=READ_AGAIN,
        at=call.now,
        detail={"device": call.device.id, "rev": found.header.revision},
    )
    return found
