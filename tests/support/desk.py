"""Somebody at a desk, in the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.night import Night

_GLANCES = 15
_AT_A_GLANCE_MS = 1_000  # a page without JavaScript does not change by itself


@contextmanager
def a_desk(browser: Browser, night: Night, role: str, number: int = 0) -> Iterator[Desk]:
    """Somebody at the console, signed in: the first of this role, or another."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(night.said["console"])
        user, password = night.account(role, number)
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name=re.compile("^Sign in")).click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        yield Desk(page)
    finally:
        context.close()


class Desk:
    """What somebody at a desk does in the console, by headings, links and words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens_the_record_of(self, child: str, kind: str) -> None:
        """Opens the newest record of this kind about a child from the register."""
        self._record(child, kind).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(child)

    def _record(self, child: str, kind: str) -> Locator:
        name = re.compile(f"^{re.escape(child)}, {re.escape(kind)}", re.IGNORECASE)
        return self.page.get_by_role("link", name=name).first

    def reads(self, *said: str) -> None:
        """Finds these words on the page."""
        for words in said:
            expect(self.page.get_by_text(words).first).to_be_visible()

    def finds_who_has_forgotten_a_pin(self, officer: str) -> None:
        """Opens the request of an officer from the list of handhelds."""
        self.page.get_by_role("link", name="Devices").click()
        self.page.get_by_role("link", name=officer).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("A forgotten PIN")

    def stops_for_good(self, officer: str) -> None:
        """Opens the handheld on which this officer signed in last, and stops it because it is lost."""
        self.page.get_by_role("link", name="Devices").click()
        line = self.page.get_by_role("table", name="All devices").get_by_role("row").filter(has_text=officer)
        line.first.get_by_role("link").click()
        self.page.get_by_role("radio", name="Stop it for good").check()
        self.page.get_by_role("radio", name="It is lost").check()
        self.page.get_by_role("button", name="Do this").click()
        self.reads("Stopped for good")

    def agrees(self, code: str = "") -> None:
        """Agrees; the first with the code that was read out, having rung the officer back."""
        if code:
            self.page.get_by_label("I rang them back").check()
            self.page.get_by_label("The code that they read out").fill(code)
        self.page.get_by_role("button", name="I agree").click()

    def passes_the_notice_on(self, child: str, why: str) -> None:
        """Opens a notice of the vulnerability queue, says where it goes and why, and passes it on."""
        self.page.get_by_role("link", name=re.compile(f"^{re.escape(child)}.*read and decide")).first.click()
        self.page.get_by_label("Why, in your own words").fill(why)
        self.page.get_by_label("To the council today").check()
        self.page.get_by_label("Clear, and the child is heard").check()
        self.page.get_by_role("button", name="Pass on to partners").click()
        expect(self.page.get_by_role("heading", name="Vulnerability queue")).to_be_visible()

    def finds_in_the_list(self, child: str, *kinds: str) -> None:
        """Sees each of these records of a child in the register."""
        for kind in kinds:
            expect(self._record(child, kind)).to_be_visible()

    def reads_at(self, part: str, *said: str) -> None:
        """Finds these words in one part of the page, under its heading."""
        here = self.page.get_by_role("region", name=part).or_(self.page.get_by_role("table", name=part))
        for words in said:
            expect(here.first).to_contain_text(words)

    def sees_of_the_system(self, name: str, *said: str | re.Pattern[str]) -> None:
        """Looks at the deliveries until one system's line has these words, loading the page anew."""
        line = self.page.get_by_role("table", name="Systems").get_by_role("row").filter(has_text=name)

        def looks() -> None:
            self.turns_to("Deliveries")
            expect(self.page.get_by_role("heading", level=1, name="Deliveries")).to_be_visible()
            for words in said:
                expect(line).to_contain_text(words, timeout=_AT_A_GLANCE_MS)

        for _ in range(_GLANCES):
            with suppress(AssertionError):
                return looks()
        return looks()

    def turns_to(self, page: str) -> None:
        """Goes to another page of the console by its link in the head."""
        self.page.get_by_role("navigation").get_by_role("link", name=page).first.click()

    def goes_back(self) -> None:
        """Returns to the list."""
        self.page.go_back()
