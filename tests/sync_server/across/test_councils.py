"""A council decides on a referral within a working day of having it, or somebody asks (C.6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import pytest

from booklets.answers import Moment
from booklets.duties import title_of
from booklets.records import Record, reference_of
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from tests.support.again import of
from tests.support.builders import NIGHT, a_ppn
from tests.support.colleagues import Colleague, a_colleague
from tests.support.councils import Told, referred
from tests.support.people_again import a_record
from tests.support.server_data import Clock, rows

KIND = "council_decides"


@pytest.fixture
def vat(context: Context) -> Colleague:
    """Somebody of the vulnerability team, who works at the console."""
    return a_colleague(context, "vat.lind", Role.VAT, unit="vat")


@pytest.fixture
def ppn(officer: Colleague, sergeant: Colleague, vat: Colleague) -> Record:
    """A PPN that was decided on and referred, on the night of Saturday 14 March 2026."""
    return referred(officer.sent(a_ppn()), sergeant, vat)


def asked_for(context: Context) -> list[tuple[str, str, datetime]]:
    """What was asked about a council's decision: how it stands, what ended it, and when it is due."""
    found = [one for one in rows(context, task) if one["kind"] == KIND]
    return [(str(one["status"]), str(one["outcome"]), cast(datetime, one["due_at"])) for one in found]


def test_a_referral_that_arrived_is_due_a_working_day_later(context: Context, ppn: Record) -> None:
    """Not before it has arrived; and the night of Saturday has its answer on Monday night."""
    look(context)
    assert asked_for(context) == []

    deliver_due(context, Told([]))
    look(context)
    [(status, _, due)] = asked_for(context)
    assert status == "open"
    assert due == NIGHT + timedelta(days=2)
    assert "council" in title_of(KIND)
    look(context)
    assert len(asked_for(context)) == 1, "it is asked for once"


def test_a_strategy_discussion_afterwards_says_what_was_decided(
    context: Context, ppn: Record, officer: Colleague, clock: Clock
) -> None:
    """It ends with that record, and nobody has to close it."""
    deliver_due(context, Told([]))
    look(context)
    clock.at = NIGHT + timedelta(hours=3)
    strategy = officer.sent(a_record("str", ppn, {"str.at": Moment(clock.at)}))
    look(context)

    [(status, outcome, _)] = asked_for(context)
    assert (status, outcome) == ("done", f"STR {reference_of(of(strategy))}")


def test_a_discussion_before_the_referral_decides_nothing_of_it(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague, clock: Clock
) -> None:
    """The other side: it was about an earlier night."""
    first = officer.sent(a_ppn())
    officer.sent(a_record("str", first, {"str.at": Moment(NIGHT)}))
    clock.at = NIGHT + timedelta(hours=1)
    referred(first, sergeant, vat)
    deliver_due(context, Told([]))
    look(context)
    assert [one[0] for one in asked_for(context)] == ["open"]


def test_a_referral_that_was_taken_back_is_decided_on_by_nobody(
    context: Context, ppn: Record, officer: Colleague, clock: Clock
) -> None:
    """Its author withdrew it, the council was told so, and nobody is asked what it decided."""
    deliver_due(context, Told([]))
    officer.withdraws(ppn)
    clock.at = NIGHT + timedelta(hours=1)
    deliver_due(context, Told([]))
    look(context)
    assert asked_for(context) == []
