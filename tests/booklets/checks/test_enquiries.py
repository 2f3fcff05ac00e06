"""What is being done to find a child is specific, ends with an outcome, and says why it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booklets.answers import Moment, Scalar
from booklets.checks.enquiries import (
    closed_with_outcome,
    late_with_reason,
    more_than_usual_enquiries,
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
