"""Signing in on a handheld: begun there, done in the browser, collected there (after RFC 8628).

    pending ──allow──► allowed ──collect──► over
       └──deny or five wrong passwords──► denied          any ──five minutes──► over

The handheld and the page show the same code, so that nobody signs in for somebody else's handheld.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.db.identity import device, sign_in_flow
from sync_server.identity.codes import new_compare_code, new_secret
from sync_server.identity.devices import Device
from sync_server.identity.refusals import FlowOver, SignInDenied

FLOW_LIFETIME = timedelta(minutes=5)
POLL_SECONDS = 3
WRONG_TRIES = 5


class FlowState(StrEnum):
    """Where a sign-in stands."""

    PENDING = "pending"
    ALLOWED = "allowed"
    DENIED = "denied"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in on one handheld."""

    id: str
    force: str
    device: str
    device_name: str
    compare_code: str
    state: FlowState
    account: str | None
    failures: int


def begin(db: Connection, on: Device, *, now: datetime) -> Flow:
    """Start a sign-in on this handheld. An earlier one that was not finished is over."""
    db.execute(delete(sign_in_flow).where(sign_in_flow.c.device == on.id))
    flow = Flow(new_secret(), on.force, on.id, on.name, new_compare_code(), FlowState.PENDING, None, 0)
    values = {
        "id": flow.id,
        "force": flow.force,
        "device": flow.device,
        "user_code": flow.compare_code,
        "begun_at": now,
        "expires_at": now + FLOW_LIFETIME,
        "state": flow.state.value,
        "failures": 0,
    }
    db.execute(insert(sign_in_flow).values(values))
    return flow


def open_flow(db: Connection, id_: str, *, now: datetime) -> Flow:
    """The flow of this id. Refuses one that is unknown, too old or collected."""
    query = (
        select(sign_in_flow, device.c.name.label("device_name")).join(device).where(sign_in_flow.c.id == id_)
    )
    row = db.execute(query).mappings().first()
    if row is None or now >= row["expires_at"] or row["state"] == FlowState.OVER:
        raise FlowOver(_START_AGAIN)
    return Flow(
        id=row["id"],
        force=row["force"],
        device=row["device"],
        device_name=row["device_name"],
        compare_code=row["user_code"],
        state=FlowState(row["state"]),
        account=row["account"],
        failures=row["failures"],
    )


def allow(db: Connection, flow: Flow, *, account: str, now: datetime) -> None:
    """Somebody has proven in the browser who they are."""
    if open_flow(db, flow.id, now=now).state is not FlowState.PENDING:
        raise FlowOver(_START_AGAIN)
    _set(db, flow, state=FlowState.ALLOWED.value, account=account)


def deny(db: Connection, flow: Flow) -> None:
    """Somebody says that this sign-in is not theirs."""
    _set(db, flow, state=FlowState.DENIED.value)


def note_wrong_password(db: Connection, flow: Flow) -> None:
    """Count a wrong password. After five the flow is denied."""
    failures = flow.failures + 1
    state = FlowState.DENIED if failures >= WRONG_TRIES else FlowState.PENDING
    _set(db, flow, failures=failures, state=state.value)


def is_pending(db: Connection, id_: str, *, by: Device, now: datetime) -> bool:
    """Whether the browser is not done yet. Only for the flow's own device."""
    flow = open_flow(db, id_, now=now)
    if flow.device != by.id:
        raise FlowOver(_START_AGAIN)
    if flow.state is FlowState.DENIED:
        raise SignInDenied("The sign-in was stopped in the browser. Start again if that was you.")
    return flow.state is FlowState.PENDING


def collect(db: Connection, id_: str, *, by: Device, now: datetime) -> str | None:
    """The account that signed in, once; None while the browser is not done."""
    if is_pending(db, id_, by=by, now=now):
        return None
    flow = open_flow(db, id_, now=now)
    _set(db, flow, state=FlowState.OVER.value)
    return flow.account


_START_AGAIN = "This sign-in is over. Start again from the device."


def _set(db: Connection, flow: Flow, **values: object) -> None:
    db.execute(update(sign_in_flow).where(sign_in_flow.c.id == flow.id).values(values))
