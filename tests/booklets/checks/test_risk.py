"""Checks on a risk assessment: what weighs, what the level rests on, markers, and the next look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.dates import no_time_ahead
from booklets.checks.risk import (
    answered_once,
    critical_means_high,
    every_marker_considered,
    level_rests_on_answers,
    no_markers_known,
    not_missing_too_often,
    reviewed_soon_enough,
    young_child_is_flagged,
)
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Facts

NOW = datetime(2026, 3, 14, 2, 40, tzinfo=UTC)
FACTORS = ("ra.f04_suicide_selfharm", "ra.f18_cse", "ra.f25_weather_place")
LIMITS: Sequence[Mapping[str, object]] = (
    {"times": 3, "days": 30},
    {"times": 4, "days": 90, "also": "exploitation"},
)
MARKED: Answer = ({"marker": "WE"}, {"marker": "SH"}, {"system": "pnc"})


def facts(answers: Mapping[str, Answer], **child: Answer) -> Facts:
    """A record with these answers, about a child of whom this is known."""
    known = {f"person.{name}": value for name, value in child.items()}
    one = Entity(new_id(), EntityKind.PERSON, MappingProxyType(known))
    return Facts(answers=answers, entities=MappingProxyType({one.id: one}), subject=one.id, now=NOW)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"ra.level": "medium", FACTORS[0]: "yes"}, ["1 critical answer"]),
        ({"ra.level": "medium", FACTORS[0]: "yes", FACTORS[1]: "yes"}, ["2 critical answers"]),
        ({"ra.level": "high", FACTORS[0]: "yes"}, []),
        ({"ra.level": "medium", FACTORS[0]: "no", FACTORS[2]: "yes"}, []),
        ({"ra.level": "medium", FACTORS[0]: Gap(Why.NOT_KNOWN)}, []),
        ({FACTORS[0]: "yes"}, []),
        ({"ra.level": Gap(Why.PENDING), FACTORS[0]: "yes"}, []),
    ],
)
def test_what_weighs_critically_means_high(answers: Mapping[str, Answer], words: list[str]) -> None:
    """Weights decide nothing: they ask for a reason, once the level is chosen."""
    found = critical_means_high(facts(answers), level="ra.level", factors=FACTORS[:2])

    assert [spot.words for spot in found] == words


@pytest.mark.parametrize(
    ("chosen", "yes", "well"),
    [
        (("f04", "f18"), FACTORS, True),
        (("f04",), FACTORS, False),
        (("f04",), FACTORS[:1], True),
        (("none",), (), True),
        (("none",), FACTORS[:1], False),
        (("none", "f04"), (), False),
        (("f18",), FACTORS[:1], False),
        (("f29",), (), True),
        (("f29",), FACTORS[:1], False),
        ((), FACTORS, True),
    ],
)
def test_a_level_rests_on_what_was_a_yes(chosen: tuple[str, ...], yes: tuple[str, ...], well: bool) -> None:
    """Two where there are two, or none because there is none. What is not chosen yet is left alone."""
    answers: dict[str, Answer] = {**dict.fromkeys(FACTORS, "no"), **dict.fromkeys(yes, "yes")}
    answers |= {"ra.on": chosen} if chosen else {}

    found = level_rests_on_answers(facts(answers), field="ra.on", none="none", factors=FACTORS)

    assert (not found) is well
    assert all(spot.words for spot in found)


@pytest.mark.parametrize(
    ("chosen", "well"), [(("f05", "f08"), False), (("f05", "f18"), True), (("f05", "f08", "f18"), True)]
)
def test_what_weighs_most_is_never_left_out(chosen: tuple[str, ...], well: bool) -> None:
    """A.4: two small reasons do not cover a critical one that was known."""
    known = ("ra.f05_reason", "ra.f08_family_conflict", "ra.f18_cse")
    answers: dict[str, Answer] = {**dict.fromkeys(known, "yes"), "ra.on": chosen}

    found = level_rests_on_answers(
        facts(answers), field="ra.on", none="none", factors=known, critical=("ra.f18_cse", "ra.f04_suicide")
    )

    assert (not found) is well


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (({"marker": "WE", "effect": "Two officers go."},), ["1 of 2"]),
        (({"marker": "WE", "effect": ""}, {"marker": "SH", "effect": "Crisis team told."}), ["1 of 2"]),
        (({"marker": "WE", "effect": "Two go."}, {"marker": "SH", "effect": "Crisis team."}), []),
        (Gap(Why.PENDING), ["2 of 2"]),
    ],
)
def test_a_marker_is_considered_when_its_effect_is_said(rows: Answer, words: list[str]) -> None:
    """R-04: naming it is not considering it. A row without a marker is none."""
    known = facts({"ra.markers": rows}, warning_markers=MARKED)

    assert [spot.words for spot in every_marker_considered(known, field="ra.markers")] == words
    assert [spot.words for spot in no_markers_known(known)] == ["2"]


def test_without_markers_there_is_nothing_to_consider() -> None:
    """Nor without a child, nor where the answer is no table."""
    for known in (facts({}), Facts(), facts({}, warning_markers=Gap(Why.NOT_KNOWN))):
        assert every_marker_considered(known, field="ra.markers") == []
        assert no_markers_known(known) == []


@pytest.mark.parametrize(
    ("level", "hours", "well"),
    [("high", 2, True), ("high", 3, False), ("medium", 8, True), ("medium", 9, False), ("", 99, True)],
)
def test_the_next_look_comes_in_the_forces_time(level: str, hours: int, well: bool) -> None:
    """Counted from when it was weighed up; without that, or without a level, nothing is late."""
    answers: dict[str, Answer] = {"ra.at": Moment(NOW), "ra.next": Moment(NOW + timedelta(hours=hours))}
    answers |= {"ra.level": level} if level else {}

    def found(known: Mapping[str, Answer]) -> bool:
        return not reviewed_soon_enough(
            facts(known), start="ra.at", field="ra.next", level="ra.level", minutes_high=120, minutes=480
        )

    assert found(answers) is well
    assert found({name: said for name, said in answers.items() if name != "ra.at"})


@pytest.mark.parametrize(
    ("born", "answer", "well"),
    [
        ("2015-06-02", "no", False),
        ("2015-06-02", "yes", True),
        ("2011-06-02", "no", True),
        ("", "no", True),
    ],
)
def test_a_young_child_who_keeps_safe_alone_is_asked_about(born: str, answer: str, well: bool) -> None:
    """Where the age is known; nobody is taken for young because nobody knows."""
    child: dict[str, Answer] = {"dob": born} if born else {}
    known = facts({"ra.f01_age_infirmity": answer}, **child)

    assert (not young_child_is_flagged(known, field="ra.f01_age_infirmity", age=13)) is well
    assert young_child_is_flagged(Facts(), field="ra.f01_age_infirmity", age=13) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"mis.previous_30d": "2"}, ["3 times in 30 days"]),
        ({"mis.previous_30d": "1"}, []),
        ({"mis.previous_90d": "3"}, []),
        ({"mis.previous_90d": "3", "ra.f18_cse": "yes"}, ["4 times in 90 days"]),
        ({"mis.previous_30d": Gap(Why.NOT_KNOWN)}, []),
        ({}, []),
    ],
)
def test_often_is_what_the_force_has_set(answers: Mapping[str, Answer], words: list[str]) -> None:
    """R-31: this time is one of them; a limit may ask for more than a number."""
    found = not_missing_too_often(
        facts(answers),
        thresholds=LIMITS,
        counts={"30": "mis.previous_30d", "90": "mis.previous_90d"},
        conditions={"exploitation": {"ra.f18_cse": ["yes"]}},
    )

    assert [spot.words for spot in found] == words


def test_a_step_that_is_still_to_come_is_not_done() -> None:
    """A gap answers a question, and does nothing."""
    reported: dict[str, Answer] = {"mis.reported_at": Moment(NOW)}

    def found(more: Mapping[str, Answer]) -> bool:
        return bool(answered_once(facts({**reported, **more}), once="mis.reported_at", field="mis.sent"))

    assert found({})
    assert found({"mis.sent": Gap(Why.PENDING)})
    assert not found({"mis.sent": Moment(NOW)})
    assert answered_once(facts({}), once="mis.reported_at", field="mis.sent") == []


def test_what_is_planned_may_lie_ahead() -> None:
    """When somebody is rung next is no slip of the date."""
    ahead = Moment(NOW + timedelta(hours=3))
    known = facts({"mis.update": ahead, "mis.seen": ahead})

    assert [spot.fields for spot in no_time_ahead(known, prefix="mis", planned=["mis.update"])] == [
        ("mis.seen",)
    ]
