"""A child is found however the name was heard, among five thousand, before the next letter is typed."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from booklets.answers import frozen
from booklets.entities import Entity, EntityKind, new_id
from field_app.capture.known_children import Pack, child_from, pack_from
from tests.support.shift_packs_told import TOLD_AT, a_child, amy
from tests.support.steps import steps_of


def pack(*children: dict[str, Any]) -> Pack:
    """A pack of these children."""
    return pack_from(children, as_of=TOLD_AT, until=TOLD_AT + timedelta(hours=10))


def typed(**facts: str) -> Entity:
    """A child as far as somebody has typed."""
    return Entity(
        new_id(), EntityKind.PERSON, frozen({f"person.{name}": said for name, said in facts.items()})
    )


TOWN = (
    amy(),
    a_child("Emma", "Brooks", dob="2012-07-01"),
    a_child("Noor", "Haddad", dob="2010-11-30"),
    a_child("Callum", "Dunne", known_as="Cal", dob="2015-04-09"),
)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("amy", "Amy"),
        ("Am", "Amy"),
        ("amy brok", "Amy"),
        ("BROOK, Amy", "Amy"),
        ("louise", "Amy"),
        ("cal dunn", "Cal"),
        ("kallum", "Cal"),
        ("nour hadad", "Noor"),
        ("2010-11-30", "Noor"),
        ("brook 2012", "Emma"),
    ],
)
def test_a_child_is_found_as_the_name_was_heard(heard: str, meant: str) -> None:
    """In any order, misspelt, by a part of it, by the name used every day, by the birthday."""
    assert pack(*TOWN).find(heard)[0].word("known_as") == meant


def test_nobody_is_found_by_what_is_nobodys_name_and_everybody_by_nothing() -> None:
    """The missing come first."""
    assert pack(*TOWN).find("Zebedee") == ()
    assert pack(*TOWN).find(" ")[0].word("known_as") == "Amy"
    assert len(pack(*TOWN).find("")) == 4


def test_the_child_who_is_being_typed_is_offered_and_another_birthday_rules_out() -> None:
    """A surname alone may be a sister's; a whole date of birth that is another's is another child."""
    here = pack(*TOWN)

    assert here.alike(typed(known_as="Amy", surname="Brock"))[0].word("known_as") == "Amy"
    assert here.alike(typed(known_as="Amy", surname="Brook", dob="2014-01-01")) == ()
    assert here.alike(typed(known_as="Al")) == ()
    assert here.alike(typed(surname="Haddad", dob="2010"))[0].word("known_as") == "Noor"


def test_five_thousand_children_are_searched_between_two_letters() -> None:
    """No letter takes more than a few dozen calls for each child."""
    begins = product(("Al", "Be", "Ca", "Di", "El", "Fa", "Gi"), ("na", "ris", "do", "mi", "ka"))
    roots = ("Hart", "Brook", "Mar", "Whit", "Sel", "Thorn")
    ends = product(roots, ("ley", "by", "ton", "wick", "well"), "aeiou")
    names = product(map("".join, begins), map("".join, ends))
    many = [a_child(one, other) for one, other in names][:5000]
    here = pack(*many, amy())
    assert here.find("amy brook")[0].word("given_names") == "Amy Louise"

    heard = ("a", "am", "amy", "amy b", "brookley fari")
    most = max(steps_of(lambda typed=typed: here.find(typed)) for typed in heard)  # type: ignore[misc]

    assert most < 100 * len(many)


def test_what_another_version_would_read_is_left_out() -> None:
    """One child that cannot be read hides no other."""
    broken = {**amy(), "facts": {"person.known_as": "no day"}}

    assert child_from(broken) is None
    assert len(pack(broken, a_child("Ben")).children) == 1
