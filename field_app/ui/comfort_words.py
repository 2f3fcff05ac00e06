"""What is said on the screen "This phone"."""

from __future__ import annotations

from typing import Final

from field_app.ui.words import joined

THIS_PHONE: Final = "This phone"
HELP: Final = "For everybody who uses this phone. It is kept here and tells nobody anything."
LOOK: Final = "Look"
LOOKS: Final = (
    ("system", "Like the phone"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast", "High contrast"),
)
LOOK_HELP: Final = "“Like the phone” takes over high contrast too, where the phone has it switched on."
HAND: Final = "Hand"
HANDS: Final = (("right", "Right hand"), ("left", "Left hand"))
HAND_HELP: Final = "The left hand has the main button, the menu and the lock under its own thumb."
LETTERS: Final = "Letters"
SIZES: Final = (
    ("100", "As large as the phone has them"),
    ("150", "At least half as large again"),
    ("200", "At least twice as large"),
)
KEPT_ONLY_NOW: Final = (
    "This could not be kept on this phone, so it holds until Homeward is closed. Nothing else is lost."
)


def summary(look: str, hand: str, letters: str) -> str:
    """Under the row of the menu that leads here."""
    return joined(*(dict(names)[code] for names, code in ((LOOKS, look), (HANDS, hand), (SIZES, letters))))
