"""From what a camera gives to what may travel: upright, small, and silent about where and with what."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from booklets.answers import Moment, Precision
from field_app.capture.pictures import (
    MOST_BYTES,
    MOST_FILE,
    NOT_AN_IMAGE,
    NOT_WHOLE,
    SMALL_SIDE,
    TOO_LARGE,
    NoPicture,
    prepared,
)
from field_app.store.photos import PIECE
from tests.support.pictures import MARKER, a_photo, a_room, noise, written

RED = (254, 0, 0)


def looked_at(data: bytes) -> Image.Image:
    """The picture as it is shown."""
    return Image.open(io.BytesIO(data))


def is_red(image: Image.Image, place: tuple[int, int]) -> bool:
    """Whether it is red there."""
    red, green, blue = image.convert("RGB").getpixel(place)  # type: ignore[misc]
    return bool(red > 200 and green < 60 and blue < 60)


def test_nothing_but_what_is_to_be_seen_is_left() -> None:
    """No place, no phone, no name, no comment, no XMP, no profile, no hidden preview."""
    file = a_photo()
    assert file.count(MARKER) >= 6

    made = prepared(file).picture

    for data in (made.whole, made.small):
        image = looked_at(data)
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert MARKER not in data
        assert b"Exif" not in data
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_however_the_phone_was_held(orientation: int) -> None:
    """The corner that was up and left in the room is up and left in the picture."""
    upright = a_room((400, 300))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how a camera that was turned stores it
    turned = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    turned.save(out, "JPEG", quality=95, exif=exif)

    image = looked_at(prepared(out.getvalue()).picture.whole)

    assert image.size == (400, 300)
    assert is_red(image, (40, 30))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_what_phones_and_scanners_write_is_taken(form: str) -> None:
    """All become a JPEG."""
    image = looked_at(prepared(written(a_room((300, 200)), form)).picture.whole)
    assert (image.format, image.size) == ("JPEG", (300, 200))
    assert is_red(image, (20, 20))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_of_keeping_colours_is_taken(mode: str) -> None:
    """Scans are grey or black and white; screenshots have a palette, or are transparent."""
    image = a_room((90, 60)).convert("L" if mode == "I;16" else mode)
    image = image.convert("I;16") if mode == "I;16" else image
    made = looked_at(prepared(written(image, "TIFF" if mode in {"CMYK", "I;16"} else "PNG")).picture.whole)
    assert (made.mode, made.size) == ("RGB", (90, 60))


def test_what_is_transparent_is_white() -> None:
    """Not black, on which a drawing could not be seen."""
    made = looked_at(prepared(written(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")).picture.whole)
    assert made.getpixel((20, 20)) == (255, 255, 255)


def test_however_busy_it_is_it_becomes_small_enough_to_send() -> None:
    """Noise is the worst there is."""
    made = prepared(noise((1000, 800))).picture
    assert 50_000 < len(made.whole) <= MOST_BYTES
    assert len(made.small) <= PIECE
    assert max(looked_at(made.small).size) <= SMALL_SIDE


def test_when_it_was_taken_is_read_by_clocks_here_and_not_trusted_to_the_minute() -> None:
    """Before it is taken out of the file; a phone's clock may be wrong."""
    assert prepared(a_photo()).taken == Moment(datetime(2026, 3, 12, 21, 40, 5, tzinfo=UTC), Precision.ABOUT)
    assert prepared(written(a_room((30, 30)), "PNG")).taken is None


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", NOT_AN_IMAGE),
        (b"MZ this is a program", NOT_AN_IMAGE),
        (b"%PDF-1.7 a scan in another form", NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NOT_AN_IMAGE),
        (a_photo((300, 200))[:-2000], NOT_WHOLE),
        (a_bomb(9_000, 9_000), TOO_LARGE),
        (a_bomb(12_000, 12_000), TOO_LARGE),
        (a_bomb(60_000, 60_000), TOO_LARGE),
        (bytes(MOST_FILE + 1), TOO_LARGE),
    ],
    ids=["nothing", "program", "pdf", "drawing", "half", "large", "larger", "bomb", "heavy"],
)
def test_what_is_no_picture_is_refused_in_words(file: bytes, says: str) -> None:
    """By its beginning or by the size it claims, before any work is done on it."""
    with pytest.raises(NoPicture) as refused:
        prepared(file)
    assert str(refused.value) == says


SMALL_PHOTO = a_photo((64, 48))


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
@given(st.integers(0, len(SMALL_PHOTO) - 1), st.integers(0, 255))
def test_a_broken_file_becomes_a_picture_or_is_refused(at: int, byte: int) -> None:
    """Whatever a byte of it has become: nothing else is ever raised, and no marker gets through."""
    broken = SMALL_PHOTO[:at] + bytes([byte]) + SMALL_PHOTO[at + 1 :]
    try:
        made = prepared(broken)
    except NoPicture:
        return
    assert MARKER not in made.picture.whole
