"""What the walk for the pictures leans on: the console's pages, and what was told on the demo night."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, WebSocketRoute

from booklets.answers import Answer
from tests.support.browser import DESK
from tests.support.camera import ALL, Camera
from tests.support.night import Night
from tests.support.people import a_phone

# What a second window is told: while that is held back, the app is still starting there.
_FIRST_SCREENS = (b"already open in another window",)


def walk_lookout(night: Night, browser: Browser, camera: Camera) -> None:
    """The first page of a missing report, and the card that is read out before the second."""
    with a_phone(browser, night) as officer:
        officer.sets_up_the_handheld()
        officer.screen.tap("start.missing")
        officer.screen.sees("person.known_as")
        officer.writes("person.known_as", "Amy")
        officer.writes("person.surname", "Brook")
        officer.writes("person.dob", "12/03/2011")
        officer.chooses("person.sex.F", "mis.abduction_suspected.no", "mis.returned_before_report.no")
        officer.chooses("mis.last_seen_at.now", "mis.phone_status.off")
        officer.adds_a_place("mis.last_seen_place", "Foreshore Road", "Scarborough")
        officer.writes("mis.dangers", "Cannot swim, and the tide is coming in.")
        officer.chooses("ra.f26_danger_to_others.no", "ra.level_before.high")
        camera.shoot(officer.screen, "page-missing-first")
        officer.screen.tap("lookout")
        officer.screen.sees("lookout.name")
        camera.shoot_all(officer.screen, "lookout", ALL)


def walk_console(night: Night, browser: Browser, camera: Camera) -> None:
    """Sign-in, what arrived, one record, on a desk, on a phone and on paper."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.goto(night.said["console"])
    camera.shoot_page(page, "console-sign-in")
    user, password = night.account("mhet")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    camera.shoot_page(page, "console-sign-in-wrong")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Register").wait_for()
    camera.shoot_page(page, "console-list", tall=1100)
    page.get_by_role("link", name=re.compile("Amy Brook.*[Ii]nterview")).first.click()
    page.locator("nav.hw-jump").wait_for()
    camera.shoot_page(page, "console-record", tall=1300)
    page.evaluate("window.scrollTo(0, 1300)")
    camera.keep("console-record-2-1280", page.screenshot())
    page.evaluate("document.getElementById('mentions').scrollIntoView()")
    camera.keep("console-record-mentions", page.screenshot())
    page.evaluate("document.getElementById('audit').scrollIntoView()")
    camera.keep("console-record-end", page.screenshot())
    camera.shoot_print(page, "console-record")
    page.get_by_role("link", name="Deliveries", exact=True).first.click()
    page.get_by_role("heading", name="Deliveries").wait_for()
    camera.shoot_page(page, "console-deliveries")
    context.close()


def hold_first_screen(route: WebSocketRoute) -> None:
    """Keep back what would end the moment of starting."""
    server = route.connect_to_server()

    def told(message: str | bytes) -> None:
        content = message if isinstance(message, bytes) else message.encode()
        if not any(one in content for one in _FIRST_SCREENS):
            route.send(message)

    server.on_message(told)


def text_of(answer: Answer) -> str:
    """An answer that is a text."""
    assert isinstance(answer, str)
    return answer
