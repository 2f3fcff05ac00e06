"""The few shapes every screen is made of: functions from state to controls.

Whatever a thumb or a screen reader needs goes through `tap`, which sets key, identifier, spoken label,
role and size in one place and puts the guard around what happens. Sizes come from padding, never from a
fixed height, so that text at 200 % has room (S-12). `frame` lives in `field_app.ui.frame`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import flet as ft

from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.guard import guarded
from field_app.ui.lettering import (
    CENTRE,
    caption,
    flag,
    heading,
    icon,
    late,
    paragraph,
    received,
    soon,
    text,
)

__all__ = [
    "CENTRE",
    "TOP",
    "WIDE",
    "Act",
    "Role",
    "bar_of",
    "caption",
    "card",
    "column",
    "fact",
    "flag",
    "heading",
    "icon",
    "icon_tap",
    "late",
    "line_of",
    "main_action",
    "notice",
    "paragraph",
    "quiet_action",
    "received",
    "row",
    "rows",
    "second_action",
    "soft_action",
    "soon",
    "tap",
    "text",
    "way_out",
]

Act = Callable[..., Any]
TOP = ft.CrossAxisAlignment.START
WIDE = ft.CrossAxisAlignment.STRETCH


class Role(Enum):
    """What a screen reader calls something touchable."""

    BUTTON = "button"
    CHOICE = "choice"  # one of several: a button that says whether it is the chosen one
    TICK = "tick"  # any of several: a box with a tick


# -- touch -------------------------------------------------------------------------------------------
def tap(
    identifier: str,
    label: str,
    content: ft.Control,
    on_tap: Act,
    *,
    role: Role = Role.BUTTON,
    chosen: bool | None = None,
    opened: bool | None = None,
    fill: str | None = None,
    edge: str | None = None,
    thick: int = t.HAIR,
    pad: ft.Padding | int = t.TWO,
    radius: float = t.RADIUS,
    expand: bool | int | None = None,
    height: int | None = None,
    width: int | None = None,
    align: ft.Alignment | None = None,
    key: str | None = None,
    told: bool = False,
) -> ft.MergeSemantics:
    """The only way to make something touchable.

    `identifier` is the test id and the key among its siblings; `label` is what a screen reader says, the
    whole of it. `chosen` for choices and ticks, `opened` for what folds, `told` for what is read aloud when
    it comes. `on_tap` takes no argument or the event, may be async, and is guarded.
    """
    # Without ink Flet gives it no place in the order of a keyboard. What is drawn is silent, the surface is
    # not: Flet 1.0.5 hands no `on_tap` on, and a screen reader acts by what the surface itself can do.
    silent = ft.Semantics(exclude_semantics=True, content=content)
    surface = ft.Container(silent, on_click=guarded(on_tap), ink=True, bgcolor=fill, padding=pad)
    surface.height, surface.width, surface.alignment, surface.border_radius = height, width, align, radius
    surface.border = ft.Border.all(thick, edge) if edge else None
    named = ft.Semantics(
        identifier=identifier,
        label=label,
        container=True,
        button=True if role is not Role.TICK else None,
        selected=chosen if role is Role.CHOICE else None,
        checked=bool(chosen) if role is Role.TICK else None,
        expanded=opened,
        live_region=told or None,
        content=surface,
    )
    # Merged, or the name would be one thing to a screen reader, and what can be done another without a name.
    return ft.MergeSemantics(named, key=key or identifier, expand=expand)


def icon_tap(
    identifier: str,
    label: str,
    name: ft.IconData,
    on_tap: Act,
    *,
    colour: str = t.INK,
    size: int = t.TARGET,
    sign: int = 26,
) -> ft.MergeSemantics:
    """A sign that can be touched. The label is its name; there is no tooltip to discover."""
    drawn = icon(name, colour, sign)
    return tap(
        identifier,
        label,
        drawn,
        on_tap,
        pad=0,
        width=size,
        height=size,
        radius=size / 2,
        align=ft.Alignment.CENTER,
    )


def main_action(
    identifier: str, said: str, on_tap: Act, *, under: str | None = None, expand: bool | None = True
) -> ft.MergeSemantics:
    """The one filled control of a screen: a verb, and under it where it leads."""
    lines: list[ft.Control] = [text(said, t.STRONG, t.ON_ACTION, align=ft.TextAlign.CENTER)]
    if under:
        lines.append(text(under, t.NOTE, t.ON_ACTION, align=ft.TextAlign.CENTER))
    pad = 10 if under else t.TWO
    label = f"{said}. {under}" if under else said
    return tap(
        identifier,
        label,
        column(lines, 0),
        on_tap,
        fill=t.ACTION,
        pad=ft.Padding(t.ONE, pad, t.ONE, pad),  # in large letters one word needs all the width there is
        expand=expand,
    )


def second_action(
    identifier: str,
    said: str,
    on_tap: Act,
    *,
    name: ft.IconData | None = None,
    label: str | None = None,
    expand: bool | int | None = None,
    colour: str = t.ACTION,
) -> ft.MergeSemantics:
    """An action with a box but no fill: full width unless told to share a row."""
    words_ = text(said, t.STRONG, colour, align=ft.TextAlign.CENTER, expand=True)
    words_.expand_loose = True  # as wide as the words: the sign stays beside them when they wrap
    inside: list[ft.Control] = [icon(name, colour), words_] if name else [words_]
    line = ft.Row(inside, spacing=t.ONE, alignment=ft.MainAxisAlignment.CENTER, vertical_alignment=CENTRE)
    return tap(
        identifier,
        label or said,
        line,
        on_tap,
        edge=t.EDGE_LINE,
        fill=t.CARD,
        pad=ft.Padding(12, 15, 12, 15),
        expand=expand,
    )


def quiet_action(
    identifier: str, said: str, on_tap: Act, *, label: str | None = None, expand: bool | int | None = None
) -> ft.MergeSemantics:
    """Words you can touch: full height, no box."""
    return tap(
        identifier,
        label or said,
        text(said, t.NOTE_STRONG, t.ACTION, align=ft.TextAlign.CENTER),
        on_tap,
        pad=ft.Padding(t.HALF, 14, t.HALF, 14),
        expand=expand,
    )


def way_out(
    identifier: str, label: str, on_tap: Act, *, said: str = words.CANNOT_ANSWER, opened: bool = False
) -> ft.MergeSemantics:
    """'Can't answer': findable, never louder than the question."""
    return tap(
        identifier,
        label,
        text(said, t.WAY_OUT, t.QUIET),
        on_tap,
        opened=opened,
        pad=ft.Padding(t.HALF, 14, t.HALF, 14),
    )


def soft_action(
    identifier: str, said: str, on_tap: Act, *, name: ft.IconData, expand: bool | int | None = 1
) -> ft.MergeSemantics:
    """A start button: softly filled, sign and words; two of them share a row."""
    line = ft.Row([icon(name, t.ACTION, 24), text(said, t.NOTE_STRONG, t.ACTION, expand=True)], spacing=10)
    return tap(
        identifier,
        said,
        line,
        on_tap,
        fill=t.ACTION_SOFT,
        edge=t.SOFT_LINE,
        pad=ft.Padding(12, 17, t.ONE, 17),
        expand=expand,
    )


# -- boxes -------------------------------------------------------------------------------------------
def column(controls: Sequence[ft.Control], spacing: int = t.ONE) -> ft.Column:
    """Things under each other, each as wide as there is room."""
    return ft.Column(list(controls), spacing=spacing, horizontal_alignment=WIDE, tight=True)


def drawn_apart(control: ft.Control) -> ft.Screenshot:
    """Flutter draws what may be asked for a picture apart from all around it; nothing ever asks for one.

    Else each key has the whole page painted anew, and what is out of sight with it: half as long again.
    """
    return ft.Screenshot(control, key=control.key)


def line_of(controls: Sequence[ft.Control], spacing: int = t.ONE) -> ft.Row:
    """Things side by side that move to the next line when there is no room."""
    return ft.Row(list(controls), spacing=spacing, run_spacing=spacing, wrap=True, vertical_alignment=CENTRE)


def card(controls: Sequence[ft.Control], spacing: int = t.ONE, pad: int = t.TWO) -> ft.Container:
    """Things that belong together, in a box."""
    return ft.Container(
        column(controls, spacing),
        bgcolor=t.CARD,
        padding=pad,
        border_radius=t.RADIUS,
        border=ft.Border.all(t.HAIR, t.LINE),
    )


def rows(controls: Sequence[ft.Control], edge: str = t.LINE, indent: int = t.TWO) -> ft.Container:
    """Rows in one box, divided by hairlines that start where the words start."""
    inside: list[ft.Control] = []
    for i, control in enumerate(controls):
        if i:
            inside.append(
                ft.Divider(height=1, thickness=1, color=t.LINE, leading_indent=indent, key=f"rule-{i}")
            )
        inside.append(control)
    clipped = ft.Container(
        column(inside, 0), border_radius=t.RADIUS - t.HAIR, clip_behavior=ft.ClipBehavior.ANTI_ALIAS
    )
    return ft.Container(clipped, bgcolor=t.CARD, border_radius=t.RADIUS, border=ft.Border.all(t.HAIR, edge))


def row(
    identifier: str,
    said: str,
    on_tap: Act,
    *,
    under: str = "",
    name: ft.IconData | None = None,
    colour: str = t.INK,
    aside: str = "",
    sign: ft.IconData = ft.Icons.CHEVRON_RIGHT_ROUNDED,
) -> ft.MergeSemantics:
    """One row of `rows` that leads somewhere: words, quiet words under them, a sign at the end."""
    lines: list[ft.Control] = [text(said, t.BODY, colour)]
    if under:
        lines.append(text(under, t.NOTE, t.QUIET))
    inside: list[ft.Control] = [icon(name, colour, 24)] if name else []
    inside.append(ft.Container(column(lines, 0), expand=True))
    if aside:
        inside.append(text(aside, t.NOTE, t.QUIET))
    inside.append(icon(sign, t.QUIET, 24))
    label = ". ".join(part for part in (said, under, aside) if part)
    pad = 9 if under else t.TWO
    return tap(
        identifier,
        label,
        ft.Row(inside, spacing=12, vertical_alignment=CENTRE),
        on_tap,
        pad=ft.Padding(t.TWO, pad, 12, pad),
        radius=0,
    )


def notice(
    name: ft.IconData,
    said: str,
    *,
    under: str | None = None,
    colour: str = t.SOON,
    fill: str = t.SOON_SOFT,
    action: ft.Control | None = None,
    identifier: str | None = None,
) -> ft.Control:
    """What is so, and what to do about it. In the page, never a pop-up; read aloud when it appears."""
    lines: list[ft.Control] = [text(said, t.NOTE_STRONG, colour)]
    if under:
        lines.append(text(under, t.NOTE, t.INK))
    told = ft.Row(
        [icon(name, colour), ft.Container(column(lines, t.HALF), expand=True)],
        spacing=12,
        vertical_alignment=TOP,
    )
    return ft.Semantics(
        identifier=identifier,
        key=identifier,
        live_region=True,
        container=True,
        content=ft.Container(
            column([told, action], 12) if action else told,
            bgcolor=fill,
            padding=ft.Padding(t.TWO, 14, t.TWO, 14),
            border_radius=t.RADIUS,
            border=ft.Border.all(t.HAIR, colour),
        ),
    )


def live(key: str, content: ft.Control) -> ft.Control:
    """A part that is read aloud when it comes, and whenever it changes."""
    return ft.Semantics(key=key, identifier=key, container=True, live_region=True, content=content)


def bar_of(parts: int, done: int, here: int | None = None) -> ft.Row:
    """Progress in pieces: done, here, to come. Said in words elsewhere, so silent here."""

    def piece(i: int) -> ft.Control:
        full = i < done or i == here
        return ft.Container(
            height=6 if full else 4,
            border_radius=3,
            expand=True,
            # The colour is thinned and not the box: that would be drawn on a sheet of its own at each key.
            bgcolor=t.ACTION if full else ft.Colors.with_opacity(0.45, t.EDGE_LINE),
        )

    return ft.Row([piece(i) for i in range(parts)], spacing=t.HALF, vertical_alignment=CENTRE, height=6)


def fact(
    identifier: str, said: str, under: str, on_tap: Act, *, name: ft.IconData, change: str = words.CHANGE
) -> ft.MergeSemantics:
    """Something the phone filled in: shown as a fact with its source, one tap to change."""
    lines: list[ft.Control] = [text(said)]
    if under:
        lines.append(text(under, t.NOTE, t.QUIET))
    lines.append(text(change, t.NOTE_STRONG, t.ACTION))
    inside = ft.Row(
        [icon(name, t.ACTION, 24), ft.Container(column(lines, 2), expand=True)],
        spacing=14,
        vertical_alignment=CENTRE,
    )
    label = ". ".join(part for part in (said, under, change) if part)
    return tap(
        identifier,
        label,
        inside,
        on_tap,
        fill=t.CARD,
        edge=t.EDGE_LINE,
        pad=ft.Padding(t.TWO, 10, t.TWO, 10),
    )
