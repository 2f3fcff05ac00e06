"""What goes back to a handheld, and what it says of itself."""

from __future__ import annotations

from starlette.responses import Response

from sync_server.api import reading
from sync_server.api.answers import answer
from sync_server.api.signing import Call, OfficersCall
from sync_server.identity import devices


def changes(officers: OfficersCall) -> Response:
    """What is new for this officer, their role and unit, sealed to this device."""
    raise NotImplementedError(officers)


def acknowledge(officers: OfficersCall) -> Response:
    """Everything up to this cursor is kept on the device."""
    raise NotImplementedError(officers)


def status(call: Call) -> Response:
    """How much waits on the device, and what it runs."""
    content = reading.json_object(call.body)
    report = {name: reading.whole(content, name) for name in ("queued", "drafts", "vault_head")}
    version = reading.text(content, "app_version", most=20)
    call.context.store.write(
        lambda db: devices.note_report(db, by=call.device, app_version=version, report=report, now=call.now)
    )
    return answer({})
