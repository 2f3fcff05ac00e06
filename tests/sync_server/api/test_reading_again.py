"""An officer reads again what they sent: only their own, sealed to the handheld that asks, noted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from booklets import wire
from booklets.entities import new_id
from booklets.records import Record
from booklets.sealing import KemKey, NotForThisKey, open_return
from sync_server import audit
from sync_server.identity.accounts import Role
from tests.support.builders import next_revision
from tests.support.devices import Browser, Handheld, from_b64url
from tests.support.servers import LiveServer


@pytest.fixture
def sent(signed_in: Handheld) -> Record:
    """A record that PC Wells has sent from this handheld."""
    record = signed_in.record(record=new_id())
    assert signed_in.submit(signed_in.seal(record)).status_code == 201
    return record


def test_an_officer_reads_again_what_they_sent(signed_in: Handheld, sent: Record) -> None:
    """The newest revision of it, word for word."""
    second = next_revision(sent, {"ret.found_how": "hospital"})
    assert signed_in.submit(signed_in.seal(second)).status_code == 201

    answer = _asks(signed_in, sent)

    assert answer.status_code == 200
    assert (answer.json()["record"], answer.json()["rev"]) == (str(sent.header.record), 2)
    assert wire.record_from_json(_opened(signed_in, answer)["content"]) == second


def test_what_is_read_again_opens_on_no_other_handheld(signed_in: Handheld, sent: Record) -> None:
    """Whoever keeps the answer on the way has nothing."""
    answer = _asks(signed_in, sent)

    signed_in.kem = KemKey.generate(1)
    with pytest.raises(NotForThisKey):
        _opened(signed_in, answer)


def test_each_reading_is_in_the_records_history_and_shown_to_administrators(
    signed_in: Handheld, sent: Record, server: LiveServer
) -> None:
    """Section 62: a look is a look, also at what one has written oneself."""
    for _ in range(2):
        _asks(signed_in, sent)

    with server.context.store.read() as connection:
        entries = audit.entries_of(connection, str(sent.header.record))
    looks = [one for one in entries if one["what"] == "read_again"]
    assert [(one["who"], one["detail"]) for one in looks] == [
        (signed_in.officer, {"device": signed_in.id, "rev": 1})
    ] * 2
    with Browser(server.url) as admin:
        admin.sign_in("admin.frost")
        assert "Read their own record again" in admin.open("/looked?what=read_again").text


def test_nobody_elses_record_is_read_here_and_nobody_learns_that_it_is_there(
    signed_in: Handheld, sent: Record, server: LiveServer
) -> None:
    """Not by a colleague on the same handheld, nor by the supervisor, who has it another way."""
    server.add_account(f"pc.{sent.header.record}", Role.OFFICER)
    unknown = signed_in.as_officer("GET", f"/v1/records/{new_id()}")
    for colleague in (f"pc.{sent.header.record}", "sgt.oyelaran"):
        signed_in.sign_in(colleague)

        refused = _asks(signed_in, sent)

        assert (refused.status_code, refused.json()) == (unknown.status_code, unknown.json())
    assert (unknown.status_code, unknown.json()["code"]) == (403, "not_your_record")
    with server.context.store.read() as connection:
        entries = audit.entries_of(connection, str(sent.header.record))
    assert "read_again" not in {one["what"] for one in entries}


def test_it_stands_in_the_document_with_what_it_needs(server: LiveServer) -> None:
    """Whoever writes another app finds it there."""
    said = httpx.get(f"{server.url}/openapi.json").json()["paths"]["/v1/records/{record}"]["get"]

    assert [one["name"] for one in said["parameters"]] == ["record"]
    assert "Needs a signed-in officer." in said["description"]


def _asks(handheld: Handheld, record: Record) -> httpx.Response:
    return handheld.as_officer("GET", f"/v1/records/{record.header.record}")


def _opened(handheld: Handheld, answer: httpx.Response) -> dict[str, Any]:
    _, body = open_return(
        from_b64url(answer.json()["body"]),
        device=handheld.id,
        key=handheld.kem,
        directory=handheld.server.context.keys.directory,
    )
    said: dict[str, Any] = wire.heard(body)
    return said
