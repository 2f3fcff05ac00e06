"""What a stopped handheld had sealed is let count, and still nobody writes over a colleague unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest

from booklets.decisions import Outcome as Decided
from booklets.records import Record
from booklets.sealing import read_receipt
from sync_server import audit
from sync_server.context import Context
from sync_server.db.tables import record as register
from sync_server.db.tables import submission
from sync_server.deciding.unsettled import APART, unsettled
from sync_server.identity import devices
from sync_server.intake import Outcome, Result, stopped, take_in
from tests.support.builders import FORCE, a_return, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, rows


@pytest.fixture
def theirs(context: Context) -> Colleague:
    """Whose handheld was lost."""
    return a_colleague(context, "pc.theirs")


def hands_over(somebody: Colleague, record: Record) -> Outcome:
    """A handheld that was stopped sends what it had sealed."""
    held = somebody.handheld
    sealed = held.seal(somebody.signs(record))
    return take_in(held.context, sealed, sender=held.sender, stopped=True)


def let_count(context: Context, somebody: Colleague) -> tuple[int, int]:
    """An administrator lets all of it count."""
    with context.store.read() as db:
        found = devices.find(db, somebody.handheld.device)
    assert found is not None
    return context.store.write(
        lambda db: stopped.let_count(context, db, found, by="an admin", now=context.now())
    )


def reasons(context: Context, record: Record) -> dict[int, str]:
    """Why each revision lies apart, as its history said last."""
    with context.store.read() as db:
        said = [
            one["detail"] for one in audit.entries_of(db, str(record.header.record)) if one["what"] == APART
        ]
    return {one["rev"]: one["reason"] for one in said}


def an_early_one(_context: Context, _officer: Colleague, theirs: Colleague) -> Record:
    """Its base has not come."""
    return next_revision(theirs.signs(a_return()), {"ret.found_how": "alone"})


def another_version(_context: Context, officer: Colleague, _theirs: Colleague) -> Record:
    """A colleague was first."""
    first = officer.sent(a_return())
    officer.revises(first, {"ret.found_how": "hospital"})
    return next_revision(first, {"ret.found_how": "alone"})


def one_that_is_not_theirs(_context: Context, officer: Colleague, _theirs: Colleague) -> Record:
    """It goes on with what a colleague wrote."""
    return next_revision(officer.sent(a_return()), {"ret.found_how": "alone"})


@pytest.mark.parametrize("makes", [an_early_one, another_version, one_that_is_not_theirs])
def test_a_handheld_that_is_stopped_lets_go_of_what_lay_apart_for_another_reason(
    context: Context,
    officer: Colleague,
    theirs: Colleague,
    makes: Callable[[Context, Colleague, Colleague], Record],
) -> None:
    """The answer to what it had sent was lost, and then the handheld; a wipe waits for this receipt."""
    held = theirs.handheld
    sealed = held.seal(theirs.signs(makes(context, officer, theirs)))
    before = take_in(context, sealed, sender=held.sender)
    assert not before.receipt

    first, again = (take_in(context, sealed, sender=held.sender, stopped=True) for _ in range(2))

    receipt = read_receipt(first.receipt, context.keys.directory)
    assert receipt.env_sha256 == sha256(sealed).hexdigest()
    assert (first.result, again.result, again.receipt) == (Result.STORED, Result.REPEATED, first.receipt)
    assert let_count(context, theirs) == (0, 0), "it goes the way it went before"
    assert [
        row["reason"] for row in rows(context, submission) if row["env_sha256"] == receipt.env_sha256
    ] == [*before.codes]


def sent_back(officer: Colleague, sergeant: Colleague, clock: Clock) -> Record:
    """A return that was sent back to the unit."""
    first = officer.sent(a_return())
    clock.at += timedelta(minutes=1)
    sergeant.decided(first, outcome=Decided.RETURN)
    clock.at += timedelta(minutes=1)
    return first


@pytest.mark.parametrize("read_since", [False, True])
def test_what_a_colleague_has_answered_meanwhile_is_not_written_over_by_what_is_let_count(
    context: Context,
    officer: Colleague,
    sergeant: Colleague,
    theirs: Colleague,
    clock: Clock,
    *,
    read_since: bool,
) -> None:
    """Two revisions from the lost handheld: both are put beside the colleague's, for a person to settle."""
    first = sent_back(officer, sergeant, clock)
    second = next_revision(first, {"ret.found_how": "alone"})
    ours = officer.revises(first, {"ret.found_how": "hospital"})
    for record in (second, next_revision(second, {"ret.incident_no": "NYP-2"})):
        assert hands_over(theirs, record).receipt
    if read_since:  # by whoever was there: the lost handheld had sealed what it had long before
        clock.at += timedelta(minutes=1)
        sergeant.decided(ours, outcome=Decided.RETURN)

    clock.at += timedelta(minutes=1)
    assert let_count(context, theirs) == (0, 2)

    assert reasons(context, first) == {2: "rev_conflict", 3: "rev_conflict"}
    of_it = str(first.header.record)
    [row] = [row for row in rows(context, register) if row["record"] == of_it]
    assert (row["rev"], row["author"]) == (2, ours.header.author.id)
    with context.store.read() as db:
        assert len(unsettled(db, FORCE, [of_it])) == 2
    assert [one["reason"] for one in theirs.heard("status")][-2:] == ["rev_conflict", "rev_conflict"]
    assert let_count(context, theirs) == (0, 0), "each goes its own way now"
    assert audit.verify_audit(context).broken == ()


def test_what_is_let_count_before_its_base_is_here_counts_with_that(
    context: Context, officer: Colleague
) -> None:
    """The first revision lay on another handheld of theirs."""
    first = officer.signs(a_return())
    second = next_revision(first, {"ret.found_how": "hospital"})
    assert hands_over(officer, second).receipt
    assert let_count(context, officer) == (0, 1)
    assert reasons(context, first) == {2: "too_early"}

    officer.sent(first)

    assert [row["rev"] for row in rows(context, register)] == [2]


def test_what_overtook_its_base_and_met_another_there_is_settled_by_a_person_with_all_that_follows(
    context: Context, officer: Colleague, sergeant: Colleague, theirs: Colleague
) -> None:
    """It lay there as too early; what goes on from it is no answer to what a colleague wrote."""
    first = officer.signs(a_return())
    taken = next_revision(first, {"ret.found_how": "hospital"})
    other = next_revision(first, {"ret.found_how": "alone"})
    assert officer.sends(taken).result is Result.EARLY
    assert officer.sends(other).result is Result.EARLY
    officer.sent(first)

    assert officer.sends(next_revision(other, {"ret.incident_no": "NYP-2"})).result is Result.CONFLICT

    assert {row["rev"] for row in rows(context, register)} == {2}
    assert reasons(context, first)[3] == "rev_conflict"
