"""Whether a text blames, is a bare opinion, a reason that fits every child, or an empty note.

No single word decides. What a text means (``meanings``), what it names of what happened (a time, a number, a
person, a thing, what somebody said), and the words it is made of (``pieces``) are added up. How much each
counts was learned from labelled sentences by ``python -m house.language`` (``learned``). A remark points at
words: those that mean it where some are listed, else those that speak most for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import repeat
from math import inf

from booklets.checks.learned import KINDS, Counts, apart, weights
from booklets.checks.meanings import (
    LISTED,
    STRONG,
    Found,
    asks,
    corrects,
    found_in,
    keys_in,
    spelling,
)
from booklets.checks.pieces import forget_pieces, loudest, weigh_pieces
from booklets.checks.quoting import own_words
from booklets.checks.saying import said_in
from booklets.checks.stems import QUOTE, STOP, Reading, language, reading_of, stem, stems_of
from booklets.checks.vocabulary import root, sort_of

READ_TEXTS = 512
LONGEST_READ = 16_000
"""So many letters of a text are judged: twice as many as an answer may have."""
LONGEST_NOTE = 60
"""A text of more words is no empty note and no stock reason, so the whole of it is not read again."""
NEXT_SENTENCE = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[A-Z0-9“‘\"'])|\n+")
MAY_END = re.compile(r"[.!?][”’\"')\]]*\s|\n")
"""Without this no sentence ends inside a text. It is looked for much faster."""
CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[:.][0-5]\d|(?:[01]\d|2[0-3])[0-5]\d")
A_WORD = re.compile(r"(?<![\w'’])[^\W\d_]{2,}")
A_NAME = re.compile(r"(?:[A-Z][\w'’-]*\.?\s+)+[A-Z][\w'’-]*[a-z]")
A_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
"""A choice of a form, which the checks see as a text; one word is in the lists of ``wording`` or nowhere."""
TELLS = frozenset(
    {"tell", "say", "ask", "show", "point", "describ", "explain", "confirm", "shout", "answer", "ring"}
)
OFFICER = frozenset({"i", "we", "pc", "ps", "dc", "ds", "sgt"})
FEW_WORDS = 3
"""A text of no more is remarked on where a wording is listed, or where it weighs more than others do."""
FEW = (1, 2, 3, 5, 8)
LITTLE = (0.7, 1.3)
STOCK = {"half": 2, "a third": 3}
STEPS = {"strong": 3, "hints": 3, "numbers": 2, "names": 3, "tells": 2, "weighs": 4, "of its own": 6}
"""What is counted is one cue for each of the first few: the second may add less than the first, or more."""
NAMING = (
    *(f"weighs {step}" for step in range(1, STEPS["weighs"] + 1)),
    *(f"weighs less than {least}" for least in LITTLE),
    *(f"{share} is stock" for share in STOCK),
)
"""Every cue of how much a text names."""
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a whole text: its stems, and the ways of saying something that are in it.

    ``spoken`` are those that are not denied, by what they speak for, in the order in which they stand.
    ``corrects`` says that it speaks of words as words, to put them right; ``words`` counts its words and
    numbers; ``beside`` says that it is a sentence beside others.
    """

    reading: Reading
    found: tuple[Found, ...]
    spoken: Mapping[str, tuple[Found, ...]]
    corrects: bool
    words: int
    beside: bool = False

    def speaking(self, kind: str) -> tuple[Found, ...]:
        """What speaks for a judgement and is not denied, in the order in which it stands."""
        return self.spoken.get(kind, ())

    @property
    def says_something(self) -> bool:
        """Whether there is a word in it, and not only what is left of one where a thumb has slipped."""
        return A_WORD.search(self.reading.text) is not None

    def enough(self, kind: str) -> float:
        """How much it has to weigh to be remarked on: a word or two are mostly an answer, and may be a name.

        Beside other sentences it has to weigh more: they may say why.
        """
        place = KINDS.index(kind)
        if self.words <= FEW_WORDS:
            worth = max((one.wording.worth for one in self.speaking(kind)), default=0)
            if worth < STRONG and A_NAME.fullmatch(self.reading.text.strip()):
                return inf
            if not worth:
                return weights().few[place]
        return (weights().beside if self.beside else weights().enough)[place]


def _where_it_stands(found: Found) -> tuple[int, int, str, str]:
    """By place, then by what it is: of two meanings of the same words always the same is asked about."""
    return found.first, found.last, found.wording.written, found.wording.meaning


@dataclass(frozen=True, slots=True)
class Remark:
    """The words that a remark points at, the question that is put beside them, and what they mean.

    ``sure`` where nearly nothing speaks against it.
    """

    words: str
    ask: str
    meaning: str
    sure: bool


def remark_on(text: str, kind: str) -> Remark | None:
    """What there is to say of a text of an officer's own, or nothing. Quotations are not read.

    Of blame there may be several: see ``remarks_of_blame``.
    """
    return _remarks(text).get(kind)


def remarks_of_blame(text: str) -> Sequence[Remark]:
    """What there is to say of every sentence that blames: of each listed phrase, or of the sentence.

    A listed phrase is pointed out wherever it stands, unless it is denied, meant otherwise or put right.
    """
    return _blame(text)


@lru_cache(maxsize=READ_TEXTS)
def _remarks(text: str) -> Mapping[str, Remark]:
    """Every remark on a text, by what it says of it."""
    remarks = {}
    corrected = _is_corrected(text)
    for kind, part in _judged(text, corrected=corrected):
        place = KINDS.index(kind)
        weight = weighed(part, corrected=corrected)[place]
        if weight >= part.enough(kind):
            remarks[kind] = _remark(part.speaking(kind), part, kind, sure=weight >= weights().sure[place])
    return remarks


@lru_cache(maxsize=READ_TEXTS)
def _blame(text: str) -> Sequence[Remark]:
    remarks: dict[str, Remark] = {}
    place = KINDS.index("blaming")
    sure, corrected = weights().sure[place], _is_corrected(text)
    for part in parts_of(text).sentences:
        if not part.says_something:
            continue
        spoken = part.speaking("blaming")
        listed = {
            one.wording.meaning: one for one in reversed(spoken) if one.wording.meaning.startswith(LISTED)
        }
        if not listed and not _may_weigh_enough(part, "blaming", corrected=corrected):
            continue
        weight = weighed(part, corrected=corrected)[place]
        if weight < part.enough("blaming") and (corrected or not listed):
            continue
        groups: list[Sequence[Found]] = [(one,) for one in reversed(listed.values())]
        for found in groups or [spoken]:
            remark = _remark(found, part, "blaming", sure=weight >= sure)
            remarks.setdefault(remark.meaning, remark)
    return tuple(remarks.values())


def forget_judgements() -> None:
    """Forget every text that was read, so that none outlives the lock or the request."""
    forget_pieces()
    of_texts = (_remarks, _blame, _weighed, _as_worded, _part, parts_of, own_words)
    of_words = (stems_of, stem, keys_in, root, sort_of)
    for kept in (*of_texts, *of_words):
        kept.cache_clear()


def _judged(text: str, *, corrected: bool) -> Iterator[tuple[str, Part]]:
    """What a text might be besides blaming, with the part of it that says so most.

    An opinion is one sentence; a reason that fits every child and an empty note are all of the text.
    """
    parts = parts_of(text)
    may = partial(_may_weigh_enough, corrected=corrected)
    opinions = [one for one in parts.sentences if one.says_something and may(one, "opinion")]
    if opinions and (len(parts.sentences) > 1 or len(opinions[0].reading.stems) > 1):
        yield "opinion", max(opinions, key=partial(_beyond, kind="opinion", corrected=corrected))
    whole = parts.whole
    if whole and whole.says_something and QUOTE not in whole.reading.stems:
        yield from ((kind, whole) for kind in ("template", "empty") if may(whole, kind))


def _beyond(part: Part, *, kind: str, corrected: bool) -> float:
    """How much more a part weighs than is enough for it."""
    return weighed(part, corrected=corrected)[KINDS.index(kind)] - part.enough(kind)


@dataclass(frozen=True, slots=True)
class Parts:
    """The sentences of a text, and all of it where it is short enough to be judged as a whole."""

    whole: Part | None
    sentences: tuple[Part, ...]


@lru_cache(maxsize=READ_TEXTS)
def parts_of(text: str) -> Parts:
    """A text and its sentences, without what is quoted."""
    own = "" if A_CODE.fullmatch(text) else own_words(text[:LONGEST_READ])
    sentences = [one for one in NEXT_SENTENCE.split(own) if one.strip()] if MAY_END.search(own) else [own]
    whole = _part(own) if len(sentences) <= 1 or len(own.split()) <= LONGEST_NOTE else None
    if whole is not None and len(sentences) <= 1:
        return Parts(whole, (whole,))
    return Parts(whole, tuple(replace(_part(one), beside=True) for one in sentences))


def _is_corrected(text: str) -> bool:
    """Whether a text speaks of words as words, to put them right."""
    return any(one.corrects for one in parts_of(text).sentences)


@lru_cache(maxsize=READ_TEXTS)
def _part(own: str) -> Part:
    """A text that is being written is read anew at each rest, and most of its sentences are the same."""
    reading = reading_of(own, spelling())
    words = len(reading.stems) - reading.stems.count(STOP) - reading.stems.count(QUOTE)
    found = found_in(reading)
    return Part(reading, found, _spoken(found), corrects(reading), words)


def _spoken(found: Sequence[Found]) -> Mapping[str, tuple[Found, ...]]:
    spoken: dict[str, list[Found]] = {}
    for one in sorted(found, key=_where_it_stands):
        if not one.denied:
            spoken.setdefault(one.wording.kind, []).append(one)
    return {kind: tuple(those) for kind, those in spoken.items()}


def weighed(part: Part, *, corrected: bool) -> Counts:
    """How much speaks for each of the judgements on a part, less what speaks against it."""
    return _weighed(part.reading.text, corrected=corrected)


@lru_cache(maxsize=READ_TEXTS)
def _weighed(own: str, *, corrected: bool) -> Counts:
    return _summed(_as_worded(own, corrected=corrected), _counts(_naming(_part(own))))


@lru_cache(maxsize=READ_TEXTS)
def _as_worded(own: str, *, corrected: bool) -> Counts:
    """What speaks for each judgement apart from how much a part names."""
    part = _part(own)
    cues = _counts(_worded(part, corrected=corrected, stock=weights().stock))
    return _summed(weights().always, weigh_pieces(part.reading), cues)


def _may_weigh_enough(part: Part, kind: str, *, corrected: bool) -> bool:
    """Whether a part could be remarked on, whatever it names, which takes longest to find out.

    Of a careful note this is true of no sentence, and then it need not be found out.
    """
    place = KINDS.index(kind)
    return _as_worded(part.reading.text, corrected=corrected)[place] + _most_named()[place] >= part.enough(
        kind
    )


@cache
def _most_named() -> Counts:
    """How much what a part names can speak for each of the judgements at most."""
    each = [_counts([one]) for one in NAMING]
    return tuple(sum(max(0.0, one) for one in counts) for counts in zip(*each, strict=True))


def _counts(cues: Iterable[str]) -> Counts:
    """What cues count together."""
    return apart(sum(map(weights().cues.get, cues, repeat(0))))


def _summed(first: Sequence[float], *others: Sequence[float]) -> Counts:
    return tuple(map(sum, zip(first, *others, strict=True)))


def _remark(found: Sequence[Found], part: Part, kind: str, *, sure: bool) -> Remark:
    """Points at the ways of saying it that mean little else, or at what speaks most where none is listed."""
    spoken = _apart(found)
    if not spoken:
        words = part.reading.words_from(*loudest(part.reading, kind))
        return Remark(words, str(language()["unlisted"][kind]), f"{kind}: {words}", sure)
    first = [one for one in spoken if one.wording.worth == STRONG] or spoken
    said = dict.fromkeys(part.reading.words_from(one.first, one.last) for one in first[:MOST_SHOWN])
    meaning = first[0].wording.meaning
    return Remark(" … ".join(said), asks()[meaning], meaning, sure)


def _apart(found: Sequence[Found]) -> list[Found]:
    """Those that share no word: a strong one before a hint, a longer one before a shorter."""
    if len(found) <= 1:
        return [*found]
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda one: (-one.wording.worth, one.first - one.last, one.first)):
        words = range(one.first, one.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(one)
    return sorted(kept, key=lambda one: one.first)


def cues_of(part: Part, *, corrected: bool, stock: frozenset[str]) -> Iterator[str]:
    """What a part means and how much it names of what happened. Each cue has a name."""
    yield from _naming(part)
    yield from _worded(part, corrected=corrected, stock=stock)


def _naming(part: Part) -> Iterator[str]:
    """How much a part names of what happened; each of ``NAMING``."""
    said = said_in(part.reading.text)
    yield from _steps("weighs", int(said.weight))
    yield from (f"weighs less than {least}" for least in LITTLE if said.weight < least)
    yield from (f"{share} is stock" for share, part_of in STOCK.items() if said.stock * part_of > said.words)


def _worded(part: Part, *, corrected: bool, stock: frozenset[str]) -> Sequence[str]:
    """How a part is put, and what it means by its words.

    What it lacks is heard by how many words are ``of its own``: those that no empty note or stock reason
    has, whatever they are, since what happened is mostly told in words that nobody has used before.
    """
    cues = [
        *_few_words(part.words),
        *_steps("of its own", len(words_in(part.reading, besides=stock))),
        *_named(part.reading),
    ]
    for kind, spoken in part.spoken.items():
        cues += [f"{kind} {cue}" for cue in _said_of(spoken)]
    cues += {f"{'denies' if one.denied else 'means'} {one.wording.meaning}" for one in part.found}
    return [*cues, "corrects"] if corrected else cues


@cache
def _few_words(words: int) -> Sequence[str]:
    return tuple(f"at most {most} words" for most in FEW if words <= most)


def _said_of(spoken: Sequence[Found]) -> Iterator[str]:
    """In how many ways a part says it."""
    those = _apart(spoken)
    strong = sum(1 for one in those if one.wording.worth == STRONG)
    yield from _steps("strong", strong)
    yield from _steps("hints", len(those) - strong)
    if any(one.wording.meaning.startswith(LISTED) for one in spoken):
        yield "listed"


def words_in(reading: Reading, *, besides: frozenset[str] = frozenset()) -> set[str]:
    """The different stems of a text that are words, without those named."""
    return {one for one in set(reading.stems).difference(besides) if one[0].isalpha()}


def _steps(name: str, number: int) -> Sequence[str]:
    return _all_steps(name)[:number]


@cache
def _all_steps(name: str) -> tuple[str, ...]:
    return tuple(f"{name} {step}" for step in range(1, STEPS[name] + 1))


def _named(reading: Reading) -> Iterator[str]:
    """What a part names of what happened: times, numbers, names, what somebody said, what an officer did."""
    stems = reading.stems
    if numbers := [one for one in stems if one[0].isdigit()]:
        if any(map(CLOCK.fullmatch, numbers)):
            yield "clock"
        yield from _steps("numbers", len(numbers))
    yield from _steps("names", _names_in(reading))
    if not TELLS.isdisjoint(stems):
        yield from _steps("tells", sum(map(TELLS.__contains__, stems)))
    if not OFFICER.isdisjoint(stems):
        yield "an officer"
    if QUOTE in stems:
        yield "quotes"


def _names_in(reading: Reading) -> int:
    """How many words begin with a capital, after the first."""
    words = zip(reading.of[1:], reading.stems[1:], strict=True)
    return len([stem for word, stem in words if word[0].isupper() and stem != "i"])
