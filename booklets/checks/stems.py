"""Words without their endings and misspellings, so that every form of a word is one word.

"Putting", "puts" and "put" are one, and so are "choise" and "choices". The forms that no rule makes stand
in ``definitions/language.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, TypeVar

from booklets.checks.quoting import BLANK
from booklets.checks.vocabulary import known_words

T = TypeVar("T")
TOKEN = re.compile(rf"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[:./]\d+)*|{BLANK}[{BLANK}\s]*|[.!?;\n]+")
"""A word, a number, what was quoted, or the end of a sentence."""
PLAIN_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+(?:[:./][0-9]+)*|[.!?;\n]+")
"""The same where a text has no other letters than these, as most have: found in half the time."""
STOPS = frozenset(".!?;\n")
KNOWN_WORDS = 8192
STOP, QUOTE = "|", "“”"
LEAST, SHORT, LONG = 3, 4, 7
"""A word keeps so many letters, a short one its e, and only a long one is ever read as misspelt."""
LOST_ITS_E = re.compile(r"[^aeiouy][aeiou][^aeiouywx]")
"""What is left of "noted" and "caring"."""
UNMARKED = frozenset((
    "dont", "doesnt", "dosent", "doesent", "didnt", "isnt", "wasnt", "werent", "arent", "wont", "wouldnt",
    "couldnt", "shouldnt", "cant", "cannot", "hasnt", "havent", "hadnt",
))  # fmt: skip
"""A word and "not" in one, without its apostrophe."""
IRREGULAR_NOT = {
    "won": "will",
    "ca": "can",
    "can": "can",
    "wo": "will",
    "dose": "do",
    "doese": "do",
    "sha": "shall",
}


@cache
def language() -> Mapping[str, Any]:
    """Everything in ``definitions/language.toml``."""
    return tomllib.loads(files("booklets.definitions").joinpath("language.toml").read_text(encoding="utf-8"))


@cache
def _same() -> Mapping[str, str]:
    """The first of its forms for every word that has forms of its own."""
    forms = {form: line.split()[0] for line in language()["same"] for form in line.split()}
    return {**{word: word for word in language()["keep"].split()}, **forms}


@lru_cache(maxsize=KNOWN_WORDS)
def stem(word: str) -> str:
    """A word in small letters without its ending."""
    if word in _same():
        return _same()[word]
    for ending, instead in (("ies", "y"), ("ied", "y"), ("ily", "y")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + instead
    if word.endswith("s") and len(word) > LEAST + 1 and word[-2] not in "su":
        word = word[:-1]
        if word in _same():
            return _same()[word]
    for ending in ("ing", "ed", "ly"):
        left = word[: -len(ending)]
        if word.endswith(ending) and len(left) >= LEAST and re.search("[aeiouy]", left):
            word = f"{left}e" if ending != "ly" and LOST_ITS_E.fullmatch(left) else left
            break
    if len(word) > LEAST and word[-1] == word[-2] and word[-1] not in "slzeo":
        word = word[:-1]
    return word[:-1] if len(word) > SHORT and word.endswith("e") else word


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as stems, each between spaces.

    ``written`` is what they are the stems of, ``by_word`` which each of those has: "doesn't" has two.
    """

    text: str
    written: Sequence[str]
    by_word: Sequence[tuple[str, ...]]
    stems: tuple[str, ...]
    joined: str

    @property
    def of(self) -> Sequence[str]:
        """What each stem is the stem of."""
        return self._for_each_stem(self.written)

    @property
    def spans(self) -> Sequence[tuple[int, int]]:
        """Where in the text that stands: found out when it is asked, which is of few texts."""
        return self._for_each_stem([one.span() for one in _token_in(self.text).finditer(self.text)])

    def _for_each_stem(self, of_words: Sequence[T]) -> Sequence[T]:
        if len(of_words) == len(self.stems):
            return of_words
        return [one for one, stems in zip(of_words, self.by_word, strict=True) for _ in stems]

    def token_at(self, place: int) -> int:
        """Which stem stands at a place in the joined stems."""
        return max(self.joined.count(" ", 0, place) - 1, 0)

    def place_of(self, token: int) -> int:
        """Where in the joined stems a stem begins, behind its space."""
        return sum(map(len, self.stems[:token])) + token + 1

    def words_from(self, first: int, last: int) -> str:
        """What was written from one stem to another."""
        spans = self.spans
        return self.text[spans[first][0] : spans[last][1]]


@dataclass(frozen=True, eq=False)
class Spelling:
    """Longer words, and what is left of each when a letter is missing, with the word that is meant."""

    meant: Mapping[str, str]

    def of(self, word: str, *, named: bool) -> str:
        """A stem, or the one that is meant where it is misspelt. What may be a name is left alone."""
        if named or len(word) < LONG - 1 or word in known_words():
            return word
        if word in self.meant:
            return self.meant[word]
        return next((self.meant[one] for one in left_out(word) if one in self.meant), word)


def reading_of(text: str, spelling: Spelling) -> Reading:
    """The stems of a text."""
    written = _token_in(text).findall(text)
    found = [stems_of(one, spelling, True) for one in written]
    if written and text.startswith(written[0]):  # a capital says nothing of the word that begins a text
        found[0] = stems_of(written[0], spelling, False)
    stems = tuple(chain.from_iterable(found))
    return Reading(text, written, found, stems, f" {' '.join(stems)} ")


def _token_in(text: str) -> re.Pattern[str]:
    return PLAIN_TOKEN if text.isascii() else TOKEN


@lru_cache(maxsize=KNOWN_WORDS)
def stems_of(written: str, spelling: Spelling, inside: bool) -> tuple[str, ...]:
    """The stems of one word as written: "doesn't" is two. ``inside`` it may be a name."""
    if written[0].isdecimal():
        return (written,)
    if written[0] == BLANK or written[0] in STOPS:
        return (QUOTE if written[0] == BLANK else STOP,)
    low = written.lower().replace("’", "'")
    if low in UNMARKED or low.endswith("n't"):
        bare = re.sub(r"(?:n't|nt|not|ent)$", "", low)
        return (IRREGULAR_NOT.get(bare, stem(bare)), "not") if bare else ("not",)  # "n't" alone is no word's
    word, _, clitic = low.partition("'")
    meant = spelling.of(stem(word), named=inside and written[0].isupper())
    return (meant, stem(clitic)) if clitic else (meant,)


def left_out(word: str) -> Iterator[str]:
    """The word with each of its letters but the first left out, in turn."""
    return (word[:place] + word[place + 1 :] for place in range(1, len(word)))


def spelling_of(words: Iterable[str]) -> Spelling:
    """How the longer ones of these words are spelt."""
    long = sorted({word for word in words if len(word) >= LONG})
    near = {short: word for word in long for short in left_out(word)}
    return Spelling({**near, **{word: word for word in long}})
