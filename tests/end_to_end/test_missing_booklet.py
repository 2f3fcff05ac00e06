"""A missing child, in a real browser: reported, searched for, and back, each record going on from the last.

It acts by role, name and identifier on the screen and by nothing else; what a question is called and
which choices it has stands in the handbook.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from booklets import definitions
from booklets.answers import Answer
from tests.support.browser import Phone
from tests.support.desk import a_desk
from tests.support.filling_in import FillsIn, Seen
from tests.support.night import Night, a_night
from tests.support.people import Officer, a_phone

pytestmark = pytest.mark.journey

STILL_MS = 60
PATIENCE_MS = 30_000
IDENTIFIERS = """() => [...document.querySelectorAll("[flt-semantics-identifier]")]
    .map(e => e.getAttribute("flt-semantics-identifier"))"""
# Until the screen is other than it was, and then has stayed so for two looks; a touch that changes nothing,
# such as one on what was chosen before, is waited for a while all the same.
TURNED = """before => new Promise(done => {
  const look = () => [...document.querySelectorAll("flt-semantics")].map(e => [
    e.getAttribute("flt-semantics-identifier"), e.getAttribute("aria-label"), e.getAttribute("aria-current"),
    e.getAttribute("aria-checked"), [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent)
  ].join("|")).join("\\n");
  if (before === null) return done(look());
  const until = performance.now() + 3000;
  let last = null;
  const again = () => {
    const now = look();
    if (performance.now() > until || (now !== before && now === last)) return done(now);
    last = now;
    setTimeout(again, 60);
  };
  again();
})"""
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


class InTheBrowser:
    """A hand on the handheld's real screen: it looks once the screen has turned and stopped changing."""

    def __init__(self, screen: Phone) -> None:
        self._screen = screen

    def identifiers(self) -> list[str]:
        """Every identifier on screen, in order."""
        found: list[str] = self._screen.page.evaluate(IDENTIFIERS)
        return found

    def has(self, identifier: str) -> bool:
        """Whether something with this identifier is on screen."""
        return identifier in self.identifiers()

    def texts(self) -> list[str]:
        """Everything a reader would say."""
        return self._screen.said().splitlines()

    async def tap(self, identifier: str) -> None:
        """Touch the thing with this identifier, and wait for what it does."""
        self._screen.in_sight(identifier)  # what is scrolled to is not yet what the touch does
        before = self._screen.page.evaluate(TURNED, None)
        self._screen.tap(identifier)
        self._screen.page.evaluate(TURNED, before)

    def awaits(self, holds: Seen) -> None:
        """Wait until the screen has turned."""
        for _ in range(PATIENCE_MS // STILL_MS):
            if holds(self.identifiers()):
                return
            self._screen.page.wait_for_timeout(STILL_MS)
        raise AssertionError(f"the screen does not turn: {self.identifiers()}")

    async def type(self, identifier: str, words: str) -> None:
        """Replace the text of a field."""
        self._screen.fill(identifier, words)


def done(work: Coroutine[Any, Any, None]) -> None:
    """Do what never waits for a loop: the browser is driven step by step."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("a browser's hand waits for nothing")


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
