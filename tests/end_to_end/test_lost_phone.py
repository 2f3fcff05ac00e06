"""A phone is lost at three in the morning with half a check on it, and its officer goes on with another."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.test_end_of_shift import ASKED, WORDS, starting_with, taps_on
from tests.support.desk import a_desk
from tests.support.night import THE_PHONE, THE_TABLET, a_night
from tests.support.people import Officer, a_phone


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_what_was_on_a_lost_phone_is_gone_on_with_on_the_next(tmp_path: Path, browser: Browser) -> None:
    """The card says that the force has it; an administrator stops the phone; nothing is typed again."""
    with a_night(tmp_path, devices=(THE_PHONE, THE_TABLET)) as night:
        with a_phone(browser, night) as officer:
            officer.sets_up_the_handheld()
            officer.starts_a_return_check()
            officer.writes("person.known_as", "Amy")
            officer.writes("person.surname", "Brook")
            officer.opens_page("talk")
            officer.begins_to_write(ASKED, WORDS)
            officer.screen.tap("back")
            officer.screen.sees("start.return_check")
            officer.screen.expect_says("sealed copy at the force")
        night.kill_app()  # it lies in the sea

        with a_desk(browser, night, "admin") as desk:
            desk.stops_for_good("PC Hannah Wells")

        with a_phone(browser, night, THE_TABLET) as window:
            again = Officer(window.screen, night, THE_TABLET)
            again.sets_up_the_handheld()
            again.waits_for(starting_with(again.screen, "take."))
            again.screen.expect_says("From your lost")
            taps_on(again.screen, "take.")
            again.waits_for(starting_with(again.screen, "draft."))
            taps_on(again.screen, "draft.")
            again.screen.sees(ASKED)
            again.screen.expect_value(ASKED, WORDS)
            expect(starting_with(again.screen, "take.")).to_have_count(0)
