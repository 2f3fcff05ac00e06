"""Which school a child goes to is known by the end of the shift, or why not; and who has a social worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from booklets.answers import Answer, Gap, Why, frozen
from booklets.entities import Entity, new_id
from booklets.forms import Effect, Stage
from booklets.review import Problem
from tests.support import ppns, protection
from tests.support.ppns import KIT
from tests.support.walks import AMY, HONEST, found_by, looked_at, needed

Says = Callable[[Entity, Stage], list[Problem]]


def about(child: Entity, **facts: Answer) -> Entity:
    """The same child, of whom this is known as well."""
    return replace(
        child, facts=frozen({**child.facts, **{f"person.{one}": said for one, said in facts.items()}})
    )


def of_return(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of a whole return check."""
    return looked_at(HONEST, child=child, stage=stage)


def of_ppn(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of a whole PPN."""
    return ppns.said_of({}, child=child, stage=stage)


def of_protection(child: Entity, stage: Stage = Stage.COMPLETE) -> list[Problem]:
    """What is said of the constable's part of a police protection."""
    return protection.said_of(protection.POWER, {}, child=child, stage=stage)


EACH = pytest.mark.parametrize(
    ("child", "says"),
    [(AMY, of_return), (KIT, of_ppn), (protection.KIT, of_protection)],
    ids=["return", "ppn", "police protection"],
)


@EACH
@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"dob": "2011-06-02"}, True),
        ({"dob": "2021-12-02"}, True),
        ({"dob": "2008-06-02"}, True),
        ({"dob": "2023-06-02"}, False),
        ({"dob": "", "age_estimate": "3"}, False),
        ({"dob": "", "age_estimate": "18"}, False),
        ({"dob": "2011-06-02", "school": str(new_id())}, False),
        ({"dob": "2011-06-02", "home_educated": "yes"}, False),
        ({"dob": "2011-06-02", "school": Gap(Why.NOT_APPLICABLE, "Left in July and works")}, False),
        ({"dob": "2011-06-02", "school": Gap(Why.NOT_KNOWN, "Nobody at home could say")}, False),
    ],
)
def test_the_school_of_a_child_of_school_age_is_asked_for_or_why_nobody_knows(
    child: Entity, says: Says, facts: Mapping[str, Answer], *, asked: bool
) -> None:
    """B.1.b: from four to seventeen, of whoever came back, is protected, or has a PPN written about them."""
    found = [one for one in says(about(child, **facts), Stage.COMPLETE) if one.code == "I-06"]

    assert [(one.effect, one.fields, one.entity) for one in found] == (
        [(Effect.WARN, ("person.school",), child.id)] if asked else []
    )


@EACH
def test_no_school_holds_up_what_is_sent_at_the_door(child: Entity, says: Says) -> None:
    """It is found out later in the shift, and nothing waits for it then either."""
    assert "I-06" not in found_by(says(child, Stage.CAPTURE))
    assert not [one for one in says(child, Stage.COMPLETE) if one.code == "I-06" and one.stands]


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, True),
        ({"ret.found_how": "phoned"}, False),
        ({"ret.found_how": "dead"}, False),
        ({"ret.condition": ("deceased",)}, False),
    ],
)
def test_only_a_child_who_is_back_goes_to_school_tomorrow(
    changed: Mapping[str, Answer], *, asked: bool
) -> None:
    """Nobody asks for the school of a child who has died, or who has only rung."""
    assert ("I-06" in found_by(looked_at({**HONEST, **changed}, stage=Stage.COMPLETE))) is asked


@EACH
@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"care_status": "none", "care_flags": ("LEAVER",)}, True),
        ({"care_status": "none", "care_flags": ("PF",)}, True),
        ({"care_flags": ("UASC",)}, True),
        ({"care_status": "none", "plan_status": ("EHCP",), "care_flags": ("none_known",)}, False),
        ({"care_status": "none"}, False),
    ],
)
def test_a_care_leaver_and_a_child_fostered_privately_have_a_social_worker(
    child: Entity, says: Says, facts: Mapping[str, Answer], *, asked: bool
) -> None:
    """B.1.b, D.9: any status of care, not a legal order alone; that nobody knows is an answer."""
    wanted = {"person.social_worker", "person.social_worker_phone"}
    nobody = Gap(Why.NOT_KNOWN, "The team opens at nine")

    assert (wanted <= needed(says(about(child, **facts), Stage.COMPLETE))) is asked
    told = about(child, **facts, social_worker=nobody, social_worker_phone=nobody)
    assert not wanted & needed(says(told, Stage.COMPLETE))
