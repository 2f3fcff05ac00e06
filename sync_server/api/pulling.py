"""What goes back to a handheld, and what it says of itself."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from starlette.responses import Response

from booklets.batch import DEFLATED
from booklets.errors import WireError
from sync_server import feed
from sync_server.api import reading
from sync_server.api.answers import answer, packed_answer
from sync_server.api.promises import (
    BYTES,
    COUNT,
    TEXT,
    YES_OR_NO,
    Gives,
    Promise,
    Schema,
    a_list,
    a_message,
    an_object,
    promises,
)
from sync_server.api.signing import Call, OfficersCall
from sync_server.feed import CursorUnreadable, Reader
from sync_server.handhelds import orders, policies
from sync_server.identity import devices
from sync_server.shift_pack import giving

REPORTED = ("queued", "drafts", "vault_head", "policy", "older_found", "unreadable")
OLDER_VAULT = "older_vault"


CURSOR: Schema = {
    "type": "string",
    "pattern": f"^{feed.CURSOR}$",
    "format": "cursor",
    "maxLength": feed.LONGEST_CURSOR,
}
ITEM = an_object({"stream": TEXT, "seq": COUNT, "kind": TEXT, "record": TEXT, "rev": COUNT, "body": BYTES})


@promises(
    Promise(
        query={"cursor": CURSOR, "limit": reading.a_whole(most=feed.MOST)},
        gives={
            200: Gives(
                an_object({"items": a_list(ITEM), "next": TEXT, "more": YES_OR_NO}),
                more_headers={"Content-Encoding": {"const": DEFLATED}},
            )
        },
        refuses=(WireError, CursorUnreadable),
    )
)
def changes(officers: OfficersCall) -> Response:
    """What is new for this officer, their role and unit, sealed to this device."""
    query = officers.call.request.query_params
    cursor = query.get("cursor", "")
    limit = reading.whole_in(query, "limit", otherwise=feed.MOST, most=feed.MOST)
    page = giving.news(officers.call.context, reader_of(officers), cursor, limit)
    items = [
        {
            "stream": item.stream,
            "seq": item.seq,
            "kind": item.kind,
            "record": item.record,
            "rev": item.rev,
            "body": urlsafe_b64encode(item.body).rstrip(b"=").decode(),
        }
        for item in page.items
    ]
    content = {"items": items, "next": page.next, "more": page.more}
    return packed_answer(officers.call.request, content)


@promises(
    Promise(
        reads=a_message({"cursor": {**CURSOR, "minLength": 1}}),
        gives={200: Gives(an_object({}))},
        refuses=(WireError, CursorUnreadable),
    )
)
def acknowledge(officers: OfficersCall) -> Response:
    """Everything up to this cursor is kept on the device."""
    cursor = reading.text(reading.json_object(officers.call.body), "cursor", most=feed.LONGEST_CURSOR)
    feed.acknowledge(officers.call.context, reader_of(officers), cursor)
    return answer({})


@promises(
    Promise(
        reads=a_message(
            {"app_version": reading.a_text(most=20)},
            may={**{name: reading.a_whole() for name in REPORTED}, OLDER_VAULT: reading.a_text(most=32)},
        ),
        gives={200: Gives(an_object({}, may={"policy": BYTES, "order": BYTES}))},
        refuses=(WireError,),
    )
)
def status(call: Call) -> Response:
    """How much waits on the device, and what it runs; the force's policy, if it has an older one.

    A handheld that is locked cannot count its drafts, and says nothing of them.
    """
    content = reading.json_object(call.body)
    report: dict[str, int | str] = {
        name: reading.whole(content, name) for name in REPORTED if name in content
    }
    if OLDER_VAULT in content:
        report[OLDER_VAULT] = reading.text(content, OLDER_VAULT, most=32)
    version = reading.text(content, "app_version", most=20)
    call.context.store.write(
        lambda db: devices.note_report(db, by=call.device, app_version=version, report=report, now=call.now)
    )
    policy = policies.current(call.context, call.device.force, now=call.now)
    told = {}
    if int(report.get("policy", policy.number)) < policy.number:
        told["policy"] = policy.statement
    with call.context.store.read() as db:
        order = orders.to_hear(db, call.device.id)
    if order:
        told["order"] = order
    return answer({name: urlsafe_b64encode(data).rstrip(b"=").decode() for name, data in told.items()})


def reader_of(officers: OfficersCall) -> Reader:
    """Who asks, with every address whose news is theirs."""
    officer, device = officers.officer, officers.call.device
    return Reader(
        force=device.force,
        device=device.id,
        kem=device.kem,
        officer=officer.officer,
        unit=officer.person.unit,
        roles=tuple(sorted(officer.person.asked_as)),
        session=officer.session,
    )
