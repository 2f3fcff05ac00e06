"""A PPN as officers write it, with invented people, and what the review says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from types import MappingProxyType

from booklets import definitions
from booklets.answers import Answer, frozen
from booklets.encounters import Encounter, begin, facts_of, review
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Facts
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.review import Problem
from booklets.stamps import Stamp
from tests.support.builders import FORCE, NIGHT, PEOPLE, PPN_SAID, UNIT, a_person, an_author

KIT = a_person(known_as="Kit")
AWARE: Mapping[str, str] = {
    "appearance": "A",
    "words": "W",
    "activity": "A",
    "relationships": "R",
    "environment": "E",
}


PROTECTED: Mapping[str, Answer] = {
    "ppn.suspect_known": "yes",
    "ppn.protector_told": "nobody",
    "ppn.protector_told_because": "Kit's father has not been found, and his aunt lives with Dean.",
}
"""Somebody is suspected, and whether an adult who can protect was told has been decided."""


@cache
def ppn_guide() -> Guide:
    """The pages of a PPN."""
    return definitions.guide("ppn")


def somebody(**facts: Answer) -> Entity:
    """A person, by the short names of what is known of them."""
    known = {f"person.{name}": value for name, value in facts.items()}
    return Entity(new_id(), EntityKind.PERSON, MappingProxyType(known))


def ppn_of(changed: Mapping[str, Answer | None], *people: Entity, child: Entity = KIT) -> Encounter:
    """A whole PPN with these answers changed, or taken away with ``None``."""
    begun = begin(ppn_guide(), officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT), subject=child)
    answers = {name: answer for name, answer in {**PPN_SAID, **changed}.items() if answer is not None}
    everyone = {one.id: one for one in (*PEOPLE, child, *people)}
    return replace(begun, answers=frozen(answers), entities=MappingProxyType(everyone))


def said_of(
    changed: Mapping[str, Answer | None],
    *people: Entity,
    stage: Stage = Stage.CAPTURE,
    child: Entity = KIT,
    now: datetime = NIGHT,
) -> list[Problem]:
    """What the review says of it."""
    return review(ppn_of(changed, *people, child=child), ppn_guide(), definitions.force(FORCE), now, stage)


def facts(changed: Mapping[str, Answer | None]) -> Facts:
    """What the checks may know of it."""
    return facts_of(ppn_of(changed), ppn_guide(), definitions.force(FORCE), NIGHT)
