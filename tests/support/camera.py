"""Pictures of what is on the screen, in every look it must have. Small files, named by what they show."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page

from field_app.capture.autosave import LONGEST_WAIT_S
from field_app.ui.model import RESTS_S
from tests.support.browser import DESK, PHONE, TABLET, Phone, Scheme

Look = Literal["light", "dark", "text200", "narrow", "tablet", "phone"]
BOTH: tuple[Look, ...] = ("light", "dark")
LARGE: tuple[Look, ...] = ("light", "dark", "text200")
ALL: tuple[Look, ...] = ("light", "dark", "text200", "narrow", "tablet")
NARROW_TOO: tuple[Look, ...] = ("light", "dark", "text200", "narrow")
DESK_LOOKS: tuple[Look, ...] = ("light", "dark", "text200", "phone")
NARROW = (320, 844)
MOST_BYTES = 120_000
_SETTLE_MS = 350
_TURN_MS = 1500
"""Another size or another text size is another screen: the app draws it anew."""
_MOST_SCREENS = 12
_MID_GREY = 128
_GAP_MS = 120
_PATIENCE = 25
_RESTS_MS = 1000 * (RESTS_S + LONGEST_WAIT_S) + 1000
_WHEEL = 560


@dataclass(slots=True)
class Camera:
    """Where pictures go, and which were taken."""

    folder: Path
    taken: list[str] = field(default_factory=list)

    def keep(self, name: str, shot: bytes) -> None:
        """Keep one picture; one that is too large loses colours that nobody sees."""
        file = self.folder / f"{name}.png"
        with Image.open(io.BytesIO(shot)) as opened:
            picture = opened.convert("RGB")
        picture.save(file, optimize=True)
        for colours in (128, 48, 16):
            if file.stat().st_size <= MOST_BYTES:
                break
            picture.quantize(colours).save(file, optimize=True)
        self.taken.append(name)

    # -- the handheld ----------------------------------------------------------------------------
    def shoot(
        self,
        phone: Phone,
        name: str,
        looks: tuple[Look, ...] = BOTH,
        *,
        turning: bool = False,
        end: bool = False,
    ) -> None:
        """The screen as it stands, in each look. It is light and of its own size again afterwards.

        ``turning`` says that something on it never stops moving, ``end`` that its end is meant: larger
        letters put that further down.
        """
        rest(phone)
        for look in looks:
            with looking(phone, look):
                if end:
                    to_the_end(phone)
                if turning:
                    phone.page.wait_for_timeout(_SETTLE_MS)
                self.keep(f"{name}-{look}", phone.page.screenshot() if turning else still(phone.page))

    def shoot_all(self, phone: Phone, name: str, looks: tuple[Look, ...] = BOTH) -> None:
        """A screen that scrolls: its top and its end in each look, and all between in light."""
        self.shoot(phone, f"{name}-1", looks)
        last = still(phone.page)
        for number in range(2, _MOST_SCREENS):
            shot = _further_down(phone)
            if shot == last:
                break
            last = shot
            self.keep(f"{name}-{number}-light", shot)
        self.shoot(
            phone, f"{name}-end", tuple(look for look in looks if look in {"dark", "text200"}), end=True
        )

    # -- the console and the sign-in page --------------------------------------------------------
    def shoot_page(self, page: Page, name: str, *, tall: int = 1500) -> None:
        """A page of the server on a desk and on a phone, from its top."""
        for width, size in ((DESK[0], DESK), (PHONE[0], PHONE)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            self.keep(f"{name}-{width}", clipped(page, width, tall))
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})

    def shoot_print(self, page: Page, name: str) -> None:
        """A page as it is printed: the width of A4 between its margins."""
        page.set_viewport_size({"width": 690, "height": 1000})
        page.emulate_media(media="print")
        self.keep(f"{name}-print", clipped(page, 690, 1500))
        page.emulate_media(media="screen")


def clipped(page: Page, width: int, tall: int) -> bytes:
    """The top of a page, as far as it goes."""
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(tall, max(height, 400))}
    )


def still(page: Page) -> bytes:
    """What is on screen once two pictures of it are the same."""
    shot = page.screenshot()
    for _ in range(_PATIENCE):
        page.wait_for_timeout(_GAP_MS)
        before, shot = shot, page.screenshot()
        if before == shot:
            break
    return shot


def rest(phone: Phone) -> None:
    """Take the pointer where nothing lies under it, and the focus from where something is typed.

    What the checks see in it comes up once the hand has rested for a while.
    """
    phone.page.mouse.move(200, 3)
    phone.page.evaluate("document.activeElement && document.activeElement.blur()")
    if phone.written:
        phone.page.wait_for_timeout(_RESTS_MS)
        phone.written = False


def to_the_end(phone: Phone) -> None:
    """Scroll on until nothing moves any more."""
    last = still(phone.page)
    for _ in range(_MOST_SCREENS):
        shot = _further_down(phone)
        if shot == last:
            return
        last = shot


def _further_down(phone: Phone) -> bytes:
    """The screen after a turn of the wheel, with the pointer where nothing lies under it."""
    phone.page.mouse.move(_width_of(phone) / 2, 400)
    phone.page.mouse.wheel(0, _WHEEL)
    phone.page.mouse.move(200, 3)
    return still(phone.page)


@contextmanager
def looking(phone: Phone, look: Look) -> Iterator[None]:
    """The phone in another look, while this lasts."""
    page = phone.page
    scheme: Scheme = "dark" if look == "dark" else "light"
    own = page.viewport_size
    sizes = {"narrow": NARROW, "tablet": TABLET, "phone": PHONE}
    if look == "dark":
        _light(phone, scheme)
    if look in sizes:
        page.set_viewport_size({"width": sizes[look][0], "height": sizes[look][1]})
    if look == "text200":
        phone.text_size(2.0)
    if look not in BOTH:
        page.wait_for_timeout(_TURN_MS)
    try:
        yield
    finally:
        if look in sizes and own:
            page.set_viewport_size(own)
        if look == "text200":
            phone.text_size(1.0)
        if look not in BOTH:
            page.wait_for_timeout(_TURN_MS)
        if look == "dark":
            _light(phone, "light")


def _width_of(phone: Phone) -> int:
    size = phone.page.viewport_size
    return size["width"] if size else PHONE[0]


def _light(phone: Phone, scheme: Scheme) -> None:
    """Switch the phone to light or dark, and wait until the app has followed."""
    phone.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for _ in range(20):
        with Image.open(io.BytesIO(phone.page.screenshot())) as shot:
            corner = shot.convert("L").crop((2, 2, 3, 3)).tobytes()[0]
        if (corner < _MID_GREY) is (scheme == "dark"):
            return
        phone.page.wait_for_timeout(100)
