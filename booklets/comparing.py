"""What is different between two revisions of one record: question by question, and word by word.

    before = "Kit was at a friend's"    after = "Kit was at Danny's flat"
    -> same "Kit was at ", removed "a friend's", added "Danny's flat"

Answers are compared as they were given, and shown as they read. A person who was given another name is
one change, of that fact, and not a change of every answer that mentions the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from booklets.answers import Answer
from booklets.reading import Document, Line, read
from booklets.records import Record

WORDS = re.compile(r"\s+|[^\s]+")
MOST_WORK = 4_000_000
"""So many pairs of words are compared at most; beyond, the old text stands whole before the new one."""
JOIN = 2
"""Words that stayed between two changes, and are this few, are read with them: nobody reads confetti."""

Place = tuple[UUID | None, str]
"""An answer: of the record itself, or of the person, place or object that it is a fact about."""


class Difference(StrEnum):
    """What became of an answer, or of some of its words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, came or went. The pieces that did not come are the text before, in order."""

    difference: Difference
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer that is other than it was. ``about`` names the person, place or object of ``entity``."""

    question: str
    label: str = field(repr=False)
    difference: Difference
    entity: UUID | None = None
    about: str = field(default="", repr=False)
    exact: bool = False
    before: tuple[str, ...] = field(default=(), repr=False)
    after: tuple[str, ...] = field(default=(), repr=False)

    def pieces(self) -> tuple[Piece, ...]:
        """Both versions woven into one, so that a screen can mark what came and what went."""
        return woven("\n".join(self.before), "\n".join(self.after))


def changes(before: Record, after: Record) -> tuple[Change, ...]:
    """Everything that was added, taken away or changed, in the order in which the newer revision reads."""
    old, new = read(before), read(after)
    lines_before, lines_after = _by_place(old), _by_place(new)
    said_before, said_after = dict(_said_in(before)), dict(_said_in(after))
    names = {mention.entity: mention.name for one in (old, new) for mention in one.mentions}
    found = (
        _change(place, lines_before.get(place), lines_after.get(place), names)
        for place in _in_order(list(lines_before), list(lines_after))
        if said_before.get(place) != said_after.get(place)
    )
    return tuple(one for one in found if one.before or one.after)


def woven(before: str, after: str) -> tuple[Piece, ...]:
    """Two versions of a text in one, word by word."""
    if before == after:
        return (Piece(Difference.SAME, after),) if after else ()
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) * len(new) > MOST_WORK:
        return _pieces((before, ""), ("", after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        taken, came = "".join(old[a:b]), "".join(new[c:d])
        short = kind == "equal" and len(taken.split()) <= JOIN and a > 0 and b < len(old) and c > 0
        if found and (short or kind != "equal") and found[-1][0] != found[-1][1]:
            found[-1] = (found[-1][0] + taken, found[-1][1] + came)
        else:
            found.append((taken, came))
    return _pieces(*found)


def _pieces(*pairs: tuple[str, str]) -> tuple[Piece, ...]:
    """What stayed, and for what changed first the old words, then the new."""
    found: list[Piece] = []
    for taken, came in pairs:
        if taken == came:
            found.append(Piece(Difference.SAME, came))
            continue
        found += [Piece(Difference.REMOVED, taken)] if taken else []
        found += [Piece(Difference.ADDED, came)] if came else []
    return tuple(found)


def _by_place(document: Document) -> dict[Place, Line]:
    return {(line.entity, line.question): line for line in document.lines()}


def _said_in(record: Record) -> Iterator[tuple[Place, tuple[Answer, str]]]:
    """Every answer and fact as it was given, with the officer's reason to keep it."""
    reasons = {key.partition(":")[2]: why for key, why in sorted(record.reasons.items())}
    for name, answer in record.answers.items():
        yield (None, name), (answer, reasons.get(name, ""))
    for entity in record.entities:
        for name, answer in entity.facts.items():
            yield (entity.id, name), (answer, "")


def _in_order(before: Sequence[Place], after: Sequence[Place]) -> list[Place]:
    """The order of the newer revision; what it no longer has stands where it stood."""
    order = list(after)
    kept = set(after)
    for number, place in enumerate(before):
        if place not in kept:
            above = next((one for one in reversed(before[:number]) if one in order), None)
            order.insert(order.index(above) + 1 if above else 0, place)
    return order


def _change(place: Place, before: Line | None, after: Line | None, names: dict[UUID, str]) -> Change:
    line = after or before
    if line is None:
        raise ValueError("an answer that neither revision has")
    difference = Difference.CHANGED
    if before is None or after is None:
        difference = Difference.ADDED if before is None else Difference.REMOVED
    return Change(
        question=place[1],
        label=line.label,
        difference=difference,
        entity=place[0],
        about=names.get(place[0], "") if place[0] else "",
        exact=line.exact,
        before=_words(before),
        after=_words(after),
    )


def _words(line: Line | None) -> tuple[str, ...]:
    if line is None:
        return ()
    return (*line.flat(), *((f"Kept, because: {line.reason}",) if line.reason else ()))
