"""A signature, or why there is none: one row, with the name of whoever it is, and never half of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets import in_words
from booklets.answers import Row, answers_from_plain, plain_answers
from booklets.definitions import form
from booklets.photos import everywhere
from booklets.reading import Reader
from booklets.review import has_shape
from booklets.signatures import INSTEAD, is_signature, signed, stands_instead
from tests.support.builders import NIGHT, a_return
from tests.support.signatures import DRAWN_BY_KAREN, KAREN

FIELD = form("ppe").field("ppe.now_signed")


def test_a_drawn_signature_names_its_drawing_and_whoever_signed() -> None:
    """It travels as a photograph does, and comes back as it was sent."""
    answers = {FIELD.id: (DRAWN_BY_KAREN,)}
    assert has_shape(FIELD, answers[FIELD.id])
    assert len(everywhere(answers, ())) == 1
    assert dict(answers_from_plain(plain_answers(answers))) == answers
    assert signed(DRAWN_BY_KAREN, {})["how"] == "drawn"


@pytest.mark.parametrize("how", INSTEAD)
def test_what_stands_instead_keeps_the_name_and_no_drawing(how: str) -> None:
    """Who has signed on paper, or would not, is known all the same."""
    row = stands_instead(how, DRAWN_BY_KAREN, NIGHT)
    assert is_signature((row,))
    assert row["caption"] == "Karen Brook"
    assert "attachment" not in row


@pytest.mark.parametrize(
    "row",
    [
        KAREN,
        {**KAREN, "how": "drawn"},
        {**DRAWN_BY_KAREN, "how": "cannot"},
        {**KAREN, "how": "by_somebody_else"},
        {**DRAWN_BY_KAREN, "pin": "1234"},
    ],
)
def test_half_a_signature_is_none(row: Row) -> None:
    """A name alone has signed nothing, and a drawing is no reason for not signing."""
    assert not is_signature((row,))
    assert not has_shape(FIELD, (row,))
    assert not is_signature((DRAWN_BY_KAREN, DRAWN_BY_KAREN))


def test_who_signed_is_read_and_the_drawing_stands_beside_it() -> None:
    """As a document says it, on a screen and on a page."""
    line = Reader.of(a_return()).line(replace(FIELD, label="Who signs?"), (DRAWN_BY_KAREN,))
    assert line.words == ("Karen Brook: signed (Sat 14 March 2026, 02:41)",)
    assert [(one.words, one.signed) for one in line.pictures] == [(line.words[0], True)]
    because = {**stands_instead("cannot", KAREN, NIGHT), "because": "her hand is bandaged"}
    assert in_words.signature(because) == "Karen Brook: cannot sign, because her hand is bandaged"
