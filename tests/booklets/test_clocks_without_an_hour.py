"""Where nobody knows when a child was reported, the clocks of the report run from when it was begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why
from booklets.clocks import Running, running
from booklets.encounters import facts_of
from booklets.records import Record
from booklets.sending import records_of
from booklets.stamps import Stamp
from tests.support.encounters import a_sending
from tests.support.missing import BACK, HONEST, NOW, REPORTED, guide, written
from tests.support.walks import FORCE

NOBODY_KNOWS: Mapping[str, Answer | None] = {
    "mis.reported_at": Gap(Why.NOT_KNOWN, "Passed on from another force"),
    "mis.noticed_at": Gap(Why.NOT_KNOWN, "Nobody at the home could say"),
}
BEGUN = NOW - timedelta(minutes=12)
OF_THE_REPORT = {
    "home_search_medium",
    "lines_of_enquiry",
    "circulated_nationally",
    "still_missing",
}


def clocks_of(
    changed: Mapping[str, Answer | None], whole: Mapping[str, Answer] = HONEST
) -> dict[str, Running]:
    """The clocks of a report that was begun twelve minutes ago, by their names."""
    encounter = replace(written({**whole, **changed}), started=Stamp(BEGUN))
    force = definitions.force(FORCE)
    facts = facts_of(encounter, guide(), force, NOW)
    found = running(definitions.clocks(), facts.known(), force, facts.shift_ends, facts.begun)
    return {one.clock.id: one for one in found}


def sent(changed: Mapping[str, Answer | None]) -> Record:
    """The report as it is sent."""
    encounter = replace(written({**HONEST, **changed}), started=Stamp(BEGUN))
    return next(one for one in records_of(encounter, guide(), a_sending()) if one.header.form == "mis")


def test_the_clocks_of_the_report_run_from_when_it_was_begun() -> None:
    """An officer had heard of it by then: an hour too late is better than never."""
    found = clocks_of(NOBODY_KNOWS)

    assert found.keys() >= OF_THE_REPORT
    assert {found[one].started for one in OF_THE_REPORT} == {BEGUN}
    assert all(found[one].from_begun for one in OF_THE_REPORT)
    minutes = definitions.force(FORCE)["minutes_to_lines_of_enquiry"]
    assert isinstance(minutes, int)
    assert found["lines_of_enquiry"].due == BEGUN + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("changed", "started"),
    [
        ({}, REPORTED),
        ({"mis.reported_at": NOBODY_KNOWS["mis.reported_at"]}, NOW - timedelta(hours=2)),
        ({"mis.noticed_at": NOBODY_KNOWS["mis.noticed_at"]}, REPORTED),
    ],
)
def test_an_hour_that_somebody_knows_comes_first(
    changed: Mapping[str, Answer | None], started: object
) -> None:
    """The other side: then nothing is said of when it was begun."""
    found = clocks_of(changed)

    assert {found[one].started for one in OF_THE_REPORT} == {started}
    assert not any(one.from_begun for one in found.values())


def test_what_has_not_been_answered_yet_is_not_unknown() -> None:
    """While the report is being written the hour may still be typed."""
    found = clocks_of({"mis.reported_at": None, "mis.noticed_at": None})

    assert not OF_THE_REPORT & found.keys()


def test_what_the_assessment_knows_it_counts_from_there() -> None:
    """Of the clocks of the assessment nothing changes."""
    found = clocks_of(NOBODY_KNOWS)["medium_risk_taken_on"]

    assert (found.started, found.from_begun) == (NOW, False)


def test_a_child_who_is_back_has_no_clock_of_the_report() -> None:
    """R-05: nobody is asked to look for a child who sleeps at home."""
    assert not OF_THE_REPORT & clocks_of(NOBODY_KNOWS, BACK).keys()


def test_no_other_clock_begins_with_its_record() -> None:
    """A PPN, a return or police protection that is begun starts nothing by being begun."""
    of_the_report = {one.id for one in definitions.clocks() if one.or_begun}

    assert {one.starts[-1] for one in definitions.clocks() if one.or_begun} == {"mis.noticed_at"}
    assert len(of_the_report) == 10
    assert not list(running(definitions.clocks(), {}, definitions.force(FORCE), None, BEGUN))


@pytest.mark.parametrize("changed", [NOBODY_KNOWS, {"mis.reported_at": None, "mis.noticed_at": None}])
def test_what_is_due_is_sent_as_a_task_with_its_time(changed: Mapping[str, Answer | None]) -> None:
    """Also where it was sent without an hour as an emergency: that a clock is silent helps no child."""
    due = {one.kind: one.due_at for one in sent(changed).tasks}
    minutes = definitions.force(FORCE)["minutes_to_lines_of_enquiry"]
    assert isinstance(minutes, int)

    assert due.keys() >= OF_THE_REPORT
    assert due["lines_of_enquiry"] == BEGUN + timedelta(minutes=minutes)


def test_a_known_hour_is_sent_as_before() -> None:
    """The other side: from when police heard of it."""
    due = {one.kind: one.due_at for one in sent({}).tasks}
    minutes = definitions.force(FORCE)["minutes_to_lines_of_enquiry"]
    assert isinstance(minutes, int)

    assert due["lines_of_enquiry"] == REPORTED + timedelta(minutes=minutes)
