"""What was done with records on a handheld (S-01), taken into the audit of what it is about.

How a vault was opened, with its PIN or a finger, stands in the audit of the handheld.

Every entry counts once, however often it comes. A chain that does not go on where it ended here, because a
vault was put back or somebody has been at it, is taken in all the same, and the handheld's audit says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from booklets.answers import instant
from booklets.handheld_log import FIRST, OF_THE_HANDHELD, Entry, links
from sync_server import audit
from sync_server.db.handhelds import handheld_log
from sync_server.db.types import insert_in
from sync_server.identity.devices import Device

ON_A_HANDHELD = "handheld_"
"""What begins the word for something that was done on a handheld, in the audit."""
DOES_NOT_GO_ON = "handheld log does not go on"


def take_in(
    connection: Connection,
    entries: Sequence[Entry],
    before: str,
    *,
    device: Device,
    officer: str,
    now: datetime,
) -> int:
    """Note what has not come before; how many that were. ``before`` is the link that the first follows."""
    if not entries:
        return 0
    c = handheld_log.c
    known = select(c.link).where(c.device == device.id, c.officer == officer)
    ended = connection.execute(known).scalar() or FIRST
    made = links(before, entries)
    new = list(entries)
    if ended != before and ended in made:  # the answer was lost, and some of it comes again
        new = new[made.index(ended) + 1 :]
    elif ended != before:
        _note_break(connection, device, officer, entries[0], now)
    for one in new:
        _note(connection, one, device=device, officer=officer, now=now)
    row = {"device": device.id, "officer": officer, "force": device.force, "link": made[-1], "came_at": now}
    put = insert_in(connection.dialect.name, handheld_log)
    news = {name: put.excluded[name] for name in ("link", "came_at")}
    connection.execute(put.on_conflict_do_update(index_elements=["device", "officer"], set_=news), row)
    return len(new)


def _note(connection: Connection, one: Entry, *, device: Device, officer: str, now: datetime) -> None:
    detail: dict[str, str | int | list[str]] = {"device": device.id, "at": instant(one.at), "n": one.number}
    if one.rev:
        detail["rev"] = one.rev
    if one.questions:
        detail["questions"] = list(one.questions)
    audit.note(
        connection,
        force=device.force,
        record=f"device:{device.id}" if one.done in OF_THE_HANDHELD else one.about,
        who=officer,
        what=f"{ON_A_HANDHELD}{one.done}",
        at=now,
        detail=detail,
    )


def _note_break(connection: Connection, device: Device, officer: str, first: Entry, now: datetime) -> None:
    audit.note(
        connection,
        force=device.force,
        record=f"device:{device.id}",
        who=officer,
        what=DOES_NOT_GO_ON,
        at=now,
        detail={"device": device.id, "n": first.number},
    )
