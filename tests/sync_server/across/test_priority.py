"""A child who is a priority when missing is one from the report on, whoever knew of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from booklets.answers import Answer, Moment
from booklets.records import Record, reference_of
from booklets.stamps import Stamp
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import KIT, a_night, asked, of
from tests.support.builders import NIGHT, an_id
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import Clock, rows

KIND = "priority_missing"


def missing(name: str, child: Mapping[str, Answer] = KIT, **answers: Answer) -> Record:
    """A report that this child is missing, with an id of its own for the child."""
    like = a_night(name, NIGHT, child=child)
    said = {f"mis.{one}": answer for one, answer in answers.items()}
    return a_record("mis", like, {"mis.reported_at": Moment(NIGHT), **said}, record=an_id(f"report {name}"))


def a_review(of_night: Record, level: str, **more: Any) -> Record:
    """What the team made of an earlier night."""
    said: dict[str, Answer] = {"mh.exploitation_level": level, "mh.reviewed_at": Moment(NIGHT)}
    return a_record("mh", of_night, said, **more)


def states(context: Context) -> list[tuple[str, str]]:
    """Whose it is, and how it stands."""
    return [(owner, status) for _, _, owner, status in asked(context, KIND)]


@pytest.mark.parametrize(
    ("level", "found"), [("significant", [("fim", "open")]), ("moderate", []), ("no_sign", [])]
)
def test_a_child_whom_the_team_sees_in_great_danger_is_a_priority_when_missing(
    context: Context, mhet: Colleague, level: str, found: list[tuple[str, str]]
) -> None:
    """Also where another officer typed the child once more; which levels do is the force's own."""
    mhet.sent(a_review(missing("earlier"), level, episode=an_id("earlier")))
    report = mhet.sent(missing("tonight"))

    look(context)
    look(context)

    assert states(context) == found
    told = [one["record"] for one in rows(context, task) if one["kind"] == KIND]
    assert told == ([str(of(report))] if found else [])


@pytest.mark.parametrize(("marker", "found"), [("PMISS", [("fim", "open")]), ("VI", [])])
def test_the_marker_says_so_as_well(
    context: Context, mhet: Colleague, marker: str, found: list[tuple[str, str]]
) -> None:
    """Police systems name some children a priority when missing."""
    marked: dict[str, Answer] = {"markers_checked": "yes", "warning_markers": ({"marker": marker},)}
    mhet.sent(missing("tonight", {**KIT, **marked}))

    look(context)

    assert states(context) == found


def test_a_child_who_was_back_before_the_report_is_looked_for_by_nobody(
    context: Context, mhet: Colleague
) -> None:
    """R-05: the missing team sees it anyway."""
    mhet.sent(a_review(missing("earlier"), "significant", episode=an_id("earlier")))
    mhet.sent(missing("tonight", returned_before_report="yes"))

    look(context)

    assert states(context) == []


def test_it_is_over_once_the_child_is_back(context: Context, mhet: Colleague) -> None:
    """Nobody closes by hand what the return says."""
    mhet.sent(a_review(missing("earlier"), "significant", episode=an_id("earlier")))
    report = mhet.sent(missing("tonight"))
    look(context)
    back = mhet.sent(a_record("ret", report, {"ret.found_at": Moment(NIGHT)}))

    look(context)

    assert states(context) == [("fim", "done")]
    [one] = [row for row in rows(context, task) if row["kind"] == KIND]
    assert one["outcome"] == f"RET {reference_of(of(back))}"


def test_what_is_old_is_no_news(context: Context, mhet: Colleague, clock: Clock) -> None:
    """A review that comes a week later tells nobody that the child is missing."""
    mhet.sent(missing("tonight"))
    clock.at += timedelta(days=7)
    mhet.comes_on_shift()
    late = Stamp(clock.at)
    mhet.sent(a_review(missing("tonight"), "significant", submitted=late))

    look(context)

    assert states(context) == []
