"""Pictures of a few screens, in the widths and looks asked for: seconds, where the walks take minutes.

``make screenshots ONLY="home page-talk" WIDTHS="320 1280" LOOKS="light contrast"`` comes here. The screens
are put on a stage (``tests/support/stage.py``), by the names that ``SCREENS`` has for them; part of a name
is enough. The pictures go to ``.run/pictures``, and the whole set takes nothing from here.
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from field_app.handset.comfort import Comfort
from tests.support.browser import Phone
from tests.support.camera import Camera, rest, still, to_the_end
from tests.support.every_screen import SCREENS
from tests.support.stage import Stage, a_stage

HEIGHTS = {320: 640, 390: 844, 768: 1024, 1180: 820, 1280: 900}
"""The widths that count, from the smallest phone to a desk, each with the height that goes with it."""
LOOKS = ("light", "dark", "contrast")
_TURNED_MS = 700


def named(parts: Sequence[str]) -> list[str]:
    """The screens whose names contain one of these, or all. Raises ValueError where there are none."""
    found = [name for name in SCREENS if not parts or any(part in name for part in parts)]
    if not found:
        raise ValueError(
            f"no screen is called anything like {', '.join(parts)}; there are {', '.join(SCREENS)}"
        )
    return found


def asked_for(arguments: list[str]) -> Namespace:
    """Where the chosen ones go; or which screens, at which widths, in which looks, each a list of words."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="", help="where the few go that are shown in documents")
    parser.add_argument("--only", default="", help="parts of the names of screens: all screens if left out")
    parser.add_argument("--widths", default="", help="from 320 to 1280; left out, the five that count")
    parser.add_argument("--looks", default="", help=f"some of {', '.join(LOOKS)}; all if left out")
    return parser.parse_args(arguments)


def walk_stage(browser: Browser, camera: Camera, asked: Namespace) -> None:
    """Each screen in each width and look: its top, and its end where that lies further down."""
    screens, looks = named(asked.only.split()), asked.looks.split()
    widths = [int(one) for one in asked.widths.split()]
    with (
        tempfile.TemporaryDirectory(prefix="homeward-pictures-") as folder,
        a_stage(browser, Path(folder)) as (stage, screen),
    ):
        for width in widths or tuple(HEIGHTS):
            height = HEIGHTS.get(width, 844)
            screen.page.set_viewport_size(ViewportSize(width=width, height=height))
            for look in looks or LOOKS:
                screen.page.emulate_media(color_scheme="dark" if look == "dark" else "light")
                stage.wear(Comfort(look="contrast" if look == "contrast" else "system"))
                screen.page.wait_for_timeout(_TURNED_MS)
                for name in screens:
                    take(stage, screen, camera, f"{name}-{width}-{look}", name)


def take(stage: Stage, screen: Phone, camera: Camera, kept: str, name: str) -> None:
    """The top of one screen, and its end."""
    stage.put(name)
    stage.settled(screen)
    rest(screen)
    top = still(screen.page)
    camera.keep(kept, top)
    to_the_end(screen)
    end = still(screen.page)
    if end != top:
        camera.keep(f"{kept}-end", end)
    sys.stdout.write(f"{kept}\n")
    sys.stdout.flush()
