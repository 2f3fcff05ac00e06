"""A tablet new to a unit is given what still asks for something, and not the history of the unit (S-08)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit, feed
from sync_server.context import Context
from sync_server.identity.accounts import Role
from tests.support.builders import a_ppn, a_return, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock

Happens = Callable[[Colleague, Colleague, Record], object]


@pytest.fixture
def officer(context: Context) -> Colleague:
    """Who writes."""
    return a_colleague(context, "pc.okoro")


@pytest.fixture
def sergeant(context: Context) -> Colleague:
    """Who decides, with a tablet that has been there all night."""
    return a_colleague(context, "sgt.marsh", Role.SUPERVISOR)


@pytest.mark.parametrize(
    ("record", "happens"),
    [
        pytest.param(a_return(), lambda _o, s, one: s.decided(one), id="approved"),
        pytest.param(a_ppn(), lambda _o, s, one: s.decided(one), id="with the specialists"),
        pytest.param(a_return(), lambda o, _s, one: o.withdraws(one), id="withdrawn"),
    ],
)
def test_a_new_tablet_is_not_given_what_is_over(
    context: Context, officer: Colleague, sergeant: Colleague, record: Record, happens: Happens
) -> None:
    """Nothing of it: neither the record, nor what was decided. The numbers have no gap."""
    sent = officer.sent(record)
    assert [one["kind"] for one in sergeant.hears()] == ["review"]
    happens(officer, sergeant, sent)
    new = a_colleague(context, "sgt.new", Role.SUPERVISOR)

    page = feed.pull(context, new.handheld.reader("supervisor"))

    assert [one.seq for one in page.items] == list(range(1, len(page.items) + 1))
    assert {(one.kind, one.record, one.rev) for one in page.items} == {("over", "", 0)}
    assert all("content" not in one for one in new.hears())
    assert len([one for one in sergeant.hears() if one["kind"] == "decision"]) == 1


def test_a_new_tablet_is_given_the_newest_of_what_waits(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """An earlier revision only where it was sent back, for then the two have to be compared."""
    first = officer.sent(a_return())
    second = officer.revises(first, {"ret.found_how": "hospital"})
    sergeant.decided(second, outcome=Outcome.RETURN)
    officer.revises(second, {"ret.found_how": "alone"})

    new = a_colleague(context, "sgt.new", Role.SUPERVISOR)

    assert [(one["kind"], one["rev"]) for one in new.hears() if one["kind"] == "over"] == [("over", 0)]
    assert [one["rev"] for one in new.heard("review")] == [2, 3]
    assert [one["state"] for one in new.heard("decision")] == ["returned"]


def test_what_waits_for_a_decision_is_given_however_old_and_what_waits_for_an_answer_is_not(
    context: Context, officer: Colleague, sergeant: Colleague, clock: Clock
) -> None:
    """A child's record that nobody has decided on must not lie unseen; the rest grows old."""
    officer.sent(a_return())
    asked = officer.sent(a_ppn())
    sergeant.decided(asked, outcome=Outcome.RETURN)
    young = a_colleague(context, "sgt.young", Role.SUPERVISOR)
    assert len(young.heard("review")) == 2

    clock.at += timedelta(days=29)

    old = a_colleague(context, "sgt.old", Role.SUPERVISOR)
    assert [one["record"] for one in old.heard("review")] == [str(a_return().header.record)]


def test_what_was_sent_back_to_a_unit_is_given_until_somebody_has_answered(
    context: Context, sergeant: Colleague
) -> None:
    """After that no further phone of the unit needs the child's record."""
    gone, ours = a_colleague(context, "pc.gone", on_shift=False), a_colleague(context, "pc.ours")
    first = gone.sent(a_return())
    sergeant.decided(first, outcome=Outcome.RETURN)
    assert len(ours.heard("returned")) == 1
    ours.sent(next_revision(first, {"ret.found_how": "alone"}))

    late = a_colleague(context, "pc.late")

    assert [one["kind"] for one in late.hears()] == ["over", "status"]  # and that it has been answered


def test_what_was_withheld_is_not_noted_as_disclosed(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Section 62 asks who was given what: the history must not name somebody who was given nothing."""
    sent = officer.sent(a_return())
    sergeant.hears()
    sergeant.decided(sent)
    new = a_colleague(context, "sgt.new", Role.SUPERVISOR)

    new.hears()

    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(sent.header.record))
    assert {one["who"] for one in entries if one["what"] == "disclosed"} == {sergeant.author.id}


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(lambda o, _r, one: o.withdraws(one), id="withdrawn"),
        pytest.param(lambda _o, r, one: r.decided(one), id="approved by the relief"),
    ],
)
def test_a_tablet_whose_acknowledgement_was_lost_hears_what_became_of_what_it_keeps(
    context: Context, officer: Colleague, sergeant: Colleague, happens: Happens
) -> None:
    """Its battery was flat before it could say so: else it would show as waiting for ever what is over."""
    relief = a_colleague(context, "sgt.relief", Role.SUPERVISOR)
    sent = officer.sent(a_return())
    reader = sergeant.handheld.reader("supervisor")
    kept = feed.pull(context, reader)
    happens(officer, relief, sent)

    page = feed.pull(context, reader, kept.next)

    assert [(one.kind, one.record) for one in page.items] == [("decision", str(sent.header.record))]
    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(sent.header.record))
    assert sergeant.author.id in {one["who"] for one in entries if one["what"] == "disclosed"}


def test_a_question_that_comes_late_takes_nothing_from_a_tablet(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Its first one lay on the way for minutes: by then the tablet has the record, and it is withdrawn."""
    sent = officer.sent(a_return())
    sergeant.hears()
    officer.withdraws(sent)
    feed.pull(context, sergeant.handheld.reader("supervisor"), "")

    assert [one["state"] for one in sergeant.heard("decision")] == ["withdrawn"]


def test_whoever_decided_reads_their_own_decision_on_another_tablet_too(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """It is their own word."""
    sent = officer.sent(a_return())
    made = sergeant.decided(sent)

    assert [one["decision"] for one in sergeant.heard("decision")] == [str(made.header.record)]
    assert sergeant.heard("review") == []
