"""R-58: what was sent back is offered to those of a unit who are trained for work with children."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from booklets.answers import Moment
from booklets.decisions import Outcome
from booklets.records import Record
from sync_server.context import Context
from sync_server.deciding import waiting
from sync_server.deciding.waiting import Looked
from sync_server.identity import accounts
from tests.support.builders import NIGHT, a_return
from tests.support.colleagues import Colleague, a_colleague

BACK = Outcome.RETURN


@pytest.fixture
def untrained(context: Context) -> Colleague:
    """An officer of the unit who is not."""
    return a_colleague(context, "pc.new", works_with_children=False)


@pytest.fixture
def first(officer: Colleague, sergeant: Colleague) -> Record:
    """A return check that was sent back to its author, who was on shift."""
    sent = officer.sent(a_return())
    sergeant.decided(sent, outcome=BACK, answers={"sup.due_by": Moment(NIGHT + timedelta(hours=2))})
    return sent


def test_it_is_offered_only_to_those_who_are_trained_for_work_with_children(
    context: Context, officer: Colleague, untrained: Colleague, first: Record
) -> None:
    """R-58: a colleague who is not never hears of it, until the force says that they are."""
    colleague = a_colleague(context, "pc.adeyemi")
    officer.goes_off_shift()
    waiting.look(context)

    assert len(colleague.heard("returned")) == 1
    assert untrained.heard("returned") == []


def test_where_nobody_may_be_offered_it_the_supervisors_are_told(
    context: Context, officer: Colleague, sergeant: Colleague, untrained: Colleague, first: Record
) -> None:
    """R-58: it lies there for whoever is trained next, and somebody knows that it does."""
    for user in ("pc.okoro", "sgt.marsh"):
        context.store.write(partial(accounts.say_trained, user=user, works_with_children=False))
    officer.goes_off_shift()

    assert waiting.look(context) == Looked(offered=1)

    told = [one for one in sergeant.heard("status") if one["state"] == "nobody_trained"]
    assert [(one["record"], one["due_at"]) for one in told] == [
        (str(first.header.record), "2026-03-14T23:04:00Z")
    ]
    assert untrained.hears() == []
    late_arrival = a_colleague(context, "pc.trained")
    assert len(late_arrival.heard("returned")) == 1


def test_what_goes_back_to_whoever_wrote_it_is_theirs_to_answer(
    sergeant: Colleague, untrained: Colleague
) -> None:
    """Nobody else knows what they saw: a question about it is no new work with the child."""
    sergeant.decided(untrained.sent(a_return()), outcome=BACK)

    assert len(untrained.heard("returned")) == 1
    assert not [one for one in sergeant.heard("status") if one["state"] == "nobody_trained"]
