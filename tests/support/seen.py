"""What a screen reader, a finger and weak eyes meet on a screen, measured in the browser.

Flutter tells the browser of each part: what it is, what it is called, where it lies, whether a keyboard
reaches it. What it paints is looked at in a picture.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageFont
from playwright.sync_api import Page

from field_app.ui import theme as t

FONT = Path(__file__).parents[2] / "assets" / t.FONTS[t.STRONG_FACE]
LOOK = """() => [...document.querySelectorAll("[id^=flt-semantic-node]")].map(e => {
  const own = [...e.childNodes].filter(n => n.nodeType === 3 || n.tagName === "SPAN");
  const box = e.querySelector(":scope > input, :scope > textarea");
  const r = e.getBoundingClientRect(), part = e.parentElement && e.parentElement.closest("[role=group]");
  const p = part ? part.getBoundingClientRect() : {y: -1, bottom: 1e9};
  return {
    identifier: e.getAttribute("flt-semantics-identifier") || "",
    role: e.getAttribute("role") || (box ? "textbox" : /^H[1-6]$/.test(e.tagName) ? "heading" : ""),
    name: (box || e).getAttribute("aria-label") || own.map(n => n.textContent).join("").trim(),
    x: r.x, y: r.y, width: r.width, height: r.height,
    inside: e.querySelectorAll("[id^=flt-semantic-node]").length,
    whole: r.y > p.y && r.bottom < p.bottom - 1 && r.width > 0 && r.height > 0,
  };
})"""
TOUCHED = frozenset({"button", "checkbox", "radio", "switch", "tab"})
"""The roles of what a finger touches."""
_WORD = re.compile(r"[^\s/–-]+")
_EDGE = 5
"""So much of a box is left out at each side when its colours are looked at: its edge, its round corners."""
_LOOKS_AT_MOST, _PAINTED_WITHIN_MS = 8, 250
_LETTERS_AT_LEAST = 3
"""A colour that so few pixels have is no letter's."""


Drawn = Mapping[str, Sequence[tuple[str, float]]]
"""The words that are drawn on what has an identifier: each text with the size of its letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a screen. ``inside`` it lie so many others; ``whole``: none of it is scrolled away."""

    identifier: str
    role: str
    name: str
    x: float
    y: float
    width: float
    height: float
    inside: int
    whole: bool

    def __str__(self) -> str:
        """As a complaint names it."""
        return f"{self.role or 'text'} {self.identifier or self.name[:40]!r}"

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height

    @property
    def is_touched(self) -> bool:
        """Whether a finger does something with it."""
        return self.role in TOUCHED


def parts_of(page: Page) -> list[Part]:
    """Everything on the screen, in the order in which it is read aloud."""
    found: list[dict[str, Any]] = page.evaluate(LOOK)
    return [Part(**one) for one in found]


def faults_of(parts: Sequence[Part], least: int = t.LEAST_TARGET) -> Iterator[str]:
    """What is wrong for whoever cannot see the screen, or wears a glove."""
    for one in parts:
        if (one.is_touched or one.role in {"textbox", "heading"}) and not one.name:
            yield f"{one} has no name"
        if one.is_touched and not one.identifier:
            yield f"{one} has no identifier"
        if one.is_touched and one.whole and (one.width < least - 0.5 or one.height < least - 0.5):
            yield f"{one} is {one.width:.0f} x {one.height:.0f}, and a finger needs {least}"
    twice = Counter(one.identifier for one in parts if one.identifier)
    yield from (f"{name!r} is there {count} times" for name, count in twice.items() if count > 1)
    yield from _out_of_order(parts)


def _out_of_order(parts: Sequence[Part]) -> Iterator[str]:
    """What is read after something that stands wholly below it, and is not beside it in another column."""
    shown = [one for one in parts if one.name and not one.inside and one.whole]
    for before, after in pairwise(shown):
        if (
            after.bottom <= before.y + 1
            and after.x < before.x + before.width
            and before.x < after.x + after.width
        ):
            yield f"{after} is read after {before}, which stands below it"


# -- what is painted ---------------------------------------------------------------------------------
def faint_in(shot: bytes, parts: Sequence[Part], drawn: Drawn) -> Iterator[str]:
    """The texts and signs of a picture that do not stand apart from what is behind them."""
    with Image.open(io.BytesIO(shot)) as opened:
        picture = opened.convert("RGB")
    for one in parts:
        if not one.name or one.inside or not one.whole or one.role == "textbox":
            continue
        edge = _EDGE if one.is_touched else 0
        left, top = max(one.x + edge, 0), max(one.y + edge, 0)
        box = (
            left,
            top,
            min(one.x + one.width - edge, picture.width),
            min(one.bottom - edge, picture.height),
        )
        if box[2] - box[0] < 2 or box[3] - box[1] < 2:
            continue
        measured = contrast_in(picture.crop(box))
        has_words = bool(drawn.get(one.identifier, one.name))
        if measured == 1 and not has_words:  # what it says is said by nothing that is drawn, as yet
            continue
        least = t.LEAST_TEXT if has_words else t.LEAST_EDGE
        if measured < least:
            yield f"{one}: {measured:.1f}, and should be {least:g}"


def faint_on(page: Page, parts: Sequence[Part], drawn: Drawn) -> list[str]:
    """The same on a screen. Painting comes last, so what looks faint is looked at again."""
    found: list[str] = []
    for _ in range(_LOOKS_AT_MOST):
        found = list(faint_in(page.screenshot(), parts, drawn))
        if not found:
            break
        page.wait_for_timeout(_PAINTED_WITHIN_MS)
    return found


def contrast_in(picture: Image.Image) -> float:
    """How far the letters in a picture stand apart from what is behind most of it."""
    found = picture.getcolors(picture.width * picture.height) or []
    [(_, behind)] = sorted(found, reverse=True)[:1]
    return max(
        (t.contrast(_hex(behind), _hex(colour)) for count, colour in found if count >= _LETTERS_AT_LEAST),
        default=1.0,
    )


def _hex(colour: Any) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


# -- large letters, small screens --------------------------------------------------------------------
READ_THROUGH = """() => Math.max(0, ...[...document.querySelectorAll("flt-semantics[role=group]")]
  .map(e => e.getBoundingClientRect().height))"""


def height_to_read(page: Page) -> float:
    """How tall the part that scrolls is: where the words stand."""
    found: float = page.evaluate(READ_THROUGH)
    return found


def cut_in(parts: Sequence[Part], drawn: Drawn, width: int, scale: float) -> Iterator[str]:
    """What does not fit: beyond the edge of the screen, or a word of a button that has to break."""
    for one in parts:
        if one.width and (one.x < -1 or one.x + one.width > width + 1):
            yield f"{one} goes from {one.x:.0f} to {one.x + one.width:.0f} on a screen of {width}"
        for said, size in drawn.get(one.identifier, ()) if one.is_touched else ():
            font = _font(round(size * scale))
            longest = max(_WORD.findall(said), key=font.getlength, default="")
            if font.getlength(longest) > one.width:
                yield f"{one}: “{longest}” has to break in {one.width:.0f}"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)
