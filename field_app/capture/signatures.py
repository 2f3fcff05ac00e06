"""A signature as it was drawn on the screen, made into a picture: dark ink on white, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

Point = tuple[int, int]
Stroke = Sequence[Point]
MOST_POINTS = 5_000
"""Nobody's name has more; what is drawn after that is left out."""
_FINER = 3
_PEN = 3
_INK = (17, 24, 39)


def is_drawn(strokes: Sequence[Stroke]) -> bool:
    """Whether there is more than a touch of the pad: somebody's line."""
    return any(len(stroke) > 1 for stroke in strokes)


def drawing_of(strokes: Sequence[Stroke], size: tuple[int, int]) -> bytes:
    """The picture of it, as a PNG three times as fine as the pad. Points are the pad's own."""
    width, height = size
    with Image.new("RGB", (width * _FINER, height * _FINER), "white") as picture:
        pen = ImageDraw.Draw(picture)
        for stroke in strokes:
            fine = [(x * _FINER, y * _FINER) for x, y in stroke]
            if len(fine) > 1:
                pen.line(fine, fill=_INK, width=_PEN * _FINER, joint="curve")
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
