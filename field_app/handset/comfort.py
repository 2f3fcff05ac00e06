"""How this device suits whoever holds it: its look, the hand it lies in, how large its letters are.

Kept in a small file of its own beside the vaults, for everybody on this device, also before anybody has
unlocked. It says nothing about anybody. What cannot be read is as delivered.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

LOOKS: Final = ("system", "light", "dark", "contrast")
LETTERS: Final = (100, 150, 200)
"""How large letters are at least, in per cent of the usual: a phone that has them larger leaves them so."""
KEPT_IN: Final = "this_phone.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort:
    """The settings of the screen "This phone"."""

    look: str = LOOKS[0]
    left_handed: bool = False
    letters: int = LETTERS[0]


def read_comfort(folder: Path) -> Comfort:
    """What was chosen on this device; each setting that is not there or not known is as delivered."""
    said: Any = None
    with contextlib.suppress(OSError, ValueError):
        said = json.loads((folder / KEPT_IN).read_text(encoding="utf-8"))
    usual = Comfort()
    if not isinstance(said, Mapping):
        return usual
    look, letters = said.get("look"), said.get("letters")
    return Comfort(
        look=look if look in LOOKS else usual.look,
        left_handed=said.get("left_handed") is True,
        letters=letters if letters in LETTERS else usual.letters,
    )


def keep_comfort(folder: Path, comfort: Comfort) -> None:
    """Keep it for the next start. Raises OSError where it cannot be written; what was kept before stays."""
    fresh = folder / f"{KEPT_IN}.new"
    fresh.write_text(json.dumps(asdict(comfort)), encoding="utf-8")
    fresh.replace(folder / KEPT_IN)
