"""A missing child, in a real browser: reported, searched for, and back, each record going on from the last.

It acts by role, name and identifier on the screen and by nothing else; what a question is called and
which choices it has stands in the handbook.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from booklets import definitions
from booklets.answers import Answer
from tests.support.desk import a_desk
from tests.support.filling_in import FillsIn
from tests.support.in_the_browser import InTheBrowser, done
from tests.support.night import Night, a_night
from tests.support.people import Officer, a_phone

pytestmark = pytest.mark.journey

ANSWERS = {
    "person.ethnicity_sde": "W1",
    "person.sex": "F",
    "ra.level": "medium",
    "srch.type": "home_and_room",
    "srch.authority": "pace_17",
}


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A server and a handheld that nobody has used yet."""
    with a_night(tmp_path) as found:
        yield found


def reads_out_the_lookout(officer: Officer) -> None:
    """From the first page to the card and back: what is answered, what is not known yet, whom to ask."""
    officer.writes("person.known_as", "Amy")
    officer.chooses("mis.phone_status.off")
    officer.screen.tap_named("Lookout card to read out")
    officer.reads("lookout.name", "Name: Amy")
    officer.reads("lookout.phone", "Phone: Off")
    officer.reads("lookout.clothing", "Clothes: Not known yet")
    assert "Ask the control room about health." in officer.screen.said()
    officer.screen.tap("lookout.close")
    officer.screen.sees("person.known_as")


def fills_in(officer: Officer, guide: str, *, known: bool = False) -> None:
    """From the first page of a record to its review, and away. Of a ``known`` child nothing is typed."""
    child = definitions.guide(guide).about_the_child()
    said: dict[str, Answer] = {one.id: "known" for one in child} if known else {}
    done(FillsIn(InTheBrowser(officer.screen), dict(ANSWERS), said=said).page_by_page(guide))
    officer.sends()
    officer.reads("sent.state", r"Received \d\d:\d\d")


@pytest.mark.timeout(300)
def test_a_missing_child_is_reported_searched_for_and_back(night: Night, browser: Browser) -> None:
    """Its card is read out first; nobody types the child's name twice, and the force sees one episode."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        officer.screen.tap("start.missing")
        officer.screen.sees("person.known_as")
        reads_out_the_lookout(officer)
        fills_in(officer, "missing")
        officer.screen.tap("next.search")
        officer.screen.sees("srch.reason")
        fills_in(officer, "search", known=True)
        officer.goes_home()
        officer.opens_what_was_sent("^Amy Brook · .*Missing child · received")
        officer.screen.tap("next.return_check")
        officer.screen.expect_value("person.known_as", "Amy")

    with a_desk(browser, night, "mhet") as desk:
        desk.finds_in_the_list("Amy Brook", "Search", "Missing child", "Risk assessment")
