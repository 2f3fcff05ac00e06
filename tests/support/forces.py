"""A force whose real server can be stopped and started again, and a handset that belongs to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from booklets.forms import Stage
from field_app.handset.device import Handset
from field_app.handset.shift import Shift
from field_app.sync.sessions import Session
from sync_server.app import create_app
from sync_server.context import Context, open_context
from sync_server.identity.accounts import Role
from sync_server.limits import Limits
from sync_server.settings import Settings
from tests.support.devices import Browser
from tests.support.handsets import GUIDE, Heard, a_handset, found_child
from tests.support.servers import FORCE, PASSWORD, Clock, LiveServer, serving
from tests.support.vaults import PIN, MemorySecrets

OFFICER = "hannah.wells"


@dataclass
class Force:
    """The force's server at one address, which can be stopped and started again."""

    context: Context
    clock: Clock
    port: int
    _running: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        """Where it answers, or would."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def root_pin(self) -> str:
        """What a managed handset is told of the force's key."""
        return sha256(self.context.keys.root.public).hexdigest()

    @property
    def live(self) -> LiveServer:
        """For making codes and accounts."""
        return LiveServer(self.url, self.context, self.clock, Limits())

    def start(self) -> None:
        """Answer."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self._running.enter_context(serving(create_app(self.context, force=FORCE), listener))

    def stop(self) -> None:
        """Answer no more: whoever connects is turned away."""
        self._running.close()

    def sign_in(self, handset: Handset, user: str = OFFICER) -> Session:
        """Begin on the handset, type the password in a browser, come back."""
        flow = handset.begin_sign_in()
        assert handset.signed_in(flow) is None
        with Browser(self.url) as browser:
            page = browser.open(flow.verification_uri).text
            assert flow.user_code in page
            assert handset.name in page
            browser.fill_in(flow.verification_uri, user=user, password=PASSWORD, action="allow")
        session = handset.signed_in(flow)
        assert session is not None
        return session


@contextmanager
def a_force(folder: Path) -> Iterator[Force]:
    """The force, answering."""
    reserved = socket.socket()  # bound, and not listening: the address stays ours while nobody answers
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    port = int(reserved.getsockname()[1])
    clock = Clock()
    settings = Settings.of(folder / "server", public_origin=f"http://127.0.0.1:{port}")
    context = open_context(settings, now=clock)
    force = Force(context, clock, port)
    try:
        force.start()
        force.live.add_account(OFFICER, Role.OFFICER)
        yield force
    finally:
        force.stop()
        context.close()
        reserved.close()


@contextmanager
def a_managed_handset(
    force: Force, folder: Path, heard: Heard, secrets: MemorySecrets | None = None
) -> Iterator[Handset]:
    """A handset whose manager has set the force's address and key."""
    secrets = secrets or MemorySecrets()
    with a_handset(
        folder, secrets=secrets, server=force.url, server_key=force.root_pin, heard=heard
    ) as handset:
        handset.open()
        yield handset


def out_of_the_box(force: Force, handset: Handset) -> Shift:
    """Enrol, sign in, choose a PIN."""
    assert handset.enrol(force.live.invite()).enrolled
    return handset.new_vault(force.sign_in(handset), pin=PIN, display_name="PC Wells")


def send_found(shift: Shift) -> None:
    """A child is back."""
    session = shift.start(GUIDE)
    found_child(session)
    shift.send(session, stage=Stage.FOUND)
