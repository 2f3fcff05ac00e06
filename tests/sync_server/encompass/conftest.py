"""A unit on its night, and a force whose schools are told by a folder that another system empties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync_server.context import Context
from sync_server.forwarding.postman import deliver_due
from tests.support.councils import Told
from tests.support.schools import SCHOOLS_BY_FOLDER
from tests.support.server_data import Clock, a_server


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A server that knows where schools are."""
    with a_server(tmp_path, clock=clock, targets=SCHOOLS_BY_FOLDER) as opened:
        yield opened


@pytest.fixture
def told(context: Context) -> Callable[[], list[tuple[str, str]]]:
    """Deliver everything that is due, and give what went to schools."""
    given: list[tuple[str, str]] = []

    def deliver() -> list[tuple[str, str]]:
        given.clear()
        deliver_due(context, Told(given))
        return sorted(one for one in given if one[0].startswith("school:"))

    return deliver
