"""Every screen in a real browser: named, in order, large enough, easy to read, and whole on little room.

A new screen joins by its state in ``tests/support/standing.py``; nothing has to be added here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from field_app.handset.comfort import Comfort
from field_app.ui.places import At
from tests.support import seen
from tests.support.browser import Phone
from tests.support.every_screen import SCREENS
from tests.support.stage import Stage, a_stage

pytestmark = pytest.mark.journey

TALL = (390, 3600)
"""As wide as a phone, and so tall that hardly anything is scrolled out of sight."""
SMALL = ViewportSize(width=320, height=640)
LYING = ViewportSize(width=844, height=390)
ONE_EACH = [at.value for at in At]
FEW_WORDS = frozenset({"starting", "refused", "enrol", "sign_in", "choose_pin", "lock"})
"""Where nothing is read through: a door."""


@contextmanager
def told(found: dict[str, list[str]]) -> Iterator[None]:
    """Beside a failure stands all that was found, by screen."""
    yield
    wrong = {name: faults for name, faults in found.items() if faults}
    assert not wrong, "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)


def shows(stage: Stage, screen: Phone, name: str) -> list[seen.Part]:
    """A screen, once it stands still."""
    stage.put(name)
    stage.settled(screen)
    return seen.parts_of(screen.page)


@pytest.mark.timeout(280)
def test_every_screen_is_named_in_order_large_enough_and_easy_to_read(
    browser: Browser, tmp_path: Path
) -> None:
    """What a screen reader says and in which order, what a glove meets, and measured contrast of 7 to 1."""
    found: dict[str, list[str]] = {}
    with told(found), a_stage(browser, tmp_path, size=TALL) as (stage, screen):
        for name in SCREENS:
            parts = shows(stage, screen, name)
            found[name] = [*seen.faults_of(parts), *seen.faint_on(screen.page, parts, stage.drawn())]


@pytest.mark.timeout(200)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_easy_to_read_in_the_dark_and_in_high_contrast(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    """High contrast is light or dark as the phone is; the dark look is chosen, or the phone's own."""
    found: dict[str, list[str]] = {}
    dark = scheme == "dark"
    look = Comfort(look="contrast")
    with (
        told(found),
        a_stage(browser, tmp_path, size=TALL, scheme="dark" if dark else "light") as (stage, screen),
    ):
        for worn in [look] if dark else [look, Comfort(look="dark")]:
            stage.wear(worn)
            for name in ONE_EACH:
                parts = shows(stage, screen, name)
                found[f"{name}, {worn.look}"] = seen.faint_on(screen.page, parts, stage.drawn())


@pytest.mark.timeout(200)
def test_with_letters_twice_as_large_on_the_smallest_phone_nothing_is_cut_and_a_third_is_left_to_read(
    browser: Browser, tmp_path: Path
) -> None:
    """No word of a button breaks, nothing goes beyond the edge, and bars leave room for the words."""
    found: dict[str, list[str]] = {}
    with told(found), a_stage(browser, tmp_path, size=(320, 640), text=2.0) as (stage, screen):
        for name in SCREENS:
            parts = shows(stage, screen, name)
            found[name] = list(seen.cut_in(parts, stage.drawn(), SMALL["width"], 2.0))
            left = seen.height_to_read(screen.page)
            if name.partition("-")[0] not in FEW_WORDS and left < SMALL["height"] / 3:
                found[name].append(f"{left:.0f} of {SMALL['height']} are left to read")


@pytest.mark.timeout(200)
def test_a_phone_on_its_side_keeps_what_is_typed_and_half_its_height_to_read_with_either_hand(
    browser: Browser, tmp_path: Path
) -> None:
    """Turned in the middle of a word, and back; then for the left hand, mirrored where it is touched."""
    found: dict[str, list[str]] = {}
    with told(found), a_stage(browser, tmp_path) as (stage, screen):
        shows(stage, screen, At.PAGE.value)
        screen.fill("person.surname", "Brook-Hart")
        upright = screen.page.viewport_size
        screen.page.set_viewport_size(LYING)
        screen.expect_value("person.surname", "Brook-Hart")
        screen.page.set_viewport_size(upright or SMALL)
        screen.expect_value("person.surname", "Brook-Hart")
        screen.page.set_viewport_size(LYING)
        for hand in (Comfort(), Comfort(left_handed=True)):
            stage.wear(hand)
            for name in ONE_EACH:
                parts = shows(stage, screen, name)
                found[name] = [
                    *seen.cut_in(parts, stage.drawn(), LYING["width"], 1.0),
                    *wrong_side(parts, hand),
                ]
                left = seen.height_to_read(screen.page)
                if name not in FEW_WORDS and left < LYING["height"] / 2:
                    found[name].append(f"{left:.0f} of {LYING['height']} are left to read")


def wrong_side(parts: list[seen.Part], hand: Comfort) -> Iterator[str]:
    """What lies nearer to the other thumb, of what is touched in the bars."""
    at = {one.identifier: one.x + one.width / 2 for one in parts}
    for near, far in (("menu", "back"), ("lock", "status")):
        if near in at and far in at and (at[near] < at[far]) is not hand.left_handed:
            yield f"{near} is at {at[near]:.0f} and {far} at {at[far]:.0f}"
