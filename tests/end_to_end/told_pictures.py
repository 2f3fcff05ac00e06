"""What the walk for the pictures leans on: the console's pages, and what was told on the demo night."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, WebSocketRoute

from booklets.answers import Answer
from tests.support.browser import DESK
from tests.support.camera import Camera
from tests.support.night import Night

# What a second window is told: while that is held back, the app is still starting there.
_FIRST_SCREENS = (b"already open in another window",)


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
