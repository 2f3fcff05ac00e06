"""What a handheld had sealed before it was stopped: kept apart, until an administrator lets it count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from sync_server import audit
from sync_server.context import Context
from sync_server.identity.devices import Device
from sync_server.intake import aside, taking
from sync_server.intake.aside import Apart
from sync_server.intake.taking import OF_STOPPED


def kept_of(context: Context, connection: Connection, device: Device) -> list[Apart]:
    """What came from it after it was stopped, and does not count yet."""
    return aside.of_stopped(connection, context.keys.safe, device.force, device.id, OF_STOPPED)


def let_count(
    context: Context, connection: Connection, device: Device, *, by: str, now: datetime
) -> tuple[int, int]:
    """Let all of it count; how many do now, and how many still do not, for a reason of their own."""
    waiting = kept_of(context, connection, device)
    counted = sum(bool(taking.count(context, connection, one).receipt) for one in waiting)
    audit.note(
        connection,
        force=device.force,
        record=f"device:{device.id}",
        who=by,
        what="what it had sealed counts",
        at=now,
        detail={"counted": counted, "kept_apart": len(waiting) - counted},
    )
    return counted, len(waiting) - counted
