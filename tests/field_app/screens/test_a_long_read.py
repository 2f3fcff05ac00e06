"""Whoever reads a long time scrolls, and scrolling is a touch: a long read does not end at the PIN."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from field_app.ui.guard import last_touched
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import MORE_STATES, STATES, State, standing_at
from tests.support.tabletop import TABLET

pytestmark = pytest.mark.thorough

PHONE: dict[str, Any] = {"width": 390, "height": 844}
WIDE: dict[str, Any] = TABLET
READ_ON = {
    "event_type": "end",
    "pixels": 40.0,
    "min_scroll_extent": 0.0,
    "max_scroll_extent": 900.0,
    "viewport_dimension": 600.0,
}
READ: dict[str, tuple[At, State]] = {
    **{at.value: (at, state) for at, state in STATES.items()},
    "deciding-sending-back": MORE_STATES["deciding-sending-back"],
    "deciding-pin-again": MORE_STATES["deciding-pin-again"],
}


def what_scrolls(app: Screens) -> list[ft.Column]:
    """Every part that a thumb can move, without the ruler that measures letters unseen."""
    found = app.all(ft.Column, lambda one: one.scroll is not None)
    return [one for one in found if not (len(one.controls) == 1 and one.controls[0].opacity == 0)]


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "tablet"])
@pytest.mark.parametrize("name", READ)
def test_scrolling_is_a_touch_in_every_part_of_every_screen(
    officer: OnShift, name: str, size: dict[str, Any]
) -> None:
    """The queue beside the record, the record, the decision, and what follows from it."""
    at, state = READ[name]

    async def walk() -> None:
        async with standing_at(at, officer, state=state, **size) as (app, _):
            for part in what_scrolls(app):
                before = last_touched(app.page)
                await app.event(part, "scroll", READ_ON)
                assert last_touched(app.page) > before, part.key

    journey(walk)


def test_a_supervisor_s_window_has_more_than_one_part_to_scroll(officer: OnShift) -> None:
    """So that the test above cannot come to look at nothing."""

    async def walk() -> None:
        for at, parts in ((At.QUEUE, 1), (At.CASE, 2), (At.DECIDING, 2)):
            async with standing_at(at, officer, **WIDE) as (app, _):
                assert len(what_scrolls(app)) == parts

    journey(walk)
