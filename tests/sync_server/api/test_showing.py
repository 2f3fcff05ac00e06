"""A photograph is looked at on a handheld by whoever decides on its record or wrote it, and nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx
import pytest

from booklets.records import Record
from booklets.sealing import KemKey, NotForThisKey, open_return
from sync_server import audit
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


def asks(handheld: Handheld, one: Photograph) -> httpx.Response:
    """Ask to look at it."""
    return handheld.as_officer("GET", f"/v1/records/{one.record}/attachments/{one.name}")


def opened(handheld: Handheld, answer: httpx.Response) -> tuple[dict[str, str], bytes]:
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
    assert said == {"kind": "attachment", "attachment": sent.came.name, "media_type": "image/jpeg"}
    tablet.kem = KemKey.generate(1)
    with pytest.raises(NotForThisKey):
        opened(tablet, answer)


def test_whoever_wrote_it_looks_at_it_again_and_each_look_is_noted(
    signed_in: Handheld, sent: Sent, server: LiveServer
) -> None:
    """The copy on the handheld is gone by then."""
    assert opened(signed_in, asks(signed_in, sent.came))[1] == PICTURE

    with server.context.store.read() as db:
        lines = audit.entries_of(db, str(sent.record.header.record))
    [look] = [line for line in lines if line["what"] == "photograph_viewed"]
    assert (look["who"], look["detail"]["device"]) == (signed_in.officer, signed_in.id)
    assert look["detail"]["attachment"] == sent.came.name


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
    assert "still on the handheld" in answer.json()["says"]
