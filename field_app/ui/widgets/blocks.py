"""Answers to touch: equal blocks side by side, and rows. Chosen is never shown by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.comfort import at_hand
from field_app.ui.hooks import placed, use_large_text
from field_app.ui.widgets.views import Choice

Chosen = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Block:
    """One of a few equal blocks: what it puts, its words, and quiet words under them."""

    value: str
    words: str
    under: str = ""


def blocks(name: str, options: Sequence[Block], chosen: str | None, choose: Chosen) -> ft.Control:
    """Equal blocks side by side, or stacked when text is large; the chosen one is filled and ticked."""
    return placed(f"{name}.blocks", _Blocks, name, tuple(options), chosen, choose)


@ft.component
def _Blocks(name: str, options: tuple[Block, ...], chosen: str | None, choose: Chosen) -> ft.Control:
    large = use_large_text()
    shown = [_block(name, one, choose, on=one.value == chosen) for one in options]
    if large:
        for one in shown:
            one.expand = None
        return k.column(shown)
    return ft.Row([*shown], spacing=t.ONE, intrinsic_height=True, vertical_alignment=k.WIDE)


def _block(name: str, one: Block, choose: Chosen, *, on: bool) -> ft.MergeSemantics:
    ink = t.ON_ACTION if on else t.INK
    tick = [k.icon(ft.Icons.CHECK_ROUNDED, ink, 18)] if on else []
    lines: list[ft.Control] = [
        ft.Row(
            [*tick, k.text(one.words, t.STRONG, ink, align=ft.TextAlign.CENTER)],
            spacing=2,
            run_spacing=0,
            wrap=True,
            alignment=ft.MainAxisAlignment.CENTER,
            vertical_alignment=k.CENTRE,
        )
    ]
    if one.under:
        lines.append(k.text(one.under, t.NOTE, ink if on else t.QUIET, align=ft.TextAlign.CENTER))
    pad = 9 if one.under else t.TWO
    return k.tap(
        f"{name}.{one.value}",
        f"{one.words} {one.under}".strip(),
        ft.Column(lines, spacing=0, alignment=ft.MainAxisAlignment.CENTER, horizontal_alignment=k.CENTRE),
        partial(choose, one.value),
        role=k.Role.CHOICE,
        chosen=on,
        fill=t.ACTION if on else t.CARD,
        edge=t.ACTION if on else t.EDGE_LINE,
        pad=ft.Padding(2, pad, 2, pad),
        expand=1,
    )


def choice_rows(
    name: str,
    options: Sequence[Choice],
    chosen: Collection[str],
    choose: Chosen,
    *,
    many: bool = False,
    under: dict[str, str] | None = None,
    beside: Callable[[str], ft.Control | None] | None = None,
) -> ft.Container:
    """Answers as rows, the whole row touchable: round marks for one of them, square marks for any."""

    def one_row(code: str, said: str) -> ft.Control:
        quiet = (under or {}).get(code, "")
        row = _row(name, code, said, quiet, choose, on=code in chosen, many=many)
        more = beside(code) if beside else None
        if more is None:
            return row
        row.expand = True
        line = ft.Row(at_hand([row, more]), spacing=0, vertical_alignment=k.CENTRE)
        fill = t.ACTION_SOFT if code in chosen else None
        return ft.Container(line, bgcolor=fill, key=f"{name}.{code}.line")

    return k.rows([one_row(*one) for one in options], edge=t.EDGE_LINE, indent=0)


def _row(
    name: str, code: str, said: str, under: str, choose: Chosen, *, on: bool, many: bool
) -> ft.MergeSemantics:
    lines: list[ft.Control] = [k.text(said, t.STRONG if on else t.BODY, t.ACTION if on else t.INK)]
    if under:
        lines.append(k.text(under, t.NOTE, t.QUIET))
    inside = ft.Row(
        [
            k.icon(_mark(many, on), t.ACTION if on else t.EDGE_LINE, 24),
            ft.Container(k.column(lines, 0), expand=True),
        ],
        spacing=14,
        vertical_alignment=k.CENTRE,
    )
    pad = 9 if under else 15
    return k.tap(
        f"{name}.{code}",
        f"{said}. {under}" if under else said,
        inside,
        partial(choose, code),
        role=k.Role.TICK if many else k.Role.CHOICE,
        chosen=on,
        fill=t.ACTION_SOFT if on else None,
        radius=0,
        pad=ft.Padding(t.TWO, pad, t.TWO, pad),
    )


def _mark(many: bool, on: bool) -> ft.IconData:
    if many:
        return ft.Icons.CHECK_BOX_ROUNDED if on else ft.Icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED
    return ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED if on else ft.Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
