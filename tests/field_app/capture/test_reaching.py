"""Whom a case reaches before anybody decides, by what the force found in it and what it has set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booklets import definitions
from booklets.answers import Answer
from booklets.decisions import Outcome
from booklets.definitions.leaving import Output, Release
from booklets.records import Record
from field_app.capture.cases import Case, cases_from
from field_app.capture.reaching import reaches
from field_app.ui.screens.afterwards import council
from tests.support.builders import NIGHT, a_ppn, a_return, an_interview
from tests.support.people_again import a_record
from tests.support.queues import a_review, an_outcome, decided_by_a_sergeant, undecided

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
    to = reaches(a_case(an_interview(), **flags), NOBODY_SET, NIGHT)

    assert to.warned is warned
    assert to.council_warned is warned


def test_a_force_that_lets_danger_wait_has_told_the_council_nothing_yet() -> None:
    """The vulnerability team has its task all the same."""
    force = {"release": {"danger": {"when": "supervisor"}}}
    to = reaches(a_case(an_interview(), danger=True), force, NIGHT)

    assert to.warned
    assert not to.council_warned
    assert to.when(Output.DANGER) is Release.SUPERVISOR


def test_what_waits_for_specialists_waits_for_the_supervisor_where_none_decide() -> None:
    """A return check goes to the force's own system once approved; a PPN once the team has passed it."""
    check, notice = (
        reaches(a_case(a_return()), NOBODY_SET, NIGHT),
        reaches(a_case(a_ppn()), NOBODY_SET, NIGHT),
    )

    assert check.when(Output.FORCE_RECORDS) is Release.SUPERVISOR
    assert notice.when(Output.FORCE_RECORDS) is Release.SPECIALIST
    assert (check.returned, check.asks_partners) == (True, False)
    assert (notice.returned, notice.asks_partners) == (False, True)


@pytest.mark.parametrize(
    ("answers", "force", "missing"),
    [
        ({"mis.returned_before_report": "no"}, "north_yorkshire", True),
        ({"mis.returned_before_report": "no"}, "seaborough", False),
        ({"mis.returned_before_report": "yes"}, "north_yorkshire", False),
        (
            {"mis.returned_before_report": "no", "mis.abduction_suspected": "yes"},
            "north_yorkshire",
            False,
        ),
    ],
)
def test_a_sergeant_reads_whether_councils_heard_of_a_missing_child_by_themselves(
    answers: Mapping[str, Answer], force: str, missing: bool
) -> None:
    """E.3, as the force has set it: where the officer's call alone tells them, nothing is promised here."""
    to = reaches(a_case(a_record("mis", a_return(), answers)), definitions.force(force), NIGHT)

    assert to.missing is missing
    assert bool(council(to)) is missing


def test_a_record_of_an_unknown_form_warns_by_its_sign_alone() -> None:
    """A newer app sent it: what the force found in it counts all the same."""
    record = an_interview()
    unknown = replace(record, header=replace(record.header, form="not_here_yet"))
    case = a_case(record, danger=True)
    case = replace(case, papers=(replace(case.papers[0], record=unknown),))

    assert reaches(case, NOBODY_SET, NIGHT).warned
    assert not reaches(case, NOBODY_SET, NIGHT).goes_on


def test_a_death_in_another_encounter_of_the_episode_holds_everything() -> None:
    """R-50: the force judges the whole episode, and says so with each record that waits."""
    notice, dead = a_ppn(), a_return({"ret.found_how": "dead"})
    cases, _ = cases_from(
        [
            a_review(notice, flags={"danger": True}, rule="R-50"),
            a_review(dead, flags={"child_has_died": True}, rule="R-50"),
        ]
    )
    force = {"release": {"force_records": {"when": "submission"}}}
    to = {one.papers[0].record.header.form: reaches(one, force, NIGHT) for one in cases}

    assert {form: (one.died, one.warned) for form, one in to.items()} == {
        "ppn": (True, False),
        "ret": (True, False),
    }
    assert to["ret"].when(Output.FORCE_RECORDS) is Release.SUPERVISOR
    assert to["ppn"].when(Output.FORCE_RECORDS) is Release.SPECIALIST
    assert all(one.held_by_death(Output.FORCE_RECORDS) for one in to.values())


def test_a_death_that_became_known_later_counts_from_then_on() -> None:
    """The news of the same revision comes again, and once more where it was a mistake."""
    notice, soon = a_ppn(), NIGHT + timedelta(minutes=5)
    first = a_review(notice, flags={"danger": True})
    known = a_review(notice, at=soon, flags={"danger": True}, rule="R-50")
    mistake = a_review(notice, at=soon + timedelta(minutes=5), flags={"danger": True})

    def warned(*news: dict[str, Any]) -> bool:
        [case], _ = cases_from(news)
        return reaches(case, NOBODY_SET, NIGHT).warned

    assert [warned(first), warned(first, known), warned(first, known, mistake)] == [True, False, True]


def test_what_nobody_decided_on_in_time_has_left_once_its_time_is_over() -> None:
    """Said of one output at a time; news of something else takes nothing of it back."""
    notice, by = a_ppn(), NIGHT + timedelta(hours=4)
    news = [
        a_review(notice),
        a_review(notice, at=NIGHT + timedelta(minutes=1), **undecided("referral", "release", by)),
        a_review(notice, at=NIGHT + timedelta(minutes=2), **undecided("force_records", "stop", by)),
    ]
    [case], _ = cases_from(news)

    assert not reaches(case, NOBODY_SET, NIGHT).has_left(Output.REFERRAL)
    assert reaches(case, NOBODY_SET, by).has_left(Output.REFERRAL)
    assert not reaches(case, NOBODY_SET, by).has_left(Output.FORCE_RECORDS)
    assert case.is_for_manager


def test_a_decision_ends_that_nobody_had_decided() -> None:
    """Taken back, it waits anew with a time of its own."""
    notice, by = a_ppn(), NIGHT + timedelta(hours=4)
    decision = decided_by_a_sergeant([notice])
    news = [
        a_review(notice, **undecided("referral", "release", by)),
        an_outcome(notice, decision, at=NIGHT + timedelta(minutes=1), state="returned"),
        a_review(notice, at=NIGHT + timedelta(minutes=2)),
    ]
    [case], _ = cases_from(news)

    assert not case.papers[0].undecided
    assert not reaches(case, NOBODY_SET, by).has_left(Output.REFERRAL)


def test_passing_upwards_leaves_the_time_after_which_it_leaves_by_itself() -> None:
    """The incident manager, who is asked anew, has only that long to decide."""
    notice, by = a_ppn(), NIGHT + timedelta(hours=4)
    up, soon = decided_by_a_sergeant([notice], Outcome.ESCALATE), NIGHT + timedelta(minutes=1)
    news = [
        a_review(notice, **undecided("referral", "release", by)),
        an_outcome(notice, up, at=soon),
        a_review(notice, at=soon, flags={"escalated": True}),
    ]
    [case], _ = cases_from(news)

    assert not reaches(case, NOBODY_SET, NIGHT).has_left(Output.REFERRAL)
    assert reaches(case, NOBODY_SET, by).has_left(Output.REFERRAL)


@pytest.mark.parametrize(("hours", "left"), [(4, False), (1, True)])
def test_a_death_that_was_a_mistake_gives_back_no_time_that_it_took(hours: int, left: bool) -> None:
    """What had left before anybody heard of it has left; the incident manager may decide all the while."""
    notice, by = a_ppn(), NIGHT + timedelta(hours=hours)
    heard, mistake = NIGHT + timedelta(hours=2), NIGHT + timedelta(hours=3)
    news = [
        a_review(notice, **undecided("referral", "release", by)),
        a_review(notice, at=heard, rule="R-50"),
        a_review(notice, at=mistake),
    ]
    [dead], _ = cases_from(news[:2])
    [alive], _ = cases_from(news)

    assert reaches(alive, NOBODY_SET, NIGHT + timedelta(days=1)).has_left(Output.REFERRAL) is left
    assert dead.is_for_manager
    assert alive.is_for_manager


def test_after_a_death_no_time_lets_anything_go() -> None:
    """R-50: its limit was taken from it."""
    late = undecided("referral", "release", NIGHT)
    [case], _ = cases_from([a_review(a_ppn(), rule="R-50", **late)])

    assert not reaches(case, NOBODY_SET, NIGHT + timedelta(days=1)).has_left(Output.REFERRAL)
