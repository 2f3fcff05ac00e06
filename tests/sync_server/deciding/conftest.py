"""A unit on its night: an officer at the door, a sergeant at a desk, and others who have no part in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync_server.context import Context
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from tests.support.colleagues import Colleague, a_colleague
from tests.support.councils import Told


@pytest.fixture
def vat(context: Context) -> Colleague:
    """Somebody of the vulnerability team, who works at the console."""
    return a_colleague(context, "vat.lind", Role.VAT, unit="vat")


@pytest.fixture
def told(context: Context) -> Callable[[], list[tuple[str, str]]]:
    """Deliver everything that is due, and give what went to councils."""
    given: list[tuple[str, str]] = []

    def deliver() -> list[tuple[str, str]]:
        given.clear()
        deliver_due(context, Told(given))
        return sorted(one for one in given if one[0] != "force_records")

    return deliver
