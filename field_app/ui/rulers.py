"""How large letters are and how much room there is: Flet tells neither, so unseen rulers are measured."""

from __future__ import annotations

import flet as ft

from field_app.ui.guard import guarded
from field_app.ui.hooks import room, text_size

_RULER = "0" * 10
_RULER_SIZE = 20


def measured(event: ft.LayoutSizeChangeEvent[ft.LayoutControl]) -> None:
    """The ruler has been laid out: that is how large text is now."""
    now = round(event.height / _RULER_SIZE, 2)
    size = text_size()
    if size.scale != now:
        size.scale = now


def measured_room(event: ft.LayoutSizeChangeEvent[ft.LayoutControl]) -> None:
    """The screen has been laid out: that is how wide it is now."""
    now = round(event.width)
    found = room()
    if found.width != now:
        found.width = now


def rulers() -> list[ft.Control]:
    """What every screen begins with, unseen: how large letters are, and how much room there is."""
    return [ruler(), ft.Container(height=0, on_size_change=guarded(measured_room))]


def ruler() -> ft.Control:
    """Ten figures nobody sees or hears, as tall as the phone's text makes them.

    They lie in a scrolling part of no height: only there do they keep their own size.
    """
    figures = ft.Container(
        ft.Text(_RULER, style=ft.TextStyle(size=_RULER_SIZE, height=1.0), max_lines=1),
        opacity=0,
        on_size_change=guarded(measured),
    )
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(ft.Column([figures], scroll=ft.ScrollMode.HIDDEN), height=0),
    )
