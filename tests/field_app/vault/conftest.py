"""A device whose key store lasts as long as the test, and its vaults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.vault.vaults import Vaults
from tests.support.vaults import MemorySecrets, vaults_in


@pytest.fixture
def secrets() -> MemorySecrets:
    """The device's key store."""
    return MemorySecrets()


@pytest.fixture
def vaults(tmp_path: Path, secrets: MemorySecrets) -> Iterator[Vaults]:
    """A device with no vault yet."""
    with vaults_in(tmp_path, secrets=secrets) as found:
        yield found
