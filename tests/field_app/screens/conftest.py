"""One officer for all screens of a module: what a screen does to the vault is the screen's own encounter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.handsets import OnShift, an_offline_shift


@pytest.fixture(scope="module")
def handheld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnShift]:
    """An officer on shift, without signal."""
    with an_offline_shift(tmp_path_factory.mktemp("officer")) as found:
        yield found


@pytest.fixture
def officer(handheld: OnShift) -> OnShift:
    """The same officer, with nothing unfinished."""
    handheld.shift.put_down()
    handheld.on_keeper(handheld.forget_drafts)
    handheld.shift.officer = replace(handheld.shift.officer, roles=("officer",))
    return handheld
