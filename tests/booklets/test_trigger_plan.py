"""A trigger plan: which version it is, where one was used and whether it worked, and numbers that answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Scalar, Why
from booklets.encounters import review
from booklets.forms import Effect, Stage
from booklets.review import Problem
from tests.support.beside_the_report import looked_at
from tests.support.missing import LEO, NOW, PARK, a_row, guide, written
from tests.support.walks import FORCE, found_by, needed

USED = a_row(on="2026-02-11", worked="no_help", what="Both doors were the old address of his brother")


def test_every_plan_says_which_version_it_is_and_whether_one_was_used() -> None:
    """B.11 tp.version, tp.used_in: two taps at the door of the office."""
    assert {"trg.plan_version", "trg.used_before"} <= needed(looked_at("trigger_plan", {}))
    assert "trg.plan_version" not in needed(
        looked_at("trigger_plan", {"trg.plan_version": Gap(Why.NOT_KNOWN, "The old one is on paper")})
    )


def test_a_plan_that_was_used_says_on_which_night_and_whether_it_worked() -> None:
    """A plan that sent officers to the wrong doors twice sends them there again."""
    used: Mapping[str, Answer] = {"trg.used_before": "yes", "trg.plan_version": "2"}

    assert "trg.used_in" in needed(looked_at("trigger_plan", used))
    assert "trg.used_in" not in needed(looked_at("trigger_plan", {**used, "trg.used_in": USED}))
    assert "trg.used_in" not in needed(looked_at("trigger_plan", {"trg.used_before": "no"}))
    without = looked_at("trigger_plan", {**used, "trg.used_in": a_row(on="2026-02-11")})
    assert "Line 1 lacks: Did it work, What helped, what did not" in next(
        one.says for one in without if one.code == "cell_needed"
    )


@pytest.mark.parametrize(("version", "asked"), [("1", True), ("2", False)])
def test_a_plan_that_follows_a_used_one_is_not_the_first(version: str, asked: bool) -> None:
    """At night nobody knows which of two plans holds."""
    plan: Mapping[str, Answer] = {"trg.used_before": "yes", "trg.plan_version": version}

    assert ("TP-3" in found_by(looked_at("trigger_plan", plan), Effect.ASK)) is asked
    assert "TP-3" not in found_by(looked_at("trigger_plan", {**plan, "trg.used_before": "no"}))


def test_whom_to_ring_is_a_list_to_ring_from_and_no_log_of_calls() -> None:
    """By day and at night; when it was rung last and with what outcome is asked for, not made up."""
    columns = {one.id: one.required for one in definitions.form("trg").field("trg.agencies").columns}
    row: dict[str, Scalar] = {"with": "edt_north_yorkshire", "phone": "01632 960144"}
    untried, tried = a_row(**row), a_row(**row, at=Moment(NOW), outcome="accepted")

    def later(rows: Answer) -> set[str]:
        return found_by(looked_at("trigger_plan", {"trg.agencies": rows}, stage=Stage.COMPLETE), Effect.ASK)

    assert {name for name, is_needed in columns.items() if is_needed} == {"with", "phone"}
    assert "TP-4" in later(untried)
    assert "TP-4" not in later(tried)
    assert "TP-4" not in found_by(looked_at("trigger_plan", {"trg.agencies": untried}))


def of_leo(**known: Answer) -> list[Problem]:
    """What the review says later in the shift of a plan for Leo, of whom this is known besides."""
    leo = LEO
    for name, answer in known.items():
        leo = leo.changed(f"person.{name}", answer, at=NOW, by="NYP-1234")
    encounter = written({}, child=leo, name="trigger_plan")
    return review(encounter, guide("trigger_plan"), definitions.force(FORCE), NOW, Stage.COMPLETE)


def test_how_the_child_travels_is_asked_and_the_routes_and_firms_in_words() -> None:
    """B.11 tp.transport: a bus firm that is rung within the hour still has the pictures."""
    by_bus: Mapping[str, Answer] = {"trg.transport": ("bus",)}
    nobody_knows: Mapping[str, Answer] = {"trg.transport": Gap(Why.NOT_KNOWN, "Nobody has seen it")}

    assert "trg.transport" in needed(looked_at("trigger_plan", {}))
    assert "trg.transport_words" in needed(looked_at("trigger_plan", by_bus))
    said = {**by_bus, "trg.transport_words": "The 36 to Leeds from Valley Gardens; pays by phone."}
    assert "trg.transport_words" not in needed(looked_at("trigger_plan", said))
    assert not {"trg.transport", "trg.transport_words"} & needed(looked_at("trigger_plan", nobody_knows))


def test_of_each_place_it_is_said_when_the_child_was_found_there() -> None:
    """B.11 tp.places: with found-before dates; where no place is named, there is none to say."""
    named: Mapping[str, Answer] = {"trg.places": (str(PARK.id),)}
    nowhere: Mapping[str, Answer] = {"trg.places": Gap(Why.NOT_KNOWN, "Found once, on a train")}

    assert "trg.places_words" in needed(looked_at("trigger_plan", named, PARK))
    dated = {**named, "trg.places_words": "Valley Gardens: 11/02/2026, by the bandstand."}
    assert "trg.places_words" not in needed(looked_at("trigger_plan", dated, PARK))
    assert "trg.places_words" not in needed(looked_at("trigger_plan", nowhere))


def test_a_plan_has_a_photo_with_its_date_and_the_legal_status() -> None:
    """B.11 tp.photo (dated), tp.legal_status: on the first page, asked for by the end of the shift."""
    [first, *_] = definitions.guide("trigger_plan").pages
    nobody = Gap(Why.NOT_KNOWN, "The home has none")

    assert {"person.photo", "person.photo_taken_on", "person.care_status"} <= set(first.fields())
    assert "TP-5" in found_by(of_leo(), Effect.ASK)
    assert "person.care_status" in needed(of_leo())
    assert not {"TP-5", "TP-6"} & found_by(of_leo(photo=nobody, care_status="none"))
    assert not {"TP-5", "TP-6"} & found_by(looked_at("trigger_plan", {}))


@pytest.mark.parametrize(("taken", "rule"), [(None, "TP-6"), ("2023-06-01", "TP-7"), ("2026-03-01", "")])
def test_a_photo_says_when_it_was_taken_and_is_no_old_one(taken: str | None, rule: str) -> None:
    """A school photo two years old shows another child."""
    known: dict[str, Answer] = {"photo": a_row(attachment="one", media="image/jpeg")}
    known |= {"photo_taken_on": taken} if taken else {}

    assert {"TP-5", "TP-6", "TP-7"} & found_by(of_leo(**known)) == ({rule} if rule else set())
