"""What every test shares: how long properties are searched, and the import graph."""

from __future__ import annotations

import os

import grimp
import pytest
from hypothesis import settings

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def graph() -> grimp.ImportGraph:
    """Who imports whom, in the three packages, outside packages included."""
    return grimp.build_graph(
        "booklets", "field_app", "sync_server", include_external_packages=True, cache_dir=None
    )
