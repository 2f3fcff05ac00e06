"""A photograph comes in by tus over real HTTP: byte after byte, once, whole, and never another's."""

from __future__ import annotations

import os
import threading
from base64 import urlsafe_b64decode

import httpx
import pytest

from booklets.entities import new_id
from booklets.sealing import read_receipt
from sync_server.attachments import watching
from sync_server.db.attachments import kept, upload
from sync_server.db.owed import feed_item
from tests.support.devices import Handheld, a_client
from tests.support.photographs import UPLOADS, Camera, Photograph, checksum
from tests.support.server_data import rows
from tests.support.servers import LiveServer

FORCE = "north_yorkshire"
LARGE = os.urandom(150_000)


@pytest.fixture
def camera(signed_in: Handheld) -> Camera:
    """PC Wells's handheld."""
    return Camera(signed_in)


@pytest.fixture
def photograph(camera: Camera) -> Photograph:
    """One that a received record lists."""
    record, [taken] = camera.record_with(LARGE)
    assert camera.submit(record).status_code == httpx.codes.CREATED
    return taken


def kept_bytes(server: LiveServer, one: Photograph) -> bytes:
    """What lies in the place for attachments."""
    with server.context.place.open(FORCE, one.listed.sha256) as file:
        return file.read()


def test_what_is_spoken_is_told_to_anybody(server: LiveServer) -> None:
    """As tus wants it: without a signature, and without a word about anybody."""
    with a_client(server.url) as http:
        answer = http.options(UPLOADS)

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256"


def test_a_photograph_is_brought_piece_by_piece_and_kept_as_it_was_sealed(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """The last answer says that all of it is kept, and the force's key has signed that."""
    answer = camera.bring(photograph)

    assert answer.status_code == 204
    assert answer.headers["Upload-Offset"] == str(len(photograph.sealed))
    assert kept_bytes(server, photograph) == photograph.sealed
    raw = answer.headers["Homeward-Receipt"]
    receipt = read_receipt(urlsafe_b64decode(raw + "=" * (-len(raw) % 4)), server.context.keys.directory)
    assert receipt.is_for(record=str(photograph.record), rev=0, env_sha256=photograph.listed.sha256)
    [mine] = [row["id"] for row in rows(server.context, upload) if row["attachment"] == photograph.name]
    assert mine not in {one for _, one in server.context.place.coming()}  # not there twice


def test_after_a_cut_it_goes_on_at_the_byte_that_is_safe(camera: Camera, photograph: Photograph) -> None:
    """HEAD says how far it is, and nothing before that is sent again."""
    where = camera.begin(photograph).headers["Location"]
    camera.piece(where, 0, photograph.sealed[:70_000])

    far = camera.how_far(where)
    rest = camera.piece(where, 70_000, photograph.sealed[70_000:])

    assert (far.status_code, far.headers["Upload-Offset"]) == (200, "70000")
    assert far.headers["Upload-Length"] == str(len(photograph.sealed))
    assert "Homeward-Receipt" not in far.headers
    assert rest.headers["Homeward-Receipt"]
    assert camera.how_far(where).headers["Homeward-Receipt"]


def test_beginning_once_more_goes_on_with_the_same(camera: Camera, photograph: Photograph) -> None:
    """The answer to the first beginning was lost: no byte is, and nothing lies there twice."""
    first = camera.begin(photograph)
    camera.piece(first.headers["Location"], 0, photograph.sealed[:70_000])

    again = camera.begin(photograph)

    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Upload-Offset"] == "70000"


def test_a_server_that_was_killed_before_it_wrote_down_the_last_piece_wants_that_one_again(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """All of it lies under its sum; the handheld knows of no answer, sends the last piece, and is done."""
    where = camera.begin(photograph).headers["Location"]
    camera.piece(where, 0, photograph.sealed[:70_000])
    place, name = server.context.place, where.removeprefix(UPLOADS)
    place.add(FORCE, name, 70_000, photograph.sealed[70_000:])
    place.gather(FORCE, name, photograph.listed.sha256, len(photograph.sealed))

    answer = camera.piece(where, 70_000, photograph.sealed[70_000:])

    assert answer.status_code == 204
    assert answer.headers["Homeward-Receipt"]
    assert kept_bytes(server, photograph) == photograph.sealed


def test_where_an_older_backup_was_put_back_it_begins_at_its_first_byte(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """The database says that 70,000 bytes are here, and none are: nothing is ever called kept by that."""
    where = camera.begin(photograph).headers["Location"]
    camera.piece(where, 0, photograph.sealed[:70_000])
    server.context.place.drop(FORCE, where.removeprefix(UPLOADS))

    answer = camera.piece(where, 70_000, photograph.sealed[70_000:])

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    assert camera.how_far(where).headers["Upload-Offset"] == "0"
    assert camera.piece(where, 0, photograph.sealed).headers["Homeward-Receipt"]
    assert kept_bytes(server, photograph) == photograph.sealed


def test_what_is_here_already_is_complete_at_its_beginning(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """The handheld was restored, and has forgotten that it was done."""
    camera.bring(photograph)
    server.context.store.write(lambda db: db.execute(upload.delete()))

    again = camera.begin(photograph)

    assert again.headers["Upload-Offset"] == str(len(photograph.sealed))
    assert again.headers["Homeward-Receipt"]


def test_a_piece_that_does_not_go_on_from_there_is_told_from_where(
    camera: Camera, photograph: Photograph
) -> None:
    """A gap and a repeat alike: nothing of it is kept."""
    where = camera.begin(photograph).headers["Location"]
    camera.piece(where, 0, photograph.sealed[:10])

    for offset in (0, 20):
        answer = camera.piece(where, offset, photograph.sealed[offset : offset + 10])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "10")


def test_of_two_who_bring_the_same_piece_at_once_one_counts(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """The other is told how far it is; the file is whole."""
    where = camera.begin(photograph).headers["Location"]
    statuses: list[int] = []

    def bring() -> None:
        with a_client(server.url) as http:
            own = Handheld(server, http, key=camera.handheld.key, id=camera.handheld.id)
            own.access = camera.handheld.access
            statuses.append(Camera(own).piece(where, 0, photograph.sealed).status_code)

    several = [threading.Thread(target=bring) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()

    assert sorted(statuses) == [204, 409, 409, 409]
    assert kept_bytes(server, photograph) == photograph.sealed


def test_a_piece_that_was_altered_is_not_kept(camera: Camera, photograph: Photograph) -> None:
    """By its own checksum; by its signature, a stranger could not have altered it anyway."""
    where = camera.begin(photograph).headers["Location"]

    wrong = camera.piece(where, 0, b"other bytes", Upload_Checksum=checksum(b"these bytes"))
    right = camera.piece(where, 0, photograph.sealed[:10], Upload_Checksum=checksum(photograph.sealed[:10]))

    assert (wrong.status_code, wrong.json()["code"]) == (460, "wrong_checksum")
    assert (right.status_code, right.headers["Upload-Offset"]) == (204, "10")


def test_what_is_not_the_file_that_was_announced_is_never_complete(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """All of it came, and its sum is another: it is removed, and begins again from the first byte."""
    where = camera.begin(photograph).headers["Location"]
    other = os.urandom(len(photograph.sealed))

    answer = camera.piece(where, 0, other)

    assert (answer.status_code, answer.json()["code"]) == (460, "not_the_file")
    assert camera.how_far(where).status_code == 404
    assert [row for row in rows(server.context, kept) if row["attachment"] == photograph.name] == []
    assert camera.begin(photograph).headers["Upload-Offset"] == "0"
    assert camera.bring(photograph).headers["Homeward-Receipt"]


def test_a_record_that_lists_another_file_takes_no_other(camera: Camera, photograph: Photograph) -> None:
    """Refused at the beginning, before anything is sent."""
    other = Photograph(photograph.listed, photograph.record, photograph.sealed + b"more")

    answer = camera.begin(other)

    assert (answer.status_code, answer.json()["code"]) == (409, "listed_otherwise")


def test_another_handheld_brings_nothing_that_this_ones_record_lists(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """Nor does it learn how far it is, nor end it."""
    where = camera.begin(photograph).headers["Location"]
    other = Handheld(server, camera.handheld.http)
    other.enrol()
    other.sign_in("pc.wells")
    stranger = Camera(other)

    assert stranger.begin(photograph).json()["code"] == "not_your_attachment"
    assert stranger.how_far(where).status_code == 404
    assert stranger.piece(where, 0, photograph.sealed).status_code == 404
    assert stranger.give_up(where).status_code == 404


def test_what_no_record_lists_yet_is_taken_and_the_record_finds_it_here(
    camera: Camera, server: LiveServer
) -> None:
    """The photograph was faster than its record."""
    record, [taken] = camera.record_with(LARGE)

    assert camera.bring(taken).headers["Homeward-Receipt"]
    camera.submit(record)

    [news] = [
        row["detail"]
        for row in rows(server.context, feed_item)
        if row["record"] == str(taken.record) and row["kind"] == "status"
    ]
    assert news["attachments"] == {"here": 1, "of": 1}  # type: ignore[index]


def test_what_is_larger_than_the_force_takes_is_refused_before_a_byte_is_sent(camera: Camera) -> None:
    """400 kB before it is sealed; what a received record lists is taken all the same, for it exists."""
    record, [large] = camera.record_with(os.urandom(500_000))

    refused = camera.begin(large)
    camera.submit(record)
    taken = camera.begin(large)

    assert (refused.status_code, refused.json()["code"]) == (413, "attachment_too_large")
    assert taken.status_code == 201


def test_what_is_given_up_is_gone_and_can_begin_again(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """Termination, as tus calls it."""
    where = camera.begin(photograph).headers["Location"]
    camera.piece(where, 0, photograph.sealed[:10])

    assert camera.give_up(where).status_code == 204
    assert camera.how_far(where).status_code == 404
    watching.look_once(server.context)
    assert where.removeprefix(UPLOADS) not in {one for _, one in server.context.place.coming()}
    assert camera.begin(photograph).headers["Upload-Offset"] == "0"


def test_what_nobody_goes_on_with_expires(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """After a month: it costs room, and the handheld has it still."""
    begun = camera.begin(photograph)
    camera.piece(begun.headers["Location"], 0, photograph.sealed[:10])
    server.clock.later(days=31)
    camera.handheld.sign_in("pc.wells")

    gone = camera.how_far(begun.headers["Location"])
    watching.look_once(server.context)

    assert gone.status_code == 404
    name = begun.headers["Location"].removeprefix(UPLOADS)
    assert name not in {row["id"] for row in rows(server.context, upload)}
    assert name not in {one for _, one in server.context.place.coming()}


def test_what_has_expired_and_lies_there_still_goes_on(
    camera: Camera, photograph: Photograph, server: LiveServer
) -> None:
    """Nobody has looked yet: beginning it again is quicker than sending it again."""
    where = camera.begin(photograph).headers["Location"]
    camera.piece(where, 0, photograph.sealed[:10])
    server.clock.later(days=31)
    camera.handheld.sign_in("pc.wells")

    again = camera.begin(photograph)

    assert again.headers["Upload-Offset"] == "10"
    assert camera.piece(again.headers["Location"], 10, photograph.sealed[10:]).status_code == 204


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Upload_Length": ""}, 400),
        ({"Upload_Length": "0"}, 400),
        ({"Upload_Length": "-5"}, 400),
        ({"Upload_Metadata": ""}, 400),
        ({"Upload_Metadata": "att !!"}, 400),
        ({"Upload_Metadata": "att " + "QQ==" * 400}, 400),
        ({"Tus_Resumable": "0.2.2"}, 412),
    ],
)
def test_what_is_no_tus_is_refused_in_words(
    camera: Camera, photograph: Photograph, said: dict[str, str], status: int
) -> None:
    """And every answer says which version is spoken."""
    answer = camera.begin(photograph, **said)

    assert answer.status_code == status
    assert answer.json()["says"]
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_a_piece_of_another_type_is_refused(camera: Camera, photograph: Photograph) -> None:
    """As tus wants it."""
    where = camera.begin(photograph).headers["Location"]

    assert camera.piece(where, 0, b"x", Content_Type="text/plain").status_code == 415


def test_a_refusal_of_head_says_its_word_in_a_header(camera: Camera) -> None:
    """An answer to HEAD has no body to say it in."""
    answer = camera.how_far(f"{UPLOADS}{new_id()}")

    assert (answer.status_code, answer.headers["Homeward-Refused"]) == (404, "no_such_upload")


def test_a_repeated_request_is_no_second_piece(camera: Camera, photograph: Photograph) -> None:
    """Whoever copies a signed piece off the line and sends it again changes nothing."""
    where = camera.begin(photograph).headers["Location"]
    request = camera.handheld.signed(
        "PATCH",
        where,
        content=photograph.sealed[:10],
        headers={
            "Authorization": f"Homeward {camera.handheld.access}",
            "Tus-Resumable": "1.0.0",
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
        },
    )
    first, again = (camera.handheld.http.send(request) for _ in range(2))

    assert (first.status_code, again.status_code) == (204, 409)
    assert camera.how_far(where).headers["Upload-Offset"] == "10"
