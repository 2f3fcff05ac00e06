"""What is said where something on this handheld is looked for, and where a long list is cut."""

from __future__ import annotations

from typing import Final

SEARCH: Final = "Search"
SEARCH_HERE: Final = "Search what is on this phone"
LOOK_FOR: Final = "Name, incident number or street"
HELP: Final = (
    "Looks through what is on this phone and may be read here: drafts, what was sent back, and what was "
    "sent while its copy is kept. Nothing that is typed here is kept or sent."
)
NOTHING: Final = "Nothing on this phone has all of these words. Write less of it, or another part."


def found(count: int, shown: int) -> str:
    """How much was found, and how much of it is on the screen."""
    said = "1 found" if count == 1 else f"{count:,} found"
    return f"{said}. The first {shown} are shown: write more of it." if count > shown else said


def more(step: int, left: int) -> str:
    """Under the part of a list that is shown."""
    return f"Show {min(step, left)} more ({left:,} not shown)"
