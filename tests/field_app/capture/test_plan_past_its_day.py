"""A trigger plan past its own day stays on the child's card, and says so first (B.11, R-32)."""

from __future__ import annotations

from datetime import date

import pytest

from booklets.answers import instant
from field_app.capture.known_card import card_of
from field_app.capture.known_children import child_from
from tests.support.builders import an_id
from tests.support.shift_packs_told import TOLD_AT, a_child


@pytest.mark.parametrize(
    ("again", "first"),
    [
        ("2026-03-13", "Overdue since 13 March 2026: what stands here may hold no longer"),
        ("2026-03-14", "She goes to the arcade."),
        ("2026-03", "She goes to the arcade."),
    ],
)
def test_what_stands_in_an_old_plan_is_read_with_its_age(again: str, first: str) -> None:
    """On the very day it still holds; of a day that nobody knows nothing is said."""
    answers = {"trg.why_words": "She goes to the arcade.", "trg.review_due": again}
    ids = {name: str(an_id(f"plan {name}")) for name in ("record", "incident", "episode")}
    plan_told = {**ids, "form": "trg", "at": instant(TOLD_AT), "answers": answers, "entities": {}}
    child = child_from({**a_child("Amy"), "told": [plan_told]})
    assert child is not None

    plan = card_of(child, {}, date(2026, 3, 14)).plan

    assert plan[0].words == (first,)
    assert plan[-1].words == ("She goes to the arcade.",)
