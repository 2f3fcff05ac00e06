"""A day: typed as people write it, or picked from a calendar; shown back in words."""

from __future__ import annotations

import datetime as dt
from functools import partial

import flet as ft

from booklets.answers import Answer
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.guard import guarded
from field_app.ui.hooks import placed, use_kept, use_value
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView
from field_app.ui.widgets.when import iso_date, read_date

FIRST_YEAR = 1900


def date(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A day, kept as ISO 8601. What is not yet a day is not kept as one, and the field says so."""
    return question(field, answer, act, _date)


def _date(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.date", _Day, field, iso_date(answer), act)


@ft.component
def _Day(field: FieldView, answer: dt.date | None, act: FieldActs) -> ft.Control:
    typed, set_typed = use_value(f"{answer:%d/%m/%Y}" if answer else "")
    opened, set_opened = use_value(False)
    echo = use_kept(partial(Echo, answer))
    today = words.local(act.now()).date()
    found = echo.arrived(answer)
    if found != read_date(typed, today):  # news from elsewhere, not what is being typed
        typed = f"{found:%d/%m/%Y}" if found else ""

    def type_(text: str) -> None:
        set_typed(text)
        _put(echo.edited(read_date(text, today)))

    def _put(day: dt.date | None) -> None:
        act.put(field.id, day.isoformat() if day else None)

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_opened(False)  # first, or Flet opens it again
        day = picked_day(event.control.value)
        if day:
            set_typed(f"{day:%d/%m/%Y}")
            _put(echo.edited(day))

    ft.use_dialog(_picker(found, today, picked, partial(set_opened, False)) if opened else None)
    box = entry(
        field.id, field.label, typed, type_, How(keyboard=ft.KeyboardType.DATETIME, hint=words.DATE_HINT)
    )
    calendar = k.tap(
        f"{field.id}.calendar",
        words.open_calendar(field.label),
        k.icon(ft.Icons.CALENDAR_MONTH_OUTLINED, t.ACTION, 24),
        partial(set_opened, True),
        edge=t.EDGE_LINE,
        fill=t.CARD,
        pad=t.TWO,
    )
    said = words.day(found) if found else words.NOT_YET_A_DATE if typed else ""
    line = ft.Row([ft.Container(box, expand=True), calendar], spacing=t.ONE, vertical_alignment=k.TOP)
    return k.column([line, k.paragraph(said, t.NOTE)] if said else [line], t.HALF)


def _picker(found: dt.date | None, today: dt.date, picked: k.Act, closed: k.Act) -> ft.DatePicker:
    return ft.DatePicker(
        value=found or today,
        first_date=dt.date(FIRST_YEAR, 1, 1),
        last_date=dt.date(today.year + 1, 12, 31),
        locale=ft.Locale("en", "GB"),
        help_text=words.CHOOSE_DAY,
        cancel_text=words.CANCEL,
        confirm_text=words.DONE,
        on_change=guarded(picked),
        on_dismiss=guarded(closed),
    )


def picked_day(value: object) -> dt.date | None:
    """The day touched in the calendar: Flet hands local midnight over as an instant in UTC."""
    if not isinstance(value, dt.date):
        return None
    astimezone = getattr(value, "astimezone", None)
    if astimezone is None:
        return value
    at: dt.date = astimezone(words.UK).date()
    return at
