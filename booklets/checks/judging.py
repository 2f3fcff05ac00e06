"""Whether a text blames, is a bare opinion, a reason that fits every child, or an empty note.

No single word decides. Ways of saying it (``meanings``) speak for it; what the sentence names (a time, a
number, a person, a thing, what somebody said) speaks against it. How much each counts was learned from
labelled sentences by ``python -m house.language``, and stands in ``definitions/language_weights.json``.
Without a way of saying it nothing is ever remarked on, and the remark points at those words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from booklets.checks.meanings import STRONG, Found, asks, corrects, found_in, spelling
from booklets.checks.quoting import own_words
from booklets.checks.saying import said_in
from booklets.checks.stems import QUOTE, Reading, reading_of

READ_TEXTS = 512
KINDS = ("blaming", "opinion", "template", "empty")
BY_SENTENCE = frozenset({"blaming", "opinion"})
"""Judged sentence by sentence; the others are said of a text as a whole."""
NEXT_SENTENCE = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[A-Z0-9“‘\"'])|\n+")
CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[:.][0-5]\d|(?:[01]\d|2[0-3])[0-5]\d")
TELLS = frozenset({"tell", "say", "ask", "show", "point", "describ", "explain", "confirm", "shout", "answer", "ring"})
OFFICER = frozenset({"i", "we", "pc", "ps", "dc", "ds", "sgt"})
STEPS = {"strong": 3, "hints": 3, "numbers": 2, "names": 3, "tells": 2, "weighs": 4}
"""A cue that is counted is one cue for each of the first few: the second adds less than the first, or more."""
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a whole text: its stems, and the ways of saying something that are in it."""

    reading: Reading
    found: tuple[Found, ...]

    def speaking(self, kind: str) -> tuple[Found, ...]:
        """What speaks for a judgement and is not denied, in the order in which it stands."""
        found = [one for one in self.found if one.wording.kind == kind and not one.denied]
        return tuple(sorted(found, key=lambda one: (one.first, one.last)))


@dataclass(frozen=True, slots=True)
class Remark:
    """The words that a remark points at, and the question that is put beside them."""

    words: str
    ask: str


@cache
def weights() -> Mapping[str, Mapping[str, Any]]:
    """What was learned: for each judgement how much every cue and wording counts, and how much is enough."""
    text = files("booklets.definitions").joinpath("language_weights.json").read_text(encoding="utf-8")
    learned: Mapping[str, Mapping[str, Any]] = json.loads(text)["judgements"]
    return learned


def remark_on(text: str, kind: str) -> Remark | None:
    """What there is to say of a text of an officer's own, or nothing. Quotations are not read."""
    return _remarks(text).get(kind)


@lru_cache(maxsize=READ_TEXTS)
def _remarks(text: str) -> Mapping[str, Remark]:
    """Every remark on a text, by what it says of it."""
    return {kind: _remark(part, kind) for kind, part in judged(text) if _is_enough(part, kind, text)}


def forget_judgements() -> None:
    """Forget every text that was read, so that none outlives the lock or the request."""
    _remarks.cache_clear()
    parts_of.cache_clear()


def judged(text: str) -> Iterator[tuple[str, Part]]:
    """What a text might be, with the part of it that says so most."""
    parts = parts_of(text)
    for kind in KINDS:
        chosen = parts[1:] if kind in BY_SENTENCE and len(parts) > 2 else parts[:1]  # noqa: PLR2004 - whole, and one
        spoken = [one for one in chosen if one.speaking(kind)]
        if spoken:
            yield kind, max(spoken, key=lambda one: sum(f.wording.worth for f in one.speaking(kind)))


@lru_cache(maxsize=READ_TEXTS)
def parts_of(text: str) -> tuple[Part, ...]:
    """The whole text and then each of its sentences, without what is quoted."""
    own = own_words(text)
    whole = _part(own)
    return (whole, *(_part(one) for one in NEXT_SENTENCE.split(own) if one.strip())) if whole.found else (whole,)


def _part(own: str) -> Part:
    reading = reading_of(own, spelling())
    return Part(reading, tuple(found_in(reading)))


def _is_enough(part: Part, kind: str, text: str) -> bool:
    learned = weights()[kind]
    counts: Mapping[str, float] = learned["counts"]
    return sum(counts.get(cue, 0.0) for cue in cues_of(part, kind, text)) >= float(learned["enough"])


def _remark(part: Part, kind: str) -> Remark:
    """Points at the ways of saying it that mean little else, or at the hints where there are none."""
    spoken = _apart(part.speaking(kind))
    first = [one for one in spoken if one.wording.worth == STRONG] or spoken
    said = dict.fromkeys(part.reading.words_from(one.first, one.last) for one in first[:MOST_SHOWN])
    return Remark(" … ".join(said), asks()[first[0].wording.meaning])


def _apart(found: Sequence[Found]) -> list[Found]:
    """Those that share no word: a strong one before a hint, a longer one before a shorter."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda one: (-one.wording.worth, one.first - one.last, one.first)):
        words = range(one.first, one.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(one)
    return sorted(kept, key=lambda one: one.first)


def cues_of(part: Part, kind: str, text: str) -> Iterator[str]:
    """Everything in a part that counts for or against a judgement, each by its name."""
    spoken = part.speaking(kind)
    apart = _apart(spoken)
    strong = sum(1 for one in apart if one.wording.worth == STRONG)
    whole, *sentences = parts_of(text)
    said = said_in(part.reading.text)
    yield "always"
    yield from _steps("strong", strong)
    yield from _steps("hints", len(apart) - strong)
    yield from sorted({f"meaning {one.wording.meaning}" for one in spoken})
    yield from sorted(one.wording.id for one in spoken)
    yield from _steps("weighs", int(said.weight))
    yield from ("mostly stock" for _ in range(said.stock * 2 > said.words))
    yield from ("half stock" for _ in range(said.stock * 3 > said.words))
    yield from ("denied" for _ in range(_denied(part, kind)))
    yield from ("elsewhere" for _ in range(len(sentences) > 1 and _elsewhere(sentences, part, kind)))
    yield from ("corrects" for _ in range(corrects(whole.reading)))
    yield from _named(part.reading, frozenset(at for one in spoken for at in range(one.first, one.last + 1)))


def _steps(name: str, number: int) -> Iterator[str]:
    return (f"{name} {step}" for step in range(1, min(number, STEPS[name]) + 1))


def _denied(part: Part, kind: str) -> bool:
    return any(one.denied and one.wording.worth == STRONG for one in part.found if one.wording.kind == kind)


def _elsewhere(sentences: Sequence[Part], part: Part, kind: str) -> bool:
    """Whether another sentence of the text says the like."""
    return any(one.wording.worth == STRONG for other in sentences if other is not part for one in other.speaking(kind))


def _named(reading: Reading, spoken: frozenset[int]) -> Iterator[str]:
    """What a part names of what happened: times, numbers, names, what somebody said, what an officer did."""
    others = [(place, one) for place, one in enumerate(reading.stems) if place not in spoken]
    numbers = [one for _, one in others if one[0].isdigit()]
    if any(CLOCK.fullmatch(one) for one in numbers):
        yield "clock"
    yield from _steps("numbers", len(numbers))
    yield from _steps("names", sum(1 for place, one in others if _is_name(reading, place, one)))
    yield from _steps("tells", sum(1 for _, one in others if one in TELLS))
    if any(one in OFFICER for _, one in others):
        yield "an officer"
    if QUOTE in reading.stems:
        yield "quotes"


def _is_name(reading: Reading, place: int, one: str) -> bool:
    return place > 0 and one != "i" and reading.text[reading.spans[place][0]].isupper()
