"""What is being done to find a child is specific, ends with an outcome, and says why it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booklets.answers import Answer, Gap, Moment, Scalar, Why
from booklets.checks.enquiries import (
    closed_with_outcome,
    every_number_was_tried,
    late_with_reason,
    more_than_usual_enquiries,
    searched_by_somebody_trained,
)
from booklets.facts import Facts

NOW = datetime(2026, 3, 14, 2, 31, tzinfo=UTC)
LINES = "act.lines"
ENDED, OPEN = ("done", "cancelled", "blocked"), ("to_do", "blocked")


def lines(**cells: Scalar) -> Facts:
    """One line of enquiry with these cells."""
    said: dict[str, Scalar] = {"what": "Ring the skate park at Clifton Moor", "status": "to_do"}
    return Facts(answers={LINES: ({**said, **cells},)}, now=NOW)


@pytest.mark.parametrize("status", ENDED)
def test_a_line_that_is_over_says_what_came_of_it(status: str) -> None:
    """R-56: an action that just ends teaches nobody anything."""
    [spot] = closed_with_outcome(lines(status=status), field=LINES, ended=ENDED, outcome="outcome")
    assert spot.words == "Line 1 (“Ring the skate park at Clifton Moor”)"

    told = lines(status=status, outcome="Shut since 18:00; the warden saw nobody.")
    assert not closed_with_outcome(told, field=LINES, ended=ENDED, outcome="outcome")


def test_a_line_that_is_open_need_not_say_what_came_of_it() -> None:
    """It is under way."""
    assert not closed_with_outcome(lines(), field=LINES, ended=ENDED, outcome="outcome")


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"due_at": Moment(NOW - timedelta(minutes=1))}, True),
        ({"due_at": Moment(NOW - timedelta(minutes=1)), "status": "blocked"}, True),
        ({"due_at": Moment(NOW - timedelta(minutes=1)), "delay_reason": "no_signal"}, False),
        ({"due_at": Moment(NOW + timedelta(minutes=1))}, False),
        ({"due_at": Moment(NOW - timedelta(minutes=1)), "status": "done"}, False),
        ({}, False),
    ],
)
def test_a_line_that_is_late_says_what_held_it_up(cells: dict[str, Scalar], asked: bool) -> None:
    """R-59: a late action with its reason can be mended."""
    found = late_with_reason(lines(**cells), field=LINES, open=OPEN, due="due_at", reason="delay_reason")
    assert bool(found) is asked


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("Usual enquiries", True),
        ("Make enquiries and update in due course", True),
        ("Locate and return", True),
        ("Ring the skate park at Clifton Moor", False),
        ("Read the CCTV of Scarborough station from 21:00 to 22:00", False),
        ("", False),
    ],
)
def test_usual_enquiries_are_asked_about(what: str, asked: bool) -> None:
    """R-11: lines that could be about any child found nobody."""
    assert bool(more_than_usual_enquiries(lines(what=what), field=LINES, column="what")) is asked


def searched(*rows: tuple[str, Scalar]) -> tuple[dict[str, Scalar], ...]:
    """Which systems were searched, and whether whoever did it is trained for it."""
    return tuple({"system": system, "trained": trained} for system, trained in rows)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (searched(("pnc", "yes"), ("pnd", "yes")), ""),
        (searched(("pnc", "no"), ("pnc", "yes")), ""),
        (searched(("pnc", "yes"), ("pnc", "no")), ""),
        (searched(("pnc", "yes"), ("pnd", "no")), "Systems that nobody trained has searched: 1 of 2."),
        (searched(("pnc", Gap(Why.NOT_KNOWN))), "Systems that nobody trained has searched: 1 of 1."),
        (Gap(Why.PENDING, "control room is busy"), "No system has been searched, as far as this says."),
        (None, ""),
    ],
)
def test_a_system_counts_as_searched_once_somebody_trained_has(answer: Answer | None, says: str) -> None:
    """Who looked twice at the same one has looked; a question that is still to come is no complaint."""
    facts = Facts(answers={"mis.systems_checked": answer} if answer else {}, now=NOW)

    found = searched_by_somebody_trained(facts, field="mis.systems_checked")

    assert [one.words for one in found] == ([says] if says else [])


RANG = Moment(NOW - timedelta(days=2))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"phone": "01632 960144", "at": RANG, "outcome": "accepted"}, ""),
        ({"phone": "01632 960144", "at": RANG}, "line 2"),
        ({"phone": "01632 960144", "outcome": "no_answer"}, "line 2"),
        ({"phone": "01632 960144", "at": Gap(Why.NOT_ASKED, "At night"), "outcome": "no_answer"}, ""),
    ],
)
def test_a_number_in_a_plan_was_tried_before_the_night_on_which_it_is_needed(
    row: dict[str, Scalar], says: str
) -> None:
    """B.11: when each was rung last, and with what outcome; a reason is an answer."""
    first: dict[str, Scalar] = {"phone": "01632 960118", "at": RANG, "outcome": "acknowledged"}
    facts = Facts(answers={"trg.agencies": (first, row)}, now=NOW)

    assert [one.words for one in every_number_was_tried(facts, field="trg.agencies")] == (
        [says] if says else []
    )
