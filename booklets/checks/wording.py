"""Checks on words: blame, empty phrases, doubt, bare opinion, and names that nobody recorded.

Style rules never read exact words (Q-09), nor what stands in quotation marks: neither is ours to correct.
Rules that look for a child or a danger read everything. The words stand in ``definitions/wording.toml``;
how the like is said otherwise is judged in ``judging``. Nothing is rewritten.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from booklets.answers import Answer, rows_of, words_in
from booklets.checks.judging import forget_judgements, parts_of, remark_on, remarks_of_blame
from booklets.checks.likeness import forget_runs
from booklets.checks.meanings import listed, phrase_entries
from booklets.checks.people import names_of
from booklets.checks.quoting import own_words, quotes_somebody
from booklets.checks.registry import Spot, check, record_check
from booklets.errors import DefinitionError
from booklets.facts import Facts

SEVERITIES = frozenset({"high", "middle"})
FEWEST_WORDS = 5
ENOUGH_FACT = 8
MOST_NAMES = 3
BEGINNING = 4
READ_TEXTS = 512
"""So many texts are remembered as read: an officer changes one at a time, the rest need no second look."""
LETTERS = re.compile(r"[a-z]+")
BEGINNINGS = re.compile(rf"(?<![a-z])[a-z]{{1,{BEGINNING}}}")
GROUPS = frozenset({"empty", "doubt", "opinion", "own_children", "stock", "waiting", "holding", "referral"})
"""The plain lists of wordings in ``wording.toml``; its phrases have ids of their own."""
ANYHOW = frozenset({""})  # the beginning of a wording of which every word may begin anyhow
SHORT_WITH_ANY_ENDING = re.compile(rf"\b[a-z]{{1,{BEGINNING - 1}}}\*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that puts the blame on a child: how severe it is, and what to write instead."""

    id: str
    severity: str
    write: str

    def found_in(self, text: str) -> str:
        """The phrase as it stands in the text, in any form of its words, or nothing."""
        return next(
            (
                part.reading.words_from(one.first, one.last)
                for part in parts_of(text)
                for one in part.speaking("blaming")
                if one.wording.meaning == listed(self.id)
            ),
            "",
        )


@dataclass(frozen=True, slots=True)
class Words:
    """Wordings to look for in a text, and the lawful uses of them that pass."""

    id: str
    find: re.Pattern[str]
    passes: re.Pattern[str] | None
    begins: Mapping[str, tuple[frozenset[str], ...]]

    def found_in(self, text: str) -> str:
        """The first such wording as it stands in the text, or nothing."""
        if not self.may_be_in(text):
            return ""
        if self.passes is not None:
            text = self.passes.sub(lambda match: "·" * len(match.group()), text)
        match = self.find.search(text)
        return match.group() if match else ""

    def may_be_in(self, text: str) -> bool:
        """Whether the text has a word that begins like each word of one of the wordings: most have not."""
        return self.id in _that_may_be_in(text)

    def taken_out_of(self, text: str, put: str = "") -> str:
        """What is left of the text without these wordings."""
        return self.find.sub(put, text) if self.may_be_in(text) else text


HOW_IT_IS_WRITTEN = frozenset(
    {
        "no_blaming_words",
        "no_doubting_words",
        "no_bare_opinion",
        "more_than_no_concerns",
        "more_than_stock_phrases",
    }
)
"""The checks that judge wording alone: of help to whoever writes or reads, and no reason to act."""


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(files("booklets.definitions").joinpath("wording.toml").read_text(encoding="utf-8"))


def _pattern(wordings: Iterable[str]) -> re.Pattern[str]:
    """Whole words, any case, either apostrophe, any space; ``*`` is any ending."""
    parts = [
        re.escape(one).replace(r"\*", r"\w*").replace(r"\ ", r"\s+").replace("'", "['’]")
        for one in sorted(wordings, key=len, reverse=True)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=READ_TEXTS)
def _beginnings(text: str) -> frozenset[str]:
    """The first letters of every word: a text without those of a wording need not be searched for it."""
    return frozenset(BEGINNINGS.findall(text.lower()))


def _begins(wordings: Iterable[str]) -> Mapping[str, tuple[frozenset[str], ...]]:
    """The first letters of the words of each wording, found by those of its longest word.

    A short word with any ending may begin anyhow, so it is not looked for.
    """
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for one in wordings:
        words = LETTERS.findall(SHORT_WITH_ANY_ENDING.sub("", one.lower()))
        longest = max(words, key=len, default="")[:BEGINNING]
        found[longest] = (*found.get(longest, ()), frozenset(word[:BEGINNING] for word in words))
    return MappingProxyType(found)


@cache
def phrases() -> tuple[Phrase, ...]:
    """The phrases that put the blame on a child, each with what to write instead."""
    return tuple(map(_phrase, phrase_entries()))


@cache
def _by_beginning() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Every wording there is, found by one of its beginnings: whose it is, and all its beginnings."""
    found: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for words in map(_group, GROUPS):
        for beginning, wordings in words.begins.items():
            found[beginning] = (*found.get(beginning, ()), *((words.id, one) for one in wordings))
    return found


@lru_cache(maxsize=READ_TEXTS)
def _that_may_be_in(text: str) -> frozenset[str]:
    """Whose wordings may stand in a text, of all there are: one look at its words serves every rule."""
    begins, known = _beginnings(text), _by_beginning()
    return frozenset(
        id_ for one in known.keys() & (begins | ANYHOW) for id_, wording in known[one] if wording <= begins
    )


def _phrase(entry: Mapping[str, Any]) -> Phrase:
    if entry["severity"] not in SEVERITIES:
        raise DefinitionError(
            "wording.toml", f"{entry['id']}: severity is {' or '.join(sorted(SEVERITIES))}"
        )
    return Phrase(entry["id"], entry["severity"], entry["write"])


@cache
def _severities() -> Mapping[str, str]:
    """How severe each listed phrase is, by what it means."""
    return {listed(one.id): one.severity for one in phrases()}


@cache
def _group(name: str) -> Words:
    """One of the plain lists, such as empty, doubt, opinion, own_children, stock, waiting."""
    words = [word for entry in _file()[name] for word in entry["words"]]
    passes = [word for entry in _file()[name] for word in entry.get("not_in", ())]
    return Words(name, _pattern(words), _pattern(passes) if passes else None, _begins(words))


@cache
def _listed(name: str) -> frozenset[str]:
    """One of the plain lists as single words."""
    return frozenset(word for entry in _file()[name] for word in entry["words"])


IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
IDENTITY_LENGTH = 36


def _texts(answer: Answer) -> Iterator[str]:
    """What is written in an answer: text, and the cells of rows; not choices of several, not ids."""
    if isinstance(answer, tuple) and not rows_of(answer):
        return
    for text in words_in(answer):
        if len(text) != IDENTITY_LENGTH or not IDENTITY.fullmatch(text):
            yield text


def _own_texts(facts: Facts, prefix: str) -> Sequence[tuple[str, str]]:
    """Field and text of everything the officer wrote in own words."""
    return facts.once(("own texts", prefix), lambda: tuple(_found_texts(facts, prefix)))


def _found_texts(facts: Facts, prefix: str) -> Iterator[tuple[str, str]]:
    for name, answer in facts.answers.items():
        if name.startswith(f"{prefix}.") and name not in facts.verbatim:
            yield from ((name, text) for text in _texts(answer))


@record_check
def no_blaming_words(facts: Facts, *, prefix: str, severity: str) -> Sequence[Spot]:
    """The officer's own text puts no blame on the child; exact words are not read."""
    return [
        Spot((name,), words=words)
        for name, text in _own_texts(facts, prefix)
        for found_severity, words in _blaming(text)
        if found_severity == severity
    ]


@lru_cache(maxsize=READ_TEXTS)
def _blaming(text: str) -> tuple[tuple[str, str], ...]:
    """Everything in a text that blames: how severe it is, and what to say of it.

    What no phrase list has is severe only where nearly nothing speaks against it.
    """
    return tuple(
        (
            _severities().get(one.meaning, "high" if one.sure else "middle"),
            f"“{one.words}”: {_ended(one.ask)}",
        )
        for one in remarks_of_blame(text)
    )


def _ended(ask: str) -> str:
    return ask if ask.endswith(("?", ".")) else f"{ask}."


def forget_texts() -> None:
    """Forget every text that was read, so that none outlives the lock or the request."""
    _beginnings.cache_clear()
    _that_may_be_in.cache_clear()
    _blaming.cache_clear()
    _names_in.cache_clear()
    forget_runs()
    forget_judgements()


@record_check
def no_doubting_words(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """The officer's own text does not doubt the child by its choice of verb."""
    return [
        Spot((name,), words=found)
        for name, text in _own_texts(facts, prefix)
        if (found := _group("doubt").found_in(own_words(text)))
    ]


@record_check
def no_bare_opinion(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """A sentence with an opinion in it also says what was seen."""
    return [
        Spot((name,), words=found)
        for name, text in _own_texts(facts, prefix)
        if (found := _opinion_listed(own_words(text)) or _remarked(text, "opinion"))
    ]


def _opinion_listed(own: str) -> str:
    """A listed opinion in a sentence too short to say what was seen."""
    if not _group("opinion").may_be_in(own):
        return ""
    short = (one for one in re.split(r"[.!?\n]+", own) if len(one.split()) < ENOUGH_FACT)
    return next((found for one in short if (found := _group("opinion").found_in(one))), "")


def _remarked(text: str, kind: str) -> str:
    """The words for which a text is judged to be of a kind, or nothing."""
    remark = remark_on(text, kind)
    return remark.words if remark else ""


_SOMETHING_SAID = re.compile(r"\b(?!and\b)_*[^\W_]")


@record_check
def more_than_no_concerns(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """No text of the officer's own is made of empty phrases alone."""
    return [
        Spot((name,), words=found)
        for name, text in _own_texts(facts, prefix)
        if text.strip() and (found := _all_empty(text) or _remarked(text, "empty"))
    ]


def _all_empty(text: str) -> str:
    """The text, where nothing is left of it without the listed empty phrases. A quotation is something."""
    own = own_words(text)
    something = quotes_somebody(own) or _SOMETHING_SAID.search(_group("empty").taken_out_of(own))
    return "" if something else text.strip()


@record_check
def more_than_stock_phrases(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """No text of the officer's own is made of phrases that could be said of any child."""
    return [
        Spot((name,), words=found)
        for name, text in _own_texts(facts, prefix)
        if (found := _all_stock(own_words(text)) or _remarked(text, "template"))
    ]


def _all_stock(own: str) -> str:
    """A listed stock phrase, where little is left without such phrases."""
    stock, empty = _group("stock"), _group("empty")
    found = stock.found_in(own)
    left = empty.taken_out_of(stock.taken_out_of(own, " "), " ") if found else ""
    return found if not quotes_somebody(own) and len(WORD.findall(left)) < FEWEST_WORDS else ""


@check
def no_waiting_for_police_work(reason: Answer | None) -> bool:
    """The reason is not that police work is waited for, or that the matter is covert."""
    return not isinstance(reason, str) or not _group("waiting").found_in(reason)


@record_check
def no_referral_waits_for_police_work(facts: Facts, *, prefix: str) -> Sequence[Spot]:
    """No sentence of the writer's own holds a referral back until a warrant, an arrest or a result."""
    return [
        Spot((name,), words=sentence.strip())
        for name, text in _own_texts(facts, prefix)
        for sentence in SENTENCE.split(text)
        if all(_group(one).found_in(sentence) for one in ("referral", "holding", "waiting"))
    ]


@record_check
def no_word_of_own_children(facts: Facts, **settings: Sequence[str]) -> Sequence[Spot]:
    """Nothing written or said points to further children, such as "kids of his own". Reads exact words."""
    passed_over = settings.get("except", ())
    return [
        Spot((name,), words=found)
        for name, answer in facts.answers.items()
        if name not in passed_over
        for text in _texts(answer)
        if (found := _group("own_children").found_in(text))
    ]


WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
NEAR = 4
"""So many words before "to" say whether somebody comes after it."""
SENTENCE = re.compile(r"(?<=[.!?:;\n])\s+|[“”\"\n]+")


@record_check
def everyone_is_recorded(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """Every name in these texts belongs to somebody recorded. Reads exact words; guesses from capitals."""
    known = _listed("not_a_name").union(*(names_of(entity) for entity in facts.entities.values()))
    spots: list[Spot] = []
    for field in fields:
        answer = facts.answers.get(field)
        if answer is None:
            continue
        said = [str(row["said"]) for row in rows_of(answer) if isinstance(row.get("said"), str)]
        texts = said or list(_texts(answer))
        names = dict.fromkeys(
            name for text in texts for name in _names_in(text) if name.lower() not in known
        )
        spots += [Spot((field,), words=name) for name in list(names)[:MOST_NAMES]]
    return spots


@lru_cache(maxsize=READ_TEXTS)
def _names_in(text: str) -> tuple[str, ...]:
    """Words with a capital in the middle of a sentence that are not said of a place."""
    return tuple(_names(text))


def _names(text: str) -> Iterator[str]:
    for sentence in SENTENCE.split(text):
        words = WORD.findall(sentence)
        for at, (word, after) in enumerate(zip(words[1:], [*words[2:], ""], strict=False), 1):
            if not word[0].isupper() or word.isupper() or len(word) <= 2:  # noqa: PLR2004 - initials
                continue
            of_place = _leads_to_a_place(words[:at]) or bool(
                {word.lower(), after.lower()} & _listed("in_a_place")
            )
            if not of_place:
                yield re.sub(r"['’]s$", "", word)


def _leads_to_a_place(words: Sequence[str]) -> bool:
    """Whether a place comes next: after "in" or "to", but not where something is sent to somebody."""
    *before, last = (word.lower() for word in words)
    to_somebody = last == "to" and not _listed("to_somebody").isdisjoint(before[-NEAR:])
    return last in _listed("before_a_place") and not to_somebody


@check
def more_than_habit_or_age(reason: Answer | None) -> bool:
    """Without age, habit and stock phrases something is left of the reason, and it fits not every child."""
    if not isinstance(reason, str) or not reason.strip():
        return True
    left = len(WORD.findall(_group("habit").find.sub(" ", reason)))
    return left >= FEWEST_WORDS and remark_on(reason, "template") is None
