"""What may be said aloud where anybody may hear it: a place so that a patrol finds it, and never a secret.

A home, a placement or somebody's address is said by its street and town, without its number; a place that
keeps somebody safe is not said at all. Which words and places those are stands in ``lookout.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from booklets.answers import codes_of, rows_of, words_in
from booklets.definitions.looking_out import Places
from booklets.entities import Entity
from booklets.facts import ids_in

NO_NAME = "A place without a name or street yet"
DESCRIBED = "Described in the record: ask the control room"
A_HOME = "A home: its address is in the record. Ask the control room"
NOT_ALOUD = "A place that is not for the radio. Ask the control room by phone"
# However a word is joined or broken: hyphens and dashes, full stops, spaces, the end of a line.
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015]+")
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019]")
_NUMBER = re.compile(r"(?<!\w)\d+[A-Za-z]?(?:\s*[-\u2013/]\s*\d+[A-Za-z]?)*(?!\w),?")


def names_one_of(words: Iterable[str], text: str) -> bool:
    """Whether one of these words begins anywhere in the text, however it is joined, broken or spaced.

    A listed space may be missing, apostrophes count for nothing, and between the letters of one that is
    listed in capitals there may be spaces or full stops. One that is listed with a space at its end has to
    end there as well: a refugee is in no refuge.
    """
    listed = tuple(words)
    return bool(listed) and _begins_with(listed).search(_in_one_spelling(text)) is not None


@cache
def _begins_with(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(_spelt, words))})", re.IGNORECASE)


def _spelt(word: str) -> str:
    """One listed word as a pattern; letters that stand apart are one only where the last of them ends."""
    if word.isalpha() and word.isupper():
        return rf"{word}|{' ?'.join(word)}(?!\w)"
    joined = " ?".join(map(re.escape, _in_one_spelling(word).split()))
    return joined + (r"(?!\w)" if word.endswith(" ") else "")


def _in_one_spelling(text: str) -> str:
    return _BETWEEN.sub(" ", _APOSTROPHES.sub("", text))


def homes_among(entities: Mapping[str, Entity], plan: Places) -> frozenset[str]:
    """The places that stand among somebody's addresses, but for those where nobody of the family lives."""
    return frozenset(
        str(place)
        for entity in entities.values()
        for row in rows_of(entity.facts.get(plan.addresses))
        if not plan.no_home.intersection(codes_of(row.get("type")))
        for cell in row.values()
        for place in ids_in(cell)
    )


def place(entity: Entity | None, plan: Places, homes: Collection[str]) -> str:
    """A place in the words that may be said of it."""
    if entity is None:
        return NO_NAME
    everything = " ".join(" ".join(words_in(answer)) for answer in entity.facts.values())
    if names_one_of(plan.secret, everything):
        return NOT_ALOUD
    if str(entity.id) in homes or entity.word("place_type") in plan.homes:
        streets = (_NUMBER.sub("", word) for word in _said(entity, plan.of_a_home))
        return _joined(streets) or A_HOME
    described = entity.word(plan.described) if plan.described else ""
    return _joined(_said(entity, plan.facts)) or (DESCRIBED if described.strip() else NO_NAME)


def _said(entity: Entity, facts: Iterable[str]) -> list[str]:
    return [entity.word(fact) for fact in facts]


def _joined(words: Iterable[str]) -> str:
    plain = (" ".join(word.split()).strip(" ,") for word in words)
    return ", ".join(dict.fromkeys(word for word in plain if word))
