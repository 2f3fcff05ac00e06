"""What setting up promises: nothing is skipped in silence, and what is missing is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import browser, ready


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no program can be found, the package manager included."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browser.CHOSEN, raising=False)
    monkeypatch.setattr(browser, "MAC", tmp_path / "no such application")


@pytest.mark.usefixtures("bare_machine")
def test_a_machine_without_a_browser_fails_and_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Journeys that were not walked must never look like journeys that went well."""
    status = ready.main(["browser"])

    assert status == 1
    assert "Chromium" in capsys.readouterr().err


@pytest.mark.usefixtures("bare_machine")
def test_a_chosen_browser_that_is_not_there_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who chose a browser is not given another one without a word."""
    monkeypatch.setenv(browser.CHOSEN, "nowhere-chromium")

    with pytest.raises(browser.NoBrowser, match="nowhere-chromium"):
        browser.find_or_install()


def test_the_first_browser_found_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any Chromium will do, under whichever of its names it is installed."""
    installed = tmp_path / "google-chrome"
    installed.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browser.CHOSEN, raising=False)

    assert browser.find_or_install() == str(installed)
