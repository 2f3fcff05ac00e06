"""What may be said aloud where anybody may hear it: a place so that a patrol finds it, and never a secret.

A home, a placement or somebody's address is said by its street and town, without its number, flat or
postcode, wherever they were typed; a place that keeps somebody safe is not said at all. Which words and
places those are stands in ``lookout.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from booklets.answers import codes_of, rows_of, words_in
from booklets.definitions.looking_out import Places
from booklets.entities import Entity
from booklets.facts import ids_in
from booklets.positions import position_of

NO_NAME = "A place without a name or street yet"
DESCRIBED = "Described in the record: ask the control room"
A_HOME = "A home: its address is in the record. Ask the control room"
NOT_ALOUD = "A place that is not for the radio. Ask the control room by phone"
# However a word is joined or broken: hyphens and dashes, full stops, spaces, the end of a line.
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015]+")
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019]")
# What says which home in a street it is. In this order, because a number may belong to what comes first.
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}(?!\w),?", re.IGNORECASE)
_FLOOR = re.compile(
    r"(?<!\w)(?:top|ground|lower|upper|first|second|third|basement|garden|\d(?:st|nd|rd|th))\s+"
    r"(?:floor(?:\s+flat)?|flat)(?!\w),?",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"(?<!\w)(?:flat|flt|apartment|apt|unit|room|studio|suite|plot)"
    r"(?:[.\s]*[A-Z]?\d+[A-Z]{0,2}(?!\w)|[.\s]+[A-Z](?![\w'\u2019])"
    r"|\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?!\w)|(?=\s*,)),?",
    re.IGNORECASE,
)
# The number of a street ("1st Avenue") is its name; "12St Mary's Road" is a house in another.
_ORDINAL = r"\d+(?:st|nd|rd|th|ST|ND|RD|TH)(?!\w)"
_LETTERS = r"(?:(?!St\b)[A-Za-z]{1,2}|\s[A-XZa-xz])(?![\w'\u2019])"
_ONE_NUMBER = rf"(?!{_ORDINAL})\d+(?:{_LETTERS})?"
_NUMBER = re.compile(
    r"(?<!\w)(?:(?:[Nn][Oo][Ss]?|[Nn]umbers?)\b\.?\s*(?=\d)|[Nn][Oo](?=\d)|[#\u2116]\s*(?=\d))?"
    rf"{_ONE_NUMBER}(?:\s*(?:[-\u2013/&+]|and\b|to\b)\s*{_ONE_NUMBER})*,?"
)
_GIVES_A_HOME_AWAY = (_POSTCODE, _FLOOR, _FLAT, _NUMBER)


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
        return _joined(map(_of_no_house, _said(entity, plan.of_a_home))) or A_HOME
    described = entity.word(plan.described) if plan.described else ""
    found = described.strip() or position_of(entity.facts)  # where it is to the metre is never read out
    return _joined(_said(entity, plan.facts)) or (DESCRIBED if found else NO_NAME)


def _of_no_house(word: str) -> str:
    """A street or a town without the number, flat or postcode of a house that was typed into it."""
    for one in _GIVES_A_HOME_AWAY:
        word = one.sub(" ", word)
    return word.strip(" ,.-/")


def _said(entity: Entity, facts: Iterable[str]) -> list[str]:
    return [entity.word(fact) for fact in facts]


def _joined(words: Iterable[str]) -> str:
    plain = (" ".join(word.split()).strip(" ,") for word in words)
    return ", ".join(dict.fromkeys(word for word in plain if word))
