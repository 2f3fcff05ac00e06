"""A day, or as much of one as is known: typed as people write it, or picked from a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import flet as ft

from booklets.answers import Answer
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.comfort import at_hand
from field_app.ui.guard import guarded
from field_app.ui.hooks import keyed, use_kept, use_value
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView
from field_app.ui.widgets.when import (
    FIRST_YEAR,
    as_typed,
    iso_date,
    read_date,
    read_day,
    said_birthday,
    said_date,
)

BIRTHDAY = "dob"
"""The last part of a question's name that asks for a birthday."""
TYPED = "typed"


def date(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """A day, a month or a year, kept as ISO 8601. What is not yet one is not kept, and the field says so."""
    return question(field, answer, act, _date)


def _date(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    kept, today = answer if isinstance(answer, str) else None, words.local(act.now()).date()
    born = field.id.rpartition(".")[2] == BIRTHDAY
    box = _Box(field.id, field.label, read_day, born=born, unread=act.unread, keep=act.keep_unread)
    return keyed(f"{field.id}.date", _Day, box, kept, today, partial(act.put, field.id))


def day_box(
    name: str,
    label: str,
    chosen: dt.date | None,
    now: Callable[[], dt.datetime],
    choose: Callable[[dt.date], None],
) -> ft.Control:
    """A box and a calendar for one whole day, outside a question of its own."""

    def put(kept: str | None) -> None:
        day = iso_date(kept)
        if day:
            choose(day)

    kept, today = chosen.isoformat() if chosen else None, words.local(now()).date()
    return keyed(f"{name}.date", _Day, _Box(name, label, _whole), kept, today, put)


def _whole(typed: str, today: dt.date) -> str | None:
    day = read_date(typed, today)
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class _Box:
    """A box for a day: its name, what a screen reader calls it, and how what is typed is read.

    ``born``: it is a birthday. ``unread`` and ``keep``: what is typed and no day yet, kept with the draft.
    """

    name: str
    label: str
    read: Callable[[str, dt.date], str | None]
    born: bool = False
    unread: Callable[[str], Mapping[str, str]] = lambda _: {}
    keep: Callable[[str, Mapping[str, str]], None] = lambda _name, _parts: None


@ft.component
def _Day(box: _Box, answer: str | None, today: dt.date, put: Callable[[str | None], None]) -> ft.Control:
    half = use_kept(lambda: "" if answer else box.unread(box.name).get(TYPED, ""))
    typed, set_typed = use_value(as_typed(answer or "") or half)
    opened, set_opened = use_value(False)
    echo = use_kept(partial(Echo, answer))
    found = echo.arrived(answer)
    if found != box.read(typed, today):  # news from elsewhere, not what is being typed
        typed = as_typed(found or "")

    def type_(text: str) -> None:
        set_typed(text)
        day = box.read(text, today)
        put(echo.edited(day))
        box.keep(box.name, {TYPED: text} if text.strip() and not day else {})

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_opened(False)  # first, or Flet opens it again
        day = picked_day(event.control.value)
        if day:
            set_typed(as_typed(day.isoformat()))
            put(echo.edited(day.isoformat()))
            box.keep(box.name, {})

    ft.use_dialog(_picker(iso_date(found), today, picked, partial(set_opened, False)) if opened else None)
    how = How(keyboard=ft.KeyboardType.DATETIME, hint=words.DATE_HINT)
    calendar = k.tap(
        f"{box.name}.calendar",
        words.open_calendar(box.label),
        k.icon(ft.Icons.CALENDAR_MONTH_OUTLINED, t.ACTION, 24),
        partial(set_opened, True),
        edge=t.EDGE_LINE,
        fill=t.CARD,
        pad=t.TWO,
    )
    typing = ft.Container(entry(box.name, box.label, typed, type_, how), expand=True)
    line = ft.Row(at_hand([typing, calendar]), spacing=t.ONE, vertical_alignment=k.TOP)
    said = _said(box, found, today) if found or typed else ""
    return k.column([line, k.paragraph(said, t.NOTE)] if said else [line], t.HALF)


def _said(box: _Box, found: str | None, today: dt.date) -> str:
    """The day as it was understood, or how to write one."""
    if found:
        return said_birthday(found, today) if box.born else said_date(found)
    if box.born:
        return words.NOT_YET_A_BIRTHDAY
    return words.NOT_YET_A_DATE if box.read is read_day else words.NOT_YET_A_DAY


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
