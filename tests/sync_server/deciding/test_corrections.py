"""Whatever has left and holds no longer is followed by a correction: to whoever had it, and once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from booklets.records import Record
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import notice
from sync_server.forwarding import claiming
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import NotNow
from tests.support.builders import (
    HOME,
    a_carer,
    a_person,
    a_place,
    a_ppn,
    a_return,
    an_interview,
    next_revision,
)
from tests.support.colleagues import Colleague
from tests.support.councils import IN_DANGER, LEEDS, OVER, SAFE, YORK, Deliver, Told, referred
from tests.support.server_data import Clock, rows


def test_a_danger_that_a_later_revision_takes_back_is_corrected_at_once(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """The council has a strategy meeting for tonight; it must hear that the record says it no longer."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    told()

    second = officer.revises(ppn, SAFE)

    assert told() == [(f"danger:{YORK}", OVER)]
    heard = [one["rev"] for one in officer.heard("status") if one["state"] == "danger_told"]
    assert heard == [1], "that it is over is no telling of a danger"
    said = _notice(context, second, "danger")
    assert "no longer says so" in said["text"]
    assert "No supervisor has read this change yet." in said["text"]
    assert "Ring the officer before you end anything" in said["text"]
    assert "Kit" not in said["text"]


def test_a_danger_that_nobody_has_heard_of_yet_is_not_told_and_not_corrected(
    officer: Colleague, told: Deliver
) -> None:
    """Put right within the second: there is nothing to take back."""
    officer.revises(officer.sent(a_ppn(IN_DANGER)), SAFE)

    assert told() == []


def test_a_danger_that_goes_on_is_a_correction_by_its_subject(officer: Colleague, told: Deliver) -> None:
    """Two messages about one danger must not read like two dangers."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    first = told()

    officer.revises(ppn, {"ppn.immediate_danger_detail": "He is back at the house now."})

    assert first == [(f"danger:{YORK}", "URGENT: child in danger")]
    assert told() == [(f"danger:{YORK}", "URGENT, correction: child in danger")]


def test_a_danger_that_comes_back_is_told_again_and_taken_back_again(
    officer: Colleague, told: Deliver
) -> None:
    """Each change is one message."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    heard = [told()]
    for answers in (SAFE, SAFE, IN_DANGER, SAFE):
        ppn = officer.revises(ppn, answers)
        heard.append(told())

    assert [[title for _, title in one] for one in heard] == [
        ["URGENT: child in danger"],
        [OVER],
        [],
        ["URGENT, correction: child in danger"],
        [OVER],
    ]


def test_danger_in_an_interview_that_is_taken_back_is_corrected_too(
    officer: Colleague, told: Deliver
) -> None:
    """Whichever record told of it."""
    interview = officer.sent(an_interview({"pi.danger_now": "yes"}))
    told()

    officer.revises(interview, {"pi.danger_now": "no"})

    assert told() == [(f"danger:{YORK}", OVER)]


def test_danger_that_another_council_has_to_act_on_is_told_there_and_corrected_here(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """The child lives elsewhere than was thought: one council acts, and the other knows that it does not."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    told()

    second = _revised(officer, ppn, council=LEEDS)

    assert told() == [(f"danger:{YORK}", OVER), (f"danger:{LEEDS}", "URGENT: child in danger")]
    assert "no longer names your council" in _notice(context, second, "danger", YORK)["text"]


def test_a_return_that_names_another_council_is_corrected_at_the_first(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """With the interview that was added to it, once, under the reference that council knows."""
    first = officer.sent(a_return())
    officer.sent(an_interview())
    told()

    second = _revised(officer, first, council=LEEDS)
    interview = officer.revises(an_interview())

    heard = told()
    assert [one for one in heard if one[0].endswith(YORK)] == [(f"local_authority:{YORK}", OVER)]
    assert [title for to, title in heard if to.endswith(LEEDS)] == [
        "Addition: return of a missing child",
        "Return of a missing child",
    ]
    assert notices.reference_of(first.header.record) in _notice(context, second, "return", YORK)["text"]
    assert second.header.record != interview.header.record


def test_a_revision_that_overtakes_the_first_notice_goes_alone(
    context: Context, officer: Colleague, told: Deliver, clock: Clock
) -> None:
    """The council was down: it must not come up to the old words after the new ones."""
    first = officer.sent(a_return())
    deliver_due(context, Told([], answers=NotNow("it cannot be reached")))

    officer.revises(first, {"ret.found_how": "hospital"})
    clock.at += claiming.LONGEST_WAIT

    assert told() == [(f"local_authority:{YORK}", "Correction: return of a missing child")]


def test_what_reaches_the_council_first_is_headed_as_the_return_and_not_as_an_addition(
    context: Context, officer: Colleague, told: Deliver, clock: Clock
) -> None:
    """The return was put off for a moment and the interview overtook it: there is nothing to add to."""
    returned = officer.sent(a_return())
    deliver_due(context, Told([], answers=NotNow("it cannot be reached")))
    interview = officer.sent(an_interview())

    assert told() == [(f"local_authority:{YORK}", "Return of a missing child")]
    officer.revises(interview, {"pi.worries": "the way home"})
    officer.revises(returned, {"ret.found_how": "hospital"})
    clock.at += claiming.LONGEST_WAIT
    assert ("local_authority:" + YORK, "Addition: return of a missing child") in told()


def test_an_interview_of_the_same_moment_is_an_addition_to_the_return_before_it(
    officer: Colleague, told: Deliver
) -> None:
    """The usual order: the return is not settled yet when what adds to it goes, and has gone."""
    officer.sent(a_return())
    officer.sent(an_interview())

    assert [title for _, title in told()] == [
        "Addition: return of a missing child",
        "Return of a missing child",
    ]


def test_a_ppn_that_the_team_does_not_refer_any_more_is_corrected(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague, told: Deliver
) -> None:
    """The council that had the first revision goes on working on it unless it is told."""
    ppn = referred(officer.sent(a_ppn()), sergeant, vat)
    assert told() == [(f"partner:{YORK}", "Referral")]

    second = officer.revises(ppn, {"ppn.strengths": "He stays with his aunt from now on."})
    assert told() == []
    sergeant.decided(second)
    vat.settles(second, refers=False)

    assert told() == [(f"partner:{YORK}", OVER)]
    text = _notice(context, second, "referral")["text"]
    assert "does not refer it" in text
    assert "aunt" not in text


def test_a_ppn_that_was_never_referred_corrects_nobody(
    officer: Colleague, sergeant: Colleague, vat: Colleague, told: Deliver
) -> None:
    """Nobody has had it."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn)

    vat.settles(ppn, refers=False)

    assert told() == []


def test_a_referral_that_names_another_council_is_corrected_once_it_is_passed(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague, told: Deliver
) -> None:
    """Not before: what nobody has reviewed moves no referral."""
    ppn = referred(officer.sent(a_ppn()), sergeant, vat)
    told()
    second = _revised(officer, ppn, council=LEEDS)
    before = told()

    referred(second, sergeant, vat)

    assert before == []
    assert told() == [(f"partner:{YORK}", OVER), (f"partner:{LEEDS}", "Referral")]
    assert "no longer names your council" in _notice(context, second, "referral", YORK)["text"]


def test_a_referral_that_is_passed_again_is_a_correction_and_is_one_after_a_refusal_too(
    officer: Colleague, sergeant: Colleague, vat: Colleague, told: Deliver
) -> None:
    """Referred, then not, then referred: three messages, each true when it left."""
    ppn = referred(officer.sent(a_ppn()), sergeant, vat)
    heard = told()
    second = officer.revises(ppn)
    sergeant.decided(second)
    vat.settles(second, refers=False)
    heard += told()
    third = officer.revises(second)
    referred(third, sergeant, vat)
    heard += told()

    assert [title for _, title in heard] == ["Referral", OVER, "Correction: Referral"]
    fourth = officer.withdraws(third)
    assert told() == [(f"partner:{YORK}", "Withdrawn")]
    assert fourth.header.revision == 4


def test_who_was_told_that_it_holds_no_longer_is_not_told_again_when_it_is_withdrawn(
    officer: Colleague, told: Deliver
) -> None:
    """Once is what was promised: the council that had lost the child to another is left in peace."""
    first = officer.sent(a_return())
    told()
    second = _revised(officer, first, council=LEEDS)
    told()

    officer.withdraws(second)

    assert told() == [(f"local_authority:{LEEDS}", "Withdrawn")]


def test_an_interview_that_is_withdrawn_alone_says_which_part_of_the_notice_it_was(
    context: Context, officer: Colleague, told: Deliver
) -> None:
    """The council knows the reference of the return, and of no other record."""
    returned, interview = officer.sent(a_return()), officer.sent(an_interview())
    told()

    second = officer.withdraws(interview)

    text = _notice(context, second, "return")["text"]
    assert "have withdrawn the interview that was added" in text
    assert notices.reference_of(returned.header.record) in text
    assert told() == [(f"local_authority:{YORK}", "Withdrawn")]


def test_nothing_is_corrected_by_itself_once_the_child_has_died(
    officer: Colleague, sergeant: Colleague, vat: Colleague, told: Deliver
) -> None:
    """R-50: a person decides what anybody is told from then on."""
    ppn = referred(officer.sent(a_ppn(IN_DANGER)), sergeant, vat)
    told()
    officer.sent(a_return({"ret.found_how": "dead"}))

    second = officer.revises(ppn, SAFE)
    sergeant.decided(second)
    vat.settles(second, refers=False)

    assert told() == []


def _revised(officer: Colleague, record: Record, *, council: str) -> Record:
    """The next revision, in which another council is responsible for the child."""
    people = (a_person(la_responsible=council), a_carer(), a_place(), a_place(HOME))
    return officer.sent(replace(next_revision(record, {}), entities=people))


def _notice(context: Context, record: Record, kind: str, council: str = "") -> dict[str, Any]:
    of = str(record.header.record), record.header.revision
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, *of, kind, authority=council)
    assert found is not None, [(one["rev"], one["kind"], one["authority"]) for one in rows(context, notice)]
    return found
