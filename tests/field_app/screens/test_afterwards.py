"""What the tablet says of who is told by a decision, and of who has been told before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from booklets import definitions
from booklets.answers import Answer
from booklets.decisions import Outcome
from booklets.definitions.leaving import Release, Then
from booklets.forms import Stage
from booklets.records import Record
from field_app.capture.cases import cases_from
from field_app.capture.reaching import FAMILY_ASKED, Untold, reaches
from field_app.ui import school_words, supervising, undecided_words, untold_words
from field_app.ui import supervising_words as words
from field_app.ui.screens.afterwards import follows
from tests.support.builders import NIGHT, a_header, a_ppn, a_return
from tests.support.handsets import OnShift
from tests.support.queues import (
    a_check,
    a_review,
    an_outcome,
    another_check,
    decided_by_a_sergeant,
    undecided,
)
from tests.support.schools import an_enc
from tests.support.screens import journey
from tests.support.tabletop import at_the_queue, opens

DANGER: Mapping[str, Any] = {"danger": True, "rules": ["R-61"]}
AT_ONCE, LAST = Release.SUBMISSION, Release.SPECIALIST


def said(
    *records: Record,
    outcome: Outcome = Outcome.APPROVE,
    flags: Mapping[str, Any] | None = None,
    force: Mapping[str, object] | None = None,
    now: datetime = NIGHT,
    **more: Any,
) -> dict[str, str]:
    """What stands beside a decision, by whom it is about."""
    [case], _ = cases_from([a_review(one, flags=flags, **more) for one in records])
    set_by = force or definitions.force("north_yorkshire")
    return {who: what for _, who, what in follows(outcome, reaches(case, set_by, now))}


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

    assert found[words.FAMILY] == (untold_words.MUST_NOT if covert else untold_words.NOTHING_SENT)


WHY_NOT = "The man he spoke of lives with his mother."
NO_PARENT: dict[str, Answer] = {
    "ret.parents_informed": "not_told",
    "ret.parents_informed_because": WHY_NOT,
}
NO_FAMILY: dict[str, Answer] = {"ppn.family_told": "not_told", "ppn.family_told_because": WHY_NOT}


@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.RETURN, Outcome.ESCALATE, Outcome.RECALL])
@pytest.mark.parametrize(
    ("record", "not_told"),
    [
        (a_return(NO_PARENT), untold_words.NOT_TOLD["parents_informed"]),
        (a_ppn(NO_FAMILY), untold_words.OF_WHAT["ppn.family_told"]),
    ],
)
def test_the_sheet_says_that_a_family_was_not_told_and_why(
    record: Record, not_told: str, outcome: Outcome
) -> None:
    """R-51: a sergeant who reads "you decide" might ring the very person of whom the child spoke."""
    family = said(record, outcome=outcome)[words.FAMILY]

    assert not_told in family
    assert f"“{WHY_NOT}”" in family
    assert untold_words.NOTHING_SENT not in family


@pytest.mark.parametrize(
    ("asked", "not_told"),
    [
        ("hov.family_told", "the family was not told whom to ring now"),
        ("ppe.parents_informed", "no parent was told that police protection ended"),
        ("ppn.family_told", "the family was not told of the PPN, because of risk"),
    ],
)
def test_what_somebody_was_not_told_of_is_said_where_it_is_one_thing_alone(
    asked: str, not_told: str
) -> None:
    """A family that knows of everything but the new number was told."""
    assert untold_words.untold(Untold(asked, "")) == f"The record says that {not_told}."


def test_who_must_not_know_is_on_the_sheet_in_the_officers_words() -> None:
    """Of both records one says it, and it holds for both."""
    handling = "His uncle must not hear of it: he has his phone."
    covert = NO_PARENT | {"ret.covert": "yes", "ret.handling": handling}
    family = said(a_return(covert, covert=True), a_check()[1])[words.FAMILY]

    assert family.startswith(untold_words.MUST_NOT)
    assert f"“{handling}”" in family
    assert f"“{WHY_NOT}”" in family


def test_a_family_that_was_not_told_is_said_to_be_so_where_no_reason_came_along() -> None:
    """A record sent in an emergency may lack it."""
    family = said(a_return({"ret.parents_informed": "not_told"}))[words.FAMILY]

    assert family == f"{untold_words.NOT_TOLD['parents_informed']}. {untold_words.WEIGH_IT}"


@pytest.mark.parametrize("told", ["told", "told_safe_only"])
def test_a_reason_that_no_longer_holds_is_not_on_the_sheet(told: str) -> None:
    """The parent was told meanwhile; the reason that was given before is no part of the answer."""
    family = said(a_return(NO_PARENT | {"ret.parents_informed": told}))[words.FAMILY]

    assert family == untold_words.NOTHING_SENT


def test_every_question_whether_somebody_near_the_child_was_told_is_known_to_the_sheet() -> None:
    """A form that asks it under another name would leave the family open again."""
    asks = {
        name.partition(".")[2]
        for name, one in definitions.every_field().items()
        if "not_told" in {code.code for code in one.codes}
    }

    assert asks == set(FAMILY_ASKED) == set(untold_words.NOT_TOLD)


def test_after_a_death_nothing_is_said_to_have_gone_by_itself() -> None:
    """R-50: neither the return nor a danger left."""
    found = said(*a_check(), flags={**DANGER, "child_has_died": True})

    assert found[words.COUNCIL] == words.NOTHING_AFTER_DEATH
    assert words.SPECIALISTS not in found


def test_a_ppn_with_danger_says_nothing_of_a_warning_where_another_encounter_says_dead() -> None:
    """R-50: the force sent the council nothing, because a return of the same episode came first."""
    found = said(a_ppn(), flags=DANGER, rule="R-50")

    assert found[words.COUNCIL] == words.NOTHING_AFTER_DEATH
    assert words.PARTNERS not in found
    assert found[words.SPECIALISTS] == words.SPECIALISTS_NEXT


@pytest.mark.parametrize(("records", "last"), [(a_check(), Release.SUPERVISOR), ((a_ppn(),), LAST)])
def test_a_dead_childs_record_is_not_said_to_be_filed_already(
    records: tuple[Record, ...], last: Release
) -> None:
    """Of this force's records each is filed as it arrives; after a death it is held, with no limit."""
    files_at_once = {"release": {"force_records": {"when": "submission"}}}
    alive = said(*records, force=files_at_once)
    dead = said(*records, force=files_at_once, rule="R-50")

    assert alive[words.FORCE_SYSTEM] == words.FILED[AT_ONCE]
    assert dead[words.FORCE_SYSTEM] == f"{words.FILED[last]} {words.HELD_BY_DEATH}"


def test_what_leaves_by_itself_because_nobody_decided_is_said_with_its_time() -> None:
    """A sergeant who reads "after the team" would think that nobody outside has it."""
    by = NIGHT + timedelta(hours=4)
    more = undecided("referral", "release", by)
    before = said(a_ppn(), **more)[words.PARTNERS]
    over = said(a_ppn(), now=by, **more)[words.PARTNERS]

    assert before == f"{words.PARTNERS_TOLD[LAST]} {undecided_words.will(Then.RELEASE, by)}"
    assert over == undecided_words.was_to(Then.RELEASE, by)
    assert "01:04, Sun 15 March 2026" in over


def test_the_incident_managers_sheet_says_when_a_ppn_that_was_passed_up_leaves_by_itself() -> None:
    """A sergeant passed it up once its first time was over: the second one runs on."""
    notice, soon, by = a_ppn(), NIGHT + timedelta(minutes=1), NIGHT + timedelta(hours=4)
    news = [
        a_review(notice, **undecided("referral", "release", by)),
        an_outcome(notice, decided_by_a_sergeant([notice], Outcome.ESCALATE), at=soon),
        a_review(notice, at=soon, flags={"escalated": True}),
    ]
    [case], _ = cases_from(news)
    to = reaches(case, definitions.force("north_yorkshire"), soon)
    found = {who: what for _, who, what in follows(Outcome.APPROVE, to)}

    assert undecided_words.will(Then.RELEASE, by) in found[words.PARTNERS]


def test_what_is_stopped_because_nobody_decided_is_not_said_to_go() -> None:
    """As some forces have set it."""
    by = NIGHT + timedelta(hours=4)
    more = undecided("force_records", "stop", by)

    assert "it is stopped at" in said(*a_check(), **more)[words.FORCE_SYSTEM]
    assert said(*a_check(), now=by, **more)[words.FORCE_SYSTEM] == undecided_words.was_to(Then.STOP, by)


def test_a_death_that_is_heard_of_while_the_sheet_is_open_is_on_it(officer: OnShift) -> None:
    """The sergeant reads what holds now, and not what held when the record was opened."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            tablet.forget()
            records = another_check()
            tablet.hears(*(a_review(one, flags=DANGER) for one in records))
            model.home = officer.shift.home()
            model.redraw()
            await app.settle()
            await opens(app, model)
            later = NIGHT + timedelta(minutes=1)
            tablet.hears(*(a_review(one, at=later, flags=DANGER, rule="R-50") for one in records))
            model.home = officer.shift.home()
            await app.tap("approve")
            assert app.says(words.NOTHING_AFTER_DEATH)
            assert not app.says(words.DANGER_LEAVES[AT_ONCE])

    journey(walk)


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
            assert app.says(untold_words.MUST_NOT) is grave
            assert app.says(untold_words.NOTHING_SENT) is not grave

    journey(walk)


@pytest.mark.parametrize(
    ("blocked", "outcome", "told"),
    [
        ("is_told", Outcome.APPROVE, True),
        ("safety", Outcome.APPROVE, False),
        ("is_told", Outcome.RETURN, False),
    ],
)
def test_the_school_is_told_by_an_approval_where_it_is_to_be_told(
    blocked: str, outcome: Outcome, told: bool
) -> None:
    """Who approves lets it leave, and reads that before."""
    found = said(an_enc({"enc.blocked": blocked}), outcome=outcome)

    assert found.get(school_words.SCHOOL) == (school_words.SCHOOL_TOLD[Release.SUPERVISOR] if told else None)


def test_no_school_is_told_by_itself_where_somebody_must_not_know() -> None:
    """R-51: a sergeant's approval is no specialist's."""
    assert said(an_enc(covert=True))[school_words.SCHOOL] == school_words.SCHOOL_WAITS


def test_no_school_is_told_by_itself_after_a_death() -> None:
    """The incident manager decides what it hears."""
    assert school_words.SCHOOL not in said(an_enc(), flags={"child_has_died": True})
