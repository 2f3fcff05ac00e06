"""From the doorstep to the force system, once, for real.

One walk through the whole of Homeward as its people walk it: a real server and a
real app as processes, a real browser the size of a handheld, a server that is
really gone and comes back, an app that is really killed in the middle of a
sentence. It acts by role, name and identifier on the screen and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.support.night import Night, Words, a_night, a_phone

pytestmark = pytest.mark.journey

SENTENCE = "I went to see Jade and then we were just walking about by the sea front and I"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with chromium() as found:
        yield found


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and a handheld that nobody has used yet."""
    with a_night(tmp_path) as found:
        yield found


@pytest.mark.timeout(240)
def test_a_return_check_reaches_the_force_whatever_happens_on_the_way(
    night: Night, browser: Browser
) -> None:
    """No signal, a killed app, a server that comes back: one record, received once, delivered as data."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        night.stop_server()
        officer.starts_a_return_check()
        officer.says_who_it_is()
        officer.says_how_amy_is_back()
        officer.begins_to_write("pi.why_left", SENTENCE)
        night.kill_app()
    night.start_app()

    with a_phone(browser, night) as officer:
        officer.unlocks()
        officer.goes_on_with_the_draft()
        officer.screen.expect_value("pi.why_left", SENTENCE)
        officer.writes_down_the_talk(Words())
        officer.asks_the_eight_questions()
        officer.closes()
        officer.reviews()
        officer.sends()
        officer.reads("sent.state", re.compile("Waiting for signal.*Safe on this phone, waiting for signal"))
        night.start_server()
        officer.reads("sent.state", re.compile(r"Received \d\d:\d\d"))
