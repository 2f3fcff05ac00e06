"""How a device suits whoever holds it is kept on the device, tells nothing, and never stands in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from field_app.handset.comfort import KEPT_IN, LETTERS, LOOKS, Comfort, keep_comfort, read_comfort


def test_what_was_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    """For everybody on this device."""
    chosen = Comfort(look="contrast", left_handed=True, letters=200)
    keep_comfort(tmp_path, chosen)
    assert read_comfort(tmp_path) == chosen
    assert [file.name for file in tmp_path.iterdir()] == [KEPT_IN], "nothing half written is left"


def test_what_is_kept_says_nothing_about_anybody(tmp_path: Path) -> None:
    """It lies open beside the vaults: a look, a hand, a size."""
    keep_comfort(tmp_path, Comfort(left_handed=True))
    assert json.loads((tmp_path / KEPT_IN).read_text()) == {
        "look": "system",
        "left_handed": True,
        "letters": 100,
    }


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[]",
        '{"look": "pink", "letters": 900, "left_handed": "yes"}',
        '{"look": [], "letters": {}}',
        "\x00",
    ],
)
def test_what_cannot_be_read_is_as_delivered(tmp_path: Path, kept: str) -> None:
    """A damaged file keeps nobody from work."""
    (tmp_path / KEPT_IN).write_text(kept)
    assert read_comfort(tmp_path) == Comfort()
    assert read_comfort(tmp_path / "nowhere") == Comfort()


def test_as_delivered_is_like_the_phone() -> None:
    """The phone's own settings are the usual ones."""
    usual = Comfort()
    assert (usual.look, usual.letters) == (LOOKS[0], LETTERS[0]) == ("system", 100)
