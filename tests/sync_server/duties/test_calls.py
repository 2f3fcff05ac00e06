"""Calls that a clock waits for: ended by who answered, and by no notice that went beside them."""

from __future__ import annotations

from booklets.answers import Answer
from booklets.duties import BY_SYSTEM, COUNCIL_HAS_NOTICE, Act, Acted
from booklets.records import reference_of
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.duties import Actor, act, look_once
from sync_server.forwarding.postman import deliver_due
from sync_server.identity import accounts
from tests.support.builders import a_return, a_task, an_id
from tests.support.colleagues import Colleague
from tests.support.server_data import rows

RANG_OUT: dict[str, Answer] = {"ret.la_informed": ({"with": "edt_north_yorkshire", "outcome": "no_answer"},)}
ANSWERED: dict[str, Answer] = {"ret.la_informed": ({"with": "edt_north_yorkshire", "outcome": "accepted"},)}
TO_RING = a_task("council_told_of_return", rule="council_told_of_return", owner="author")


def test_the_notice_is_no_call_and_the_task_says_what_it_waits_for(
    context: Context, officer: Colleague
) -> None:
    """R-08a: nobody has been told until somebody has answered. The notice beside it is no contradiction."""
    officer.sent(a_return(RANG_OUT, tasks=(TO_RING,)))
    deliver_due(context)
    look_once(context)

    [kept] = rows(context, task)
    assert (kept["status"], kept["by_system"]) == ("open", COUNCIL_HAS_NOTICE)
    assert officer.heard("task")[-1]["by_system"] == COUNCIL_HAS_NOTICE
    assert "waits for the call" in BY_SYSTEM[COUNCIL_HAS_NOTICE]


def test_a_later_revision_that_names_who_answered_closes_the_call(
    context: Context, officer: Colleague
) -> None:
    """Written down at the door an hour later; and open again where that was a mistake."""
    first = officer.sent(a_return(RANG_OUT, tasks=(TO_RING,)))
    second = officer.revises(first, ANSWERED)

    [kept] = rows(context, task)
    assert (kept["status"], kept["outcome"]) == ("done", f"RET {reference_of(first.header.record)}")
    officer.revises(second, RANG_OUT)
    assert [one["status"] for one in rows(context, task)] == ["open"]


def test_a_call_that_was_closed_by_a_person_stays_closed(context: Context, officer: Colleague) -> None:
    """The other side: what somebody said of it is not taken back by a revision about something else."""
    first = officer.sent(a_return(RANG_OUT, tasks=(TO_RING,)))
    account = officer.handheld.officer
    by = context.store.write(lambda db: accounts.by_id(db, account))
    assert by is not None
    said = Acted(id=an_id("closed"), task=1, act=Act.CLOSE, at=context.now(), outcome="done")
    assert context.store.write(lambda db: act(context, db, said, Actor(by.id, by.person))).stands

    officer.revises(first, {"ret.found_how": "hospital"})
    assert [one["outcome"] for one in rows(context, task)] == ["done"]
