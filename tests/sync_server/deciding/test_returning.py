"""What is sent back is somebody's turn: its author's while on shift, and then any officer's of the unit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booklets.answers import Gap, Moment, Why, read_instant
from booklets.decisions import Outcome
from sync_server.context import Context
from sync_server.db.tables import record as register
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from tests.support.builders import NIGHT, a_return, an_interview, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, rows

BACK = Outcome.RETURN


@pytest.fixture
def colleague(context: Context) -> Colleague:
    """Another officer of the unit, on the next shift."""
    return a_colleague(context, "pc.adeyemi")


def test_what_an_author_off_shift_wrote_goes_to_the_unit_with_its_clock(
    context: Context, sergeant: Colleague, colleague: Colleague
) -> None:
    """The officer went off at seven; the questions must not wait for the next night."""
    gone = a_colleague(context, "pc.gone", on_shift=False)
    first = gone.sent(a_return())
    due = NIGHT + timedelta(hours=4)

    sergeant.decided(first, outcome=BACK, answers={"sup.due_by": Moment(due)})

    [said] = colleague.heard("returned")
    assert (said["assigned"], said["due_at"]) == ("unit", "2026-03-15T01:04:00Z")
    assert gone.heard("returned") == [said]  # they are of the unit too, whenever they come back
    [row] = [one for one in rows(context, register) if one["record_type"] == "RET"]
    assert (row["assigned_to"], row["due_at"]) == ("", due)


@pytest.mark.parametrize("soon", [(BACK, 12), (Outcome.RETURN_URGENT, 1)])
def test_what_comes_back_without_a_time_is_due_soon_where_it_is_urgent(
    context: Context, sergeant: Colleague, officer: Colleague, clock: Clock, soon: tuple[Outcome, int]
) -> None:
    """D.15: return urgent. An hour, and half a day for everything else."""
    first, (outcome, hours) = officer.sent(a_return()), soon

    sergeant.decided(first, outcome=outcome, answers={"sup.due_by": Gap(Why.NOT_KNOWN)})

    [said] = officer.heard("returned")
    assert read_instant(said["due_at"]) == clock.at + timedelta(hours=hours)


def test_a_shift_that_has_ended_by_its_record_is_over(
    context: Context, officer: Colleague, sergeant: Colleague, colleague: Colleague, clock: Clock
) -> None:
    """A handheld left signed in on a desk is nobody on shift."""
    first = officer.sent(a_return(), shift_ends_at=NIGHT + timedelta(hours=1))
    clock.at += timedelta(hours=2)

    sergeant.decided(first, outcome=BACK)

    assert [one["assigned"] for one in colleague.heard("returned")] == ["unit"]


def test_whoever_takes_it_over_signs_what_comes_next(
    context: Context, sergeant: Colleague, colleague: Colleague
) -> None:
    """Revision 2 is the colleague's statement, and the sergeant's answer goes to the colleague."""
    first = a_colleague(context, "pc.gone", on_shift=False).sent(a_return())
    sergeant.decided(first, outcome=BACK)

    second = colleague.revises(first, {"ret.found_how": "hospital"})
    sergeant.decided(second)

    assert second.header.author == colleague.author
    assert [one["state"] for one in colleague.heard("decision")] == ["approved"]


def test_nobody_goes_on_with_a_colleagues_record_that_was_not_given_to_the_unit(
    context: Context, officer: Colleague, sergeant: Colleague, colleague: Colleague
) -> None:
    """While the author is on shift it is theirs. What came is kept, and a person looks."""
    first = officer.sent(a_return())
    before = colleague.sends(next_revision(first, {}))
    sergeant.decided(first, outcome=BACK)
    after = colleague.sends(next_revision(first, {"ret.found_how": "hospital"}))

    assert [(one.result, one.codes) for one in (before, after)] == [(Result.INVALID, ("not_theirs",))] * 2
    assert officer.revises(first).header.revision == 2


@pytest.mark.parametrize("interview_first", [True, False])
def test_whoever_takes_it_over_sends_all_of_it_also_what_nobody_had_decided_on(
    context: Context, sergeant: Colleague, colleague: Colleague, clock: Clock, interview_first: bool
) -> None:
    """The sergeant had read the return alone when the interview came. None of the answer may be refused."""
    gone = a_colleague(context, "pc.gone", on_shift=False)
    records = [gone.sent(a_return()), gone.sent(an_interview())]
    clock.at += timedelta(minutes=1)
    sergeant.decided(records[0], outcome=BACK)
    clock.at += timedelta(minutes=1)

    for record in reversed(records) if interview_first else records:
        colleague.revises(record)

    third = a_colleague(context, "pc.third")
    for record in records:
        again = next_revision(next_revision(record, {}), {})
        assert third.sends(again).codes == ("not_theirs",)


@pytest.mark.parametrize(
    ("unit", "roles"),
    [
        pytest.param("york_response", (Role.OFFICER,), id="an officer of another unit"),
        pytest.param("harrogate_response", (Role.VAT,), id="somebody who is no officer"),
    ],
)
def test_what_was_given_to_the_unit_is_for_its_officers(
    context: Context, sergeant: Colleague, unit: str, roles: tuple[Role, ...]
) -> None:
    """Another unit's officer neither hears of it nor may go on with it."""
    first = a_colleague(context, "pc.gone", on_shift=False).sent(a_return())
    other = a_colleague(context, "other", *roles, unit=unit)
    sergeant.decided(first, outcome=BACK)

    assert other.heard("returned") == []
    assert other.sends(next_revision(first, {})).codes == ("not_theirs",)


def test_two_who_take_it_over_are_one_head_and_one_kept_beside_it(
    context: Context, sergeant: Colleague, colleague: Colleague
) -> None:
    """First come is the head; the second is told so, and what they wrote is kept for a person."""
    first = a_colleague(context, "pc.gone", on_shift=False).sent(a_return())
    third = a_colleague(context, "pc.third")
    sergeant.decided(first, outcome=BACK)

    colleague.revises(first, {"ret.found_how": "hospital"})
    answered = third.sends(next_revision(first, {"ret.found_how": "alone"}))

    assert (answered.result, answered.head_rev) == (Result.CONFLICT, 2)


def test_a_revision_does_not_choose_who_decides_on_it(context: Context, officer: Colleague) -> None:
    """What the unit's own sergeant has read in part is not approved by a friend in another unit."""
    friend = a_colleague(context, "sgt.friend", Role.SUPERVISOR, unit="york_response")
    first = officer.sent(a_return())

    answered = officer.sends(next_revision(first, {}), unit="york_response")

    assert (answered.result, answered.codes) == (Result.INVALID, ("not_theirs",))
    assert friend.heard("review") == []
