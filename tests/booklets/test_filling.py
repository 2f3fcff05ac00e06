"""What the app fills in: it follows from answers, goes with them, and is never a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from booklets import definitions
from booklets.answers import Answer, Answers, Gap, Moment, Why, frozen
from booklets.encounters import facts_of
from booklets.filling import ASKED_FOR, FILLED, HOURS, INTERVIEW
from booklets.handbook import page_of
from booklets.records import reference_of
from sync_server.notices import reference_of as reference_of_notice
from tests.support.walks import FORCE, FOUND, HONEST, NOW, check_of, guide

WAITING = {"ret.episode", "ret.distance_from_home", "ret.no_report_closure"}


def filled(answers: Mapping[str, Answer]) -> Answers:
    """What the app fills in beside these answers."""
    facts = facts_of(check_of(answers), guide(), definitions.force(FORCE), NOW)
    return {name: answer for name, answer in facts.answers.items() if name in FILLED}


@pytest.mark.parametrize(
    ("changed", "hours"),
    [
        ({}, "0"),
        ({"pi.at": Moment(FOUND + timedelta(hours=7, minutes=59))}, "7"),
        (
            {
                "pi.at": Moment(FOUND + timedelta(hours=7)),
                "ret.returned_at": Moment(FOUND + timedelta(hours=4)),
            },
            "3",
        ),
        ({"pi.at": Moment(FOUND - timedelta(hours=1))}, None),
        ({"pi.at": Gap(Why.NOT_KNOWN)}, None),
        ({"ret.found_at": Gap(Why.NOT_KNOWN)}, None),
        ({"ret.found_how": "dead"}, None),
    ],
)
def test_the_hours_since_the_return_follow_from_two_times(
    changed: Mapping[str, Answer], hours: str | None
) -> None:
    """Whole hours, from the return where it is known; a talk before it is a slip and no number."""
    assert filled({**HONEST, **changed}).get(HOURS) == hours


def test_each_record_names_the_other_and_what_was_asked_of_the_council() -> None:
    """By the references that two people can read to each other; the notice bears the same one."""
    check = check_of(HONEST)
    facts = facts_of(check, guide(), definitions.force(FORCE), NOW)

    assert facts.answers[INTERVIEW] == reference_of(check.sent["pvi"].record)
    assert facts.answers[ASKED_FOR] == reference_of_notice(check.sent["ret"].record)
    assert INTERVIEW not in filled({"ret.found_at": Moment(FOUND)})
    assert set(filled({"ret.found_at": Gap(Why.NOT_KNOWN)})) == {ASKED_FOR}
    assert filled({}) == {}


def test_what_followed_once_and_no_more_is_left_out() -> None:
    """A record that is opened again brings what was filled in; a changed answer takes it away."""
    check = check_of(HONEST)
    again = replace(
        check, answers=frozen({**HONEST, HOURS: "9", ASKED_FOR: "HW-OLD", "ret.found_how": "dead"})
    )
    facts = facts_of(again, guide(), definitions.force(FORCE), NOW)

    assert not {HOURS, ASKED_FOR} & set(facts.answers)


def test_what_nothing_here_can_know_says_what_it_waits_for() -> None:
    """An empty line with its reason, and never "filled in by the app"."""
    form = definitions.form("ret")
    page = page_of(form, definitions.every_field())

    assert {one.id for one in form.fields() if one.awaits} == WAITING
    assert "from other systems: empty until the missing booklet is there" in page
    systems = {
        one.id
        for form in map(definitions.form, ("mis", "ret", "pvi", "rsk"))
        for one in form.fields()
        if one.system
    }
    assert systems == FILLED | WAITING
