"""What tests of a handheld with a real server share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.servers import LiveServer, a_server
from tests.support.someone import Someone, on_shift


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """The force."""
    with a_server(tmp_path / "server") as found:
        yield found


@pytest.fixture
def somebody(server: LiveServer, tmp_path: Path) -> Iterator[Someone]:
    """An officer on shift, with a handheld of their own."""
    with ExitStack() as stack:
        yield on_shift(stack, server, tmp_path / "one", "amin", "1001")
