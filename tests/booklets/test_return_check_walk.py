"""A return check as officers walk it at night: what is needed, what is not, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why, frozen
from booklets.clocks import running
from booklets.encounters import Encounter, Sending, begin, facts_of, records_of, review
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Kind, Stage
from booklets.guides import Guide
from booklets.records import Author
from booklets.review import Problem
from booklets.stamps import Stamp

NOW = datetime(2026, 3, 14, 2, 41, tzinfo=UTC)
FOUND = NOW - timedelta(minutes=10)
FORCE = "north_yorkshire"
WELLS = Author("NYP-1234", "PC Dana Wells", "PC", "1234", "Scarborough")

AMY = Entity(
    new_id(),
    EntityKind.PERSON,
    MappingProxyType(
        {
            "person.known_as": "Amy",
            "person.given_names": "Amy",
            "person.surname": "Brook",
            "person.dob": "2011-01-09",
            "person.sex": "F",
            "person.ethnicity_sde": "W1",
        }
    ),
)
MUM = Entity(
    new_id(),
    EntityKind.PERSON,
    MappingProxyType({"person.known_as": "Karen", "person.relationship": "mother"}),
)
HOME = Entity(
    new_id(),
    EntityKind.PLACE,
    MappingProxyType({"place.street": "14 Saltern Row", "place.town": "Scarborough"}),
)
AUNT = Entity(
    new_id(),
    EntityKind.PERSON,
    MappingProxyType({"person.known_as": "Jo", "person.relationship": "aunt_uncle"}),
)


def call(outcome: str = "accepted", minutes: int = 5) -> tuple[Row, ...]:
    """The duty team was rung so many minutes after Amy was found."""
    row: Row = MappingProxyType(
        {"with": "edt_north_yorkshire", "at": Moment(FOUND + timedelta(minutes=minutes)), "outcome": outcome}
    )
    return (row,)


BACK: Mapping[str, Answer] = {
    "ret.returned_before_report": "no",
    "ret.found_at": Moment(FOUND),
    "ret.found_place": str(HOME.id),
    "ret.found_how": "alone",
    "ret.condition": ("awake_talking", "tired_hungry"),
    "pi.injured": "no",
    "ret.medical_needed": "no",
    "ret.clothing_changed": "no",
}
SEEN: Mapping[str, Answer] = {"pi.face_to_face": "yes", "pi.engaged": "yes", "pi.bwv": "yes"}
TALK: Mapping[str, Answer] = {
    "pi.at": Moment(NOW),
    "pi.seen_alone": "yes",
    "pi.supporting_adult_wanted": "no",
    "pi.child_words": (
        MappingProxyType(
            {
                "who": "Amy",
                "to": "me",
                "asked": "Tell me about tonight.",
                "said": "I went to my auntie's, nobody rang me.",
            }
        ),
    ),
    "pi.why_left": "A row about the phone at tea, about six.",
    "pi.where": (str(HOME.id),),
    "pi.who": (str(AUNT.id),),
    "pi.worries": "that mum will take the phone",
    "pi.wants": "to sleep, and to talk tomorrow; trusts auntie Jo",
    "pi.prevent": "if mum asked first",
}
SAW: Mapping[str, Answer] = {
    "pi.demeanour": "Sat on the stairs, warm drink, answered in full sentences, yawned twice.",
    "pi.carer_view": "Karen says there was a row about the phone and Amy ran out at six.",
}
EIGHT = (
    "pi.harm",
    "pi.pressured",
    "pi.debt",
    "pi.online",
    "pi.substances",
    "pi.self_harm_now",
    "pi.home_afraid",
    "ret.new_items",
)
CLOSE: Mapping[str, Answer] = {
    "ret.return_place": str(HOME.id),
    "ret.left_with": (str(MUM.id),),
    "pi.danger_now": "no",
    "pi.home_safe": "yes",
    "ret.la_informed": call(),
    "pi.hbv_fm_fgm": "no",
    "ret.covert": "no",
    "ret.parents_informed": "told",
    "pi.other_children": "no",
    "pi.ppn_needed": "no",
    "pi.ppn_needed_because": "Asked alone about harm, debt, people, home: no to each; slept at her aunt's.",
    "pi.rhi_told": "yes",
}
HONEST: Mapping[str, Answer] = {**BACK, **SEEN, **TALK, **SAW, **dict.fromkeys(EIGHT, "no"), **CLOSE}
ASLEEP: Mapping[str, Answer] = {
    **BACK,
    "ret.condition": ("asleep",),
    **SEEN,
    "pi.engaged": "asleep",
    "pi.not_engaged_detail": "Asleep on the sofa, breathing evenly, colour good. PC Amin goes back at 10.",
    "pi.demeanour": "Asleep, shoes on, turned over when her mother spoke.",
    "pi.carer_view": "Karen says Amy came in alone at half past two and lay down.",
    "ret.new_items": Gap(Why.NOT_ASKED, "asleep"),
    **CLOSE,
}


@cache
def guide() -> Guide:
    """The return check."""
    return definitions.guide("return_check")


def check_of(answers: Mapping[str, Answer], child: Entity = AMY, *people: Entity) -> Encounter:
    """A return check with these answers."""
    begun = begin(guide(), officer=WELLS, force=FORCE, unit="scarborough", at=Stamp(NOW), subject=child)
    everyone = {one.id: one for one in (child, MUM, HOME, AUNT, *people)}
    return replace(begun, answers=frozen(answers), entities=MappingProxyType(everyone))


def looked_at(
    answers: Mapping[str, Answer],
    *people: Entity,
    stage: Stage = Stage.CAPTURE,
    child: Entity = AMY,
    now: datetime = NOW,
) -> list[Problem]:
    """What the review says."""
    return review(check_of(answers, child, *people), guide(), definitions.force(FORCE), now, stage)


def found_by(problems: list[Problem], *effects: Effect) -> set[str]:
    """The rules that found something, of these effects."""
    return {one.code for one in problems if not effects or one.effect in effects}


def needed(problems: list[Problem]) -> set[str]:
    """Which questions still need an answer."""
    return {name for one in problems if one.code == "needed" for name in one.fields}


# -- how long it is ------------------------------------------------------------------------------------
def test_an_honest_check_of_a_child_who_talks_goes_out() -> None:
    """Amy is home, awake and talks: nothing stands against sending."""
    problems = looked_at(HONEST)

    assert [(one.code, one.fields, one.says) for one in problems if one.stands] == []


def test_an_honest_check_takes_about_forty_taps() -> None:
    """Corrections, section 6. Words, people and calls count as one tap to open; nothing is prefilled."""
    about_amy = [name for name in guide().pages[0].fields() if name in AMY.facts]

    assert len(HONEST) + len(about_amy) - 1 <= 50
    assert (
        sum(1 for name in HONEST if guide().field(name).kind in {Kind.YES_NO, Kind.ONE_OF, Kind.DECISION})
        <= 30
    )


def test_the_first_part_is_five_answers_and_goes_at_once() -> None:
    """A sleeping child must not hold up the council."""
    assert needed(looked_at({}, stage=Stage.FOUND)) == {
        "ret.found_at",
        "ret.found_place",
        "ret.condition",
        "ret.left_with",
        "ret.la_informed",
    }


def test_a_sleeping_child_is_not_asked_and_not_counted_as_well() -> None:
    """The eight questions wait; a task says that somebody tries again."""
    problems = looked_at(ASLEEP)

    assert not [one.says for one in problems if one.stands]
    assert "R-45" in found_by(problems, Effect.TASK)
    asked = facts_of(check_of(ASLEEP), guide(), definitions.force(FORCE), NOW).asked
    assert not asked & set(EIGHT[:-1])


def test_everything_but_facts_of_the_clock_may_wait_or_stay_open() -> None:
    """A gap answers every needed question at the door that is not the officer's own doing."""
    own = {name for name in HONEST if not guide().field(name).gaps}

    assert own == {
        "pi.face_to_face",
        "pi.engaged",
        "pi.seen_alone",
        "pi.bwv",
        "pi.home_safe",
        "pi.ppn_needed",
        "pi.ppn_needed_because",
    }


@pytest.mark.parametrize("question", EIGHT)
def test_a_yes_opens_its_own_row_and_no_other(question: str) -> None:
    """Any yes opens that row only, and "no" opens nothing."""
    page = next(page for page in guide().pages if page.id == "eight").fields()
    at_no = facts_of(check_of(HONEST), guide(), definitions.force(FORCE), NOW).asked
    at_yes = facts_of(check_of({**HONEST, question: "yes"}), guide(), definitions.force(FORCE), NOW).asked

    opened = [name for name in page if name in at_yes - at_no]
    start = page.index(question) + 1

    assert opened
    assert set(opened) <= set(page[start : start + 5])
    assert not [name for name in page[start : page.index(opened[-1])] if name in EIGHT]


# -- disclosure ----------------------------------------------------------------------------------------
def test_after_a_disclosure_only_what_is_needed_now_is_needed() -> None:
    """R-53: no officer is led through thirty questions."""
    told = {
        **BACK,
        **SEEN,
        "pi.disclosure_stop": "yes",
        "pi.at": Moment(NOW),
        "pi.seen_alone": "yes",
        **SAW,
        **CLOSE,
    }
    missing = needed(looked_at(told))

    assert {
        "pi.stop_danger",
        "pi.stop_injuries",
        "pi.stop_who",
        "pi.stop_where",
        "pi.stop_when",
        "pi.stop_supervisor",
        "pi.offence",
        "pi.immediate_action",
    } <= missing
    assert not missing & {*TALK, *EIGHT} - {
        "pi.self_harm_now",
        "pi.supporting_adult_wanted",
        "ret.new_items",
    }


def test_the_stop_shows_what_to_do_and_sets_the_specialist_task() -> None:
    """R-53: supervisor, traces, specialist."""
    problems = looked_at({**HONEST, "pi.disclosure_stop": "yes"})

    assert {"R-53", "R-53b"} <= found_by(problems, Effect.SHOW)
    assert "R-53a" in found_by(problems, Effect.TASK)
    assert not {"R-53", "R-53a", "R-53b"} & found_by(looked_at(HONEST))


def test_what_was_already_told_stays_in_the_record_after_the_stop() -> None:
    """Nothing that was written is lost by the stop."""
    before = facts_of(check_of(HONEST), guide(), definitions.force(FORCE), NOW).answers
    after = facts_of(
        check_of({**HONEST, "pi.disclosure_stop": "yes"}), guide(), definitions.force(FORCE), NOW
    ).answers

    assert set(before) <= set(after)


# -- what follows --------------------------------------------------------------------------------------
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


@pytest.mark.parametrize(
    ("changed", "rule", "effect"),
    [
        ({"pi.danger_now": "yes"}, "R-61", Effect.SEND),
        ({"pi.home_safe": "no"}, "R-61", Effect.SEND),
        ({"pi.harm": "yes", "pi.ppn_needed_because": "no need"}, "R-12", Effect.ASK),
        ({"pi.self_harm_now": "yes"}, "R-12a", Effect.SHOW),
        ({"pi.self_harm_now": "yes", "pi.immediate_action": ("none_because",)}, "R-12b", Effect.ASK),
        ({"pi.online": "yes"}, "R-17", Effect.SHOW),
        ({"pi.online": "yes"}, "R-17a", Effect.TASK),
        ({"pi.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, "R-42", Effect.SHOW),
        ({"pi.hbv_fm_fgm": Gap(Why.NOT_KNOWN)}, "R-51", Effect.SHOW),
        ({"ret.covert": "yes"}, "R-51a", Effect.ASK),
        ({"pi.debt": Gap(Why.NOT_KNOWN)}, "R-03", Effect.TASK),
        ({"ret.condition": ("under_control",)}, "R-36", Effect.SHOW),
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
    ],
)
def test_what_is_written_leads_to_what_follows(
    changed: Mapping[str, Answer], rule: str, effect: Effect
) -> None:
    """Each rule fires on its sign, and is silent on the honest check."""
    assert rule in found_by(looked_at({**HONEST, **changed}), effect)
    assert rule not in found_by(looked_at(HONEST))


@pytest.mark.parametrize(
    ("changed", "rule", "effect"),
    [
        ({"ret.crime_by_child": "yes", "pi.pressured": "yes"}, "R-41", Effect.ASK),
        ({"pi.exploitation_types": ("CCE",)}, "R-40", Effect.SHOW),
        ({"pi.risk_now": "medium", "pi.risk_now_because": "Medium because of her age"}, "R-06", Effect.ASK),
    ],
)
def test_later_in_the_shift_more_is_looked_at(
    changed: Mapping[str, Answer], rule: str, effect: Effect
) -> None:
    """Rules of the stage "complete" are silent at the door."""
    answers = {**HONEST, **changed}

    assert rule in found_by(looked_at(answers, stage=Stage.COMPLETE), effect)
    assert rule not in found_by(looked_at(answers, stage=Stage.CAPTURE))


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
    assert {one.entity for one in problems if one.code == "R-10"} == {ella.id}
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


def test_one_encounter_becomes_two_records_and_nothing_stands_in_both() -> None:
    """Return and interview: what one knows the other shows."""
    force = definitions.force(FORCE)
    sending = Sending(
        at=Stamp(NOW),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=force,
        clocks=definitions.clocks(),
    )

    returned, interview = records_of(check_of(HONEST), guide(), sending)

    assert (returned.header.record_type, interview.header.record_type) == ("RET", "PVI")
    assert not set(returned.answers) & set(interview.answers)
    assert {**returned.answers, **interview.answers} == dict(HONEST)
