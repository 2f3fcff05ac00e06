"""What a sergeant on a tablet does, in the sergeant's words, by what is on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from playwright.sync_api import Browser, Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support.browser import TABLET, phone
from tests.support.night import THE_TABLET, Night
from tests.support.people import Person, pictured

ARRIVES_S = 30
"""One encounter's records come one after the other: what stands on a list is not the last word yet."""


@contextmanager
def a_tablet(
    browser: Browser, night: Night, device: str = THE_TABLET, number: int = 0
) -> Iterator[Sergeant]:
    """The tablet on a sergeant's desk."""
    with phone(browser, night.urls[device], size=TABLET) as screen, pictured(screen, night, device):
        yield Sergeant(screen, night, device, number)


class Sergeant(Person):
    """A supervisor of the unit: reads, asks, sends back, approves."""

    role = "supervisor"
    home = "queue"

    def case_of(self, child: str, kind: str) -> Locator:
        """The row of the queue about this child, and of this kind."""
        return self.screen.page.get_by_role("button", name=re.compile(f"{child}.*{kind}", re.DOTALL)).first

    def sees_arrive(self, child: str, kind: str = "Return check") -> None:
        """Waits until a case has come, and turns to it."""
        self.waits_for(self.case_of(child, kind))

    def sees_in_order(self, *children: str) -> None:
        """Reads the names of the queue from top to bottom, and lets in what a line says is not shown yet."""
        new = self.screen.at("show_new").first
        until = monotonic() + ARRIVES_S
        while (found := self._names_in_order()) != list(children) and monotonic() < until:
            with suppress(PlaywrightTimeout):
                new.wait_for(state="attached", timeout=500)
                self.screen.tap("show_new")
                new.wait_for(state="detached")
        assert found == list(children)

    def _names_in_order(self) -> list[str]:
        """The names of the rows as they stand now, from top to bottom."""
        cases = self.screen.page.locator('[flt-semantics-identifier^="case."]')
        rows = cases.evaluate_all(
            "all => all.map(e => [e.getBoundingClientRect().y, e.getAttribute('aria-label') || e.innerText])"
        )
        return [label.partition(",")[0] for _, label in sorted(rows)]

    def opens_the_case_of(self, child: str, kind: str = "Return check") -> None:
        """Taps the row of the queue, by its name, and waits until the record is there to be read."""
        row = self.case_of(child, kind)
        row.wait_for(state="attached")
        self.screen.tap(row.get_attribute("flt-semantics-identifier") or "")
        self.screen.page.get_by_role("heading", name=re.compile(f"^{child},")).wait_for(state="attached")
        self.screen.sees("approve")

    def reads_on_the_page(self, *said: str) -> None:
        """Finds each of these words on the page that is open."""
        for words in said:
            self.screen.expect_says(words)

    def asks_about(self, question: str, words: str) -> None:
        """Taps an answer and writes what is asked about it."""
        self.screen.tap(f"ask.{question}")
        self.screen.fill("ask.words", words)
        self.screen.tap("ask.keep")
        self.screen.misses("ask.keep")

    def sends_it_back(self, *, reason: str, due: int, words: str) -> None:
        """Says why and by when, and decides."""
        self.screen.tap("send_back")
        self.chooses(f"sup.return_reasons.{reason}")
        self.writes("sup.return_words", words)
        self.screen.tap(f"due.{due}")
        self.screen.tap("decide")
        self.screen.sees("decided.state")

    def begins_to_approve(self, *, other_children: str = "none_there") -> None:
        """Opens the approval and answers what it asks with one tap each."""
        self.screen.tap("approve")
        self.says_what_was_looked_at(other_children=other_children)

    def says_what_was_looked_at(self, *, other_children: str = "none_there") -> None:
        """One tap each, with none answered beforehand."""
        self.chooses(
            "sup.read.yes",
            "sup.voice.yes",
            "sup.markers.none_there",
            f"sup.other_children.{other_children}",
            "sup.offences.none_found",
            "sup.language.yes",
        )

    def approves(self, rationale: str, directions: str) -> None:
        """Writes the reason in own words, and decides."""
        self.writes("sup.rationale", rationale)
        self.writes("sup.no_directions_because", directions)
        self.screen.tap("decide")

    def is_refused(self, question: str, why: str = "") -> None:
        """Reads beside the question why this is no reason."""
        line = self.screen.page.locator(f'[flt-semantics-identifier^="{question}.line."]').first
        line.wait_for(state="attached")
        self.reads(line.get_attribute("flt-semantics-identifier") or "", re.escape(why))

    def reads_the_correction(self, question: str) -> None:
        """Opens the newer version once it is there, and what comes after it, until what changed is seen.

        The records of one answer are heard one after the other, up to one look at the force apart: what was
        asked about may be in the next.
        """
        self.screen.sees("read_newer")
        self.screen.tap_until("read_newer", self.screen.at(f"changed.{question}").first)

    def loses_the_tablet(self) -> None:
        """A flat battery: the program ends between two instructions, and its window is gone."""
        self._night.kill_app(self._device)
        self.screen.page.goto("about:blank")

    def finds_the_tablet_again(self, whose: str) -> None:
        """It had gone dark with the decision on it: the app starts, the PIN opens it, the case is there."""
        self._night.start_app(self._device)
        self.screen.page.goto(self._night.urls[self._device])
        self.screen.switch_on_semantics()
        self.unlocks()
        self.sees_arrive(whose, "Not counted")

    def goes_back_to_the_queue(self) -> None:
        """Leaves what was decided."""
        self.screen.tap("back")
        self.screen.misses("decided.state")
