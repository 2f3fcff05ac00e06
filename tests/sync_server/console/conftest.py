"""A server with the demo night in it, once for all tests of the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync_server.demo.night import send_the_night
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from tests.support.devices import Browser
from tests.support.servers import FORCE, LiveServer, a_server, no_hurry


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server on which the demo night has arrived and been delivered."""
    with a_server(tmp_path_factory.mktemp("server"), no_hurry()) as server:
        server.add_account("pc.wells", Role.OFFICER)
        server.add_account("mhet.hale", Role.MHET)
        server.add_account("mhet.elsewhere", Role.MHET, force="another_force")
        send_the_night(server.context, force=FORCE)
        deliver_due(server.context)
        yield server


@pytest.fixture
def server(running: LiveServer) -> LiveServer:
    """The server."""
    return running


@pytest.fixture
def desk(server: LiveServer) -> Iterator[Browser]:
    """A browser in which somebody of the missing-from-home team is signed in."""
    with Browser(server.url) as browser:
        assert browser.sign_in("mhet.hale").status_code == 200
        yield browser
