"""Puts the demo night through the real way in: written as an encounter, sealed, signed, taken in.

Nothing here writes to the register or the outbox. What the console shows has come the way that everything
comes: from a handheld's envelope, through intake.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection

from booklets import definitions
from booklets.answers import Answer, Row, frozen, rows_of
from booklets.encounters import Encounter, begin
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import MENTIONS, Form
from booklets.guides import Guide
from booklets.posting import posted
from booklets.records import Author, Override, Record
from booklets.sealing import KemKey, SigningKey
from booklets.sending import Sending, records_of
from booklets.stamps import Confidence, Stamp
from sync_server.context import Context
from sync_server.demo.children import night
from sync_server.demo.telling import Told
from sync_server.identity import accounts, enrolment, sessions
from sync_server.identity.accounts import Account
from sync_server.identity.devices import Device
from sync_server.identity.enrolment import CODE_LIFETIME, NewDevice
from sync_server.intake import Sender, take_in

APP = "0.1.0"
WRITTEN_BY = "pc.wells"
BETWEEN = timedelta(minutes=25)


def send_the_night(context: Context, *, force: str) -> int:
    """Write four encounters and hand in their records. How many records there were."""
    now = context.now()
    device, key = _a_handheld(context, force=force, now=now)
    with context.store.read() as db:
        account = accounts.by_user(db, WRITTEN_BY)
    if account is None:
        raise LookupError("the demo officer is made before the demo night")
    person = account.person
    context.store.write(lambda db: _signed_in_and_out(db, account, device, now))
    officer = Author(account.id, person.name, person.rank, person.shoulder_no, person.station)
    sender = Sender(force=force, device=device.id, sign_pub=key.public, officer=account.id)
    guide = definitions.guide("return_check")
    sent = 0
    for number, told in enumerate(night(now - timedelta(minutes=5))):
        written = now - timedelta(minutes=5) - BETWEEN * (3 - number)
        encounter = _written(told, guide, officer=officer, force=force, unit=person.unit, at=written)
        for record in records_of(encounter, guide, _sending(told, device, officer, force, written)):
            take_in(context, _sealed(context, record, key), sender=sender)
            sent += 1
    return sent


def _signed_in_and_out(db: Connection, account: Account, device: Device, now: datetime) -> None:
    """What was written there is by somebody who was signed in there, and has gone off shift since."""
    tokens = sessions.start(db, account, on=device, now=now)
    signed_in = sessions.check(db, tokens.access, on=device, now=now)
    sessions.end(db, signed_in.session, because="signed out", now=now)


def _a_handheld(context: Context, *, force: str, now: datetime) -> tuple[Device, SigningKey]:
    """A handheld that is enrolled as every other is, and whose keys are then forgotten."""
    key, kem = SigningKey.generate(), KemKey.generate(1)
    new = NewDevice(
        name="NYP-0400 (demo)",
        platform="demo",
        app_version=APP,
        sign_pub=key.public,
        kem_pubs={1: kem.public.raw},
    )
    code = context.store.write(
        lambda db: enrolment.invite(db, force=force, made_by="demo", now=now, lifetime=CODE_LIFETIME)
    )
    return context.store.write(lambda db: enrolment.enrol(db, code, new, now=now)), key


def _written(told: Told, guide: Guide, *, officer: Author, force: str, unit: str, at: datetime) -> Encounter:
    started = Stamp(at - timedelta(minutes=20), 0, 1_000, Confidence.SERVER)
    ids = {name: new_id() for name in told.others}
    child = _entity(new_id(), "person", told.child, ids, by=officer.id, at=at)
    encounter = begin(guide, officer=officer, force=force, unit=unit, at=started, subject=child)
    for name, (kind, facts) in told.others.items():
        encounter = encounter.with_entity(_entity(ids[name], kind, facts, ids, by=officer.id, at=at), at=at)
    for name, value in told.answers.items():
        one = guide.field(name)
        encounter = encounter.answer(one, _resolved(value, ids, mentions=one.kind in MENTIONS), at=at)
    return encounter


def _entity(
    id_: UUID, kind: str, facts: Mapping[str, Answer], ids: Mapping[str, UUID], *, by: str, at: datetime
) -> Entity:
    form: Form = definitions.entity_form(kind)
    entity = Entity(id_, EntityKind(kind), frozen({}))
    for name, value in facts.items():
        one = form.field(f"{kind}.{name}")
        entity = entity.changed(one.id, _resolved(value, ids, mentions=one.kind in MENTIONS), at=at, by=by)
    return entity


def _resolved(value: Answer, ids: Mapping[str, UUID], *, mentions: bool) -> Answer:
    """The answer with ids in the place of the names that the story uses."""
    if rows_of(value):
        return tuple(_row(row, ids) for row in rows_of(value))
    if not mentions:
        return value
    if isinstance(value, str):
        return str(ids[value])
    if isinstance(value, tuple):
        return tuple(str(ids[name]) for name in value if isinstance(name, str))
    return value


def _row(row: Row, ids: Mapping[str, UUID]) -> Row:
    place = row.get("place")
    return MappingProxyType({**row, "place": str(ids[place])}) if isinstance(place, str) else row


def _sending(told: Told, device: Device, officer: Author, force: str, at: datetime) -> Sending:
    overrides = (Override("needed", told.emergency, officer.id, at),) if told.emergency else ()
    return Sending(
        at=Stamp(at, 0, 1_200_000, Confidence.SERVER),
        device=device.id,
        app_version=APP,
        stage=told.stage,
        force=definitions.force(force),
        clocks=definitions.clocks(),
        overrides=overrides,
    )


def _sealed(context: Context, record: Record, key: SigningKey) -> bytes:
    return posted(record, to=context.keys.directory.recipients(), signer=key)
