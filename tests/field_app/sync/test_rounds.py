"""One round: nothing is forgotten without a receipt, nothing acknowledged before it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from booklets.sealing import read_envelope
from field_app.sync.client import SyncClient
from field_app.sync.failures import SignInAgain, TryLater
from field_app.sync.news import NeedsAttention, Received, Sending
from field_app.sync.rounds import Memory, Round, Waiting, in_turn, make_round
from tests.field_app.sync.desks import Bench, a_session, client_of, record_id, sealed
from tests.support.portals import SmallForce, json_answer, portal_page, refusal


def a_round(bench: Bench, client: SyncClient, memory: Memory | None = None) -> Round:
    """Make one round."""
    return make_round(client, bench.desk(), memory or Memory())


@contextmanager
def refusing(force: SmallForce, answers: dict[str, Response]) -> Iterator[None]:
    """For a while, some records are answered like this, and are not stored."""

    def instead(_request: Request, body: bytes) -> Response:
        record = read_envelope(body).header.record
        return answers[record] if record in answers else force._submitted(body)

    force.instead["/v1/submissions"] = instead
    yield
    del force.instead["/v1/submissions"]


def test_what_waits_is_sent_in_order_and_kept_with_its_receipt(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """The outbox's order is the order of risk."""
    records = [bench.waits(number) for number in (3, 1, 2)]

    done = a_round(bench, client)

    assert [record for record, _ in force.deliveries] == records
    assert (done.sent, done.ended_by) == (3, None)
    assert bench.outbox.receipts.keys() == force.stored.keys()
    assert not bench.outbox.waiting()


def test_the_screen_hears_of_each_step(bench: Bench, client: SyncClient) -> None:
    """Ids, codes and times; nothing that an officer wrote."""
    record = bench.waits(1)

    a_round(bench, client)

    sending, received = bench.told
    assert sending == Sending(record, 1)
    assert isinstance(received, Received)
    assert (received.record, received.rev) == (record, 1)


def test_a_receipt_lost_on_the_way_back_costs_one_repeat(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """The server has it, the device does not know: the next round settles it, and nothing is there twice."""
    record = bench.waits(1)
    force.after = lambda _record, _rev: portal_page(502)

    first = a_round(bench, client)
    waiting = list(bench.outbox.waiting())
    force.after = lambda _record, _rev: None
    second = a_round(bench, client)

    assert (first.sent, len(waiting), second.sent) == (0, 1, 1)
    assert force.deliveries == [(record, 1), (record, 1)]
    assert bench.outbox.receipts[record, 1] == force.stored[record, 1][1]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(refusal(422, "invalid"), id="refused"),
        pytest.param(refusal(500, "mistake"), id="the server stumbles over it"),
        pytest.param(json_answer({}), id="a receipt that is none"),
    ],
)
def test_one_bad_record_never_holds_up_the_rest(
    bench: Bench, force: SmallForce, client: SyncClient, answer: Response
) -> None:
    """It may be the first of the night."""
    bad, *others = (bench.waits(number) for number in range(4))

    with refusing(force, {bad: answer}):
        a_round(bench, client)

    assert sorted(record for record, _ in force.stored) == sorted(others)
    assert (bad, 1) not in bench.outbox.receipts


def test_what_is_refused_waits_for_a_person(bench: Bench, force: SmallForce, client: SyncClient) -> None:
    """It is kept, named by its code, and not sent again and again."""
    bad = bench.waits(1)

    with refusing(force, {bad: refusal(409, "rev_conflict", head_rev=4)}):
        done = a_round(bench, client)
        a_round(bench, client)

    assert bench.outbox.attention == {(bad, 1): "rev_conflict"}
    assert NeedsAttention(bad, 1, "rev_conflict", "In plain words.") in bench.told
    assert (done.refused, force.asked.count("POST /v1/submissions")) == (1, 1)


def test_a_record_goes_revision_by_revision(bench: Bench, force: SmallForce, client: SyncClient) -> None:
    """A second revision that overtook the first would be refused as a branch."""
    first = bench.waits(1, rev=1)
    bench.waits(1, rev=2)
    other = bench.waits(2)

    with refusing(force, {first: refusal(500, "mistake")}):
        a_round(bench, client)
    a_round(bench, client)

    assert force.deliveries == [(other, 1), (first, 1), (first, 2)]


def test_three_that_fail_on_their_own_in_a_row_are_not_the_records_fault(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """A broken server must not be asked forty times in one breath."""
    force.batches = False
    records = [bench.waits(number) for number in range(9)]

    with refusing(force, dict.fromkeys(records, refusal(500, "mistake"))):
        done = a_round(bench, client)

    assert isinstance(done.ended_by, TryLater)
    assert force.asked.count("POST /v1/submissions") == 3
    assert "GET /v1/changes" not in force.asked


def test_records_that_always_fail_stand_behind_those_that_have_not_been_tried(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Four poisoned records at the head of the outbox, and the fifth still arrives."""
    *bad, good = (bench.waits(number) for number in range(5))
    memory = Memory()

    with refusing(force, dict.fromkeys(bad, refusal(500, "mistake"))):
        a_round(bench, client, memory)
        a_round(bench, client, memory)

    assert (good, 1) in bench.outbox.receipts


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        pytest.param(
            portal_page(200),
            ["POST /v1/batch", "POST /v1/submissions"],  # it may refuse batches only, so one goes alone
            id="a hotel's sign-in page",
        ),
        pytest.param(refusal(503, "server_busy"), ["POST /v1/batch"], id="a busy server"),
        pytest.param(refusal(429, "too_often"), ["POST /v1/batch"], id="a server that asks for patience"),
    ],
)
def test_a_line_that_carries_nothing_ends_the_round(
    bench: Bench, force: SmallForce, client: SyncClient, answer: Response, asked: list[str]
) -> None:
    """Forty tries against a hotel's sign-in page help nobody, and the order of risk stays as it was."""
    for number in range(4):
        bench.waits(number)
    memory = Memory()
    for path in ("/v1/batch", "/v1/submissions"):
        force.instead[path] = lambda _request, _body: answer

    done = a_round(bench, client, memory)

    assert isinstance(done.ended_by, TryLater)
    assert force.asked == asked
    assert memory.tries == {}


WAITING = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), unique=True, max_size=12).map(
    lambda found: [Waiting(at, str(record), rev) for at, (record, rev) in enumerate(sorted(found))]
)


@given(waiting=WAITING, tries=st.dictionaries(st.integers(0, 4).map(str), st.integers(0, 5)))
def test_turns_keep_each_records_revisions_in_order(waiting: list[Waiting], tries: dict[str, int]) -> None:
    """Whatever has failed how often."""
    turns = in_turn(waiting, tries)

    assert sorted(turns, key=lambda item: item.id) == waiting
    for record in {item.record for item in waiting}:
        revisions = [item.rev for item in turns if item.record == record]
        assert revisions == sorted(revisions)
    assert [tries.get(item.record, 0) for item in turns] == sorted(
        tries.get(item.record, 0) for item in waiting
    )


def test_a_sealed_copy_that_is_gone_is_shown_to_a_person(bench: Bench, client: SyncClient) -> None:
    """It cannot be sent, and must not be forgotten in silence."""
    bench.outbox.put(record_id(1), 1, None)

    a_round(bench, client)

    assert bench.outbox.attention == {(record_id(1), 1): "envelope_missing"}


# ---- the officer's session ---------------------------------------------------------------------


def test_nothing_goes_without_a_signed_in_officer(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """What waits stays sealed and waits."""
    bench.waits(1)
    bench.sessions.session = None

    done = a_round(bench, client)

    assert isinstance(done.ended_by, SignInAgain)
    assert (force.asked, len(bench.outbox.waiting())) == ([], 1)


def test_a_session_near_its_end_is_renewed_before_sending(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """And the new tokens are kept before the old ones are lost."""
    bench.waits(1)
    bench.sessions.session = a_session(expires_in=30)

    a_round(bench, client)

    assert force.asked[:2] == ["POST /v1/auth/refresh", "POST /v1/submissions"]
    assert bench.sessions.kept == 1


def test_a_session_that_the_server_forgot_is_renewed_once(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """A token can end early; the refresh token brings another, and the record goes on."""
    record = bench.waits(1)
    force.access = "access-2"

    done = a_round(bench, client)

    assert done.ended_by is None
    assert (record, 1) in bench.outbox.receipts


def test_a_session_that_is_over_is_forgotten_and_the_officer_asked(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """The record stays where it is."""
    bench.waits(1)
    force.access = "access-2"
    force.instead["/v1/auth/refresh"] = lambda _request, _body: refusal(401, "session_over")

    done = a_round(bench, client)

    assert isinstance(done.ended_by, SignInAgain)
    assert bench.sessions.session is None
    assert len(bench.outbox.waiting()) == 1


# ---- how this device is ------------------------------------------------------------------------


def test_the_server_is_told_how_the_device_is_when_that_changes(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Numbers and versions; and not at every round, on a line that counts bytes."""
    memory = Memory()
    for _ in range(3):
        a_round(bench, client, memory)

    assert force.reports == [{"queued": 0, "drafts": 0, "vault_head": 1, "app_version": "0.1.0"}]
    assert force.asked.count("GET /v1/hello") == 1


def test_a_question_that_is_refused_is_asked_again_later(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """A refusal of a question is not a refusal of a record: no record is marked for it."""
    bench.waits(1)
    force.instead["/v1/changes"] = lambda _request, _body: refusal(403, "not_your_role")

    done = a_round(bench, client)

    assert isinstance(done.ended_by, TryLater)
    assert (done.sent, bench.outbox.attention) == (1, {})


def test_nothing_an_officer_wrote_is_in_the_log(
    bench: Bench, force: SmallForce, caplog: pytest.LogCaptureFixture
) -> None:
    """Ids and codes only, whatever goes wrong."""
    caplog.set_level("DEBUG")
    client = client_of(force)
    bench.outbox.put(record_id(1), 1, sealed(force, record=record_id(1), body=b"Amy Brook"))
    force.tell({"kind": "status", "state": "Amy Brook"})
    force.news["me"][0]["body"] = "AAAA"
    with refusing(force, {record_id(1): refusal(500, "mistake", note="Amy Brook")}):
        a_round(bench, client)
    client.close()

    assert "not_sent" in caplog.text
    assert "news_unopened" in caplog.text
    assert "Brook" not in caplog.text
    assert "access-1" not in caplog.text


def a_saying(number: int) -> dict[str, object]:
    """Something that was said of a task."""
    return {"id": record_id(number), "task": number, "act": "accept"}


def test_what_was_said_of_tasks_goes_after_the_records_and_once(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """A child's record comes first; what the force has answered waits no longer."""
    bench.waits(1)
    bench.saying.messages += [a_saying(1), a_saying(2)]

    a_round(bench, client)
    a_round(bench, client)

    asked = [one for one in force.asked if one.startswith("POST /v1/") and not one.endswith("status")]
    assert asked[:3] == ["POST /v1/submissions", "POST /v1/tasks", "POST /v1/tasks"]
    assert force.said == bench.saying.messages
    assert set(bench.saying.answers.values()) == {""}


def test_what_the_force_does_not_count_is_answered_too(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """In words for the officer; it is not said again and again."""
    bench.saying.messages += [a_saying(1), a_saying(2)]

    def answers(_request: Request, body: bytes) -> Response:
        if json.loads(body)["task"] == 1:
            return json_answer({"id": record_id(1), "stands": False, "why_void": "already_closed"})
        return refusal(400, "wire")

    force.instead["/v1/tasks"] = answers
    a_round(bench, client)

    assert bench.saying.answers == {record_id(1): "already_closed", record_id(2): "wire"}


def test_a_saying_that_fails_on_its_own_holds_up_no_news(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """And goes in a later round."""
    bench.saying.messages += [a_saying(1)]
    force.tell({"kind": "status", "state": "received"}, record=record_id(9))
    force.instead["/v1/tasks"] = lambda _request, _body: refusal(500, "mistake")

    done = a_round(bench, client)
    del force.instead["/v1/tasks"]
    a_round(bench, client)

    assert isinstance(done.ended_by, TryLater)
    assert done.arrived == 1
    assert bench.saying.answers == {record_id(1): ""}
