"""The phrases and plain lists of ``definitions/wording.toml`` and ``marks.toml``, found in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from booklets.checks.judging import parts_of
from booklets.checks.meanings import listed, phrase_entries
from booklets.errors import DefinitionError

SEVERITIES = frozenset({"high", "middle"})
BEGINNING = 4
READ_TEXTS = 512
"""So many texts are remembered as read: an officer changes one at a time, the rest need no second look."""
LETTERS = re.compile(r"[a-z]+")
BEGINNINGS = re.compile(rf"(?<![a-z])[a-z]{{1,{BEGINNING}}}")
GROUPS = frozenset(
    {"empty", "doubt", "opinion", "own_children", "stock", "waiting", "holding", "referral", "marks"}
)
"""The plain lists of wordings in ``wording.toml`` and ``marks.toml``; the phrases have ids of their own."""
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
                for part in parts_of(text).sentences
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
    starts: re.Pattern[str]

    def found_in(self, text: str) -> str:
        """The first such wording as it stands in the text, or nothing."""
        return self._found_in(text) if self.may_be_in(text) else ""

    def alone_found_in(self, text: str) -> str:
        """The same for whoever asks of this list and no other."""
        return self._found_in(text) if self.may_alone_be_in(text) else ""

    def _found_in(self, text: str) -> str:
        if self.passes is not None:
            text = self.passes.sub(lambda match: "·" * len(match.group()), text)
        match = self.find.search(text)
        return match.group() if match else ""

    def may_be_in(self, text: str) -> bool:
        """Whether the text has a word that begins like each word of one of the wordings: most have not."""
        return self.id in _that_may_be_in(text)

    def may_alone_be_in(self, text: str) -> bool:
        """The same for whoever asks of this list and no other: most texts are passed over at a glance."""
        if self.starts.search(text.lower()) is None:
            return False
        begins = _beginnings(text)
        return any(wording <= begins for wordings in self.begins.values() for wording in wordings)

    def taken_out_of(self, text: str, put: str = "") -> str:
        """What is left of the text without these wordings."""
        return self.find.sub(put, text) if self.may_be_in(text) else text


@cache
def _file() -> Mapping[str, Any]:
    folder = files("booklets.definitions")
    texts = (folder.joinpath(name).read_text(encoding="utf-8") for name in ("wording.toml", "marks.toml"))
    return {name: said for text in texts for name, said in tomllib.loads(text).items()}


def pattern_of_any(wordings: Iterable[str]) -> re.Pattern[str]:
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
    for words in map(group, GROUPS):
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
def severities() -> Mapping[str, str]:
    """How severe each listed phrase is, by what it means."""
    return {listed(one.id): one.severity for one in phrases()}


@cache
def group(name: str) -> Words:
    """One of the plain lists, such as empty, doubt, opinion, own_children, stock, waiting."""
    words = [word for entry in _file()[name] for word in entry["words"]]
    passes = [word for entry in _file()[name] for word in entry.get("not_in", ())]
    begins = _begins(words)
    passing = pattern_of_any(passes) if passes else None
    return Words(name, pattern_of_any(words), passing, begins, _starting(begins))


def _starting(begins: Iterable[str]) -> re.Pattern[str]:
    """A word that begins so; a short one is the whole word. Of "" every text has one."""
    ends = "(?![a-z])"
    ways = [one if len(one) == BEGINNING else f"{one}{ends}" for one in begins if one]
    return re.compile("" if "" in begins else rf"(?<![a-z])(?:{'|'.join(ways)})")


@cache
def single_words(name: str) -> frozenset[str]:
    """One of the plain lists as single words."""
    return frozenset(word for entry in _file()[name] for word in entry["words"])


def forget_beginnings() -> None:
    """Forget the words of every text that was read."""
    _beginnings.cache_clear()
    _that_may_be_in.cache_clear()
