"""A server whose force has its own sign-in: npm's oidc-provider, or one that can be told to lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sync_server.force_accounts.provider import BACK
from sync_server.identity.accounts import Role
from tests.support.force_provider import Desk, Force, a_provider, provider_at
from tests.support.forged_provider import ForgedProvider, a_forged_provider
from tests.support.servers import LiveServer, a_server, no_hurry


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Force]:
    with (
        a_provider() as provider,
        a_server(
            tmp_path_factory.mktemp("server"), no_hurry(), provider=provider_at(provider.issuer)
        ) as server,
    ):
        provider.back_to = (server.url + BACK,)
        provider.start()
        server.add_account("mhet.hale", Role.MHET)
        server.add_account("mhet.ungrouped", Role.MHET)
        server.add_account("pc.wells", Role.OFFICER)
        server.add_account("pc.two", Role.OFFICER)
        server.add_account("analyst.okafor", Role.ANALYST)
        server.add_account("admin.frost", Role.ADMIN)
        server.add_account("mhet.elsewhere", Role.MHET, force="another_force")
        yield Force(provider, server)


@pytest.fixture
def force(_running: Force) -> Force:
    """The force, at this very moment: what its provider signs is dated by the machine's clock."""
    _running.server.clock.at = datetime.now(UTC)
    return _running


@pytest.fixture
def desk(force: Force) -> Iterator[Desk]:
    """A browser in which nobody is signed in anywhere."""
    with Desk(force.server.url) as browser:
        yield browser


@pytest.fixture(scope="module")
def _forged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ForgedProvider, LiveServer]]:
    with (
        a_forged_provider() as provider,
        a_server(
            tmp_path_factory.mktemp("server"),
            no_hurry(),
            provider=provider_at(provider.issuer, timeout_s=1.0),
        ) as server,
    ):
        provider.now = server.clock
        server.add_account("mhet.hale", Role.MHET)
        server.add_account("admin.frost", Role.ADMIN)
        yield provider, server


@pytest.fixture
def forged_for(_forged: tuple[ForgedProvider, LiveServer]) -> LiveServer:
    """A server whose force's provider can be told to lie; both go by one clock."""
    return _forged[1]


@pytest.fixture
def provider(_forged: tuple[ForgedProvider, LiveServer], forged_for: LiveServer) -> ForgedProvider:
    """The provider, honest so far."""
    found = _forged[0]
    found.be_honest()
    return found
