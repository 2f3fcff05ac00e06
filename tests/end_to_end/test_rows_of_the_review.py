"""What the review says is missing is one touch away: the question itself, and not the top of its page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from field_app.ui import late_answers
from field_app.ui.places import At
from tests.support.browser import PHONE, phone
from tests.support.handsets import an_offline_shift
from tests.support.stage import Stage, served

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
    late_answers.are_let_go()
    with an_offline_shift(tmp_path) as officer:
        stage = Stage(officer=officer)
        with served(stage.main) as url, phone(browser, url) as screen:
            stage.put(At.REVIEW.value)
            screen.sees("needed")
            screen.touch(screen.page.locator(f'[flt-semantics-identifier^="problem.needed:{LAST}."]'))
            screen.page.wait_for_function(IN_SIGHT, arg=[LAST, PHONE[1] * 0.8])
