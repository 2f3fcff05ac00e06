"""Files that stand in no vault: nothing of what they held is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.store.plain_files import write_over


def test_what_a_file_held_is_written_over_to_its_last_byte_before_its_name_goes(tmp_path: Path) -> None:
    """Whoever still has it open reads nothing of it."""
    plain = tmp_path / "CAP1.jpg"
    plain.write_bytes(b"a face" * 5_000)
    with plain.open("rb") as still_open:
        write_over(plain)
        assert still_open.read() == bytes(30_000)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_over_is_still_there(tmp_path: Path) -> None:
    """A name without its bytes would let nobody try again."""
    with pytest.raises(FileNotFoundError):
        write_over(tmp_path / "CAP1.jpg")
    (tmp_path / "CAP2.jpg").mkdir()
    with pytest.raises(OSError, match="CAP2"):
        write_over(tmp_path / "CAP2.jpg")
    assert (tmp_path / "CAP2.jpg").exists()
