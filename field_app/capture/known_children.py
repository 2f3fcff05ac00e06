"""The children whom the force has told this officer about, for one shift: read, and found by a name.

Pure: stored documents in, values out. A child here is one of the register, and so no mention of this
device: what is taken over from here becomes a mention once an officer says so (README decision 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz, process, utils

from booklets.answers import Answer, Answers, answers_from_plain, from_plain, read_instant
from booklets.entities import Entity, EntityKind, read_id
from booklets.errors import WireError

ALIKE = 72
"""How alike a word must be to one of a child's names, of a hundred."""
SURE = 84
"""How alike all of a typed name must be before a child is offered without being asked for."""
SHORTEST = 3
NAMES = ("known_as", "given_names", "surname", "previous_names")


@dataclass(frozen=True, slots=True)
class Told:
    """What one record of the force says: answers by question, and whom and what they mention."""

    record: str
    form: str
    incident: UUID
    episode: UUID
    at: datetime
    answers: Answers = field(repr=False)
    entities: Mapping[str, Entity] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a child as the force has it, and of which day that is."""

    value: Answer = field(repr=False)
    day: date


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child of the force's register. ``missing`` is the report of one who is missing now, or nothing."""

    id: UUID
    facts: Mapping[str, Fact] = field(repr=False)
    at: datetime
    missing: str
    covert: bool
    times: Mapping[str, int]
    told: tuple[Told, ...] = field(repr=False)

    def entity(self) -> Entity:
        """The child as a person is shown."""
        facts = {name: fact.value for name, fact in self.facts.items()}
        return Entity(self.id, EntityKind.PERSON, MappingProxyType(facts))

    @property
    def report(self) -> Told | None:
        """The report of the child who is missing now."""
        return next((one for one in self.told if self.missing and one.record == self.missing), None)

    def of_form(self, form: str) -> tuple[Told, ...]:
        """What records of one form say, the newest first."""
        return tuple(sorted((one for one in self.told if one.form == form), key=_when, reverse=True))

    def word(self, fact: str) -> str:
        """One fact as text, or nothing."""
        found = self.facts.get(f"person.{fact}")
        return found.value if found and isinstance(found.value, str) else ""


def _when(told: Told) -> datetime:
    return told.at


@dataclass(frozen=True)
class Pack:
    """All of them, those who are missing first. ``as_of`` is when the newest came, ``until`` its end."""

    children: tuple[KnownChild, ...] = field(default=(), repr=False)
    as_of: datetime | None = None
    until: datetime | None = None

    @property
    def missing(self) -> tuple[KnownChild, ...]:
        """Those who are missing now."""
        return tuple(one for one in self.children if one.missing)

    def child(self, id_: UUID | None) -> KnownChild | None:
        """The child of this id."""
        return self._by_id.get(id_) if id_ else None

    @cached_property
    def _by_id(self) -> Mapping[UUID, KnownChild]:
        return {one.id: one for one in self.children}

    @cached_property
    def _where(self) -> Mapping[str, frozenset[int]]:
        """Each word of a name or a date of birth, and the children who have it."""
        found: dict[str, set[int]] = {}
        for number, one in enumerate(self.children):
            for word in _words_of(one):
                found.setdefault(word, set()).add(number)
        return {word: frozenset(numbers) for word, numbers in found.items()}

    def find(self, typed: str) -> tuple[KnownChild, ...]:
        """The children whom somebody may mean, the likeliest first; all of them where nothing is typed."""
        words = _plain(typed)
        if not words:
            return self.children
        scores = self._scores(words, prefixes=True)
        order = sorted(scores, key=lambda number: (-scores[number], number))
        return tuple(self.children[number] for number in order)

    def alike(self, typed: Entity) -> tuple[KnownChild, ...]:
        """The children who may be the one that is being written about, by the names typed so far.

        A whole date of birth that is another child's rules that child out.
        """
        words = [word for name in NAMES for word in _plain(typed.word(name)) if len(word) >= SHORTEST]
        if not words:
            return ()
        born = typed.word("dob")
        scores = self._scores(list(dict.fromkeys(words)), prefixes=False)
        found = [
            (score, number)
            for number, score in scores.items()
            if score >= SURE and not _born_otherwise(born, self.children[number].word("dob"))
        ]
        return tuple(self.children[number] for _, number in sorted(found, key=lambda one: (-one[0], one[1])))

    def _scores(self, words: Iterable[str], *, prefixes: bool) -> dict[int, float]:
        """How well each child fits all of these words, of a hundred; who lacks one of them is left out."""
        total: dict[int, float] = {}
        several = list(words)
        for place, word in enumerate(several):
            best: dict[int, float] = {}
            for known, score in self._known_like(word, prefixes=prefixes):
                for number in self._where[known]:
                    best[number] = max(score, best.get(number, 0))
            total = best if not place else {n: total[n] + best[n] for n in total.keys() & best.keys()}
        return {number: score / len(several) for number, score in total.items()}

    def _known_like(self, word: str, *, prefixes: bool) -> Iterator[tuple[str, float]]:
        for known, score, _ in process.extract_iter(
            word, self._where.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE
        ):
            yield known, score
        if prefixes:
            yield from ((known, 100.0) for known in self._where if known.startswith(word))


def _words_of(child: KnownChild) -> Iterator[str]:
    for name in NAMES:
        yield from _plain(child.word(name))
    born = child.word("dob")
    yield from (part for part in (*born.split("-"), *_plain(born)) if part)


def _plain(words: str) -> list[str]:
    return utils.default_process(words).split()


def _born_otherwise(one: str, other: str) -> bool:
    whole = len("2011-02-19")
    return len(one) == len(other) == whole and one != other


# -- reading what is stored --------------------------------------------------------------------------
def pack_from(
    documents: Iterable[Mapping[str, Any]], *, as_of: datetime | None, until: datetime | None
) -> Pack:
    """The pack out of what lies in the vault. What another version of the app would read is left out."""
    children = [child for one in documents if (child := child_from(one)) is not None]
    children.sort(key=lambda one: (not one.missing, -one.at.timestamp(), str(one.id)))
    return Pack(tuple(children), as_of, until)


def child_from(document: Mapping[str, Any]) -> KnownChild | None:
    """One child, or None where it cannot be read."""
    try:
        return KnownChild(
            id=read_id(document["child"]),
            facts={
                str(name): Fact(from_plain(value), date.fromisoformat(day))
                for name, (value, day) in document["facts"].items()
            },
            at=read_instant(document["at"]),
            missing=str(document["missing"]),
            covert=document["covert"] is True,
            times={str(days): int(times) for days, times in document["times"].items()},
            told=tuple(_told(one) for one in document["told"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, WireError):
        return None


def _told(said: Mapping[str, Any]) -> Told:
    return Told(
        record=str(said["record"]),
        form=str(said["form"]),
        incident=read_id(said["incident"]),
        episode=read_id(said["episode"]),
        at=read_instant(said["at"]),
        answers=answers_from_plain(said["answers"]),
        entities={
            str(id_): Entity(read_id(id_), EntityKind(one["kind"]), answers_from_plain(one["facts"]))
            for id_, one in said["entities"].items()
        },
    )
