"""A PPN names other children and suspects: each is decided on and asked about, the child as one too."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.entities import Entity
from booklets.forms import Effect, Stage
from tests.support.ppns import PROTECTED, said_of, somebody
from tests.support.walks import found_by, needed

ELLA: Mapping[str, Answer] = {"known_as": "Ella", "age_estimate": "7", "ethnicity_sde": "W1"}
UNDECIDED = somebody(**ELLA, seen_tonight="awake")
FOUND_OUT = somebody(**ELLA, ppn_decision="ppn_done", seen_tonight="asleep")
UNSEEN = somebody(**ELLA, ppn_decision="ppn_done")
UNKNOWN = somebody(
    known_as="small boy",
    ethnicity_sde="NS",
    ethnicity_sde_not_stated_reason="N4",
    ppn_decision="not_identified",
    seen_tonight="no",
)
WITHOUT_ETHNICITY = somebody(
    known_as="Ella",
    ppn_decision="no_ppn",
    ppn_decision_because="Not there; lives with her aunt.",
    seen_tonight="not_here",
)


@pytest.mark.parametrize(
    ("child", "rules"),
    [
        (UNDECIDED, {"R-13"}),
        (FOUND_OUT, set()),
        (UNSEEN, {"R-13b"}),
        (UNKNOWN, {"R-13a"}),
        (WITHOUT_ETHNICITY, {"R-10"}),
    ],
)
def test_every_other_child_is_decided_and_asked_about(child: Entity, rules: set[str]) -> None:
    """R-13: PPN, no PPN because, or somebody finds out who it is; never silence."""
    named: dict[str, Answer] = {"ppn.other_children": "yes", "ppn.other_children_who": (str(child.id),)}

    assert found_by(said_of(named, child)) == rules


def test_a_child_nobody_called_an_other_child_is_asked_about_too() -> None:
    """A friend of nine among the adults of a fight is still a child."""
    at_the_fight: dict[str, Answer] = {
        "ppn.da": "yes",
        "ppn.da_victims": (str(UNDECIDED.id),),
        "ppn.da_level": "standard",
    }

    assert "R-13" in found_by(said_of(at_the_fight, UNDECIDED))


@pytest.mark.parametrize(
    ("sees", "rules"),
    [(None, {"R-14a"}), (Gap(Why.NOT_KNOWN), {"R-14b"}), ("yes", {"R-14c"}), ("no", set())],
)
def test_of_every_suspect_it_is_asked_which_children_they_reach(
    sees: Answer | None, rules: set[str]
) -> None:
    """R-14: asked is not enough, not known is a task."""
    known: dict[str, Answer] = {"known_as": "Dean", "ethnicity_sde": "W1", "looks": "Tall, limps"}
    known |= {"children_access": sees} if sees else {}
    known |= {"children_access_who": "His sister's two, at weekends."} if sees == "yes" else {}
    dean = somebody(**known)

    found = found_by(said_of({**PROTECTED, "ppn.suspects": (str(dean.id),)}, dean))

    assert found == rules


NOT_SAID: Mapping[str, Answer] = {"ethnicity_sde": "NS", "ethnicity_sde_not_stated_reason": "N4"}


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [({}, True), ({"ethnicity_sde": "NS"}, True), (NOT_SAID, False), ({"ethnicity_sde": "A1"}, False)],
)
def test_of_a_suspect_the_ethnicity_is_asked_or_why_not(said: Mapping[str, Answer], is_asked: bool) -> None:
    """R-10: asked, and never in the way of an officer who says why there is none."""
    dean = somebody(known_as="Dean", children_access="no", **said)

    found = found_by(said_of({**PROTECTED, "ppn.suspects": (str(dean.id),)}, dean), Effect.ASK)
    assert ("R-10a" in found) is is_asked


def test_of_a_grown_up_who_is_not_suspected_no_ethnicity_is_asked() -> None:
    """Whoever is only there is asked nothing more."""
    jo = somebody(known_as="Jo", relationship="friend_adult")
    there: dict[str, Answer] = {"ppn.da": "yes", "ppn.da_victims": (str(jo.id),)}

    assert not {"R-10", "R-10a"} & found_by(said_of(there, jo))


CONSIDERED = "Kit carried it for a man Kit owes money; the man waited in a car and drove off."


@pytest.mark.parametrize("came", ["crime_suspect", "stop_search_arrest"])
def test_of_a_child_who_is_suspected_it_is_said_how_a_victim_was_considered(came: str) -> None:
    """R-41: later in the shift, in words, with the decision on a referral; it holds up no sending."""
    suspected: dict[str, Answer] = {"ppn.incident_type": came}
    asked = {"ppn.victim_first", "ppn.nrm"}
    said = {**suspected, "ppn.victim_first": CONSIDERED, "ppn.nrm": "not_indicated"}

    assert asked <= needed(said_of(suspected, stage=Stage.COMPLETE))
    assert not asked & needed(said_of(suspected))
    assert not asked & needed(said_of(said, stage=Stage.COMPLETE))
    by_noon = Gap(Why.PENDING, due="2026-03-15T12:00:00Z")
    assert not asked & needed(said_of({**said, "ppn.victim_first": by_noon}, stage=Stage.COMPLETE))


def test_of_a_child_whom_nobody_suspects_it_is_not_asked() -> None:
    """A crime against the child is no crime by the child."""
    found = needed(said_of({"ppn.incident_type": "crime_victim"}, stage=Stage.COMPLETE))

    assert not {"ppn.victim_first", "ppn.nrm"} & found


WITH_ABUSE: Mapping[str, Answer] = {"ppn.da": "yes", "ppn.da_level": "standard", "ppn.other_children": "yes"}


def schools_to_tell(child: Entity, abuse: str = "yes") -> list[tuple[str, str, str, bool]]:
    """What has to be done about another child's school, whose task it is, and whether it is this child's."""
    named: dict[str, Answer] = {"ppn.other_children_who": (str(child.id),), "ppn.da": abuse}
    return [
        (one.code, one.task.kind, one.task.owner, one.entity == child.id)
        for one in said_of({**WITH_ABUSE, **named}, child)
        if one.task is not None and one.entity is not None and one.code.startswith("R-46")
    ]


@pytest.mark.parametrize("age", [{"age_estimate": "7"}, {"dob": "2009-01-02"}, {"dob": "2022-03-10"}, {}])
def test_the_school_of_a_child_without_a_ppn_is_told_by_the_vulnerability_team(
    age: Mapping[str, Answer],
) -> None:
    """R-46: each child of reception to 17; whose age nobody knows may be one."""
    ella = somebody(known_as="Ella", ppn_decision="no_ppn", **age)

    assert schools_to_tell(ella) == [("R-46b", "operation_encompass", "vat", True)]
    assert schools_to_tell(ella, "no") == []


@pytest.mark.parametrize(
    "known",
    [
        {"age_estimate": "7", "ppn_decision": "ppn_done"},  # that PPN tells the school
        {"age_estimate": "7", "ppn_decision": "not_identified"},  # first somebody finds out who it is
        {"age_estimate": "7"},  # asked first
        {"dob": "2022-03-20", "ppn_decision": "no_ppn"},  # three: no school yet
        {"age_estimate": "19", "ppn_decision": "no_ppn"},
    ],
)
def test_no_school_is_told_twice_or_of_somebody_who_goes_to_none(known: Mapping[str, Answer]) -> None:
    """The other side of the rule."""
    assert schools_to_tell(somebody(known_as="Ella", **known)) == []


def test_each_child_without_a_ppn_is_a_task_of_its_own() -> None:
    """Two children at two schools."""
    ella, tom = (
        somebody(known_as=name, age_estimate="8", ppn_decision="no_ppn") for name in ("Ella", "Tom")
    )
    both: dict[str, Answer] = {**WITH_ABUSE, "ppn.other_children_who": (str(ella.id), str(tom.id))}

    found = {one.entity for one in said_of(both, ella, tom) if one.code == "R-46b"}
    assert found == {ella.id, tom.id}
