"""A server on which time goes by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kept_for_years import Years
from tests.support.server_data import Clock, a_server


@pytest.fixture
def years(tmp_path: Path, clock: Clock) -> Iterator[Years]:
    """The night of 14 March 2026, and everything after it."""
    with a_server(tmp_path, clock=clock) as context:
        yield Years.of(context, clock)
