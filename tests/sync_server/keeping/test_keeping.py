"""Attachments are kept under their sum, whole or not at all, in a folder and in a bucket alike."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from sync_server.keeping import KeepingPlace, KeepingUnavailable, NotKept, OtherBytes
from sync_server.keeping.in_bucket import KeptInBucket
from sync_server.keeping.in_files import KeptInFiles
from sync_server.settings import Bucket
from tests.support.buckets import a_bucket, lies_in

FORCE = "north_yorkshire"
UPLOAD = "0b6c9b0e-6f0e-4c50-9a53-2f9d8a1c7e11"
BYTES = sha256(b"a photograph").digest() * 6_250
TOTAL = sha256(BYTES).hexdigest()


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """A bucket of moto's server."""
    with a_bucket() as made:
        yield made


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> KeepingPlace:
    """Each kind of place."""
    if request.param == "folder":
        return KeptInFiles(tmp_path / "attachments")
    return KeptInBucket.at(request.getfixturevalue("bucket"))


def pieces() -> Iterator[bytes]:
    """The bytes as a backup gives them, piece by piece."""
    return (BYTES[at : at + 65_536] for at in range(0, len(BYTES), 65_536))


def test_what_was_kept_is_given_back_byte_for_byte_and_can_be_wound_back(place: KeepingPlace) -> None:
    """A reader of sealed attachments goes over them twice."""
    place.keep(FORCE, TOTAL, pieces())
    place.keep(FORCE, TOTAL, pieces())  # twice is once

    with place.open(FORCE, TOTAL) as file:
        assert file.read() == BYTES
        file.seek(-10, os.SEEK_END)
        assert file.read() == BYTES[-10:]


def test_bytes_of_another_sum_are_kept_under_no_name(place: KeepingPlace) -> None:
    """Neither under the sum that was said nor under their own."""
    said = sha256(b"something else").hexdigest()

    with pytest.raises(OtherBytes):
        place.keep(FORCE, said, pieces())

    for total in (said, sha256(b"nobody sent this").hexdigest()):
        with pytest.raises(NotKept):
            place.open(FORCE, total)


def test_what_is_forgotten_is_gone_and_one_force_has_not_what_another_has(place: KeepingPlace) -> None:
    """And forgetting it again is no mistake."""
    place.keep(FORCE, TOTAL, pieces())
    with pytest.raises(NotKept):
        place.open("seaborough", TOTAL)

    place.forget(FORCE, TOTAL)
    place.forget(FORCE, TOTAL)

    with pytest.raises(NotKept):
        place.open(FORCE, TOTAL)


def test_what_comes_in_piece_by_piece_is_kept_once_all_of_it_is_here(place: KeepingPlace) -> None:
    """Until then nobody finds it under its sum, and afterwards nothing of it lies there as coming in."""
    place.add(FORCE, UPLOAD, 0, BYTES[:70_000])
    with pytest.raises(NotKept):
        place.gather(FORCE, UPLOAD, TOTAL, len(BYTES))
    assert [*place.coming()] == [(FORCE, UPLOAD)]

    place.add(FORCE, UPLOAD, 70_000, BYTES[70_000:])
    place.gather(FORCE, UPLOAD, TOTAL, len(BYTES))

    with place.open(FORCE, TOTAL) as file:
        assert file.read() == BYTES
    assert [*place.coming()] == []


def test_what_a_crash_or_a_retry_left_behind_is_written_over(place: KeepingPlace) -> None:
    """A piece lay there that no transaction counts: it comes again, in another size, and so do others."""
    place.add(FORCE, UPLOAD, 0, BYTES[:10_000])
    place.add(FORCE, UPLOAD, 10_000, b"never counted" * 20_000)
    place.add(FORCE, UPLOAD, 0, BYTES[:70_000])
    place.add(FORCE, UPLOAD, 70_000, BYTES[70_000:])

    place.gather(FORCE, UPLOAD, TOTAL, len(BYTES))

    with place.open(FORCE, TOTAL) as file:
        assert file.read() == BYTES


def test_what_came_and_has_another_sum_is_kept_under_no_name_and_is_gone(place: KeepingPlace) -> None:
    """It begins again from its first byte."""
    said = sha256(b"what was announced").hexdigest()
    place.add(FORCE, UPLOAD, 0, BYTES)

    with pytest.raises(OtherBytes):
        place.gather(FORCE, UPLOAD, said, len(BYTES))

    with pytest.raises(NotKept):
        place.open(FORCE, said)
    assert [*place.coming()] == []


def test_what_is_dropped_is_gone_and_dropping_it_again_is_no_mistake(place: KeepingPlace) -> None:
    """As after a month, or when its record is destroyed."""
    place.add(FORCE, UPLOAD, 0, BYTES)

    place.drop(FORCE, UPLOAD)
    place.drop(FORCE, UPLOAD)

    assert [*place.coming()] == []
    with pytest.raises(NotKept):
        place.gather(FORCE, UPLOAD, TOTAL, len(BYTES))


def test_no_word_from_outside_becomes_the_name_of_what_is_coming_in(place: KeepingPlace) -> None:
    """Neither of an upload nor of a force."""
    for force, upload in (("../elsewhere", UPLOAD), (FORCE, "../" * 12)):
        with pytest.raises(NotKept):
            place.add(force, upload, 0, b"x")


def test_a_piece_without_what_came_before_it_is_refused_in_a_folder(tmp_path: Path) -> None:
    """A hole would be filled with nothing, and found only at the end."""
    place = KeptInFiles(tmp_path / "attachments")
    with pytest.raises(NotKept):
        place.add(FORCE, UPLOAD, 10, BYTES[10:])
    place.add(FORCE, UPLOAD, 0, BYTES[:9])

    with pytest.raises(NotKept):
        place.add(FORCE, UPLOAD, 10, BYTES[10:])


def test_who_was_about_to_write_when_it_was_kept_never_touches_what_is_kept(tmp_path: Path) -> None:
    """A slow retry waits for the lock; by then the file lies under its sum, and is not written to."""
    place = KeptInFiles(tmp_path / "attachments")
    place.add(FORCE, UPLOAD, 0, BYTES)
    [part] = (tmp_path / "attachments").rglob("*.part")
    refused: list[BaseException] = []

    def late() -> None:
        try:
            place.add(FORCE, UPLOAD, 1, b"other bytes")
        except NotKept as error:
            refused.append(error)

    with part.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        writer = threading.Thread(target=late)
        writer.start()
        writer.join(0.3)
        assert writer.is_alive(), "it waits for whoever has the file"
        part.replace(tmp_path / "kept")
    writer.join()

    assert (tmp_path / "kept").read_bytes() == BYTES
    assert len(refused) == 1


@pytest.mark.parametrize(
    ("force", "total"), [("../elsewhere", TOTAL), (FORCE, "../../etc/passwd"), ("", "")]
)
def test_a_name_that_is_no_sum_leads_nowhere(place: KeepingPlace, force: str, total: str) -> None:
    """No word that comes from outside becomes a path."""
    with pytest.raises(NotKept):
        place.open(force, total)


def test_a_folder_holds_nothing_half_written(tmp_path: Path) -> None:
    """The last piece never comes: nothing lies there, not even the part that did."""

    def cut() -> Iterator[bytes]:
        yield BYTES[:65_536]
        raise ConnectionResetError

    place = KeptInFiles(tmp_path / "attachments")
    with pytest.raises(KeepingUnavailable):
        place.keep(FORCE, TOTAL, cut())

    assert [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()] == []


def test_only_the_servers_account_reads_what_lies_in_a_folder(tmp_path: Path) -> None:
    """Sealed as it is."""
    KeptInFiles(tmp_path / "attachments").keep(FORCE, TOTAL, pieces())

    KeptInFiles(tmp_path / "attachments").add(FORCE, UPLOAD, 0, BYTES)

    for path in (tmp_path / "attachments").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_that_cannot_be_written_says_so_and_loses_nothing(tmp_path: Path) -> None:
    """Somebody has put a file where the folder should be."""
    (tmp_path / "attachments").write_text("in the way")

    with pytest.raises(KeepingUnavailable, match="Nothing was lost"):
        KeptInFiles(tmp_path / "attachments").keep(FORCE, TOTAL, pieces())
    with pytest.raises(KeepingUnavailable, match="Nothing was lost"):
        KeptInFiles(tmp_path / "attachments").add(FORCE, UPLOAD, 0, BYTES)


def test_a_bucket_that_is_not_there_says_so_without_its_address_or_key(bucket: Bucket) -> None:
    """Its own words would hold both."""
    place = KeptInBucket.at(Bucket(name="nobody-made-this", endpoint=bucket.endpoint, key=("id", "secret")))

    with pytest.raises(KeepingUnavailable) as why:
        place.keep(FORCE, TOTAL, pieces())
    with pytest.raises(KeepingUnavailable):
        place.add(FORCE, UPLOAD, 0, BYTES)

    assert "Nothing was lost" in str(why.value)
    assert not any(word in str(why.value) for word in ("127.0.0.1", "secret", "nobody-made-this"))


def test_a_bucket_is_given_the_bytes_under_their_sum_below_its_prefix(bucket: Bucket) -> None:
    """So that one bucket can serve more than attachments."""
    KeptInBucket.at(bucket).keep(FORCE, TOTAL, pieces())

    assert f"<Key>homeward/{FORCE}/{TOTAL[:2]}/{TOTAL}</Key>" in lies_in(bucket)
