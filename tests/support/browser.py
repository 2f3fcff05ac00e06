"""The app's real web client in Chromium, driven by what a user sees. Knows an address and nothing else.

Flutter paints to a canvas; accessibility has to be switched on, and then every control made by the kit is
found by its identifier. Three rules keep it reliable: text is filled only once Flutter listens (about 30 ms
after focus), a field's value is read only while it has focus, and a picture counts when it stops changing.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    TimeoutError,
    expect,
    sync_playwright,
)

Scheme = Literal["light", "dark"]
PHONE = (390, 844)
TABLET = (1180, 820)
DESK = (1280, 900)
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# Flutter listens for input on a field only a little after it got focus, and throws away what came before:
# the element is marked when its listener is there.
MARK_EDITING = """
for (const [name, on] of [["addEventListener", true], ["removeEventListener", false]]) {
  const original = EventTarget.prototype[name];
  EventTarget.prototype[name] = function (type, ...rest) {
    if (type === "input" && this instanceof HTMLElement) this.toggleAttribute("data-editing", on);
    return original.call(this, type, ...rest);
  };
}
"""
# A touch counts only where it meets what it is meant for: a page that grows between the look and the touch,
# because a receipt has come, would else have another row touched. Playwright's own clicks do the same.
MEETS_WHAT_IS_MEANT = """
for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
  window.addEventListener(type, event => {
    if (!window.meant) return;
    if (type === "pointerdown") window.missed = !window.meant.contains(event.target);
    if (window.missed) { event.stopImmediatePropagation(); event.preventDefault(); }
  }, true);
"""
MISSED = """() => {
  const missed = window.missed === true;
  window.meant = null;
  window.missed = false;
  return missed;
}"""
# Once an element has stood still for four pictures, which take longer where the machine is busy: its middle,
# and whether that is what a finger would meet there, neither scrolled away nor covered. Nothing where it has
# been drawn anew meanwhile, or takes no touch yet.
AT_REST = """(e, aimed) => new Promise(done => {
  const last = performance.now() + 2000;
  let still = 0, stood = e.getBoundingClientRect();
  const look = () => {
    const r = e.getBoundingClientRect();
    if (!e.isConnected || e.ariaDisabled === "true") return done(null);
    still = ["x", "y", "width", "height"].every(one => r[one] === stood[one]) ? still + 1 : 0;
    stood = r;
    if (still < 4 && performance.now() < last) return requestAnimationFrame(look);
    const x = r.x + r.width / 2, y = r.y + r.height / 2, met = document.elementFromPoint(x, y);
    const touchable = met !== null && e.contains(met);
    if (aimed && touchable) window.meant = e;
    done({x, y, touchable});
  };
  requestAnimationFrame(look);
})"""
# In the order of the page, what a reader would say, each part by its identifier.
SAID = """() => [...document.querySelectorAll("flt-semantics")].map(e => [
  e.getAttribute("flt-semantics-identifier") || "",
  e.getAttribute("aria-label") || [...e.childNodes].filter(n => n.nodeType === 3 || n.tagName === "SPAN")
    .map(n => n.textContent).join(" "),
  [...e.querySelectorAll(":scope > input, :scope > textarea")].map(i => `[${i.value}]`).join(" ")
]).filter(one => one.some(part => part.trim())).map(one => one.join(" ")).join("\\n")"""
SAYS = """([id, said]) => [...document.querySelectorAll(`[flt-semantics-identifier="${id}"]`)]
  .map(e => `${e.getAttribute('aria-label') || ''} ${e.textContent}`)
  .some(words => new RegExp(said, 's').test(words))"""
_FROM_OUTSIDE = re.compile(r"^https?://(?!127\.0\.0\.1|localhost)")
_START_MS = 60_000
_MOST_TOUCHES = 5
_COMES_WITHIN_MS = 4_000
_HEARD_WITHIN_MS = 60_000
_LOOK_EVERY_MS = 100
"""Not with every picture, as is usual: five minutes of waiting would paint all the while."""
_IN_SIGHT_WITHIN_S = 30.0
_PICTURE_GAP_MS = 150
_SAME_PICTURES = 3


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window and without the network outside."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("no Chromium on this machine: install the package 'chromium'")
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("flt-semantics-identifier")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def phone(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = PHONE,
    scheme: Scheme = "light",
    text: float = 1.0,
    sharp: float = 1.0,
    geolocation: tuple[float, float, float] | None = None,
) -> Iterator[Phone]:
    """A fresh phone showing the app at an address. `text` is the phone's text size, 2.0 for 200 %.

    `geolocation` is where it says that it is, and within how many metres; else it may not say.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=sharp,
        color_scheme=scheme,
        reduced_motion="reduce",
        timezone_id="Europe/London",
        locale="en-GB",
    )
    if geolocation:
        context.grant_permissions(["geolocation"])
        lat, lon, within_m = geolocation
        context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": within_m})
    one = _opened(context, url, text)
    try:
        yield one
    except BaseException:
        # Beside the failure stands what the screen said: it need not happen twice to be understood.
        print(f"--- what stood on the screen at {url} ---\n{one.said()}")  # noqa: T201 - for whoever reads the failure
        raise
    finally:
        context.close()


def _opened(context: BrowserContext, url: str, text: float) -> Phone:
    context.add_init_script(MARK_EDITING + MEETS_WHAT_IS_MEANT)
    context.route(_FROM_OUTSIDE, lambda route: route.abort())
    page = context.new_page()
    page.goto(url)
    one = Phone(page)
    one.switch_on_semantics()
    if text != 1.0:
        one.text_size(text)
    return one


class Phone:
    """Gestures and glances, by identifier or by what is read aloud."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.written = False
        """Whether something was typed: what the app has to say of it comes a little later."""

    def switch_on_semantics(self) -> None:
        """Ask Flutter for its accessibility tree; needed again after a reload."""
        placeholder = self.page.locator("flt-semantics-placeholder")
        placeholder.wait_for(state="attached", timeout=_START_MS)
        placeholder.evaluate("e => e.click()")  # it lies off screen
        self.page.locator("[flt-semantics-identifier]").first.wait_for(state="attached", timeout=_START_MS)

    def text_size(self, scale: float) -> None:
        """Set the phone's text size while the app runs."""
        self.page.evaluate(f"document.documentElement.style.fontSize='{16 * scale}px'")

    def at(self, identifier: str) -> Locator:
        """What carries an identifier."""
        return self.page.get_by_test_id(identifier)

    def tap(self, identifier: str) -> None:
        """Touch it, wherever in the scrolling part it lies."""
        self.touch(self.at(identifier))

    def touch(self, found: Locator) -> None:
        """Touch where it stands, at once: the page is never asked to scroll to it.

        The canvas follows that late: what stood there before would be touched, and a wrong answer chosen.
        """
        for _ in range(_MOST_TOUCHES):
            if self.meets(*self._middle_in_sight(found, aimed=True)):
                return
        raise TimeoutError(f"{found} was never met: something else lay there each time")

    def meets(self, x: float, y: float) -> bool:
        """Touch there; whether that met what was aimed at. Anything else has not felt it."""
        self.page.mouse.click(x, y)
        with contextlib.suppress(Error):  # what was touched may have led to another page
            return not self.page.evaluate(MISSED)
        return True

    def tap_until(self, identifier: str, shown: Locator) -> None:
        """Touch it, and once more where nothing comes of it, until what comes of it is there.

        A page that scrolls or grows at that very moment takes the touch away from it, as from any thumb.
        """
        for _ in range(_MOST_TOUCHES):
            with contextlib.suppress(TimeoutError):
                if self.at(identifier).count():
                    self.tap(identifier)
                shown.wait_for(state="attached", timeout=_COMES_WITHIN_MS)
                return
        shown.wait_for(state="attached")

    def in_sight(self, identifier: str) -> Locator:
        """Turn the wheel until it lies where a finger can meet it."""
        found = self.at(identifier)
        self._middle_in_sight(found)
        return found

    def middle_of(self, identifier: str, *, aimed: bool = False) -> tuple[float, float]:
        """Where a finger meets it, once it stands still. An ``aimed`` touch then feels nothing else."""
        return self._middle_in_sight(self.at(identifier), aimed=aimed)

    def _middle_in_sight(self, found: Locator, *, aimed: bool = False) -> tuple[float, float]:
        """Its middle, once it lies where a finger can meet it.

        Never by the page's own scrolling: for half a second after a touch Flutter does not listen to that,
        and what is on the canvas parts from what the page says.
        """
        found.wait_for(state="attached")
        size = self.page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
        until = time.monotonic() + _IN_SIGHT_WITHIN_S
        while time.monotonic() < until:
            stands = found.evaluate(AT_REST, aimed)
            if stands is None:
                continue
            if stands["touchable"]:
                return stands["x"], stands["y"]
            # Above the part that it stands in: of two parts beside each other only that one scrolls.
            self.page.mouse.move(min(max(stands["x"], 1), size["width"] - 1), size["height"] * 0.45)
            self.page.mouse.wheel(0, stands["y"] - size["height"] * 0.45)
        raise TimeoutError(f"{found} never lay where a finger can meet it")

    def tap_named(self, name: str | re.Pattern[str]) -> None:
        """Touch the button with this name."""
        self.touch(self.page.get_by_role("button", name=name))

    def editing(self, identifier: str) -> Locator:
        """The input of a text field, with focus, once what is typed into it counts."""
        self.written = True
        box = self.in_sight(identifier).locator("input,textarea")
        box.focus()
        expect(box).to_have_attribute("data-editing", "")
        return box

    def fill(self, identifier: str, words: str) -> None:
        """Replace a field's text."""
        self.editing(identifier).fill(words)

    def type(self, identifier: str, words: str) -> None:
        """Type key by key."""
        self.editing(identifier).press_sequentially(words)

    def expect_value(self, identifier: str, words: str) -> None:
        """A field's text: the page holds it only while the field has focus."""
        expect(self.editing(identifier)).to_have_value(words)

    def expect_says(self, words: str | re.Pattern[str]) -> None:
        """That something on screen is read aloud with these words, as its text or as its label."""
        said = self.page.locator("flt-semantics").filter(has_text=words)
        # As long as for anything else: a review of a whole notice takes a while.
        said.or_(self.page.get_by_label(words)).first.wait_for(state="attached")

    def expect_reads(self, identifier: str, said: str) -> None:
        """That what carries this identifier says so, aloud or in print, sooner or later."""
        self.page.wait_for_function(
            SAYS, arg=[identifier, said], timeout=_HEARD_WITHIN_MS, polling=_LOOK_EVERY_MS
        )

    def sees(self, identifier: str) -> None:
        """Wait until something with this identifier is there."""
        self.at(identifier).first.wait_for(state="attached")

    def said(self) -> str:
        """Everything that a reader would say of the screen, a line each, as far as it can still be asked."""
        try:
            return str(self.page.evaluate(SAID))
        except Error as gone:
            return f"nothing: {gone.message}"

    def misses(self, identifier: str) -> None:
        """Wait until nothing with this identifier is there."""
        self.at(identifier).first.wait_for(state="detached")

    def scroll(self, down: int) -> None:
        """Scroll the content, then take the pointer away, or what lies under it shows its hover colour."""
        size = self.page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
        self.page.mouse.move(size["width"] / 2, size["height"] / 2)
        self.page.mouse.wheel(0, down)
        self.picture()
        self.page.mouse.move(size["width"] / 2, 4)

    def hide(self) -> None:
        """The app leaves the foreground."""
        self._visibility("hidden")

    def show(self) -> None:
        """The app comes back to the foreground."""
        self._visibility("visible")

    def _visibility(self, state: str) -> None:
        self.page.evaluate(
            "state => {"
            " Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            state,
        )

    def picture(self) -> bytes:
        """What is on screen once it has stopped changing: painting lags behind the semantics."""
        shots: list[bytes] = []
        for _ in range(40):
            shots.append(self.page.screenshot())
            last = shots[-_SAME_PICTURES:]
            if len(last) == _SAME_PICTURES and len(set(last)) == 1:
                break
            self.page.wait_for_timeout(_PICTURE_GAP_MS)
        return shots[-1]

    def save_picture(self, path: Path) -> None:
        """Keep the settled picture."""
        path.write_bytes(self.picture())

    def small_targets(self, least: int) -> list[str]:
        """Names of buttons smaller than `least` in either direction; an empty list is good."""
        found: list[str] = self.page.evaluate(
            """least => ['button', 'checkbox']
            .flatMap(role => [...document.querySelectorAll(`flt-semantics[role=${role}]`)])
            .map(e => [e.getAttribute('flt-semantics-identifier') || e.textContent,
                       e.getBoundingClientRect()])
            .filter(([, r]) => r.width > 0 && (r.width < least - 0.5 || r.height < least - 0.5))
            .map(([n, r]) => `${n} ${Math.round(r.width)}x${Math.round(r.height)}`)""",
            least,
        )
        return found
