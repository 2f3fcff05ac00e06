"""What the phone was asked for by whoever set it up: less motion, more contrast.

Whether anything on the screen moves by itself: nothing does where the phone was asked for less motion.
"""

from __future__ import annotations

import contextlib

import flet as ft

_STILL = "homeward.still"
_CONTRAST = "homeward.contrast"


async def ask_the_phone(page: ft.Page) -> None:
    """Ask the phone, and keep what it says for this window. What it does not answer changes nothing."""
    with contextlib.suppress(RuntimeError, TimeoutError):  # how Flet reports a platform's refusal
        asked = await ft.SemanticsService().get_accessibility_features()
        page.session.store.set(_STILL, asked.disable_animations or asked.reduce_motion)
        page.session.store.set(_CONTRAST, asked.high_contrast)


def asks_for_contrast(page: ft.Page) -> bool:
    """Whether the phone has high contrast switched on; not before it was asked."""
    return bool(page.session.store.get(_CONTRAST))


def is_welcome() -> bool:
    """Whether things may move in the window that is being drawn."""
    with contextlib.suppress(RuntimeError):  # drawn outside any window
        return not ft.context.page.session.store.get(_STILL)
    return True
