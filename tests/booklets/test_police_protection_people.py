"""Police protection names other children and suspects: each is decided on and asked about."""

from __future__ import annotations

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.forms import Effect
from tests.support.builders import NIGHT, a_person
from tests.support.ppns import somebody
from tests.support.protection import ALWAYS, END, KIT, POWER, guide_of, said_of
from tests.support.walks import found_by


def test_every_other_child_is_decided_and_asked_about() -> None:
    """R-13 and R-10: PPN, no PPN because, or somebody finds out who it is; and ethnicity; never silence."""
    known: dict[str, Answer] = {"known_as": "Ella", "age_estimate": "7", "ethnicity_sde": "W1"}
    cases = {
        "R-13": somebody(**known),
        "R-13a": somebody(**known, ppn_decision="not_identified"),
        "R-10": somebody(known_as="Ella", ppn_decision="no_ppn", ppn_decision_because="At her aunt's."),
        "": somebody(**known, ppn_decision="ppn_done"),
    }

    for rule, child in cases.items():
        named: dict[str, Answer] = {"pp.other_children": "yes", "pp.other_children_who": (str(child.id),)}
        assert found_by(said_of(POWER, named, child)) - ALWAYS[POWER] == ({rule} if rule else set())


def test_a_child_without_ethnicity_or_its_reason_does_not_go() -> None:
    """R-10, the hard rule: the child's own answer, or not stated with the reason; no gap."""
    unasked = KIT.changed("person.ethnicity_sde", None, at=NIGHT, by="NYP-2217")
    gap = a_person(known_as="Kit", ethnicity_sde=Gap(Why.NOT_ASKED))
    because = a_person(known_as="Kit", ethnicity_sde="NS", ethnicity_sde_not_stated_reason="N1")

    assert [
        any(one.effect is Effect.BLOCK for one in said_of(POWER, {}, child=child))
        for child in (unasked, gap, because)
    ] == [True, True, False]


@pytest.mark.parametrize(
    ("sees", "rules"), [(None, {"R-14a"}), (Gap(Why.NOT_KNOWN), {"R-14b"}), ("no", set[str]())]
)
@pytest.mark.parametrize("part", [POWER, END])
def test_of_every_suspect_it_is_asked_which_children_they_reach(
    part: str, sees: Answer | None, rules: set[str]
) -> None:
    """R-14: asked is not enough, not known is a task."""
    prefix = guide_of(part).forms[0].prefix
    facts: dict[str, Answer] = {"children_access": sees} if sees else {}
    dean = somebody(known_as="Dean", ethnicity_sde="W1", looks="Tall, limps", **facts)
    named: dict[str, Answer] = {f"{prefix}.suspect_known": "yes", f"{prefix}.suspects": (str(dean.id),)}

    assert found_by(said_of(part, named, dean)) - ALWAYS[part] == rules


NOT_SAID: dict[str, Answer] = {"ethnicity_sde": "NS", "ethnicity_sde_not_stated_reason": "N4"}


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [({}, True), ({"ethnicity_sde": "NS"}, True), (NOT_SAID, False), ({"ethnicity_sde": "A1"}, False)],
)
def test_of_a_suspect_the_ethnicity_is_asked_or_why_not(said: dict[str, Answer], is_asked: bool) -> None:
    """R-10: asked, and never in the way of an officer who says why there is none."""
    dean = somebody(known_as="Dean", children_access="no", **said)
    named: dict[str, Answer] = {"pp.suspect_known": "yes", "pp.suspects": (str(dean.id),)}

    found = found_by(said_of(POWER, named, dean), Effect.ASK)
    assert ("R-10a" in found) is is_asked
