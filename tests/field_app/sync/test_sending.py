"""Several records with one question: quicker on a bad line, and no less sure of each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import Response

from booklets.batch import MOST_BYTES, deflated, inflated, unbound
from booklets.sealing import read_envelope
from field_app.sync.client import SyncClient
from field_app.sync.failures import NotOurServer, TryLater
from field_app.sync.news import Received
from field_app.sync.rounds import Memory, Round, in_turn, make_round
from field_app.sync.tally import Together
from tests.field_app.sync.desks import Bench
from tests.support.portals import OURS, CutShort, SmallForce, json_answer, refusal

Instead = Callable[[Request, bytes], Response]


def a_round(bench: Bench, client: SyncClient, memory: Memory | None = None) -> Round:
    """Make one round."""
    return make_round(client, bench.desk(), memory or Memory())


def sent(force: SmallForce) -> list[str]:
    """The questions in which records were sent."""
    return [one.removeprefix("POST /v1/") for one in force.asked if "batch" in one or "submissions" in one]


def sizes_of(force: SmallForce, *, cut: int = 0, before: bool = False) -> list[int]:
    """How many records came with each batch; the first so many are cut, once they are kept, or before."""
    sizes: list[int] = []

    def taken(request: Request, body: bytes) -> Response:
        sizes.append(len(unbound(inflated(body, most=MOST_BYTES))))
        is_cut = len(sizes) <= cut
        answer = Response() if is_cut and before else force._batch(request, body)
        return CutShort() if is_cut else answer

    force.instead["/v1/batch"] = taken
    return sizes


def test_what_waits_goes_with_one_question_and_each_has_its_receipt(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """In the outbox's order; the screen hears of each."""
    records = [bench.waits(number) for number in range(5)]

    done = a_round(bench, client)

    assert sent(force) == ["batch"]
    assert [record for record, _ in force.deliveries] == records
    assert bench.outbox.receipts == {key: receipt for key, (_, receipt) in force.stored.items()}
    assert [one.record for one in bench.told if isinstance(one, Received)] == records
    assert (done.sent, done.ended_by) == (5, None)


def test_one_that_waits_alone_goes_as_it_always_did(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """There is nothing to put together."""
    bench.waits(1)

    a_round(bench, client)

    assert sent(force) == ["submissions"]


def test_what_is_urgent_goes_first_and_waits_for_no_batch(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Each alone, for a batch is there when its last byte is."""
    others = [bench.waits(number) for number in range(4)]
    urgent = [bench.waits(number, urgent=True) for number in (7, 8)]

    a_round(bench, client)

    assert [record for record, _ in force.deliveries] == urgent + others
    assert sent(force) == ["submissions", "submissions", "batch"]


def test_what_is_urgent_and_was_cut_is_still_the_first_of_the_next_round(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """It was the line's fault, for which no batch is set back; but it does not stay first for ever."""
    urgent = bench.waits(9, urgent=True)
    for number in range(4):
        bench.waits(number)
    memory = Memory()
    force.instead |= {"/v1/submissions": lambda *_: CutShort(), "/v1/batch": lambda *_: CutShort()}

    a_round(bench, client, memory)
    asked = sent(force)
    turns = [in_turn(bench.outbox.waiting(), {urgent: tries}) for tries in (1, 8, 9)]

    assert asked == ["submissions", "batch", "batch"]
    assert memory.tries == {urgent: 1}
    assert [turn.index(bench.outbox.items[0]) for turn in turns] == [0, 0, 4]


def test_what_becomes_urgent_while_others_are_sent_is_the_next(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """An officer sends a disclosure while thirty records of the night are on their way."""
    for number in range(30):
        bench.waits(number)
    put: list[str] = []

    def in_the_middle(_record: str, _rev: int) -> None:
        if not put:
            put.append(bench.waits(99, urgent=True))

    force.after = in_the_middle
    desk = replace(bench.desk(), hurried=lambda: bool(put))

    make_round(client, desk, Memory())

    assert sent(force) == ["batch", "submissions", "batch"]
    assert force.deliveries[20] == (put[0], 1)
    assert len(force.stored) == 31


def test_a_server_that_knows_no_batches_costs_one_question(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Until it is asked how it is the next time, for it may have been brought up to date."""
    force.batches = False
    memory = Memory()
    for number in range(3):
        bench.waits(number)

    first = a_round(bench, client, memory)
    memory.greeted, force.batches = None, True
    a_round(bench, client, memory)
    bench.waits(8)
    bench.waits(9)
    a_round(bench, client, memory)

    assert (first.sent, first.ended_by) == (3, None)
    assert sent(force) == ["batch", "submissions", "submissions", "submissions", "batch"]


def test_a_bad_one_is_kept_for_a_person_and_the_others_have_their_receipts(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """What was refused is refused, whatever became of those beside it."""
    records = [bench.waits(number) for number in range(5)]
    bad = records[1]

    def instead(_request: Request, body: bytes) -> Response:
        mine = read_envelope(body).header.record == bad
        return refusal(409, "rev_conflict", head_rev=4) if mine else force._submitted(body)

    force.instead["/v1/submissions"] = instead
    done = a_round(bench, client)

    assert bench.outbox.attention == {(bad, 1): "rev_conflict"}
    assert sorted(record for record, _ in bench.outbox.receipts) == sorted({*records} - {bad})
    assert (done.sent, done.refused, sent(force)) == (4, 1, ["batch"])


@pytest.mark.parametrize("before", [True, False], ids=["before it was heard", "after all of it was kept"])
def test_a_batch_that_was_cut_goes_again_in_halves_and_nothing_is_there_twice(
    bench: Bench, force: SmallForce, client: SyncClient, before: bool
) -> None:
    """The same bytes, for the phone cannot know whether they had come."""
    for number in range(20):
        bench.waits(number)
    sizes = sizes_of(force, cut=2, before=before)

    done = a_round(bench, client)

    assert sizes == [20, 10, 5, 10, 5]
    assert (done.sent, done.ended_by, len(force.stored)) == (20, None, 20)
    assert bench.outbox.receipts == {key: receipt for key, (_, receipt) in force.stored.items()}
    assert {number: body for number, (body, _) in enumerate(force.stored.values(), 1)} == bench.outbox.bodies


def test_a_line_that_breaks_again_and_again_ends_the_round_and_is_remembered(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """The next round begins with few; none is set back, for it is none's fault."""
    memory = Memory()
    for number in range(20):
        bench.waits(number)
    sizes = sizes_of(force, cut=3)

    done = a_round(bench, client, memory)
    tries = dict(memory.tries)
    a_round(bench, client, memory)

    assert isinstance(done.ended_by, TryLater)
    assert sizes == [20, 10, 5, 2, 4, 8, 6]
    assert (tries, bench.outbox.waiting()) == ({}, [])


def test_how_many_go_together_is_never_none_and_never_more_than_a_batch_holds() -> None:
    """Halved by a cut, doubled by what gets through."""
    together = Together()
    seen = [together.most]
    for step in [together.cut] * 6 + [together.got_through] * 6:
        step()
        seen.append(together.most)

    assert seen == [20, 10, 5, 2, 1, 1, 1, 2, 4, 8, 16, 20, 20]


def test_a_batch_over_which_the_server_stumbles_goes_one_by_one(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Alone it shows which it was: all the others arrive in the same round."""
    records = [bench.waits(number) for number in range(9)]

    def stumbles(request: Request, body: bytes) -> Response:
        each = [read_envelope(one).header.record for one in unbound(inflated(body, most=MOST_BYTES))]
        return refusal(500, "mistake") if records[3] in each else force._batch(request, body)

    def alone(_request: Request, body: bytes) -> Response:
        mine = read_envelope(body).header.record == records[3]
        return refusal(500, "mistake") if mine else force._submitted(body)

    force.instead |= {"/v1/batch": stumbles, "/v1/submissions": alone}
    done = a_round(bench, client)

    assert {record for record, _ in bench.outbox.receipts} == {*records} - {records[3]}
    assert (done.sent, bench.outbox.attention) == (8, {})


@pytest.mark.parametrize("size", [0, 3, 5], ids=["none", "one too few", "one too many"])
def test_an_answer_for_another_number_of_records_is_not_believed(
    bench: Bench, force: SmallForce, client: SyncClient, size: int
) -> None:
    """A refusal does not say whose it is; so each is asked for alone."""
    for number in range(4):
        bench.waits(number)
    no = {"status": 422, "answer": json.dumps({"code": "invalid", "says": "No."})}
    force.instead["/v1/batch"] = lambda _request, _body: json_answer({"results": [no] * size}, 207)

    done = a_round(bench, client)

    assert (bench.outbox.attention, len(bench.outbox.receipts)) == ({}, 4)
    assert (done.ended_by, sent(force)[:3]) == (None, ["batch", "submissions", "submissions"])


def test_a_proxy_that_refuses_batches_costs_one_question_and_keeps_nothing_back(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Some refuse whatever comes packed. What answered was not the force, and yet records reach it."""
    for number in range(4):
        bench.waits(number)
    force.instead["/v1/batch"] = lambda _request, _body: Response("<html>", 403, media_type="text/html")

    done = a_round(bench, client)

    assert (done.ended_by, len(bench.outbox.receipts)) == (None, 4)
    assert sent(force) == ["batch", *["submissions"] * 4]


def test_an_answer_with_half_a_character_is_not_believed(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """It ended the courier, and nothing more was sent until the next unlock."""
    for number in range(2):
        bench.waits(number)
    body = b'{"results":[{"status":422,"answer":"\\ud800"},{"status":422,"answer":"\\ud800"}]}'
    force.instead["/v1/batch"] = lambda _request, _body: Response(body, 207, headers=OURS)

    done = a_round(bench, client)

    assert (done.ended_by, bench.outbox.attention, len(bench.outbox.receipts)) == (None, {}, 2)


def test_a_receipt_of_another_record_is_none(bench: Bench, force: SmallForce, client: SyncClient) -> None:
    """In the place of one's own it lets go of nothing: each is for just these bytes."""
    for number in range(3):
        bench.waits(number)

    def turned(request: Request, body: bytes) -> Response:
        found = json.loads(inflated(bytes(force._batch(request, body).body), most=MOST_BYTES))
        return json_answer({"results": found["results"][::-1]}, 207)

    force.instead["/v1/batch"] = turned
    done = a_round(bench, client)

    assert len(bench.outbox.receipts) == 1  # the one in the middle stands in its own place
    assert isinstance(done.ended_by, NotOurServer)


def test_what_was_taken_before_the_server_could_take_no_more_is_kept(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """The rest waits, and nobody's turn is changed."""
    records = [bench.waits(number) for number in range(4)]
    memory = Memory()

    def full(_request: Request, body: bytes) -> Response:
        return refusal(503, "store_unavailable") if len(force.stored) == 2 else force._submitted(body)

    force.instead["/v1/submissions"] = full
    done = a_round(bench, client, memory)

    assert [record for record, _ in bench.outbox.receipts] == records[:2]
    assert (done.sent, isinstance(done.ended_by, TryLater), memory.tries) == (2, True, {})
    assert sent(force) == ["batch"]


def test_no_more_goes_together_than_a_piece_of_a_photograph(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Half a minute on a bad line, for as long as which something urgent would have to wait."""
    for number in range(5):
        bench.waits(number, body=bytes(30_000))
    sizes = sizes_of(force)

    a_round(bench, client)

    assert sizes == [2, 2]
    assert len(force.stored) == 5


def test_an_answer_that_unpacks_to_more_than_any_answer_is_given_up(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """However small it was on the line; the records go alone."""
    for number in range(2):
        bench.waits(number)
    bomb = Response(
        deflated(bytes(9_000_000)),
        207,
        headers=OURS | {"Content-Encoding": "deflate"},
        media_type="application/json",
    )
    force.instead["/v1/batch"] = lambda _request, _body: bomb

    a_round(bench, client)

    assert len(bench.outbox.receipts) == 2
