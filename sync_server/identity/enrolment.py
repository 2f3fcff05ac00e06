"""A one-time code becomes a device.

The code proves that somebody with the right to hand out handhelds stood beside this one. The request is
signed with the device's new key, so the key is proven too (see ``api.signing``).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from booklets.entities import new_id
from sync_server.db.identity import device, enrolment_code
from sync_server.db.types import insert_if_new
from sync_server.identity.codes import as_typed, fingerprint, new_code
from sync_server.identity.devices import Device, DeviceState
from sync_server.identity.refusals import CodeExpired, CodeUnknown, CodeUsed

CODE_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """What a handheld says of itself when it enrols."""

    name: str
    platform: str
    app_version: str
    sign_pub: bytes = field(repr=False)
    kem_pubs: Mapping[int, bytes] = field(repr=False)


def enrolling_key_id(sign_pub: bytes) -> str:
    """The key id under which a device that has no id yet signs its enrolment."""
    return "enrol:" + sha256(sign_pub).hexdigest()[:16]


def invite(
    db: Connection, *, force: str, made_by: str, now: datetime, lifetime: timedelta = CODE_LIFETIME
) -> str:
    """Make a code for one device of this force. It is shown now and never again."""
    code = new_code()
    keep_code(db, code, force=force, made_by=made_by, now=now, lifetime=lifetime)
    return code


def keep_code(
    db: Connection, code: str, *, force: str, made_by: str, now: datetime, lifetime: timedelta
) -> bool:
    """Keep a code for so long from now, also one kept before. Whether it can still be used."""
    row = {
        "code_hash": fingerprint(code),
        "force": force,
        "made_by": made_by,
        "made_at": now,
        "expires_at": now + lifetime,
    }
    if insert_if_new(db, enrolment_code, row, [enrolment_code.c.code_hash]) is not None:
        return True
    unused = (enrolment_code.c.code_hash == row["code_hash"]) & enrolment_code.c.used_at.is_(None)
    longer = update(enrolment_code).where(unused).values(expires_at=row["expires_at"])
    return db.execute(longer.returning(enrolment_code.c.code_hash)).first() is not None


def enrol(db: Connection, typed: str, new: NewDevice, *, now: datetime) -> Device:
    """Spend the code and make the device.

    A device that sends the same code with the same key again has lost our answer, and gets it again:
    otherwise one dropped packet would cost a walk back to whoever hands out codes.
    """
    code = as_typed(typed)
    spent = enrolment_code.c
    found = None
    if code is not None:
        row = db.execute(
            select(enrolment_code).where(spent.code_hash == fingerprint(code)).with_for_update()
        )
        found = row.mappings().first()
    if found is None:
        raise CodeUnknown("That code is not one of ours. Check it, or ask for a new one.")
    if found["used_at"] is not None:
        return _answer_again(db, found["device"], new)
    if now >= found["expires_at"]:
        raise CodeExpired("That code is too old. Ask for a new one: a code is good for a few minutes.")
    made = Device(
        id=str(new_id()),
        force=found["force"],
        name=new.name,
        state=DeviceState.ACTIVE,
        app_version=new.app_version,
        sign_pub=new.sign_pub,
        kem_pubs=new.kem_pubs,
    )
    _keep(db, made, new, now=now)
    db.execute(
        update(enrolment_code)
        .where(spent.code_hash == found["code_hash"])
        .values(used_at=now, device=made.id)
    )
    return made


def _keep(db: Connection, made: Device, new: NewDevice, *, now: datetime) -> None:
    taken = db.execute(select(device.c.id).where(device.c.sign_pub == new.sign_pub)).first()
    if taken is not None:
        raise CodeUsed("This device is already enrolled. Reset it before enrolling it again.")
    values = {
        "id": made.id,
        "force": made.force,
        "name": made.name,
        "platform": new.platform,
        "app_version": made.app_version,
        "sign_pub": made.sign_pub,
        "kem_pubs": {str(suite): _b64url(raw) for suite, raw in made.kem_pubs.items()},
        "state": made.state.value,
        "enrolled_at": now,
        "last_seen_at": now,
        "report": {},
    }
    db.execute(insert(device).values(values))


def _answer_again(db: Connection, id_: str, new: NewDevice) -> Device:
    row = db.execute(select(device).where(device.c.id == id_)).mappings().one()
    if row["sign_pub"] != new.sign_pub:
        raise CodeUsed("That code has already been used for another device. Ask for a new one.")
    return Device(
        id=row["id"],
        force=row["force"],
        name=row["name"],
        state=DeviceState(row["state"]),
        app_version=row["app_version"],
        sign_pub=row["sign_pub"],
        kem_pubs=new.kem_pubs,
    )


def _b64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
