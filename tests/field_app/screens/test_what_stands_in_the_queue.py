"""What stands first in the queue of a desk, and beside an answer that somebody has been asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets.decisions import Ask, Outcome
from field_app.capture.duties import Duty
from field_app.ui import supervising_words as words
from tests.support.builders import NIGHT, a_decision, a_return, an_id
from tests.support.handsets import OnShift
from tests.support.queues import an_outcome
from tests.support.screens import journey
from tests.support.tabletop import ASKED, at_the_queue, hears, in_order, opens, papers

pytestmark = pytest.mark.thorough

A_TASK = Duty(
    task=7, kind="find_out", rule="R-08a", record=str(an_id("task")), encounter=str(an_id("of task")),
    form="ret", subject="", owner="response", own=False, set_at=NIGHT, due_at=NIGHT, accepted_at=None,
    delay_reason="", is_open=True,
)  # fmt: skip


def test_danger_stands_above_what_is_to_do_and_all_else_below_it(officer: OnShift) -> None:
    """Whoever touches "New: Danger. Show" has the record before them, however many tasks there are."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            usual = f"case.{model.home.cases[0].encounter}"
            grave = a_return(record=an_id("record grave"), encounter=an_id("encounter grave"))
            tablet.waits(grave, risk=1)
            await hears(app, model, tablet)
            model.home, model.held = replace(model.home, duties=(A_TASK,)), None
            model.redraw()
            await app.settle()
            [task] = [one for one in app.identifiers() if one.startswith("duty.")]
            assert in_order(app, f"case.{an_id('encounter grave')}", task, usual)

    journey(walk)


def test_what_was_sent_back_says_beside_its_answer_what_was_asked(officer: OnShift) -> None:
    """Until it is back: whoever asked, and whoever takes over the desk, reads what the author is asked."""

    async def walk() -> None:
        async with at_the_queue(officer) as (app, model, tablet):
            ret = papers(model)[0].header.record
            decision = a_decision(papers(model), Outcome.RETURN, asks=(Ask(ret, "ret.found_how", ASKED),))
            tablet.hears(*(an_outcome(one, decision, at=tablet.now) for one in papers(model)))
            await hears(app, model, tablet)
            await opens(app, model)
            assert not app.has("approve")
            assert app.says(words.they_ask("PS Marsh", ASKED))

    journey(walk)
