"""The words of people who supervise, by what they do for a text: the lists of ``definitions/saying.toml``.

A word is found as it is written, by its root, or as the misspelling of a listed word that begins with
the same letter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

SHORTEST, SHORT = 3, 4
"""What is left of a word is no shorter; words no longer than this are never read as misspelt."""


READ_WORDS = 4096


class Sort(StrEnum):
    """What a word does for a text."""

    SMALL = "small"
    ANY = "said_of_any"
    THING = "things"
    COMMON = "common"
    LACK = "lacking"
    DENIAL = "denials"
    ASKING = "asking"
    TIME = "times"
    ROUGHLY = "some_time"
    NAME = "name"
    UNKNOWN = "unknown"


ABSTRACT = (
    "tion", "tions", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ance", "ence", "ship",
    "ism", "ical", "ive", "able", "ible", "ally", "ily", "ely", "ably", "ously",
    "ology", "ological", "ural", "ory", "ify", "ified",
)  # fmt: skip
"""How words end that name no person, place or thing; those that do stand in a list."""


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(files("booklets.definitions").joinpath("saying.toml").read_text(encoding="utf-8"))


@cache
def listed(name: str) -> frozenset[str]:
    """One list of single words, as they are written and as their roots."""
    words = str(_lists()[name]).split()
    return frozenset(words) if name == "small" else frozenset((*words, *map(root, words)))


@cache
def _phrases(name: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    phrases = sorted(_lists()[name], key=len, reverse=True)
    parts = [re.escape(one.lower()).replace(r"\ ", r"[\s-]+") for one in phrases]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", flags)


def without_idioms(text: str) -> str:
    """The text with one word in the place of each phrase that means nothing, or that something lacks."""
    for name, instead in (("lacks", " missing "), ("idioms", " noted ")):
        if _phrases(name).search(text.lower()):  # small letters are quick to look for, and most have none
            text = _phrases(name, re.IGNORECASE).sub(instead, text)
    return text


LISTED = (
    Sort.THING, Sort.TIME, Sort.COMMON, Sort.ROUGHLY, Sort.ASKING,
    Sort.LACK, Sort.DENIAL, Sort.ANY, Sort.SMALL,
)  # fmt: skip
"""The lists; where two have a word, or a misspelling is near to both, the later one counts."""


@cache
def _written() -> Mapping[str, Sort]:
    """Every listed word as it stands in its list: "phone" is a thing, and "phoned" is done of any."""
    return {word: sort for sort in LISTED for word in str(_lists()[sort.value]).split()}


@cache
def _sorts() -> Mapping[str, Sort]:
    """Every listed word, by its root."""
    return {
        word if sort is Sort.SMALL else root(word): sort
        for sort in LISTED
        for word in str(_lists()[sort.value]).split()
    }


@cache
def _almost() -> Mapping[str, Sort]:
    """Every longer word with and without one of its letters, behind the letter that it begins with."""
    words = sorted(_sorts().items(), key=lambda one: LISTED.index(one[1]))
    return {
        word[0] + shorter: sort
        for word, sort in words
        if len(word) > SHORT
        for shorter in (word, *_one_left_out(word))
    }


def _one_left_out(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


@lru_cache(maxsize=READ_WORDS)
def sort_of(word: str) -> Sort:
    """What a word is by the lists: as it is, by its root, or as the misspelling of a listed one."""
    if word in listed("small"):
        return Sort.SMALL
    stem = root(word)
    exact = _written().get(word) or _sorts().get(word) or _sorts().get(stem)
    if exact is not None:
        return exact
    if len(stem) < SHORT:
        return Sort.UNKNOWN
    tried = (stem, *(one for one in _one_left_out(stem) if len(one) >= SHORT))
    near = next((sort for one in tried if (sort := _almost().get(stem[0] + one)) is not None), None)
    return near or Sort.UNKNOWN


ENDINGS = ("ings", "ing", "edly", "ed", "es", "s", "ly")


@lru_cache(maxsize=READ_WORDS)
def root(word: str) -> str:
    """A word without its ending, so that review, reviewed and reviewing are one."""
    word = re.sub(r"'s?$", "", word)
    for short, whole in (("ies", "y"), ("ied", "y"), ("ily", "y")):
        if word.endswith(short) and len(word) > len(short) + 2:
            return word[: -len(short)] + whole
    for ending in ENDINGS:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= SHORTEST and not (ending == "s" and word.endswith("ss")):
            word = stem if len(stem) >= SHORT else f"{stem}e" if ending != "s" else stem
            break
    if len(word) > SHORT and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if len(word) > SHORT and word.endswith("e") else word


@cache
def known_words() -> frozenset[str]:
    """Every word that a list has, as it is written and by its root: none of them is misspelt."""
    return frozenset(_written()) | frozenset(_sorts())
