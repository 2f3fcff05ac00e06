"""How much a text says about one record, as far as its words show: the words of people who supervise.

A text is read clause by clause. Every different thing it names adds to its weight: a person, a place, a
thing, a time, what is missing, who acts. What could stand under any record adds nothing, in whatever
order, form or spelling, and nor does the name of the child or of whoever is thanked. The words stand
in ``definitions/saying.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from booklets.entities import Entity, EntityKind

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[:./-]\d+)*")
CLAUSE = re.compile(r"(?<=[.!?;])\s+|\n+|\s[–—-]\s|[;]")
QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]|(?<!\w)'([^']{6,})'(?!\w)")
QUESTIONS = frozenset({"who", "whom", "whose", "where", "why", "when", "which", "how", "what"})
AFTER_ASKING = frozenset(
    {"not", "say", "says", "said", "know", "known", "clear", "unclear", "sure", "on", "about", "as", "to"}
)
BEGINS_A_QUESTION = frozenset({"did", "does", "was", "were", "has", "had"})
FORWARD = frozenset({"no", "without", "nothing", "nobody"})
"""Deny what follows; "not" may also stand behind what it denies."""
OWNS = frozenset({"to", "must", "should", "will", "needs"})
WENT = frozenset({"went", "go", "goes", "going", "gone", "been", "reported"})
MISSING_AS_TOPIC = frozenset(
    {"child", "person", "episode", "episodes", "report", "from", "again", "children", "incident", "booklet"}
)
SAID_OF_A_NAME = frozenset(
    {"needs", "should", "must", "is", "was", "has", "had", "says", "said", "told", "to", "and"}
)
LIKE_A_PLACE = frozenset(
    {"house", "home", "street", "road", "the", "of", "and", "north", "south", "east", "west"}
)
ABSTRACT = (
    "tion", "tions", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ance", "ence", "ship",
    "ism", "ical", "ive", "able", "ible", "ally", "ily", "ely", "ably", "ously",
    "ology", "ological", "ural", "ory", "ify", "ified",
)  # fmt: skip
"""How words end that name no person, place or thing; those that do stand in a list."""
SHORTEST, SHORT, NEAR = 3, 4, 4


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


WORTH: Mapping[Sort, float] = {
    Sort.THING: 1.0,
    Sort.LACK: 1.2,
    Sort.TIME: 1.0,
    Sort.NAME: 0.8,
    Sort.COMMON: 0.4,
    Sort.UNKNOWN: 0.4,
    Sort.ROUGHLY: 0.3,
    Sort.ASKING: 0.3,
}
MOST: Mapping[Sort, float] = {
    Sort.LACK: 1.2,
    Sort.TIME: 1.0,
    Sort.NAME: 1.2,
    Sort.UNKNOWN: 1.2,
    Sort.ROUGHLY: 0.3,
    Sort.ASKING: 0.3,
}
SOFT = frozenset({Sort.COMMON, Sort.UNKNOWN, Sort.ROUGHLY, Sort.ASKING})
"""What is not enough by itself, unless there is much more of it than of stock words."""
MOST_SOFT, MOST_SOFT_ALONE, LACK_OF_NOTHING = 1.2, 1.6, 0.6
OWNER, QUOTE = 0.4, 1.0
MOST_CAPITALS = 0.6
COUNTED = frozenset({Sort.THING, Sort.COMMON, Sort.NAME, Sort.TIME})
"""What can be asked about."""
LACKED = COUNTED | {Sort.UNKNOWN}
"""What can be lacking."""


@dataclass(frozen=True, slots=True)
class Known:
    """The words of the record that is written about: names of the child, of others, and of places."""

    child: frozenset[str] = field(default=frozenset(), repr=False)
    people: frozenset[str] = field(default=frozenset(), repr=False)
    places: frozenset[str] = field(default=frozenset(), repr=False)


NOTHING_KNOWN = Known()


def words_of_a_name(entity: Entity) -> Iterator[str]:
    """The words by which a person or a place is called."""
    facts = {
        EntityKind.PERSON: ("known_as", "given_names", "surname", "previous_names"),
        EntityKind.PLACE: ("name", "building", "street", "town"),
        EntityKind.OBJECT: (),
    }[entity.kind]
    for fact in facts:
        for word in TOKEN.findall(entity.word(fact).lower()):
            if len(word) >= SHORTEST and word not in LIKE_A_PLACE:
                yield word


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says: how much it names of this record, and how many words could stand under any."""

    weight: float
    stock: int


def said_in(text: str, known: Known = NOTHING_KNOWN) -> Said:
    """How much a text says of one record. ``supervising`` says how much is enough."""
    found: dict[Sort, set[str]] = {}
    more = QUOTE if any(map(_is_quote, QUOTED.finditer(text))) else 0.0
    lack, stock = 0.0, 0
    titled = _is_titled(text)
    for clause in CLAUSE.split(_without_idioms(text)):
        words = _words_of(clause, titled=titled)
        named = list(_named(words, known, asked=clause.rstrip().endswith("?")))
        sorts = {sort for sort, _ in named}
        if Sort.LACK in sorts:
            lack = max(lack, WORTH[Sort.LACK] if sorts & LACKED else LACK_OF_NOTHING)
        for sort, word in named:
            found.setdefault(sort, set()).add(word)
        more += OWNER if _has_owner(words, known) and more < OWNER else 0.0
        stock += sum(1 for word in words if _sort_of(word.low) is Sort.ANY)
    return _summed(found, lack + more, stock + (lack == LACK_OF_NOTHING))


def _summed(found: Mapping[Sort, set[str]], more: float, stock: int) -> Said:
    """The weight of everything found; what stock phrases name as well counts only so far."""
    worth = {
        sort: min(WORTH[sort] * len(words), MOST.get(sort, WORTH[sort] * len(words)))
        for sort, words in found.items()
        if sort is not Sort.LACK
    }
    hard = sum(worth[sort] for sort in worth.keys() - SOFT)
    soft = sum(worth[sort] for sort in worth.keys() & SOFT)
    many = sum(len(words) for sort, words in found.items() if sort in SOFT) > stock * 2
    return Said(hard + more + min(soft, MOST_SOFT_ALONE if many else MOST_SOFT), stock)


def _words_of(clause: str, *, titled: bool) -> list[_Word]:
    """The words of a clause. In a text where every word has a capital, a capital says nothing."""
    tokens = TOKEN.findall(clause)
    return [_Word(one.lower() if titled else one, one.lower().replace("’", "'")) for one in tokens]


def _is_titled(text: str) -> bool:
    """Whether every word has a capital, so that a capital marks no name."""
    words = [token for token in TOKEN.findall(text) if token[0].isalpha()]
    return sum(1 for word in words if word[0].isupper()) > len(words) * MOST_CAPITALS


def _is_quote(match: re.Match[str]) -> bool:
    """Whether what stands in quotation marks is somebody's words, and not stock words in quotation marks."""
    said = TOKEN.findall(match.group(1) or match.group(2) or "")
    return any(_sort_of(word.lower()) not in {Sort.ANY, Sort.SMALL} for word in said)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as written, and in small letters."""

    written: str
    low: str


def _named(words: Sequence[_Word], known: Known, *, asked: bool) -> Iterator[tuple[Sort, str]]:
    """What a clause names, each with its sort."""
    for place, word in enumerate(words):
        sort = _sort_in(words, place, known)
        if sort is Sort.LACK and _is_no_lack(words, place):
            continue
        if sort is Sort.DENIAL:
            if _denies_something(words, place, known):
                yield Sort.LACK, "not"
            continue
        if word.low in QUESTIONS and _is_open(words, place):
            yield Sort.LACK, "?"
        elif sort in WORTH:
            yield sort, root(word.low)
            if sort in COUNTED and (asked or words[0].low in BEGINS_A_QUESTION):
                yield Sort.LACK, "?"


def _sort_in(words: Sequence[_Word], place: int, known: Known) -> Sort:
    """What one word is, where it stands."""
    word = words[place]
    bare = re.sub(r"'s$", "", word.low)
    if word.low[0].isdigit():
        return Sort.ANY if _signs(words, place) else Sort.TIME
    if bare in known.child or _of_an_officer(words, place):
        return Sort.ANY
    if bare in known.places or bare in known.people:
        return Sort.THING if bare in known.places else Sort.NAME
    sort = _sort_of(bare)
    if sort is not Sort.UNKNOWN:
        return sort
    if word.written.isupper() and len(word.written) > 1:
        return Sort.ANY  # an abbreviation that no list has is one of procedure
    return Sort.NAME if _is_a_name(words, place) else sort


def _is_a_name(words: Sequence[_Word], place: int) -> bool:
    """Whether a word that no list has is written as a name: a capital that no sentence begins with."""
    written = words[place].written
    if not written[0].isupper() or written.isupper():
        return False
    after = words[place + 1].low if place + 1 < len(words) else ""
    return place > 0 or after in SAID_OF_A_NAME or written.lower().endswith("'s")


def _of_an_officer(words: Sequence[_Word], place: int) -> bool:
    """Whether this is the name of an officer, or of whoever is thanked: behind a rank or thanks."""
    word = words[place]
    if not word.written[0].isupper() or _sort_of(word.low) is not Sort.UNKNOWN:
        return False
    before = [one.low for one in words[max(0, place - 2) : place]]
    return bool(set(before) & (_list("ranks") | _list("thanks")))


def _signs(words: Sequence[_Word], place: int) -> bool:
    """Whether a number is the time or number of a signature: "seen 21:15", "reviewed by 1234 on 14/03"."""
    for word in reversed(words[max(0, place - NEAR) : place]):
        if (
            word.low in _list("sign_off")
            or root(word.low) in _list("sign_off")
            or word.low in _list("ranks")
        ):
            return True
        if word.low not in _list("joins") and not word.low[0].isdigit():
            return False
    return False


def _is_no_lack(words: Sequence[_Word], place: int) -> bool:
    """Whether what is lacking is denied ("no gaps"), or is the matter itself ("missing child")."""
    after = words[place + 1].low if place + 1 < len(words) else ""
    before = {one.low for one in words[max(0, place - 2) : place]}
    if words[place].low.startswith("miss") and (after in MISSING_AS_TOPIC or before & WENT):
        return True
    return bool(before & _list("denials"))


def _denies_something(words: Sequence[_Word], place: int, known: Known) -> bool:
    """Whether a "no" or "not" is about something of this record, and not about a concern or an issue."""
    after = words[place + 1 : place + 1 + NEAR]
    first = next((one.low for one in after if _sort_of(one.low) is not Sort.SMALL), "")
    if first in _list("none_of") or root(first) in _list("none_of"):
        return False
    start = place + 1 if words[place].low in FORWARD else 0
    for other in range(start, len(words)):
        sort = _sort_in(words, other, known)
        if sort in {Sort.THING, Sort.NAME} or (sort in COUNTED and abs(other - place) <= NEAR):
            return True
    return False


def _is_open(words: Sequence[_Word], place: int) -> bool:
    """Whether who, where or why is asked here, or said to be open: "find out where", "not clear who"."""
    low, before = words[place].low, words[place - 1].low if place else ""
    if _sort_of(before) is Sort.ASKING:
        return True
    return low != "what" and (not before or before in AFTER_ASKING)


def _has_owner(words: Sequence[_Word], known: Known) -> bool:
    """Whether somebody who is named is to do something: "Wells to ring the school"."""
    for place, word in enumerate(words[1:], 1):
        if word.low in OWNS and (
            _sort_in(words, place - 1, known) is Sort.NAME or _of_an_officer(words, place - 1)
        ):
            return True
    return False


@cache
def _lists() -> Mapping[str, object]:
    return tomllib.loads(files("booklets.definitions").joinpath("saying.toml").read_text(encoding="utf-8"))


@cache
def _list(name: str) -> frozenset[str]:
    """One list of single words, as they are written and as their roots."""
    words = str(_lists()[name]).split()
    return frozenset(words) if name == "small" else frozenset((*words, *map(root, words)))


@cache
def _idioms() -> re.Pattern[str]:
    phrases = sorted((str(one) for one in _strings(_lists()["idioms"])), key=len, reverse=True)
    parts = [re.escape(one).replace(r"\ ", r"[\s-]+") for one in phrases]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _strings(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _without_idioms(text: str) -> str:
    return _idioms().sub(" ok ", text)


LISTED = (
    Sort.THING, Sort.TIME, Sort.COMMON, Sort.ROUGHLY, Sort.ASKING,
    Sort.LACK, Sort.DENIAL, Sort.ANY, Sort.SMALL,
)  # fmt: skip
"""The lists; where two have a word, or a misspelling is near to both, the later one counts."""


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


def _sort_of(word: str) -> Sort:
    """What a word is by the lists: as it is, by its root, or as the misspelling of a listed one."""
    if word in _list("small"):
        return Sort.SMALL
    stem = root(word)
    exact = _sorts().get(word) or _sorts().get(stem)
    if exact is not None:
        return exact
    if len(stem) < SHORT:
        return Sort.UNKNOWN
    tried = (stem, *(one for one in _one_left_out(stem) if len(one) >= SHORT))
    near = next((sort for one in tried if (sort := _almost().get(stem[0] + one)) is not None), None)
    if near is None and word.endswith(ABSTRACT):
        return Sort.ANY
    return near or Sort.UNKNOWN


ENDINGS = ("ings", "ing", "edly", "ed", "es", "s", "ly")


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
