"""A photograph is looked at on a handheld by whoever decides on its record or wrote it, and nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import shake_256
from typing import Any

import httpx
import pytest
from sqlalchemy import RowMapping

from booklets.records import Record
from booklets.sealing import KemKey, NotForThisKey, open_return
from sync_server import audit
from sync_server.api.showing import PIECE
from sync_server.identity.accounts import Role
from tests.support.devices import Handheld
from tests.support.photographs import Camera, Photograph, a_picture
from tests.support.servers import LiveServer

PICTURE = a_picture(320, 240)


@dataclass
class Sent:
    """A record that lists a photograph which came, and one that has not."""

    record: Record
    came: Photograph
    awaited: Photograph


@pytest.fixture
def sent(signed_in: Handheld) -> Sent:
    """From PC Wells's handheld."""
    camera = Camera(signed_in)
    record, [came, awaited] = camera.record_with(PICTURE, a_picture(shade=7))
    camera.submit(record)
    assert camera.bring(came).headers["Homeward-Receipt"]
    return Sent(record, came, awaited)


def asks(handheld: Handheld, one: Photograph, start: int = 0) -> httpx.Response:
    """Ask to look at it, from this byte on."""
    return handheld.as_officer("GET", f"/v1/records/{one.record}/attachments/{one.name}?from={start}")


def looks(server: LiveServer, sent: Sent) -> list[RowMapping]:
    """Every look at its photographs, as the audit has them."""
    with server.context.store.read() as db:
        lines = audit.entries_of(db, str(sent.record.header.record))
    return [line for line in lines if line["what"] == "photograph_viewed"]


def opened(handheld: Handheld, answer: httpx.Response) -> tuple[dict[str, Any], bytes]:
    """What the envelope says of what is in it, and that."""
    directory = handheld.server.context.keys.directory
    _, body = open_return(answer.content, device=handheld.id, key=handheld.kem, directory=directory)
    length = int.from_bytes(body[:4])
    return json.loads(body[4 : 4 + length]), body[4 + length :]


def tablet_of(user: str, server: LiveServer, http: httpx.Client) -> Handheld:
    """A tablet on which this person is signed in."""
    tablet = Handheld(server, http)
    tablet.enrol()
    tablet.sign_in(user)
    return tablet


def test_a_supervisor_looks_at_what_is_before_them_to_decide(
    signed_in: Handheld, sent: Sent, server: LiveServer
) -> None:
    """Sealed to the tablet that asks, as it was taken; and it opens on no other."""
    tablet = tablet_of("sgt.oyelaran", server, signed_in.http)

    answer = asks(tablet, sent.came)

    said, content = opened(tablet, answer)
    assert (answer.status_code, content) == (200, PICTURE)
    whole = {"from": 0, "size": len(PICTURE)}
    assert said == {
        "kind": "attachment",
        "attachment": sent.came.name,
        "media_type": "image/jpeg",
        **whole,
    }
    tablet.kem = KemKey.generate(1)
    with pytest.raises(NotForThisKey):
        opened(tablet, answer)


def test_whoever_wrote_it_looks_at_it_again_and_each_look_is_noted(
    signed_in: Handheld, sent: Sent, server: LiveServer
) -> None:
    """The copy on the handheld is gone by then."""
    assert opened(signed_in, asks(signed_in, sent.came))[1] == PICTURE

    [look] = looks(server, sent)
    assert (look["who"], look["detail"]["device"]) == (signed_in.officer, signed_in.id)
    assert look["detail"]["attachment"] == sent.came.name


def test_it_comes_in_pieces_on_where_the_line_was_cut_and_all_of_them_are_one_look(
    signed_in: Handheld, server: LiveServer
) -> None:
    """A piece that is asked for alone, later or on another handheld, is a look of its own."""
    camera = Camera(signed_in)
    content = PICTURE + shake_256(b"a room").digest(2 * PIECE)
    record, [one] = camera.record_with(content)
    camera.submit(record)
    camera.bring(one)
    sent = Sent(record, one, one)

    got = b""
    while len(got) < len(content):
        said, piece = opened(signed_in, asks(signed_in, one, len(got)))
        assert (said["from"], said["size"]) == (len(got), len(content))
        assert 0 < len(piece) <= PIECE
        got += piece
    assert got == content
    assert len(looks(server, sent)) == 1

    server.clock.later(hours=2)
    signed_in.refreshed()
    opened(signed_in, asks(signed_in, one, PIECE))
    assert len(looks(server, sent)) == 2


def test_what_was_withdrawn_is_shown_on_no_handheld(
    signed_in: Handheld, sent: Sent, server: LiveServer
) -> None:
    """Whoever sent it has taken it back; the console still shows it to those who may read the record."""
    header = sent.record.header
    newer = replace(
        sent.record, header=replace(header, revision=2, base_revision=1, void_reason="Wrong child.")
    )
    assert Camera(signed_in).submit(newer).status_code == 201

    answer = asks(tablet_of("sgt.oyelaran", server, signed_in.http), sent.came)

    assert (answer.status_code, answer.json()["code"]) == (409, "unshowable")
    assert "withdrawn" in answer.json()["says"]
    assert not looks(server, sent)


def test_nobody_else_looks_and_nobody_learns_that_it_is_there(
    signed_in: Handheld, sent: Sent, server: LiveServer
) -> None:
    """A colleague, and the supervisor of another unit."""
    name = sent.record.header.record
    server.add_account(f"pc.{name}", Role.OFFICER)
    server.add_account(f"sgt.{name}", Role.SUPERVISOR, unit="york_response")
    for user in (f"pc.{name}", f"sgt.{name}"):
        stranger = tablet_of(user, server, signed_in.http)

        answer = asks(stranger, sent.came)

        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_record")


def test_what_has_not_come_says_where_it_is(signed_in: Handheld, sent: Sent) -> None:
    """So that the supervisor can ask for it."""
    answer = asks(signed_in, sent.awaited)

    assert (answer.status_code, answer.json()["code"]) == (409, "unshowable")
    assert "still on the device" in answer.json()["says"]
