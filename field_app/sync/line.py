"""The line to one server: narrow, TLS 1.3, and the same TLS session again after a cut.

A server's certificates are two kilobytes and more, a second on a bad line. Whoever was connected before goes
on with that session (RFC 8446, 2.2), and they are not sent again; where the server has forgotten it, the two
meet as for the first time. A session is kept in memory, and ends with the app.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import httpx

from field_app.sync.failures import CERTIFICATE, LineCut, NotOurServer, TryLater

TIMEOUT: Final = httpx.Timeout(60.0, connect=15.0)
LIMITS: Final = httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=60.0)
_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def open_http(
    server: str,
    *,
    app_version: str,
    timeout: httpx.Timeout = TIMEOUT,
    trust: ssl.SSLContext | None = None,
) -> httpx.Client:
    """A connection to one server, kept alive between questions.

    ``trust`` is for whoever is several handhelds in one process: each goes on with its own sessions alone.
    """
    return httpx.Client(
        base_url=server,
        timeout=timeout,
        limits=LIMITS,
        verify=trust or _trust(),
        follow_redirects=False,
        trust_env=False,
        headers={
            "User-Agent": f"Homeward/{app_version}",
            "Homeward-App": app_version,
            "Accept-Encoding": "identity",
        },
    )


def new_trust() -> ssl.SSLContext:
    """Whom this machine believes, with no session of anybody yet."""
    trust = httpx.create_ssl_context()
    trust.minimum_version = ssl.TLSVersion.TLSv1_3
    trust.load_default_certs()  # besides the bundle: the force's own authority, where the system has it
    trust.sslsocket_class = _GoingOn
    return trust


_trust: Final = cache(new_trust)


class _GoingOn(ssl.SSLSocket):
    """Begins with the session that the last connection to the same name ended with."""

    _sessions: Final[dict[tuple[ssl.SSLContext, str | None], ssl.SSLSession]] = {}

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands, going on where the last connection was."""
        known = self._sessions.get((self.context, self.server_hostname))
        if known is not None:
            self.session = known
        super().do_handshake(block)

    def close(self) -> None:
        """Close, and remember the session: its tickets came with the first answer."""
        session = self.session
        if session is not None and session.has_ticket:
            self._sessions[self.context, self.server_hostname] = session
        super().close()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what goes wrong on the line into what to do next; its text stays out, it may hold an address."""
    try:
        yield
    except httpx.HTTPError as error:
        if _is_false_name(error):
            raise NotOurServer(CERTIFICATE) from None
        name = type(error).__name__
        raise (TryLater(name) if isinstance(error, _NEVER_LEFT) else LineCut(name)) from None


def _is_false_name(error: BaseException | None) -> bool:
    """Whether a certificate did not fit: most often a Wi-Fi that wants a sign-in first."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
