"""Handhelds that ask by the document: enrolled over HTTP, with officers signed in, each request signed.

Most requests are signed as they should be. The others are signed by nobody, by a stranger's key, for another
body, a second time, without a session, with a colleague's, or by a handheld that the force has stopped: none
of those may get any further.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import requests
from requests.auth import AuthBase

from booklets.sealing import SigningKey, sign_request
from sync_server.api.routes import Address
from sync_server.api.signing import SCHEME
from sync_server.context import Context
from sync_server.identity import accounts, devices, sessions
from sync_server.identity.accounts import Role
from sync_server.identity.devices import DeviceState
from sync_server.limits import Limits
from tests.support.devices import Handheld, a_client
from tests.support.servers import FORCE, Clock, LiveServer

PEOPLE: Final = (
    (Role.OFFICER, "scarborough", FORCE),
    (Role.OFFICER, "scarborough", FORCE),
    (Role.SUPERVISOR, "scarborough", FORCE),
    (Role.FIM, "control_room", FORCE),
    (Role.OFFICER, "selby", FORCE),
    (Role.SUPERVISOR, "selby", FORCE),
)
HANDHELDS: Final = 24
WHO_SIGN_IN: Final = 4
"""More than ten in a minute are too many for one address."""
HOW_OFTEN: Final = 0.85


class Way(StrEnum):
    """How a request is signed: as it should be, or in one of the ways that have to be refused."""

    RIGHT = "right"
    UNSIGNED = "unsigned"
    STRANGER = "a stranger's key"
    OTHER_BODY = "another body"
    TWICE = "a second time"
    NOBODY = "no session"
    COLLEAGUE = "a colleague's session"
    STOPPED = "a stopped handheld"


class RealClock(Clock):
    """The clock of a server that is a process of its own."""

    def __call__(self) -> datetime:
        """The time now."""
        return datetime.now(UTC)


@dataclass
class Callers:
    """Everybody who asks. ``handhelds`` are signed in; ``stopped`` is one that the force has stopped."""

    server: LiveServer
    handhelds: list[Handheld] = field(default_factory=list)
    stopped: Handheld | None = None
    units: dict[str, str] = field(default_factory=dict)
    """The unit of each officer."""

    @classmethod
    def of(cls, context: Context, url: str, name: str) -> Callers:
        """Enrol them all over HTTP; the first ones sign in as people do, in a browser."""
        made = cls(LiveServer(url, context, RealClock(), Limits()))
        users, ids = [], []
        for number, (role, unit, force) in enumerate(PEOPLE):
            users.append(f"{role.value}{number}.{name}")
            ids.append(made.server.add_account(users[-1], role, unit=unit, force=force))
            made.units[ids[-1]] = unit
        for number in range(HANDHELDS + 1):
            one = Handheld(made.server, a_client(url), name=f"Handheld {number} of {name}")
            assert one.enrol().status_code == 201
            user = users[number % len(users)]
            if number < WHO_SIGN_IN:
                assert one.sign_in(user).status_code == 200
            else:
                one.officer = ids[number % len(users)]
                made.sign_in(one)
            made.handhelds.append(one)
        made.stopped = made.handhelds.pop()
        stop = made.stopped.id
        context.store.write(lambda db: devices.set_state(db, stop, DeviceState.SUSPENDED))
        return made

    def sign_in(self, handheld: Handheld) -> None:
        """Sign its officer in once more, past the pages: their number in a minute is limited."""
        context = self.server.context

        def work(db: Any) -> sessions.Tokens:
            account = accounts.by_id(db, handheld.officer)
            device = devices.find(db, handheld.id)
            assert account is not None
            assert device is not None
            return sessions.start(db, account, on=device, now=context.now())

        tokens = context.store.write(work)
        handheld.access, handheld.refresh = tokens.access, tokens.refresh

    def close(self) -> None:
        """Let go of every connection."""
        for one in [*self.handhelds, *([self.stopped] if self.stopped else [])]:
            one.http.close()


def a_way(address: Address, chance: random.Random) -> Way:
    """How this request will be signed."""
    if not address.signed or chance.random() < HOW_OFTEN:
        return Way.RIGHT
    ways = [Way.UNSIGNED, Way.STRANGER, Way.OTHER_BODY]
    ways += [Way.TWICE] if address.enrolled else []
    ways += [Way.STOPPED] if address.enrolled and not address.stopped_too else []
    ways += [Way.NOBODY, Way.COLLEAGUE] if address.session else []
    return chance.choice(ways)


@dataclass
class Signed(AuthBase):
    """Signs a request at the last moment, when it stands as it will be sent."""

    address: Address
    handheld: Handheld
    way: Way
    colleague: Handheld

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, signed in its way."""
        headers, address = request.headers, self.address
        for name in ("Authorization", "Signature", "Signature-Input", "Content-Digest"):
            headers.pop(name, None)
        if address.session and self.way is not Way.NOBODY:
            holder = self.colleague if self.way is Way.COLLEAGUE else self.handheld
            headers["Authorization"] = SCHEME + holder.access
        if not address.signed or self.way is Way.UNSIGNED:
            return request
        headers.update(self._signature(request, {name: str(value) for name, value in headers.items()}))
        return request

    def _signature(self, request: requests.PreparedRequest, headers: Mapping[str, str]) -> dict[str, str]:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        assert isinstance(body, bytes)
        one, way = self.handheld, self.way
        return sign_request(
            method=str(request.method),
            url=str(request.url),
            headers=headers,
            body=body + b" " if way is Way.OTHER_BODY else body,
            key=SigningKey.generate() if way is Way.STRANGER else one.key,
            device=one.id if self.address.enrolled else one.enrolling_id,
            now=datetime.now(UTC),
        )
