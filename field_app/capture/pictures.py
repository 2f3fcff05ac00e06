"""From the file that a camera gives to a small JPEG that says nothing but what is to be seen.

Turned the right way up, shrunk, and drawn anew: no place, no time, no name of the phone, no comment, no
colour profile and no hidden preview comes along. When it was taken is read before that, for the officer
to see. Nothing here touches a disk.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from booklets.answers import Moment, Precision
from booklets.checks.dates import uk_time
from booklets.errors import BookletError
from field_app.store.photos import PIECE, Picture

MOST_BYTES: Final = 400_000
MOST_FILE: Final = 32_000_000
MOST_PIXELS: Final = 64_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
SIDES: Final = (2048, 1600, 1280, 1024, 800, 640)
QUALITIES: Final = (85, 75, 65, 55)
SMALL_SIDE: Final = 320
SMALL_QUALITY: Final = 70
_EXIF, _TAKEN, _OFFSET = 0x8769, 0x9003, 0x9011


class NoPicture(BookletError):
    """This file does not become a photograph, and why. Nothing was kept of it, and nothing else was lost."""

    code = "no_picture"


NOT_AN_IMAGE: Final = "That file is no picture that opens here. Choose a photo or a scan, as JPEG or PNG."
NOT_WHOLE: Final = "Only part of that picture is there, so it was not added. Take or choose another."
TOO_LARGE: Final = "That picture is too large to open here. Choose a smaller one, or take a photo of it."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photograph that is ready to be kept, and when it was taken if the file says so."""

    picture: Picture
    taken: Moment | None


def prepared(file: bytes) -> Prepared:
    """Make a photograph of what was taken or chosen. Raises NoPicture, in words. Takes a second or two."""
    if len(file) > MOST_FILE:
        raise NoPicture(TOO_LARGE)
    with _in_words(), Image.open(io.BytesIO(file), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise NoPicture(TOO_LARGE)
        taken = _taken(opened)
        opened.draft("RGB", (SIDES[0], SIDES[0]))  # of a large JPEG only as much is read as is wanted
        upright = ImageOps.exif_transpose(opened)
        flat = _flat(upright)
    return Prepared(Picture(_fitting(flat), _small(flat)), taken)


@contextmanager
def _in_words() -> Iterator[None]:
    """Whatever Pillow finds wrong with a file, said so that an officer knows what to do."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise NoPicture(TOO_LARGE) from None
    except UnidentifiedImageError:
        raise NoPicture(NOT_AN_IMAGE) from None
    except (OSError, ValueError, SyntaxError, LookupError, EOFError):
        raise NoPicture(NOT_WHOLE) from None


def _flat(image: Image.Image) -> Image.Image:
    """The pixels alone, on white where they were transparent, in a picture that never held anything else."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A"))
        return flat
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    flat = Image.new("RGB", image.size)
    flat.paste(image.convert("RGB"))
    return flat


def _fitting(flat: Image.Image) -> bytes:
    """As large and as good as fits into what may be sent."""
    smallest = b""
    for side, quality in _ladder():
        smallest = _written(_within(flat, side), quality)
        if len(smallest) <= MOST_BYTES:
            break
    return smallest


def _ladder() -> Iterator[tuple[int, int]]:
    return ((side, quality) for side in SIDES for quality in QUALITIES)


def _small(flat: Image.Image) -> bytes:
    small = _written(_within(flat, SMALL_SIDE), SMALL_QUALITY)
    return small if len(small) <= PIECE else _written(_within(flat, SMALL_SIDE // 2), SMALL_QUALITY)


def _within(flat: Image.Image, side: int) -> Image.Image:
    scale = side / max(flat.size)
    if scale >= 1:
        return flat
    width, height = (max(1, round(length * scale)) for length in flat.size)
    return flat.resize((width, height), Image.Resampling.LANCZOS)


def _written(flat: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _taken(opened: Image.Image) -> Moment | None:
    """When the camera says that it was: by its own clock, which may be wrong, so "about"."""
    try:
        said = opened.getexif().get_ifd(_EXIF)
        at = datetime.strptime(str(said[_TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - below
        offset = str(said.get(_OFFSET, "")).strip("\0 ")
        moment = datetime.strptime(f"{at:%c}{offset}", "%c%z") if offset else _by_clocks_here(at)
    except (KeyError, ValueError, OverflowError, SyntaxError, OSError, TypeError, AttributeError):
        return None
    moment = moment.astimezone(UTC)
    return Moment(moment, Precision.ABOUT) if moment <= datetime.now(UTC) + timedelta(days=1) else None


def _by_clocks_here(wall: datetime) -> datetime:
    shown = wall.replace(tzinfo=UTC)
    return shown - (uk_time(shown) - shown)
