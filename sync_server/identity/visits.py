"""A signed-in person at the console, known by a cookie whose hash is all that is kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from sync_server import restricted
from sync_server.db.identity import console_session
from sync_server.identity import accounts
from sync_server.identity.accounts import CONSOLE_ROLES, Account
from sync_server.identity.codes import fingerprint, new_secret, same
from sync_server.identity.refusals import FormExpired

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
STRETCH_AFTER = timedelta(minutes=1)  # so that reading does not write at every page


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the console, right now."""

    account: Account
    cookie_hash: str = field(repr=False)
    form_token: str = field(repr=False)
    begun_at: datetime
    expires_at: datetime

    def check_form(self, token: str) -> None:
        """Refuse a form that was not sent from a page of this visit."""
        if not same(token, self.form_token):
            raise FormExpired("That page was too old to send. Go back, load it again, and send once more.")


def start(db: Connection, account: Account, *, now: datetime) -> str:
    """Let somebody in and give the cookie."""
    cookie = new_secret()
    values = {
        "token_hash": fingerprint(cookie),
        "force": account.person.force,
        "account": account.id,
        "form_token": new_secret(),
        "begun_at": now,
        "expires_at": now + IDLE,
    }
    db.execute(insert(console_session).values(values))
    return cookie


def find(db: Connection, cookie: str, *, now: datetime) -> Visit | None:
    """Whose cookie this is, or None when they are not, or no longer, signed in."""
    row = db.execute(select(console_session).where(console_session.c.token_hash == fingerprint(cookie)))
    found = row.mappings().first()
    if found is None or now >= found["expires_at"]:
        return None
    account = accounts.by_id(db, found["account"])
    if account is None or not account.may(CONSOLE_ROLES):
        return None
    person = account.person
    held_out = restricted.held_out_of(db, person.force, account.id, now)
    account = replace(account, person=replace(person, held_out_of=held_out))
    return Visit(account, found["token_hash"], found["form_token"], found["begun_at"], found["expires_at"])


def wants_stretching(visit: Visit, *, now: datetime) -> bool:
    """Whether enough of the idle time has gone for it to be worth writing down."""
    return _until(visit, now=now) - visit.expires_at >= STRETCH_AFTER


def stretch(db: Connection, visit: Visit, *, now: datetime) -> None:
    """They are still here: begin the idle time anew."""
    kept = console_session.c.token_hash == visit.cookie_hash
    db.execute(update(console_session).where(kept).values(expires_at=_until(visit, now=now)))


def end(db: Connection, visit: Visit) -> None:
    """Signed out."""
    db.execute(delete(console_session).where(console_session.c.token_hash == visit.cookie_hash))


def forget_old(db: Connection, *, now: datetime) -> None:
    """Drop visits that are over."""
    db.execute(delete(console_session).where(console_session.c.expires_at <= now))


def _until(visit: Visit, *, now: datetime) -> datetime:
    return min(now + IDLE, visit.begun_at + LONGEST)
