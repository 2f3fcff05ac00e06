"""One adult beside several missing children (R-34)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from booklets.answers import Answer
from booklets.duties import title_of
from booklets.entities import Entity
from booklets.records import Record
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import ANA, KIT, a_talk, asked, of
from tests.support.builders import NIGHT, a_person, an_id
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import rows

KIND = "adult_beside_several"
Night = Callable[..., Record]
Beside = Callable[..., Record]
BORN: dict[str, Answer] = {"given_names": "Lee", "surname": "Vance-Test", "dob": "1994-01-20"}
BY_PHONE: dict[str, Answer] = {"given_names": "Lee", "phones": ({"number": "07700 900888"},)}


def a_man(name: str, **facts: Answer) -> Entity:
    """A man with a van, as one officer writes him down."""
    nothing: dict[str, Answer] = {"given_names": "", "surname": "", "dob": "", "addresses": ()}
    return a_person(
        an_id(f"man {name}"), NIGHT, **nothing | {"phones": (), "relationship": "stranger"} | facts
    )


@pytest.fixture
def beside(night: Night, officer: Colleague) -> Beside:
    """Send a return, and an interview in which the child says with whom they were."""

    def send(name: str, day: float, man: Entity, **more: Any) -> Record:
        return officer.sent(a_talk(night(name, day, **more), {"pi.who": (str(man.id),)}, man))

    return send


@pytest.mark.parametrize("known", [BORN, BY_PHONE], ids=["by name and birth", "by his phone"])
def test_one_man_beside_two_children(context: Context, beside: Beside, known: dict[str, Answer]) -> None:
    """Two officers, two children, one man whom neither officer had heard of."""
    beside("one", 0, a_man("one", **known))
    look(context)
    assert asked(context, KIND) == []
    second = beside("two", 200, a_man("two", **known), child=ANA)

    look(context)
    look(context)

    [row] = [one for one in rows(context, task) if one["kind"] == KIND]
    assert (row["owner_role"], row["status"], row["record"]) == ("mhet", "open", str(of(second)))
    assert str(row["rule"]).startswith("R-34/")
    assert "abduction notice" in title_of(KIND)


def test_a_man_who_was_last_seen_with_two_children_is_beside_both(
    context: Context, officer: Colleague, night: Night
) -> None:
    """Who was there when a child was last seen is asked on its own, and counts as being beside the child."""
    for name, day, child in (("one", 0.0, KIT), ("two", 200.0, ANA)):
        man = a_man(name, **BORN)
        seen = a_record("mis", night(name, day, child=child), {"mis.last_seen_with": (str(man.id),)})
        officer.sent(replace(seen, entities=(*seen.entities, man)))
    look(context)

    assert [row["owner_role"] for row in rows(context, task) if row["kind"] == KIND] == ["mhet"]


@pytest.mark.parametrize(
    "known",
    [
        {"given_names": "Lee"},
        {**BORN, "dob": "1994"},
        {"phones": ({"number": "0770"},)},
        {**BORN, "relationship": "residential_worker"},
        {**BORN, "relationship": "mother"},
        {**BORN, "dob": "2010-01-20"},
        {**BY_PHONE, "age_estimate": "15"},
        {**BORN, "relationship": "schoolmate"},
    ],
    ids=[
        "a first name",
        "born nobody knows when",
        "half a number",
        "works at the home",
        "mother of both",
        "a child by birth",
        "a child by looks",
        "a friend from school",
    ],
)
def test_others_are_not_counted(context: Context, beside: Beside, known: dict[str, Answer]) -> None:
    """Family and staff are beside several children for good reasons; children are no adults."""
    beside("one", 0, a_man("one", **known))
    beside("two", 20, a_man("two", **known), child=ANA)

    look(context)

    assert asked(context, KIND) == []


def test_one_child_twice_is_one_child(context: Context, beside: Beside) -> None:
    """That is for the trigger plan."""
    beside("one", 0, a_man("one", **BORN))
    beside("two", 20, a_man("two", **BORN))

    look(context)

    assert asked(context, KIND) == []


def test_a_child_who_has_died_is_not_counted(context: Context, beside: Beside) -> None:
    """R-50: an investigation has begun, and nothing acts by itself."""
    beside("one", 0, a_man("one", **BORN))
    beside("two", 20, a_man("two", **BORN), child=ANA, answers={"ret.found_how": "dead"})

    look(context)

    assert asked(context, KIND) == []
