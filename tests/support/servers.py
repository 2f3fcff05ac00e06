"""A real server on this machine, in this process: real sockets, real HTTP, a clock that tests can move."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from sync_server.app import create_app
from sync_server.context import Context, open_context
from sync_server.force_provider import ForceProvider
from sync_server.identity import accounts, enrolment
from sync_server.identity.accounts import Person, Role
from sync_server.keys import passwords
from sync_server.limits import Allowance, Limits
from sync_server.settings import Settings
from tests.support.databases import a_database

FORCE = "north_yorkshire"
PASSWORD = "harbour-lantern-22"
# The least that Argon2id takes, so that tests do not wait for what only real passwords need.
CHEAP = passwords.Cost(memory_kib=64, passes=1, lanes=1)
EVENING = datetime(2026, 3, 14, 21, 4, tzinfo=UTC)


@dataclass
class Clock:
    """The server's clock, standing still until a test moves it."""

    at: datetime = EVENING

    def __call__(self) -> datetime:
        """The time now."""
        return self.at

    def later(self, **units: float) -> None:
        """Let time pass."""
        self.at += timedelta(**units)


@contextmanager
def serving(app: ASGIApp, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve ``app`` on a free loopback port and give its address."""
    listener = listener or free_listener()
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def free_listener() -> socket.socket:
    """A listening socket on a free loopback port, so that the address is known before the server is."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


@dataclass
class LiveServer:
    """A whole server that answers, with its parts in reach."""

    url: str
    context: Context = field(repr=False)
    clock: Clock
    limits: Limits = field(repr=False)

    def invite(self, force: str = FORCE, **lifetime: float) -> str:
        """A fresh enrolment code."""
        minutes = timedelta(**lifetime) if lifetime else enrolment.CODE_LIFETIME
        return self.context.store.write(
            lambda db: enrolment.invite(db, force=force, made_by="test", now=self.clock(), lifetime=minutes)
        )

    def add_account(
        self, user: str, *roles: Role, force: str = FORCE, unit: str = "scarborough", council: str = ""
    ) -> str:
        """An account with the usual test password; gives its id."""
        person = Person(
            user=user,
            name="Hannah Wells",
            rank="PC",
            shoulder_no="4417",
            station="Scarborough",
            force=force,
            unit=unit,
            roles=frozenset(roles),
            works_with_children=True,
            council=council,
        )
        kept = passwords.hash_password(PASSWORD, CHEAP)
        return self.context.store.write(lambda db: accounts.add(db, person, password_hash=kept))

    def set_password(self, user: str) -> None:
        """Let somebody with an account sign in with the usual test password."""
        kept = passwords.hash_password(PASSWORD, CHEAP)
        self.context.store.write(lambda db: accounts.set_password(db, user, password_hash=kept))


def no_hurry() -> Limits:
    """Limits that nobody meets: one test may ask for more pages in a second than a desk does in a minute."""
    return Limits(
        by_address=Allowance(per_minute=1_000_000, burst=1_000_000),
        by_device=Allowance(per_minute=1_000_000, burst=1_000_000),
        sign_in=Allowance(per_minute=1_000_000, burst=1_000_000),
    )


@contextmanager
def a_server(
    folder: Path,
    limits: Limits | None = None,
    *,
    in_a_file: bool = False,
    provider: ForceProvider | None = None,
) -> Iterator[LiveServer]:
    """A server with a data folder of its own and a clock that stands still.

    ``in_a_file`` is for tests that go behind the database's back; ``provider`` is the force's own sign-in.
    """
    clock = Clock()
    listener = free_listener()
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    limits = limits or Limits()
    with a_database(folder, in_a_file=in_a_file) as database:
        settings = Settings.of(
            folder / "server", public_origin=origin, database_url=database, provider=provider
        )
        context = open_context(settings, now=clock)
        try:
            with serving(create_app(context, force=FORCE, limits=limits), listener) as url:
                yield LiveServer(url, context, clock, limits)
        finally:
            context.close()
