"""Other children, suspects, and who may be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.checks.people import (
    children_access_asked,
    children_access_known,
    ethnicity_answered,
    family_may_be_told,
    not_looked_after,
    not_told_against_risk,
    other_child_decided,
    other_child_identified,
)
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Facts

FOUND = datetime(2026, 3, 14, 2, 31, tzinfo=UTC)

OTHERS = ["other_child", "child_of_concern", "victim_child"]
RISKS = MappingProxyType({"pi.hbv_fm_fgm": "forced marriage", "ret.covert": "someone near must not know"})


def person(**facts: Answer) -> Entity:
    """Somebody, known this far."""
    known = {f"person.{name}": answer for name, answer in facts.items()}
    return Entity(new_id(), EntityKind.PERSON, MappingProxyType(known))


def with_people(
    *people: tuple[Entity, str], answers: Mapping[str, Answer] | None = None, subject: UUID | None = None
) -> Facts:
    """A record with these people in these roles."""
    return Facts(
        answers=answers or {},
        entities={entity.id: entity for entity, _ in people},
        roles={entity.id: frozenset({role}) for entity, role in people},
        subject=subject,
        now=FOUND,
    )


@pytest.mark.parametrize(
    ("who", "role", "well"),
    [
        (person(known_as="Ella", age_estimate="11"), "other_child", False),
        (person(known_as="Ella", age_estimate="11", ppn_decision="ppn_done"), "other_child", True),
        (person(known_as="Ella", ppn_decision="not_identified"), "other_child", True),
        (person(known_as="Jay", age_estimate="15"), "found_with", False),
        (person(known_as="Jay", relationship="schoolmate"), "found_with", False),
        (person(known_as="Kit", dob="1990-01-01"), "found_with", True),
        (person(known_as="Kit"), "found_with", True),
    ],
)
def test_every_other_child_gets_a_decision(who: Entity, role: str, well: bool) -> None:
    """R-13: a friend of 15 named under "with whom" counts, whatever the role says."""
    assert other_child_decided(who, with_people((who, role)), roles=OTHERS) is well


def test_the_child_the_record_is_about_is_not_another_child() -> None:
    """Their own PPN is a question of the interview."""
    child = person(known_as="Amy", dob="2011-06-02")
    facts = with_people((child, "missing_child"), subject=child.id)

    assert other_child_decided(child, facts, roles=OTHERS)
    assert other_child_identified(child, facts)


def test_a_child_nobody_can_name_becomes_a_task() -> None:
    """R-13: a child without a name is still a child."""
    unknown = person(ppn_decision="not_identified")
    named = person(known_as="Ella", ppn_decision="ppn_done")
    facts = with_people((unknown, "other_child"), (named, "other_child"))

    assert not other_child_identified(unknown, facts)
    assert other_child_identified(named, facts)


@pytest.mark.parametrize(
    ("who", "well"),
    [
        (person(), False),
        (person(ethnicity_sde="M1"), True),
        (person(ethnicity_sde="NS"), False),
        (person(ethnicity_sde="NS", ethnicity_sde_not_stated_reason="N4"), True),
        (person(ethnicity_sde=Gap(Why.NOT_KNOWN)), False),
        (person(ethnicity_ic="IC1"), False),
    ],
)
def test_ethnicity_is_the_childs_own_answer_or_a_reason(who: Entity, well: bool) -> None:
    """R-10: no gap counts, and what the officer sees never takes its place."""
    assert ethnicity_answered(who, with_people((who, "other_child"))) is well


@pytest.mark.parametrize(
    ("access", "asked", "known"),
    [(None, False, True), ("yes", True, True), ("no", True, True), (Gap(Why.NOT_KNOWN), True, False)],
)
def test_a_suspects_reach_to_children_is_asked_and_followed_up(
    access: Answer | None, asked: bool, known: bool
) -> None:
    """R-14: not known is a task, not an answer to rest on."""
    suspect = person(children_access=access) if access is not None else person()
    facts = with_people((suspect, "suspect"))

    assert children_access_asked(suspect, facts) is asked
    assert children_access_known(suspect, facts) is known


@pytest.mark.parametrize(("status", "spots"), [("co", 1), ("none", 0), ("", 0)])
def test_a_looked_after_child_has_two_councils(status: str, spots: int) -> None:
    """R-38 with R-39."""
    child = person(care_status=status) if status else person()
    facts = with_people((child, "missing_child"), subject=child.id)

    assert len(not_looked_after(facts, statuses=["s20", "ico", "co"])) == spots


@pytest.mark.parametrize(
    ("answers", "people", "words"),
    [
        ({}, [], ""),
        ({"pi.hbv_fm_fgm": "no", "ret.covert": "no"}, [], ""),
        ({"pi.hbv_fm_fgm": "yes"}, [], "forced marriage"),
        ({"pi.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, [], "not known: forced marriage"),
        ({"ret.covert": "yes"}, [], "someone near must not know"),
        ({"pi.exploitation_types": ("FM",)}, [], "the kind of exploitation that is suspected"),
        ({"pi.exploitation_types": ("CCE",)}, [], ""),
        ({}, [(person(relationship="step_parent"), "suspect")], "a relative or carer is suspected"),
        ({}, [(person(relationship="step_parent"), "left_with")], ""),
        ({}, [(person(relationship="stranger"), "suspect")], ""),
    ],
)
def test_family_is_told_nothing_where_telling_may_harm(
    answers: Mapping[str, Answer], people: list[tuple[Entity, str]], words: str
) -> None:
    """R-51: not knowing counts as a risk, and so does a suspect in the family."""
    facts = with_people(*people, answers=answers)

    spots = family_may_be_told(
        facts,
        risks=RISKS,
        types="pi.exploitation_types",
        kinds=["FM", "HBA"],
        show_at=["ret.parents_informed"],
    )

    assert [spot.words for spot in spots] == ([words] if words else [])


@pytest.mark.parametrize(
    ("risk", "parents", "spots"),
    [
        ("yes", "told", 1),
        ("yes", "told_safe_only", 1),
        ("yes", "not_told", 0),
        ("no", "told", 0),
        (Gap(Why.NOT_KNOWN), "told", 1),
    ],
)
def test_whoever_told_the_family_anyway_says_who_decided_it(risk: Answer, parents: str, spots: int) -> None:
    """R-51: the default is not to tell."""
    facts = Facts(answers={"pi.hbv_fm_fgm": risk, "ret.parents_informed": parents})

    found = not_told_against_risk(
        facts, risks=RISKS, types="pi.exploitation_types", kinds=["FM"], told=["ret.parents_informed"]
    )

    assert len(found) == spots
