"""What was chosen, and decisions that need a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks import CHECKS, ENTITY_CHECKS, RECORD_CHECKS
from booklets.checks.choices import (
    acted_at_once,
    few_gaps,
    no_immediate_danger,
    none_chosen,
    not_back_alive,
    not_closed_as_concern,
    not_left_open,
    not_lowered_alone,
    nothing_important_unknown,
    ppn_or_a_reason,
    ruled_out,
    victim_first,
)
from booklets.checks.registry import Spot, check, record_check
from booklets.facts import Facts

FOUND = datetime(2026, 3, 14, 2, 31, tzinfo=UTC)

SIGNS = MappingProxyType({"pi.harm": ["yes"], "pi.home_safe": ["no", "not_decided"]})
STOPPED = MappingProxyType({"pi.disclosure_stop": ["yes"]})
THIN = "No concerns raised by officers."
FULL = "Slept at her aunt's in Whitby, aunt confirms by phone; asked about harm alone, said no to each."


@pytest.mark.parametrize(
    ("answers", "well"),
    [
        (("alone", ("awake_talking", "tired_hungry")), True),
        (("alone", ("awake_talking", "deceased")), False),
        (("dead", None), False),
        ((None, None), True),
        ((Gap(Why.NOT_KNOWN), Gap(Why.PENDING)), True),
    ],
)
def test_a_rule_waits_for_its_codes_in_one_choice_and_in_many(
    answers: tuple[Answer | None, ...], well: bool
) -> None:
    """R-50 reads how the child came back and the condition alike."""
    assert none_chosen(*answers, codes=["dead", "deceased"]) is well


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        (None, True),
        ("no", True),
        ("yes", False),
        (Gap(Why.NOT_KNOWN), False),
        (Gap(Why.NOT_SAFE_TO_ASK), False),
    ],
)
def test_not_knowing_about_forced_marriage_is_not_a_no(answer: Answer | None, well: bool) -> None:
    """R-42: there may be one chance only."""
    assert ruled_out(answer) is well


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        (None, True),
        ("no", True),
        ("to_be_told", True),
        (Gap(Why.NOT_KNOWN), False),
        (Gap(Why.PENDING), False),
    ],
)
def test_what_is_left_open_is_no_decision(answer: Answer | None, well: bool) -> None:
    """A "no" decides; a gap leaves it to somebody."""
    assert not_left_open(answer) is well


@pytest.mark.parametrize(
    ("found_at", "how", "condition", "nothing_goes"),
    [
        (Moment(FOUND), "alone", ("awake_talking",), False),
        (Moment(FOUND), None, None, False),
        (Gap(Why.NOT_KNOWN), "police_patrol", ("asleep",), False),
        (None, None, None, True),
        (Moment(FOUND), "dead", None, True),
        (Moment(FOUND), None, ("deceased",), True),
    ],
)
def test_the_return_notice_goes_for_a_living_child_only(
    found_at: Answer | None, how: Answer | None, condition: Answer | None, nothing_goes: bool
) -> None:
    """R-08 and R-50: an hour nobody knows does not stop the notice, a death does."""
    assert not_back_alive(found_at, how, condition) is nothing_goes


@pytest.mark.parametrize(
    ("self_harm", "action", "well"),
    [
        ("yes", ("crisis_team", "stayed_with"), True),
        ("yes", ("none_because",), False),
        ("yes", None, True),
        ("no", ("none_because",), True),
        (Gap(Why.NOT_ASKED), ("none_because",), True),
    ],
)
def test_self_harm_needs_something_done(self_harm: Answer, action: Answer | None, well: bool) -> None:
    """R-12: it does not wait for the PPN."""
    assert acted_at_once(self_harm, action, nothing=["none_because"]) is well


@pytest.mark.parametrize(
    ("danger", "stop", "home", "well"),
    [
        ("no", None, "yes", True),
        ("yes", None, "yes", False),
        (None, "yes", None, False),
        ("no", "no", "no", False),
        ("no", "no", "with_plan", True),
        (None, None, None, True),
    ],
)
def test_danger_goes_ahead_of_supervision(
    danger: Answer | None, stop: Answer | None, home: Answer | None, well: bool
) -> None:
    """R-61: danger told during a disclosure counts as much as the officer's own judgement."""
    assert no_immediate_danger(danger, stop, home) is well


@pytest.mark.parametrize(
    ("before", "now", "agreed", "well"),
    [
        ("high", "medium", None, False),
        ("high", "medium", Gap(Why.PENDING), False),
        ("high", "medium", "Insp Okafor", True),
        ("medium", "high", None, True),
        ("medium", "medium", None, True),
        (None, "medium", None, True),
    ],
)
def test_two_people_lower_a_risk(
    before: Answer | None, now: Answer | None, agreed: Answer | None, well: bool
) -> None:
    """R-54."""
    assert not_lowered_alone(before, now, agreed) is well


@pytest.mark.parametrize(
    ("category", "nobody_knew", "well"),
    [
        ("concern_for_safety", "yes", False),
        ("concern_for_safety", None, False),
        ("concern_for_safety", Gap(Why.NOT_KNOWN), False),
        ("concern_for_safety", "no", True),
        ("returned_safe", "yes", True),
        (None, "yes", True),
    ],
)
def test_a_missing_child_is_never_closed_as_concern_for_safety(
    category: Answer | None, nobody_knew: Answer | None, well: bool
) -> None:
    """R-05: the inspectors' case. Only a plain no makes that category right."""
    assert not_closed_as_concern(category, nobody_knew) is well


@pytest.mark.parametrize(
    ("decision", "because", "harm", "spots"),
    [
        ("no", THIN, "yes", 1),
        ("no", FULL, "yes", 0),
        ("no", THIN, "no", 0),
        ("yes", THIN, "yes", 0),
        ("no", None, "yes", 0),
    ],
)
def test_no_ppn_after_harm_needs_a_reason_in_full(
    decision: Answer, because: Answer | None, harm: Answer, spots: int
) -> None:
    """R-12: harm was written down and no PPN followed. An empty reason is the field's own complaint."""
    answers: dict[str, Answer] = {"pi.ppn_needed": decision, "pi.harm": harm}
    if because:
        answers["pi.ppn_needed_because"] = because

    found = ppn_or_a_reason(
        Facts(answers=answers),
        decision="pi.ppn_needed",
        because="pi.ppn_needed_because",
        least=40,
        signs=SIGNS,
    )

    assert len(found) == spots


@pytest.mark.parametrize(
    ("crime", "pressured", "spots"), [("yes", "yes", 1), ("yes", "no", 0), ("no", "yes", 0)]
)
def test_a_child_who_was_made_to_do_it_may_be_a_victim_first(crime: str, pressured: str, spots: int) -> None:
    """R-41."""
    facts = Facts(answers={"ret.crime_by_child": crime, "pi.pressured": pressured})

    assert len(victim_first(facts, offence="ret.crime_by_child", signs={"pi.pressured": ["yes"]})) == spots


def test_what_matters_most_and_is_not_known_becomes_one_task() -> None:
    """R-03: one task with everything in it, and a refusal is not "not known"."""
    facts = Facts(
        answers={
            "pi.harm": Gap(Why.NOT_KNOWN),
            "pi.debt": Gap(Why.REFUSED),
            "pi.online": Gap(Why.NOT_KNOWN),
            "pi.how": Gap(Why.NOT_KNOWN),
        }
    )

    fields = ["pi.harm", "pi.debt", "pi.online", "pi.pressured"]

    assert nothing_important_unknown(facts, fields=fields) == [Spot(("pi.harm", "pi.online"), words="2")]
    assert not nothing_important_unknown(Facts(answers={"pi.harm": "no"}), fields=fields)


@pytest.mark.parametrize(("count", "spots"), [(5, 0), (6, 1)])
def test_many_gaps_are_counted_for_the_sergeant(count: int, spots: int) -> None:
    """R-19: each gap is honest; many of them are a different kind of answer."""
    answers: dict[str, Answer] = {f"pi.q{number}": Gap(Why.NOT_ASKED) for number in range(count)}
    answers["pi.demeanour"] = "Calm, looked at me when answering."

    assert len(few_gaps(Facts(answers=answers), most=5, unless=STOPPED)) == spots
    answers["pi.disclosure_stop"] = "yes"
    assert not few_gaps(Facts(answers=answers), most=5, unless=STOPPED)


def test_every_check_says_what_it_means() -> None:
    """The handbook prints these sentences beside the rules."""
    for known in (CHECKS, ENTITY_CHECKS, RECORD_CHECKS):
        for name, function in known.items():
            assert (function.__doc__ or "").strip(), name


def test_two_checks_never_share_a_name() -> None:
    """A definition names a check by its name alone."""

    def none_chosen(*answers: Answer | None) -> bool:
        return not answers

    def no_time_ahead(facts: Facts) -> list[Spot]:
        return [Spot(tuple(facts.answers))]

    with pytest.raises(ValueError, match="none_chosen"):
        check(none_chosen)
    with pytest.raises(ValueError, match="no_time_ahead"):
        record_check(no_time_ahead)
