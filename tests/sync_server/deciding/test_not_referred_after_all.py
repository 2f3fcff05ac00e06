"""What left while nobody had decided, and is not referred after all: whoever has it is told, and once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync_server import audit
from sync_server.context import Context
from sync_server.db.owed import delivery
from tests.support.builders import a_ppn, a_return
from tests.support.colleagues import Colleague
from tests.support.councils import OVER, Deliver, referred
from tests.support.server_data import Clock, a_server, rows
from tests.sync_server.deciding.test_undecided import PARTNER, overdue, released_after


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force that releases what nobody decides on."""
    with a_server(tmp_path, clock=clock, policy=released_after) as opened:
        yield opened


@pytest.mark.parametrize(("delivered", "heard"), [(True, [(PARTNER, OVER)]), (False, [])])
def test_what_the_team_does_not_refer_after_it_left_is_taken_back_where_it_went(
    context: Context,
    clock: Clock,
    officer: Colleague,
    sergeant: Colleague,
    *,
    vat: Colleague,
    told: Deliver,
    delivered: bool,
    heard: list[tuple[str, str]],
) -> None:
    """It left by the limit: whoever has it hears that it stands no longer. What has not left stays here."""
    ppn = officer.sent(a_ppn())
    overdue(context, clock)
    assert not delivered or told() == [(PARTNER, "Referral")]
    sergeant.decided(ppn)

    vat.settles(ppn, refers=False)

    assert told() == heard
    assert told() == []
    assert audit.verify_audit(context).broken == ()


def test_an_earlier_revision_is_taken_back_in_the_place_of_one_that_had_not_left_yet(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, *, vat: Colleague, told: Deliver
) -> None:
    """And what says so was decided on: it does not say that nobody has."""
    second = officer.revises(referred(officer.sent(a_ppn()), sergeant, vat))
    told()
    overdue(context, clock)
    assert _referrals(context)[-1]["undecided_by"] == "supervisor"
    sergeant.decided(second)

    vat.settles(second, refers=False)

    assert told() == [(PARTNER, OVER)]
    assert [row["undecided_by"] for row in _referrals(context)] == ["", ""]


def test_of_a_child_who_has_died_since_nothing_is_taken_back_by_itself(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, *, vat: Colleague, told: Deliver
) -> None:
    """R-50: a person decides what the council is told."""
    ppn = officer.sent(a_ppn())
    overdue(context, clock)
    told()
    officer.sent(a_return({"ret.found_how": "dead"}))
    sergeant.decided(ppn)

    vat.settles(ppn, refers=False)

    assert told() == []


def _referrals(context: Context) -> list[dict[str, Any]]:
    return [row for row in rows(context, delivery) if row["target"] == PARTNER]
