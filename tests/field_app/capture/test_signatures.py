"""A signature as a picture: dark on white, all of it on the paper, and small enough to send from a lane."""

from __future__ import annotations

import io
from itertools import pairwise

from PIL import Image

from field_app.capture.pictures import prepared
from field_app.capture.signatures import MOST_POINTS, drawing_of, is_drawn

PAD = (320, 190)


def test_what_was_drawn_is_in_the_picture_and_a_touch_is_no_signature() -> None:
    """Along the line it is dark, beside it white."""
    stroke = [(20, 30), (120, 90), (220, 40)]
    assert is_drawn([stroke])
    assert not is_drawn([])
    assert not is_drawn([[(5, 5)]])
    with Image.open(io.BytesIO(drawing_of([stroke, [(5, 5)]], PAD))) as picture:
        assert picture.size == (960, 570)
        dark, white = picture.getpixel((360, 270)), picture.getpixel((900, 500))
    assert max(dark) < 64  # type: ignore[arg-type]
    assert min(white) == 255  # type: ignore[arg-type]


def test_the_fullest_pad_is_a_small_picture() -> None:
    """Scribbling all over it for as long as it takes makes less than a photograph."""
    scribble = [((number * 7) % PAD[0], (number * 13) % PAD[1]) for number in range(MOST_POINTS)]
    assert all(one != other for one, other in pairwise(scribble))
    kept = prepared(drawing_of([scribble], PAD)).picture
    assert len(kept.whole) < 400_000
