"""A photograph on its way to whoever looks: in pieces, on where it was cut, in memory and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from hashlib import shake_256
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from booklets.sealing import seal_return
from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk
from field_app.sync.errands import Wanted
from field_app.sync.failures import NotOurServer, Refused, SyncFailed, TryLater
from field_app.sync.rounds import Memory, make_round
from tests.field_app.sync.desks import Bench, record_id
from tests.support.portals import DEVICE, FORCE, OURS, CutShort, SmallForce, refusal
from tests.support.sealing import signer_number

PIECE = 64 * 1024
PHOTO = b"\xff\xd8\xff" + shake_256(b"a hallway").digest(2 * PIECE + 77)
RECORD, ATTACHMENT = record_id(1), record_id(2)
SEALED = "application/vnd.homeward.sealed"


@dataclass
class Album:
    """Where the small force gives a photograph. ``instead`` answers the n-th question; ``said`` is a lie."""

    force: SmallForce
    starts: list[int] = field(default_factory=list)
    instead: dict[int, Response] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    record: str = RECORD

    def __post_init__(self) -> None:
        self.force.instead[f"/v1/records/{RECORD}/attachments/{ATTACHMENT}"] = self.give

    def give(self, request: Request, _body: bytes) -> Response:
        """The piece that was asked for."""
        start = int(request.query_params["from"])
        self.starts.append(start)
        if found := self.instead.pop(len(self.starts), None):
            return found
        line = {"attachment": ATTACHMENT, "media_type": "image/jpeg", "from": start, "size": len(PHOTO)}
        said = json.dumps({**line, **self.said}).encode()
        body = len(said).to_bytes(4) + said + PHOTO[start : start + PIECE]
        return Response(self.sealed(body), headers=OURS, media_type=SEALED)

    def sealed(self, body: bytes) -> bytes:
        """Sealed to the device and signed, as the force does."""
        return seal_return(
            body,
            force=FORCE,
            device=DEVICE,
            created=self.force.now(),
            to=self.force.device_kem.public,
            signer=self.force.command,
            record=self.record,
            rev=1,
        )


@pytest.fixture
def album(force: SmallForce) -> Album:
    """A photograph of a hallway."""
    return Album(force)


def looked(client: SyncClient, desk: Desk, one: Wanted) -> tuple[Future[None], SyncFailed | None]:
    """Ask for it, and make a round."""
    waiting = desk.errands.look(one)
    return waiting, make_round(client, desk, Memory()).ended_by


def test_it_comes_piece_by_piece_and_says_how_far_it_is(
    bench: Bench, client: SyncClient, album: Album
) -> None:
    """What came is what was taken, and what it is by its first bytes."""
    far: list[tuple[int, int]] = []
    one = Wanted(RECORD, ATTACHMENT, told=lambda here, of: far.append((here, of)))

    waiting, trouble = looked(client, bench.desk(), one)

    assert (waiting.result(0), trouble) == (None, None)
    assert (bytes(one.got), one.media_type, one.is_whole) == (PHOTO, "image/jpeg", True)
    assert album.starts == [0, PIECE, 2 * PIECE]
    assert far == [(PIECE, len(PHOTO)), (2 * PIECE, len(PHOTO)), (len(PHOTO), len(PHOTO))]


def test_a_cut_costs_one_piece_and_asking_again_goes_on_there(
    bench: Bench, client: SyncClient, album: Album
) -> None:
    """Whoever waits is told at once that it does not go; nothing is fetched behind their back."""
    one, desk = Wanted(RECORD, ATTACHMENT), bench.desk()
    album.instead = {2: CutShort()}
    waiting, _ = looked(client, desk, one)
    assert isinstance(waiting.exception(0), TryLater)
    make_round(client, desk, Memory())
    assert album.starts == [0, PIECE]

    waiting, _ = looked(client, desk, one)

    assert waiting.exception(0) is None
    assert album.starts[2:] == [PIECE, 2 * PIECE]
    assert bytes(one.got) == PHOTO


def test_what_is_to_be_sent_goes_between_two_pieces(bench: Bench, client: SyncClient, album: Album) -> None:
    """A record is sealed while a photograph comes: that waits one piece, and whoever looks waits on."""
    one, hurry = Wanted(RECORD, ATTACHMENT), [True]
    desk = replace(bench.desk(), hurried=lambda: bool(hurry) and hurry.pop())
    waiting, trouble = looked(client, desk, one)
    assert (waiting.done(), trouble, album.starts) == (False, None, [0])

    bench.waits(3)
    make_round(client, desk, Memory())

    assert waiting.done()
    assert bytes(one.got) == PHOTO
    asked = [what for what in album.force.asked if "attachments" in what or "submissions" in what]
    assert [what.rpartition("/")[2] for what in asked[1:]] == ["submissions", ATTACHMENT, ATTACHMENT]


def test_what_the_force_refuses_is_told_in_its_words_and_ends_no_round(
    bench: Bench, client: SyncClient, album: Album
) -> None:
    """It has not come there yet, for example; news is heard all the same."""
    album.instead = {1: refusal(409, "unshowable")}
    album.force.tell({"kind": "status", "state": "approved"}, record=RECORD, rev=1)

    waiting, trouble = looked(client, bench.desk(), Wanted(RECORD, ATTACHMENT))

    refused = waiting.exception(0)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.says, trouble) == ("unshowable", "In plain words.", None)
    assert bench.told


@pytest.mark.parametrize(
    ("said", "record"),
    [
        ({"attachment": record_id(9)}, RECORD),
        ({"from": 5}, RECORD),
        ({"size": 10}, RECORD),
        ({"size": 2**40}, RECORD),
        ({}, record_id(9)),
    ],
    ids=["another photograph", "another place", "too little", "far too much", "another record"],
)
def test_what_is_not_that_photograph_is_not_taken_for_it(
    bench: Bench, client: SyncClient, album: Album, said: Mapping[str, Any], record: str
) -> None:
    """Signed by the force and sealed to this device, and still not what was asked for."""
    album.said, album.record = said, record
    one = Wanted(RECORD, ATTACHMENT)

    waiting, _ = looked(client, bench.desk(), one)

    assert isinstance(waiting.exception(0), NotOurServer)
    assert not one.got


def test_what_nobody_looks_at_any_more_is_overwritten_and_fetched_no_further(
    bench: Bench, client: SyncClient, album: Album
) -> None:
    """The record was closed, or the vault locked, between two pieces."""
    one = Wanted(RECORD, ATTACHMENT)
    one.told = lambda _here, _of: one.forget()

    waiting, _ = looked(client, bench.desk(), one)

    assert waiting.exception(0) is not None
    assert album.starts == [0]
    assert not any(one.got)


def test_what_is_closed_while_a_piece_is_still_being_opened_gets_none_of_it(
    bench: Bench, client: SyncClient, album: Album
) -> None:
    """Opening takes its time: the force has a new key, which is asked for first."""
    one, force = Wanted(RECORD, ATTACHMENT), album.force
    force.command, force.number = signer_number(4), force.number + 1
    force.publish()

    def newer(_request: Request, _body: bytes) -> Response:
        one.forget()
        return Response(force.directory, headers=OURS, media_type="application/vnd.homeward.keys+json")

    force.instead["/v1/keys"] = newer
    waiting, _ = looked(client, bench.desk(), one)

    assert isinstance(waiting.exception(0), CancelledError)
    assert not any(one.got)
