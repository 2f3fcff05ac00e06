"""A sign-in that has left for the force's provider: kept here, bound to one browser, good once.

    state      goes to the provider and back; only its hash is here
    cookie     stays in the browser that began, and only its hash is here
    nonce      has to stand in the ID token that comes back
    verifier   proves to the provider that whoever brings the code is who asked for it (PKCE)

Nonce and verifier lie here sealed, and never leave but for the one question they are made for.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert

from sync_server.db.identity import force_sign_in
from sync_server.identity.codes import fingerprint, new_secret
from sync_server.keys import Slips

LIFETIME = timedelta(minutes=10)
_WHAT = "force sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What somebody signs in for: a page of the console and what for, or a handheld's ``flow``."""

    then: str = "/"
    why: str = ""
    flow: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """One sign-in under way. ``asks_anew``: the provider was asked not to rest on an earlier sign-in."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    asks_anew: bool
    purpose: Purpose

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier beforehand (S256)."""
        digest = sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes out at the beginning: ``state`` to the provider, ``cookie`` to the browser."""

    state: str = field(repr=False)
    cookie: str = field(repr=False)
    begun: Begun


def begin(
    db: Connection, slips: Slips, purpose: Purpose, *, force: str, asks_anew: bool, now: datetime
) -> Leaving:
    """Keep a new sign-in, and give what the provider and the browser are to bring back."""
    state, cookie = new_secret(), new_secret()
    begun = Begun(nonce=new_secret(), verifier=new_secret(), asks_anew=asks_anew, purpose=purpose)
    browser = fingerprint(cookie)
    values = {
        "state_hash": fingerprint(state),
        "force": force,
        "browser_hash": browser,
        "sealed": slips.seal(json.dumps(asdict(begun)), what=_WHAT, whose=browser),
        "begun_at": now,
        "expires_at": now + LIFETIME,
    }
    db.execute(insert(force_sign_in).values(values))
    return Leaving(state, cookie, begun)


def take(db: Connection, slips: Slips, *, state: str, cookie: str, now: datetime) -> Begun | None:
    """The sign-in of this state and this browser, once; None when there is none or it is too old."""
    browser = fingerprint(cookie)
    mine = (force_sign_in.c.state_hash == fingerprint(state)) & (force_sign_in.c.browser_hash == browser)
    gone = delete(force_sign_in).where(mine).returning(force_sign_in.c.sealed, force_sign_in.c.expires_at)
    row = db.execute(gone).first()
    if row is None or now >= row.expires_at:
        return None
    words = slips.open(row.sealed, what=_WHAT, whose=browser)
    if words is None:
        return None
    said = json.loads(words)
    return Begun(**{**said, "purpose": Purpose(**said["purpose"])})


def forget_old(db: Connection, *, now: datetime) -> None:
    """Drop what was begun and never came back."""
    db.execute(delete(force_sign_in).where(force_sign_in.c.expires_at <= now))
