"""What the review says is missing is one touch away: the question itself, and not the top of its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from field_app.ui import leafing, supervising
from field_app.ui.places import At
from tests.support.browser import PHONE, TABLET
from tests.support.stage import a_stage

pytestmark = pytest.mark.journey

LAST = "pi.rhi_told"
"""The last question of its page."""

# Where what carries an identifier, or one below it, begins on the page.
TOP_OF = """id => { const tops = [...document.querySelectorAll("[flt-semantics-identifier]")]
    .filter(e => (e.getAttribute("flt-semantics-identifier") + ".").startsWith(id + "."))
    .map(e => e.getBoundingClientRect().top);
  return tops.length ? Math.min(...tops) : null; }"""
IN_SIGHT = (
    f"([id, height]) => {{ const top = ({TOP_OF})(id); return top !== null && top >= 0 && top < height; }}"
)


def test_a_row_of_the_review_brings_its_question_into_sight(browser: Browser, tmp_path: Path) -> None:
    """From the top of the review to a question far down its page, in a real browser."""
    with a_stage(browser, tmp_path) as (stage, screen):
        stage.put(At.REVIEW.value)
        screen.sees("needed")
        screen.touch(screen.page.locator(f'[flt-semantics-identifier^="problem.needed:{LAST}."]'))
        screen.page.wait_for_function(IN_SIGHT, arg=[LAST, PHONE[1] * 0.8])


def test_a_sergeant_is_led_from_one_answer_that_is_worth_the_eyes_to_the_next(
    browser: Browser, tmp_path: Path
) -> None:
    """How many there are is said over the decision; each touch of that shows one of them, in their order."""
    with a_stage(browser, tmp_path, size=TABLET) as (stage, screen):
        stage.put(At.CASE.value)
        worth = [spot.name for spot in leafing.noted(supervising.desk_of(stage.models[-1]))]
        assert len(worth) > 1
        assert not all(screen.page.evaluate(IN_SIGHT, [f"ask.{one}", TABLET[1] * 0.8]) for one in worth)
        for name in (*worth, worth[0]):
            screen.tap("look")
            screen.page.wait_for_function(IN_SIGHT, arg=[f"ask.{name}", TABLET[1] * 0.8])
