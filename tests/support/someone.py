"""An officer with a handheld that the force knows: enrolled, signed in, unlocked, with the real server."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from field_app.handset.device import Handset
from field_app.handset.shift import Shift
from sync_server.identity import accounts
from sync_server.identity.accounts import Person, Role
from sync_server.keys import passwords
from tests.support.devices import Browser
from tests.support.handsets import Heard, a_handset
from tests.support.servers import CHEAP, FORCE, PASSWORD, LiveServer
from tests.support.vaults import PIN, MemorySecrets

WORDS = "She said a man in a grey car gave her the phone."


@dataclass
class Someone:
    """An officer with a handheld that the force knows."""

    handset: Handset
    heard: Heard
    folder: Path

    @property
    def shift(self) -> Shift:
        """The open vault."""
        assert self.handset.shift is not None
        return self.handset.shift

    def until(self, holds: object) -> None:
        """Until the worklist is so; the courier tells of every change."""
        assert callable(holds)

        def there() -> bool:
            self.shift.look()
            return bool(holds(self.shift.home()))

        self.heard.wait_until(there)


def on_shift(stack: ExitStack, server: LiveServer, folder: Path, user: str, number: str) -> Someone:
    """Known to the force, enrolled, signed in and unlocked."""
    person = Person(
        user=user,
        name=f"{user.title()} Sample",
        rank="PC",
        shoulder_no=number,
        station="Scarborough",
        force=FORCE,
        unit="scarborough",
        roles=frozenset({Role.OFFICER}),
        works_with_children=True,
    )
    kept = passwords.hash_password(PASSWORD, CHEAP)
    server.context.store.write(lambda db: accounts.add(db, person, password_hash=kept))
    return with_a_handheld(stack, server, folder, user)


def with_a_handheld(stack: ExitStack, server: LiveServer, folder: Path, user: str) -> Someone:
    """An officer with a new handheld: enrolled, signed in and unlocked."""
    heard, pin = Heard(), sha256(server.context.keys.root.public).hexdigest()
    made = a_handset(folder, secrets=MemorySecrets(), server=server.url, server_key=pin, heard=heard)
    handset = stack.enter_context(made)
    handset.open()
    handset.enrol(server.invite())
    flow = handset.begin_sign_in()
    with Browser(server.url) as browser:
        browser.fill_in(flow.verification_uri, user=user, password=PASSWORD, action="allow")
    session = handset.signed_in(flow)
    assert session is not None
    handset.new_vault(session, pin=PIN, display_name=user)
    return Someone(handset, heard, folder)


def comes_true(holds: Callable[[], bool]) -> None:
    """Wait for what is done on other threads."""
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)  # nothing tells when the force has written something
