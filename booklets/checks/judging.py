"""Whether a text blames, is a bare opinion, a reason that fits every child, or an empty note.

No single word decides. Ways of saying it (``meanings``) speak for it; what the sentence names (a time, a
number, a person, a thing, what somebody said) speaks against it. How much each word and each cue counts was
learned from labelled sentences by ``python -m house.language``, and stands in ``language_weights.json``.
Without a way of saying it nothing is ever remarked on, and the remark points at those words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any

from booklets.checks.meanings import LISTED, STRONG, Found, asks, corrects, found_in, spelling
from booklets.checks.quoting import own_words
from booklets.checks.saying import said_in
from booklets.checks.stems import QUOTE, Reading, reading_of, stem
from booklets.checks.vocabulary import sort_of

READ_TEXTS = 512
KINDS = ("blaming", "opinion", "template", "empty")
BY_SENTENCE = frozenset({"blaming", "opinion"})
"""Judged sentence by sentence; the others are said of a text as a whole."""
NEXT_SENTENCE = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[A-Z0-9“‘\"'])|\n+")
CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[:.][0-5]\d|(?:[01]\d|2[0-3])[0-5]\d")
A_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
"""A choice of a form, which the checks see as a text; one word is in the lists of ``wording`` or nowhere."""
TELLS = frozenset(
    {"tell", "say", "ask", "show", "point", "describ", "explain", "confirm", "shout", "answer", "ring"}
)
OFFICER = frozenset({"i", "we", "pc", "ps", "dc", "ds", "sgt"})
LITTLE = (0.7, 1.3)
STOCK = {"half": 2, "a third": 3}
STEPS = {"strong": 3, "hints": 3, "numbers": 2, "names": 3, "tells": 2, "weighs": 4}
"""What is counted is one cue for each of the first few: the second may add less than the first, or more."""
MOST_SHOWN = 3
SURE = 2.5
"""Nearly nothing speaks against what weighs so much more than enough."""


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
    """The words that a remark points at, the question that is put beside them, and what they mean.

    ``sure`` where nearly nothing speaks against it.
    """

    words: str
    ask: str
    meaning: str
    sure: bool


@cache
def weights() -> Mapping[str, Mapping[str, Any]]:
    """What was learned: for each judgement how much every cue and wording counts, and how much is enough."""
    text = files("booklets.definitions").joinpath("language_weights.json").read_text(encoding="utf-8")
    learned: Mapping[str, Mapping[str, Any]] = json.loads(text)["judgements"]
    return learned


def remark_on(text: str, kind: str) -> Remark | None:
    """What there is to say of a text of an officer's own, or nothing. Quotations are not read."""
    return _remarks(text).get(kind)


def remarks_of_blame(text: str) -> Sequence[Remark]:
    """What there is to say of every sentence that blames: of each listed phrase, or of the sentence.

    A listed phrase is pointed out wherever it stands, unless it is denied, meant otherwise or put right.
    """
    return _blame(text)


@lru_cache(maxsize=READ_TEXTS)
def _remarks(text: str) -> Mapping[str, Remark]:
    """Every remark on a text, by what it says of it."""
    return {
        kind: _remark(part.speaking(kind), part, sure=False)
        for kind, part in judged(text)
        if weight_of(part, kind, text) >= weights()[kind]["enough"]
    }


@lru_cache(maxsize=READ_TEXTS)
def _blame(text: str) -> Sequence[Remark]:
    remarks: dict[str, Remark] = {}
    enough = weights()["blaming"]["enough"]
    for part in sentences_of(text):
        spoken = part.speaking("blaming")
        weight = weight_of(part, "blaming", text) if spoken else enough - SURE
        listed = {
            one.wording.meaning: one for one in reversed(spoken) if one.wording.meaning.startswith(LISTED)
        }
        if weight < enough and (not listed or corrects(parts_of(text)[0].reading)):
            continue
        groups: list[Sequence[Found]] = [(one,) for one in reversed(listed.values())]
        for found in groups or [spoken]:
            remark = _remark(found, part, sure=weight >= enough + SURE)
            remarks.setdefault(remark.meaning, remark)
    return tuple(remarks.values())


def forget_judgements() -> None:
    """Forget every text that was read, so that none outlives the lock or the request."""
    for kept in (_remarks, _blame, cues_of, _part, parts_of, own_words, stem, sort_of):
        kept.cache_clear()


def judged(text: str) -> Iterator[tuple[str, Part]]:
    """What a text might be, with the part of it that says so most."""
    whole = parts_of(text)[0]
    if not any(one[:1].isalpha() for one in whole.reading.stems):
        return
    for kind in KINDS:
        spoken = [one for one in sentences_of(text) if one.speaking(kind)]
        if kind in BY_SENTENCE and spoken and len(whole.reading.stems) > 1:
            yield kind, max(spoken, key=lambda one: sum(f.wording.worth for f in one.speaking(kind)))
        elif kind not in BY_SENTENCE and whole.speaking(kind) and QUOTE not in whole.reading.stems:
            yield kind, whole


def sentences_of(text: str) -> Sequence[Part]:
    """Each sentence of a text; the whole where it is one."""
    whole, *sentences = parts_of(text)
    return sentences if len(sentences) > 1 else (whole,)


@lru_cache(maxsize=READ_TEXTS)
def parts_of(text: str) -> tuple[Part, ...]:
    """The whole text and then each of its sentences, without what is quoted."""
    own = "" if A_CODE.fullmatch(text) else own_words(text)
    whole = _part(own)
    return (
        (whole, *(_part(one) for one in NEXT_SENTENCE.split(own) if one.strip()))
        if whole.found
        else (whole,)
    )


@lru_cache(maxsize=READ_TEXTS)
def _part(own: str) -> Part:
    """A text that is being written is read anew at each rest, and most of its sentences are the same."""
    reading = reading_of(own, spelling())
    return Part(reading, found_in(reading))


def weight_of(part: Part, kind: str, text: str) -> float:
    """How much speaks for a judgement on a part, less what speaks against it."""
    counts: Mapping[str, float] = weights()[kind]["counts"]
    return sum(counts.get(cue, 0.0) for cue in (*cues_of(part.reading), *said_of(part, kind, text)))


def _remark(found: Sequence[Found], part: Part, *, sure: bool) -> Remark:
    """Points at the ways of saying it that mean little else, or at the hints where there are none."""
    spoken = _apart(found)
    first = [one for one in spoken if one.wording.worth == STRONG] or spoken
    said = dict.fromkeys(part.reading.words_from(one.first, one.last) for one in first[:MOST_SHOWN])
    meaning = first[0].wording.meaning
    return Remark(" … ".join(said), asks()[meaning], meaning, sure)


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


@lru_cache(maxsize=READ_TEXTS)
def cues_of(reading: Reading) -> tuple[str, ...]:
    """What a text is made of: its words, and how much it names of what happened. Each cue has a name.

    Every judgement on a text begins with them.
    """
    return tuple(_cues_in(reading))


def _cues_in(reading: Reading) -> Iterator[str]:
    said = said_in(reading.text)
    yield "always"
    yield from _steps("weighs", int(said.weight))
    yield from (f"weighs less than {least}" for least in LITTLE if said.weight < least)
    yield from (f"{share} is stock" for share, part_of in STOCK.items() if said.stock * part_of > said.words)
    yield from _named(reading)
    yield from sorted({f"word {one}" for one in reading.stems if one[0].isalpha()})


def said_of(part: Part, kind: str, text: str) -> Iterator[str]:
    """In what ways a part says it, and what takes that back."""
    spoken = part.speaking(kind)
    apart = _apart(spoken)
    strong = sum(1 for one in apart if one.wording.worth == STRONG)
    yield from _steps("strong", strong)
    yield from _steps("hints", len(apart) - strong)
    yield from ("listed" for _ in range(any(one.wording.meaning.startswith(LISTED) for one in spoken)))
    yield from ("corrects" for _ in range(corrects(parts_of(text)[0].reading)))


def _steps(name: str, number: int) -> Iterator[str]:
    return (f"{name} {step}" for step in range(1, min(number, STEPS[name]) + 1))


def _named(reading: Reading) -> Iterator[str]:
    """What a part names of what happened: times, numbers, names, what somebody said, what an officer did."""
    numbers = [one for one in reading.stems if one[0].isdigit()]
    if any(CLOCK.fullmatch(one) for one in numbers):
        yield "clock"
    yield from _steps("numbers", len(numbers))
    yield from _steps("names", sum(map(partial(_is_name, reading), range(len(reading.stems)))))
    yield from _steps("tells", sum(1 for one in reading.stems if one in TELLS))
    if any(one in OFFICER for one in reading.stems):
        yield "an officer"
    if QUOTE in reading.stems:
        yield "quotes"


def _is_name(reading: Reading, place: int) -> bool:
    return place > 0 and reading.stems[place] != "i" and reading.text[reading.spans[place][0]].isupper()
