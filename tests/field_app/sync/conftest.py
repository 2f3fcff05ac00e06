"""One server for all tests of this folder; each test decides who answers behind its address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from field_app.sync.client import SyncClient
from tests.field_app.sync.desks import Bench, client_of
from tests.support.portals import SmallForce, Switchboard, Weird, serving


@pytest.fixture(scope="session")
def line() -> Iterator[tuple[str, Switchboard]]:
    """An address, and who is put through behind it."""
    switchboard = Switchboard()
    with serving(switchboard) as address:
        yield address, switchboard


@pytest.fixture
def force(line: tuple[str, Switchboard]) -> SmallForce:
    """An honest server at the address."""
    address, switchboard = line
    force = SmallForce(address=address)
    switchboard.to = force
    return force


@pytest.fixture
def weird(line: tuple[str, Switchboard], force: SmallForce) -> Weird:
    """Something at the address that answers what a test puts in its mouth."""
    weird = Weird()
    line[1].to = weird
    return weird


@pytest.fixture
def client(force: SmallForce) -> Iterator[SyncClient]:
    """An enrolled device of the force."""
    client = client_of(force)
    yield client
    client.close()


@pytest.fixture
def bench(force: SmallForce) -> Bench:
    """A courier's desk."""
    return Bench(force)
