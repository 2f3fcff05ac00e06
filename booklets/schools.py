"""Which school a record names, of those that a force can tell by a system (Operation Encompass, R-46).

A force's file lists its schools under their numbers (URN, six digits). What a school is told is about one
child, so that the wrong school is worse than a telephone call: a school counts as found only where two of
its number, its name and where it stands agree with what was written down, and nothing contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from booklets.entities import Entity

SETTING = "schools"
NEEDED = 2
"""How many of number, name and whereabouts have to agree."""
_URN = re.compile(r"[0-9]{6}", re.ASCII)
_NOT_A_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class School:
    """A school or college under its number, and where it stands."""

    urn: str
    name: str
    town: str
    postcode: str


def read_schools(said: object) -> Mapping[str, School]:
    """The schools of a force's file, by number; none where it lists none.

    Raises ValueError with what is wrong about the list.
    """
    if isinstance(said, Mapping):
        return {str(urn): _school(str(urn), one) for urn, one in said.items()}
    if said is None:
        return {}
    raise ValueError("it is a list of schools, each a table under its number (URN)")


def found(schools: Mapping[str, School], *, urn: str, place: Entity | None) -> School | None:
    """The one school that was written down, or None where that could be another, or none of these."""
    fitting = [one for one in schools.values() if _agrees(one, _plain(urn), place)]
    return fitting[0] if len(fitting) == 1 else None


def _agrees(school: School, urn: str, place: Entity | None) -> bool:
    names = {_plain(place.word(fact)) for fact in ("name", "building")} - {""} if place else set[str]()
    postcode, town = (_plain(place.word(fact)) if place else "" for fact in ("postcode", "town"))
    if (urn and urn != school.urn) or (postcode and postcode != _plain(school.postcode)):
        return False
    mine = _plain(school.name)
    if names and not any(one in mine or mine in one for one in names):
        return False  # what was written down is another school's name, and one digit may be wrong
    is_there = bool(postcode) or town == _plain(school.town)
    return sum((bool(urn), mine in names, is_there)) >= NEEDED


def _plain(words: str) -> str:
    """Words without what people write differently: capitals, stops, apostrophes and spaces."""
    return _NOT_A_WORD.sub("", words).casefold()


def _school(urn: str, said: object) -> School:
    if not _URN.fullmatch(urn):
        raise ValueError(f"{urn}: a school's number (URN) has six digits")
    if not isinstance(said, Mapping) or set(said) != {"name", "town", "postcode"}:
        raise ValueError(f"{urn}: a school has name, town and postcode, and nothing else")
    words = {key: one for key, one in said.items() if isinstance(one, str) and _plain(one)}
    if len(words) != len(said):
        raise ValueError(f"{urn}: name, town and postcode are words, and none is empty")
    return School(urn, **words)
