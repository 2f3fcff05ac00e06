"""How much a text says about one record, as far as its words show: the words of people who supervise.

A text is read clause by clause. Every different thing it names adds to its weight: a person, a place, a
thing, a time, what is missing, who acts. What could stand under any record adds nothing, in whatever
order, form or spelling, and nor does the name of the child or of whoever is thanked. The words stand
in ``definitions/saying.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from booklets.checks.vocabulary import ABSTRACT, SHORTEST, Sort, listed, root, sort_of, without_idioms
from booklets.entities import Entity, EntityKind

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[:./-]\d+)*")
CLAUSE = re.compile(r"(?<=[.!?;])\s+|\n+|\s[–—-]\s|[;]")
QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]|(?<!\w)'([^']{6,})'(?!\w)")
QUESTIONS = frozenset({"who", "whom", "whose", "where", "why", "when", "which", "how", "what"})
AFTER_ASKING = frozenset(
    {"not", "say", "says", "said", "know", "known", "clear", "unclear", "sure", "on", "about", "as", "to"}
)
BEGINS_A_QUESTION = frozenset({"did", "does", "was", "were", "has", "had"})
FORWARD = frozenset({"no", "without", "nothing"})
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
NEAR, FAR = 4, 15
HOURS = frozenset(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
)
BEFORE_AN_HOUR = frozenset({"at", "past", "before", "by", "until", "till", "after", "since"})
"""Before a number in words: "at three", "half past one". A noun behind it makes it a number again."""


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
    """How much a text names of this record, how much that stock phrases name too, and its stock words."""

    hard: float
    soft: float
    stock: int
    words: int

    @property
    def weight(self) -> float:
        """All of it."""
        return self.hard + self.soft


def said_in(text: str, known: Known = NOTHING_KNOWN) -> Said:
    """How much a text says of one record. ``supervising`` says how much is enough."""
    found: dict[Sort, set[str]] = {}
    more = QUOTE if any(map(_is_quote, QUOTED.finditer(text))) else 0.0
    lack, stock, length = 0.0, 0, 0
    titled = _is_titled(text)
    for clause in CLAUSE.split(without_idioms(text)):
        words = _words_of(clause, titled=titled)
        sorts = [_sort_in(words, place, known) for place in range(len(words))]
        named = list(_named(words, sorts, asked=clause.rstrip().endswith("?")))
        found_here = {sort for sort, _ in named}
        if Sort.LACK in found_here:
            lack = max(lack, WORTH[Sort.LACK] if found_here & LACKED else LACK_OF_NOTHING)
        for sort, word in named:
            found.setdefault(sort, set()).add(word)
        length += len(words)
        more += OWNER if _has_owner(words, known) and more < OWNER else 0.0
        stock += sorts.count(Sort.ANY)
    stock += lack == LACK_OF_NOTHING
    hard, soft = _summed(found, stock)
    return Said(hard + lack + more, soft, stock, length)


def _summed(found: Mapping[Sort, set[str]], stock: int) -> tuple[float, float]:
    """The weight of everything found; what stock phrases name as well counts only so far."""
    worth = {
        sort: min(WORTH[sort] * len(words), MOST.get(sort, WORTH[sort] * len(words)))
        for sort, words in found.items()
        if sort is not Sort.LACK
    }
    hard = sum(worth[sort] for sort in worth.keys() - SOFT)
    soft = sum(worth[sort] for sort in worth.keys() & SOFT)
    many = sum(len(words) for sort, words in found.items() if sort in SOFT) > stock * 2
    return hard, min(soft, MOST_SOFT_ALONE if many else MOST_SOFT)


def _words_of(clause: str, *, titled: bool) -> list[_Word]:
    """The words of a clause. In a text where every word has a capital, a capital says nothing."""
    tokens = TOKEN.findall(clause)
    lower = [one.lower().replace("’", "'") for one in tokens]
    return [
        _Word(one.lower() if titled else one, low, low.removesuffix("'s"))
        for one, low in zip(tokens, lower, strict=True)
    ]


def _is_titled(text: str) -> bool:
    """Whether every word has a capital, so that a capital marks no name."""
    words = [token for token in TOKEN.findall(text) if token[0].isalpha()]
    return sum(1 for word in words if word[0].isupper()) > len(words) * MOST_CAPITALS


def _is_quote(match: re.Match[str]) -> bool:
    """Whether what stands in quotation marks is somebody's words, and not stock words in quotation marks."""
    said = TOKEN.findall(match.group(1) or match.group(2) or "")
    return any(sort_of(word.lower()) not in {Sort.ANY, Sort.SMALL} for word in said)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as written, in small letters, and as whose it is."""

    written: str
    low: str
    bare: str


def _named(words: Sequence[_Word], sorts: Sequence[Sort], *, asked: bool) -> Iterator[tuple[Sort, str]]:
    """What a clause names, each with its sort."""
    for place, (word, sort) in enumerate(zip(words, sorts, strict=True)):
        if sort is Sort.LACK and _is_no_lack(words, place):
            continue
        if sort is Sort.DENIAL:
            if _denies_something(words, place, sorts):
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
    bare = word.bare
    if word.low[0].isdigit():
        return Sort.ANY if _signs(words, place) else Sort.TIME
    if bare in known.child or _of_an_officer(words, place):
        return Sort.ANY
    if bare in known.places or bare in known.people:
        return Sort.THING if bare in known.places else Sort.NAME
    if _is_an_hour(words, place):
        return Sort.TIME
    sort = sort_of(bare)
    return _unlisted(words, place, bare) if sort is Sort.UNKNOWN else sort


def _is_an_hour(words: Sequence[_Word], place: int) -> bool:
    """Whether a number in words is a time of day."""
    if words[place].low not in HOURS or not place or words[place - 1].low not in BEFORE_AN_HOUR:
        return False
    after = words[place + 1].low if place + 1 < len(words) else ""
    return sort_of(after) not in {Sort.THING, Sort.COMMON, Sort.UNKNOWN, Sort.ANY} if after else True


def _unlisted(words: Sequence[_Word], place: int, bare: str) -> Sort:
    """What a word is that no list has: an abbreviation of procedure, a name, an abstraction, or a word."""
    written = words[place].written
    if written.isupper() and len(written) > 1:
        return Sort.ANY
    if _is_a_name(words, place):
        return Sort.NAME
    return Sort.ANY if bare.endswith(ABSTRACT) else Sort.UNKNOWN


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
    if not word.written[0].isupper() or sort_of(word.low) is not Sort.UNKNOWN:
        return False
    before = [one.low for one in words[max(0, place - 2) : place]]
    return bool(set(before) & (listed("ranks") | listed("thanks")))


def _signs(words: Sequence[_Word], place: int) -> bool:
    """Whether a number is the time or number of a signature: "seen 21:15", "reviewed by 1234 on 14/03"."""
    for word in reversed(words[max(0, place - NEAR) : place]):
        if (
            word.low in listed("sign_off")
            or root(word.low) in listed("sign_off")
            or word.low in listed("ranks")
        ):
            return True
        if word.low not in listed("joins") and not word.low[0].isdigit():
            return False
    return False


def _is_no_lack(words: Sequence[_Word], place: int) -> bool:
    """Whether what is lacking is denied ("no gaps"), or is the matter itself ("missing child")."""
    after = words[place + 1].low if place + 1 < len(words) else ""
    before = {one.low for one in words[max(0, place - 2) : place]}
    if words[place].low.startswith("miss") and (after in MISSING_AS_TOPIC or before & WENT):
        return True
    return bool(before & listed("denials"))


def _denies_something(words: Sequence[_Word], place: int, sorts: Sequence[Sort]) -> bool:
    """Whether a "no" or "not" is about something of this record, and not about a concern or an issue."""
    after = words[place + 1 : place + 1 + NEAR]
    first = next((one.low for one in after if sort_of(one.low) is not Sort.SMALL), "")
    if first in listed("none_of") or root(first) in listed("none_of"):
        return False
    start = place + 1 if words[place].low in FORWARD else max(0, place - FAR)
    for other in range(start, min(place + FAR, len(words))):
        sort = sorts[other]
        if sort in {Sort.THING, Sort.NAME} or (sort in COUNTED and abs(other - place) <= NEAR):
            return True
    return False


def _is_open(words: Sequence[_Word], place: int) -> bool:
    """Whether who, where or why is asked here, or said to be open: "find out where", "not clear who"."""
    low, before = words[place].low, words[place - 1].low if place else ""
    if sort_of(before) is Sort.ASKING:
        return True
    last = place == len(words) - 1
    return low != "what" and (last or not before or before in AFTER_ASKING)


def _has_owner(words: Sequence[_Word], known: Known) -> bool:
    """Whether somebody who is named is to do something: "Wells to ring the school"."""
    for place, word in enumerate(words[1:], 1):
        if word.low in OWNS and (
            _sort_in(words, place - 1, known) is Sort.NAME or _of_an_officer(words, place - 1)
        ):
            return True
    return False
