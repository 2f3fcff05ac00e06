"""Somebody's exact words: a bar at the left, the question before, the words largest. Nothing comments."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from booklets.answers import Answer, Moment, Row, Why
from booklets.forms import Kind
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.lettering import lettered
from field_app.ui.widgets.question import question
from field_app.ui.widgets.rows import Look, cells_by_column, row_list
from field_app.ui.widgets.text import reminders
from field_app.ui.widgets.views import FieldActs, FieldView

COLUMNS = (
    FieldView(id="who", kind=Kind.TEXT, label=words.SPEECH_WHO, gaps=()),
    FieldView(id="to", kind=Kind.TEXT, label=words.SPEECH_TO, gaps=()),
    FieldView(
        id="asked",
        kind=Kind.LONG_TEXT,
        label=words.SPEECH_ASKED,
        help=words.SPEECH_ASKED_HELP,
        gaps=(),
        tall=2,
    ),
    FieldView(
        id="said", kind=Kind.LONG_TEXT, label=words.SPEECH_SAID, help=words.SPEECH_SAID_HELP, gaps=(), tall=3
    ),
    FieldView(id="at", kind=Kind.MOMENT, label=words.SPEECH_AT, gaps=(Why.NOT_KNOWN,)),
)
"""The columns of speech where a form gives none of its own."""


def speech(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Words spoken, one row for each time somebody spoke; `known` people are offered for who and to whom."""
    return question(field, answer, act, _speech)


def _speech(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    whole = replace(field, columns=columns_for(field))
    rows = row_list(whole, answer, act, LOOK)
    return k.column([rows, reminders(field.prompts)], 12) if field.prompts else rows


def columns_for(field: FieldView) -> tuple[FieldView, ...]:
    """The form's columns or ours, with the people known here as suggestions for who spoke and to whom.

    "Me" is offered, and kept under the officer's name: everybody else reads it too.
    """
    people = tuple((one.words, one.words) for one in field.known)
    offered = {"who": people, "to": ((field.me or words.ME, words.ME), *people)}
    return tuple(
        column
        if column.choices or column.kind is not Kind.TEXT
        else replace(column, choices=offered.get(column.id, ()))
        for column in field.columns or COLUMNS
    )


def _who(cells: dict[str, str], row: Row) -> str:
    at = row.get("at")
    when = words.clock(at.at) if isinstance(at, Moment) else cells.get("at", "")
    return words.spoke(cells.get("who", ""), cells.get("to", ""), when)


def _summary(field: FieldView, row: Row) -> ft.Control:
    cells = dict(cells_by_column(field, row))
    head = ft.Row(
        [
            k.text(_who(cells, row), t.NOTE, t.QUIET, expand=True),
            k.text(words.EDIT, t.NOTE_STRONG, t.ACTION),
        ],
        spacing=t.ONE,
        vertical_alignment=k.TOP,
    )
    lines: list[ft.Control] = [head]
    if cells.get("asked"):
        lines.append(
            ft.Text(
                spans=[
                    ft.TextSpan(f"{words.ASKED_BEFORE}  ", lettered(t.coloured(t.NOTE, t.QUIET))),
                    ft.TextSpan(words.quoted(cells["asked"]), lettered(t.coloured(t.BODY, t.INK))),
                ]
            )
        )
    said = words.quoted(cells["said"]) if cells.get("said") else words.NO_WORDS_YET
    lines.append(k.text(said, t.TITLE))
    return k.column(lines, 6)


def _spoken(field: FieldView, row: Row) -> str:
    cells = dict(cells_by_column(field, row))
    asked = f"{words.ASKED_BEFORE}: {cells['asked']}. " if cells.get("asked") else ""
    return f"{_who(cells, row)}. {asked}{words.EXACT_WORDS}: {cells.get('said') or words.NO_WORDS_YET}"


LOOK = Look(_summary, _spoken, words.ADD_WORDS, barred=True)
