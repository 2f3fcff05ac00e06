"""What a signed-in officer's handheld holds: an access token for minutes, a refresh token for a shift.

Both are worth nothing without the device's signing key. Each refresh replaces both. A refresh token that
comes back after its successor has been used was copied: the session ends for everybody. Until the successor
has been used it may come again, because the answer that carried the successor may have been lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, func, insert, select, update

from booklets.entities import new_id
from sync_server.db import Store
from sync_server.db.identity import account as account_table
from sync_server.db.identity import device as device_table
from sync_server.db.identity import refresh_token, session
from sync_server.db.later import asked
from sync_server.identity import accounts, devices
from sync_server.identity.accounts import HANDHELD_ROLES, Account, Person
from sync_server.identity.codes import fingerprint, new_secret
from sync_server.identity.devices import Device
from sync_server.identity.refusals import SessionOver

ACCESS_LIFETIME = timedelta(minutes=15)
SHIFT = timedelta(hours=12)
OFFLINE = timedelta(hours=72)
Session = RowMapping | Mapping[str, Any]
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the handheld is given, this once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: timedelta
    until: datetime
    offline_until: datetime
    officer: str
    person: Person


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The officer at the other end, proven by token and device key together."""

    session: str
    officer: str
    person: Person
    unit: str  # the one they had as they signed in
    settled: bool  # no earlier refresh token waits to be retired


def start(db: Connection, account: Account, *, on: Device, now: datetime) -> Tokens:
    """Sign an officer in on a handheld. Others who are signed in there stay so: handhelds are shared."""
    id_ = str(new_id())
    access = new_secret()
    values = {
        "id": id_,
        "force": account.person.force,
        "device": on.id,
        "account": account.id,
        "unit": account.person.unit,
        "begun_at": now,
        "access_hash": fingerprint(access),
        "access_until": now + ACCESS_LIFETIME,
        "refresh_until": now + SHIFT,
        "offline_until": now + OFFLINE,
        "ended_because": "",
    }
    db.execute(insert(session).values(values))
    refresh = _new_refresh(db, id_, force=account.person.force, now=now)
    return Tokens(access, refresh, ACCESS_LIFETIME, now + SHIFT, now + OFFLINE, account.id, account.person)


def check(db: Connection, access: str, *, on: Device, now: datetime) -> SignedIn:
    """Who holds this access token on this device, or a refusal that asks for a new sign-in."""
    return check_found(
        db.execute(_CHECKED, {"hash": fingerprint(access)}).mappings().first(), on=on, now=now
    )


def found_with(store: Store, device_id: str, access: str) -> tuple[Device | None, Session | None]:
    """The handheld of this id, whatever its state, and whatever session this access token is of.

    Each request of an officer asks for both. Nothing of it is believed before the signature was checked.
    """
    there = store.ask(_WITH_DEVICE, {"of": device_id, "hash": fingerprint(access)})
    if not there:
        return None, None
    row = there[0]._asdict()
    found = devices.of_row({name: row[f"{_OF_DEVICE}{name}"] for name in _DEVICES})
    return found, None if row["session_id"] is None else row


def check_found(row: Session | None, *, on: Device, now: datetime) -> SignedIn:
    """The same as ``check``, of a session that was found already."""
    if row is None or not _alive(row, on, now=now) or now >= row["access_until"]:
        raise SessionOver(_SIGN_IN_AGAIN)
    account = accounts.of_row(row)
    if not account.may(HANDHELD_ROLES):
        raise SessionOver(_SIGN_IN_AGAIN)
    return SignedIn(row["session_id"], account.id, account.person, row["session_unit"], row["waiting"] <= 1)


# Asked with every request, so it is one question: the session, whose it is, how many refresh tokens wait.
_WAITING = (
    select(func.count())
    .select_from(refresh_token)
    .where(refresh_token.c.session == session.c.id, refresh_token.c.used_at.is_(None))
    .scalar_subquery()
)
_SESSION: tuple[Any, ...] = (
    account_table,
    session.c.id.label("session_id"),
    session.c.unit.label("session_unit"),
    *(session.c[name] for name in ("device", "ended_at", "access_until", "refresh_until")),
    _WAITING.label("waiting"),
)
_CHECKED = (
    select(*_SESSION)
    .join(session, session.c.account == account_table.c.id)
    .where(session.c.access_hash == bindparam("hash"))
)
_DEVICES = tuple(one.name for one in device_table.c)
_OF_DEVICE = "the_"
_WITH_DEVICE = (
    select(*_SESSION, *(one.label(f"{_OF_DEVICE}{one.name}") for one in device_table.c))
    .select_from(
        device_table.outerjoin(session, session.c.access_hash == bindparam("hash")).outerjoin(
            account_table, account_table.c.id == session.c.account
        )
    )
    .where(device_table.c.id == bindparam("of"))
)


def settle(db: Connection, signed_in: SignedIn, *, now: datetime) -> None:
    """The newest tokens have arrived: earlier refresh tokens may not come again."""
    newest = _newest(db, signed_in.session)
    earlier = _unused(signed_in.session) & (refresh_token.c.made_at < newest)
    db.execute(update(refresh_token).where(earlier).values(used_at=now))


def refresh(db: Connection, token: str, *, on: Device, now: datetime) -> Tokens | None:
    """New tokens for a refresh token, or None: then the session is over, also in the database."""
    found = (
        db.execute(select(refresh_token).where(refresh_token.c.token_hash == fingerprint(token)))
        .mappings()
        .first()
    )
    if found is None:
        return None
    row = (
        db.execute(select(session).where(session.c.id == found["session"]).with_for_update())
        .mappings()
        .one()
    )
    if not _alive(row, on, now=now):
        return None
    account = accounts.by_id(db, row["account"])
    if found["used_at"] is not None or account is None or not account.may(HANDHELD_ROLES):
        end(
            db,
            row["id"],
            because="refresh token used twice" if found["used_at"] else "no longer an officer",
            now=now,
        )
        return None
    others = _unused(row["id"]) & (refresh_token.c.token_hash != found["token_hash"])
    db.execute(update(refresh_token).where(others).values(used_at=now))
    access = new_secret()
    changed = {
        "access_hash": fingerprint(access),
        "access_until": now + ACCESS_LIFETIME,
        "offline_until": now + OFFLINE,
    }
    db.execute(update(session).where(session.c.id == row["id"]).values(changed))
    again = _new_refresh(db, row["id"], force=row["force"], now=now)
    until = row["refresh_until"]
    return Tokens(access, again, ACCESS_LIFETIME, until, now + OFFLINE, account.id, account.person)


def end(db: Connection, id_: str, *, because: str, now: datetime) -> None:
    """End a session. Its tokens are good for nothing from here on."""
    db.execute(
        update(session)
        .where(session.c.id == id_, session.c.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
    )


def is_on_shift(db: Connection, officer: str, *, now: datetime) -> bool:
    """Whether this officer is signed in on any handheld, so that what is sent to them will be read."""
    alive = session.c.ended_at.is_(None) & (session.c.refresh_until > now)
    return db.execute(select(session.c.id).where(session.c.account == officer, alive)).first() is not None


def was_signed_in(db: Connection, officer: str, device: str) -> bool:
    """Whether this officer ever signed in on this handheld, and so can have written anything on it."""
    there = (session.c.account == officer) & (session.c.device == device)
    return db.execute(select(session.c.id).where(there)).first() is not None


def units_on(db: Connection, officer: str, device: str) -> frozenset[str]:
    """The units that this officer may have written for on this handheld; none if they never signed in there.

    Theirs at each of those sign-ins, and theirs now: a record may be sent weeks after its author has moved,
    and whoever moves during a shift hears of it before the next sign-in.
    """
    rows = asked(db, _UNITS, {"officer": officer, "device": device})
    return frozenset(unit for row in rows for unit in row)


_UNITS = (
    select(session.c.unit, account_table.c.unit.label("now"))
    .join(account_table, account_table.c.id == session.c.account)
    .where(session.c.account == bindparam("officer"), session.c.device == bindparam("device"))
    .distinct()
)


_SIGN_IN_AGAIN = "Please sign in again. Everything on this phone is kept."


def _alive(row: Session, on: Device, *, now: datetime) -> bool:
    return row["device"] == on.id and row["ended_at"] is None and now < row["refresh_until"]


def _unused(id_: str) -> ColumnElement[bool]:
    return (refresh_token.c.session == id_) & refresh_token.c.used_at.is_(None)


def _newest(db: Connection, id_: str) -> datetime | None:
    query = select(func.max(refresh_token.c.made_at)).where(refresh_token.c.session == id_)
    newest: datetime | None = db.scalar(query)
    return newest


def _new_refresh(db: Connection, id_: str, *, force: str, now: datetime) -> str:
    token = new_secret()
    before = _newest(db, id_)
    made_at = now if before is None else max(now, before + _A_MOMENT)
    values = {"token_hash": fingerprint(token), "force": force, "session": id_, "made_at": made_at}
    db.execute(insert(refresh_token).values(values))
    return token
