"""Whoever asked the phone for less motion sees nothing turn; everybody else sees it at work."""

from __future__ import annotations

import flet as ft
import pytest

from field_app.ui import motion
from field_app.ui.screens.entrance import busy
from tests.support.screens import AS_IT_CAME, journey, running


@pytest.mark.parametrize("setting", ["disable_animations", "reduce_motion"])
@pytest.mark.parametrize("asked", [True, False])
def test_nothing_turns_where_the_phone_was_asked_for_less_motion(setting: str, asked: bool) -> None:
    """Android and iOS each have their own word for it."""

    async def main(page: ft.Page) -> None:
        await motion.ask_the_phone(page)
        page.add(busy("Signing in"))

    async def walk() -> None:
        phone = AS_IT_CAME | {setting: asked}
        async with running(main, replies={"get_accessibility_features": phone}) as app:
            assert app.says("Signing in")
            assert bool(app.all(ft.ProgressRing)) is not asked

    journey(walk)


def test_a_phone_that_does_not_say_changes_nothing() -> None:
    """The app opens all the same."""
    refusal = RuntimeError("no such service")

    async def main(page: ft.Page) -> None:
        await motion.ask_the_phone(page)
        page.add(busy("Signing in"))

    async def walk() -> None:
        async with running(main, replies={"get_accessibility_features": refusal}) as app:
            assert app.all(ft.ProgressRing)

    journey(walk)
