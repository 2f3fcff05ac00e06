"""A limit that is over at the very moment of a decision, a death or another limit has one true outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context, open_context
from sync_server.db.owed import delivery, feed_item, task
from sync_server.db.tables import decision
from sync_server.deciding import undecided
from tests.support.builders import NIGHT, a_ppn, a_return, an_id
from tests.support.colleagues import Colleague
from tests.support.racing import at_once, ready
from tests.support.server_data import Clock, a_server, rows
from tests.sync_server.deciding.test_undecided import GRACE, LIMIT, released_after

pytestmark = pytest.mark.thorough

ROUNDS = 6
PARTNER = "partner:E06000065"

Way = Callable[[], object]


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force that releases what nobody decides on."""
    with a_server(tmp_path, clock=clock, policy=released_after) as opened:
        yield opened


@pytest.fixture
def elsewhere(context: Context) -> Iterator[Context]:
    """Another process of the same server, as far as the database can tell."""
    other = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        yield other
    finally:
        other.close()


def test_each_step_is_taken_by_one_of_two_processes(
    context: Context, elsewhere: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """Nobody is told twice, and nothing is released twice."""
    ppns = [officer.sent(_a_ppn(number)) for number in range(ROUNDS)]

    for after in (LIMIT, LIMIT + GRACE):
        clock.at = NIGHT + after
        taken = at_once([partial(undecided.sweep, context), partial(undecided.sweep, elsewhere)])
        assert sum(int(str(one)) for one in taken) == ROUNDS

    for ppn in ppns:
        happened = _history(context, ppn)
        assert (happened.count("limit_over"), happened.count("left_undecided")) == (1, 1)
    told = [row for row in rows(context, feed_item) if "undecided" in dict(row["detail"])]  # type: ignore[call-overload]
    assert len(told) == 2 * ROUNDS  # the sergeants and the incident manager, of each
    assert len(rows(context, task)) == ROUNDS
    assert audit.verify_audit(context).broken == ()


def test_a_decision_at_the_moment_of_release_leaves_one_truth(
    context: Context, elsewhere: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """Sent back first: it stays. Released first: it left, once, and the sergeant's questions stand too."""
    for number in range(ROUNDS):
        clock.at = NIGHT
        ppn = officer.sent(_a_ppn(number))
        clock.at = NIGHT + LIMIT
        undecided.sweep(context)
        clock.at = NIGHT + LIMIT + GRACE
        ways: list[Way] = [
            partial(undecided.sweep, context),
            ready(elsewhere, sergeant, sergeant.decides([ppn], Outcome.RETURN)),
        ]

        at_once(ways if number % 2 else ways[::-1])

        [made] = [row for row in rows(context, decision) if row["record"] == str(ppn.header.record)]
        referral, happened = _referral(context, ppn), _history(context, ppn)
        assert made["stands"]
        if referral["state"] == "due":
            assert happened.index("left_undecided") < happened.index("returned")
        else:
            assert (referral["state"], referral["undecided_at"]) == ("held", None)
            assert "left_undecided" not in happened
    assert audit.verify_audit(context).broken == ()


def test_a_death_at_the_moment_of_release_leaves_nothing_on_its_way(
    context: Context, elsewhere: Context, clock: Clock, officer: Colleague
) -> None:
    """R-50: whichever came first, nothing is sent by itself from then on."""
    for number in range(ROUNDS):
        clock.at = NIGHT
        ppn = officer.sent(_a_ppn(number))
        clock.at = NIGHT + LIMIT
        undecided.sweep(context)
        clock.at = NIGHT + LIMIT + GRACE
        dead = officer.signs(
            a_return({"ret.found_how": "dead"}, record=an_id(f"dead {number}"), episode=ppn.header.episode)
        )
        ways: list[Way] = [partial(undecided.sweep, context), ready(elsewhere, officer, dead)]

        at_once(ways if number % 2 else ways[::-1])

        assert _referral(context, ppn)["state"] == "stopped"
    assert audit.verify_audit(context).broken == ()


def _a_ppn(number: int) -> Record:
    return a_ppn(
        record=an_id(f"ppn {number}"),
        encounter=an_id(f"ppn encounter {number}"),
        episode=an_id(f"ppn episode {number}"),
    )


def _referral(context: Context, record: Record) -> dict[str, Any]:
    [found] = [
        row
        for row in rows(context, delivery)
        if row["target"] == PARTNER and row["record"] == str(record.header.record)
    ]
    return found


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]
