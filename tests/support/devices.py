"""A handheld as the server sees one, made from primitives: keys, signed requests, sign-in by browser."""

from __future__ import annotations

import re
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

import httpx

from booklets.answers import instant
from booklets.handing_on import KIND
from booklets.posting import posted
from booklets.records import Record
from booklets.sealing import EnvelopeHeader, KemKey, SigningKey, sign_request
from tests.support.builders import a_return, an_author
from tests.support.promised import as_promised
from tests.support.servers import FORCE, PASSWORD, LiveServer

# Making one takes longer than a request does, and nothing here speaks TLS.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def a_client(url: str, **how: Any) -> httpx.Client:
    """An HTTP client for one server on this machine."""
    # A minute, as the app itself waits: httpx's five seconds are too few where many tests share a machine.
    return httpx.Client(base_url=url, verify=_NO_TLS, trust_env=False, timeout=60.0, **how)


def b64url(raw: bytes) -> str:
    """Base64url without padding, as everywhere on the wire."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """What ``b64url`` wrote."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Handheld:
    """One handheld. ``id`` is how it signs, ``access`` what its officer was given."""

    server: LiveServer
    http: httpx.Client
    name: str = "NYP-0412"
    key: SigningKey = field(default_factory=SigningKey.generate)
    kem: KemKey = field(default_factory=lambda: KemKey.generate(1))
    id: str = ""
    access: str = ""
    refresh: str = ""
    officer: str = ""

    @property
    def enrolling_id(self) -> str:
        """The key id of a device that has no id yet."""
        return "enrol:" + sha256(self.key.public).hexdigest()[:16]

    def enrolment(self, code: str) -> dict[str, Any]:
        """What an enrolling handheld sends."""
        return {
            "code": code,
            "sign_pub": b64url(self.key.public),
            "kem_pubs": {"1": b64url(self.kem.public.raw)},
            "platform": "test",
            "app_version": "0.1.0",
            "name": self.name,
        }

    def signed(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        key: SigningKey | None = None,
        key_id: str = "",
        now: datetime | None = None,
        as_if_to: str = "",
    ) -> httpx.Request:
        """A signed request, not sent yet. Each keyword is something a test may get wrong."""
        request = self.http.build_request(method, path, json=json, content=content or None, headers=headers)
        request.headers.update(
            sign_request(
                method=method,
                url=as_if_to or str(request.url),
                headers=headers or {},
                body=request.content,
                key=key or self.key,
                device=key_id or self.id,
                now=now or self.server.clock(),
            )
        )
        return request

    def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Sign and send. The answer has to be one that the document promises."""
        return as_promised(self.http.send(self.signed(method, path, **how)))

    def as_officer(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Sign and send with the officer's session."""
        headers = {**how.pop("headers", {}), "Authorization": f"Homeward {self.access}"}
        return self.send(method, path, headers=headers, **how)

    def record(self, **header: Any) -> Record:
        """An invented return, as the officer signed in here would send it."""
        author = an_author(id=self.officer or "nobody", name="Hannah Wells")
        return a_return(**{"device": self.id, "author": author, "unit": "scarborough", **header})

    def seal(self, record: Record) -> bytes:
        """A record as it travels, freshly sealed."""
        return posted(record, to=self.server.context.keys.directory.recipients(), signer=self.key)

    def header_of_given(self, given: str, at: datetime) -> EnvelopeHeader:
        """The readable part of a draft that the officer signed in here gives to somebody."""
        return EnvelopeHeader(
            kind=KIND,
            record=given,
            rev=0,
            base_rev=0,
            form="",
            form_ver="",
            force=FORCE,
            device=self.id,
            officer=self.officer,
            created=instant(at),
        )

    def submit(self, sealed: bytes, **headers: str) -> httpx.Response:
        """Hand in one envelope."""
        kind = {"Content-Type": "application/vnd.homeward.sealed", **headers}
        return self.as_officer("POST", "/v1/submissions", content=sealed, headers=kind)

    def enrol(self, code: str = "") -> httpx.Response:
        """Spend a code (a fresh one unless given) and take on the id that comes back."""
        answer = self.send(
            "POST", "/v1/enrol", json=self.enrolment(code or self.server.invite()), key_id=self.enrolling_id
        )
        if answer.status_code == httpx.codes.CREATED:
            self.id = answer.json()["device_id"]
        return answer

    def begin(self) -> dict[str, Any]:
        """Start a sign-in."""
        answer: dict[str, Any] = self.send("POST", "/v1/auth/begin", json={}).json()
        return answer

    def poll(self, flow: str) -> httpx.Response:
        """Ask whether the browser is done; take the tokens when it is."""
        return self._keep(self.send("POST", "/v1/auth/token", json={"flow": flow}))

    def refreshed(self, token: str = "") -> httpx.Response:
        """Ask for new tokens."""
        body = {"refresh_token": token or self.refresh}
        return self._keep(self.send("POST", "/v1/auth/refresh", json=body))

    def sign_in(self, user: str, password: str = PASSWORD) -> httpx.Response:
        """The whole way: begin here, password in a browser, tokens here."""
        flow = self.begin()
        with Browser(self.server.url) as browser:
            browser.fill_in(flow["verification_uri_complete"], user=user, password=password, action="allow")
        return self.poll(flow["flow"])

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == httpx.codes.OK:
            said = answer.json()
            self.access, self.refresh = said["access_token"], said["refresh_token"]
            self.officer = said["officer"]["id"]
        return answer


class Browser:
    """A browser as far as these pages need one: cookies, forms, and following where a form leads."""

    def __init__(self, url: str) -> None:
        self.http = a_client(url, follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def open(self, path: str) -> httpx.Response:
        """Load a page."""
        return self.http.get(path)

    def fill_in(self, path: str, **fields: str) -> httpx.Response:
        """Load a page, fill in its form and send it, with whatever hidden fields it holds."""
        return self.http.post(path, data={**self.hidden_in(self.open(path).text), **fields})

    @staticmethod
    def hidden_in(page: str) -> dict[str, str]:
        """What a page's forms carry without showing it."""
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))

    def sign_in(self, user: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in at the console."""
        return self.fill_in("/sign-in", user=user, password=password)
