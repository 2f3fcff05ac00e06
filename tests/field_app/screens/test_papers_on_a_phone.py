"""A sergeant reads the records of a case on a phone as well."""

from __future__ import annotations

import re

import flet as ft

from booklets.margin import NOT_ANSWERED
from field_app.ui import supervising_words as words
from field_app.ui.places import At
from field_app.ui.screens import papers
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import standing_at
from tests.support.tabletop import at_the_queue, opens


def test_on_the_narrowest_phone_an_answer_stands_under_its_question(officer: OnShift) -> None:
    """Beside it there was room for three letters: "North Yorkshir e"."""

    async def are_side_by_side(width: int, *, large: bool = False) -> bool:
        async with at_the_queue(officer, width=width, height=844) as (app, model, _):
            if large:
                await app.letters_at_200()
            await opens(app, model)
            return bool(app.all(ft.Container, lambda one: one.width == papers.LABEL))

    async def walk() -> None:
        assert await are_side_by_side(390)
        assert not await are_side_by_side(320)
        assert not await are_side_by_side(390, large=True)

    journey(walk)


def test_a_gap_says_once_that_there_is_no_answer_and_a_phone_counts_them(officer: OnShift) -> None:
    """It stood there twice at each gap, and how many there are stood on a tablet only."""

    async def walk() -> None:
        for width in (390, 820):
            async with standing_at(At.CASE, officer, width=width, height=1180) as (app, _):
                gaps = app.texts().count(words.NOT_ANSWERED)
                assert gaps
                assert not app.says(NOT_ANSWERED)
                assert app.identifiers().count("look") == 1
                needed, pointed_out = map(int, re.findall(r"\d+", str(app.at("look").label)))
                assert needed <= gaps <= needed + pointed_out, (
                    "what is only pointed out may have no answer too"
                )
                assert app.scrolls("look") is (width == 390), "above the record on a phone"

    journey(walk)


def test_in_large_letters_what_stands_above_the_record_goes_with_it(officer: OnShift) -> None:
    """Three ways to decide and the head left a quarter of the screen to read in."""

    async def walk() -> None:
        async with standing_at(At.CASE, officer) as (app, _):
            assert not app.scrolls("back")
            await app.letters_at_200()
            assert app.scrolls("back")
            assert not app.scrolls("lock")
            for way in ("escalate", "send_back", "approve"):
                assert not app.scrolls(way), "each stays under the thumb"

    journey(walk)
