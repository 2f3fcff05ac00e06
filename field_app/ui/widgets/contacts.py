"""Who was told what: by whom, how, when, and with what outcome."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from booklets.answers import Answer, Row, Why
from booklets.forms import Kind
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.widgets.question import question
from field_app.ui.widgets.rows import Look, cells_by_column, row_list, with_edit
from field_app.ui.widgets.views import FieldActs, FieldView

COLUMNS = (
    FieldView(id="with", kind=Kind.TEXT, label=words.CONTACT_WITH, gaps=()),
    FieldView(id="person", kind=Kind.TEXT, label=words.CONTACT_PERSON, gaps=(Why.NOT_KNOWN, Why.REFUSED)),
    FieldView(id="phone", kind=Kind.REFERENCE, label=words.CONTACT_PHONE, gaps=()),
    FieldView(
        id="method", kind=Kind.ONE_OF, label=words.CONTACT_HOW, choices=words.CONTACT_METHODS, gaps=()
    ),
    FieldView(
        id="direction",
        kind=Kind.ONE_OF,
        label=words.CONTACT_DIRECTION,
        choices=words.CONTACT_DIRECTIONS,
        gaps=(),
    ),
    FieldView(id="at", kind=Kind.MOMENT, label=words.CONTACT_AT, gaps=(Why.NOT_KNOWN,)),
    FieldView(id="told", kind=Kind.LONG_TEXT, label=words.CONTACT_TOLD, gaps=()),
    FieldView(id="response", kind=Kind.LONG_TEXT, label=words.CONTACT_RESPONSE, gaps=()),
    FieldView(id="outcome", kind=Kind.TEXT, label=words.CONTACT_OUTCOME, gaps=()),
    FieldView(id="reference", kind=Kind.REFERENCE, label=words.CONTACT_REFERENCE, gaps=()),
)
"""The columns of contacts where a form gives none of its own."""


def contacts(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Calls and messages, one row each; `known` agencies are offered for who was contacted."""
    return question(field, answer, act, _contacts)


def _contacts(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return row_list(replace(field, columns=columns_for(field)), answer, act, LOOK)


def columns_for(field: FieldView) -> tuple[FieldView, ...]:
    """The form's columns or ours, with the agencies known here as suggestions."""
    offered = tuple((one.words, one.words) for one in field.known)
    return tuple(
        replace(one, choices=offered) if one.id == "with" and not one.choices else one
        for one in field.columns or COLUMNS
    )


def _lines(field: FieldView, row: Row) -> list[str]:
    cells = cells_by_column(field, row)
    who = words.joined(cells.get("with", ""), cells.get("person", ""))
    how = words.joined(cells.get("method", ""), cells.get("at", ""))
    rest = (cells.get(name, "") for name in ("told", "response", "outcome", "reference"))
    return [line for line in (who or words.NOTHING_YET, how, *rest) if line]


def _summary(field: FieldView, row: Row) -> ft.Control:
    first, *rest = _lines(field, row)
    return with_edit([k.text(first, t.STRONG), *(k.text(line, t.NOTE, t.QUIET) for line in rest)])


def _spoken(field: FieldView, row: Row) -> str:
    return ". ".join(_lines(field, row))


LOOK = Look(_summary, _spoken, words.ADD_CONTACT, few=True)
