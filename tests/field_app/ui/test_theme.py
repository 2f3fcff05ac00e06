"""The looks can be read and found, in the rain and by weak eyes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from field_app.ui import theme as t

ASSETS = Path(__file__).parents[3] / "assets"


@pytest.mark.parametrize("look", sorted(t.PALETTES))
def test_every_pair_that_carries_words_stands_apart_by_seven_to_one(look: str) -> None:
    """Forms are filled at night, in rain, in sunlight: AAA, not AA."""
    assert t.too_faint(t.PALETTES[look]) == []


def test_a_faint_pair_is_reported_with_its_figures() -> None:
    """The measure itself: a test that cannot fail proves nothing."""
    assert t.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert t.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_each_weight_is_a_font_of_its_own_in_the_bundle() -> None:
    """One regular file would be thickened by the machine and look smeared."""
    files = [ASSETS / name for name in t.FONTS.values()]
    assert len(set(files)) == 3
    assert all(one.read_bytes()[:4] == b"\x00\x01\x00\x00" for one in files)


def test_the_fonts_carry_their_licence() -> None:
    """The licence has to travel with the files."""
    assert "SIL OPEN FONT LICENSE" in (ASSETS / "fonts" / "OFL.txt").read_text().upper()


def test_every_text_style_names_a_bundled_font() -> None:
    """A style without one falls back to whatever the phone has."""
    styles = [t.DISPLAY, t.TITLE, t.STRONG, t.BODY, t.NOTE, t.NOTE_STRONG, t.CAPTION, t.WAY_OUT, t.FIGURE]
    assert {one.font_family for one in styles} == set(t.FONTS)
    assert min(one.size or 0 for one in styles) >= 15


@pytest.mark.parametrize("name", ["icon.png", "splash.png", "splash_dark.png"])
def test_the_bundle_has_an_icon_and_a_splash(name: str) -> None:
    """Without them the phone shows Flet's own."""
    with Image.open(ASSETS / name) as picture:
        assert picture.size == (512, 512)
