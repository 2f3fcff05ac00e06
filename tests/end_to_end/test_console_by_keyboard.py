"""The console with the keyboard alone and no script.

Each on a console of its own: what is decided here waits for nobody any more, and others look at what waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.console_desks import Console, a_console, a_desk_of
from tests.support.servers import PASSWORD

pytestmark = pytest.mark.journey


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A console with a night's work on it."""
    with a_console(tmp_path) as made:
        yield made


def test_a_notice_is_decided_on_with_the_keyboard_alone_and_no_script(
    console: Console, browser: Browser
) -> None:
    """From the door to the decision: Tab, Space, the arrows and Enter."""
    with a_desk_of(browser, console, "", scripts=False) as page:
        expect(page.get_by_label("User name")).to_be_visible()
        until(page, page.get_by_label("User name"))
        page.keyboard.type("vat")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        notice = page.locator(f"a[href='{console.path('/records/{to_decide}')}']")
        until(page, notice)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Decide on this notice")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        page.keyboard.press("Enter")
        until(page, page.get_by_role("link", name="Decide", exact=True))
        page.keyboard.press("Enter")
        until(page, page.get_by_label("Why, in your own words"))
        page.keyboard.type("Kit's bruise and the loud man at home fit the referral of 2 March.")
        until(page, page.get_by_label("To the council now"))
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        until(page, page.get_by_label("Clear, and the child is heard"))
        page.keyboard.press("Space")
        until(page, page.get_by_role("button", name="Pass on to partners"))
        page.keyboard.press("Enter")

        expect(page.get_by_role("status")).to_have_text("Passed on.")
        expect(notice).to_have_count(0)


def test_a_referral_is_decided_on_at_a_council_with_the_keyboard_alone_and_no_script(
    console: Console, browser: Browser
) -> None:
    """From the list to the decision: Tab, Space and Enter."""
    with a_desk_of(browser, console, "council", scripts=False) as page:
        referral = page.locator(f"a[href='{console.path('/council/{asks}')}']")
        until(page, referral)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="What your council does")).to_be_visible()
        until(page, page.get_by_label("The child needs protecting at once, and we act now"))
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        until(page, page.get_by_label("For the police, in your own words"))
        page.keyboard.type("Tuesday at ten, with the school.")
        until(page, page.get_by_role("button", name="Send the decision"))
        page.keyboard.press("Enter")

        expect(page.get_by_role("status")).to_contain_text("The police see what your council has decided")
        expect(page.get_by_text("A strategy discussion is held")).to_be_visible()


def test_danger_is_acted_on_with_the_keyboard_alone_and_no_script(
    console: Console, browser: Browser
) -> None:
    """The gravest page of all works on the oldest machine of the room."""
    with a_desk_of(browser, console, "vat", scripts=False) as page:
        danger = page.locator(f"a[href='{console.path('/records/{to_act_on}')}']")
        until(page, danger)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Awaiting supervisor: nobody has reviewed this yet.")).to_be_visible()
        until(page, page.get_by_role("link", name="Say what you did about the danger"))
        page.keyboard.press("Enter")
        until(page, page.get_by_label("Council’s duty team rung, and they act"))
        page.keyboard.press("Space")
        until(page, page.get_by_label("Whom you spoke to, and what happens now"))
        page.keyboard.type("Rang the duty team at 21:06; Ms Cole goes to the house with PC Okoro now.")
        until(page, page.get_by_role("button", name="Write it down"))
        page.keyboard.press("Enter")

        expect(page.get_by_role("status")).to_have_text("Written down: what you did about the danger.")
        expect(danger).to_have_count(0)


def test_the_sheet_of_the_meeting_is_taken_with_the_keyboard_alone_and_no_script(
    console: Console, browser: Browser
) -> None:
    """From the head of the page to the file."""
    with a_desk_of(browser, console, "mhet", scripts=False) as page:
        until(page, page.get_by_role("link", name="Daily meeting"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Daily meeting")).to_be_visible()
        until(page, page.get_by_label("What is it for?"))
        page.keyboard.type("For the council at nine")
        with page.expect_download() as taken:
            page.keyboard.press("Enter")

        assert taken.value.suggested_filename == "daily-meeting-2026-03-14.csv"


def until(page: Page, found: Locator) -> None:
    """Press Tab until the focus is on it."""
    for _ in range(200):
        if found.and_(page.locator(":focus")).count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {found}")
