"""What is said on the five pages of AWARE and about how they stand."""

from __future__ import annotations

from typing import Final

OVERVIEW: Final = "The five letters"
OVERVIEW_HELP: Final = "How each stands now. What was not observed, with its reason, is an answer."
NOT_OBSERVED: Final = "Not observed because…"
GOOD: Final = "What good looks like"
INVENTED: Final = "Invented examples"
SAYS_MUCH: Final = "Says what was seen and heard"
SAYS_LITTLE: Final = "Says little"
NOTHING_YET: Final = "Nothing written yet"
LEFT_TO_SPECIALISTS: Final = "Left to a specialist interview"
ANOTHER_LOOK: Final = "worth another look"


def letter_of(letter: str, title: str) -> str:
    """A letter with its page, read aloud: A, Appearance."""
    return f"{letter}, {title}"


def written(count: int) -> str:
    """How much is written: as in 34 words."""
    return f"{count} words" if count != 1 else "1 word"


def spoken(count: int) -> str:
    """How often somebody's exact words are written down."""
    return f"Exact words, {count} times" if count != 1 else "Exact words, once"


def not_observed(why: str) -> str:
    """A letter without words, and its reason."""
    return f"Not observed: {why[:1].lower()}{why[1:]}"
