"""A child who has rung and was seen by nobody: the card says so, and tells nobody that they were found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from booklets import definitions
from field_app.capture.known_card import Card, card_of
from field_app.capture.known_children import child_from
from tests.support.shift_packs_told import TOLD_AT, a_child, a_moment
from tests.support.walks import FORCE


def card_with_a_return(how: str) -> Card:
    """The card of a missing child beside whose report there is such a return."""
    told: dict[str, Any] = a_child("Amy", missing=True)
    [report] = told["told"]
    said = {"ret.found_how": how, "ret.found_at": a_moment(TOLD_AT - timedelta(minutes=5))}
    told["told"].append({**report, "record": "return", "form": "ret", "answers": said, "entities": {}})
    child = child_from(told)
    assert child is not None
    return card_of(child, definitions.force(FORCE))


@pytest.mark.parametrize(("how", "rang"), [("phoned", True), ("alone", False)])
def test_a_call_is_said_under_missing_now_and_is_no_place_where_the_child_was_found(
    how: str, *, rang: bool
) -> None:
    """R-08b: whoever looks for the child goes on, and knows of the call and when it was."""
    card = card_with_a_return(how)

    said = [one.words for one in card.missing if one.id == "ret.found_how"]
    assert said == ([("Rang or messaged us, not seen yet",)] if rang else [])
    assert any(one.id == "ret.found_at" for one in card.missing) is rang
    assert bool(card.found) is not rang
