"""A unit that meets the same children again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from booklets.records import Record
from sync_server.context import Context
from sync_server.identity.accounts import Role
from tests.support.again import a_night
from tests.support.builders import NIGHT
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, Handheld

Night = Callable[..., Record]


@pytest.fixture
def mhet(context: Context) -> Colleague:
    """Somebody of the missing and exploitation team, who works at the console."""
    return a_colleague(context, "mhet.hale", Role.MHET)


@pytest.fixture
def night(officer: Colleague, clock: Clock) -> Night:
    """Send the return of a night, so many days after the first; it is that day from then on."""

    def send(name: str, day: float, **more: Any) -> Record:
        clock.at = NIGHT + timedelta(days=day)
        Handheld.signed_in(officer.handheld, officer.handheld.officer, before=True)
        return officer.sent(a_night(name, clock.at, **more))

    return send
