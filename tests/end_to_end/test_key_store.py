"""The key store of what shows the app, reached through its window: the real one of a browser.

A phone's own is reached in the same way and was not here. What is shown is that every key that opens a vault
goes through the window and lies nowhere beside the vault.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.handsets import files_under
from tests.support.night import THE_PHONE, Night, a_night
from tests.support.people import a_phone

pytestmark = pytest.mark.journey


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server, and a handheld that keeps its secrets where its window is shown."""
    with a_night(tmp_path, devices=()) as found:
        found.add_app(THE_PHONE, {"HOMEWARD_SECRETS": "window"})
        yield found


def test_a_vault_opens_only_where_the_key_store_is_that_it_was_made_with(
    browser: Browser, night: Night
) -> None:
    """After the app was killed too; and a copy of its folder, shown elsewhere, opens nothing."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        officer.starts_a_return_check()
        officer.writes("person.known_as", "Amy")
        officer.screen.tap("back")
        officer.screen.sees("menu")
        night.kill_app()
        night.start_app()
        officer.screen.page.reload()
        officer.screen.switch_on_semantics()
        officer.unlocks()
        assert "Amy" in officer.screen.said()

    folder = night.folder_of(THE_PHONE)
    assert not (folder / "secrets").exists(), "nothing that opens a vault lies beside it"
    assert not [name for name in files_under(folder) if name.endswith(".secret")]

    night.kill_app()
    night.start_app()
    with a_phone(browser, night) as elsewhere:
        elsewhere.screen.sees("enrol")
        assert "Amy" not in elsewhere.screen.said()
