"""A server's data in a folder of its own, a clock that stands still, a handheld, and a unit on its night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.context import Context
from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, Handheld, a_server


@pytest.fixture
def clock() -> Clock:
    """The night of 14 March 2026, a little after nine."""
    return Clock()


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A server with an empty database of its own."""
    with a_server(tmp_path, clock=clock) as opened:
        yield opened


@pytest.fixture
def handheld(context: Context) -> Handheld:
    """An enrolled handheld with PC Okoro signed in."""
    return Handheld(context)


@pytest.fixture
def officer(context: Context) -> Colleague:
    """The officer who writes."""
    return a_colleague(context, "pc.okoro")


@pytest.fixture
def sergeant(context: Context) -> Colleague:
    """The supervisor of the same unit."""
    return a_colleague(context, "sgt.marsh", Role.OFFICER, Role.SUPERVISOR)
