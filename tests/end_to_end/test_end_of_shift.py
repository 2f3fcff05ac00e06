"""The end of a shift in two hands: killed in the middle, found by name, handed over, gone on with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.support.browser import Phone
from tests.support.night import THE_PHONE, THE_TABLET, a_night
from tests.support.people import Officer, a_phone

ASKED = "pi.why_left"
WORDS = "A row about the phone. She walked along the sea front until it got cold."


def starting_with(screen: Phone, name: str) -> Locator:
    """What carries an identifier that begins so."""
    return screen.page.locator(f'[flt-semantics-identifier^="{name}"]').first


def taps_on(screen: Phone, name: str) -> None:
    """Touches what carries an identifier that begins so."""
    found = starting_with(screen, name)
    found.wait_for(state="attached")
    screen.touch(found)


def lies_in_sight(screen: Phone, identifier: str) -> None:
    """Without a touch or a turn of the wheel: the page has been brought to it."""
    height = (screen.page.viewport_size or {"height": 0})["height"]
    box = screen.at(identifier)
    box.wait_for(state="attached")
    screen.page.wait_for_function(
        "([id, height]) => { const at = document.querySelector(`[flt-semantics-identifier='${id}']`)"
        "?.getBoundingClientRect(); return at && at.top >= 0 && at.bottom <= height; }",
        arg=[identifier, height],
    )


def writes_until_the_app_is_killed(officer: Officer, kill: object) -> None:
    """Half of a talk is written down, and is on the disk."""
    officer.starts_a_return_check()
    officer.writes("person.known_as", "Amy")
    officer.writes("person.surname", "Brook")
    officer.opens_page("talk")
    officer.begins_to_write(ASKED, WORDS)
    assert callable(kill)
    kill()


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_a_draft_survives_a_kill_is_found_and_goes_to_a_colleague(tmp_path: Path, browser: Browser) -> None:
    """It opens at the last question each time, also in the colleague's hands, who sees who wrote it."""
    with a_night(tmp_path, devices=(THE_PHONE, THE_TABLET)) as night:
        with a_phone(browser, night) as first:
            first.sets_up_the_handheld()
            writes_until_the_app_is_killed(first, night.kill_app)
        night.start_app()
        with a_phone(browser, night) as again:
            screen = again.screen
            again.unlocks()
            screen.tap("to_search")
            screen.fill("search.words", "broo")
            taps_on(screen, "found.")
            lies_in_sight(screen, ASKED)
            screen.tap("back")
            screen.sees("start.return_check")
            screen.tap("menu")
            taps_on(screen, "hand_on.")
            screen.tap("give")
            screen.expect_says("Nobody has taken it over yet")
            with a_phone(browser, night, THE_TABLET) as window:
                colleague = Officer(window.screen, night, THE_TABLET, 1)
                colleague.sets_up_the_handheld()
                colleague.waits_for(starting_with(colleague.screen, "take."))
                taps_on(colleague.screen, "take.")
                colleague.waits_for(starting_with(colleague.screen, "draft."))
                taps_on(colleague.screen, "draft.")
                lies_in_sight(colleague.screen, ASKED)
                colleague.screen.expect_value(ASKED, WORDS)
                colleague.screen.expect_says(re.compile("Written by PC .* before this was handed over"))
            screen.expect_says(re.compile("Handed over · taken over by PC "))
            expect(starting_with(screen, "read.")).to_have_count(0)
