"""Wording that can stand in the place of a phrase that puts the blame on a child, at one tap.

Most advice cannot be put in the place of anything: it says what to find out. Only where the
definitions give words that fit the very same sentence (``use``) are they offered. The
officer takes them or does not; nothing is ever rewritten by itself, and exact words never.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from booklets.checks.quoting import own_words


@dataclass(frozen=True, slots=True)
class Offer:
    """A phrase as it stands in a text, and what may stand there instead."""

    found: str
    put: str


@cache
def replacements() -> Mapping[str, str]:
    """What may be put for which wording, in lower case."""
    text = files("booklets.definitions").joinpath("wording.toml").read_text(encoding="utf-8")
    phrases = tomllib.loads(text)["phrase"]
    return {found.lower(): put for phrase in phrases for found, put in phrase.get("use", {}).items()}


@cache
def _any_of_them() -> re.Pattern[str]:
    longest_first = sorted(replacements(), key=len, reverse=True)
    parts = [re.escape(one).replace(r"\ ", r"\s+").replace("'", "['’]") for one in longest_first]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def offers_in(text: str) -> tuple[Offer, ...]:
    """Every such phrase in a text, each once. Quotations are not read."""
    found = dict.fromkeys(match.group() for match in _any_of_them().finditer(own_words(text)))
    return tuple(Offer(one, _for(one)) for one in found)


def reworded(text: str, offer: Offer) -> str:
    """The text with what is offered wherever the phrase stands so; no quotation is changed."""
    parts, done = [], 0
    for match in re.finditer(rf"(?<!\w){re.escape(offer.found)}(?!\w)", own_words(text)):
        parts += [text[done : match.start()], offer.put]
        done = match.end()
    return "".join((*parts, text[done:]))


def _for(found: str) -> str:
    put = replacements()[re.sub(r"\s+", " ", found).replace("’", "'").lower()]
    return put[0].upper() + put[1:] if found[0].isupper() and not found.isupper() else put
