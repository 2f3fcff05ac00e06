"""What is learnt while a child is missing reaches the grading, wherever it is written down."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.forms import Effect, Stage
from tests.support.beside_the_report import looked_at, tasks_of
from tests.support.walks import found_by, needed

ASKED = [
    ("search", "srch.changes_risk"),
    ("enquiries", "act.changes_risk"),
    ("handover", "hov.new_facts"),
    ("evidence_card", "ev.changes_risk"),
]
LOWERED: Mapping[str, Answer] = {
    "hov.from": "PC 1187 Wells",
    "hov.to": "PC 2201 Amin",
    "hov.new_facts": "no",
    "hov.risk_before": "high",
    "hov.risk": "medium",
}


@pytest.mark.parametrize(("guide", "question"), ASKED)
def test_a_new_fact_asks_for_a_new_assessment_and_a_new_thrive(guide: str, question: str) -> None:
    """R-07: whoever owns the risk hears of it, and whoever learnt it writes it down anew."""
    assert tasks_of(looked_at(guide, {question: "yes"})) == {
        "R-07": ("review_risk", "fim"),
        "R-07a": ("assess_again", "author"),
        "R-07b": ("thrive_again", "author"),
    }


@pytest.mark.parametrize(("guide", "question"), ASKED)
def test_a_new_fact_is_said_in_words_and_no_new_fact_asks_nothing(guide: str, question: str) -> None:
    """Whoever looks again has to know at what; a plain no is one tap and the end of it."""
    assert f"{question}_what" in needed(looked_at(guide, {question: "yes"}))
    assert f"{question}_what" not in needed(looked_at(guide, {question: "no"}))
    assert question in needed(looked_at(guide, {}))
    assert not tasks_of(looked_at(guide, {question: "no"}))


@pytest.mark.parametrize(("guide", "question"), ASKED)
def test_whoever_cannot_say_whether_it_changes_the_risk_leaves_it_to_whoever_owns_it(
    guide: str, question: str
) -> None:
    """Not knowing is no "no"; nobody writes an assessment of what they do not know."""
    problems = looked_at(guide, {question: Gap(Why.NOT_KNOWN, "Nobody could say what the key is for")})

    assert tasks_of(problems) == {"R-07": ("review_risk", "fim")}


def test_advice_about_the_phone_of_a_child_who_was_never_graded_changes_no_risk() -> None:
    """Not every child whose phone is evidence is missing."""
    assert not tasks_of(looked_at("evidence_card", {"ev.changes_risk": Gap(Why.NOT_APPLICABLE)}))


@pytest.mark.parametrize("follows", ["risk_again", "thrive"])
def test_what_is_asked_for_is_offered_under_the_record_that_asks(follows: str) -> None:
    """One tap from the search to the assessment, with the same child, incident and episode."""
    assert {guide for guide, _ in ASKED} <= set(definitions.guide(follows).follows)


@pytest.mark.parametrize(("before", "now"), [("high", "medium"), ("medium", "low")])
def test_a_handover_that_says_a_lower_risk_asks_for_a_second_person(before: str, now: str) -> None:
    """R-54: by name and number; the reason is asked of every handover."""
    lower = {**LOWERED, "hov.risk_before": before, "hov.risk": now}
    alone = looked_at("handover", lower, force="seaborough")
    both = looked_at("handover", {**lower, "hov.agreed_by": "Insp 55 Hale"}, force="seaborough")

    assert "R-54" in found_by([one for one in alone if one.stands], Effect.ASK)
    assert "R-54" not in found_by(both)
    assert "hov.risk_because" in needed(both)


def test_nobody_lowers_a_risk_by_agreeing_with_themselves() -> None:
    """By the number, however the name is written."""
    same = looked_at("handover", {**LOWERED, "hov.agreed_by": "Dana Wells 1187"})
    other = looked_at("handover", {**LOWERED, "hov.agreed_by": "PC 2201 Amin"})

    assert "HOV-2" in found_by(same, Effect.ASK)
    assert "HOV-2" not in found_by(other)


@pytest.mark.parametrize("now", ["high", "medium"])
def test_a_level_that_stays_or_rises_needs_no_second_person(now: str) -> None:
    """One officer alone may say that it is graver."""
    found = found_by(looked_at("handover", {**LOWERED, "hov.risk_before": "medium", "hov.risk": now}))

    assert not {"R-54", "HOV-2"} & found


def test_a_level_that_changes_in_a_handover_is_assessed_anew_once() -> None:
    """B.3: a change makes a new row. Where a new fact asks for it already, nobody is asked twice."""
    assert tasks_of(looked_at("handover", LOWERED)) == {"R-07c": ("assess_again", "author")}
    assert "R-07c" not in tasks_of(looked_at("handover", {**LOWERED, "hov.new_facts": "yes"}))
    assert not tasks_of(looked_at("handover", {**LOWERED, "hov.risk": "high"})), "high, as before"


HOME: Mapping[str, Answer] = {"srch.type": ("home_and_room",), "srch.not_searched": "yes"}


def test_of_the_small_spaces_of_a_home_it_is_said_which_were_not_looked_into() -> None:
    """B.4: yes, no or not there of each, with the reason for each that was left."""
    left = {**HOME, "srch.small_spaces": ("wardrobes",), "srch.small_spaces_left": ("loft",)}

    assert {"srch.small_spaces", "srch.small_spaces_left"} <= needed(looked_at("search", HOME))
    assert "srch.small_spaces_because" in needed(looked_at("search", left))
    assert "srch.small_spaces_left" not in needed(looked_at("search", {"srch.type": ("public_place",)}))


def test_a_loft_that_nobody_looked_into_is_not_every_part() -> None:
    """Two answers that contradict each other are asked about."""
    whole = {**HOME, "srch.not_searched": "all_searched", "srch.small_spaces": ("loft",)}

    assert "SP-2" in found_by(
        looked_at("search", {**whole, "srch.small_spaces_left": ("voids",)}), Effect.ASK
    )
    assert "SP-1" in found_by(
        looked_at("search", {**whole, "srch.small_spaces_left": ("loft",)}), Effect.ASK
    )
    assert not {"SP-1", "SP-2"} & found_by(
        looked_at("search", {**whole, "srch.small_spaces_left": ("none_left",)})
    )


def test_what_identifies_a_child_is_put_aside_at_high_risk_or_after_two_days() -> None:
    """Later in the shift, and a reason why there is nothing is an answer."""

    def wanted(answers: Mapping[str, Answer]) -> set[str]:
        return needed(looked_at("search", answers, stage=Stage.COMPLETE))

    assert "srch.high_or_long" in wanted({})
    assert "srch.dna_dental" in wanted({"srch.high_or_long": "yes"})
    assert "srch.dna_dental" not in wanted({"srch.high_or_long": "no"})
    refused: Mapping[str, Answer] = {"srch.dna_dental": Gap(Why.REFUSED, "Father will not hand it over")}
    assert "srch.dna_dental" not in wanted({"srch.high_or_long": "yes", **refused})
    assert "srch.dna_dental" not in needed(looked_at("search", {"srch.high_or_long": "yes"}))
