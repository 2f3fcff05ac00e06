"""A fixed word is looked up like the text that it is."""

from __future__ import annotations

from copy import deepcopy

from booklets.answers import Why
from booklets.forms import Kind, Stage


def test_a_word_is_found_by_itself_and_by_its_text() -> None:
    """In a set and in a mapping, whichever of both stands there, and in a copy."""
    assert {Kind.LONG_TEXT.value: 1}[Kind.LONG_TEXT] == {Kind.LONG_TEXT: 1}[Kind("long_text")] == 1
    assert deepcopy(Why.REFUSED) in frozenset({Why.REFUSED})
    assert Why.REFUSED not in frozenset({Why.PENDING, Why.NOT_ASKED})


def test_a_stage_is_reached_by_itself_and_what_comes_after() -> None:
    """In the order in which they stand."""
    assert [one for one in Stage if Stage.CAPTURE.reached_by(one)] == [
        Stage.CAPTURE,
        Stage.COMPLETE,
        Stage.APPROVE,
        Stage.CLOSE,
    ]
