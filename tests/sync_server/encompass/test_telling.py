"""When a school is told, and what the tasks say meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from booklets.decisions import Outcome
from booklets.definitions.leaving import Output, Release, Then
from sync_server.context import Context
from sync_server.duties import look_once
from sync_server.forwarding import claiming
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import Never, NotNow
from sync_server.settings import policy_of
from tests.support.builders import a_ppn, a_task
from tests.support.colleagues import Colleague, a_colleague
from tests.support.councils import Told
from tests.support.schools import (
    OTHER_SCHOOL,
    SCHOOLS_BY_FOLDER,
    TARGET,
    URN,
    an_enc,
    said_of_school_tasks,
    school_tasks,
    to_schools,
)
from tests.support.server_data import Clock, a_server, leaving_so

Deliver = Callable[[], list[tuple[str, str]]]
NOTICE = "Operation Encompass"
ELSEWHERE = {"enc.setting_name": str(OTHER_SCHOOL)}
OF_THE_PPN = a_task("operation_encompass", rule="R-46", owner="vat")


# -- when it leaves ----------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.ESCALATE_VAT])
def test_a_school_is_told_once_a_supervisor_has_read_it(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver, outcome: Outcome
) -> None:
    """README 22: not before, and then by itself, also where the vulnerability team reads it next."""
    record = officer.sent(an_enc())
    before = told()

    sergeant.decided(record, outcome=outcome)

    assert before == []
    assert told() == [(TARGET, NOTICE)]
    assert told() == []


def test_the_notice_lies_in_the_folder_of_its_school(
    context: Context, officer: Colleague, sergeant: Colleague, tmp_path: Path
) -> None:
    """One file under the key that makes once of it, named by ids."""
    record = officer.sent(an_enc())
    sergeant.decided(record)
    deliver_due(context)

    [file] = (tmp_path / "drop" / "school" / URN).iterdir()
    content = json.loads(file.read_text())
    assert file.name == f"{record.header.record}-1-school.{URN}.json"
    assert content["data"] == {
        "record": str(record.header.record),
        "revision": 1,
        "urn": URN,
        "reviewed": True,
    }
    assert "Kit was upstairs" in content["text"]


def test_a_force_may_tell_schools_as_soon_as_a_record_arrives(tmp_path: Path) -> None:
    """Then the notice says that nobody has read it."""

    def at_once(force: str) -> object:
        return leaving_so(force, SCHOOL_NOTICE=Release.SUBMISSION)

    with a_server(tmp_path, policy=at_once, targets=SCHOOLS_BY_FOLDER) as context:
        record = a_colleague(context, "pc.okoro").sent(an_enc())
        deliver_due(context)
        [file] = (tmp_path / "drop" / "school" / URN).iterdir()
        assert "No supervisor has read this yet." in file.read_text()
        assert json.loads(file.read_text())["data"]["record"] == str(record.header.record)


def test_what_nobody_decides_on_leaves_in_the_end_and_says_so(
    context: Context, officer: Colleague, clock: Clock
) -> None:
    """A school that has to know by half past eight is not told by a queue."""
    officer.sent(an_enc())
    clock.at += timedelta(hours=2, minutes=1)
    look_once(context)
    clock.at += timedelta(hours=1, minutes=1)
    look_once(context)
    deliver_due(context)

    [kept] = to_schools(context)
    assert (kept["state"], kept["undecided_by"]) == ("delivered", "supervisor")
    assert school_tasks(context) == {("school_told", "done", ""), ("operation_encompass", "done", "")}


def test_a_revision_that_nobody_decides_on_takes_the_place_of_what_has_not_left(
    officer: Colleague, sergeant: Colleague, clock: Clock, context: Context, told: Deliver
) -> None:
    """The school's system was down, and the officer has written again meanwhile: it reads the newest."""
    first = officer.sent(an_enc())
    sergeant.decided(first)
    officer.revises(first, {"enc.outcome": "He was bailed."})
    for _ in range(2):
        clock.at += timedelta(hours=2, minutes=1)
        look_once(context)

    assert told() == [(TARGET, f"Correction: {NOTICE}")]
    assert [one["state"] for one in to_schools(context)] == ["stopped", "delivered"]


def test_what_is_stopped_undecided_is_a_persons_to_ring(tmp_path: Path) -> None:
    """A force that lets nothing leave undecided has somebody ring instead, and says why."""

    def stops(force: str) -> object:
        known = policy_of(force).leaving[Output.SCHOOL_NOTICE]
        return leaving_so(force, SCHOOL_NOTICE=replace(known, then=Then.STOP))

    clock = Clock()
    with a_server(tmp_path, clock=clock, policy=stops, targets=SCHOOLS_BY_FOLDER) as context:
        a_colleague(context, "pc.okoro").sent(an_enc())
        for _ in range(2):
            clock.at += timedelta(hours=2, minutes=1)
            look_once(context)
        assert [one["state"] for one in to_schools(context)] == ["stopped"]
        assert said_of_school_tasks(context) == {"stopped"}


# -- the tasks ---------------------------------------------------------------------------------------
def test_what_is_on_its_way_is_not_rung_for_and_what_has_arrived_is_over(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """The officer's and the team's: open with what the system does, then closed by the arrival."""
    record = officer.sent(an_enc())
    assert school_tasks(context) == {
        ("school_told", "open", "on_its_way"),
        ("operation_encompass", "open", "on_its_way"),
    }

    sergeant.decided(record)
    told()

    assert school_tasks(context) == {("school_told", "done", ""), ("operation_encompass", "done", "")}
    look_once(context)
    heard = [one for one in officer.heard("task") if one["what"] == "school_told"]
    assert [one["status"] for one in heard][-1] == "done"
    assert str(heard[-1]["outcome"]).startswith("ENC ")


def test_the_task_that_the_ppn_had_set_is_over_too(
    context: Context, officer: Colleague, sergeant: Colleague, told: Deliver
) -> None:
    """The team was asked by the PPN first; it is one school and one child."""
    officer.sent(a_ppn(tasks=(OF_THE_PPN,)))
    sergeant.decided(officer.sent(an_enc(tasks=())))
    told()

    assert school_tasks(context) == {("operation_encompass", "done", "")}


@pytest.mark.parametrize("answers", [Never("400"), NotNow("no answer")])
def test_what_cannot_be_delivered_is_rung_for(
    context: Context, officer: Colleague, sergeant: Colleague, clock: Clock, answers: Exception
) -> None:
    """Given up at once or after twenty tries: both who are asked hear of it while there is time."""
    sergeant.decided(officer.sent(an_enc()))
    look_once(context)
    for _ in range(claiming.TRIES):
        deliver_due(context, Told([], at="school:", answers=answers), chance=lambda: 0.0)
        clock.at += timedelta(minutes=1)

    assert [one["state"] for one in to_schools(context)] == ["dead"]
    assert said_of_school_tasks(context) == {"not_delivered"}
    look_once(context)
    heard = [one for one in officer.heard("task") if one["what"] == "school_told"]
    assert heard[-1]["by_system"] == "not_delivered"


def test_a_school_whose_address_was_taken_away_waits_for_a_person(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It is not left in a folder that nobody empties, and counted as told."""
    sergeant.decided(officer.sent(an_enc()))
    nowhere = replace(context, settings=replace(context.settings, targets={}))
    deliver_due(nowhere)

    [kept] = to_schools(context)
    assert (kept["state"], kept["last_error"]) == ("dead", "no_address")
    assert said_of_school_tasks(context) == {"not_delivered"}
