"""Persons, places and objects: typed once, used by every record of the incident.

An entity is a mention made on a device, not a matched person. Two mentions of
the same child are joined on the server, by a person, and can be parted again.
Each keeps the history of its own changes.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from booklets.answers import (
    NOTHING,
    Answer,
    Answers,
    answers_from_plain,
    blank,
    from_plain,
    frozen,
    instant,
    plain,
    plain_answers,
    read_instant,
)
from booklets.errors import WireError
from booklets.fixed_words import FixedWord


class EntityKind(FixedWord):
    """What sort of thing is mentioned. The value is also the id of its form."""

    PERSON = "person"
    PLACE = "place"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one fact: who made it, when, and what stood there before."""

    at: datetime
    by: str
    field: str
    old: Answer | None = dataclasses.field(default=None, repr=False)
    new: Answer | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place or object as this officer knows it. ``facts`` has full field ids as keys."""

    id: UUID
    kind: EntityKind
    facts: Answers = dataclasses.field(default_factory=lambda: NOTHING, repr=False)
    history: tuple[Edit, ...] = dataclasses.field(default=(), repr=False)

    def changed(self, fact: str, value: Answer | None, *, at: datetime, by: str) -> Entity:
        """The entity with one fact set, or cleared with ``None``, and the change noted."""
        before, after = self.facts.get(fact), None if blank(value) else value
        if before == after:
            return self
        facts = {key: kept for key, kept in self.facts.items() if key != fact}
        if after is not None:
            facts[fact] = after
        return replace(
            self, facts=frozen(facts), history=_noted(self.history, Edit(at, by, fact, before, after))
        )

    def word(self, fact: str) -> str:
        """One fact as text, or nothing when it is missing, a gap, or not text."""
        value = self.facts.get(f"{self.kind}.{fact}")
        return value if isinstance(value, str) else ""


TYPING_SECONDS = 60


def _noted(history: tuple[Edit, ...], edit: Edit) -> tuple[Edit, ...]:
    """Letters typed into one field within a minute are one change, not forty."""
    if not history:
        return (edit,)
    last = history[-1]
    same_breath = 0 <= (edit.at - last.at).total_seconds() < TYPING_SECONDS
    if last.field == edit.field and last.by == edit.by and same_breath:
        return (*history[:-1], replace(edit, old=last.old))
    return (*history, edit)


def new_id() -> UUID:
    """A fresh UUID of version 7: ordered by time, made without asking anybody."""
    millis = time.time_ns() // 1_000_000
    number = int.from_bytes(os.urandom(10), "big")
    rand_a, rand_b = (number >> 62) & 0xFFF, number & ((1 << 62) - 1)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


def entity_to_json(entity: Entity) -> dict[str, Any]:
    """An entity as JSON can hold it."""
    return {
        "id": str(entity.id),
        "kind": entity.kind.value,
        "facts": plain_answers(entity.facts),
        "history": [edit_to_json(edit) for edit in entity.history],
    }


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """One noted change as JSON can hold it."""
    return {
        "at": instant(edit.at),
        "by": edit.by,
        "field": edit.field,
        "old": None if edit.old is None else plain(edit.old),
        "new": None if edit.new is None else plain(edit.new),
    }


def entity_from_json(value: object) -> Entity:
    """Read what ``entity_to_json`` wrote."""
    match value:
        case {"id": str(id_), "kind": str(kind), "facts": facts, "history": list(history)} if kind in set(
            EntityKind
        ):
            return Entity(
                read_id(id_),
                EntityKind(kind),
                answers_from_plain(facts),
                tuple(map(edit_from_json, history)),
            )
        case _:
            raise WireError("not a person, place or object")


def edit_from_json(value: object) -> Edit:
    """Read what ``edit_to_json`` wrote."""
    match value:
        case {"at": at, "by": str(by), "field": str(name), "old": old, "new": new}:
            return Edit(
                read_instant(at),
                by,
                name,
                None if old is None else from_plain(old),
                None if new is None else from_plain(new),
            )
        case _:
            raise WireError("not an edit")


def read_id(text: object) -> UUID:
    """A record's, person's or place's id, or a ``WireError``."""
    if not isinstance(text, str):
        raise WireError("an id must be text")
    try:
        return UUID(text)
    except ValueError:
        raise WireError("not an id") from None


def by_id(entities: tuple[Entity, ...]) -> Mapping[UUID, Entity]:
    """Entities keyed by their id."""
    return {entity.id: entity for entity in entities}
