"""A forgotten PIN: an officer asks, two administrators agree, and the vault's key goes back to its handheld.

    asked → approved_once → agreed → ready → done
                          (holder)          the vault was opened, and has a new PIN
    asked, approved_once, agreed → refused by an administrator, or over because nobody came in time

The server has the vault's key only for as long as it takes to seal it to the device, and has it at all only
where the recovery key lies in its own folder; otherwise ``agreed`` waits for the holder's command. All of it
is in the audit chain of the handheld; giving a key back is noted as a disclosure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, insert, select, update

from booklets.entities import new_id
from booklets.sealing import KemKey, NotForThisKey, SealBroken, compare_code
from sync_server import audit
from sync_server.db.handhelds import vault_recovery
from sync_server.handhelds.orders import HandheldRefused
from sync_server.identity import devices, sessions
from sync_server.identity.devices import Device
from sync_server.keys.holder import resealed

ANSWERED_WITHIN = timedelta(hours=4)
"""From the officer's question to the second administrator's word."""

SECOND_WITHIN = timedelta(minutes=60)
COLLECTED_WITHIN = timedelta(hours=24)
"""From both administrators' word until the handheld has to have collected the answer."""


class Stage(StrEnum):
    """How far a request has come."""

    ASKED = "asked"
    APPROVED_ONCE = "approved_once"
    AGREED = "agreed"
    READY = "ready"
    DONE = "done"
    REFUSED = "refused"
    OVER = "over"


OPEN = frozenset({Stage.ASKED, Stage.APPROVED_ONCE, Stage.AGREED, Stage.READY})
TO_DECIDE = frozenset({Stage.ASKED, Stage.APPROVED_ONCE})


class Checked(StrEnum):
    """How the first administrator made sure who is asking."""

    RANG_BACK = "rang_back"
    IN_PERSON = "in_person"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a handheld asks: to have this vault's key back. ``sealed`` is the key, for the holder alone."""

    vault: bytes
    officer: str
    kid: str
    sealed: bytes = field(repr=False)


def ask(db: Connection, device: Device, question: Question, *, again: bool, now: datetime) -> RowMapping:
    """The request for this very question: the one that is there, or a new one.

    ``again`` makes a new one where the last is over. Raises HandheldRefused for a vault whose officer never
    signed in on this handheld.
    """
    if not sessions.was_signed_in(db, question.officer, device.id):
        raise HandheldRefused("Nobody of that name has signed in on this device. Nothing was changed.")
    code = compare_code(device.id, question.vault, question.sealed)
    for known in _of(db, device, question):
        row = close_if_late(db, known, now=now)
        stage = Stage(row["state"])
        asked = row["kid"], row["officer"], bytes(row["sealed"])
        same = asked == (question.kid, question.officer, question.sealed)
        if same and (stage in OPEN or not again):
            return row
        if stage in OPEN:  # its keys have changed since: what was asked then opens nothing any more
            _end(db, row, Stage.OVER, now=now)
    values = {
        "id": str(new_id()),
        "force": device.force,
        "device": device.id,
        "vault": question.vault.hex(),
        "officer": question.officer,
        "kid": question.kid,
        "sealed": question.sealed,
        "code": code,
        "state": Stage.ASKED.value,
        "asked_at": now,
        "expires_at": now + ANSWERED_WITHIN,
        "checked": "",
        "first_by": "",
        "second_by": "",
        "suite": 0,
        "answer": b"",
    }
    db.execute(insert(vault_recovery).values(values))
    row = _known(db, str(values["id"]))
    _note(db, row, who=question.officer, what="recovery asked", now=now)
    return row


def approve(
    db: Connection, force: str, id_: str, *, by: str, code: str, checked: Checked | None, now: datetime
) -> RowMapping:
    """One administrator's word: the first with the officer's code and how they checked, then another's.

    Raises HandheldRefused with what is wrong, in words; nothing is changed then.
    """
    row = close_if_late(db, _held(db, force, id_), now=now)
    if by == row["officer"]:
        raise HandheldRefused("This is your own vault. Two other administrators have to agree.")
    match Stage(row["state"]):
        case Stage.ASKED:
            if code.upper().replace("-", "").replace(" ", "") != row["code"].replace("-", ""):
                raise HandheldRefused(
                    "That is not the code of this request. Ask the officer to read it out again."
                )
            if checked is None:
                raise HandheldRefused("Say how you made sure who is asking.")
            changed = {
                "state": Stage.APPROVED_ONCE.value,
                "first_by": by,
                "first_at": now,
                "checked": checked.value,
                "expires_at": min(row["expires_at"], now + SECOND_WITHIN),
            }
            _note(db, row, who=by, what="recovery approved once", now=now, checked=checked.value)
        case Stage.APPROVED_ONCE:
            if by == row["first_by"]:
                raise HandheldRefused("You have agreed already. Another administrator has to agree as well.")
            changed = {
                "state": Stage.AGREED.value,
                "second_by": by,
                "second_at": now,
                "expires_at": now + COLLECTED_WITHIN,
            }
            _note(db, row, who=by, what="recovery agreed", now=now)
        case _:
            raise HandheldRefused("This request does not wait for anybody's word any more.")
    db.execute(update(vault_recovery).where(vault_recovery.c.id == id_).values(changed))
    return _known(db, id_)


def refuse(db: Connection, force: str, id_: str, *, by: str, now: datetime) -> None:
    """An administrator says no. The officer may ask again."""
    row = close_if_late(db, _held(db, force, id_), now=now)
    if Stage(row["state"]) not in OPEN:
        raise HandheldRefused("This request does not wait for anybody's word any more.")
    _end(db, row, Stage.REFUSED, now=now)
    _note(db, row, who=by, what="recovery refused", now=now)


def answer(
    db: Connection, id_: str, keys: Mapping[str, KemKey], *, by: str, now: datetime, force: str
) -> None:
    """Seal the vault's key to its handheld, with the holder's keys. Two administrators have agreed before.

    Raises HandheldRefused, or NotForThisKey where ``keys`` lack the right one.
    """
    row = close_if_late(db, _held(db, force, id_), now=now)
    device = devices.find(db, row["device"])
    if Stage(row["state"]) is not Stage.AGREED or device is None:
        raise HandheldRefused("Two administrators have to agree first, and not too long ago.")
    devices.must_be_active(device)
    to = device.kem
    try:
        sealed = resealed(
            keys,
            kid=row["kid"],
            sealed=bytes(row["sealed"]),
            vault=bytes.fromhex(row["vault"]),
            officer=row["officer"],
            to=to,
        )
    except NotForThisKey:
        raise
    except SealBroken:
        raise HandheldRefused(
            "What was asked for is not the key of that officer’s vault, so nothing was given. "
            "Somebody may have tampered with the device: stop it, and look into it."
        ) from None
    changed = {"state": Stage.READY.value, "suite": to.suite, "answer": sealed}
    db.execute(update(vault_recovery).where(vault_recovery.c.id == id_).values(changed))
    _note(db, row, who=by, what="vault key disclosed", now=now)


def opened_again(db: Connection, device: Device, vault: bytes, *, now: datetime) -> None:
    """The handheld has opened the vault and set a new PIN: the answer is needed no longer."""
    of = vault_recovery.c
    query = select(vault_recovery).where(
        of.device == device.id, of.vault == vault.hex(), of.state == Stage.READY.value
    )
    for row in db.execute(query).mappings().all():
        _end(db, row, Stage.DONE, now=now)
        _note(db, row, who=row["officer"], what="vault opened again", now=now)


def open_ones(db: Connection, force: str, *, now: datetime) -> list[RowMapping]:
    """Requests of a force that are not over, oldest first."""
    of = vault_recovery.c
    query = select(vault_recovery).where(
        of.force == force, of.state.in_([one.value for one in OPEN]), of.expires_at > now
    )
    return list(db.execute(query.order_by(of.asked_at)).mappings())


def find(db: Connection, force: str, id_: str) -> RowMapping | None:
    """One request of a force, or None."""
    of = vault_recovery.c
    return db.execute(select(vault_recovery).where(of.id == id_, of.force == force)).mappings().first()


def stage_of(row: RowMapping, *, now: datetime) -> Stage:
    """How far a request has come by now, also where nobody has looked at it since its time was over."""
    stage = Stage(row["state"])
    return Stage.OVER if stage in OPEN and now >= row["expires_at"] else stage


def close_if_late(db: Connection, row: RowMapping, *, now: datetime) -> RowMapping:
    """End a request whose time is over."""
    if stage_of(row, now=now) is Stage.OVER and row["state"] != Stage.OVER.value:
        _end(db, row, Stage.OVER, now=now)
        return _known(db, row["id"])
    return row


def _of(db: Connection, device: Device, question: Question) -> list[RowMapping]:
    of = vault_recovery.c
    query = select(vault_recovery).where(of.device == device.id, of.vault == question.vault.hex())
    return list(db.execute(query.order_by(of.asked_at.desc())).mappings())


def _held(db: Connection, force: str, id_: str) -> RowMapping:
    """The request, held still: of two administrators who agree at once, the second sees the first."""
    of = vault_recovery.c
    query = select(vault_recovery).where(of.id == id_, of.force == force).with_for_update()
    row = db.execute(query).mappings().first()
    if row is None:
        raise HandheldRefused("There is no such request.")
    return row


def _known(db: Connection, id_: str) -> RowMapping:
    return db.execute(select(vault_recovery).where(vault_recovery.c.id == id_)).mappings().one()


def _end(db: Connection, row: RowMapping, stage: Stage, *, now: datetime) -> None:
    changed = {"state": stage.value, "answer": b"", "ended_at": now}
    db.execute(update(vault_recovery).where(vault_recovery.c.id == row["id"]).values(changed))


def _note(db: Connection, row: RowMapping, *, who: str, what: str, now: datetime, **more: str) -> None:
    audit.note(
        db,
        force=row["force"],
        record=f"device:{row['device']}",
        who=who,
        what=what,
        at=now,
        detail={"request": row["id"], "vault": row["vault"], "officer": row["officer"], **more},
    )
