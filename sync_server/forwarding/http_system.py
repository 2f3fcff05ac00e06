"""A system behind HTTPS: one POST of JSON per delivery, with a key that makes once of it.

    POST <url>
    Content-Type: application/json
    Idempotency-Key: <once>            the same for every attempt at one delivery
    Authorization: Bearer <token>      where a token was given

2xx                          it has it
409 that names the same key  it has it, from an attempt whose answer we did not hear
408, 425, 429, 5xx, 3xx      not now; ``Retry-After`` is honoured
any other                    never: a person looks
no answer, cut, untrusted    not now: it may have it, and the repeat carries the same key

Only the status is read. What the other side says in words may quote the record, and is dropped unread.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx

from sync_server.forwarding.systems import Never, NotNow
from sync_server.keys.files import KeyFileUnsafe, read_secret
from sync_server.settings import Endpoint

ONCE = "Idempotency-Key"
TRY_AGAIN = frozenset({408, 425, 429})
LONGEST_AFTER = timedelta(days=1)
MOST_READ = 64 * 1024  # enough to keep the connection; a longer answer costs it


@dataclass(slots=True)
class HttpSystem:
    """Delivers to one address. ``now`` is only for a ``Retry-After`` that names a time of day."""

    endpoint: Endpoint
    now: Callable[[], datetime]
    _client: httpx.Client | None = field(default=None, repr=False)

    def deliver(self, content: Mapping[str, Any], *, once: str) -> None:
        """Hand it over, or say why not."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", ONCE: once, **self._authorisation()}
        try:
            with self._opened().stream("POST", self.endpoint.url, content=body, headers=headers) as answer:
                _read_a_little(answer)
                self._judge(answer, once)
        except httpx.TimeoutException:
            raise NotNow(f"no answer within {self.endpoint.timeout_s:g} s") from None
        except httpx.TransportError as error:
            raise NotNow(_unreachable(error)) from None

    def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            self._client.close()

    def _authorisation(self) -> dict[str, str]:
        if self.endpoint.token_file is None:
            return {}
        try:
            token = read_secret(self.endpoint.token_file).decode("ascii").strip()
        except KeyFileUnsafe:
            raise NotNow("the token's file can be read by others on this machine") from None
        except (OSError, UnicodeDecodeError) as error:
            raise NotNow(f"the token's file cannot be read ({type(error).__name__})") from None
        return {"Authorization": f"Bearer {token}"}

    def _opened(self) -> httpx.Client:
        """The client, made at the first delivery: what is wrong with its settings shows as a delivery's."""
        if self._client is None:
            try:
                trusted = ssl.create_default_context(cafile=self.endpoint.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise NotNow(f"the authority's file cannot be read ({type(error).__name__})") from None
            self._client = httpx.Client(
                verify=trusted, timeout=self.endpoint.timeout_s, follow_redirects=False, trust_env=False
            )
        return self._client

    def _judge(self, answer: httpx.Response, once: str) -> None:
        status = answer.status_code
        if answer.is_success:
            return
        if status == HTTPStatus.CONFLICT and answer.headers.get(ONCE) == once:
            return
        if answer.is_server_error or answer.has_redirect_location or status in TRY_AGAIN:
            raise NotNow(f"it answered {status}", self._after(answer.headers.get("Retry-After", "")))
        raise Never(f"it answered {status}")

    def _after(self, said: str) -> timedelta:
        """How long it asks us to wait: seconds, or a time of day. Nonsense is no wait."""
        if said.isascii() and said.isdigit() and len(said) < len("1000000"):
            return min(timedelta(seconds=int(said)), LONGEST_AFTER)
        try:
            until = parsedate_to_datetime(said)
        except (ValueError, OverflowError):  # a year or a zone longer than any number
            return timedelta(0)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(until - self.now(), timedelta(0)), LONGEST_AFTER)


def _read_a_little(answer: httpx.Response) -> None:
    """Take the words from the line unread; whether all of them came says nothing about the delivery."""
    size = 0
    with suppress(httpx.TransportError):
        for part in answer.iter_raw():
            size += len(part)
            if size > MOST_READ:
                return


def _unreachable(error: httpx.TransportError) -> str:
    """Why there was no answer, in words that whoever runs the server can act on."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectError):
        return "it cannot be reached"
    return f"the connection was cut ({type(error).__name__})"
