"""What follows from a return check: who is told, which clocks run, what is asked about whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Why, frozen
from booklets.clocks import running
from booklets.encounters import facts_of
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Stage
from tests.support.walks import (
    AMY,
    BACK,
    FORCE,
    FOUND,
    HONEST,
    MUM,
    NOW,
    call,
    check_of,
    found_by,
    guide,
    looked_at,
    needed,
)


def test_a_return_sends_the_council_its_notice() -> None:
    """R-08: at the first part already."""
    [notice] = [one for one in looked_at(BACK, stage=Stage.FOUND) if one.effect is Effect.SEND]

    assert (notice.code, notice.output) == ("R-08", "return_notice")


@pytest.mark.parametrize("changed", [{"ret.found_how": "dead"}, {"ret.condition": ("deceased",)}])
def test_a_child_who_has_died_starts_nothing_by_itself(changed: Mapping[str, Answer]) -> None:
    """R-50: no notice, no interview, no clock; a person takes over."""
    answers = {**BACK, **changed, "ret.left_with": (str(MUM.id),)}
    problems = looked_at(answers, stage=Stage.FOUND, now=NOW + timedelta(hours=3))
    facts = facts_of(check_of(answers), guide(), definitions.force(FORCE), NOW)

    assert "R-50" in found_by(problems, Effect.SHOW)
    assert not found_by(problems, Effect.SEND)
    assert not {"R-08a", "R-59"} & found_by(problems)
    assert not list(running(definitions.clocks(), facts.answers, definitions.force(FORCE)))


def test_a_living_child_starts_the_clocks() -> None:
    """The control to the death of a child: three clocks, and a fourth with the PPN."""
    force = definitions.force(FORCE)

    def names(answers: Mapping[str, Answer]) -> set[str]:
        facts = facts_of(check_of(answers), guide(), force, NOW)
        return {one.clock.id for one in running(definitions.clocks(), facts.answers, force)}

    three = {"council_told_of_return", "return_home_interview", "prevention_interview"}
    assert names(BACK) == three
    assert names({"ret.found_at": Moment(FOUND)}) == three
    assert names({**HONEST, "pi.ppn_needed": "yes"}) == three | {"ppn_submitted"}


def test_the_interview_clock_runs_from_the_return_once_that_is_known() -> None:
    """Found, hospital and home can be hours apart."""
    force = definitions.force(FORCE)
    back = FOUND + timedelta(hours=5)
    facts = facts_of(check_of({**HONEST, "ret.returned_at": Moment(back)}), guide(), force, NOW)

    due = {one.clock.id: one.due for one in running(definitions.clocks(), facts.answers, force)}

    assert due["return_home_interview"] == back + timedelta(hours=72)


def test_nobody_told_and_a_late_call_are_both_spoken_of() -> None:
    """R-08a until somebody answered, R-59 once the hour is over."""
    rang_out = {**HONEST, "ret.la_informed": call("no_answer")}
    late = NOW + timedelta(hours=2)

    assert "R-08a" in found_by(looked_at(rang_out), Effect.SHOW)
    assert "R-59" in found_by(looked_at(rang_out, now=late), Effect.ASK)
    assert not {"R-08a", "R-59"} & found_by(looked_at(HONEST, now=late))


def test_a_ppn_tells_the_school_of_abuse_at_home_and_nobody_is_asked_twice() -> None:
    """R-46c is for what no PPN follows; it never stands in the way of sending."""
    abuse: Mapping[str, Answer] = {**HONEST, "pi.push_pull": ("domestic_abuse",)}

    assert "R-46c" not in found_by(looked_at({**abuse, "pi.ppn_needed": "yes"}))
    assert not [one for one in looked_at(abuse) if one.code == "R-46c" and one.stands]


KEPT_PHONE: Mapping[str, Answer] = {"pi.online": "yes", "pi.device_retained": "yes"}
PRIORITY: Mapping[str, Answer] = {"pi.dfu_priority": "yes"}


PULLED: tuple[Mapping[str, Answer], ...] = tuple(
    {"pi.push_pull": (one,), "pi.ppn_needed_because": "no need"}
    for one in ("gang", "debt", "online_contact", "drugs")
)
TURNED_ON: list[tuple[Mapping[str, Answer], str, Effect]] = [
    ({"pi.danger_now": "yes"}, "R-61", Effect.SEND),
    ({"pi.home_safe": "no"}, "R-61", Effect.SEND),
    ({"pi.harm": "yes", "pi.ppn_needed_because": "no need"}, "R-12", Effect.ASK),
    ({"pi.exploitation_types": ("ONL",), "pi.ppn_needed_because": "no need"}, "R-12", Effect.ASK),
    *((pulled, "R-12", Effect.ASK) for pulled in PULLED),
    ({"pi.self_harm_now": "yes"}, "R-12a", Effect.SHOW),
    ({"pi.self_harm_now": "yes", "pi.immediate_action": ("none_because",)}, "R-12b", Effect.ASK),
    ({"pi.online": "yes"}, "R-17", Effect.SHOW),
    ({"pi.online": "yes"}, "R-17a", Effect.TASK),
    ({**KEPT_PHONE, "pi.dfu_priority": Gap(Why.NOT_KNOWN)}, "F-01a", Effect.TASK),
    ({**KEPT_PHONE, **PRIORITY, "pi.dfu_priority_answer": "waiting"}, "F-02", Effect.TASK),
    ({"pi.push_pull": ("domestic_abuse",)}, "R-46c", Effect.TASK),
    ({"pi.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, "R-42", Effect.SHOW),
    ({"pi.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, "R-51", Effect.SHOW),
    ({"ret.covert": "yes"}, "R-51a", Effect.ASK),
    ({"pi.debt": Gap(Why.NOT_KNOWN)}, "R-03", Effect.TASK),
    ({"ret.condition": ("under_control",)}, "R-36", Effect.SHOW),
    ({"pi.demeanour": "Sat on the stairs, a hand over the cut on her cheek."}, "C-01", Effect.ASK),
    ({"ret.condition": ("awake_talking", "injured_minor")}, "C-01a", Effect.ASK),
    ({"pi.face_to_face": "no"}, "R-44a", Effect.WARN),
    ({"pi.engaged": "no"}, "R-45", Effect.TASK),
    ({"pi.demeanour": "Refused to engage."}, "Q-01a", Effect.WARN),
    ({"pi.demeanour": "She is streetwise."}, "Q-01", Effect.ASK),
    ({"pi.carer_view": "No concerns."}, "Q-04", Effect.ASK),
    ({"pi.why_left": "She claims her mother hit her."}, "Q-06", Effect.WARN),
    ({"pi.demeanour": "Moody."}, "Q-07", Effect.WARN),
    ({"pi.why_left": "Went out with Tyrone."}, "Q-10", Effect.WARN),
    ({"pi.worries": "he said he had kids of his own"}, "R-14", Effect.WARN),
    ({"pi.at": Moment(NOW + timedelta(days=1))}, "T-01", Effect.WARN),
    ({"pi.at": Moment(FOUND - timedelta(hours=3))}, "T-02", Effect.WARN),
]


@pytest.mark.parametrize(("changed", "rule", "effect"), TURNED_ON)
def test_what_is_written_leads_to_what_follows(
    changed: Mapping[str, Answer], rule: str, effect: Effect
) -> None:
    """Each rule fires on its sign, and is silent on the honest check."""
    assert rule in found_by(looked_at({**HONEST, **changed}), effect)
    assert rule not in found_by(looked_at(HONEST))


@pytest.mark.parametrize(
    "changed",
    [
        {"pi.demeanour": "Sat on the stairs, no cuts or bruises to be seen, and looked at the dog."},
        {"pi.injured": "yes", "pi.demeanour": "Sat on the stairs, a hand over the cut on her cheek."},
        {"pi.injured": "yes", "ret.condition": ("awake_talking", "injured_minor")},
    ],
)
def test_a_mark_that_nothing_contradicts_is_not_asked_about(changed: Mapping[str, Answer]) -> None:
    """C-01: denied in the text as well, or said to be there in both places."""
    assert not {"C-01", "C-01a"} & found_by(looked_at({**HONEST, **changed}))


LATER: list[tuple[Mapping[str, Answer], str, Effect]] = [
    ({"ret.crime_by_child": "yes", "pi.pressured": "yes"}, "R-41", Effect.ASK),
    ({**KEPT_PHONE, "pi.dfu_priority": "no"}, "F-01", Effect.ASK),
    ({"pi.risk_now": "medium", "pi.risk_now_because": "Medium because of her age"}, "R-06", Effect.ASK),
]


@pytest.mark.parametrize(("changed", "rule", "effect"), LATER)
def test_later_in_the_shift_more_is_looked_at(
    changed: Mapping[str, Answer], rule: str, effect: Effect
) -> None:
    """Rules of the stage "complete" are silent at the door."""
    answers = {**HONEST, **changed}

    assert rule in found_by(looked_at(answers, stage=Stage.COMPLETE), effect)
    assert rule not in found_by(looked_at(answers, stage=Stage.CAPTURE))


@pytest.mark.parametrize("stage", [Stage.CAPTURE, Stage.COMPLETE])
@pytest.mark.parametrize(
    "said", [{"pi.pressured": "yes"}, {"pi.exploitation_types": ("CCE",)}], ids=["pressured", "exploited"]
)
def test_possible_slavery_is_said_as_soon_as_it_is_written_down(
    said: Mapping[str, Answer], stage: Stage
) -> None:
    """R-40: it stood in the second review and not in the first, though the answer was there already."""
    assert "R-40" in found_by(looked_at({**HONEST, **said}, stage=stage), Effect.SHOW)
    assert "R-40" not in found_by(looked_at(HONEST, stage=stage))


def test_a_friend_of_fifteen_and_a_sister_each_get_a_decision() -> None:
    """R-13 and R-10: named anywhere, decided for each."""
    jay = Entity(
        new_id(),
        EntityKind.PERSON,
        MappingProxyType({"person.known_as": "Jay", "person.age_estimate": "15"}),
    )
    ella = Entity(
        new_id(),
        EntityKind.PERSON,
        MappingProxyType({"person.known_as": "Ella", "person.age_estimate": "11"}),
    )
    answers: dict[str, Answer] = {
        **HONEST,
        "pi.who": (str(jay.id),),
        "pi.other_children": "yes",
        "pi.other_children_who": (str(ella.id),),
    }

    problems = looked_at(answers, jay, ella)

    assert {one.entity for one in problems if one.code == "R-13"} == {jay.id, ella.id}
    assert {one.entity for one in problems if one.code == "R-10"} == {jay.id, ella.id}
    assert all(one.effect is Effect.ASK for one in problems if one.code in {"R-10", "R-13"})


def test_a_suspect_is_asked_about_for_other_children() -> None:
    """R-14: whoever did it may have other children within reach."""
    man = Entity(
        new_id(),
        EntityKind.PERSON,
        MappingProxyType({"person.known_as": "Baz", "person.age_estimate": "30"}),
    )
    unsure = Entity(
        man.id,
        EntityKind.PERSON,
        MappingProxyType({**man.facts, "person.children_access": Gap(Why.NOT_KNOWN)}),
    )
    answers = {**HONEST, "pi.disclosure_stop": "yes", "pi.stop_who": (str(man.id),)}

    assert "R-14a" in found_by(looked_at(answers, man), Effect.ASK)
    assert "R-14b" in found_by(looked_at(answers, unsure), Effect.TASK)
    assert "R-14a" not in found_by(looked_at(answers, unsure))


def test_whoever_is_called_an_exploiter_is_asked_about_without_any_stop() -> None:
    """R-14 and R-10: what the person is to the child counts, not under which question they stand."""
    dean = Entity(
        new_id(),
        EntityKind.PERSON,
        MappingProxyType(
            {
                "person.known_as": "Dean",
                "person.age_estimate": "30",
                "person.relationship": "suspected_exploiter",
            }
        ),
    )
    friend = replace(dean, facts=frozen({**dean.facts, "person.relationship": "friend_adult"}))
    answers = {**HONEST, "pi.who": (str(dean.id),)}

    assert {one.entity for one in looked_at(answers, dean) if one.code in {"R-10", "R-14a"}} == {dean.id}
    assert {"R-10", "R-14a"} <= found_by(looked_at(answers, dean), Effect.ASK)
    assert not {"R-10", "R-14a"} & found_by(looked_at(answers, friend))
    assert not {"R-10", "R-14a"} & found_by(looked_at(HONEST, dean)), "he is in no answer"


def test_a_child_afraid_at_home_closes_the_family_telephone() -> None:
    """R-51: said at the question itself, and before any parent is told; an unknown says nothing of home."""
    afraid = {**HONEST, "pi.home_afraid": "yes", "pi.home_afraid_detail": "Of his hands, she says."}
    found = [one for one in looked_at(afraid) if one.code == "R-51"]

    assert {name for one in found for name in one.fields} >= {"pi.home_afraid", "ret.parents_informed"}
    assert "R-51a" in found_by(looked_at(afraid), Effect.ASK)
    untold = {**afraid, "ret.parents_informed": "not_told"}
    assert "R-51a" not in found_by(looked_at(untold))
    assert "R-51" not in found_by(looked_at({**HONEST, "pi.home_afraid": Gap(Why.NOT_ASKED)}))


@pytest.mark.parametrize(
    "sign",
    [
        {"pi.online": "yes"},
        {"pi.harm": "yes", "pi.harm_types": ("filmed",)},
        {"pi.harm": "yes", "pi.harm_types": ("online_abuse",)},
        {"pi.pressured": "yes", "pi.pressured_acts": ("images",)},
        {"pi.disclosure_stop": "yes", "pi.stop_preserved": ("phone",)},
    ],
)
def test_wherever_evidence_may_be_on_a_phone_the_card_is_asked_for(sign: Mapping[str, Answer]) -> None:
    """R-17 and B.15: what was said, what was kept, who was told, what was offered."""
    answers = {**HONEST, **sign}

    assert {"R-17", "R-17a"} <= found_by(looked_at(answers))
    assert "pi.evidence_advice" in needed(looked_at(answers))
    assert {"pi.identifiers", "pi.device_retained", "pi.dfu_contacted", "pi.specialist_offer"} <= needed(
        looked_at(answers, stage=Stage.COMPLETE)
    )
    assert not [name for name in needed(looked_at(HONEST, stage=Stage.COMPLETE)) if "evidence" in name]


@pytest.mark.parametrize(
    ("before", "now", "agreed", "speaks"),
    [
        ("high", "medium", None, True),
        ("high", "medium", "Sgt Amin", False),
        ("medium", "medium", None, False),
        (Gap(Why.NOT_KNOWN), "medium", None, False),
    ],
)
def test_a_risk_that_is_lowered_needs_a_second_person(
    before: Answer, now: str, agreed: str | None, speaks: bool
) -> None:
    """R-54: said as soon as both risks are there; asked later in the shift, never at the door."""
    answers: dict[str, Answer] = {**HONEST, "ret.risk_while_missing": before, "pi.risk_now": now}
    if agreed:
        answers["pi.risk_agreed_by"] = agreed

    assert ("R-54" in found_by(looked_at(answers), Effect.ASK)) == speaks
    assert "ret.risk_while_missing" not in needed(looked_at(HONEST))
    assert "ret.risk_while_missing" in needed(looked_at(HONEST, stage=Stage.COMPLETE))


def test_a_suspected_mother_is_not_told() -> None:
    """R-51: a suspect in the family closes the family's telephone."""
    answers = {**HONEST, "pi.disclosure_stop": "yes", "pi.stop_who": (str(MUM.id),)}

    assert {"R-51", "R-51a"} <= found_by(looked_at(answers))


def test_without_ethnicity_nothing_goes_unless_there_is_a_reason() -> None:
    """R-10: no gap counts; "not stated" with its reason does."""

    def with_ethnicity(**facts: Answer) -> Entity:
        known = {name: answer for name, answer in AMY.facts.items() if name != "person.ethnicity_sde"}
        return replace(
            AMY, facts=frozen({**known, **{f"person.{name}": said for name, said in facts.items()}})
        )

    def stands(child: Entity) -> set[str]:
        return {name for one in looked_at(HONEST, child=child) if one.stands for name in one.fields}

    assert stands(with_ethnicity()) == {"person.ethnicity_sde"}
    assert stands(with_ethnicity(ethnicity_sde=Gap(Why.NOT_KNOWN))) == {"person.ethnicity_sde"}
    assert stands(with_ethnicity(ethnicity_sde="NS")) == {"person.ethnicity_sde_not_stated_reason"}
    assert stands(with_ethnicity(ethnicity_sde="NS", ethnicity_sde_not_stated_reason="N4")) == set()


def test_a_looked_after_child_needs_both_councils_told() -> None:
    """R-38 with R-39: the placing council and the social worker."""
    placed = replace(AMY, facts=frozen({**AMY.facts, "person.care_status": "co"}))

    assert {"ret.sw_informed", "ret.placing_la_informed"} <= needed(
        looked_at(HONEST, stage=Stage.COMPLETE, child=placed)
    )
    assert "R-38" in found_by(looked_at(HONEST, stage=Stage.COMPLETE, child=placed), Effect.SHOW)
    assert "ret.placing_la_informed" not in needed(looked_at(HONEST, stage=Stage.COMPLETE))


def test_a_child_never_has_a_low_risk() -> None:
    """R-01: the force offers medium and high only."""
    problems = looked_at({**HONEST, "pi.risk_now": "low"}, stage=Stage.COMPLETE)

    assert [one.fields for one in problems if one.code == "not_a_choice"] == [("pi.risk_now",)]


def test_someone_of_eighteen_is_pointed_out_and_not_refused() -> None:
    """T-03: the officer may be right and the date wrong."""
    grown = replace(AMY, facts=frozen({**AMY.facts, "person.dob": "2007-01-09"}))

    assert "T-03" in found_by(looked_at(HONEST, child=grown), Effect.WARN)
    assert "T-03" not in found_by(looked_at(HONEST))


def test_what_goes_at_once_stands_at_the_answer_that_sends_it() -> None:
    """Under "in danger now?", answered "no", it read as if the officer had not been believed."""
    unsafe = looked_at({**HONEST, "pi.danger_now": "no", "pi.home_safe": "no"})
    both = looked_at({**HONEST, "pi.danger_now": "yes", "pi.home_safe": "no"})

    assert [one.fields[0] for one in unsafe if one.code == "R-61"] == ["pi.home_safe"]
    assert [one.fields[0] for one in both if one.code == "R-61"] == ["pi.danger_now"]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"place.place_type": "park"}, {"H-01"}),
        ({"place.place_type": "park", "place.is_hotspot_candidate": "no"}, set()),
        ({"place.place_type": "park", "place.is_hotspot_candidate": Gap(Why.NOT_KNOWN)}, set()),
        ({"place.place_type": "park", "place.is_hotspot_candidate": "yes"}, {"H-02"}),
        ({"place.place_type": "placement"}, set()),
    ],
)
def test_of_the_place_where_a_child_was_found_it_is_asked_whether_to_watch_it(
    facts: Mapping[str, Answer], found: set[str]
) -> None:
    """B.1.c, B.5: pointed out, of that place alone; a yes is the exploitation team's to look at."""
    gardens = Entity(
        new_id(), EntityKind.PLACE, MappingProxyType({"place.street": "Valley Gardens", **facts})
    )
    answers = {**HONEST, "ret.found_place": str(gardens.id)}

    def about(**changed: Answer) -> set[str]:
        problems = looked_at({**answers, **changed}, gardens)
        return {one for one in found_by(problems, Effect.WARN, Effect.TASK) if one.startswith("H-")}

    assert about() == found
    assert not about(**{"ret.found_how": "dead"})
    assert not about(**{"ret.found_place": HONEST["ret.return_place"]})
