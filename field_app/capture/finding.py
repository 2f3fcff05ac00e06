"""Finding what is on this handheld again: by the name of anybody in it, a number, or a street.

Only what may be read here can be found, and only while the vault is open: the words are made with the
worklist and go with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from booklets.encounters import Encounter
from booklets.entities import Entity, EntityKind
from booklets.forms import Kind
from booklets.guides import Guide

NAMES: Final = ("known_as", "given_names", "surname", "previous_names")
PLACED: Final = ("name", "building", "street", "town", "postcode")
OF: Final = {EntityKind.PERSON: NAMES, EntityKind.PLACE: PLACED, EntityKind.OBJECT: ("identifier",)}
_WORD = re.compile(r"[^\W_]+")
_FIRST = " "


def folded(text: str) -> str:
    """The words of a text as they are compared: without accents, apostrophes, capitals or punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "").replace("'", ""))
    return " ".join(
        _WORD.findall("".join(one for one in plain if not unicodedata.combining(one)).casefold())
    )


def words_of(encounter: Encounter, guide: Guide) -> str:
    """What an encounter is found by: names and places in it, and the numbers of its incident and crime."""
    said = [
        *(word for entity in encounter.entities.values() for word in _called(entity)),
        *_numbers(encounter, guide),
    ]
    return _FIRST + folded(" ".join(said))


def _called(entity: Entity) -> Iterator[str]:
    whole = [word for fact in OF[entity.kind] if (word := entity.word(fact))]
    yield from whole
    if entity.kind is not EntityKind.PERSON:  # a postcode is typed with and without its gap
        yield from (word.replace(" ", "") for word in whole if " " in word)


def _numbers(encounter: Encounter, guide: Guide) -> Iterator[str]:
    for name, answer in encounter.answers.items():
        if isinstance(answer, str) and guide.asks(name) and guide.field(name).kind is Kind.REFERENCE:
            yield from (answer, _joined(answer))


def _joined(number: str) -> str:
    return "".join(_WORD.findall(number))


def found_in(typed: str, there: Iterable[tuple[str, str]]) -> list[str]:
    """The ids of what each typed word begins a word of, in their order, of pairs of an id and its words.

    Nothing typed finds nothing.
    """
    looked_for = [f"{_FIRST}{one}" for one in folded(typed).split()]
    if not looked_for:
        return []
    return [id_ for id_, words in there if all(one in words for one in looked_for)]
