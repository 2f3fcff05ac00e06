"""Enrolled handhelds: who signs a request, whether they still may, and which nonces they have used."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from sync_server.db.identity import device, seen_nonce
from sync_server.db.types import insert_if_new
from sync_server.identity.refusals import DeviceNotActive, RequestReplayed

# A signature is good for five minutes either side of our clock, so a nonce is worth remembering for ten.
REMEMBER_NONCES = timedelta(minutes=10)


class DeviceState(StrEnum):
    """Whether a handheld may speak to us."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolled handheld."""

    id: str
    force: str
    name: str
    state: DeviceState
    app_version: str
    sign_pub: bytes = field(repr=False)
    kem_pubs: Mapping[int, bytes] = field(repr=False)


def find(db: Connection, id_: str) -> Device | None:
    """The handheld of this id, whatever its state, or None."""
    row = db.execute(_DEVICE, {"of": id_}).mappings().first()
    if row is None:
        return None
    return Device(
        id=row["id"],
        force=row["force"],
        name=row["name"],
        state=DeviceState(row["state"]),
        app_version=row["app_version"],
        sign_pub=row["sign_pub"],
        kem_pubs={int(suite): from_b64url(raw) for suite, raw in row["kem_pubs"].items()},
    )


_DEVICE = select(device).where(device.c.id == bindparam("of"))


def must_be_active(found: Device) -> None:
    """Refuse a handheld that has been suspended or revoked."""
    if found.state is not DeviceState.ACTIVE:
        raise DeviceNotActive(
            "This handheld has been stopped. Everything on it is kept. Speak to whoever hands them out."
        )


def set_state(db: Connection, id_: str, state: DeviceState) -> None:
    """Suspend, revoke or let in again."""
    db.execute(update(device).where(device.c.id == id_).values(state=state.value))


def use_nonce(db: Connection, *, by: Device, nonce: str, now: datetime) -> None:
    """Note that this device has used this nonce, or refuse a copy of an earlier request."""
    row = {"force": by.force, "device": by.id, "nonce": nonce, "seen_at": now}
    if insert_if_new(db, seen_nonce, row, [seen_nonce.c.nonce]) is None:
        raise RequestReplayed("This request was already received once. Sign it again to send it again.")


def forget_nonces(db: Connection, *, now: datetime) -> None:
    """Drop nonces that no signature can be good for any more."""
    db.execute(delete(seen_nonce).where(seen_nonce.c.seen_at < now - REMEMBER_NONCES))


def note_report(
    db: Connection, *, by: Device, app_version: str, report: Mapping[str, Any], now: datetime
) -> None:
    """Keep what the device last said of itself: how much waits, which version it runs."""
    db.execute(
        update(device)
        .where(device.c.id == by.id)
        .values(app_version=app_version, report=dict(report), last_seen_at=now)
    )


def from_b64url(text: str) -> bytes:
    """Bytes from base64url, with or without padding. Raises ValueError for anything else."""
    if not set(text) <= _B64URL:
        raise ValueError("not base64url")
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


_B64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=")
