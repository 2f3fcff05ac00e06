"""The officer's own words: a text in which everything that is quoted from somebody is blanked out.

A text keeps its length, so that a place in what is left is the same place in what was written. Quoted is
what stands in quotation marks of any kind, over several sentences, and with other quotation marks inside.
An apostrophe is no quotation mark, and nor is the mark of an inch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

READ_TEXTS = 512
BLANK = "·"
"""Stands for every letter that was quoted."""
CLOSES = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "‘": "’", "”": "”", '"': '"', "'": "'"}
SINGLE = frozenset("‘'’")
ELIDED = re.compile(
    r"(?:til|till|em|cause|cos|coz|n|bout|ere|im|e|ad|appen|tis|twas|round|un|uns|phone|bus)\b", re.I
)
"""What is written with an apostrophe for letters that nobody says."""
SENTENCE_GOES_ON = re.compile(r"\s+[^\W\d_]")


@lru_cache(maxsize=READ_TEXTS)
def own_words(text: str) -> str:
    """The text with what is quoted blanked out, and the quotation marks left standing."""
    if not any(mark in text for mark in CLOSES):
        return text
    parts, done = [], 0
    for start, end in _quotes(text):
        parts += [text[done : start + 1], re.sub(r"\S", BLANK, text[start + 1 : end])]
        done = end
    return "".join((*parts, text[done:]))


def quotes_somebody(own: str) -> bool:
    """Whether something was blanked out."""
    return BLANK in own


def _quotes(text: str) -> Iterator[tuple[int, int]]:
    """Where each quotation begins and where it ends: the places of its two marks."""
    place = 0
    while place < len(text):
        end = _end_of(text, place) if text[place] in CLOSES and _opens(text, place) else -1
        if end > place:
            yield place, end
        place = max(place, end) + 1


def _opens(text: str, place: int) -> bool:
    """Whether a mark begins a quotation: nothing stands before it, and something behind it."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if before.isalnum() or not after or (after.isspace() and text[place] in SINGLE):
        return False
    if text[place] not in SINGLE or not ELIDED.match(text, place + 1):
        return True
    return text[:place].rstrip()[-1:] in {"", ":", ",", ".", "“", '"'}


def _end_of(text: str, start: int) -> int:
    """Where the quotation that begins here ends, or -1 where it does not begin one."""
    if text[start] in SINGLE:
        return _end_of_single(text, start)
    opening, closing = text[start], CLOSES[text[start]]
    depth = 1
    for place in range(start + 1, len(text)):
        if text[place] in closing:
            depth -= 1
        elif text[place] == opening and not text[:place].rstrip(" ").endswith("\n"):
            depth += 1
        if not depth:
            return place
    return _end_without_mark(text, start)


def _end_without_mark(text: str, start: int) -> int:
    """A quotation that nobody closed, or closed with another mark, or once for two that were opened."""
    other = text.rfind("”" if text[start] in "“„" else '"', start + 1)
    if text[start] in "“„" and other < 0:
        other = text.find('"', start + 1)
    if text[start] == "”":
        return -1
    line = text.find("\n", start)
    return other if other > start else (line if line > 0 else len(text))


def _end_of_single(text: str, start: int) -> int:
    """Where single marks end: at no apostrophe, and not behind a plural ("the lads' house") if avoidable."""
    closing, possible, inside = CLOSES[text[start]] + "'", -1, False
    for place in range(start + 1, len(text)):
        if text[place] == '"':
            inside = not inside
        if inside or text[place] not in closing or text[place + 1 : place + 2].isalnum():
            if possible > 0 and text[place] in CLOSES and text[place] != "’" and _opens(text, place):
                break
            continue
        if text[place - 1].isspace():
            if possible > 0:
                break
            continue
        if text[place - 1] != "s" or not SENTENCE_GOES_ON.match(text, place + 1):
            return place
        possible = place if possible < 0 else possible
    return possible
