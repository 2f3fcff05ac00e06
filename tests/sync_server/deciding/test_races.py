"""Two people at once have one true outcome, whoever comes first, in one process of the server or in two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection

from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context, open_context
from sync_server.db.owed import delivery, feed_item
from sync_server.db.tables import Kept, decision, submission
from sync_server.db.tables import record as register
from sync_server.deciding import Standing, heads
from sync_server.identity.accounts import Role
from sync_server.intake import Outcome as Answered
from sync_server.intake import Result, following, take_in
from tests.support.builders import a_ppn, a_return, an_id, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.racing import at_once, ready
from tests.support.server_data import rows

pytestmark = pytest.mark.thorough

ROUNDS = 6  # a race that is lost once in a while is lost on somebody's night

Send = Callable[[], Answered]


@pytest.fixture
def elsewhere(context: Context) -> Iterator[Context]:
    """Another process of the same server, as far as the database can tell."""
    other = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        yield other
    finally:
        other.close()


@pytest.fixture
def ppn(officer: Colleague, sergeant: Colleague) -> Record:
    """A PPN that a supervisor has approved and that waits for the specialists."""
    sent = officer.sent(a_ppn())
    sergeant.decided(sent)
    return sent


def test_of_two_supervisors_who_decide_at_once_one_is_told_that_it_was_done(
    context: Context, elsewhere: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """One approves, the other sends back, at the same moment: exactly one of it happens."""
    other = a_colleague(context, "sgt.oyelaran", Role.SUPERVISOR)
    for number in range(ROUNDS):
        returned = officer.sent(_a_return(number))
        ways = [
            ready(context, sergeant, sergeant.decides([returned])),
            ready(elsewhere, other, other.decides([returned], Outcome.RETURN)),
        ]

        answers = at_once(ways if number % 2 else ways[::-1])

        made = _decisions(context, returned)
        assert {one.result for one in answers} == {Result.STORED}
        assert sorted((one["stands"], one["why_void"]) for one in made) == [
            (False, "already_decided"),
            (True, ""),
        ]
        [standing] = [one for one in made if one["stands"]]
        assert _state(context, returned) == standing["state"]
    assert audit.verify_audit(context).broken == ()


def test_a_withdrawal_and_an_approval_at_once_end_with_the_record_withdrawn(
    context: Context, elsewhere: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Either the approval came first and what it let leave is stopped, or it is void. Never half of each."""
    for number in range(ROUNDS):
        first = officer.sent(_a_return(number))
        back = officer.signs(next_revision(first, {}), void_reason="Written about the wrong child.")
        ways = [
            ready(context, officer, back),
            ready(elsewhere, sergeant, sergeant.decides([first])),
        ]

        answers = at_once(ways if number % 2 else ways[::-1])

        [made] = _decisions(context, first)
        assert {one.result for one in answers} == {Result.STORED}
        assert (made["stands"], made["why_void"]) in {(True, ""), (False, "withdrawn")}
        assert _state(context, first) == "withdrawn"
        owed = [one for one in rows(context, delivery) if one["record"] == str(first.header.record)]
        assert {one["state"] for one in owed} == {"stopped"}
        happened = _history(context, first)
        assert happened.index("withdrawn") > happened.index("approved") if made["stands"] else True
    assert audit.verify_audit(context).broken == ()


def test_nobody_moves_a_record_while_somebody_is_deciding_on_it(
    ppn: Record, vat: Colleague, elsewhere: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between reading where a record stands and moving it, made as long as it takes."""
    context = vat.handheld.context
    reading, interrupted = Event(), Event()
    authors_of = heads.authors_of

    def slowly(connection: Connection, record: str) -> frozenset[str]:
        if not reading.is_set():
            reading.set()
            interrupted.wait(0.4)  # whoever may not come in between waits for us meanwhile
        return authors_of(connection, record)

    def go_in_between() -> Standing:
        assert reading.wait(5)
        standing = vat.settles(ppn, Outcome.RETURN, process=elsewhere)
        interrupted.set()
        return standing

    monkeypatch.setattr(heads, "authors_of", slowly)
    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.submit(vat.settles, ppn), pool.submit(go_in_between)

    assert (ours.result().stands, theirs.result().why_void) == (True, "already_decided")
    assert _state(context, ppn) == "closed"
    assert audit.verify_audit(context).broken == ()


def test_more_that_is_known_and_an_approval_at_once_never_approve_what_nobody_read(
    context: Context, elsewhere: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Whichever comes first, it is revision 2 that waits, and it has not been approved."""
    for number in range(ROUNDS):
        first = officer.sent(_a_return(number))
        second = officer.signs(next_revision(first, {"ret.found_how": "hospital"}))
        ways = [
            ready(context, officer, second),
            ready(elsewhere, sergeant, sergeant.decides([first])),
        ]

        at_once(ways if number % 2 else ways[::-1])

        [made] = _decisions(context, first)
        assert (made["stands"], made["why_void"]) in {(True, ""), (False, "moved_on")}
        assert (_row(context, first)["rev"], _state(context, first)) == (2, "pending_supervisor")


def test_of_two_who_take_over_at_once_one_is_the_head_and_the_other_is_kept(
    context: Context, elsewhere: Context, sergeant: Colleague
) -> None:
    """Two officers' statements are never merged by a machine, and neither is lost."""
    gone = a_colleague(context, "pc.gone", on_shift=False)
    ours, theirs = a_colleague(context, "pc.ours"), a_colleague(context, "pc.theirs")
    for number in range(ROUNDS):
        first = gone.sent(_a_return(number))
        sergeant.decided(first, outcome=Outcome.RETURN)
        second = next_revision(first, {"ret.found_how": "hospital"})

        answers = at_once(
            [
                ready(context, ours, ours.signs(second)),
                ready(elsewhere, theirs, theirs.signs(next_revision(first, {"ret.found_how": "alone"}))),
            ]
        )

        kept = [one for one in rows(context, submission) if one["record"] == str(first.header.record)]
        assert sorted(one.result for one in answers) == [Result.CONFLICT, Result.STORED]
        assert sorted(str(one["state"]) for one in kept if one["rev"] == 2) == ["quarantined", "stored"]


def test_revisions_that_arrive_in_the_wrong_order_are_both_there_in_the_end(
    context: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """The second is kept until the first is there, and then it is the head, without being sent again."""
    first = officer.signs(a_return())
    second = next_revision(first, {"ret.found_how": "hospital"})
    sealed = officer.handheld.seal(second)

    early = take_in(context, sealed, sender=officer.handheld.sender)
    officer.sent(first)
    sergeant.hears()

    assert (early.result, early.head_rev) == (Result.EARLY, 0)
    again = take_in(context, sealed, sender=officer.handheld.sender)
    assert again.result is Result.REPEATED
    assert [one["receipt"].encode() for one in officer.heard("status") if "receipt" in one] == [
        again.receipt
    ]
    assert sorted((row["rev"], row["state"]) for row in rows(context, submission)) == [
        (1, "stored"),
        (2, "quarantined"),
        (2, "stored"),
    ]
    assert [one["rev"] for one in sergeant.heard("review")] == [2]  # they came together: the first is over
    assert _row(context, first)["rev"] == 2


def test_revisions_that_arrive_at_once_in_two_processes_lose_nothing(
    context: Context, elsewhere: Context, officer: Colleague
) -> None:
    """The second is stored, or was too early and taken in with the first. Nobody sends anything again."""
    for number in range(ROUNDS):
        first = officer.signs(_a_return(number))
        second = next_revision(first, {"ret.found_how": "hospital"})
        ways = [ready(context, officer, first), ready(elsewhere, officer, second)]

        at_once(ways if number % 2 else ways[::-1])

        assert _row(context, first)["rev"] == 2
        kept = [one for one in rows(context, submission) if one["record"] == str(first.header.record)]
        assert sorted(str(one["rev"]) for one in kept if one["state"] == Kept.STORED) == ["1", "2"]
    assert audit.verify_audit(context).broken == ()


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_base_that_is_stored_at_the_very_moment_is_not_missed(
    context: Context,
    elsewhere: Context,
    officer: Colleague,
    monkeypatch: pytest.MonkeyPatch,
    seen_before: bool,
) -> None:
    """The first is being stored, and is there for nobody yet, when the second is found to be too early."""
    first = officer.signs(a_return())
    second = next_revision(first, {"ret.found_how": "hospital"})
    third = next_revision(second, {"ret.found_how": "alone"})
    if seen_before:  # something of the record was kept already, so that its key is there
        assert officer.sends(third).result is Result.EARLY
    storing, found = Event(), Event()
    follow = following.follow

    def slowly(*args: Any) -> None:
        if not storing.is_set():
            storing.set()
            found.wait(0.4)
        follow(*args)

    monkeypatch.setattr(following, "follow", slowly)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(ready(context, officer, first))
        assert storing.wait(5)
        other = pool.submit(ready(elsewhere, officer, second))
        assert one.result().result is Result.STORED
        assert other.result().result in {Result.STORED, Result.EARLY, Result.REPEATED}

    assert _row(context, first)["rev"] == (3 if seen_before else 2)


def test_twenty_identical_submissions_to_two_processes_are_one(
    context: Context, elsewhere: Context, officer: Colleague
) -> None:
    """Every answer is a success and one submission is stored: a phone that asks twice did nothing wrong."""
    sealed = officer.handheld.seal(officer.signs(a_return()))
    sender = officer.handheld.sender

    answers = at_once(
        [
            partial(take_in, process, sealed, sender=sender)
            for _ in range(10)
            for process in (context, elsewhere)
        ]
    )

    assert sorted(one.result for one in answers) == [Result.REPEATED] * 19 + [Result.STORED]
    assert len({one.receipt for one in answers}) == 1
    assert [row["state"] for row in rows(context, submission)] == [Kept.STORED.value]
    assert [row["kind"] for row in rows(context, feed_item)] == ["status", "review"]
    assert len(rows(context, delivery)) == 2


def test_twenty_identical_decisions_at_once_are_one(
    context: Context, elsewhere: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """A tablet that lost the answer sends its decision again; it is not voided by itself."""
    returned = officer.sent(a_return())
    sealed = sergeant.handheld.seal(sergeant.decides([returned]))
    sender = sergeant.handheld.sender

    at_once(
        [
            partial(take_in, process, sealed, sender=sender)
            for _ in range(10)
            for process in (context, elsewhere)
        ]
    )

    assert [one["stands"] for one in _decisions(context, returned)] == [True]


def _a_return(number: int) -> Record:
    return a_return(
        record=an_id(f"record {number}"),
        encounter=an_id(f"encounter {number}"),
        episode=an_id(f"episode {number}"),
    )


def _row(context: Context, record: Record) -> dict[str, Any]:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found


def _state(context: Context, record: Record) -> object:
    return _row(context, record)["state"]


def _decisions(context: Context, record: Record) -> list[dict[str, Any]]:
    return [row for row in rows(context, decision) if row["record"] == str(record.header.record)]


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]
