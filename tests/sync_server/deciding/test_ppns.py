"""A PPN is read by a supervisor, passed by the specialists, and only then goes to the council."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from booklets.answers import Answer, Moment, instant
from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import notices
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.deciding import Standing
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from sync_server.register import rebuild_register
from tests.support.builders import (
    CARER,
    HOME,
    NIGHT,
    PEOPLE,
    a_carer,
    a_person,
    a_place,
    a_ppn,
    a_return,
    a_task,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.colleagues import Colleague, a_colleague
from tests.support.ppns import somebody
from tests.support.server_data import rows

PARTNER, DANGER = "partner:E06000065", "danger:E06000065"
WORDS = "Passed to the council: strategy discussion asked for, ethnicity checked with the school."


def test_a_ppn_goes_to_partners_once_the_specialists_have_passed_it(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """Each gate in turn, and what waits is seen to wait."""
    ppn = officer.sent(a_ppn())
    assert _owed(context)[PARTNER] == "held"
    assert _state(context, ppn) == "pending_supervisor"

    sergeant.decided(ppn)
    assert (_state(context, ppn), _owed(context)[PARTNER]) == ("specialist_review", "held")

    assert vat.settles(ppn, words=WORDS) == Standing(True)
    assert (_state(context, ppn), _owed(context)[PARTNER]) == ("closed", "due")
    assert [one["state"] for one in officer.heard("status")] == ["received", "vat_passed"]
    deliver_due(context)
    assert _owed(context)[PARTNER] == "delivered"


def test_a_council_that_was_named_by_mistake_hears_nothing(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """The sergeant sent it back because of the council; what nobody approved must not go to that one."""
    wrong = (a_person(la_responsible="E08000035"), a_carer(), a_place(), a_place(HOME))
    first = officer.sent(a_ppn(entities=wrong))
    sergeant.decided(first, outcome=Outcome.RETURN)
    right = replace(next_revision(first, {}), entities=a_ppn().entities)

    ppn = officer.sent(right)
    sergeant.decided(ppn)
    vat.settles(ppn, words=WORDS)

    assert _owed(context)["partner:E08000035"] == "stopped"
    assert _owed(context)[PARTNER] == "due"


def test_a_ppn_that_calls_itself_something_else_passes_no_gate(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Whether it is the specialists' turn hangs on its kind, so a header that lies about it is set aside."""
    ppn = officer.sent(a_ppn())

    answered = officer.sends(next_revision(ppn, {}), record_type="RET")

    assert (answered.result, answered.codes) == (Result.INVALID, ("header_disagrees",))
    sergeant.decided(ppn)
    assert (_state(context, ppn), _owed(context)[PARTNER]) == ("specialist_review", "held")


def test_what_the_specialists_write_lies_sealed(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """Console words are about a child as much as any record's."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn)

    vat.settles(ppn, words=WORDS)

    assert "ethnicity checked" not in str(rows(context, decision))


def test_specialists_who_send_a_ppn_back_are_heard_by_its_author(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """What is missing goes back to the officer in words; the next revision begins at the sergeant again."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn)

    vat.settles(ppn, Outcome.RETURN, words=WORDS)

    [said] = officer.heard("returned")
    assert (said["content"]["decision"], said["content"]["words"]) == (None, WORDS)
    officer.revises(ppn)
    assert _state(context, ppn) == "pending_supervisor"


def test_specialists_pass_nothing_that_no_supervisor_has_read(
    context: Context, officer: Colleague, vat: Colleague
) -> None:
    """And a supervisor's gate cannot be passed twice in the place of both."""
    ppn = officer.sent(a_ppn())

    assert vat.settles(ppn, words=WORDS) == Standing(False, "not_a_supervisor")
    assert _owed(context)[PARTNER] == "held"


@pytest.mark.parametrize("how", [Outcome.APPROVE, Outcome.ESCALATE_VAT])
@pytest.mark.parametrize("escalated", [False, True])
def test_nobody_passes_both_gates_of_a_ppn(
    context: Context,
    officer: Colleague,
    sergeant: Colleague,
    vat: Colleague,
    *,
    escalated: bool,
    how: Outcome,
) -> None:
    """README 22: after the supervisor, and the team. One person with both roles is one pair of eyes."""
    first = Role.FIM if escalated else Role.SUPERVISOR
    both = a_colleague(context, "di.both", first, Role.VAT)
    ppn = officer.sent(a_ppn())
    if escalated:
        sergeant.decided(ppn, outcome=Outcome.ESCALATE)
    both.decided(ppn, outcome=how)

    assert both.settles(ppn, words=WORDS) == Standing(False, "both_gates")

    assert (_state(context, ppn), _owed(context)[PARTNER]) == ("specialist_review", "held")
    assert vat.settles(ppn, words=WORDS) == Standing(True)


def test_whoever_approved_an_earlier_version_may_pass_the_next_one_on(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Two gates for each version: what counts is who opened the first one for this one."""
    both = a_colleague(context, "di.both", Role.SUPERVISOR, Role.VAT)
    first = officer.sent(a_ppn())
    both.decided(first)
    second = officer.revises(first)
    sergeant.decided(second)

    assert both.settles(second, words=WORDS) == Standing(True)


def test_a_supervisor_does_not_close_a_ppn(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The second gate is the specialists' own."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn)

    sergeant.decided(ppn, at=NIGHT)

    assert _state(context, ppn) == "specialist_review"
    assert sorted(one["why_void"] for one in sergeant.heard("decision")) == ["", "already_decided"]


def test_a_referral_says_who_why_what_was_seen_and_what_is_asked(
    context: Context, officer: Colleague
) -> None:
    """In the order the council reads, with the five sections apart for a system that sorts."""
    ppn = officer.sent(a_ppn())

    said = _notice(context, ppn, "referral")

    titles = [one["title"] for one in said["fields"]]
    assert titles[:4] == ["Marking", "Contact restrictions", "Police reference", "Officer"]
    assert [one for one in titles if one[1] == ":"] == [
        "A: Appearance",
        "W: Words",
        "A: Activity",
        "R: Relationships and dynamics",
        "E: Environment",
    ]
    assert "He gets loud so I go out." in said["data"]["aware"]["words"]
    assert said["data"]["requested"] == ["single_assessment"]
    assert "Kit" in said["text"]
    assert "Kit" not in said["subject"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        pytest.param(
            {"ppn.covert": "yes", "ppn.do_not_disclose": "Not the stepfather."},
            "Not the stepfather.",
            id="covert",
        ),
        pytest.param(
            {"ppn.covert": "yes", "ppn.do_not_disclose_who": (str(CARER),)},
            "Who must not know? Robin",
            id="covert, by name",
        ),
        pytest.param({"ppn.family_told": "not_told"}, "has not been established", id="not told"),
        pytest.param(
            {"ppn.suspect_known": "yes", "ppn.protector_told": "not_told"},
            "has not been established",
            id="who could protect is not told",
        ),
        pytest.param({}, "None recorded", id="told"),
    ],
)
def test_a_referral_says_who_must_not_know(
    context: Context, officer: Colleague, answers: dict[str, Answer], says: str
) -> None:
    """R-51: the council's first call can undo the whole operation, or cost more."""
    ppn = officer.sent(a_ppn(answers))

    fields = {one["title"]: one["words"] for one in _notice(context, ppn, "referral")["fields"]}
    assert says in fields["Contact restrictions"]
    assert ("DO NOT CONTACT" in fields["Contact restrictions"]) == ("ppn.covert" in answers)


def test_a_referral_says_whether_an_adult_who_can_protect_knows(
    context: Context, officer: Colleague
) -> None:
    """Whoever plans with the mother has to know what she knows, and from whom."""
    lena = somebody(known_as="Lena", relationship="mother")
    told: Mapping[str, Answer] = {
        "ppn.suspect_known": "yes",
        "ppn.protector_told": "to_be_told",
        "ppn.protector": (str(lena.id),),
        "ppn.protector_told_by": "PC 2210 Sand",
        "ppn.protector_tell_by": Moment(NIGHT),
        "ppn.protector_told_because": "She works until six.",
    }
    ppn = officer.sent(a_ppn(told, entities=(*PEOPLE, lena)))

    fields = {one["title"]: one["words"] for one in _notice(context, ppn, "referral")["fields"]}
    for words in ("Not yet", "Lena", "PC 2210 Sand", "She works until six.", "14/03/2026"):
        assert words in fields["An adult who can protect"]


def test_a_referral_names_other_children_by_whatever_name_is_known(
    context: Context, officer: Colleague
) -> None:
    """At the door a brother is often known by what friends call him, and a sister by that alone."""
    whole, every_day = a_person(an_id("whole")), somebody(known_as="Ollie", surname="Marlow")
    others = (whole, every_day, somebody(known_as="Mia"), somebody(age_estimate="4"))
    who = tuple(str(one.id) for one in others)
    named: Mapping[str, Answer] = {"ppn.other_children": "yes", "ppn.other_children_who": who}
    ppn = officer.sent(a_ppn(named, entities=(*PEOPLE, *others)))

    fields = {one["title"]: one["words"] for one in _notice(context, ppn, "referral")["fields"]}
    assert (
        "Kit Marlowe-Test, Ollie Marlow, Mia, somebody whose name is not known" in fields["Other children"]
    )


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(a_ppn({"ppn.immediate_danger": "yes"}), id="a PPN says so"),
        pytest.param(a_ppn({"ppn.risk_opinion": "significant_harm"}), id="a PPN grades it so"),
        pytest.param(an_interview({"pi.danger_now": "yes"}), id="an interview says so"),
    ],
)
def test_danger_is_told_at_once_and_says_that_nobody_has_reviewed_it(
    context: Context, officer: Colleague, sergeant: Colleague, record: Record
) -> None:
    """R-61: danger does not wait for a sergeant; the review follows."""
    sent = officer.sent(record)

    assert _owed(context)[DANGER] == "due"
    said = _notice(context, sent, "danger")
    assert "No supervisor has read this yet" in said["text"]
    assert said["data"]["reviewed"] is False
    assert [one["risk"] for one in sergeant.heard("review")] == [1]
    assert "danger_told" not in [one["state"] for one in officer.heard("status")]
    deliver_due(context)
    assert _owed(context)[DANGER] == "delivered"
    [told] = [one for one in officer.heard("status") if one["state"] == "danger_told"]
    assert (told["record"], told["danger_told_at"]) == (str(sent.header.record), instant(context.now()))


def test_no_danger_is_told_where_none_is_seen(context: Context, officer: Colleague) -> None:
    """Else the one that matters would drown."""
    officer.sent(a_ppn())
    officer.sent(an_interview())

    assert DANGER not in _owed(context)


def test_a_death_stops_what_was_to_go_to_partners(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """R-50: nothing about a child who has died goes anywhere by itself, also not what a gate would open."""
    ppn = officer.sent(a_ppn({"ppn.immediate_danger": "yes"}))
    sergeant.decided(ppn)

    officer.sent(a_return({"ret.found_how": "dead"}))
    vat.settles(ppn)

    assert (_owed(context)[PARTNER], _owed(context)[DANGER]) == ("stopped", "stopped")


def test_a_ppn_that_arrives_closes_the_task_that_asked_for_it(context: Context, officer: Colleague) -> None:
    """Else somebody chases what has long been there."""
    officer.sent(an_interview(tasks=(a_task("ppn_submitted"), a_task("rhi", rule="rhi"))))

    officer.sent(a_ppn())

    assert {row["kind"]: row["status"] for row in rows(context, task)} == {
        "ppn_submitted": "done",
        "rhi": "open",
    }


def test_a_ppn_that_overtook_the_interview_is_not_asked_for(context: Context, officer: Colleague) -> None:
    """Two records of one night may arrive in either order."""
    officer.sent(a_ppn())
    officer.sent(an_interview(tasks=(a_task("ppn_submitted"),)))

    assert [row["status"] for row in rows(context, task)] == ["done"]


def test_a_ppn_about_another_child_or_one_taken_back_closes_nothing(
    context: Context, officer: Colleague
) -> None:
    """Every child has a PPN of their own; one that was withdrawn is asked for again."""
    officer.sent(an_interview(tasks=(a_task("ppn_submitted", subject="another child"),)))
    officer.sent(a_return(tasks=(a_task("ppn_submitted", rule="R-16"),)))
    ppn = officer.sent(a_ppn())
    assert {row["subject"]: row["status"] for row in rows(context, task)}["another child"] == "open"

    officer.withdraws(ppn)

    assert {row["status"] for row in rows(context, task)} == {"open"}
    assert _owed(context)[PARTNER] == "stopped"


def test_the_register_made_again_says_the_same_of_every_decision(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """It can be thrown away: what was decided is in the decisions, not only in the register."""
    ppn, returned = officer.sent(a_ppn()), officer.sent(a_return(tasks=(a_task("tell_la"),)))
    interview = officer.sent(an_interview())
    sergeant.decided(ppn)
    vat.settles(ppn, words=WORDS)
    sergeant.decided(returned, outcome=Outcome.RETURN)
    officer.withdraws(interview)
    before = rows(context, register)

    rebuild_register(context)

    assert rows(context, register) == before


def _state(context: Context, record: Record) -> object:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found["state"]


def _owed(context: Context) -> dict[str, object]:
    return {str(row["target"]): row["state"] for row in rows(context, delivery)}


def _notice(context: Context, record: Record, kind: str) -> dict[str, Any]:
    with context.store.read() as connection:
        found = notices.content_of(connection, context.keys.safe, str(record.header.record), 1, kind)
    assert found is not None
    return found
