"""What every test shares: how long properties are searched, and the import graph."""

from __future__ import annotations

import grimp
import pytest
from hypothesis import settings

from tests.support.thoroughness import examples

settings.register_profile("homeward", max_examples=examples(150), deadline=None)
settings.load_profile("homeward")


@pytest.fixture(scope="session")
def graph() -> grimp.ImportGraph:
    """Who imports whom, in the three packages, outside packages included."""
    return grimp.build_graph(
        "booklets", "field_app", "sync_server", include_external_packages=True, cache_dir=None
    )
