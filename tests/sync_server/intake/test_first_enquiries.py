"""What has not begun of the first enquiries is somebody's by a time, until the enquiries say that it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Moment, Why
from booklets.records import Record, Task
from booklets.stamps import Stamp
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.identity.accounts import Role
from sync_server.intake.enquired import first_enquiries
from tests.support.again import closes
from tests.support.builders import NIGHT, a_return, a_task, an_id
from tests.support.colleagues import Colleague, a_colleague
from tests.support.people_again import a_record
from tests.support.server_data import rows
from tests.support.team_reads import as_the_team_reads

AT_TEN, AT_ELEVEN = Moment(NIGHT + timedelta(hours=1)), Moment(NIGHT + timedelta(hours=2))
NOTHING_BEGUN: Mapping[str, Answer] = dict.fromkeys(first_enquiries(), "not_started")
OWNED: Mapping[str, Answer] = {"act.not_started_owner": "PC 2201 Amin", "act.not_started_by": AT_TEN}
HOSPITALS: Mapping[str, Answer] = {"act.hospital_who": "PC 1187 Wells", "act.hospital_by": AT_ELEVEN}
ALL_DONE: Mapping[str, Answer] = dict.fromkeys(first_enquiries(), "done")


def enquiries(*answers: Mapping[str, Answer], tasks: tuple[Task, ...] = (), minutes: int = 0) -> Record:
    """The enquiries as they stood so many minutes on, a record of its own each time."""
    said = {name: one for part in answers for name, one in part.items()}
    header: dict[str, Any] = {"submitted": Stamp(NIGHT + timedelta(minutes=minutes))}
    if minutes:
        header["record"] = an_id(f"enquiries after {minutes}")
    return a_record("act", a_return(), said, tasks=tasks, **header)


def begin_them(rule: str) -> tuple[Task, ...]:
    """What the handheld asks for where nothing has begun, or where nobody has what has not."""
    return (a_task("begin_enquiries", rule=rule, set_at=NIGHT, owner_role="supervisor"),)


def stand(context: Context) -> dict[str, str]:
    """How what was asked for stands, by what asked for it."""
    return {str(one["rule"]): str(one["status"]) for one in rows(context, task)}


def test_an_enquiry_with_a_time_of_its_own_is_a_task_of_its_own(
    context: Context, officer: Colleague
) -> None:
    """B.4 act.owner and act.due_at; the others have one time together, which a clock keeps."""
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, HOSPITALS))

    [one] = rows(context, task)
    assert (one["kind"], one["rule"], one["owner_role"]) == ("begin_enquiry", "act.hospital", "author")
    assert one["due_at"] == AT_ELEVEN.at


def test_an_enquiry_that_has_begun_asks_for_nothing(context: Context, officer: Colleague) -> None:
    """The other side: an hour that stood there before is no promise any more."""
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, HOSPITALS, {"act.hospital": "under_way"}))

    assert not rows(context, task)


@pytest.mark.parametrize("how", ["done", "under_way", "not_needed"])
def test_enquiries_that_say_it_has_begun_end_the_task(
    context: Context, officer: Colleague, how: str
) -> None:
    """Whoever goes on with them writes it down once, also in a record of their own."""
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, HOSPITALS))
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, {"act.custody": "done"}, minutes=20))
    assert stand(context) == {"act.hospital": "open"}, "of the hospitals it says nothing new"

    officer.sent(enquiries(NOTHING_BEGUN, OWNED, {"act.hospital": how}, minutes=40))
    assert stand(context) == {"act.hospital": "done"}


def test_the_task_to_begin_them_is_ended_by_enquiries_of_which_one_has_begun(
    context: Context, officer: Colleague
) -> None:
    """And not by a person alone. As long as nothing has begun, it stays."""
    first = officer.sent(enquiries(NOTHING_BEGUN, OWNED, tasks=begin_them("E-01a")))
    assert stand(context) == {"E-01a": "open"}

    again = officer.revises(first, {**NOTHING_BEGUN, **OWNED})
    assert stand(context) == {"E-01a": "open"}

    third = officer.revises(again, {**NOTHING_BEGUN, **OWNED, "act.hospital": "under_way"})
    assert stand(context) == {"E-01a": "done"}
    assert str(rows(context, task)[0]["outcome"]).startswith("ACT HW-")

    officer.revises(third, {**NOTHING_BEGUN, **OWNED})
    assert stand(context) == {"E-01a": "open"}, "what a later revision takes back has ended nothing"


def test_what_nobody_had_is_somebodys_once_the_enquiries_name_them(
    context: Context, officer: Colleague
) -> None:
    """E-02: one for all of them, or one beside each."""
    nobody: Mapping[str, Answer] = {"act.not_started_owner": Gap(Why.NOT_KNOWN)}
    half: Mapping[str, Answer] = {**ALL_DONE, "act.cctv": "not_started", "act.anpr": "not_started"}
    first = officer.sent(enquiries(half, nobody, tasks=begin_them("E-02")))
    again = officer.revises(first, {**half, **nobody, "act.cctv_who": "PC Wells"})
    assert stand(context) == {"E-02": "open"}, "nobody has the number plates"

    officer.revises(again, {**half, **nobody, "act.cctv_who": "PC Wells", "act.anpr_who": "PC Amin"})
    assert stand(context) == {"E-02": "done"}


def test_the_time_they_have_together_is_kept_once_none_waits_any_more(
    context: Context, officer: Colleague
) -> None:
    """The clock of what was not started ends with the record that leaves nothing of it."""
    clock = (a_task("enquiries_begun", rule="enquiries_begun", set_at=NIGHT),)
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, tasks=clock))
    officer.sent(enquiries(ALL_DONE, {"act.cctv": "not_started"}, OWNED, minutes=20))
    assert stand(context) == {"enquiries_begun": "open"}

    officer.sent(enquiries(ALL_DONE, minutes=40))
    assert stand(context) == {"enquiries_begun": "done"}


def test_what_the_supervisor_said_of_it_stays(context: Context, officer: Colleague) -> None:
    """A person has closed it: no record opens it."""
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, tasks=begin_them("E-01a")))
    closes(a_colleague(context, "sgt.lowe", Role.SUPERVISOR), "begin_enquiries", outcome="not_needed")
    officer.sent(enquiries(NOTHING_BEGUN, OWNED, minutes=20))

    assert stand(context) == {"E-01a": "done"}
    assert rows(context, task)[0]["outcome"] == "not_needed"


def test_the_console_says_which_enquiry_and_whose(tmp_path: Path) -> None:
    """A task holds no words: they are those of the form, and the name beside the answer."""
    words = as_the_team_reads(tmp_path, enquiries(NOTHING_BEGUN, OWNED, HOSPITALS))

    assert "Hospitals PC 1187 Wells" in words
