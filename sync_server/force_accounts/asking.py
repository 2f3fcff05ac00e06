"""The force's provider over HTTPS: its description, its keys, and a code turned into an ID token.

Only statuses and the few members named here are read. What the provider says in words may hold a name, and
is dropped unread. No address that is asked has a secret in it: code and secret travel in body and header.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote_plus

import httpx

from sync_server.force_accounts.refusals import ProviderAway, ProviderOtherwise, TurnedBack
from sync_server.force_provider import ForceProvider, is_safe

MOST_READ: Final = 256 * 1024
DESCRIPTION: Final = "/.well-known/openid-configuration"
ADDRESSES: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
BASIC, POST = "client_secret_basic", "client_secret_post"
_NOT_US: Final = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the provider says of itself, as far as it matters here."""

    authorization: str
    token: str
    keys: str
    says_issuer: bool
    """Whether it promises to name itself in what comes back through the browser (RFC 9207)."""
    secret_in_body: bool


@dataclass(slots=True)
class Asking:
    """Asks one provider. Whatever is not a good answer is ``ProviderAway``."""

    of: ForceProvider
    _client: httpx.Client | None = field(default=None, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def description(self) -> Description:
        """What it publishes of itself, held against what was set."""
        said = self._json("GET", self.of.issuer.rstrip("/") + DESCRIPTION)
        if said.get("issuer") != self.of.issuer:
            raise ProviderOtherwise("it calls itself otherwise")
        if not all(is_safe(said.get(name)) for name in ADDRESSES):
            raise ProviderOtherwise("an address of it is missing or not https")
        if "S256" not in said.get("code_challenge_methods_supported", ["S256"]):
            raise ProviderOtherwise("it does not know PKCE with S256")
        ways = said.get("token_endpoint_auth_methods_supported", [BASIC])
        if BASIC not in ways and POST not in ways:
            raise ProviderOtherwise("it takes no client secret")
        return Description(
            authorization=said["authorization_endpoint"],
            token=said["token_endpoint"],
            keys=said["jwks_uri"],
            says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
            secret_in_body=BASIC not in ways,
        )

    def keys(self, description: Description) -> list[Mapping[str, Any]]:
        """Its published keys, as they stand there."""
        found = self._json("GET", description.keys).get("keys")
        if not isinstance(found, list):
            raise ProviderOtherwise("its keys are no list")
        return [key for key in found if isinstance(key, dict)]

    def id_token(self, description: Description, *, code: str, verifier: str, back_to: str) -> str:
        """What the provider gives for this code, once."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_to,
            "code_verifier": verifier,
        }
        given = self._json("POST", description.token, **self._as_us(description, asked)).get("id_token")
        if not isinstance(given, str):
            raise ProviderOtherwise("it gave no ID token")
        return given

    def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            self._client.close()

    def _as_us(self, description: Description, asked: dict[str, str]) -> dict[str, Any]:
        """The same question with our name and secret, in the way that the provider takes them."""
        us, secret = self.of.client_id, self.of.client_secret
        if description.secret_in_body:
            return {"data": {**asked, "client_id": us, "client_secret": secret}}
        return {"data": asked, "auth": (quote_plus(us), quote_plus(secret))}  # RFC 6749, 2.3.1

    def _json(self, method: str, url: str, **how: Any) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        try:
            with self._opened().stream(method, url, headers=headers, **how) as answer:
                body = _read(answer)
        except httpx.TimeoutException:
            raise ProviderAway("no answer in time") from None
        except httpx.TransportError as error:
            raise ProviderAway(f"it cannot be reached ({type(error).__name__})") from None
        said = _object(body)
        if answer.is_client_error and method == "POST":
            if said.get("error") in _NOT_US or answer.status_code == HTTPStatus.UNAUTHORIZED:
                raise ProviderOtherwise("it does not take our client id and secret")
            raise TurnedBack("the code was not taken")
        if answer.status_code != HTTPStatus.OK:
            raise ProviderAway(f"it answered {answer.status_code}")
        return said

    def _opened(self) -> httpx.Client:
        with self._opening:
            if self._client is None:
                try:
                    trusted = ssl.create_default_context(cafile=self.of.ca_file)
                except (OSError, ssl.SSLError) as error:
                    raise ProviderOtherwise(f"ca_file cannot be read ({type(error).__name__})") from None
                self._client = httpx.Client(
                    verify=trusted, timeout=self.of.timeout_s, follow_redirects=False, trust_env=False
                )
            return self._client


def _read(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MOST_READ:
            raise ProviderAway("its answer is too long")
        parts.append(part)
    return b"".join(parts)


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object in an answer; an empty one for anything else, which then lacks what is asked for."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
