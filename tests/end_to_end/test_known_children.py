"""A child whom one officer reports missing is known on another's handheld, until the end of that shift.

In a real browser, with a real server and two handhelds: what the force tells comes by itself, sealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.night import Night, a_night
from tests.support.people import Officer, a_phone

pytestmark = pytest.mark.journey
FIRST, SECOND = "phone", "other_phone"


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and two handhelds that nobody has used yet."""
    with a_night(tmp_path, devices=(FIRST, SECOND)) as found:
        yield found


def reports_missing(officer: Officer) -> None:
    """As much of a missing report as there is time for, sent as an emergency."""
    officer.screen.tap("start.missing")
    officer.screen.sees("person.known_as")
    officer.writes("person.known_as", "Wren")
    officer.writes("person.surname", "Tarn-Test")
    officer.writes("person.dob", "2012-05-03")
    officer.chooses("mis.returned_before_report.no")
    officer.writes("mis.dangers", "Cannot swim; goes to the sea wall.")
    officer.reviews_from_the_pages()
    officer.screen.tap("emergency")
    officer.writes("emergency.reason", "She is by the water now.")
    officer.screen.tap("emergency.send")
    officer.reads("sent.state", r"Received \d\d:\d\d")


@pytest.mark.timeout(240)
def test_a_missing_child_is_known_on_a_colleagues_handheld_until_the_end_of_the_shift(
    night: Night, browser: Browser
) -> None:
    """The return check offers her; what is taken over says so; signing out forgets her."""
    with a_phone(browser, night, FIRST) as reporter:
        reporter.sets_up_the_handheld()
        reports_missing(reporter)

    with a_phone(browser, night, SECOND) as phone_in_hand:
        officer = Officer(phone_in_hand.screen, night, SECOND, number=1)
        officer.sets_up_the_handheld()
        screen = officer.screen
        officer.reads("known", "Missing now: 1")
        screen.tap("known")
        screen.sees("known.find")
        screen.fill("known.find", "ren tarn")
        screen.tap_named(re.compile("^Wren Tarn-Test"))
        officer.reads("card.mis.dangers", "Cannot swim; goes to the sea wall.")
        screen.expect_says(re.compile("Forgotten on this phone at the end of your shift"))
        screen.tap("known.close")
        screen.tap("back")

        officer.starts_a_return_check()
        screen.tap("known.offer")
        screen.tap_named(re.compile("^Wren Tarn-Test"))
        screen.tap("known.this")
        screen.expect_value("person.surname", "Tarn-Test")
        screen.expect_says(re.compile("From the force, "))
        screen.tap("back")
        screen.sees(officer.home)

        officer.goes_off_shift()
        officer.unlocks()
        officer.reads("known", "Children known here: 0")
