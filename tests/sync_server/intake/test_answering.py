"""What somebody was asked to write ends when it has been written, and not by what was there before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from booklets.records import Record
from booklets.stamps import Stamp
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.intake import take_in
from tests.support.builders import CHILD, NIGHT, a_return, a_task, an_id, next_revision
from tests.support.people_again import a_record
from tests.support.server_data import Handheld, rows

ANEW = [("assess_again", "rsk"), ("thrive_again", "thr")]
HANDED_OVER = a_return()
"""Only for whom it is about: every record of the night is about the same child and episode."""


def at(minutes: int) -> datetime:
    """So many minutes after the night's other times."""
    return NIGHT + timedelta(minutes=minutes)


def written(form: str, minutes: int, *kinds: str, **header: Any) -> Record:
    """A record of this form, sent so many minutes on, that asks for these."""
    tasks = tuple(a_task(kind, set_at=at(minutes), rule=f"R-07 {kind}") for kind in kinds)
    return a_record(form, HANDED_OVER, {}, tasks=tasks, submitted=Stamp(at(minutes)), **header)


def a_search(*types: str) -> Record:
    """A search of these kinds, a while after the report."""
    return a_record("srch", HANDED_OVER, {"srch.type": types}, submitted=Stamp(at(25)))


def sent(context: Context, handheld: Handheld, *records: Record) -> None:
    """They arrive one after the other."""
    for record in records:
        assert take_in(context, handheld.seal(record), sender=handheld.sender).result == "stored"


def stand(context: Context) -> dict[str, str]:
    """How what was asked for stands, by kind."""
    return {str(row["kind"]): str(row["status"]) for row in rows(context, task)}


def test_a_report_asks_for_the_lines_of_enquiry_until_they_are_there(
    context: Context, handheld: Handheld
) -> None:
    """B.4: the task is over when they have come, and says which record they are."""
    sent(context, handheld, written("mis", 0, "lines_of_enquiry"))
    assert stand(context) == {"lines_of_enquiry": "open"}

    sent(context, handheld, written("act", 20))

    [one] = rows(context, task)
    assert (one["status"], str(one["outcome"])[:4]) == ("done", "ACT ")


def test_lines_of_enquiry_that_came_before_the_report_are_not_asked_for(
    context: Context, handheld: Handheld
) -> None:
    """A phone without signal sends in its own order."""
    sent(context, handheld, written("act", 20), written("mis", 0, "lines_of_enquiry"))

    assert stand(context) == {"lines_of_enquiry": "done"}


def test_lines_of_enquiry_that_are_withdrawn_are_asked_for_again(
    context: Context, handheld: Handheld
) -> None:
    """What was closed by a record that stands for nothing is open."""
    lines = written("act", 20)
    sent(context, handheld, written("mis", 0, "lines_of_enquiry"), lines)
    gone = next_revision(lines, {})
    sent(context, handheld, replace(gone, header=replace(gone.header, void_reason="Another child's.")))

    assert stand(context) == {"lines_of_enquiry": "open"}


@pytest.mark.parametrize(("kind", "form"), ANEW)
def test_a_new_assessment_or_thrive_ends_what_a_new_fact_asked_for(
    context: Context, handheld: Handheld, kind: str, form: str
) -> None:
    """R-07: whatever was written after the search, in whichever order the two arrive."""
    search, anew = written("srch", 0, kind), written(form, 30)

    sent(context, handheld, search, anew)
    assert stand(context) == {kind: "done"}


@pytest.mark.parametrize(("kind", "form"), ANEW)
def test_one_that_arrives_before_the_search_it_follows_counts_too(
    context: Context, handheld: Handheld, kind: str, form: str
) -> None:
    """It weighed what was found, whichever came through first."""
    sent(context, handheld, written(form, 30), written("srch", 0, kind))

    assert stand(context) == {kind: "done"}


@pytest.mark.parametrize(("kind", "form"), ANEW)
def test_one_that_was_sent_before_the_new_fact_answers_nothing(
    context: Context, handheld: Handheld, kind: str, form: str
) -> None:
    """It could not know; and putting right its spelling afterwards makes it no newer."""
    before = written(form, 0)
    sent(context, handheld, before, written("srch", 30, kind))
    assert stand(context) == {kind: "open"}

    sent(context, handheld, next_revision(before, {}, at=at(60)))
    assert stand(context) == {kind: "open"}


def test_another_childs_assessment_ends_nothing(context: Context, handheld: Handheld) -> None:
    """Two children of one night are two risks."""
    sister = written("rsk", 30, record=an_id("sister"), subject=an_id("the sister"))
    sent(context, handheld, written("srch", 0, "assess_again"), sister)

    assert stand(context) == {"assess_again": "open"}
    assert str(CHILD) != str(sister.header.subject)


@pytest.mark.parametrize("order", [1, -1])
def test_a_search_of_the_home_and_the_room_ends_what_asked_for_it(
    context: Context, handheld: Handheld, order: int
) -> None:
    """C.6: in whichever order the two arrive; nobody closes by hand what a record shows."""
    search = a_search("home_and_room", "outbuildings")
    sent(context, handheld, *[written("mis", 0, "home_search_high"), search][::order])
    assert stand(context) == {"home_search_high": "done"}


@pytest.mark.parametrize("order", [1, -1])
def test_a_first_look_from_the_door_is_no_search_of_the_home(
    context: Context, handheld: Handheld, order: int
) -> None:
    """The other side: the room was not searched for over two hours."""
    sent(context, handheld, *[written("mis", 0, "home_search_high"), a_search("open_door")][::order])
    assert stand(context) == {"home_search_high": "open"}


def test_the_next_look_at_a_risk_ends_with_the_next_assessment_and_not_with_its_own(
    context: Context, handheld: Handheld
) -> None:
    """The assessment that sets the time for it is not the one that keeps it."""
    sent(context, handheld, written("rsk", 0, "risk_review_high"))
    assert stand(context) == {"risk_review_high": "open"}

    sent(context, handheld, written("rsk", 90, record=an_id("second assessment")))
    assert stand(context) == {"risk_review_high": "done"}


def test_a_strategy_discussion_that_was_held_since_ends_what_asked_for_one(
    context: Context, handheld: Handheld
) -> None:
    """R-49: one from before the PPN decided nothing of what the PPN says."""
    before = written("str", 0, record=an_id("earlier discussion"))
    sent(context, handheld, before, written("ppn", 10, "strategy_discussion"))
    assert stand(context) == {"strategy_discussion": "open"}

    sent(context, handheld, written("str", 60))
    assert stand(context) == {"strategy_discussion": "done"}
