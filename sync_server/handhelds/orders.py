"""Orders to one handheld (S-04): stop, stop for good, wipe, let in again. Signed by the root key, numbered.

A handheld that is stopped is refused at its next question, and the refusal carries the order. What it had
sealed before is still taken, and kept apart until somebody says whether it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from booklets.errors import BookletError
from booklets.sealing import Order, OrderRefused, sign_order
from sync_server import audit, unsent
from sync_server.context import Context
from sync_server.db.handhelds import device_order
from sync_server.db.identity import session
from sync_server.identity import devices
from sync_server.identity.devices import Device, DeviceState

LONGEST_WORDS = 200


class HandheldRefused(BookletError):
    """What was asked of a handheld is not possible as things stand. Nothing was changed."""

    code = "handheld_refused"


class What(StrEnum):
    """What a force can do about one handheld."""

    SUSPEND = "suspend"
    REVOKE = "revoke"
    WIPE = "wipe"
    LET_IN = "let_in"
    ACCEPT = "accept_older"


class Reason(StrEnum):
    """Why."""

    LOST = "lost"
    STOLEN = "stolen"
    LEFT = "left"
    RETIRED = "retired"
    CHECKED = "checked"
    OTHER = "other"


_COMMANDS: Mapping[What, Literal["stop", "wipe"]] = {
    What.SUSPEND: "stop",
    What.REVOKE: "stop",
    What.WIPE: "wipe",
}
_STATES: Mapping[What, DeviceState] = {
    What.SUSPEND: DeviceState.SUSPENDED,
    What.REVOKE: DeviceState.REVOKED,
    What.WIPE: DeviceState.REVOKED,
    What.LET_IN: DeviceState.ACTIVE,
}
# A handheld that was told to destroy its keys has none to come back with.
POSSIBLE: Mapping[DeviceState, tuple[What, ...]] = {
    DeviceState.ACTIVE: (What.SUSPEND, What.REVOKE, What.WIPE),
    DeviceState.SUSPENDED: (What.LET_IN, What.REVOKE, What.WIPE),
    DeviceState.REVOKED: (What.WIPE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a handheld, and why. ``words`` name nobody."""

    what: What
    reason: Reason
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Older:
    """An older copy of a vault that was put back: the vault's id in hex, and how many changes it saw."""

    vault: str
    count: int


def possible(db: Connection, device: Device) -> tuple[What, ...]:
    """What can be done about a handheld now; nothing once it was told to wipe itself."""
    last = latest(db, device.id)
    if last is not None and last["what"] == What.WIPE:
        return ()
    return POSSIBLE[device.state]


def decide(context: Context, db: Connection, device: Device, decision: Decision, *, now: datetime) -> int:
    """Do it, in this transaction; the order's number. Raises HandheldRefused."""
    if decision.what not in possible(db, device):
        raise HandheldRefused("That is not possible for this device as it stands. Nothing was changed.")
    number = _next_number(db, device)
    cmd = _COMMANDS.get(decision.what)
    statement = b""
    if cmd is not None:
        statement = sign_order(Order(cmd, device.id, number, now), context.keys.root)
    _keep(db, device, decision, number, statement, now=now)
    devices.set_state(db, device.id, _STATES[decision.what])
    if _STATES[decision.what] is DeviceState.REVOKED:
        unsent.offer_lost(db, device, now=now)
    if cmd is not None:
        _end_sessions(db, device, now=now)
    detail = {"number": number, "reason": decision.reason.value}
    _note(db, device, who=decision.by, what=f"handheld {decision.what.value}", at=now, detail=detail)
    return number


def accept_older(
    context: Context, db: Connection, device: Device, older: Older, decision: Decision, *, now: datetime
) -> int:
    """Let a handheld go on with an older copy of a vault; the order's number. Raises HandheldRefused.

    What was saved after that copy is lost with this, unless the newer one is found: so it is somebody's
    decision, with a reason, and never the handheld's own.
    """
    if device.state is not DeviceState.ACTIVE:
        raise HandheldRefused("Only a device that is in use can go on with an older copy. Let it in first.")
    if not decision.words.strip():
        raise HandheldRefused("Say in one line how the older copy came there, without a child’s name.")
    number = _next_number(db, device)
    order = Order("accept", device.id, number, now, vault=older.vault, count=older.count)
    try:
        statement = sign_order(order, context.keys.root)
    except OrderRefused:
        raise HandheldRefused("That is no vault and no count of changes. Nothing was changed.") from None
    _keep(db, device, decision, number, statement, now=now)
    told = {name: value for name, value in devices.report_of(db, device.id).items() if "older" not in name}
    devices.keep_report(db, device.id, told)
    detail = {"number": number, "reason": decision.reason.value, "vault": older.vault, "count": older.count}
    _note(db, device, who=decision.by, what=f"handheld {What.ACCEPT}", at=now, detail=detail)
    return number


def standing(db: Connection, device: str) -> bytes:
    """The order that a handheld has to follow now; nothing where there is none."""
    last = latest(db, device)
    return b"" if last is None or last["what"] == What.ACCEPT else bytes(last["statement"])


def to_hear(db: Connection, device: str) -> bytes:
    """What a handheld that is in use has not heard yet: that an older copy of a vault is accepted."""
    last = latest(db, device)
    waits = last is not None and last["what"] == What.ACCEPT and last["done_at"] is None
    return bytes(last["statement"]) if last is not None and waits else b""


def latest(db: Connection, device: str) -> RowMapping | None:
    """The last that was decided about a handheld."""
    query = select(device_order).where(device_order.c.device == device)
    return db.execute(query.order_by(device_order.c.number.desc()).limit(1)).mappings().first()


def history(db: Connection, device: str) -> list[RowMapping]:
    """All that was decided about a handheld, newest first."""
    query = select(device_order).where(device_order.c.device == device)
    return list(db.execute(query.order_by(device_order.c.number.desc())).mappings())


def note_heard(db: Connection, device: Device, number: int, *, done: bool, now: datetime) -> None:
    """The handheld says that it follows an order, or has done all of it. Said again, it is nothing new."""
    of = (device_order.c.device == device.id) & (device_order.c.number == number)
    for column, happened in ((device_order.c.heard_at, True), (device_order.c.done_at, done)):
        if not happened:
            continue
        first = update(device_order).where(of, column.is_(None)).values({column: now})
        if db.execute(first.returning(device_order.c.number)).first() is not None:
            _note(db, device, who=device.id, what=f"order {column.name}", at=now, detail={"number": number})


def _next_number(db: Connection, device: Device) -> int:
    """One that the handheld has never heard, also where a backup has forgotten what it heard."""
    highest = select(func.max(device_order.c.number)).where(device_order.c.device == device.id)
    return max(int(db.scalar(highest) or 0), audit.never_given_before(db)) + 1


def _keep(
    db: Connection, device: Device, decision: Decision, number: int, statement: bytes, *, now: datetime
) -> None:
    values = {
        "device": device.id,
        "number": number,
        "force": device.force,
        "what": decision.what.value,
        "reason": decision.reason.value,
        "words": decision.words[:LONGEST_WORDS],
        "by": decision.by,
        "at": now,
        "statement": statement,
    }
    db.execute(insert(device_order).values(values))


def _end_sessions(db: Connection, device: Device, *, now: datetime) -> None:
    alive = (session.c.device == device.id) & session.c.ended_at.is_(None)
    db.execute(update(session).where(alive).values(ended_at=now, ended_because="handheld stopped"))


def _note(
    db: Connection, device: Device, *, who: str, what: str, at: datetime, detail: Mapping[str, str | int]
) -> None:
    record = f"device:{device.id}"
    audit.note(db, force=device.force, record=record, who=who, what=what, at=at, detail=detail)
