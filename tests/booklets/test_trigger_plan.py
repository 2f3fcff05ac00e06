"""A trigger plan: which version it is, where one was used and whether it worked, and numbers that answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Scalar, Why
from booklets.forms import Effect, Stage
from tests.support.beside_the_report import looked_at
from tests.support.missing import NOW, a_row
from tests.support.walks import found_by, needed

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
