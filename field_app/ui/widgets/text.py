"""Words, figures and references: what is typed."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets.answers import Answer
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.hooks import placed, use_draft, use_kept, use_value
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView

OTHER = "other"
TALL = 4
"""Lines an account starts with where nothing else is said."""


def text(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A few words on one line; with `choices`, suggestions come first."""
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
    if field.choices:
        return placed(f"{field.id}.suggested", _Suggested, field, _typed(answer), act)
    return entry(field.id, field.label, _typed(answer), partial(_put, field, act))


@ft.component
def _Suggested(field: FieldView, typed: str, act: FieldActs) -> ft.Control:
    """Suggestions first; the box to type in comes with 'Other', or when something else was typed."""
    known = typed in dict(field.choices)
    opened, set_opened = use_value(bool(typed) and not known)

    def take(value: str) -> None:
        set_opened(False)
        act.put(field.id, None if value == typed else value)

    chips = [
        _chip(field, value, said, partial(take, value), on=value == typed) for value, said in field.choices
    ]
    chips.append(_chip(field, OTHER, words.OTHER, partial(set_opened, not opened), on=opened))
    parts: list[ft.Control] = [k.line_of(chips)]
    if opened or (typed and not known):
        parts.append(entry(field.id, field.label, typed, partial(_put, field, act)))
    return k.column(parts)


def _chip(field: FieldView, value: str, said: str, on_tap: k.Act, *, on: bool) -> ft.Control:
    mark = [k.icon(ft.Icons.CHECK_ROUNDED, t.ACTION, 18)] if on else []
    ink = t.ACTION if on else t.INK
    return k.tap(
        f"{field.id}.suggest.{value}",
        f"{field.label}: {said}",
        ft.Row([*mark, k.text(said, t.STRONG if on else t.BODY, ink)], spacing=t.HALF, tight=True),
        on_tap,
        role=k.Role.CHOICE,
        chosen=on,
        fill=t.ACTION_SOFT if on else t.CARD,
        edge=t.ACTION if on else t.EDGE_LINE,
        pad=ft.Padding(t.TWO, 14, t.TWO, 14),
    )


def _long_text(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    box = entry(
        field.id, field.label, _typed(answer), partial(_put, field, act), How(lines=field.tall or TALL)
    )
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
    return placed(f"{field.id}.reference", _Reference, field, _typed(answer), act)


@ft.component
def _Reference(field: FieldView, typed: str, act: FieldActs) -> ft.Control:
    """The box, and above it what was given elsewhere already. It never moves: somebody may be typing."""
    echo = use_kept(partial(Echo, typed))
    shown = echo.arrived(typed)
    taken, draw = use_draft(0)

    def put(said: str) -> None:
        _put(field, act, echo.edited(said))

    def take(said: str) -> None:
        put(said)
        draw(lambda times: times + 1)

    again = [
        _chip(field, one, words.same_again(one), partial(take, one), on=False)
        for one in field.earlier
        if one != shown
    ]
    # A keyboard that suggests nothing at all.
    how = How(keyboard=ft.KeyboardType.VISIBLE_PASSWORD, hint=field.hint, taken=taken)
    box = entry(field.id, field.label, shown, put, how)
    return k.column([*([k.line_of(again)] if again else []), box])
