"""What grows smaller keeps the room it had, so that what is touched below stays under the thumb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import flet as ft

from field_app.ui import kit as k
from field_app.ui.guard import guarded
from field_app.ui.hooks import keyed, use_value


def steady(key: str, controls: Sequence[ft.Control], spacing: int) -> ft.Control:
    """These under each other, as tall as they were since they stand here, however little is left of them."""
    return keyed(key, _Steady, controls, spacing)


@ft.component
def _Steady(controls: Sequence[ft.Control], spacing: int) -> ft.Control:
    (wide, tall), keep = use_value((0.0, 0.0))

    def measured(event: Any) -> None:
        # Another width, and everything wraps anew: what was tall before says nothing of it.
        if event.width != wide or event.height > tall:
            keep((event.width, event.height))

    inside = ft.Container(k.column(controls, spacing), on_size_change=guarded(measured))
    strut = ft.Container(height=tall or None, width=0)
    return cast("ft.Control", ft.Stack([strut, inside], fit=ft.StackFit.PASS_THROUGH))
