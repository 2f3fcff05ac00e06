"""R-17: a phone that police keep is evidence, whichever record says so; one that was left is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, frozen
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect
from booklets.review import Problem
from tests.support import walks
from tests.support.beside_the_report import looked_at
from tests.support.walks import HONEST, found_by

ADVICE = {"R-17", "R-17a"}


def a_thing(kind: str, state: str) -> Entity:
    """Something of the child's, and where it is now."""
    return Entity(new_id(), EntityKind.OBJECT, frozen({"object.object_type": kind, "object.state": state}))


def of_a_search(thing: Entity) -> list[Problem]:
    """What the review says of a search that found it."""
    found: Mapping[str, Answer] = {"srch.found": "yes", "srch.found_things": (str(thing.id),)}
    return looked_at("search", found, thing)


def of_a_return(thing: Entity) -> list[Problem]:
    """What the review says of a child who came back with it."""
    new: Mapping[str, Answer] = {"ret.new_items": "yes", "ret.items": (str(thing.id),)}
    return walks.looked_at({**HONEST, **new}, thing)


@pytest.mark.parametrize("said_of", [of_a_search, of_a_return])
@pytest.mark.parametrize(
    ("kind", "state", "evidence"),
    [
        ("phone", "taken", True),
        ("phone", "retained", True),
        ("sim", "taken", True),
        ("image", "retained", True),
        ("phone", "left", False),
        ("phone", "returned", False),
        ("phone", "seen", False),
        ("cash", "taken", False),
    ],
)
def test_what_may_hold_images_and_is_with_police_is_treated_as_evidence(
    said_of: object, kind: str, state: str, *, evidence: bool
) -> None:
    """Advice on the screen, and digital forensics told."""
    assert callable(said_of)
    found = said_of(a_thing(kind, state))

    assert found_by(found, Effect.SHOW, Effect.TASK) & ADVICE == (ADVICE if evidence else set())


def test_a_phone_kept_for_a_child_s_safety_is_evidence_in_the_interview_too() -> None:
    """What was done at once says so, and nobody has to say it twice."""
    harm: Mapping[str, Answer] = {"pi.harm": "yes", "pi.harm_types": ("theft",)}
    kept = {**HONEST, **harm, "pi.immediate_action": ("phone_retained",)}

    assert found_by(walks.looked_at(kept)) >= ADVICE
    assert not found_by(walks.looked_at({**kept, "pi.immediate_action": ("none",)})) & ADVICE
