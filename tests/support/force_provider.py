"""A real provider in a process of its own (npm's oidc-provider), and how a person signs in there."""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import RSAKey

from faults.tus_peer import NODE
from house.assets import FETCHED
from sync_server.audit import entries_of
from sync_server.force_accounts.provider import BACK
from sync_server.force_provider import ForceProvider, Group, PersonIs
from sync_server.identity import accounts
from sync_server.identity.accounts import Role
from tests.support.devices import Browser
from tests.support.servers import LiveServer, free_listener
from tests.support.web_pages import href_of

SCRIPT = Path(__file__).with_suffix(".mjs")
MOST_PAGES = 12
CLIENT, SECRET = "homeward", "a secret: with %, + and &"
GROUPS = {
    "HW Missing": Group(roles=frozenset({Role.MHET}), unit="missing_team"),
    "HW Officers Scarborough": Group(roles=frozenset({Role.OFFICER}), unit="scarborough"),
    "HW Officers Whitby": Group(roles=frozenset({Role.OFFICER}), unit="whitby"),
    "HW Analysts": Group(roles=frozenset({Role.ANALYST}), unit="intelligence"),
    "HW Administrators": Group(roles=frozenset({Role.ADMIN})),
}
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "hale": {"staff_no": "mhet.hale", "groups": ["HW Missing", "Canteen"]},
    "wells": {"staff_no": "pc.wells", "groups": ["HW Officers Scarborough"]},
    "okafor": {"staff_no": "analyst.okafor", "groups": ["HW Analysts"]},
    "frost": {"staff_no": "admin.frost", "groups": ["HW Missing"]},
    "stranger": {"staff_no": "pc.nobody", "groups": ["HW Missing"]},
    "ungrouped": {"staff_no": "mhet.ungrouped", "groups": ["Canteen"]},
    "two.units": {"staff_no": "pc.two", "groups": ["HW Officers Scarborough", "HW Officers Whitby"]},
    "successor": {"staff_no": "mhet.hale", "groups": ["HW Missing"]},
    "elsewhere": {"staff_no": "mhet.elsewhere", "groups": ["HW Missing"]},
    "silent": {"groups": ["HW Missing"]},
}


def provider_at(issuer: str, **otherwise: Any) -> ForceProvider:
    """The settings for a provider at this address."""
    said = ForceProvider(
        issuer=issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        person_claim="staff_no",
        person_is=PersonIs.USER,
        groups_claim="groups",
        groups=GROUPS,
        local_accounts=frozenset({"admin.frost"}),
    )
    return replace(said, **otherwise)


def a_key(name: str) -> RSAKey:
    """A signing key of a provider's, under this name."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class RealProvider:
    """npm's oidc-provider at an address of its own. It can be stopped, and started again with other keys."""

    port: int
    back_to: tuple[str, ...] = ()
    people: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: PEOPLE)
    secret_in_body: bool = False
    keys: list[RSAKey] = field(default_factory=lambda: [a_key("first")])
    _process: subprocess.Popen[str] | None = None

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Let it answer."""
        asked = {
            "modules": str(FETCHED.parent),
            "port": self.port,
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "back_to": self.back_to,
            "people": self.people,
            "secret_in_body": self.secret_in_body,
            "keys": [key.as_dict(private=True) for key in self.keys],
        }
        self._process = subprocess.Popen(
            [NODE, SCRIPT, json.dumps(asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        if not any(line.strip() == "ready" for line in self._process.stdout):
            raise AssertionError("the provider did not start: is oidc-provider there? (make setup)")

    def stop(self) -> None:
        """Let it be away."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def a_provider(**how: Any) -> Iterator[RealProvider]:
    """A provider that has an address, and answers once it is started."""
    with free_listener() as listener:
        provider = RealProvider(port=listener.getsockname()[1], **how)
    try:
        yield provider
    finally:
        provider.stop()


@dataclass
class Force:
    """A force with its provider and its server."""

    provider: RealProvider
    server: LiveServer

    def lines_about(self, user: str) -> list[dict[str, object]]:
        """What the audit says of an account, oldest first: what happened, with its details."""
        with self.server.context.store.read() as db:
            found = accounts.by_user(db, user)
            assert found is not None
            return [{"what": one["what"], **one["detail"]} for one in entries_of(db, f"account:{found.id}")]


class Desk(Browser):
    """A browser at a desk, on its way to the force's sign-in and back."""

    def press(self, page: str = "/sign-in", **fields: str) -> str:
        """Press "Sign in with your force account"; the address of the provider's page."""
        found = self.open(page)
        to = page if page.startswith("http") else "/force-account"
        given = {**self.hidden_in(found.text), "action": "force-account", **fields}
        going = self.http.post(to, data=given)
        assert going.status_code == httpx.codes.OK, going.text
        there = href_of(going.text, "Go on to your force")
        assert going.headers["Refresh"] == f"0; url={there}"
        return there

    def say_who(self, there: str, name: str) -> str:
        """Fill in the provider's own forms; the address under which it sends the browser back."""
        answer = self.http.get(there, follow_redirects=False)
        for _ in range(MOST_PAGES):
            if answer.is_redirect:
                to = answer.url.join(answer.headers["Location"])
                if to.path == BACK:
                    return str(to)
                answer = self.http.get(to, follow_redirects=False)
            else:
                action = html.unescape(str(re.findall(r'action="([^"]+)"', answer.text)[0]))
                filled = {**self.hidden_in(answer.text), "login": name, "password": "any"}
                answer = self.http.post(answer.url.join(action), data=filled, follow_redirects=False)
        raise AssertionError(f"the provider never sent the browser back: {answer.text[:300]}")

    def sign_in_as(self, name: str, page: str = "/sign-in", **fields: str) -> httpx.Response:
        """The whole way, to the page that one comes to then."""
        return self.open(self.say_who(self.press(page, **fields), name))

    @property
    def is_let_in(self) -> bool:
        """Whether a page of the console opens for this browser now."""
        return self.open("/register").url.path == "/register"
