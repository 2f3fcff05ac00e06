"""A server with a night on it, and an empty place to restore to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from booklets.records import Record
from sync_server.backups.restoring import Asked, Restored, restore
from sync_server.context import Context
from sync_server.intake import take_in
from sync_server.settings import Settings
from tests.support.builders import a_return, an_id
from tests.support.databases import a_database
from tests.support.photographs import a_photograph, a_picture, brought, listing
from tests.support.server_data import Clock, Handheld


@dataclass(frozen=True)
class Elsewhere:
    """Another machine: an empty folder and an empty database."""

    settings: Settings
    keys: Path
    clock: Clock

    def restores(self, folder: Path, **more: object) -> Restored:
        """Put the newest backup of a folder back here, and read all of it again."""
        said = {"backup": folder, "keys": self.keys, "verify": True, **more}
        return restore(Asked(**said), self.settings, now=self.clock)  # type: ignore[arg-type]


@pytest.fixture
def elsewhere(tmp_path: Path, context: Context, clock: Clock) -> Iterator[Elsewhere]:
    """A machine that has nothing but the keys, brought there apart from the backup."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with a_database(folder) as url:
        settings = Settings.of(folder, public_origin="http://127.0.0.1:8700", database_url=url)
        yield Elsewhere(settings, context.settings.keys, clock)


def a_record(number: int) -> Record:
    """One of many returns, each its own."""
    return a_return(record=an_id(f"record {number}"), episode=an_id(f"episode {number}"))


@pytest.fixture
def night(context: Context, handheld: Handheld) -> list[Record]:
    """Three returns, and a photograph of the first."""
    records = [a_record(number) for number in range(3)]
    photograph = a_photograph(context, handheld, records[0], a_picture())
    records[0] = listing(records[0], photograph)
    for one in records:
        take_in(context, handheld.seal(one), sender=handheld.sender)
    brought(context, handheld, photograph)
    return records
