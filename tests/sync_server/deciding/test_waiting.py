"""What was sent back never waits for somebody who is not there, and is never late without being told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from time import monotonic

import pytest
from sqlalchemy.exc import OperationalError

from booklets.answers import Moment
from booklets.decisions import Outcome
from booklets.records import Record
from sync_server import audit
from sync_server.context import Context, open_context
from sync_server.db.store import StoreUnavailable
from sync_server.db.tables import decision
from sync_server.db.tables import record as register
from sync_server.deciding import waiting
from sync_server.deciding.waiting import Looked, LookOut
from sync_server.identity import sessions
from sync_server.identity.accounts import Role
from sync_server.intake import Result
from sync_server.register import rebuild_register
from tests.support.builders import NIGHT, a_ppn, a_return, an_id, an_interview, next_revision
from tests.support.colleagues import Colleague, a_colleague
from tests.support.server_data import Clock, rows

pytestmark = pytest.mark.thorough

BACK = Outcome.RETURN
RECALL = Outcome.RECALL


@pytest.fixture
def colleague(context: Context) -> Colleague:
    """Another officer of the unit, on the next shift."""
    return a_colleague(context, "pc.adeyemi")


@pytest.fixture
def elsewhere(context: Context) -> Iterator[Context]:
    """Another process of the same server, as far as the database can tell."""
    other = open_context(context.settings, now=context.now, policy=context.policy)
    try:
        yield other
    finally:
        other.close()


@pytest.fixture
def first(officer: Colleague, sergeant: Colleague, clock: Clock) -> Record:
    """A return check that was sent back to its author, who was on shift, to be answered within two hours."""
    sent = officer.sent(a_return())
    clock.at += timedelta(minutes=1)
    sergeant.decided(sent, outcome=BACK, answers={"sup.due_by": Moment(NIGHT + timedelta(hours=2))})
    clock.at += timedelta(minutes=1)
    return sent


def test_what_waits_for_somebody_who_went_off_shift_is_offered_to_the_unit(
    context: Context, officer: Colleague, colleague: Colleague, first: Record
) -> None:
    """Sent back at ten, signed out at eleven: a colleague hears of it, with its clock, and takes it over."""
    assert waiting.look(context) == Looked()
    officer.goes_off_shift()

    assert waiting.look(context) == Looked(offered=1)

    [said] = colleague.heard("returned")
    assert (said["assigned"], said["due_at"]) == ("unit", "2026-03-14T23:04:00Z")
    assert said["content"]["decision"] is not None
    assert _row(context, first)["assigned_to"] == ""
    assert _history(context, first)[-1] == ("offered_to_unit", {"rev": 1, "was": officer.author.id})
    second = colleague.revises(first, {"ret.found_how": "hospital"})
    assert second.header.author == colleague.author
    assert audit.verify_audit(context).broken == ()


def test_a_shift_that_ends_by_itself_is_over_too(
    context: Context, colleague: Colleague, first: Record, clock: Clock
) -> None:
    """Nobody signs out on a handheld whose battery is flat."""
    clock.at += sessions.SHIFT

    assert waiting.look(context).offered == 1

    assert [one["assigned"] for one in colleague.heard("returned")] == ["unit"]


def test_it_is_offered_once(
    context: Context, officer: Colleague, colleague: Colleague, first: Record
) -> None:
    """A server looks every few seconds."""
    officer.goes_off_shift()

    assert [waiting.look(context).offered for _ in range(3)] == [1, 0, 0]
    assert len(colleague.heard("returned")) == 1


def test_two_processes_that_look_at_once_offer_it_once(
    context: Context, elsewhere: Context, officer: Colleague, sergeant: Colleague, colleague: Colleague
) -> None:
    """Each of several servers looks by itself."""
    for number in range(6):
        sent = officer.sent(a_return(record=an_id(f"record {number}"), encounter=an_id(f"door {number}")))
        sergeant.decided(sent, outcome=BACK)
    officer.goes_off_shift()
    barrier = Barrier(2)

    def look(context: Context) -> Looked:
        barrier.wait(5)
        return waiting.look(context)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(look, [context, elsewhere]))

    assert sum(one.offered for one in found) == len(colleague.heard("returned")) == 6


def test_a_running_server_looks_by_itself(
    context: Context, officer: Colleague, colleague: Colleague, first: Record
) -> None:
    """Nobody asks for it: there is no request that would."""
    officer.goes_off_shift()
    looking, heard, until = LookOut(context, every_s=0.005), Event(), monotonic() + 20
    looking.start()
    try:
        while not colleague.heard("returned") and monotonic() < until:
            heard.wait(0.01)
    finally:
        looking.stop()

    assert [one["assigned"] for one in colleague.heard("returned")] == ["unit"]


@pytest.mark.parametrize(
    "trouble", [StoreUnavailable("out of reach"), OperationalError("SELECT 1", {}, Exception("gone"))]
)
def test_a_database_that_is_down_for_a_moment_does_not_end_the_looking(
    context: Context, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """A thread that ends stops the whole server: not for a database that is started again."""
    asked, again = [trouble], Event()

    def look(_of: Context) -> Looked:
        if asked:
            raise asked.pop()
        again.set()
        return Looked()

    monkeypatch.setattr(waiting, "look", look)
    looking = LookOut(context, every_s=0.001)
    looking.start()
    try:
        assert again.wait(10)
    finally:
        looking.stop()


def test_both_records_of_one_doorstep_are_offered_as_one(
    context: Context, officer: Colleague, sergeant: Colleague, colleague: Colleague, clock: Clock
) -> None:
    """Whoever takes it over answers for the whole visit, as its author would have."""
    records = [officer.sent(a_return()), officer.sent(an_interview())]
    clock.at += timedelta(minutes=1)
    sergeant.decided(*records, outcome=BACK)
    officer.goes_off_shift()

    waiting.look(context)

    [said] = colleague.heard("returned")
    assert len(said["content"]["records"]) == 2
    for record in records:
        colleague.revises(record)


def test_what_the_vulnerability_team_sent_back_is_offered_with_their_words(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague, colleague: Colleague
) -> None:
    """They decide at a desk, where no record says why."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn)
    vat.settles(ppn, BACK, words="Nothing is said of the younger brother.")
    officer.goes_off_shift()

    waiting.look(context)

    [said] = colleague.heard("returned")
    assert said["content"]["words"] == "Nothing is said of the younger brother."


def test_an_author_who_comes_back_can_still_answer_and_the_first_answer_is_the_one(
    context: Context, officer: Colleague, colleague: Colleague, first: Record
) -> None:
    """There is one true outcome, whoever it comes from; the other is kept for a person."""
    officer.goes_off_shift()
    waiting.look(context)
    officer.comes_on_shift()

    officer.revises(first, {"ret.found_how": "alone"})
    late = colleague.sends(next_revision(first, {"ret.found_how": "hospital"}))

    assert (late.result, late.head_rev) == (Result.CONFLICT, 2)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_the_unit_hears_that_somebody_has_answered(
    context: Context, officer: Colleague, colleague: Colleague, first: Record, withdrawn: bool
) -> None:
    """Else a third officer would write the same answer once more, for nothing."""
    third = a_colleague(context, "pc.third")
    officer.goes_off_shift()
    waiting.look(context)

    if withdrawn:
        officer.withdraws(first)
    else:
        colleague.revises(first)

    assert [(one["state"], one["rev"]) for one in third.heard("status")] == [("answered", 2)]


def test_an_answer_that_comes_first_leaves_nothing_to_offer(
    context: Context, officer: Colleague, colleague: Colleague, first: Record
) -> None:
    """Sent at five to seven, signed out at seven."""
    officer.revises(first)
    officer.goes_off_shift()

    assert waiting.look(context) == Looked()
    assert colleague.heard("returned") == []


def test_the_register_made_again_knows_to_whom_it_was_offered(
    context: Context, officer: Colleague, first: Record
) -> None:
    """It can be thrown away; whose turn it is must not be thrown away with it."""
    officer.goes_off_shift()
    waiting.look(context)
    before = rows(context, register)

    rebuild_register(context)

    assert rows(context, register) == before


def test_a_late_answer_is_told_to_the_supervisors_once(
    context: Context, officer: Colleague, sergeant: Colleague, first: Record, clock: Clock
) -> None:
    """What was given away must not be forgotten by whoever gave it away."""
    officer.goes_off_shift()
    waiting.look(context)
    assert sergeant.heard("status")[-1]["state"] != "answer_late"
    clock.at = NIGHT + timedelta(hours=2)

    assert [waiting.look(context).late for _ in range(3)] == [1, 0, 0]

    late = [one for one in sergeant.heard("status") if one["state"] == "answer_late"]
    assert [(one["record"], one["due_at"]) for one in late] == [
        (str(first.header.record), "2026-03-14T23:04:00Z")
    ]
    assert [what for what, _ in _history(context, first)][-1] == "answer_late"


def test_what_was_sent_back_again_can_be_late_again(
    context: Context, officer: Colleague, sergeant: Colleague, first: Record, clock: Clock
) -> None:
    """Each time somebody is asked, somebody waits for the answer."""
    clock.at = NIGHT + timedelta(hours=3)
    assert waiting.look(context).late == 1
    clock.at += timedelta(minutes=1)
    again = {"sup.due_by": Moment(NIGHT + timedelta(hours=10))}
    sergeant.decided(officer.revises(first), outcome=BACK, answers=again)
    assert waiting.look(context).late == 0
    clock.at += timedelta(hours=13)

    assert waiting.look(context).late == 1


def test_a_supervisor_takes_back_what_was_sent_back(
    context: Context, officer: Colleague, sergeant: Colleague, colleague: Colleague, first: Record
) -> None:
    """It waits for a decision again, and its officers hear that nothing is asked of them."""
    officer.goes_off_shift()
    waiting.look(context)

    sergeant.decided(first, outcome=RECALL)

    assert _row(context, first)["state"] == "pending_supervisor"
    assert [one["state"] for one in officer.heard("decision")] == ["returned", "recalled", "recalled"]
    assert [one["state"] for one in colleague.heard("decision")] == ["recalled"]
    assert [one["rev"] for one in sergeant.heard("review")] == [1, 1]
    assert _history(context, first)[-1][0] == "taken_back"
    sergeant.decided(first)
    assert _row(context, first)["state"] == "approved"


def test_an_answer_that_comes_before_it_is_taken_back_is_what_counts(
    context: Context, officer: Colleague, sergeant: Colleague, first: Record
) -> None:
    """The sergeant took back a version that was answered meanwhile, and is told so."""
    made = sergeant.decides([first], RECALL)
    second = officer.revises(first)

    sergeant.sent(made)

    assert [row["why_void"] for row in rows(context, decision)][-1] == "moved_on"
    assert _row(context, second)["rev"] == 2


def test_an_answer_that_comes_after_it_was_taken_back_is_read_like_any_other(
    context: Context, officer: Colleague, sergeant: Colleague, first: Record
) -> None:
    """An officer may always say more of their own record."""
    sergeant.decided(first, outcome=RECALL)

    officer.revises(first)

    assert (_row(context, first)["rev"], _row(context, first)["state"]) == (2, "pending_supervisor")


@pytest.mark.parametrize(
    ("unit", "role", "why"),
    [
        pytest.param("york_response", Role.SUPERVISOR, "other_unit", id="another unit's supervisor"),
        pytest.param("harrogate_response", Role.OFFICER, "not_a_supervisor", id="an officer"),
    ],
)
def test_only_supervisors_of_the_unit_take_it_back(
    context: Context, first: Record, unit: str, role: Role, why: str
) -> None:
    """It is theirs to decide on."""
    a_colleague(context, "other", role, unit=unit).decided(first, outcome=RECALL)

    assert [row["why_void"] for row in rows(context, decision)][-1] == why
    assert _row(context, first)["state"] == "returned"


def test_supervisors_hear_what_the_vulnerability_team_sent_back_and_can_take_it_back(
    context: Context, officer: Colleague, sergeant: Colleague, vat: Colleague
) -> None:
    """Else a PPN could wait for an officer on leave, and nobody on the unit would know."""
    ppn = officer.sent(a_ppn())
    sergeant.decided(ppn)
    vat.settles(ppn, BACK)

    assert [one["state"] for one in sergeant.heard("decision")] == ["approved", "returned"]
    sergeant.decided(ppn, outcome=RECALL)

    assert _row(context, ppn)["state"] == "pending_supervisor"


def test_of_an_answer_and_taking_it_back_at_once_one_comes_first_and_nothing_is_lost(
    context: Context, elsewhere: Context, officer: Colleague, sergeant: Colleague
) -> None:
    """Either the sergeant is told that it has moved on, or the answer is the next revision of it."""
    for number in range(6):
        sent = officer.sent(a_return(record=an_id(f"record {number}"), encounter=an_id(f"door {number}")))
        sergeant.decided(sent, outcome=BACK)
        made, barrier = sergeant.decides([sent], RECALL), Barrier(2)

        def answers(barrier: Barrier, sent: Record) -> None:
            barrier.wait(5)
            officer.revises(sent)

        def takes_back(barrier: Barrier, made: Record) -> None:
            barrier.wait(5)
            sergeant.sent(made)

        with ThreadPoolExecutor(2) as pool:
            ways = [
                pool.submit(partial(answers, barrier, sent)),
                pool.submit(partial(takes_back, barrier, made)),
            ]
        assert [one.result() for one in ways] == [None, None]

        row = _row(context, sent)
        assert (row["rev"], row["state"]) == (2, "pending_supervisor")
    assert audit.verify_audit(context).broken == ()


def _row(context: Context, record: Record) -> dict[str, object]:
    [found] = [row for row in rows(context, register) if row["record"] == str(record.header.record)]
    return found


def _history(context: Context, record: Record) -> list[tuple[str, object]]:
    with context.store.read() as connection:
        entries = audit.entries_of(connection, str(record.header.record))
    return [(one["what"], one["detail"]) for one in entries if one["what"] != "disclosed"]
