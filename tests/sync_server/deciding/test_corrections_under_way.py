"""What is taken back in the moment in which it is delivered may arrive; the correction comes after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from booklets.records import Record
from sync_server import audit
from sync_server.context import Context, open_context
from sync_server.db.owed import delivery
from sync_server.forwarding import claiming
from sync_server.forwarding.postman import deliver_due
from sync_server.forwarding.systems import NotNow
from tests.support.builders import a_ppn, an_id
from tests.support.colleagues import Colleague
from tests.support.councils import IN_DANGER, OVER, SAFE, YORK, Deliver, Told, referred
from tests.support.server_data import Clock, rows

ROUNDS = 4  # a race that is lost once in a while is lost on somebody's night


def test_what_is_under_way_when_it_is_taken_back_is_followed_by_the_correction(
    context: Context, officer: Colleague, told: Deliver, clock: Clock
) -> None:
    """At that very moment: it arrives, the history says so, and the correction comes after it."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    arrived: list[tuple[str, str]] = []
    once = _once(lambda: officer.revises(ppn, SAFE))

    deliver_due(context, Told(arrived, once, "danger:"))

    assert [one for one in arrived if one[0].startswith("danger")] == [
        (f"danger:{YORK}", "URGENT: child in danger")
    ]
    assert _states(context, "danger:") == ["delivered", "due"]
    assert told() == []  # whatever was under way has ended by then, in any process
    clock.at += claiming.LEASE
    assert told() == [(f"danger:{YORK}", OVER)]


def test_what_is_under_way_and_fails_is_not_tried_again_and_corrected_all_the_same(
    context: Context, officer: Colleague, told: Deliver, clock: Clock
) -> None:
    """The line was cut: nobody here knows whether the council has it."""
    ppn = officer.sent(a_ppn(IN_DANGER))
    once = _once(lambda: officer.revises(ppn, SAFE))

    cut = NotNow("the connection was cut")
    deliver_due(context, Told([], once, "danger:", cut))
    clock.at += claiming.LONGEST_WAIT

    assert told() == [(f"danger:{YORK}", OVER)]
    assert _states(context, "danger:") == ["stopped", "delivered"]


def test_a_refusal_to_refer_while_the_first_referral_is_under_way_is_told(
    officer: Colleague, sergeant: Colleague, vat: Colleague, told: Deliver, clock: Clock
) -> None:
    """The team decides in the second in which the first one is being delivered."""
    context = vat.handheld.context
    ppn = referred(officer.sent(a_ppn()), sergeant, vat)
    second = officer.revises(ppn)
    sergeant.decided(second)
    once = _once(lambda: vat.settles(second, refers=False))

    deliver_due(context, Told([], once, "partner:"))
    clock.at += claiming.LEASE

    assert told() == [(f"partner:{YORK}", OVER)]
    assert _states(context, "partner:") == ["delivered", "delivered"]


@pytest.fixture
def elsewhere(context: Context) -> Iterator[Context]:
    """Another process of the same server, as far as the database can tell."""
    other = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        yield other
    finally:
        other.close()


def test_a_delivery_and_a_revision_at_once_never_leave_a_council_with_what_holds_no_longer(
    context: Context, elsewhere: Context, officer: Colleague, clock: Clock
) -> None:
    """Another process takes the danger to the council in the moment in which it is taken back."""
    for number in range(ROUNDS):
        record, episode = an_id(f"record {number}"), an_id(f"episode {number}")
        ppn = officer.sent(a_ppn(IN_DANGER, record=record, episode=episode))
        given: list[tuple[str, str]] = []
        gate = Barrier(2)

        def revise(ppn: Record = ppn, gate: Barrier = gate) -> None:
            gate.wait()
            officer.revises(ppn, SAFE)

        def deliver(given: list[tuple[str, str]] = given, gate: Barrier = gate) -> None:
            gate.wait()
            deliver_due(elsewhere, Told(given))

        with ThreadPoolExecutor(2) as pool:
            for done in (pool.submit(revise), pool.submit(deliver)):
                done.result()
        clock.at += claiming.LEASE
        deliver_due(context, Told(given))

        heard = [title for to, title in given if to.startswith("danger")]
        # What a worker has taken and not tried yet counts as having left: then the correction goes alone.
        assert heard in ([], [OVER], ["URGENT: child in danger", OVER])
        assert "due" not in _states(context, "danger:")
    assert audit.verify_audit(context).broken == ()


def _states(context: Context, kind: str) -> list[object]:
    return [row["state"] for row in rows(context, delivery) if str(row["target"]).startswith(kind)]


def _once(do: Callable[[], object]) -> Callable[[], None]:
    left = [do]

    def meanwhile() -> None:
        if left:
            left.pop()()

    return meanwhile
