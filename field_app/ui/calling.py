"""What the device in the hand is called where a sentence of ours speaks of it."""

from __future__ import annotations

from field_app.ui import words
from field_app.ui.hooks import is_large_screen


def here(said: str) -> str:
    """A sentence of ours about this phone, as it is true where it is read: nobody calls a tablet that."""
    if not is_large_screen():
        return said
    for phone, device in words.CALLED.items():
        said = said.replace(phone, device)
    return said
