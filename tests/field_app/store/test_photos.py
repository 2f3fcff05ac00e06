"""Photographs of a draft: sealed piece by piece, read back without being whole, and gone with their keys."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from field_app.store.errors import StoreFull, StoreTampered
from field_app.store.photos import PIECE, Photos, Picture
from tests.support.handsets import OnShift, an_offline_shift, files_under

NOW = datetime(2026, 3, 14, 18, tzinfo=UTC)
WHOLE = b"Zebedee-" * (3 * PIECE // 8) + b"end"
PICTURE = Picture(WHOLE, b"small Zebedee")


@pytest.fixture(scope="module")
def handheld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnShift]:
    """An officer with an open vault."""
    with an_offline_shift(tmp_path_factory.mktemp("photos")) as found:
        yield found


def kept(officer: OnShift) -> Photos:
    """The photographs, for the keeper's thread."""
    return Photos(officer.shift._vault.db)


def put(officer: OnShift, draft: str, picture: Picture = PICTURE) -> UUID:
    """Keep one for a draft."""
    photo = uuid4()
    officer.on_keeper(lambda: kept(officer).put(photo, picture, draft=draft))
    return photo


def whole(officer: OnShift, photo: UUID) -> bytes | None:
    """All of one."""

    def read() -> bytes | None:
        file = kept(officer).opened(photo)
        return file.readall() if file else None

    return officer.on_keeper(read)


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, len(WHOLE)])
def test_what_was_kept_is_read_back(handheld: OnShift, size: int) -> None:
    """Around every edge of a piece."""
    photo = put(handheld, "d1", Picture(WHOLE[:size], b"s"))
    assert whole(handheld, photo) == WHOLE[:size]
    assert handheld.on_keeper(lambda: kept(handheld).small(photo)) == b"s"


def test_it_is_read_from_anywhere(handheld: OnShift) -> None:
    """As a file is, so that it can be sealed for the force without being in memory."""
    photo = put(handheld, "d1")

    def read() -> list[bytes]:
        file = kept(handheld).opened(photo)
        assert file is not None
        file.seek(-3, io.SEEK_END)
        found = [file.read(10) or b""]
        file.seek(PIECE - 2)
        assert file.tell() == PIECE - 2
        return [*found, file.read(2) or b"", file.read(4) or b""]

    assert handheld.on_keeper(read) == [b"end", WHOLE[PIECE - 2 : PIECE], WHOLE[PIECE : PIECE + 4]]


def test_nothing_of_it_lies_readable_on_the_disk(tmp_path: Path) -> None:
    """While it is kept, and once it was erased: not even sealed."""
    with an_offline_shift(tmp_path) as officer:
        put(officer, "d1")
        assert not any(b"Zebedee" in data for data in files_under(tmp_path).values())
        before = officer.on_keeper(lambda: officer.connection().execute("SELECT ct FROM rows").fetchall())
        officer.on_keeper(lambda: kept(officer).keep_only("d1", ()))
        pieces = [row[0][-64:] for row in before if len(row[0]) > PIECE]
        assert len(pieces) == 3
        assert not any(piece in data for piece in pieces for data in files_under(tmp_path).values())


def test_what_a_draft_no_longer_names_is_erased_and_nothing_else(handheld: OnShift) -> None:
    """Another draft's stays."""
    first, second, others = put(handheld, "d2"), put(handheld, "d2"), put(handheld, "d3")
    assert handheld.on_keeper(lambda: kept(handheld).keep_only("d2", {second})) == 1
    assert whole(handheld, first) is None
    assert whole(handheld, second) == whole(handheld, others) == WHOLE


def test_what_was_sent_is_kept_as_long_as_its_copy_and_not_while_a_draft_goes_on(handheld: OnShift) -> None:
    """The force says how long; nothing at all is a choice too."""
    hour = NOW + timedelta(hours=1)
    over, gone_on, at_once = put(handheld, "d4"), put(handheld, "d5"), put(handheld, "d6")

    def work() -> tuple[int, int, int]:
        photos = kept(handheld)
        photos.let_go("d4", until=hour)
        photos.let_go("d5", until=hour)
        photos.let_go("d6", until=None)
        early = photos.erase_due(now=NOW, drafts=())
        return early, photos.erase_due(now=hour, drafts=["d5"]), len(photos.of("d6"))

    assert handheld.on_keeper(work) == (0, 1, 0)
    assert (whole(handheld, over), whole(handheld, at_once)) == (None, None)
    assert whole(handheld, gone_on) == WHOLE


def test_on_a_full_disk_nothing_of_it_is_kept(tmp_path: Path) -> None:
    """Half a photograph would be worse than none, and what was written stays."""
    with an_offline_shift(tmp_path) as officer:
        with officer.full_disk(), pytest.raises(StoreFull):
            put(officer, "d1")
        assert officer.on_keeper(lambda: kept(officer).of("d1")) == frozenset()
        assert officer.on_keeper(lambda: kept(officer).bytes_kept()) == 0
        assert whole(officer, put(officer, "d1")) == WHOLE


def test_a_piece_that_is_taken_away_behind_our_back_is_missed(tmp_path: Path) -> None:
    """As any row is."""
    with an_offline_shift(tmp_path) as officer:
        photo = put(officer, "d1")
        officer.on_keeper(
            lambda: officer.connection().execute("DELETE FROM rows WHERE length(ct) > 65536").fetchall()
        )
        with pytest.raises(StoreTampered):
            whole(officer, photo)


def test_reading_it_takes_the_memory_of_a_piece(handheld: OnShift) -> None:
    """A scan of many pages is read through one after the other."""
    photo = put(handheld, "d7", Picture(bytes(40 * PIECE), b"s"))

    def most_held() -> int:
        file = kept(handheld).opened(photo)
        assert file is not None
        tracemalloc.start()
        try:
            while file.read(PIECE):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert handheld.on_keeper(most_held) < 8 * PIECE
