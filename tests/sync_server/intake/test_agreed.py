"""What a meeting agreed is a task of its own, with its time, until somebody says how it ended (R-56)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets.answers import Answer, Moment, Row
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.identity.accounts import Role
from tests.support.again import closes
from tests.support.builders import NIGHT, a_return
from tests.support.colleagues import Colleague, a_colleague
from tests.support.devices import Browser
from tests.support.people_again import a_record
from tests.support.server_data import rows
from tests.support.servers import a_server, no_hurry
from tests.support.web_pages import words_of

AGREED = "agreed_action"
RING: Row = {
    "what": "Ring the school before nine",
    "who": "DS Lowe",
    "by": Moment(NIGHT + timedelta(hours=10)),
}
VISIT: Row = {"what": "Visit the flat", "who": "Social worker", "by": Moment(NIGHT + timedelta(days=2))}
UNOWNED: Row = {"what": "Think about it"}
OWNERS = [("str", "str.actions", "vat"), ("mh", "mh.meeting_actions", "mhet"), ("ppv", "ppv.actions", "vat")]


def said(question: str, *actions: Row) -> Mapping[str, Answer]:
    """The answers of a record in which this was agreed."""
    return {question: actions}


def found(context: Context) -> list[tuple[Any, Any, Any]]:
    """What was asked for: by which row, whose it is, and how it stands."""
    return [
        (one["rule"], one["owner_role"], one["status"])
        for one in rows(context, task)
        if one["kind"] == AGREED
    ]


@pytest.mark.parametrize(("form", "question", "team"), OWNERS)
def test_each_action_with_an_owner_and_a_time_is_the_teams_task(
    context: Context, officer: Colleague, form: str, question: str, team: str
) -> None:
    """What has neither is asked about on the form and is no task here."""
    officer.sent(a_record(form, a_return(), said(question, RING, UNOWNED, VISIT)))

    assert found(context) == [(f"{question}.0", team, "open"), (f"{question}.2", team, "open")]
    due = {one["rule"]: one["due_at"] for one in rows(context, task) if one["kind"] == AGREED}
    assert due[f"{question}.0"] == NIGHT + timedelta(hours=10)


def test_a_revision_asks_for_what_it_adds_and_for_nothing_twice(
    context: Context, officer: Colleague
) -> None:
    """What was done stays done."""
    meeting = officer.sent(a_record("str", a_return(), said("str.actions", RING)))
    closes(a_colleague(context, "vat.lind", Role.VAT, unit="vat"), AGREED, outcome="done")
    officer.revises(meeting, said("str.actions", RING, VISIT))

    assert found(context) == [("str.actions.0", "vat", "done"), ("str.actions.1", "vat", "open")]


def test_the_console_says_it_in_the_words_of_the_meeting(tmp_path: Path) -> None:
    """A task holds no words: they are read out of the record."""
    with a_server(tmp_path, no_hurry()) as server:
        server.clock.at = NIGHT
        officer = a_colleague(server.context, "pc.okoro")
        meeting = officer.sent(a_record("str", officer.sent(a_return()), said("str.actions", RING)))
        server.add_account("mhet", Role.MHET)
        desk = Browser(server.url)
        try:
            desk.sign_in("mhet")
            words = words_of(desk.open(f"/records/{meeting.header.record}").text)
        finally:
            desk.http.close()
    assert "Ring the school before nine DS Lowe" in words
