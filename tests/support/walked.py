"""What a walk through a situation leaves behind: its counts, and pictures where somebody asks for them.

Where ``HOMEWARD_WALKS`` names a folder, counts and pictures are kept there; otherwise they are only printed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tests.support.browser import Phone
from tests.support.camera import Camera, rest, still
from tests.support.situated import Tally
from tests.support.situations import Situation

ASKED_FOR = "HOMEWARD_WALKS"
WORTH_A_PICTURE = (
    "talk",
    "eight",
    "words",
    "others",
    "used",
    "why",
    "reviews",
    "incident",
    "review",
    "sent",
)
"""The pages of which a picture says something, and what comes after them."""


def folder() -> Path | None:
    """Where counts and pictures are kept, if anywhere."""
    named = os.environ.get(ASKED_FOR)
    return Path(named) if named else None


def keep(
    id_: str, title: str, happened: str, tallies: Sequence[Tally], pictures: Sequence[str] = ()
) -> None:
    """Print what each record took, and keep it where it is asked for."""
    for one in tallies:
        print(  # noqa: T201 - the count
            f"{one.record}: {one.taps} taps, {one.fields} fields, {one.characters} characters, "
            f"{one.gaps} gaps, {one.minutes:.1f} minutes"
        )
    if (kept := folder()) is not None:
        said = {
            "title": title,
            "happened": happened,
            "records": [one.plain() for one in tallies],
            "pictures": list(pictures),
        }
        (kept / f"{id_}.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")


class Walked:
    """One situation while it is walked."""

    def __init__(self, situation: Situation, screen: Phone) -> None:
        self.situation = situation
        self._screen = screen
        self._camera = Camera(kept) if (kept := folder()) else None

    def shoot(self, name: str) -> None:
        """A picture of what stands on the screen, where pictures are asked for and it says something."""
        if self._camera is not None and name.rpartition("-")[2] in WORTH_A_PICTURE:
            rest(self._screen)
            self._camera.keep(name, still(self._screen.page))

    def took(self, tallies: Sequence[Tally]) -> None:
        """What each record took."""
        told = self.situation
        taken = self._camera.taken if self._camera else []
        keep(told.id, told.title, told.happened, tallies, taken)
