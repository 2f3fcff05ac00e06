"""A sergeant reads the records of a case on a phone as well."""

from __future__ import annotations

import flet as ft

from field_app.ui.screens import papers
from tests.support.handsets import OnShift
from tests.support.screens import journey
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
