"""One real server per test module, and a handheld that is new to it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sync_server.identity.accounts import Role
from tests.support.devices import Handheld, a_client
from tests.support.servers import EVENING, LiveServer, a_server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with one account of each kind."""
    with a_server(tmp_path_factory.mktemp("server")) as server:
        server.add_account("pc.wells", Role.OFFICER)
        server.add_account("sgt.oyelaran", Role.SUPERVISOR)
        server.add_account("insp.varga", Role.FIM)
        server.add_account("mhet.hale", Role.MHET)
        server.add_account("analyst.okafor", Role.ANALYST)
        server.add_account("vat.lindqvist", Role.VAT)
        server.add_account("pcso.reid", Role.COMMUNITY)
        server.add_account("records.tan", Role.RECORDS)
        server.add_account("admin.frost", Role.ADMIN)
        server.add_account("audit.bell", Role.AUDITOR)
        server.add_account("systems.lowe", Role.INTEGRATOR)
        server.add_account("ds.ferris", Role.CET)
        server.add_account("insp.holt", Role.CII)
        server.add_account("council.ayre", Role.LOCAL_AUTHORITY, council="E06000065")
        yield server


@pytest.fixture
def server(running: LiveServer) -> LiveServer:
    """The server, with its clock put back and nobody's allowance spent."""
    running.clock.at = EVENING
    for allowance in (running.limits.enrolment, running.limits.sign_in, running.limits.by_address):
        allowance.forget()
    return running


@pytest.fixture
def handheld(server: LiveServer) -> Iterator[Handheld]:
    """A handheld that nobody has enrolled."""
    with a_client(server.url) as http:
        yield Handheld(server, http)


@pytest.fixture
def enrolled(handheld: Handheld) -> Handheld:
    """A handheld that is enrolled; nobody is signed in."""
    assert handheld.enrol().status_code == httpx.codes.CREATED
    return handheld


@pytest.fixture
def signed_in(enrolled: Handheld) -> Handheld:
    """A handheld on which PC Wells is signed in."""
    assert enrolled.sign_in("pc.wells").status_code == httpx.codes.OK
    return enrolled
