"""Words, figures and references: what is typed."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets.answers import Answer
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView

LONG_LINES = 4


def text(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A few words on one line; `choices` are suggestions that fill it."""
    return question(field, answer, act, _text)


def long_text(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """An account: as many lines as it takes, with reminders above that insert nothing."""
    return question(field, answer, act, _long_text)


def number(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A figure, kept as it was typed; `unit` stands behind it."""
    return question(field, answer, act, _number)


def reference(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A number of some system: an incident, a crime, a body-worn video."""
    return question(field, answer, act, _reference)


def _put(field: FieldView, act: FieldActs, typed: str) -> None:
    act.put(field.id, typed or None)


def _typed(answer: Answer | None) -> str:
    return answer if isinstance(answer, str) else ""


def _text(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    box = entry(field.id, field.label, _typed(answer), partial(_put, field, act))
    if not field.choices:
        return box
    return k.column([box, _suggestions(field, answer, act)])


def _suggestions(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    def suggest(value: str, said: str) -> ft.Control:
        on = value == answer
        mark = [k.icon(ft.Icons.CHECK_ROUNDED, t.ACTION, 20)] if on else []
        ink = t.ACTION if on else t.INK
        return k.tap(
            f"{field.id}.suggest.{value}",
            words.fill_in(said),
            ft.Row([*mark, k.text(said, t.NOTE_STRONG if on else t.NOTE, ink)], spacing=t.HALF, tight=True),
            partial(act.put, field.id, value),
            role=k.Role.CHOICE,
            chosen=on,
            fill=t.ACTION_SOFT if on else t.CARD,
            edge=t.ACTION if on else t.EDGE_LINE,
            pad=ft.Padding(14, 14, 14, 14),
        )

    return k.line_of([suggest(*one) for one in field.choices])


def _long_text(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    box = entry(field.id, field.label, _typed(answer), partial(_put, field, act), How(lines=LONG_LINES))
    return k.column([reminders(field.prompts), box], 12) if field.prompts else box


def reminders(prompts: tuple[str, ...]) -> ft.Control:
    """Things to think of. Touching one does nothing, so they do not look like buttons."""

    def one(said: str) -> ft.Control:
        return ft.Container(
            k.text(said, t.NOTE, t.QUIET),
            padding=ft.Padding(10, 5, 10, 5),
            border_radius=t.ONE,
            border=ft.Border.all(t.HAIR, t.LINE),
        )

    name = ft.Container(k.text(words.THINK_OF, t.CAPTION, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0))
    return k.column([name, k.line_of([one(p) for p in prompts])])


def _number(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return entry(
        field.id,
        field.label,
        _typed(answer),
        partial(_put, field, act),
        How(keyboard=ft.KeyboardType.NUMBER, unit=field.unit),
    )


def _reference(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    how = How(keyboard=ft.KeyboardType.VISIBLE_PASSWORD)  # a keyboard that suggests nothing at all
    return entry(field.id, field.label, _typed(answer), partial(_put, field, act), how)
