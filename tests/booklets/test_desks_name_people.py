"""What teams write names children and suspects too: each child is decided on, each suspect asked about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.entities import Entity
from booklets.forms import Effect
from tests.support.beside_the_report import looked_at, tasks_of
from tests.support.missing import NOW, somebody
from tests.support.walks import found_by

CHILDREN = {
    "exploiter": "exp.children",
    "place_of_concern": "hot.children",
    "trigger_plan": "trg.associates",
    "mhet_review": "mh.perp_links",
    "return_interview": "rhi.people",
    "enquiries": "act.last_seen_with",
}
"""Where each record can name a child besides the one it is about."""
SUSPECTS = {
    "exploiter": "exp.person",
    "place_of_concern": "hot.adults",
    "trigger_plan": "trg.exploiters",
    "mhet_review": "mh.perp_links",
}
ASKED = {"exploiter": "R-14"}
"""Where the question has another number than R-14a."""


def of_a_child(guide: str, **facts: Answer) -> Iterator[tuple[str, Effect]]:
    """What is said about Ella, nine, whom the record names."""
    ella = somebody(known_as="Ella", age_estimate="9", **facts)
    yield from about(guide, CHILDREN[guide], ella)


def about(guide: str, question: str, person: Entity) -> Iterator[tuple[str, Effect]]:
    """What the record says about this person, and with what effect."""
    field = next(one for one in definitions.guide(guide).fields() if one.id == question)
    named: Answer = str(person.id) if field.kind.value == "person" else (str(person.id),)
    yield from (
        (one.code, one.effect)
        for one in looked_at(guide, {question: named}, person)
        if one.entity == person.id and one.code.startswith("R-1")
    )


@pytest.mark.parametrize("guide", CHILDREN)
def test_another_child_has_a_decision_or_somebody_finds_out_who_it_is(guide: str) -> None:
    """R-13: PPN, no PPN because, or not known who it is; a child without a name is still a child."""
    asked = {("R-13", Effect.ASK)}
    known = {"ppn_decision": "ppn_done"}
    unknown = {"ppn_decision": "not_identified"}

    assert asked <= set(of_a_child(guide))
    assert not {("R-13", Effect.ASK), ("R-13a", Effect.TASK)} & set(of_a_child(guide, **known))
    assert ("R-13a", Effect.TASK) in set(of_a_child(guide, **unknown))


@pytest.mark.parametrize("guide", ["exploiter", "place_of_concern"])
def test_a_child_of_no_known_age_is_a_child_where_only_children_are_named(guide: str) -> None:
    """Nobody knows how old a child is who was seen once from a car."""
    child = somebody(known_as="girl with the red bag")

    assert ("R-13", Effect.ASK) in set(about(guide, CHILDREN[guide], child))


@pytest.mark.parametrize(
    ("guide", "suspects", "others"),
    [
        ("place_of_concern", {}, "hot.other_children"),
        ("protection_end", {"ppe.suspect_known": "yes"}, "ppe.other_children_who"),
    ],
)
def test_the_children_a_suspect_sees_are_named_there_also_beside_others(
    guide: str, suspects: dict[str, Answer], others: str
) -> None:
    """R-14: a girl seen at the flat, or a child in the foster home, is not the nephew he sees at home."""
    field = {"place_of_concern": "hot.adults", "protection_end": "ppe.suspects"}[guide]
    beside_them = {"place_of_concern": "hot.children", "protection_end": "ppe.now_with"}[guide]
    dean = somebody(
        known_as="Dean", age_estimate="31", children_access="yes", children_access_who="A nephew"
    )
    girl = somebody(known_as="Jo", age_estimate="14", ppn_decision="ppn_done")
    max_ = somebody(known_as="Max", age_estimate="6", ppn_decision="ppn_done")
    said: dict[str, Answer] = {**suspects, field: (str(dean.id),), beside_them: (str(girl.id),)}
    named: dict[str, Answer] = {**said, others: (str(max_.id),)}

    assert ("R-14c", dean.id) in {(one.code, one.entity) for one in looked_at(guide, said, dean, girl)}
    assert "R-14c" not in found_by(looked_at(guide, named, dean, girl, max_))
    away = dean.changed("person.children_access", "no", at=NOW, by="NYP-1187")
    assert "R-14c" not in found_by(looked_at(guide, said, away, girl))


@pytest.mark.parametrize("guide", ["place_of_concern", "protection_end", "enquiries"])
def test_a_child_named_beside_a_suspect_is_decided_on(guide: str) -> None:
    """R-13: of no known age too, where only children are asked for."""
    others = {
        "place_of_concern": "hot.other_children",
        "protection_end": "ppe.other_children_who",
        "enquiries": "act.other_children",
    }[guide]

    assert ("R-13", Effect.ASK) in set(about(guide, others, somebody(known_as="his sister's boy")))
    decided = somebody(known_as="his sister's boy", ppn_decision="not_identified")
    assert ("R-13a", Effect.TASK) in set(about(guide, others, decided))


def test_a_grown_up_friend_needs_no_ppn() -> None:
    """The plan names whom the child may be with, and most of them are no children."""
    friend = somebody(known_as="Jo", relationship="friend_adult")

    assert set(about("trigger_plan", "trg.associates", friend)) == set()


@pytest.mark.parametrize("guide", SUSPECTS)
@pytest.mark.parametrize(
    ("sees", "asks", "sets"),
    [(None, True, False), (Gap(Why.NOT_KNOWN), False, True), ("no", False, False)],
)
def test_of_whoever_is_suspected_it_is_asked_which_children_they_reach(
    guide: str, sees: Answer | None, asks: bool, sets: bool
) -> None:
    """R-14: asked is not enough, not known is a task."""
    facts: dict[str, Answer] = {"children_access": sees} if sees else {}
    said = set(about(guide, SUSPECTS[guide], somebody(known_as="Dean", age_estimate="31", **facts)))

    assert ((ASKED.get(guide, "R-14a"), Effect.ASK) in said) is asks
    assert (("R-14b", Effect.TASK) in said) is sets


def test_who_may_be_with_the_child_and_is_suspected_is_asked_about_too() -> None:
    """Called a friend in one question, and what they are in the other."""
    dean = somebody(known_as="Dean", age_estimate="31", relationship="suspected_exploiter")

    assert ("R-14a", Effect.ASK) in set(about("trigger_plan", "trg.associates", dean))


@pytest.mark.parametrize("guide", CHILDREN)
def test_what_is_asked_of_somebody_can_be_answered_there(guide: str) -> None:
    """The few questions about a person have the decision, its reason, and which children they see."""
    first = set(definitions.guide(guide).mentions["person"])

    assert first >= {
        "person.ppn_decision",
        "person.ppn_decision_because",
        "person.children_access",
        "person.children_access_who",
    }


def test_whoever_wrote_it_finds_out() -> None:
    """The tasks are those that every other record sets."""
    dean = somebody(known_as="Dean", children_access=Gap(Why.NOT_KNOWN))
    boy = somebody(known_as="a boy", age_estimate="12", ppn_decision="not_identified")
    named: dict[str, Answer] = {"hot.adults": (str(dean.id),), "hot.children": (str(boy.id),)}

    tasks = tasks_of(looked_at("place_of_concern", named, dean, boy))
    assert {rule: tasks[rule] for rule in ("R-13a", "R-14b")} == {
        "R-13a": ("identify_child", "author"),
        "R-14b": ("find_children_at_risk", "author"),
    }


def test_no_word_is_lost_on_a_record_that_names_nobody() -> None:
    """A silent record stays silent."""
    for guide in CHILDREN:
        assert not {"R-13", "R-13a", "R-14", "R-14a", "R-14b"} & found_by(looked_at(guide, {}))
