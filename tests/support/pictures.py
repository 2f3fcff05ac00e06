"""Pictures as cameras make them, with everything in them that must not travel."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import shake_256

from PIL import Image, ImageDraw, TiffImagePlugin

MARKER = b"Zebedee-Marker-7919"
"""Stands in every part of a marked picture that is not to be seen."""
TAKEN = "2026:03:12 21:40:05"


def a_photo(size: tuple[int, int] = (1600, 1200), *, seed: int = 1, orientation: int = 1) -> bytes:
    """A JPEG of a room, with the place, the phone, a name, a comment, XMP and a profile in it.

    Its upper left corner is red, as the camera held it.
    """
    image = a_room(size, seed=seed)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = exif[0x0110] = exif[0x013B] = MARKER.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (TiffImagePlugin.IFDRational(54), TiffImagePlugin.IFDRational(17), 1)
    gps[0x1B] = MARKER
    known = exif.get_ifd(0x8769)
    known[0x9003] = TAKEN
    known[0x9286] = MARKER
    out = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + MARKER + b"</x:xmpmeta>"
    image.save(
        out,
        "JPEG",
        quality=92,
        exif=exif,
        comment=MARKER,
        xmp=xmp,
        icc_profile=b"\0" * 36 + b"acsp" + MARKER,
    )
    return out.getvalue()


def a_room(size: tuple[int, int], *, seed: int = 1) -> Image.Image:
    """Something with edges in it, red at its upper left corner."""
    drawn = iter(shake_256(b"room %d" % seed).digest(60 * 11))
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        across = sorted(_share(drawn) * size[0] for _ in "ab")
        down = sorted(_share(drawn) * size[1] for _ in "ab")
        colour = (next(drawn), next(drawn), next(drawn))
        draw.rectangle((across[0], down[0], across[1], down[1]), fill=colour)
    draw.rectangle((0, 0, size[0] // 4, size[1] // 4), fill="red")
    return image


def _share(drawn: Iterator[int]) -> float:
    return (next(drawn) * 256 + next(drawn)) / 65536


def noise(size: tuple[int, int]) -> bytes:
    """A PNG that no compression makes small."""
    out = io.BytesIO()
    Image.frombytes("RGB", size, shake_256(b"noise").digest(size[0] * size[1] * 3)).save(out, "PNG")
    return out.getvalue()


def written(image: Image.Image, form: str) -> bytes:
    """The picture in this format."""
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()
