"""What a text may mean: the ways of saying it in ``definitions/language.toml``, in any form of the words.

A wording is looked for only where the text has its longest word, so that a text is not searched for all.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from importlib.resources import files
from itertools import permutations, product
from sys import intern
from typing import Any, NamedTuple

from booklets.checks.stems import KNOWN_WORDS, QUOTE, STOP, Reading, Spelling, language, spelling_of, stem
from booklets.checks.vocabulary import listed as listed_words

BETWEEN = r"(?: (?!\|)[^ ]+){0,3}?"
APART = r"(?: (?!\|)[^ ]+){0,6}?"
NUMBERS = {
    "<teen>": r"(?:1[0-7]|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)",
    "<grown>": r"(?:1[89]|[2-9]\d|eighteen|nineteen|twenty\w*|thirty\w*|forty\w*|fifty\w*|20s|30s|40s|50s)",
}
KEY = 4
ANY_TEXT = ("",)
DENIED_WITHIN = 4
APART_FROM = frozenset({STOP, QUOTE})
"""Beyond these begins another sentence, or what somebody else said."""
LISTED = "listed"
"""What the meaning of a phrase in ``wording.toml`` begins with."""
ANYBODY = {
    "herself": "<self>", "himself": "<self>", "themselves": "<self>", "her": "<his>", "his": "<his>",
    "their": "<his>", "she": "<he>", "he": "<he>", "they": "<he>",
}  # fmt: skip
STRONG, WEAK = 1.0, 0.35
"""What a wording counts before anything was learned: one that means little else, and a hint."""


@dataclass(frozen=True, eq=False)
class Wording:
    """One way of saying something, and how much it counts by itself. There is one of each."""

    written: str
    meaning: str
    kind: str
    worth: float
    needs: tuple[tuple[str, ...], ...]

    @cached_property
    def denies(self) -> bool:
        """Whether it begins with a denial, so that one before it is none."""
        return self.written.split(maxsplit=1)[0].split("/", maxsplit=1)[0] in _denials()

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        """What a sentence has that means something else; most meanings have none."""
        return _unless(self.meaning)

    @cached_property
    def of_the_child(self) -> bool:
        """Whether it is said of children only, and means nothing of others."""
        return self.meaning in _of_the_child()

    @cached_property
    def find(self) -> re.Pattern[str]:
        """What it looks like among joined stems; made when it is first looked for, as most never are."""
        return pattern_of(self.written)


class Found(NamedTuple):
    """A wording in a text: from which stem to which, and whether it is denied there or meant otherwise."""

    wording: Wording
    first: int
    last: int
    denied: bool
    otherwise: bool = False


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
    return written[:-1].removesuffix("e") if len(written) > KEY + 1 else written[:-1]


def pattern_of(*wordings: str) -> re.Pattern[str]:
    """Any of some wordings as a pattern over joined stems; parts with "&" stand in any order."""
    orders = (one for each in wordings for one in permutations(map(_sequence, each.split(" & "))))
    return re.compile(f"(?:{'|'.join(APART.join(one) for one in orders)})(?= )")


def _sequence(wording: str) -> str:
    parts = []
    for one in wording.split():
        if one == "..":
            parts.append(BETWEEN)
            continue
        either = _either(one.removesuffix("?").split("/"))
        parts.append(f"(?: {either})?" if one.endswith("?") else f" {either}")
    return "".join(parts)


def _keys(wording: str) -> list[tuple[str, ...]]:
    """The beginnings of each word that is needed, one for each way of putting it."""
    needed = (one for one in wording.split() if one not in {"..", "&"} and not one.endswith("?"))
    found = [_keys_of(one) for one in needed if not any(word[0] in "<#" for word in one.split("/"))]
    return found or [ANY_TEXT]


@cache
def _keys_of(needed: str) -> tuple[str, ...]:
    """The beginnings of one word in each of its ways; what many wordings need is kept once."""
    return tuple(dict.fromkeys(map(_key, needed.split("/"))))


def _key(word: str) -> str:
    """A beginning for a word that may end anyhow; for another its stem, and a mark that it is whole."""
    return intern(_beginning(word)[:KEY] if word.endswith("*") else f"={stem(word)}")


@cache
def _meanings() -> Mapping[str, Mapping[str, Any]]:
    """Every meaning by its id, those of the listed phrases among them."""
    own = {one["id"]: one for one in language()["meaning"]}
    return {**own, **{listed(one["id"]): _of_a_phrase(one) for one in phrase_entries()}}


@cache
def phrase_entries() -> Sequence[Mapping[str, Any]]:
    """The phrases of ``definitions/wording.toml``."""
    text = files("booklets.definitions").joinpath("wording.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["phrase"])


def listed(phrase: str) -> str:
    """The id of the meaning that a phrase has."""
    return f"{LISTED} {phrase}"


def _of_a_phrase(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A listed phrase as a meaning: in any form of its words, and of whomever it is said."""
    words = [_of_anybody(one) for one in entry["avoid"]]
    passes = [_of_anybody(one) for one in entry.get("not_in", ())]
    return {"kind": "blaming", "ask": entry["write"], "words": words, "hints": [], "unless": passes}


def _of_anybody(wording: str) -> str:
    """A wording of her and of him as one of anybody, with its hyphens and short forms opened."""
    words = re.sub(r"n't\b", " not", wording.lower().replace("won't", "will not")).replace("-", " ").split()
    return " ".join(ANYBODY.get(word, word.removesuffix("'").replace("'s", " s")) for word in words)


@cache
def asks() -> Mapping[str, str]:
    """The question that is put beside each meaning; for a listed phrase, what to write instead."""
    return {name: str(one["ask"]) for name, one in _meanings().items()}


@cache
def _by_key() -> Mapping[str, tuple[frozenset[str], Mapping[str, Sequence[Wording]]]]:
    """Every wording, by the beginnings of the two words of it which fewest texts are likely to have.

    Behind the first of them stand all seconds, and the wordings of each; where a wording needs one word only
    that is "", which every text has. Few texts have both, so that few wordings are looked at.
    """
    found: dict[str, dict[str, list[Wording]]] = {}
    needs = {one: _keys(one) for one in _written()}
    shared = Counter(key for words in needs.values() for keys in words for key in keys)
    for name, one in _meanings().items():
        for worth, wordings in ((STRONG, one["words"]), (WEAK, one["hints"])):
            for written in wordings:
                needed = sorted(needs[written], key=partial(_how_common, shared))
                rarest, next_, *others = (*needed, ANY_TEXT) if len(needed) == 1 else needed
                wording = Wording(written, name, one["kind"], worth, tuple(others))
                for first, second in product(rarest, next_):
                    found.setdefault(first, {}).setdefault(second, []).append(wording)
    return {first: (frozenset(seconds), seconds) for first, seconds in found.items()}


@cache
def _needed() -> frozenset[str]:
    """Every beginning that a wording needs."""
    return frozenset(key for written in _written() for keys in _keys(written) for key in keys)


def _how_common(shared: Counter[str], keys: Iterable[str]) -> tuple[bool, int]:
    """How often a word may stand in a text in vain: the small ones most, then what many wordings have."""
    small = not listed_words("small").isdisjoint(key.removeprefix("=") for key in keys)
    return small, sum(shared[key] for key in keys)


def _written() -> list[str]:
    return [one for entry in _meanings().values() for one in (*entry["words"], *entry["hints"])]


@cache
def _denials() -> frozenset[str]:
    return frozenset(language()["counter"]["denials"].split())


@cache
def _no_denials() -> re.Pattern[str]:
    return pattern_of(*language()["counter"]["no_denial"])


@cache
def _corrects() -> re.Pattern[str]:
    return pattern_of(*language()["counter"]["corrects"])


@cache
def _unless(meaning: str) -> re.Pattern[str] | None:
    wordings = _meanings()[meaning].get("unless", ())
    return pattern_of(*wordings) if wordings else None


@cache
def spelling() -> Spelling:
    """How the longer words of all wordings are spelt."""
    words = {word.removesuffix("?") for one in _written() for word in one.replace("/", " ").split()}
    words |= set(language()["spelt"].split())
    return spelling_of(stem(word) for word in words if word[-1:].isalpha())


def corrects(reading: Reading) -> bool:
    """Whether the text speaks of words as words, to put them right."""
    return _corrects().search(reading.joined) is not None


def found_in(reading: Reading) -> tuple[Found, ...]:
    """Every wording that the text has. A listed phrase is meant otherwise where a like wording is."""
    found = _all_found_in(reading)
    otherwise = {place for one in found if one.otherwise for place in range(one.first, one.last + 1)}
    if not otherwise:
        return found
    return tuple(
        one._replace(denied=True)
        if one.wording.meaning.startswith(LISTED)
        and not otherwise.isdisjoint(range(one.first, one.last + 1))
        else one
        for one in found
    )


def _all_found_in(reading: Reading) -> tuple[Found, ...]:
    keys = set(ANY_TEXT).union(*map(keys_in, set(reading.stems)))
    by_key, near = _by_key(), set[Wording]()
    for key in keys:
        if key in by_key:
            others, wordings = by_key[key]
            for other in keys & others:
                near.update(wordings[other])
    found, joined = [], reading.joined
    for wording in near:
        for one in wording.needs:
            if keys.isdisjoint(one):
                break
        else:
            if match := wording.find.search(joined):
                found.append(_found(wording, match, reading))
    return tuple(found)


@lru_cache(maxsize=KNOWN_WORDS)
def keys_in(stem: str) -> tuple[str, ...]:
    """Every beginning of this stem that some wording needs: most stems have none."""
    beginnings = dict.fromkeys((*(stem[:length] for length in range(1, KEY + 1)), f"={stem}"))
    return tuple(one for one in beginnings if one in _needed())


def _found(wording: Wording, match: re.Match[str], reading: Reading) -> Found:
    first, last = reading.token_at(match.start() + 1), reading.token_at(match.end() - 1)
    denied = not wording.denies and _is_denied(reading, first)
    otherwise = (wording.of_the_child and _of_another(reading, first)) or (
        wording.unless is not None
        and wording.unless.search(reading.joined, *_sentence(reading, match.start() + 1)) is not None
    )
    return Found(wording, first, last, denied or otherwise, otherwise and wording.kind == "blaming")


def _of_another(reading: Reading, first: int) -> bool:
    """Whether what is said of children only is said here of another person, or of a thing."""
    if _others().isdisjoint(reading.stems[:first]):
        return False
    words = reading.of
    for place in range(first - 1, -1, -1):
        one = reading.stems[place]
        if one in APART_FROM or one in _children() or words[place][0].isupper():
            return one in _others()
        if one in _others():
            return True
    return False


@cache
def _of_the_child() -> frozenset[str]:
    counter = language()["counter"]
    return frozenset(
        (*counter["of_the_child"].split(), *map(listed, counter["of_the_child_listed"].split()))
    )


@cache
def _others() -> frozenset[str]:
    return frozenset(map(stem, language()["set"]["others"].split()))


@cache
def _children() -> frozenset[str]:
    return frozenset(stem(word) for name in ("kid", "he", "him") for word in language()["set"][name].split())


def _sentence(reading: Reading, place: int) -> tuple[int, int]:
    """Where the sentence at a place in the joined stems begins and ends there."""
    end = reading.joined.find(f" {STOP} ", place)
    return max(reading.joined.rfind(f" {STOP} ", 0, place), 0), end + 1 if end > 0 else len(reading.joined)


def _is_denied(reading: Reading, first: int) -> bool:
    """Whether a denial stands shortly before, in the same part of the sentence."""
    nearest = max(first - DENIED_WITHIN, 0)
    if _denials().isdisjoint(reading.stems[nearest:first]):
        return False
    for place in range(first - 1, nearest - 1, -1):
        one = reading.stems[place]
        if one in APART_FROM:
            return False
        if one in _denials():
            no_denial = _no_denials().match(reading.joined, reading.place_of(place) - 1)
            return no_denial is None and not _comma_between(reading, place, first)
    return False


def _comma_between(reading: Reading, first: int, last: int) -> bool:
    if "," not in reading.text:  # mostly, and it saves looking for where each word stands
        return False
    spans = reading.spans
    return "," in reading.text[spans[first][1] : spans[last][0]]
