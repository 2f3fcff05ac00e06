"""Checks on things that were seen, taken or left: a phone is the child's lifeline, and may be evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from booklets.answers import blank
from booklets.checks.registry import Spot, record_check
from booklets.entities import Entity
from booklets.facts import Facts, ids_in

STATE, LEFT, REASON = "object.state", "left", "object.left_because"
KIND: Final = "object.object_type"
HOLDS_IMAGES: Final = frozenset({"phone", "sim", "image"})
POLICE_HAVE: Final = frozenset({"taken", "retained"})


@record_check
def left_for_a_reason(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """Of each thing named here that was left where it was, it is said why, or why nobody knows."""
    return [
        Spot((REASON,), entity=str(thing.id))
        for _, thing in _things(facts, fields)
        if thing.facts.get(STATE) == LEFT and blank(thing.facts.get(REASON))
    ]


@record_check
def no_phone_is_kept(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """Police have no phone, SIM card or image among the things named here."""
    return [
        Spot((name,))
        for name, thing in _things(facts, fields)
        if thing.facts.get(KIND) in HOLDS_IMAGES and thing.facts.get(STATE) in POLICE_HAVE
    ][:1]


def _things(facts: Facts, fields: Sequence[str]) -> Iterator[tuple[str, Entity]]:
    for name in fields:
        for id_ in ids_in(facts.answers.get(name)):
            if (thing := facts.entities.get(id_)) is not None:
                yield name, thing
