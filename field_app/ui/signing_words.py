"""What is said on the handset about signatures."""

from __future__ import annotations

from typing import Final

from booklets.answers import Moment, Row
from booklets.in_words import clock_time, signature
from booklets.photos import ADDED

NAME: Final = "Name of whoever signs"
SIGN: Final = "Sign with a finger"
PAD: Final = (
    "Pad to sign on. Whoever cannot draw here signs on paper: close this, and choose “Signed on paper”."
)
HERE: Final = "Sign inside the frame"
CLEAR: Final = "Clear it"
KEEP: Final = "Keep it"
CLOSE: Final = "Close"
NOTHING_YET: Final = "Nothing is drawn yet."
STILL_ON_THE_PAD: Final = "What was drawn is still on the pad."
OTHERWISE_MEANWHILE: Final = (
    "Something else was chosen here while the signature was sealed, and that stands. "
    "To keep the signature, take that away first."
)
KEEPING: Final = "Sealing the signature…"
OR_ELSE: Final = "Or, without a finger:"
INSTEAD: Final = (
    ("on_paper", "Signed on paper"),
    ("cannot", "Cannot sign"),
    ("would_not", "Would not sign"),
)
WHY_NOT: Final = "Why not, if it is known"
REMOVE: Final = "Remove the signature"
REMOVED: Final = "Signature removed"
BACK: Final = "Put the signature back"
SHOWN: Final = "Signature"


def signed(row: Row) -> str:
    """Who signed, and when."""
    at = row.get(ADDED)
    return f"{signature(row)}, {clock_time(at.at)}" if isinstance(at, Moment) else signature(row)
