"""What nobody has decided on in time is put before more people, then leaves or is stopped: never silently.

README 22 and R-61. The clock stands still between two steps, so every time here is the one that is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from booklets.decisions import Outcome
from booklets.definitions.leaving import Leaving, Release, Then
from booklets.duties import DECIDE
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context
from sync_server.db.owed import delivery, task
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.deciding import undecided
from sync_server.forwarding.postman import deliver_due
from sync_server.identity.accounts import Role
from sync_server.settings import ForcePolicy
from tests.support.builders import NIGHT, a_ppn, a_return
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, a_server, leaving_so, rows

LIMIT, GRACE = timedelta(hours=8), timedelta(hours=4)
PARTNER = "partner:E06000065"
WORDS = "Passed to the council: strategy discussion asked for, ethnicity checked with the school."


def released_after(force: str) -> ForcePolicy:
    """A force whose PPNs go forward unsupervised after eight hours and another four."""
    referral = Leaving(when=Release.SPECIALIST, limit=LIMIT, grace=GRACE, then=Then.RELEASE)
    return leaving_so(force, REFERRAL=referral, FORCE_RECORDS=Release.SUBMISSION)


def stopped_after(force: str) -> ForcePolicy:
    """A force that would rather not refer than refer unread."""
    referral = Leaving(when=Release.SPECIALIST, limit=LIMIT, grace=GRACE, then=Then.STOP)
    return leaving_so(force, REFERRAL=referral, FORCE_RECORDS=Release.SUBMISSION)


@pytest.fixture
def context(tmp_path: Path, clock: Clock) -> Iterator[Context]:
    """A force that releases what nobody decides on."""
    with a_server(tmp_path, clock=clock, policy=released_after) as opened:
        yield opened


@pytest.fixture
def manager(context: Context) -> Colleague:
    """The incident manager of the night."""
    return a_colleague(context, "insp.varga", Role.FIM, unit="control_room")


def at(clock: Clock, after: timedelta) -> None:
    """So long after everything began."""
    clock.at = NIGHT + after


def overdue(context: Context, clock: Clock) -> None:
    """Both times pass without a decision."""
    for after in (LIMIT, LIMIT + GRACE):
        at(clock, after)
        undecided.sweep(context)


def test_nothing_is_late_before_its_time(context: Context, clock: Clock, officer: Colleague) -> None:
    """A minute before, nobody is disturbed."""
    officer.sent(a_ppn())
    at(clock, LIMIT - timedelta(minutes=1))

    assert undecided.sweep(context) == 0
    assert _referral(context)["escalated_at"] is None


def test_the_sergeant_and_the_incident_manager_hear_first_and_nothing_leaves_yet(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, manager: Colleague
) -> None:
    """They are told what will happen by itself and when; until then it is held as before."""
    ppn = officer.sent(a_ppn())
    at(clock, LIMIT)

    assert undecided.sweep(context) == 1

    said = {"output": "referral", "then": "release", "by": "2026-03-15T09:04:00Z"}
    assert sergeant.heard("review")[-1]["undecided"] == said
    [asked] = manager.heard("review")
    assert (asked["record"], asked["undecided"]) == (str(ppn.header.record), said)
    assert _referral(context)["state"] == "held"
    assert "limit_over" in _history(context, ppn)
    assert undecided.sweep(context) == 0  # once


def test_what_nobody_decided_leaves_by_the_forces_setting_and_says_so(
    context: Context, clock: Clock, officer: Colleague
) -> None:
    """R-61: forward unsupervised at a set time, visibly: to whoever reads it as well."""
    ppn = officer.sent(a_ppn())

    overdue(context, clock)
    deliver_due(context)

    left = _referral(context)
    assert (left["state"], left["undecided_by"]) == ("delivered", "supervisor")
    assert left["undecided_at"] == NIGHT + LIMIT + GRACE
    [content] = _delivered(context)
    assert content["fields"][0]["title"] == "Review"
    assert "Nobody has decided on this yet" in content["text"]
    assert content["data"]["reviewed"] is False
    assert "left_undecided" in _history(context, ppn)
    assert _state(context) == "pending_supervisor"  # nobody has decided, and nobody says so
    assert audit.verify_audit(context).broken == ()


def test_a_force_may_stop_it_instead(tmp_path: Path, clock: Clock) -> None:
    """Never, and said as loudly."""
    with a_server(tmp_path, clock=clock, policy=stopped_after) as context:
        ppn = a_colleague(context, "pc.okoro").sent(a_ppn())

        overdue(context, clock)
        deliver_due(context)

        stopped = _referral(context)
        assert (stopped["state"], stopped["last_error"]) == ("stopped", "undecided")
        assert _delivered(context) == []
        assert "stopped_undecided" in _history(context, ppn)


def test_a_decision_that_comes_after_it_left_sends_nothing_twice(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """Approved and passed on, hours later: the council has it already, once."""
    ppn = officer.sent(a_ppn())
    overdue(context, clock)
    deliver_due(context)

    sergeant.decided(ppn)
    vat.settles(ppn, words=WORDS)
    deliver_due(context)

    assert _state(context) == "closed"
    assert len(_delivered(context)) == 1
    assert [row["status"] for row in _asked(context)] == ["done"]


def test_what_is_put_right_after_it_left_leaves_as_a_correction(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """The sergeant reads it in the morning and asks; the council is told what is different."""
    first = officer.sent(a_ppn())
    overdue(context, clock)
    deliver_due(context)
    sergeant.decided(first, outcome=Outcome.RETURN)

    second = officer.revises(first)
    sergeant.decided(second)
    vat.settles(second, words=WORDS)
    deliver_due(context)

    subjects = sorted(one["subject"].partition(":")[0] for one in _delivered(context))
    assert [one.partition(",")[0] for one in subjects] == ["Correction", "Referral"]


def test_what_was_sent_back_was_decided_on_and_leaves_by_no_limit(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """The sergeant said no to it as it stands: time does not say yes."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn, outcome=Outcome.RETURN)

    overdue(context, clock)

    assert _referral(context)["state"] == "held"
    assert "limit_over" not in _history(context, ppn)


def test_the_next_revision_has_the_time_of_its_own(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """Nobody has read it yet; and the one before it never leaves."""
    first = officer.sent(a_ppn())
    sergeant.decided(first, outcome=Outcome.RETURN)
    at(clock, LIMIT)
    officer.revises(first)

    at(clock, LIMIT + GRACE)
    assert undecided.sweep(context) == 0
    at(clock, LIMIT + LIMIT)
    undecided.sweep(context)
    at(clock, LIMIT + LIMIT + GRACE)
    undecided.sweep(context)

    assert [(row["rev"], row["state"]) for row in _referrals(context)] == [(1, "stopped"), (2, "due")]


def test_the_limit_runs_on_with_the_specialists(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """The council waits so long and no longer, whoever has it; and it says whose decision is missing."""
    ppn = officer.sent(a_ppn())
    assert len(sergeant.heard("review")) == 1
    sergeant.decided(ppn)

    overdue(context, clock)

    assert (_referral(context)["state"], _referral(context)["undecided_by"]) == ("due", "vat")
    assert len(sergeant.heard("review")) == 1  # it is not in the sergeant's queue any more
    [asked] = _asked(context)
    assert (asked["kind"], asked["owner_role"], asked["status"]) == ("decide_now", "vat", "open")


def test_the_team_is_asked_for_what_is_left_of_the_time_once_somebody_passes_it_on(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague
) -> None:
    """The sergeant's task is over, and it still leaves by itself: now it is theirs to decide by then."""
    ppn = officer.sent(a_ppn())
    at(clock, LIMIT)
    undecided.sweep(context)

    sergeant.decided(ppn)

    [asked] = _asked(context)
    assert (asked["owner_role"], asked["status"], asked["outcome"]) == ("vat", "open", "")
    assert asked["due_at"] == NIGHT + LIMIT + GRACE


def test_whoever_lets_the_limit_pass_a_second_time_is_asked_a_second_time(
    context: Context, clock: Clock, officer: Colleague, sergeant: Colleague, manager: Colleague
) -> None:
    """Passed upwards in the last hour, and taken back: the limit begins anew, and so does the asking."""
    ppn = officer.sent(a_ppn())
    at(clock, LIMIT)
    undecided.sweep(context)
    sergeant.decided(ppn, outcome=Outcome.ESCALATE)
    assert [one["status"] for one in _asked(context)] == ["done"]
    sergeant.decided(ppn, outcome=Outcome.RECALL)

    at(clock, LIMIT + LIMIT)
    assert undecided.sweep(context) == 1

    [asked] = _asked(context)
    assert (asked["owner_role"], asked["status"], asked["outcome"]) == ("supervisor", "open", "")
    assert asked["due_at"] == NIGHT + LIMIT + LIMIT + GRACE


def test_the_incident_manager_may_decide_once_the_sergeant_has_not(
    context: Context, clock: Clock, officer: Colleague, manager: Colleague
) -> None:
    """A night without a sergeant: before the limit it is not theirs, after it is."""
    ppn = officer.sent(a_ppn())
    manager.decided(ppn)
    assert [row["why_void"] for row in rows(context, decision)] == ["not_a_supervisor"]

    at(clock, LIMIT)
    undecided.sweep(context)
    manager.decided(ppn, at=clock.at)

    assert _state(context) == "specialist_review"


def test_of_a_child_who_has_died_nothing_leaves_by_a_limit(
    context: Context, clock: Clock, officer: Colleague
) -> None:
    """R-50, also where the death becomes known only after the PPN."""
    ppn = officer.sent(a_ppn())
    officer.sent(a_return({"ret.found_how": "dead"}))

    overdue(context, clock)

    assert {row["state"] for row in rows(context, delivery) if row["undecided_at"]} == set()
    assert _referral(context)["state"] == "stopped"
    assert "limit_over" not in _history(context, ppn)


@pytest.mark.parametrize("set_again", [False, True])
def test_a_decision_that_is_taken_back_sets_no_limit_for_a_child_who_has_died(
    tmp_path: Path, clock: Clock, *, set_again: bool
) -> None:
    """R-50: it waits for a person. The sweep leaves it alone too, wherever a limit may have come from."""
    own = Leaving(when=Release.SPECIALIST, limit=LIMIT, grace=GRACE, then=Then.RELEASE)
    with a_server(tmp_path, clock=clock, policy=partial(leaving_so, FORCE_RECORDS=own)) as context:
        officer, sergeant = (
            a_colleague(context, "pc.okoro"),
            a_colleague(context, "sgt.marsh", Role.SUPERVISOR),
        )
        dead = officer.sent(a_return({"ret.found_how": "dead"}))
        sergeant.decided(dead, outcome=Outcome.RETURN)
        sergeant.decided(dead, outcome=Outcome.RECALL)
        assert [row["limit_at"] for row in rows(context, delivery)] == [None]
        if set_again:
            context.store.write(lambda db: db.execute(update(delivery).values(limit_at=NIGHT)))

        overdue(context, clock)

        [own_system] = rows(context, delivery)
        assert (own_system["state"], own_system["limit_at"]) == ("held", None)
        assert _asked(context) == []


def test_what_was_withdrawn_after_it_left_is_corrected(
    context: Context, clock: Clock, officer: Colleague
) -> None:
    """Whoever has had it is told."""
    ppn = officer.sent(a_ppn())
    overdue(context, clock)
    deliver_due(context)

    officer.withdraws(ppn)

    assert [(row["rev"], row["state"]) for row in _referrals(context)] == [(1, "delivered"), (2, "due")]


def test_a_server_that_was_down_past_both_times_asks_first_all_the_same(
    context: Context, clock: Clock, officer: Colleague
) -> None:
    """Nobody was told while it was down, so nothing leaves before somebody could have been."""
    officer.sent(a_ppn())
    at(clock, timedelta(days=3))

    assert undecided.sweep(context) == 1
    assert undecided.sweep(context) == 0
    assert _referral(context)["state"] == "held"
    assert _referral(context)["limit_at"] == clock.at + GRACE


def test_a_force_may_let_a_referral_leave_after_the_supervisor_alone(tmp_path: Path, clock: Clock) -> None:
    """And another may hold back the notice of a return."""

    def other(force: str) -> ForcePolicy:
        return leaving_so(force, REFERRAL=Release.SUPERVISOR, RETURN_NOTICE=Release.SUPERVISOR)

    with a_server(tmp_path, clock=clock, policy=other) as context:
        officer = a_colleague(context, "pc.okoro")
        sergeant = a_colleague(context, "sgt.marsh", Role.SUPERVISOR)
        ppn, returned = officer.sent(a_ppn()), officer.sent(a_return())
        assert (_referral(context)["state"], _notice_of_return(context)["state"]) == ("held", "held")

        sergeant.decided(ppn)
        sergeant.decided(returned)

        assert (_referral(context)["state"], _notice_of_return(context)["state"]) == ("due", "due")


def _asked(context: Context) -> list[dict[str, object]]:
    """Whom the end of a limit has asked to decide."""
    return [row for row in rows(context, task) if row["kind"] == DECIDE]


def _referrals(context: Context) -> list[dict[str, Any]]:
    return [row for row in rows(context, delivery) if row["target"] == PARTNER]


def _referral(context: Context) -> dict[str, Any]:
    return _referrals(context)[0]


def _notice_of_return(context: Context) -> dict[str, Any]:
    [found] = [row for row in rows(context, delivery) if str(row["target"]).startswith("local_authority:")]
    return found


def _state(context: Context) -> object:
    return next(row["state"] for row in rows(context, register) if row["record_type"] == "PPN")


def _delivered(context: Context) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in sorted(context.settings.drop.rglob("*partner*.json"))]


def _history(context: Context, record: Record) -> list[str]:
    with context.store.read() as connection:
        return [entry["what"] for entry in audit.entries_of(connection, str(record.header.record))]
