"""News: stored before it is acknowledged, believed only from the force, fetched again after a gap."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from booklets.errors import WireError
from booklets.sealing import sign_receipt
from field_app.sync.client import SyncClient
from field_app.sync.failures import NotOurServer
from field_app.sync.feeding import Item
from field_app.sync.hearing import has_gap
from field_app.sync.news import Received, StatusChanged
from field_app.sync.rounds import Memory, Place, Round, make_round
from tests.field_app.sync.desks import Bench, record_id
from tests.support.portals import SmallForce, json_answer, refusal
from tests.support.sealing import signer_number


def a_round(bench: Bench, client: SyncClient) -> Round:
    """Make one round."""
    return make_round(client, bench.desk(), Memory())


def test_news_is_opened_stored_told_and_acknowledged(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """In this order, so that nothing acknowledged can be lost."""
    force.tell({"kind": "status", "state": "received"}, record=record_id(1), rev=1)

    done = a_round(bench, client)

    stored = bench.news.stored["me", 1]
    assert stored.content == {"kind": "status", "state": "received"}
    assert StatusChanged("status", record_id(1), 1, "received") in bench.told
    assert (done.arrived, force.acknowledged, bench.news.at.acknowledged) == (1, ["me.1"], "me.1")


def test_news_comes_page_by_page(bench: Bench, force: SmallForce, client: SyncClient) -> None:
    """A supervisor back from leave."""
    for number in range(230):
        force.tell({"kind": "status"}, record=record_id(number), rev=1)

    done = a_round(bench, client)

    assert done.arrived == 230
    assert force.acknowledged == ["me.100", "me.200", "me.230"]


def test_news_is_not_fetched_twice(bench: Bench, force: SmallForce, client: SyncClient) -> None:
    """The place in the news is kept with the news."""
    force.tell({"kind": "status"})
    a_round(bench, client)
    force.tell({"kind": "status"})

    assert a_round(bench, client).arrived == 1


def test_an_acknowledgement_that_was_lost_is_made_good(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """Else the server would keep the sealed bodies for ever."""
    force.tell({"kind": "status"})
    force.instead["/v1/changes/ack"] = lambda _request, _body: refusal(503, "server_busy")
    a_round(bench, client)
    del force.instead["/v1/changes/ack"]

    a_round(bench, client)

    assert force.acknowledged == ["me.1"]


def test_a_gap_in_the_news_is_filled_from_the_start(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """A decision that was lost on the way is fetched again; what comes twice does no harm."""
    for number in range(3):
        force.tell({"kind": "status"}, record=record_id(number), rev=1)
    a_round(bench, client)
    del bench.news.stored["me", 3]
    bench.news.at = Place("me.3", {"me": 2}, "me.3")  # the cursor ran ahead of what is stored
    force.tell({"kind": "status"}, record=record_id(9), rev=1)

    a_round(bench, client)

    assert sorted(number for _, number in bench.news.stored) == [1, 2, 3, 4]


def test_a_cursor_that_the_server_has_forgotten_begins_anew(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """A server restored from a backup."""
    force.tell({"kind": "status"})
    bench.news.at = Place("gone.7", {"gone": 7}, "gone.7")

    def only_from_the_start(request: Request, _body: bytes) -> Response:
        if request.query_params["cursor"]:
            return refusal(410, "cursor_expired")
        return force._changes("", 100)

    force.instead["/v1/changes"] = only_from_the_start

    assert a_round(bench, client).ended_by is None
    assert ("me", 1) in bench.news.stored


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(refusal(410, "cursor_expired"), id="no beginning"),
        pytest.param(json_answer({"items": [], "next": "", "more": True}), id="no end"),
    ],
)
def test_a_feed_without_beginning_or_end_is_not_followed(
    bench: Bench, force: SmallForce, client: SyncClient, answer: Response
) -> None:
    """Round and round until the battery is empty."""
    force.instead["/v1/changes"] = lambda _request, _body: answer

    assert isinstance(a_round(bench, client).ended_by, NotOurServer)


def spoilt(force: SmallForce, how: str) -> None:
    """Make the only news one that must not be believed."""
    force.tell({"kind": "status", "state": "approved"}, record=record_id(1), rev=1)
    [item] = force.news["me"]
    if how == "filed under another record":
        item["record"] = record_id(2)
    elif how == "no envelope":
        item["body"] = "AAAA"
    elif how == "signed by somebody":
        force.command = signer_number(66)
        force.news["me"].clear()
        force.tell({"kind": "status", "state": "approved"}, record=record_id(1), rev=1)


@pytest.mark.parametrize("how", ["filed under another record", "no envelope", "signed by somebody"])
def test_news_that_cannot_be_believed_says_nothing_and_holds_up_nothing(
    bench: Bench, force: SmallForce, client: SyncClient, how: str
) -> None:
    """A forged approval is stored as unreadable; the real news behind it comes through."""
    spoilt(force, how)
    force.command = signer_number(3)
    force.tell({"kind": "status", "state": "received"}, record=record_id(3), rev=1)

    a_round(bench, client)

    assert bench.news.stored["me", 1].content is None
    assert bench.news.stored["me", 2].state == "received"


def test_news_by_a_newer_key_makes_the_device_ask_for_the_newer_keys(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """And the newer directory is kept."""
    force.command, force.number = signer_number(33), 2
    force.publish()
    force.tell({"kind": "status", "state": "received"})

    a_round(bench, client)

    assert bench.news.stored["me", 1].state == "received"
    assert bench.directories == [force.directory]


def test_news_of_newer_keys_fetches_them(bench: Bench, force: SmallForce, client: SyncClient) -> None:
    """So that the next record is sealed to a key that is still in use."""
    force.tell({"kind": "key_directory"})
    force.number = 2
    force.publish()

    a_round(bench, client)

    assert bench.directories == [force.directory]


ITEMS = st.lists(st.sampled_from(["me", "role"]), max_size=12)


@given(streams=ITEMS, lost=st.integers(0, 11))
def test_a_missing_number_is_noticed_in_any_stream(streams: list[str], lost: int) -> None:
    """One counter for each recipient, and none of them may skip."""
    last: dict[str, int] = {}
    items: list[Item] = []
    for stream in streams:
        last[stream] = last.get(stream, 0) + 1
        items.append(Item(stream, last[stream], "status", "", 0, b""))

    assert not has_gap(items, {})
    if lost < len(items):
        gone = items.pop(lost)
        assert has_gap(items, {}) == (last[gone.stream] > gone.seq)


def test_a_place_in_the_news_comes_back_as_it_was() -> None:
    """Kept in the vault between runs."""
    place = Place("me.3~role.1", {"me": 3, "role": 1}, "me.3")

    assert Place.from_json(place.to_json()) == place
    nonsense: list[Any] = [None, {}, {"cursor": 1, "seen": {}, "acknowledged": ""}]
    for value in nonsense:
        with pytest.raises(WireError):
            Place.from_json(value)


@pytest.mark.parametrize(
    ("signed", "believed"),
    [("for it", True), ("for other bytes", False), ("by somebody else", False), ("no receipt", False)],
)
def test_a_late_receipt_is_believed_only_for_what_was_kept_apart(
    bench: Bench, force: SmallForce, client: SyncClient, signed: str, believed: bool
) -> None:
    """A record leaves the outbox only with a receipt for exactly its bytes, also when that comes as news."""
    record = bench.waits(1)
    bench.outbox.needs_attention(bench.outbox.items[0], "too_early")
    sha = sha256(bench.outbox.bodies[1]).hexdigest()
    key = signer_number(9) if signed == "by somebody else" else force.receipts
    receipt = sign_receipt(force.receipt(record, 1, sha if signed != "for other bytes" else "0" * 64), key)
    said = "{}" if signed == "no receipt" else receipt.decode()
    force.tell({"kind": "status", "state": "received", "receipt": said}, record=record, rev=1)

    done = a_round(bench, client)

    assert done.arrived == 1, "whatever it says, it holds up nothing"
    assert ((record, 1) in bench.outbox.receipts) is believed
    assert any(isinstance(one, Received) for one in bench.told) is believed


def test_a_late_receipt_for_what_is_not_kept_apart_changes_nothing(
    bench: Bench, force: SmallForce, client: SyncClient
) -> None:
    """It comes to every handheld of the officer; only one has what it is for."""
    receipt = sign_receipt(force.receipt(record_id(1), 1, "0" * 64), force.receipts)
    force.tell(
        {"kind": "status", "state": "received", "receipt": receipt.decode()}, record=record_id(1), rev=1
    )

    a_round(bench, client)

    assert bench.outbox.receipts == {}
