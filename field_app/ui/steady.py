"""What grows smaller keeps the room it had, so that what is touched below stays under the thumb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import flet as ft

from field_app.ui import kit as k
from field_app.ui.guard import guarded
from field_app.ui.hooks import keyed, letters, text_size, use_value

A_LINE = 26
"""How tall a line of running words is, in letters as they come."""


def steady(key: str, controls: Sequence[ft.Control], spacing: int, *, lines: int = 0) -> ft.Control:
    """These under each other, as tall as they were since they stand here, however little is left of them.

    So many ``lines`` more than at first have their room from the beginning: a name is longer than "waiting".
    """
    return keyed(key, _Steady, controls, spacing, lines)


@ft.component
def _Steady(controls: Sequence[ft.Control], spacing: int, lines: int) -> ft.Control:
    (wide, tall), keep = use_value((0.0, 0.0))
    room = lines * A_LINE * text_size().scale * letters()

    def measured(event: Any) -> None:
        # Another width, and everything wraps anew: what was tall before says nothing of it.
        if event.width != wide or event.height > tall:
            keep((event.width, event.height + room))

    inside = ft.Container(k.column(controls, spacing), on_size_change=guarded(measured))
    strut = ft.Container(height=tall or None, width=0)
    stack = cast("ft.Control", ft.Stack([strut, inside], fit=ft.StackFit.PASS_THROUGH))
    return k.column([stack, ft.Container(height=0 if tall else room)], 0)
