"""An officer signs in, and stays so for a shift. Values only: the caller keeps them, in the vault.

    begin ──► SignIn: show the code, open the browser ──► poll … ──► Session ──► refreshed ──► …

The password is typed in the system's browser, never here. A session is worth nothing without the key of
this device. Both its tokens change with every refresh: keep the new ones before the next request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from booklets.answers import instant
from booklets.errors import WireError
from field_app.sync.failures import NotOurServer, Refused
from field_app.sync.reading import Fields

NEAR_THE_END: Final = timedelta(minutes=2)
_LONGEST_TOKEN: Final = 512


@dataclass(frozen=True, slots=True)
class Officer:
    """Who signed in, as the force knows them."""

    id: str
    name: str = field(repr=False)
    rank: str
    shoulder_no: str
    station: str
    force: str
    unit: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way. Show ``user_code``: the browser shows the same one, or it is not ours."""

    flow: str = field(repr=False)
    verification_uri: str = field(repr=False)
    user_code: str
    interval: timedelta
    until: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in officer. Times are the server's; ``until`` is when the officer has to sign in again."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    offline_until: datetime
    officer: Officer
    until: datetime | None = None

    def needs_refresh(self, now: datetime) -> bool:
        """Whether the access token is over, or so nearly that a slow request might miss it."""
        return now >= self.expires_at - NEAR_THE_END

    def may_read_offline(self, now: datetime) -> bool:
        """Whether returned records may be read without the server. Capture is always allowed."""
        return now < self.offline_until

    def to_json(self) -> dict[str, Any]:
        """As it is kept in the vault, and nowhere else."""
        who = self.officer
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_at": instant(self.expires_at),
            "offline_until": instant(self.offline_until),
            "until": instant(self.until) if self.until else "",
            "officer": {
                "id": who.id,
                "name": who.name,
                "rank": who.rank,
                "shoulder_no": who.shoulder_no,
                "station": who.station,
                "force": who.force,
                "unit": who.unit,
                "roles": list(who.roles),
            },
        }

    @classmethod
    def from_json(cls, value: object) -> Session:
        """Read what ``to_json`` wrote. Raises WireError for anything else."""
        try:
            kept = Fields(value)
            return cls(
                access_token=kept.text("access_token", most=_LONGEST_TOKEN),
                refresh_token=kept.text("refresh_token", most=_LONGEST_TOKEN),
                expires_at=kept.moment("expires_at"),
                offline_until=kept.moment("offline_until"),
                officer=read_officer(kept.within("officer")),
                until=kept.moment_or_nothing("until"),
            )
        except NotOurServer:
            raise WireError("not a session") from None


class SignsIn(Protocol):
    """The part of the client that signing in needs."""

    def begin_sign_in(self) -> SignIn:
        """Start a sign-in on this device."""
        ...

    def poll_sign_in(self, flow: SignIn) -> Session | None:
        """The session, or None while the browser is not done."""
        ...

    def refresh(self, session: Session) -> Session:
        """The same officer with new tokens."""
        ...


class SignInOver(Refused):
    """The sign-in was not finished in time, or was stopped in the browser. Begin another."""


def poll(client: SignsIn, flow: SignIn, *, now: datetime) -> Session | None:
    """Ask once whether the officer is done in the browser. Raises SignInOver when there is no point."""
    if now >= flow.until:
        raise SignInOver("flow_over", "The sign-in was not finished in time. Start it again.")
    try:
        return client.poll_sign_in(flow)
    except Refused as refused:
        raise SignInOver(refused.code, refused.says) from None


def read_sign_in(message: object, *, server: str, now: datetime) -> SignIn:
    """A begun sign-in out of the server's answer. A page at any other address is refused."""
    said = Fields(message)
    uri = said.text("verification_uri_complete", most=1024)
    if not _same_origin(uri, server):
        raise NotOurServer("sign_in_elsewhere")
    return SignIn(
        flow=said.text("flow", most=_LONGEST_TOKEN),
        verification_uri=uri,
        user_code=said.text("user_code", most=32),
        interval=timedelta(seconds=max(1.0, min(60.0, said.seconds("interval")))),
        until=now + timedelta(seconds=min(3600.0, said.seconds("expires_in"))),
    )


def read_session(message: object, *, now: datetime) -> Session:
    """A session out of the server's answer."""
    said = Fields(message)
    return Session(
        access_token=said.text("access_token", most=_LONGEST_TOKEN),
        refresh_token=said.text("refresh_token", most=_LONGEST_TOKEN),
        expires_at=now + timedelta(seconds=min(86_400.0, said.seconds("expires_in"))),
        offline_until=said.moment("offline_until"),
        officer=read_officer(said.within("officer")),
        until=said.moment_or_nothing("session_until"),
    )


def read_officer(message: object) -> Officer:
    """An officer out of a message."""
    said = Fields(message)
    return Officer(
        id=said.text("id"),
        name=said.text("name"),
        rank=said.text_or_nothing("rank"),
        shoulder_no=said.text_or_nothing("shoulder_no"),
        station=said.text_or_nothing("station"),
        force=said.text("force"),
        unit=said.text_or_nothing("unit"),
        roles=said.texts("roles"),
    )


def _same_origin(uri: str, server: str) -> bool:
    try:
        there, here = urlsplit(uri), urlsplit(server)
    except ValueError:
        return False
    return (there.scheme, there.netloc) == (here.scheme, here.netloc)
