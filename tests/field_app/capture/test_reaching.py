"""Whom a case reaches before anybody decides, by what the force found in it and what it has set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from booklets.definitions.leaving import Output, Release
from booklets.records import Record
from field_app.capture.cases import Case, cases_from
from field_app.capture.reaching import reaches
from tests.support.builders import a_ppn, a_return, an_interview
from tests.support.queues import a_review

NOBODY_SET: Mapping[str, Any] = {}


def a_case(record: Record, **flags: Any) -> Case:
    """What waits, with what the force found in it."""
    [case], _ = cases_from([a_review(record, flags=flags)])
    return case


@pytest.mark.parametrize(
    ("flags", "warned"),
    [
        ({"danger": True}, True),
        ({"rules": ["R-61"]}, True),
        ({"rules": ["R-08", "R-09", "R-44"], "danger": False}, False),
        ({"danger": True, "child_has_died": True}, False),
        ({}, False),
    ],
)
def test_danger_that_the_force_found_has_left_already(flags: Mapping[str, Any], warned: bool) -> None:
    """R-61, by the sign or by the rule; nothing leaves by itself for a child who has died."""
    to = reaches(a_case(an_interview(), **flags), NOBODY_SET)

    assert to.warned is warned
    assert to.council_warned is warned


def test_a_force_that_lets_danger_wait_has_told_the_council_nothing_yet() -> None:
    """The vulnerability team has its task all the same."""
    force = {"release": {"danger": {"when": "supervisor"}}}
    to = reaches(a_case(an_interview(), danger=True), force)

    assert to.warned
    assert not to.council_warned
    assert to.when(Output.DANGER) is Release.SUPERVISOR


def test_what_waits_for_specialists_waits_for_the_supervisor_where_none_decide() -> None:
    """A return check goes to the force's own system once approved; a PPN once the team has passed it."""
    check, notice = reaches(a_case(a_return()), NOBODY_SET), reaches(a_case(a_ppn()), NOBODY_SET)

    assert check.when(Output.FORCE_RECORDS) is Release.SUPERVISOR
    assert notice.when(Output.FORCE_RECORDS) is Release.SPECIALIST
    assert (check.returned, check.asks_partners) == (True, False)
    assert (notice.returned, notice.asks_partners) == (False, True)


def test_a_record_of_an_unknown_form_warns_by_its_sign_alone() -> None:
    """A newer app sent it: what the force found in it counts all the same."""
    record = an_interview()
    unknown = replace(record, header=replace(record.header, form="not_here_yet"))
    case = a_case(record, danger=True)
    case = replace(case, papers=(replace(case.papers[0], record=unknown),))

    assert reaches(case, NOBODY_SET).warned
    assert not reaches(case, NOBODY_SET).goes_on
