"""Whoever and whatever the answers mention: found by any way, asked a little, and named when it lacks."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Row, Why, frozen
from booklets.encounters import facts_of
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Stage
from booklets.mentions import asked_about, mentions_in
from booklets.review import NEEDED, Problem
from tests.support.ppns import said_of
from tests.support.walks import AMY, AUNT, FORCE, HOME, HONEST, MUM, NOW, check_of, guide, looked_at


def one(kind: EntityKind, **facts: Answer) -> Entity:
    """A person, place or thing of which this is known."""
    return Entity(new_id(), kind, frozen({f"{kind.value}.{name}": said for name, said in facts.items()}))


def lacks(problems: Iterable[Problem], entity: Entity) -> set[str]:
    """Which questions about somebody or something still need an answer."""
    return {
        problem.fields[0] for problem in problems if problem.code == NEEDED and problem.entity == entity.id
    }


def with_thing(thing: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What the review says where something is new."""
    said: dict[str, Answer] = {
        "ret.new_items": "yes",
        "ret.items": (str(thing.id),),
        "ret.items_from": "Not said.",
    }
    return looked_at({**HONEST, **said}, thing, stage=stage)


def test_an_honest_check_has_nothing_to_add_before_it_goes() -> None:
    """Her mother by her first name, the street, and she can go: nobody's form is filled in at three."""
    plain = one(EntityKind.PERSON, known_as="Karen")
    found = looked_at({**HONEST, "ret.left_with": (str(plain.id),)}, plain)

    assert [problem for problem in found if problem.entity in {plain.id, HOME.id, AUNT.id}] == []


def test_who_somebody_is_to_the_child_is_needed_later_this_shift() -> None:
    """Of everybody but the child, and of nobody who was not mentioned."""
    plain, elsewhere = (one(EntityKind.PERSON, known_as=name) for name in ("Karen", "Nobody"))
    found = looked_at({**HONEST, "ret.left_with": (str(plain.id),)}, plain, elsewhere, stage=Stage.COMPLETE)

    assert lacks(found, plain) == {"person.relationship"}
    assert lacks(found, elsewhere) == set()
    assert "person.relationship" not in lacks(found, AMY)


@pytest.mark.parametrize(
    ("facts", "lacking"),
    [
        ({"object_type": "phone"}, {"object.state"}),
        ({"object_type": "phone", "state": "seen"}, set()),
        ({"object_type": "phone", "state": "taken"}, {"object.seizure_power"}),
        ({"object_type": "phone", "state": "retained"}, {"object.seizure_power"}),
        (
            {"object_type": "phone", "state": "taken", "seizure_power": "other"},
            {"object.seizure_power_other"},
        ),
        ({"object_type": "phone", "state": "taken", "seizure_power": Gap(Why.NOT_KNOWN)}, set()),
        ({"object_type": "other", "state": "seen"}, {"object.object_type_other"}),
    ],
)
def test_a_thing_that_was_taken_is_asked_by_what_power(facts: dict[str, Answer], lacking: set[str]) -> None:
    """A gap with its reason is an answer here as well."""
    thing = one(EntityKind.OBJECT, **facts)

    assert lacks(with_thing(thing), thing) == lacking


def test_what_a_thing_is_is_needed_before_it_goes() -> None:
    """A description alone cannot be searched for."""
    thing = one(EntityKind.OBJECT, description="Black, cracked")

    assert lacks(with_thing(thing, Stage.CAPTURE), thing) == {"object.object_type"}


@pytest.mark.parametrize(
    ("kind", "facts", "lacking"),
    [
        (EntityKind.PLACE, {"street": "3 Low Row"}, {"place.place_type"}),
        (EntityKind.PLACE, {"street": "3 Low Row", "place_type": "other"}, {"place.place_type_other"}),
        (EntityKind.PERSON, {"known_as": "D", "relationship": "other"}, {"person.relationship_other"}),
        (
            EntityKind.PERSON,
            {"known_as": "D", "relationship": "mother", "disability_needs": ("other",)},
            {"person.disability_needs_other"},
        ),
    ],
)
def test_every_other_needs_its_words(kind: EntityKind, facts: dict[str, Answer], lacking: set[str]) -> None:
    """Also where the question that was answered "other" is not among the few asked first."""
    it = one(kind, **facts)
    said: Answer = str(it.id) if kind is EntityKind.PLACE else (str(it.id),)
    question = "ret.return_place" if kind is EntityKind.PLACE else "ret.left_with"

    assert lacks(looked_at({**HONEST, question: said}, it, stage=Stage.COMPLETE), it) == lacking


def test_a_suspect_who_sees_children_is_asked_which() -> None:
    """Yes alone protects nobody."""
    dean = one(EntityKind.PERSON, known_as="Dean", children_access="yes")
    found = said_of({"ppn.suspect_known": "yes", "ppn.suspects": (str(dean.id),)}, dean)

    assert lacks(found, dean) == {"person.children_access_who"}


def test_places_of_people_are_found_through_them() -> None:
    """The friend's address was typed with the friend; whoever looks for what is missing is led there."""
    street = one(EntityKind.PLACE, place_type="other")
    friend = one(EntityKind.PERSON, known_as="Jade", addresses=({"place": str(street.id), "type": "home"},))
    encounter = check_of({**HONEST, "pi.who": (str(friend.id),)}, AMY, friend, street)
    facts = facts_of(encounter, guide(), definitions.force(FORCE), NOW)

    ways = {found.entity.id: found for found in mentions_in(guide(), guide().fields(), facts)}

    assert (ways[friend.id].question, ways[friend.id].about) == ("pi.who", None)
    assert (ways[street.id].question, ways[street.id].about) == ("person.addresses", friend.id)
    assert AMY.id not in ways


def test_two_who_mention_each_other_are_found_once() -> None:
    """A circle ends."""
    a, b = new_id(), new_id()
    mum = Entity(a, EntityKind.PERSON, frozen({"person.parental_responsibility": ({"person": str(b)},)}))
    dad = Entity(b, EntityKind.PERSON, frozen({"person.parental_responsibility": ({"person": str(a)},)}))
    encounter = check_of({**HONEST, "ret.left_with": (str(a),)}, AMY, mum, dad)
    facts = facts_of(encounter, guide(), definitions.force(FORCE), NOW)

    found = [it.entity.id for it in mentions_in(guide(), guide().fields(), facts)]

    assert sorted(found.count(id_) for id_ in (a, b)) == [1, 1]


def test_few_questions_are_asked_and_what_hangs_on_an_answer() -> None:
    """Nobody is asked the eighty questions there are about a person."""
    asked = {field.id for field in asked_about(guide(), one(EntityKind.PERSON, has_phone="yes"))}

    assert asked == {*guide().mentions["person"], "person.has_phone"}
    assert MUM.facts.keys() <= {field.id for field in asked_about(guide(), MUM)}


def test_a_row_without_its_cells_is_no_call() -> None:
    """Who was rung, when, and how it ended: without them nobody knows whether the council was told."""
    found = looked_at({**HONEST, "ret.la_informed": ({"with": "edt_north_yorkshire"},)})
    [problem] = [it for it in found if it.code == "cell_needed"]

    assert problem.fields == ("ret.la_informed",)
    assert problem.says.endswith("Line 1 lacks: When, Outcome")
    assert problem.effect is Effect.BLOCK
    assert problem.override


def test_a_gap_in_a_cell_is_an_answer() -> None:
    """When the call was may not be known."""
    row: Row = {"with": "edt_north_yorkshire", "at": Gap(Why.NOT_KNOWN), "outcome": "accepted"}

    assert "cell_needed" not in {it.code for it in looked_at({**HONEST, "ret.la_informed": (row,)})}
