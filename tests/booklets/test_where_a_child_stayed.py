"""Of a place where a child stayed, by what they told, it is asked whether it is one to watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from booklets.answers import Answer, Gap, Moment, Why, frozen
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Stage
from booklets.review import Problem
from tests.support.beside_the_report import looked_at as at_a_desk
from tests.support.missing import NOW
from tests.support.walks import HOME, HONEST, looked_at

PARK: Mapping[str, Answer] = {"place.street": "Valley Gardens", "place.place_type": "park"}
SAID = [
    ({}, ["H-01"]),
    ({"place.is_hotspot_candidate": "no"}, []),
    ({"place.is_hotspot_candidate": Gap(Why.NOT_KNOWN)}, []),
    ({"place.is_hotspot_candidate": "yes"}, ["H-02"]),
    ({"place.place_type": "home"}, []),
]


def a_place(**facts: Answer) -> Entity:
    """A park, and what is known of it."""
    return Entity(new_id(), EntityKind.PLACE, frozen({**PARK, **facts}))


def of(place: Entity, problems: list[Problem]) -> list[str]:
    """What is said of this place: what is pointed out, and what somebody has to do."""
    effects = {"H-01": Effect.WARN, "H-02": Effect.TASK}
    found = [one for one in problems if one.entity == place.id and one.code in effects]
    assert all(one.effect is effects[one.code] for one in found)
    return [one.code for one in found]


@pytest.mark.parametrize(("facts", "found"), SAID)
def test_where_a_child_says_they_were_is_asked_about_once(
    facts: Mapping[str, Answer], found: list[str]
) -> None:
    """B.1.c, B.6 pi.where: a yes is the exploitation team's to look at, and nobody is asked about a home."""
    park = a_place(**facts)
    assert of(park, looked_at({**HONEST, "pi.where": (str(park.id), str(HOME.id))}, park)) == found
    assert of(park, looked_at(HONEST, park)) == [], "it is in no answer"


@pytest.mark.parametrize(("facts", "found"), SAID)
def test_a_place_where_the_child_was_found_as_well_is_asked_about_by_one_question(
    facts: Mapping[str, Answer], found: list[str]
) -> None:
    """Not once for each answer that names it."""
    park = a_place(**facts)
    both = {**HONEST, "ret.found_place": str(park.id), "pi.where": (str(park.id),)}
    assert of(park, looked_at(both, park)) == found


def test_where_the_child_was_brought_back_to_is_not_asked_about() -> None:
    """Whatever sort of place it is: the child lives there."""
    home = replace(HOME, facts=frozen({**HOME.facts, "place.place_type": "other"}))
    assert of(home, looked_at({**HONEST, "pi.where": (str(home.id),)}, home)) == []


@pytest.mark.parametrize(("facts", "found"), SAID)
def test_where_the_return_home_interview_says_a_child_was_is_asked_about_too(
    facts: Mapping[str, Answer], found: list[str]
) -> None:
    """R-29, B.9 rhi.places: the team that reads it is the one that knows the place."""
    park = a_place(**facts)
    said: dict[str, Answer | None] = {
        "rhi.outcome": "held",
        "rhi.received_at": Moment(NOW),
        "rhi.places": (str(park.id),),
    }
    assert of(park, at_a_desk("return_interview", said, park, stage=Stage.COMPLETE)) == found
