"""A unit on its night: an officer at the door, a sergeant at a desk, and others who have no part in it."""

from __future__ import annotations

import pytest

from sync_server.context import Context
from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague, a_colleague


@pytest.fixture
def vat(context: Context) -> Colleague:
    """Somebody of the vulnerability team, who works at the console."""
    return a_colleague(context, "vat.lind", Role.VAT, unit="vat")
