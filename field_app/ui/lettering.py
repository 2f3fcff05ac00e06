"""Words and the signs beside them: the styles of `theme` put to use."""

from __future__ import annotations

import re

import flet as ft

from field_app.ui import theme as t
from field_app.ui.hooks import is_large_text, letters

CENTRE = ft.CrossAxisAlignment.CENTER
_NUMBER = re.compile(r"\b0\d{2,4} \d{3,6}(?: \d{3,4})?\b")
"""A telephone number as it is written in Britain."""
_NO_BREAK, _JOINED = "\u00a0", "\u2060"


def in_one_piece(said: str) -> str:
    """The same with every telephone number on one line: half of one, read out, is another number."""
    return _NUMBER.sub(lambda found: found[0].replace(" ", _NO_BREAK), said)


def lettered(style: ft.TextStyle) -> ft.TextStyle:
    """A style as large as this device is set to show it."""
    larger = letters()
    return style if larger == 1 else t.enlarged(style, larger)


def text(
    value: str,
    style: ft.TextStyle = t.BODY,
    colour: str = t.INK,
    *,
    align: ft.TextAlign | None = None,
    lines: int | None = None,
    expand: bool | int | None = None,
) -> ft.Text:
    """Words in a named style and a colour role; with `lines`, at most so many of them."""
    return ft.Text(
        in_one_piece(value),
        style=lettered(style),
        color=colour,
        text_align=align or ft.TextAlign.START,
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
        expand=expand,
    )


def code(said: str) -> ft.Text:
    """A code that is compared or read out: large, and in one line however large letters are."""
    joined = said.replace("-", f"{_JOINED}-{_JOINED}")
    return text(joined, t.TITLE if is_large_text() else t.DISPLAY)


def heading(
    value: str, style: ft.TextStyle = t.DISPLAY, colour: str = t.INK, *, level: int = 1
) -> ft.Semantics:
    """A heading for eyes and for the screen reader, which jumps from one to the next."""
    return ft.Semantics(
        header=True,
        heading_level=level,
        content=ft.Container(text(value, style, colour), padding=ft.Padding(t.HALF, t.HALF, t.HALF, 0)),
    )


def caption(value: str) -> ft.Semantics:
    """The name of a group: small, strong, quiet. Keyed by its words, as `paragraph` is.

    Among keyed siblings, what has no key is drawn twice once something is put in before it.
    """
    return ft.Semantics(
        key=f"caption.{value}",
        header=True,
        heading_level=2,
        content=ft.Container(text(value, t.CAPTION, t.QUIET), padding=ft.Padding(t.HALF, t.ONE, t.HALF, 0)),
    )


def paragraph(value: str, style: ft.TextStyle = t.BODY, colour: str = t.QUIET) -> ft.Container:
    """Running words, aligned with headings."""
    return ft.Container(
        text(value, style, colour), padding=ft.Padding(t.HALF, 0, t.HALF, 0), key=f"paragraph.{value}"
    )


def icon(name: ft.IconData, colour: str = t.QUIET, size: int = 22) -> ft.Icon:
    """A sign beside words. It grows with the words and is never read aloud."""
    return ft.Icon(name, color=colour, size=round(size * letters()), apply_text_scaling=True)


def flag(name: ft.IconData, said: str, colour: str, style: ft.TextStyle = t.NOTE_STRONG) -> ft.Row:
    """A colour never stands alone: sign, words and colour, always together."""
    return ft.Row(
        [icon(name, colour, 20), text(said, style, colour, expand=True)],
        spacing=t.ONE,
        vertical_alignment=CENTRE,
    )


def late(said: str) -> ft.Row:
    """Late or dangerous: the only use of red."""
    return flag(ft.Icons.WARNING_AMBER_ROUNDED, said, t.LATE)


def soon(said: str) -> ft.Row:
    """Due soon: amber."""
    return flag(ft.Icons.SCHEDULE_ROUNDED, said, t.SOON)


def received(said: str) -> ft.Row:
    """The server has it: the only use of green."""
    return flag(ft.Icons.CHECK_ROUNDED, said, t.RECEIVED)
