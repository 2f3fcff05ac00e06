"""A risk that is high later than at the report reaches whoever owns it, and what belongs to high begins."""

from __future__ import annotations

import pytest

from booklets.answers import Answer, Gap, Why
from booklets.forms import Effect
from tests.support.beside_the_report import looked_at, tasks_of
from tests.support.missing import said_of
from tests.support.walks import found_by

OWNS_IT, BEGINS = "R-09a", {"R-09b", "R-35b"}
BELOW: list[Answer] = ["medium", "low", Gap(Why.NOT_KNOWN, "No report at hand")]


def handed_over(before: Answer, now: str) -> dict[str, Answer | None]:
    """A handover in which both see this level."""
    return {"hov.new_facts": "no", "hov.risk_before": before, "hov.risk": now}


@pytest.mark.parametrize("before", BELOW)
def test_a_handover_that_raises_to_high_tells_the_incident_manager(before: Answer) -> None:
    """R-09: medium to high goes back to them; and the search of the home and R-35 begin."""
    found = looked_at("handover", handed_over(before, "high"))

    assert "R-09" in found_by(found, Effect.SHOW)
    tasks = tasks_of(found)
    assert tasks[OWNS_IT] == ("high_risk_taken_on", "fim")
    assert tasks["R-09b"] == ("home_search_high", "author")
    assert tasks["R-35b"] == ("still_missing_high", "supervisor")


@pytest.mark.parametrize(("before", "now"), [("high", "high"), ("medium", "medium"), ("high", "medium")])
def test_a_handover_that_raises_nothing_to_high_tells_nobody_anew(before: str, now: str) -> None:
    """Where it was high the incident manager has it, and what belongs to high has begun."""
    found = found_by(looked_at("handover", handed_over(before, now)))

    assert not {"R-09", OWNS_IT, *BEGINS} & found


@pytest.mark.parametrize("before", ["medium", Gap(Why.NOT_KNOWN, "No report at hand")])
def test_an_assessment_that_raises_to_high_begins_what_belongs_to_high(before: Answer) -> None:
    """C.6, R-35: counted from the assessment, whose record has no time of the report."""
    raised: dict[str, Answer | None] = {
        "ra.level": "high",
        "ra.level_before": before,
        "ra.level_change_reason": "His phone was found in the beck at one.",
    }
    tasks = tasks_of(said_of(raised, name="risk_again"))

    assert tasks["R-09b"] == ("home_search_high", "author")
    assert tasks["R-35b"] == ("still_missing_high", "supervisor")
    assert tasks[OWNS_IT] == ("high_risk_taken_on", "fim")


def test_what_is_high_still_begins_nothing_a_second_time() -> None:
    """The report's own clocks run."""
    still: dict[str, Answer | None] = {"ra.level": "high", "ra.level_before": "high"}

    assert not BEGINS & found_by(said_of(still, name="risk_again"))
    assert not BEGINS & found_by(said_of({"ra.level": "medium"}, name="risk_again"))


@pytest.mark.parametrize("reported", [True, False])
def test_within_the_report_the_clocks_of_the_report_ask_for_it_once(reported: bool) -> None:
    """Also where nobody knows when it was reported: the clock counts from when it was begun."""
    nobody_knows = Gap(Why.NOT_KNOWN, "Passed on from another force")
    unknown: dict[str, Answer | None] = {"mis.reported_at": nobody_knows, "mis.noticed_at": nobody_knows}
    high: dict[str, Answer | None] = {"ra.level": "high", **({} if reported else unknown)}

    assert not BEGINS & found_by(said_of(high))
