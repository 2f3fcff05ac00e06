"""What every test shares: how long properties are searched, an end for what hangs, and the import graph."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import grimp
import pytest
from hypothesis import settings
from pytest_timeout import Settings  # type: ignore[import-untyped]

from tests.support.thoroughness import examples

settings.register_profile("homeward", max_examples=examples(150), deadline=None)
settings.load_profile("homeward")

TIDIED_UP_WITHIN_S = 60.0


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Settings) -> Iterator[None]:
    """A test that was stopped is stopped again where it does not end: the plug-in does so only once."""
    set_up = yield
    if settings.method == "signal":
        signal.setitimer(signal.ITIMER_REAL, settings.timeout, TIDIED_UP_WITHIN_S)
    return set_up


@pytest.hookimpl(trylast=True)
def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    """What a failed test tidies up has an end too: the plug-in stops its clock at the failure."""
    if isinstance(node, pytest.Item):
        timed = Settings(TIDIED_UP_WITHIN_S, "signal", func_only=False, disable_debugger_detection=False)
        node.ihook.pytest_timeout_set_timer(item=node, settings=timed)


@pytest.fixture(scope="session")
def graph() -> grimp.ImportGraph:
    """Who imports whom, in the three packages, outside packages included."""
    return grimp.build_graph(
        "booklets", "field_app", "sync_server", include_external_packages=True, cache_dir=None
    )
