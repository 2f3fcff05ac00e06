"""A unit whose officer writes of a child's night, and those who may close the episode."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync_server.context import Context, open_context
from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague, a_colleague


@pytest.fixture
def mhet(context: Context) -> Colleague:
    """Somebody of the missing-from-home team."""
    return a_colleague(context, "mhet.hale", Role.MHET, unit="mhet")


@pytest.fixture
def elsewhere(context: Context) -> Iterator[Context]:
    """Another process of the same server, as far as the database can tell."""
    other = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        yield other
    finally:
        other.close()
