"""Where a return check ends early: a child who tells of a crime, one who has died, one who has only rung."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Moment
from booklets.clocks import running
from booklets.encounters import Encounter, Sent, facts_of
from booklets.entities import Entity, EntityKind
from booklets.forms import AfterStop, Effect, Field, Stage
from booklets.margin import About, margin
from booklets.prefill import ppns_due
from booklets.records import Record
from booklets.sending import Sending, records_of
from booklets.stamps import Stamp
from tests.support.walks import (
    AMY,
    BACK,
    FORCE,
    HONEST,
    NOW,
    check_of,
    found_by,
    guide,
    looked_at,
    needed,
)

DEATHS: tuple[Mapping[str, Answer], ...] = ({"ret.found_how": "dead"}, {"ret.condition": ("deceased",)})
FACTS_OF_IT = (
    "ret.returned_before_report",
    "ret.found_at",
    "ret.found_place",
    "ret.found_how",
    "ret.condition",
)
FOUND_DEAD: Mapping[str, Answer] = {**{name: BACK[name] for name in FACTS_OF_IT}, "ret.found_how": "dead"}
SPOKEN: Mapping[str, Answer] = {"pi.engaged": "yes", "pi.child_words": HONEST["pi.child_words"]}


def asked(answers: Mapping[str, Answer]) -> frozenset[str]:
    """What the officer is asked, given these answers."""
    return facts_of(check_of(answers), guide(), definitions.force(FORCE), NOW).asked


def sent(encounter: Encounter) -> dict[str, Record]:
    """The records it becomes, by form."""
    sending = Sending(
        at=Stamp(NOW),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=definitions.force(FORCE),
        clocks=definitions.clocks(),
    )
    return {one.header.form: one for one in records_of(encounter, guide(), sending)}


# -- R-53 --------------------------------------------------------------------------------------------
LEFT_OUT = [one for one in guide().fields() if one.after_stop is AfterStop.NOT_ASKED]


@pytest.mark.parametrize("one", LEFT_OUT, ids=lambda one: one.id)
def test_what_is_left_to_a_specialist_is_needed_by_nobody_after_the_stop(one: Field) -> None:
    """Whatever else is answered, before or after; the server, which has no gaps to go by, sees it too."""
    everything: dict[str, Answer] = {**HONEST, **dict.fromkeys(MANY_YES, "yes"), **OTHERS}
    opened = {name: answer for name, answer in everything.items() if name != one.id}

    missing = {*needed(looked_at({**opened, "pi.disclosure_stop": "yes"}, stage=Stage.COMPLETE))}

    assert one.id not in missing


MANY_YES = (
    "pi.harm",
    "pi.pressured",
    "pi.debt",
    "pi.online",
    "pi.substances",
    "pi.home_afraid",
    "pi.offence_told",
    "pi.supporting_adult_wanted",
)
OTHERS: Mapping[str, Answer] = {"pi.pressured_acts": ("other",), "pi.push_pull": ("other",)}


# -- R-50 --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("death", DEATHS)
def test_of_a_child_who_has_died_nobody_asks_an_interview(death: Mapping[str, Answer]) -> None:
    """Stop: only who, when, where and how are still asked for."""
    left = asked({**FOUND_DEAD, **death})

    assert not [name for name in left if name.startswith("pi.")]
    assert not left & {"ret.medical_needed", "ret.la_informed", "ret.parents_informed", "ret.left_with"}
    assert {"ret.found_at", "ret.found_place", "ret.found_how", "ret.condition"} <= left


@pytest.mark.parametrize("stage", [Stage.FOUND, Stage.CAPTURE])
def test_it_goes_without_an_emergency_once_the_facts_are_there(stage: Stage) -> None:
    """The control to it is the same record about a living child, of which much is still needed."""
    living = {**FOUND_DEAD, "ret.found_how": "alone"}

    assert [one.says for one in looked_at(FOUND_DEAD, stage=stage) if one.stands] == []
    assert {"ret.left_with", "ret.la_informed"} <= needed(looked_at(living, stage=stage))


@pytest.mark.parametrize("stage", [Stage.FOUND, Stage.CAPTURE, Stage.COMPLETE])
def test_when_where_and_how_are_enough_whoever_the_child_is(stage: Stage) -> None:
    """R-50: nobody is asked how a dead child is now, what it says it is, or whether it was back early."""
    facts = ("ret.found_at", "ret.found_place", "ret.found_how")
    told = {name: FOUND_DEAD[name] for name in facts}
    nobody = Entity(AMY.id, EntityKind.PERSON)
    found = looked_at(told, stage=stage, child=nobody)

    ours = {name for name in needed(found) if not name.startswith("place.")}
    assert ours == {"person.known_as", "person.surname"}
    assert not [one.fields for one in found if one.stands and set(one.fields) & ours]
    assert asked(told).isdisjoint({"ret.condition", "ret.returned_before_report", "ret.told_police_at"})
    alive = {**told, "ret.found_how": "alone"}
    assert {"ret.condition", "ret.returned_before_report"} <= asked(alive)
    assert "person.known_as" in {
        name for one in looked_at(alive, child=nobody) if one.stands for name in one.fields
    }
    record = sent(check_of(told, nobody))["ret"]
    notes = margin(record, definitions.force(FORCE), NOW)
    assert not [one.question for one in notes if one.stands and one.question.startswith("person.")]
    assert not [one.question for one in notes if one.about is About.LATER and one.entity == AMY.id]


def test_no_record_of_an_interview_is_made_and_none_is_named() -> None:
    """One record goes; nothing in it says that an interview was held, or that one was asked for."""
    records = sent(check_of(FOUND_DEAD))

    assert set(records) == {"ret"}
    assert not records["ret"].header.linked
    assert not {"ret.prevention_interview", "ret.rhi_request"} & set(records["ret"].answers)
    assert {one.kind for one in records["ret"].tasks} == {"child_has_died"}


def test_what_a_child_said_before_it_died_is_kept_and_asks_for_nothing() -> None:
    """Words of a child are not thrown away; and the rules about talking with it are silent."""
    answers = {**FOUND_DEAD, **SPOKEN, "pi.home_safe": "no", "pi.ppn_needed": "yes"}
    problems = looked_at(answers)

    assert sent(check_of(answers))["pvi"].answers["pi.child_words"] == SPOKEN["pi.child_words"]
    assert not [one.says for one in problems if one.stands]
    assert not found_by(problems, Effect.SEND)
    assert found_by(problems, Effect.TASK) == {"R-50a"}
    assert ppns_due(check_of(answers), guide()) == ()
    assert ppns_due(check_of({**answers, "ret.found_how": "alone"}), guide()) == (AMY.id,)


def test_an_interview_that_went_up_before_goes_up_again_with_the_return() -> None:
    """What came back together is decided on together, also after a death."""
    encounter = check_of({**FOUND_DEAD, **SPOKEN})
    before = MappingProxyType({form: Sent(one.record, 1, "d") for form, one in encounter.sent.items()})

    assert {one.header.revision for one in sent(replace(encounter, sent=before)).values()} == {2}


def test_a_slip_to_dead_and_back_loses_nothing() -> None:
    """The questions come back with their answers."""
    assert asked(HONEST) == asked({**HONEST, "ret.found_how": "alone"})
    slipped = facts_of(check_of({**HONEST, "ret.found_how": "dead"}), guide(), definitions.force(FORCE), NOW)

    assert set(HONEST) <= set(slipped.answers)
    assert Moment(NOW) == slipped.answers["pi.at"]


def test_a_child_who_has_only_rung_is_missing_still() -> None:
    """A voice is no return: no notice, no clock of one, and it is asked about before it goes (R-08b)."""
    rang: dict[str, Answer] = {**BACK, "ret.found_how": "phoned"}
    problems = looked_at(rang, stage=Stage.FOUND)
    facts = facts_of(check_of(rang), guide(), definitions.force(FORCE), NOW)
    clocks = running(definitions.clocks(), facts.answers, definitions.force(FORCE))

    assert "R-08b" in found_by(problems, Effect.ASK)
    assert not found_by(problems, Effect.SEND)
    assert not {"council_told_of_return", "return_home_interview"} & {one.clock.id for one in clocks}
    assert "R-08b" not in found_by(looked_at(BACK, stage=Stage.FOUND))
