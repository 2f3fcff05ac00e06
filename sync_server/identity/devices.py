"""Enrolled handhelds: who signs a request, whether they still may, and which nonces they have used."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from booklets.sealing import KemPublic, usable_suites
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

    @property
    def kem(self) -> KemPublic:
        """The key in the best suite that both sides can do. Suite 1 is always among them."""
        suite = next(one for one in usable_suites() if one in self.kem_pubs)
        return KemPublic.of(suite, self.kem_pubs[suite])


def find(db: Connection, id_: str) -> Device | None:
    """The handheld of this id, whatever its state, or None."""
    row = db.execute(_DEVICE, {"of": id_}).mappings().first()
    return None if row is None else of_row(row)


def of_row(row: RowMapping | Mapping[str, Any]) -> Device:
    """The handheld in a row that has all of its columns."""
    return Device(
        id=row["id"],
        force=row["force"],
        name=row["name"],
        state=DeviceState(row["state"]),
        app_version=row["app_version"],
        sign_pub=row["sign_pub"],
        kem_pubs={int(suite): from_b64url(raw) for suite, raw in row["kem_pubs"].items()},
    )


def every(db: Connection, force: str) -> list[tuple[Device, datetime]]:
    """Every handheld of a force with when it was last heard, the last heard first."""
    query = select(device).where(device.c.force == force).order_by(device.c.last_seen_at.desc())
    return [(of_row(row), row["last_seen_at"]) for row in db.execute(query).mappings()]


_DEVICE = select(device).where(device.c.id == bindparam("of"))


def must_be_active(found: Device, *, order: bytes = b"") -> None:
    """Refuse a handheld that has been suspended or revoked, with the signed ``order`` it has to follow."""
    if found.state is not DeviceState.ACTIVE:
        raise DeviceNotActive(
            "This device has been stopped. What was sealed on it is taken in and kept. "
            "Speak to whoever hands them out.",
            order=order,
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
    """Keep what the device last said of itself: how much waits, which version it runs.

    What it cannot count while it is locked stays as it was last said.
    """
    known = db.execute(select(device.c.report).where(device.c.id == by.id)).scalar_one()
    values = {"app_version": app_version, "report": {**known, **report}, "last_seen_at": now}
    db.execute(update(device).where(device.c.id == by.id).values(values))


def report_of(db: Connection, id_: str) -> dict[str, Any]:
    """What the device last said of itself."""
    return dict(db.execute(select(device.c.report).where(device.c.id == id_)).scalar_one())


def keep_report(db: Connection, id_: str, report: Mapping[str, Any]) -> None:
    """Keep this as what it last said."""
    db.execute(update(device).where(device.c.id == id_).values(report=dict(report)))


def from_b64url(text: str) -> bytes:
    """Bytes from base64url, with or without padding. Raises ValueError for anything else."""
    if not set(text) <= _B64URL:
        raise ValueError("not base64url")
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


_B64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=")
