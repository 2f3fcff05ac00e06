"""Persons, places and objects: typed once, with the history of every change."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given

from booklets.answers import Answer, Gap, Why
from booklets.entities import (
    Entity,
    EntityKind,
    by_id,
    edit_from_json,
    entity_from_json,
    entity_to_json,
    new_id,
    read_id,
)
from booklets.errors import WireError
from tests.support import encounters as some
from tests.support.builders import CHILD, NIGHT

NAME = "person.known_as"
KIT = Entity(CHILD, EntityKind.PERSON)


@given(some.entities)
def test_every_entity_survives_the_journey(entity: Entity) -> None:
    """With its facts and its whole history."""
    assert entity_from_json(json.loads(json.dumps(entity_to_json(entity)))) == entity


@pytest.mark.parametrize(
    ("key", "junk"),
    [
        ("id", "Kit"),
        ("id", 3),
        ("kind", "animal"),
        ("kind", None),
        ("facts", []),
        ("history", {}),
        ("history", [{}]),
        ("history", [None]),
        ("facts", {"person.dob": 3}),
    ],
)
def test_a_spoilt_entity_is_refused(key: str, junk: object) -> None:
    """Whatever arrives, it is a person, place or object or a ``WireError``."""
    with pytest.raises(WireError):
        entity_from_json(entity_to_json(KIT) | {key: junk})


def test_an_edit_says_who_when_and_what() -> None:
    """Without any of them it is none."""
    with pytest.raises(WireError):
        edit_from_json({"at": "2026-03-14T12:00:00Z", "by": "1", "field": "x", "old": None})


def test_an_id_is_text_and_a_uuid() -> None:
    """Nothing else is looked up."""
    assert read_id(str(CHILD)) == CHILD
    with pytest.raises(WireError, match="must be text"):
        read_id(CHILD)


def test_a_change_is_noted_with_what_stood_there_before() -> None:
    """Who changed a date of birth, and from what, is a question courts ask."""
    first = KIT.changed("person.dob", "2011-05-02", at=NIGHT, by="A")
    second = first.changed("person.dob", Gap(Why.NOT_KNOWN), at=NIGHT + timedelta(hours=1), by="B")

    assert [(one.by, one.old, one.new) for one in second.history] == [
        ("A", None, "2011-05-02"),
        ("B", "2011-05-02", Gap(Why.NOT_KNOWN)),
    ]
    assert KIT.history == ()


def test_letters_typed_within_a_minute_are_one_change() -> None:
    """Forty edits for one name would hide the one that matters."""
    typed = KIT
    for seconds, text in enumerate(("K", "Ki", "Kit")):
        typed = typed.changed(NAME, text, at=NIGHT + timedelta(seconds=seconds), by="A")

    [edit] = typed.history
    assert (edit.old, edit.new) == (None, "Kit")


@pytest.mark.parametrize(
    ("fact", "by", "after"),
    [
        pytest.param("person.surname", "A", timedelta(seconds=1), id="another fact"),
        pytest.param(NAME, "B", timedelta(seconds=1), id="another officer"),
        pytest.param(NAME, "A", timedelta(seconds=61), id="later"),
        pytest.param(NAME, "A", timedelta(days=-1), id="the phone's clock went back"),
    ],
)
def test_another_change_is_another_edit(fact: str, by: str, after: timedelta) -> None:
    """Only letters of one word by one hand run together."""
    once = KIT.changed(NAME, "Kit", at=NIGHT, by="A")

    assert len(once.changed(fact, "Kat", at=NIGHT + after, by=by).history) == 2


@pytest.mark.parametrize("nothing", [None, "", ()])
def test_clearing_what_was_never_said_changes_nothing(nothing: Answer | None) -> None:
    """An empty box that was touched and left is no edit."""
    assert KIT.changed(NAME, nothing, at=NIGHT, by="A") is KIT


def test_a_cleared_fact_is_gone_and_its_words_are_in_the_history() -> None:
    """Taken back is not the same as never said."""
    cleared = KIT.changed(NAME, "Kit", at=NIGHT, by="A").changed(
        NAME, "", at=NIGHT + timedelta(hours=1), by="A"
    )

    assert NAME not in cleared.facts
    assert (cleared.history[-1].old, cleared.history[-1].new) == ("Kit", None)


def test_a_fact_as_a_word() -> None:
    """A gap and a list are no word."""
    kit = KIT.changed(NAME, "Kit", at=NIGHT, by="A").changed(
        "person.dob", Gap(Why.REFUSED), at=NIGHT, by="A"
    )

    assert (kit.word("known_as"), kit.word("dob"), kit.word("surname")) == ("Kit", "", "")
    assert by_id((kit,)) == {CHILD: kit}


def test_ids_are_made_without_asking_and_in_the_order_of_time() -> None:
    """Two devices in a tunnel never make the same one."""
    made = [new_id() for _ in range(200)]

    assert len(set(made)) == 200
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {made[0].variant}
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
