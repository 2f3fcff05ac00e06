"""A provider that can be told to lie: each way in which an answer can be wrong, beside one that is right.

It is honest until a test changes something. Whoever asks it for a token gets one about whoever is ``hale``,
with the nonce of the sign-in that is under way.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import httpx
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.support.force_provider import CLIENT, SECRET, Desk, a_key
from tests.support.servers import free_listener, serving

Claims = dict[str, Any]
ANY = ("RS256", "PS256", "ES256", "RS512")


@cache
def key_called(name: str) -> RSAKey:
    """A key of the provider's, made once: making one takes longer than a test."""
    return a_key(name)


def signed(header: Mapping[str, Any], claims: Claims, key: RSAKey | ECKey) -> str:
    """A token under this key, however unwise the header is."""
    registry = jws.JWSRegistry(algorithms=ANY, strict_check_header=False)
    return jws.serialize_compact(dict(header), json.dumps(claims), key, registry=registry)


def keyed_with(secret: bytes, claims: Claims) -> str:
    """A token under a secret instead of a key, whatever the secret is."""
    said = f"{_part({'alg': 'HS256', 'kid': 'first', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{said}.{_letters(hmac.digest(secret, said.encode(), 'sha256'))}"


def unsigned(claims: Claims, alg: str = "none") -> str:
    """A token that says itself that nobody signed it."""
    return ".".join([_part({"alg": alg, "typ": "JWT"}), _part(claims), ""])


def _part(content: Mapping[str, Any]) -> str:
    return _letters(json.dumps(content).encode())


def _letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class ForgedProvider:
    """Describes itself, publishes keys, and answers with what ``token`` makes of honest claims."""

    issuer: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    published: list[dict[str, Any]] = field(default_factory=list)
    described: dict[str, Any] = field(default_factory=dict)
    token: Callable[[Claims], object] | None = None
    status: int = 200
    instead: dict[str, Response] = field(default_factory=dict)
    waits_s: float = 0.0
    nonce: str = ""
    asked: list[str] = field(default_factory=list)
    brought: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin honestly."""
        self.be_honest()

    def be_honest(self) -> None:
        """Take back every lie."""
        self.published = [dict(key_called("first").as_dict(private=False))]
        self.described, self.token, self.status, self.waits_s = {}, None, 200, 0.0
        self.instead = {}
        self.asked.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        body = (await request.body()).decode()
        self.asked.append(request.url.path)
        await asyncio.sleep(self.waits_s)
        await self._answer(request, body)(scope, receive, send)

    def _answer(self, request: Request, body: str) -> Response:
        path = request.url.path
        if path in self.instead:
            return self.instead[path]
        if path == "/keys":
            return JSONResponse({"keys": self.published})
        if path == "/token":
            return self._token(request, dict(parse_qsl(body)))
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/here",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.described,
            }
        )

    def _token(self, request: Request, brought: dict[str, str]) -> Response:
        self.brought = brought
        us = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode().split(":")
        assert [unquote_plus(one) for one in us] == [CLIENT, SECRET]
        make = self.token or self.honest
        made = make(self.claims())
        return JSONResponse({"token_type": "Bearer", "access_token": "x", "id_token": made}, self.status)

    def claims(self) -> Claims:
        """What is true of the sign-in that is under way."""
        now = int(self.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "hale",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "staff_no": "mhet.hale",
            "groups": ["HW Missing"],
        }

    @staticmethod
    def honest(claims: Claims) -> str:
        """The token that an honest provider gives."""
        return signed({"alg": "RS256", "kid": "first", "typ": "JWT"}, claims, key_called("first"))

    def come_back(self, desk: Desk, meanwhile: Callable[[], None] = lambda: None) -> httpx.Response:
        """Press the button, and come back as if somebody had signed in; ``meanwhile`` something happens."""
        asked = dict(parse_qsl(urlsplit(desk.press()).query))
        self.nonce = asked["nonce"]
        meanwhile()
        return desk.open(f"/force-account/back?{urlencode({'code': 'c', 'state': asked['state']})}")


@contextmanager
def a_forged_provider() -> Iterator[ForgedProvider]:
    """One that answers at an address of its own."""
    listener = free_listener()
    provider = ForgedProvider(f"http://127.0.0.1:{listener.getsockname()[1]}")
    with serving(provider, listener):
        yield provider
