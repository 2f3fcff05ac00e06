"""How alike two texts are, whoever and whatever day they are about: the same words are the same text.

Names and numbers are what changes when a text is used again, so they count as one word each. The order of
the words counts for nothing: turning two sentences round makes no new text.
"""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[:./-]\d+)*")
_ENDS = re.compile(r"[.!?;:]\s*[“\"'(]*$")
_NUMBER, _NAME = "#", "@"


def same_words(text: str, other: str) -> float:
    """From 0 (no word in common) to 1 (the same words as often); nothing is like nothing."""
    return max(_shared(_words(text), _words(other)), _shared(_words(text.lower()), _words(other.lower())))


def _shared(ours: Counter[str], theirs: Counter[str]) -> float:
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 0.0


def _words(text: str) -> Counter[str]:
    """Its words in small letters; a number is any number, and a name inside a sentence any name."""
    return Counter(_stands_for(text, match) for match in _WORD.finditer(text))


def _stands_for(text: str, match: re.Match[str]) -> str:
    word = match.group()
    if word[0].isdigit():
        return _NUMBER
    before = text[: match.start()].rstrip(" ")[-3:]
    begins = not before.strip() or before.endswith("\n") or bool(_ENDS.search(before))
    named = word[0].isupper() and not word.isupper() and not begins
    return _NAME if named else word.lower()
