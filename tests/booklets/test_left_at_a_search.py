"""What a search found and left where it was has its reason (B.4 srch.devices: left or retained, and why)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Gap, Why, frozen
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect
from booklets.review import Problem
from tests.support.beside_the_report import looked_at


def a_phone(**facts: Answer) -> Entity:
    """The phone on Leo's desk."""
    known = {"object_type": "phone", **facts}
    return Entity(
        new_id(), EntityKind.OBJECT, frozen({f"object.{name}": one for name, one in known.items()})
    )


def said_of_left(*things: Entity, question: str = "srch.devices_what") -> list[Problem]:
    """What the rule says of a search that names these."""
    answers: Mapping[str, Answer] = {
        "srch.found": "yes",
        "srch.devices": ("phone",),
        question: tuple(str(one.id) for one in things),
    }
    return [one for one in looked_at("search", answers, *things) if one.code == "SP-3"]


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"state": "left"}, True),
        ({"state": "left", "left_because": "His sister needs it to ring him on."}, False),
        ({"state": "left", "left_because": Gap(Why.NOT_KNOWN, "The other crew left it")}, False),
        ({"state": "taken"}, False),
        ({"state": "seen"}, False),
        ({}, False),
    ],
)
def test_a_device_that_was_left_needs_its_reason(facts: Mapping[str, Answer], *, asked: bool) -> None:
    """At the thing itself; that nobody knows is one too."""
    phone = a_phone(**facts)

    found = said_of_left(phone)

    assert [(one.effect, one.fields, one.entity) for one in found] == (
        [(Effect.ASK, ("object.left_because",), phone.id)] if asked else []
    )


def test_each_thing_is_asked_about_by_itself() -> None:
    """One reason does not stand for two phones."""
    left, kept = a_phone(state="left"), a_phone(state="left", left_because="Broken, and no battery in it.")

    assert [one.entity for one in said_of_left(left, kept)] == [left.id]


def test_what_else_was_found_is_not_asked_about() -> None:
    """A coat on a hook stays where it hangs."""
    assert not said_of_left(a_phone(state="left"), question="srch.found_things")
