"""What all walks share: one browser, because a process can drive only one at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

from tests.support.browser import chromium


class WalkByWalk(LoadScopeScheduling):  # type: ignore[misc]  # its package ships no types
    """Every walk goes to whoever is free; the console's pages stay together, for they share one console."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return file if file.endswith("test_console_pages.py") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Two long walks that stand in one file are never given to one process together."""
    return WalkByWalk(config, log)


AT_ONCE = 4
"""As many processes as `make test-journeys` has."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest walks begin first, or they would be waited for with nothing beside them.

    A process is given its second walk together with its first: beside the longest stand the shortest.
    """

    def may_take(item: pytest.Item) -> float:
        allowed = item.get_closest_marker("timeout")
        return float(allowed.args[0]) if allowed else 0.0

    walks = sorted((one for one in items if one.get_closest_marker("journey")), key=may_take, reverse=True)
    rest = [one for one in items if not one.get_closest_marker("journey")]
    alone = [one for one in walks if not one.nodeid.partition("::")[0].endswith("test_console_pages.py")]
    beside = alone[AT_ONCE:][-AT_ONCE:]
    items[:] = [*walks[:AT_ONCE], *beside, *(one for one in walks[AT_ONCE:] if one not in beside), *rest]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all walks."""
    with chromium() as found:
        yield found
