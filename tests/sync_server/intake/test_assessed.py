"""What a risk assessment asks for is a task with its time, and the lines of enquiry say what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.records import Record
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.intake import enquired
from sync_server.settings import policy_of
from tests.support.again import closes
from tests.support.builders import NIGHT, a_return
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import rows
from tests.support.team_reads import as_the_team_reads

BECK: Row = {"what": "Walk the beck path to the weir", "who": "PC Wells", "by": "immediate"}
SHED: Row = {"what": "Search the shed", "who": "PC Amin", "by": "within_1h"}
SOME_DAY: Row = {"what": "Ask the swimming club", "who": "PC Amin", "by": "routine"}
WHERE_DAD_LIVES: Row = {"what": "Where his father lives", "how": "Ring the school", "by": "this_shift"}
ASSESSED: Mapping[str, Answer] = {
    "ra.assessed_at": Moment(NIGHT),
    "ra.actions": (BECK, SHED, SOME_DAY),
    "ra.anything_unknown": "yes",
    "ra.information_gaps": (WHERE_DAD_LIVES,),
}


def assessed(answers: Mapping[str, Answer] = ASSESSED, **header: Any) -> Record:
    """An assessment of the night's child."""
    return a_record("rsk", a_return(), answers, **header)


def enquiries(*lines: Row) -> Record:
    """The lines of enquiry of the same child and episode."""
    return a_record("act", a_return(), {"act.lines": lines})


def a_line(what: str, status: str) -> Row:
    """One line of enquiry, with what came of it."""
    return {"what": what, "owner": "PC Wells", "status": status, "outcome": "Nobody there"}


def stand(context: Context) -> dict[str, str]:
    """How what was asked for stands, by which row asked for it."""
    return {str(one["rule"]): str(one["status"]) for one in rows(context, task)}


@pytest.mark.parametrize(("force", "minutes"), [("north_yorkshire", 15), ("seaborough", 10)])
def test_each_action_and_each_thing_not_known_is_a_task_with_its_time(
    context: Context, officer: Colleague, force: str, minutes: int
) -> None:
    """B.3: "now" is the force's own number; what "can be done" some time has no hour that could be late."""
    officer.sent(assessed())
    made = {one.rule: one.due_at for one in enquired.asked(assessed(), policy_of(force))}

    assert {(one["kind"], one["owner_role"]) for one in rows(context, task)} == {
        ("assessed_action", "author"),
        ("assessed_gap", "author"),
    }
    assert set(stand(context)) == set(made)
    assert made["ra.actions.0"] == NIGHT + timedelta(minutes=minutes)
    assert made["ra.actions.1"] == NIGHT + timedelta(hours=1)
    assert made["ra.actions.2"] is None


def test_what_is_for_this_shift_is_due_when_the_shift_ends(context: Context, officer: Colleague) -> None:
    """A day later at the most, where nobody knows when that is."""
    ends = NIGHT + timedelta(hours=3)
    officer.sent(assessed(shift_ends_at=ends))
    [gap] = [one for one in rows(context, task) if one["kind"] == "assessed_gap"]

    assert gap["due_at"] == ends


def test_an_assessment_that_knows_everything_asks_for_its_actions_alone(
    context: Context, officer: Colleague
) -> None:
    """The other side."""
    officer.sent(assessed({"ra.actions": (BECK,), "ra.anything_unknown": "no"}))

    assert stand(context) == {"ra.actions.0": "open"}


def test_a_line_of_enquiry_that_is_over_ends_what_the_assessment_asked_for(
    context: Context, officer: Colleague
) -> None:
    """It is written down once. What is only begun, and what nobody mentions, is still to be done."""
    officer.sent(assessed())
    officer.sent(
        enquiries(
            a_line("walk the beck path, to the weir.", "done"),
            a_line("Search the shed", "to_do"),
            a_line("Ring the school", "cancelled"),
        )
    )

    assert stand(context) == {
        "ra.actions.0": "done",
        "ra.actions.1": "open",
        "ra.actions.2": "open",
        "ra.information_gaps.0": "done",
    }
    [beck] = [one for one in rows(context, task) if one["rule"] == "ra.actions.0"]
    assert str(beck["outcome"]).startswith("ACT HW-")


def test_enquiries_that_came_before_the_assessment_count_as_well(
    context: Context, officer: Colleague
) -> None:
    """A phone without signal sends in its own order."""
    officer.sent(enquiries(a_line("Search the shed", "done")))
    officer.sent(assessed())

    assert stand(context)["ra.actions.1"] == "done"


def test_what_a_later_revision_takes_back_is_open_again(context: Context, officer: Colleague) -> None:
    """And what is withdrawn had ended nothing."""
    officer.sent(assessed())
    lines = officer.sent(enquiries(a_line("Search the shed", "done")))
    again = officer.revises(lines, {"act.lines": (a_line("Search the shed", "to_do"),)})
    assert stand(context)["ra.actions.1"] == "open"

    third = officer.revises(again, {"act.lines": (a_line("Search the shed", "done"),)})
    assert stand(context)["ra.actions.1"] == "done"
    officer.withdraws(third)
    assert stand(context)["ra.actions.1"] == "open"


def test_what_a_person_said_of_it_stays_as_it_was_said(context: Context, officer: Colleague) -> None:
    """The enquiries say nothing against it."""
    officer.sent(assessed({"ra.actions": (BECK,)}))
    closes(officer, "assessed_action", outcome="not_needed")
    officer.sent(enquiries(a_line("Walk the beck path to the weir", "done")))

    [one] = rows(context, task)
    assert (one["status"], one["outcome"]) == ("done", "not_needed")


def test_of_a_row_without_words_nothing_is_asked(context: Context, officer: Colleague) -> None:
    """A gap is no action."""
    nothing: Row = {"what": Gap(Why.NOT_KNOWN), "by": "immediate"}
    officer.sent(assessed({"ra.actions": (nothing,)}))

    assert not rows(context, task)


def test_the_console_says_it_in_the_words_of_the_assessment(tmp_path: Path) -> None:
    """A task holds no words: they are read out of the record."""
    words = as_the_team_reads(tmp_path, assessed())

    assert "Walk the beck path to the weir PC Wells" in words
    assert "Where his father lives: Ring the school" in words
