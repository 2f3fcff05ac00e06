"""What a text may mean: the ways of saying it in ``definitions/language.toml``, found in any form of the words.

A wording is looked for only where the text has its longest word, so that a text is not searched for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from booklets.checks.stems import QUOTE, STOP, Reading, language, misspellings, stem

GAP = " .. "
BETWEEN = r"(?: (?!\|)[^ ]+){0,3}?"
NUMBERS = {
    "<teen>": r"(?:1[0-7]|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)",
    "<grown>": r"(?:1[89]|[2-9]\d|eighteen|nineteen|twenty\w*|thirty\w*|forty\w*|fifty\w*|20s|30s|40s|50s)",
}
KEY = 4
DENIED_WITHIN = 4
STRONG, WEAK = 1.0, 0.35
"""What a wording counts before anything was learned: one that means little else, and a hint."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of saying something, and how much it counts by itself."""

    id: str
    meaning: str
    kind: str
    worth: float
    denies: bool
    find: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A wording in a text: from which stem to which, and whether it is denied there or meant otherwise."""

    wording: Wording
    first: int
    last: int
    denied: bool


@cache
def _sets() -> Mapping[str, str]:
    sets = {f"<{name}>": _either(words.split()) for name, words in language()["set"].items()}
    return {**sets, **NUMBERS}


def _either(words: Sequence[str]) -> str:
    found = sorted({one if one.startswith("(?:") else _word(one) for one in words}, key=len, reverse=True)
    return f"(?:{'|'.join(found)})"


def _word(written: str) -> str:
    """One word of a wording as a pattern for a stem."""
    if written == "#":
        return r"\d[^ ]*"
    if written.startswith("<"):
        return _sets()[written]
    return re.escape(_beginning(written)) + "[^ ]*" if written.endswith("*") else re.escape(stem(written))


def _beginning(written: str) -> str:
    """What a word begins with that may end anyhow: a stem has lost its last e."""
    return written[:-1].removesuffix("e") if len(written) > KEY else written[:-1]


def pattern_of(wording: str) -> re.Pattern[str]:
    """A wording as a pattern over joined stems."""
    parts = []
    for one in wording.split():
        if one == "..":
            parts.append(BETWEEN)
            continue
        either = _either(one.removesuffix("?").split("/"))
        parts.append(f"(?: {either})?" if one.endswith("?") else f" {either}")
    return re.compile("".join(parts) + "(?= )")


def _keys(wording: str) -> frozenset[str]:
    """The beginnings of the longest word that has to be there, one for each way of putting it."""
    needed = [one.split("/") for one in wording.split() if one != ".." and not one.endswith("?")]
    plain = [[_key(word) for word in one] for one in needed if not any(w[0] in "<#" for w in one)]
    return frozenset(max(plain, key=lambda one: min(map(len, one)), default=[""]))


def _key(word: str) -> str:
    return (_beginning(word) if word.endswith("*") else stem(word))[:KEY]


@cache
def _meanings() -> Sequence[Mapping[str, object]]:
    return tuple(language()["meaning"])


@cache
def asks() -> Mapping[str, str]:
    """The question that is put beside each meaning."""
    return {str(one["id"]): str(one["ask"]) for one in _meanings()}


@cache
def _by_key() -> Mapping[str, Sequence[tuple[str, str, str, float]]]:
    """Every wording, by the beginnings of one of its words."""
    found: dict[str, list[tuple[str, str, str, float]]] = {}
    for one in language()["meaning"]:
        for worth, wordings in ((STRONG, one["words"]), (WEAK, one["hints"])):
            for wording in wordings:
                for key in _keys(wording):
                    found.setdefault(key, []).append((wording, one["id"], one["kind"], worth))
    return found


@cache
def _wording(written: str, meaning: str, kind: str, worth: float) -> Wording:
    denies = written.split()[0].split("/")[0] in _denials()
    return Wording(f"{meaning}: {written}", meaning, kind, worth, denies, pattern_of(written))


@cache
def _denials() -> frozenset[str]:
    return frozenset(language()["counter"]["denials"].split())


@cache
def _no_denials() -> Sequence[re.Pattern[str]]:
    return tuple(map(pattern_of, language()["counter"]["no_denial"]))


@cache
def _corrects() -> Sequence[re.Pattern[str]]:
    return tuple(map(pattern_of, language()["counter"]["corrects"]))


@cache
def _unless(meaning: str) -> Sequence[re.Pattern[str]]:
    entry = next(one for one in language()["meaning"] if one["id"] == meaning)
    return tuple(map(pattern_of, entry.get("unless", ())))


@cache
def spelling() -> Mapping[str, str]:
    """Misspellings of the longer words of all wordings."""
    wordings = [one for entry in language()["meaning"] for one in (*entry["words"], *entry["hints"])]
    words = {word.removesuffix("?") for one in wordings for word in one.replace("/", " ").split()}
    return misspellings(stem(word) for word in words if word[-1:].isalpha())


def corrects(reading: Reading) -> bool:
    """Whether the text speaks of words as words, to put them right."""
    return any(one.search(reading.joined) for one in _corrects())


def found_in(reading: Reading) -> Iterator[Found]:
    """Every wording that the text has."""
    keys = {one[:length] for one in reading.stems for length in range(1, KEY + 1)} | {""}
    known, seen = _by_key(), set()
    for key in known.keys() & keys:
        for entry in known[key]:
            if entry in seen:
                continue
            seen.add(entry)
            wording = _wording(*entry)
            match = wording.find.search(reading.joined)
            if match:
                yield _found(wording, match, reading)


def _found(wording: Wording, match: re.Match[str], reading: Reading) -> Found:
    first, last = reading.token_at(match.start() + 1), reading.token_at(match.end() - 1)
    denied = not wording.denies and _is_denied(reading, first)
    start, end = _sentence(reading, first)
    part = reading.joined[start:end]
    return Found(wording, first, last, denied or any(one.search(part) for one in _unless(wording.meaning)))


def _sentence(reading: Reading, token: int) -> tuple[int, int]:
    """Where the sentence of a stem begins and ends in the joined stems."""
    place = reading.starts[token]
    end = reading.joined.find(f" {STOP} ", place)
    return max(reading.joined.rfind(f" {STOP} ", 0, place), 0), end + 1 if end > 0 else len(reading.joined)


def _is_denied(reading: Reading, first: int) -> bool:
    """Whether a denial stands shortly before, in the same part of the sentence."""
    for place in range(first - 1, max(first - DENIED_WITHIN, 0) - 1, -1):
        one = reading.stems[place]
        if one in {STOP, QUOTE}:
            return False
        if one in _denials():
            between = reading.text[reading.spans[place][1] : reading.spans[first][0]]
            here = reading.joined[reading.starts[place] - 1 :]
            return "," not in between and not any(other.match(here) for other in _no_denials())
    return False
