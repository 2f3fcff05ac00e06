"""Whether anything on the screen moves by itself: nothing does where the phone was asked for less motion."""

from __future__ import annotations

import contextlib

import flet as ft

_STILL = "homeward.still"


async def ask_for_less(page: ft.Page) -> None:
    """Ask the phone, and keep what it says for this window. What it does not answer changes nothing."""
    with contextlib.suppress(RuntimeError, TimeoutError):  # how Flet reports a platform's refusal
        asked = await ft.SemanticsService().get_accessibility_features()
        page.session.store.set(_STILL, asked.disable_animations or asked.reduce_motion)


def is_welcome() -> bool:
    """Whether things may move in the window that is being drawn."""
    with contextlib.suppress(RuntimeError):  # drawn outside any window
        return not ft.context.page.session.store.get(_STILL)
    return True
