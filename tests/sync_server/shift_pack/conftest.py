"""What somebody's handheld is given of the children who are known in the unit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync_server.context import Context
from tests.support.server_data import Handheld
from tests.support.shift_packs import Pack


@pytest.fixture
def pack_of(context: Context) -> Callable[..., Pack]:
    """A handheld of its own with somebody's pack of one shift."""

    def made(device: str = "handheld-9", **more: object) -> Pack:
        return Pack(Handheld(context, device=device, officer="NYP-4432"), **more)  # type: ignore[arg-type]

    return made
