"""Rows of one level: calls made, words spoken. Every keystroke is kept; taking away can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import flet as ft

from booklets.answers import Answer, Gap, Moment, Row, Scalar, rows_of
from booklets.forms import MENTIONS, Kind
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import placed, use_kept, use_value
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView, Widget
from field_app.ui.widgets.when import said_date, said_moment

CELL_TALL = 2
Summary = Callable[[FieldView, Row], ft.Control]
Spoken = Callable[[FieldView, Row], str]


@dataclass(frozen=True, slots=True)
class Look:
    """How rows of a kind look when closed, how they are read aloud, and what their buttons say.

    ``few``: a row that stands open by itself shows what it needs, and the rest at a touch.
    """

    summary: Summary
    spoken: Spoken
    add: str
    barred: bool = False
    few: bool = False


@dataclass(frozen=True, slots=True)
class _TakenAway:
    """A row that was removed, and where it stood."""

    index: int
    row: Row


def rows(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Rows with the field's own columns."""
    return question(field, answer, act, _rows)


def _rows(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return row_list(field, answer, act, PLAIN)


def row_list(field: FieldView, answer: Answer | None, act: FieldActs, look: Look) -> ft.Control:
    """The rows, the one being edited, and a button to add one."""
    return placed(f"{field.id}.rows", _RowList, field, answer, act, look)


@ft.component
def _RowList(field: FieldView, answer: Answer | None, act: FieldActs, look: Look) -> ft.Control:
    echo = use_kept(partial(Echo, rows_of(answer)))
    kept = echo.arrived(rows_of(answer))
    first = 0 if field.needed and not kept else None  # always asked: nobody has to open it
    edited, edit = use_value(field.opened if field.opened is not None else first)
    gone, set_gone = use_value(_NOTHING_GONE)
    whole, set_whole = use_value(first is None or not look.few)

    def keep(changed: tuple[Row, ...]) -> None:
        act.put(field.id, echo.edited(changed) or None)

    def cell(index: int, column: str, value: Answer | None) -> None:
        keep(with_cell(echo.shown, index, column, value, field.start))

    def remove(index: int) -> None:
        if index < len(echo.shown):
            taken, left = echo.shown[index], (*echo.shown[:index], *echo.shown[index + 1 :])
            act.put(field.id, left or None)  # first: a row that could not be taken away stays on screen
            echo.edited(left)
            set_gone(_let_go(field, act, _TakenAway(index, taken)))
        edit(None)

    def undo() -> None:
        if gone:
            keep((*echo.shown[: gone.index], gone.row, *echo.shown[gone.index :]))
        set_gone(None)

    def open_(index: int | None) -> None:
        set_gone(None)
        edit(index)

    steps = Steps(open_, cell, remove, None if whole else partial(set_whole, True))
    shown = [_row(field, act, look, i, row, edited=edited, steps=steps) for i, row in enumerate(kept)]
    if edited is not None and edited >= len(kept):
        shown.append(_editor(field, act, edited, dict(field.start), steps))
    if gone:
        shown.append(_undo(field, undo))
    if edited is None:
        shown.append(_add(field, look, kept, partial(open_, len(kept))))
    return k.column(shown)


def _let_go(field: FieldView, act: FieldActs, gone: _TakenAway) -> _TakenAway:
    """What was half typed in a row that is gone is none of the row that takes its place."""
    for column in field.columns:
        act.keep_unread(f"{field.id}.{gone.index}.{column.id}", {})
    return gone


def _add(field: FieldView, look: Look, kept: Sequence[Row], add: k.Act) -> ft.Control:
    said = words.ADD_ANOTHER if kept else look.add
    return k.second_action(f"{field.id}.add", said, add, name=ft.Icons.ADD_ROUNDED, label=look.add)


_NOTHING_GONE: _TakenAway | None = None


def with_cell(
    rows_: Sequence[Row],
    index: int,
    column: str,
    value: Answer | None,
    start: Sequence[tuple[str, Scalar]] = (),
) -> tuple[Row, ...]:
    """The rows with one cell set, or cleared with `None`; a row one past the end is begun.

    A row with nothing in it but what it began with is not kept.
    """
    begun = dict(start)
    row = dict(rows_[index]) if index < len(rows_) else dict(begun)
    row.pop(column, None)
    if value not in (None, "", ()):
        row[column] = cast("Scalar", value)
    if index >= len(rows_):
        return (*rows_, row) if row != begun else tuple(rows_)
    return (*rows_[:index], row, *rows_[index + 1 :])


@dataclass(frozen=True, slots=True)
class Steps:
    """What may be done with a row: open or close it, fill in a cell, take it away, and show all of it."""

    open: Callable[[int | None], None]
    cell: Callable[[int, str, Answer | None], None]
    remove: Callable[[int], None]
    unfold: k.Act | None = None


def _row(
    field: FieldView, act: FieldActs, look: Look, index: int, row: Row, *, edited: int | None, steps: Steps
) -> ft.Control:
    if index == edited:
        return _editor(field, act, index, row, steps)
    label = f"{look.spoken(field, row)}. {words.EDIT}"
    shown = k.tap(
        f"{field.id}.{index}",
        label,
        look.summary(field, row),
        partial(steps.open, index),
        fill=t.CARD,
        pad=ft.Padding(t.TWO, 12, t.TWO, 14),
        radius=0 if look.barred else t.RADIUS,
        edge=None if look.barred else t.LINE,
        expand=True if look.barred else None,
    )
    if not look.barred:
        return shown
    return quotation_bar(shown, f"{field.id}.{index}.bar")


def quotation_bar(content: ft.Control, key: str) -> ft.Container:
    """The bar at the left that sets somebody's own words apart."""
    bar = ft.Container(width=6, bgcolor=t.ACTION)
    line = ft.Row([bar, content], spacing=0, intrinsic_height=True, vertical_alignment=k.WIDE)
    return ft.Container(
        line,
        key=key,
        bgcolor=t.CARD,
        border_radius=t.RADIUS,
        border=ft.Border.all(t.HAIR, t.LINE),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _editor(field: FieldView, act: FieldActs, index: int, row: Row, steps: Steps) -> ft.Control:
    """One row, opened: a question per column. Closing it saves nothing, because everything is saved."""
    from field_app.ui.widgets import widget_for  # noqa: PLC0415 - the table of widgets holds this one too

    prefix = f"{field.id}.{index}."

    def put(full: str, value: Answer | None) -> None:
        steps.cell(index, full.removeprefix(prefix), value)

    acts = replace(act, put=put)
    parts: list[ft.Control] = []
    for column in field.columns:
        if steps.unfold is not None and not column.required and column.id not in row:
            continue
        widget: Widget = widget_for(column.kind)
        parts.append(
            widget(
                replace(column, id=f"{prefix}{column.id}", tall=column.tall or CELL_TALL),
                row.get(column.id),
                acts,
            )
        )
    if steps.unfold is not None:
        parts.append(k.quiet_action(f"{prefix}more", words.MORE_OF_ROW, steps.unfold))
    untouched = field.needed and index == 0 and row == dict(field.start)
    ends = ft.Row(
        [
            k.quiet_action(f"{prefix}remove", words.REMOVE, partial(steps.remove, index)),
            k.second_action(f"{prefix}done", words.DONE, partial(steps.open, None), expand=True),
        ],
        spacing=t.TWO,
    )
    return ft.Container(
        k.column(parts if untouched else [*parts, ends], 12),
        key=f"{prefix}editor",
        bgcolor=t.CARD,
        padding=ft.Padding(12, t.HALF, 12, 12),
        border_radius=t.RADIUS,
        border=ft.Border.all(t.RULE, t.ACTION),
    )


def _undo(field: FieldView, undo: k.Act) -> ft.Control:
    return ft.Semantics(
        key=f"{field.id}.gone",
        container=True,
        live_region=True,
        content=ft.Row(
            [
                ft.Container(k.text(words.REMOVED, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0)),
                k.quiet_action(f"{field.id}.undo", words.UNDO, undo),
            ],
            spacing=t.TWO,
        ),
    )


# -- rows without a look of their own ------------------------------------------------------------------
def cell_words(column: FieldView, value: Scalar | None) -> str:
    """A cell as people read it."""
    match value:
        case None:
            return ""
        case Moment():
            return said_moment(value)
        case Gap():
            return words.WHY_SAID[value.why]
        case str() if column.kind is Kind.DATE:
            return said_date(value)
        case str():
            said = column.words_of(value)
            return words.NO_LONGER_LISTED if column.kind in MENTIONS and said == value else said
        case tuple():
            return ", ".join(column.words_of(code) for code in value)


def _cells(field: FieldView, row: Row) -> list[str]:
    said = (cell_words(column, row.get(column.id)) for column in field.columns)
    return [one for one in said if one]


def _plain_summary(field: FieldView, row: Row) -> ft.Control:
    first, *rest = _cells(field, row) or [words.NOTHING_YET]
    lines: list[ft.Control] = [k.text(first, t.STRONG)]
    lines.extend(k.text(one, t.NOTE, t.QUIET) for one in rest)
    return with_edit(lines)


def with_edit(lines: Sequence[ft.Control]) -> ft.Control:
    """A closed row: its lines, and the word that opens it."""
    return ft.Row(
        [ft.Container(k.column(lines, 2), expand=True), k.text(words.EDIT, t.NOTE_STRONG, t.ACTION)],
        spacing=t.ONE,
        vertical_alignment=k.TOP,
    )


def _plain_spoken(field: FieldView, row: Row) -> str:
    return ". ".join(_cells(field, row)) or words.NOTHING_YET


PLAIN = Look(_plain_summary, _plain_spoken, words.ADD_ROW)


def cells_by_column(field: FieldView, row: Row) -> Mapping[str, str]:
    """Every cell as people read it, by column; empty where there is nothing."""
    return {column.id: cell_words(column, row.get(column.id)) for column in field.columns}
