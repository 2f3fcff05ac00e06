"""Pictures of the key screens as they are seen by those who need them otherwise than others do.

They are put on a stage, and no walk leads there: all of them take half a minute.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from field_app.handset.comfort import Comfort
from tests.support.browser import PHONE, Phone
from tests.support.camera import Camera, still
from tests.support.stage import Stage, a_stage

KEY = ("home", "page", "page-stopped", "review", "sent", "case", "deciding", "duty", "this_phone")
"""What is opened most, and what must not be missed."""
SIZES = {"upright": PHONE, "narrow": (320, 640), "lying": (844, 390)}
WAYS: dict[str, tuple[Comfort, str, float]] = {
    "contrast": (Comfort(look="contrast"), "upright", 1.0),
    "contrast-dark": (Comfort(look="contrast"), "upright", 1.0),
    "left": (Comfort(left_handed=True), "upright", 1.0),
    "narrow": (Comfort(), "narrow", 1.0),
    "narrow-text200": (Comfort(), "narrow", 2.0),
    "letters200": (Comfort(letters=200), "upright", 1.0),
    "lying": (Comfort(), "lying", 1.0),
    "lying-left": (Comfort(left_handed=True), "lying", 1.0),
}
"""What was chosen, how the phone is held, how large its letters are."""
_TURNED_MS = 500


def walk_comfort(browser: Browser, camera: Camera) -> None:
    """Each key screen in each of the ways."""
    with (
        tempfile.TemporaryDirectory(prefix="homeward-pictures-") as folder,
        a_stage(browser, Path(folder)) as (stage, screen),
    ):
        for way, (comfort, size, text) in WAYS.items():
            screen.page.emulate_media(color_scheme="dark" if way.endswith("dark") else "light")
            width, height = SIZES[size]
            screen.page.set_viewport_size(ViewportSize(width=width, height=height))
            screen.text_size(text)
            stage.wear(comfort)
            screen.page.wait_for_timeout(_TURNED_MS)
            for name in KEY:
                take(stage, screen, camera, name, way)


def take(stage: Stage, screen: Phone, camera: Camera, name: str, way: str) -> None:
    """One picture of one screen."""
    stage.put(name)
    stage.settled(screen)
    camera.keep(f"{way}-{name}", still(screen.page))
