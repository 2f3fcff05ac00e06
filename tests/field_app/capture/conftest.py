"""An officer on shift: one vault for the tests that only read and write encounters of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.capture.session import CaptureSession
from tests.support.handsets import GUIDE, OnShift, an_offline_shift


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer with a vault that nobody else has touched."""
    with an_offline_shift(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def colleague(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnShift]:
    """An officer whose vault holds other encounters as well."""
    with an_offline_shift(tmp_path_factory.mktemp("colleague")) as found:
        yield found


@pytest.fixture
def check(colleague: OnShift) -> CaptureSession:
    """A return check that has just been started."""
    return colleague.shift.start(GUIDE)
