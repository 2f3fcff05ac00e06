"""What is about to be touched stays where it is while news comes, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from booklets.answers import instant
from field_app.capture.returned import Decided
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.seldom import received
from tests.support.stage import a_stage

pytestmark = pytest.mark.journey

TOP = """id => document.querySelector(`[flt-semantics-identifier="${id}"]`).getBoundingClientRect().top"""
BELOW = ("read_sent", "withdraw")
"""What is touched below everything that a receipt changes."""


def _arrives(model: Model) -> None:
    """The receipt comes, and that the council has its notice."""
    parcel = received(model.home.parcels[0], model.now)
    told = {item.record: {"council_told_at": instant(model.now)} for item in parcel.items}
    model.home = replace(model.home, parcels=(parcel,), told=told)
    model.redraw()


def _is_decided(model: Model) -> None:
    """A sergeant has decided on it, with words of their own and a name that is longer than "waiting"."""
    made = Decided(
        state="approved", by="Sgt Oyelaran-Fitzwilliam", at=model.now, why="Clear and complete. " * 6
    )
    decided = {(item.record, item.rev): made for item in model.home.parcels[0].items}
    model.home = replace(model.home, decided=decided)
    model.redraw()


def test_a_decision_moves_no_button_until_it_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    """Its words come on top of what was sent: they wait behind a line; the head says it."""
    with a_stage(browser, tmp_path) as (stage, screen):
        stage.put("sent-whole")
        stage.tell(_arrives)
        stage.settled(screen)
        before = [screen.page.evaluate(TOP, one) for one in BELOW]
        stage.tell(_is_decided)
        screen.sees("show_new")
        stage.settled(screen)
        screen.expect_reads("sent.state", "Approved")
        assert [screen.page.evaluate(TOP, one) for one in BELOW] == before
        screen.tap("show_new")
        screen.sees("decided")
        screen.misses("show_new")


def test_a_receipt_moves_no_button_of_what_was_sent(browser: Browser, tmp_path: Path) -> None:
    """What says that nobody has been told goes, and the way to read what was sent stays where it was."""
    with a_stage(browser, tmp_path) as (stage, screen):
        stage.put("sent-whole")
        screen.sees("nobody_told")
        stage.settled(screen)
        before = [screen.page.evaluate(TOP, one) for one in BELOW]
        stage.tell(_arrives)
        screen.misses("nobody_told")
        stage.settled(screen)
        assert [screen.page.evaluate(TOP, one) for one in BELOW] == before
        assert stage.models[-1].at is At.SENT
