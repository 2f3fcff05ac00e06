"""What the tablet says of who is told by a decision, and of who has been told before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from booklets import definitions
from booklets.decisions import Outcome
from booklets.definitions.leaving import Release
from booklets.forms import Stage
from booklets.records import Record
from field_app.capture.cases import cases_from
from field_app.capture.reaching import reaches
from field_app.ui import supervising
from field_app.ui import supervising_words as words
from field_app.ui.screens.afterwards import follows
from tests.support.builders import a_header, a_ppn
from tests.support.handsets import OnShift
from tests.support.queues import a_check, a_review, another_check
from tests.support.screens import journey
from tests.support.tabletop import at_the_queue, opens

DANGER: Mapping[str, Any] = {"danger": True, "rules": ["R-61"]}
AT_ONCE, LAST = Release.SUBMISSION, Release.SPECIALIST


def said(
    *records: Record, outcome: Outcome = Outcome.APPROVE, flags: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """What stands beside a decision, by whom it is about."""
    [case], _ = cases_from([a_review(one, flags=flags) for one in records])
    force = definitions.force("north_yorkshire")
    return {who: what for _, who, what in follows(outcome, reaches(case, force))}


def test_a_ppn_without_danger_waits_for_the_vulnerability_team() -> None:
    """Nobody outside has it yet, and that is said."""
    found = said(a_ppn())

    assert words.COUNCIL not in found
    assert found[words.SPECIALISTS] == words.SPECIALISTS_NEXT
    assert found[words.PARTNERS] == words.PARTNERS_TOLD[LAST]


def test_a_ppn_with_danger_has_reached_the_council_and_the_team_before_the_sergeant() -> None:
    """R-61: a sergeant who reads "after the team" might wait, or tell the council that nobody was told."""
    found = said(a_ppn(), flags=DANGER)

    assert found[words.COUNCIL] == words.DANGER_LEAVES[AT_ONCE]
    assert found[words.SPECIALISTS] == f"{words.TEAM_WARNED} {words.SPECIALISTS_NEXT}"
    assert found[words.PARTNERS] == words.PARTNERS_THE_REST[LAST]


def test_a_return_check_says_what_the_council_has_of_it() -> None:
    """The return went at once; where there is danger, that went as well, and the team has it."""
    calm, grave = said(*a_check()), said(*a_check(), flags=DANGER)

    assert calm[words.COUNCIL] == words.COUNCIL_TOLD[AT_ONCE]
    assert words.SPECIALISTS not in calm
    assert grave[words.COUNCIL] == f"{words.COUNCIL_TOLD[AT_ONCE]} {words.DANGER_LEAVES[AT_ONCE]}"
    assert grave[words.SPECIALISTS] == words.TEAM_WARNED


@pytest.mark.parametrize(
    "outcome",
    [Outcome.RETURN, Outcome.RETURN_URGENT, Outcome.ESCALATE, Outcome.ESCALATE_VAT, Outcome.RECALL],
)
def test_what_danger_has_told_stands_whatever_is_decided(outcome: Outcome) -> None:
    """Sending it back takes nothing away from whoever had it."""
    calm, grave = said(a_ppn(), outcome=outcome), said(a_ppn(), outcome=outcome, flags=DANGER)

    assert calm[words.PARTNERS] == words.NOBODY_ELSE
    assert grave[words.PARTNERS] == f"{words.NOBODY_ELSE} {words.WARNED_ALREADY[True]}"


@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.RETURN, Outcome.ESCALATE, Outcome.RECALL])
@pytest.mark.parametrize("covert", [True, False])
def test_the_family_of_a_covert_record_must_not_be_told(outcome: Outcome, covert: bool) -> None:
    """That the sergeant decides what they are told holds for every other record."""
    found = said(*a_check(covert=covert), outcome=outcome)

    assert found[words.FAMILY] == (words.FAMILY_NOT if covert else words.NOTHING_SENT)


def test_after_a_death_nothing_is_said_to_have_gone_by_itself() -> None:
    """R-50: neither the return nor a danger left."""
    found = said(*a_check(), flags={**DANGER, "child_has_died": True})

    assert found[words.COUNCIL] == words.NOTHING_AFTER_DEATH
    assert words.SPECIALISTS not in found


def test_a_missing_report_is_not_called_a_return() -> None:
    """No council was told of a return: the child is not back."""
    report = Record(header=a_header("mis"), stage=Stage.CAPTURE)
    [case], _ = cases_from([a_review(report)])

    assert words.COUNCIL not in said(report)
    assert supervising.what_of(case) == "Missing child"


@pytest.mark.parametrize("grave", [True, False])
def test_the_sheet_shows_it_before_anything_is_decided(officer: OnShift, grave: bool) -> None:
    """As the sergeant sees it, with what came from the force."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            tablet.forget()
            records = another_check(covert=grave)
            tablet.hears(*(a_review(one, flags=DANGER if grave else {}) for one in records))
            model.home = officer.shift.home()
            model.redraw()
            await app.settle()
            await opens(app, model)
            await app.tap("approve")
            assert app.says(words.DANGER_LEAVES[AT_ONCE]) is grave
            assert app.says(words.TEAM_WARNED) is grave
            assert app.says(words.FAMILY_NOT) is grave
            assert app.says(words.NOTHING_SENT) is not grave

    journey(walk)
