"""Where the officer stands: found at one tap, shown with how exact it is, and taken away again at one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from booklets.answers import Answer, Row, rows_of
from field_app.ui import kit as k
from field_app.ui import position_words, words
from field_app.ui import theme as t
from field_app.ui.guard import guarded
from field_app.ui.hooks import placed, use_value
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView

Finding = Callable[[str], Awaitable[str]]
Seeking = Callable[[str], bool]
_NOTHING_GONE: Row | None = None


def position(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """The position of a place."""
    return question(field, answer, act, _position)


def _position(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.position", _Position, field, answer, act)


@ft.component
def _Position(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    gone, set_gone = use_value(_NOTHING_GONE)
    rows = rows_of(answer)

    def remove() -> None:
        act.put(field.id, None)
        set_gone(rows[0])

    def undo() -> None:
        act.put(field.id, (gone,) if gone else None)
        set_gone(None)

    shown: list[ft.Control] = []
    if rows:
        shown.append(_found(field, rows[0], remove))
    elif gone:
        back = k.quiet_action(f"{field.id}.undo", words.UNDO, undo, label=position_words.BACK)
        said = ft.Container(
            k.text(position_words.REMOVED, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0)
        )
        shown.append(k.live(f"{field.id}.gone", k.line_of([said, back], t.TWO)))
    if act.position is not None:
        begun = partial(set_gone, None)
        shown.append(finding(field.id, act.position, act.seeking, offered=not rows, begun=begun))
    return k.column(shown)


def _found(field: FieldView, row: Row, remove: k.Act) -> ft.Control:
    """How exact first: that is what decides whether it helps whoever goes back there."""
    lines = [
        k.text(position_words.exact(row), t.STRONG),
        k.text(position_words.at_figures(row), t.NOTE, t.QUIET),
    ]
    said = ft.Row(
        [k.icon(ft.Icons.MY_LOCATION_ROUNDED, t.ACTION, 24), ft.Container(k.column(lines, 2), expand=True)],
        spacing=14,
        vertical_alignment=k.CENTRE,
    )
    taken_away = k.quiet_action(f"{field.id}.remove", words.REMOVE, remove, label=position_words.REMOVE)
    return k.live(f"{field.id}.found", k.card([said, k.line_of([taken_away])], 0, 12))


def finding(
    name: str, find: Finding, seeking: Seeking, *, offered: bool, begun: Callable[[], None]
) -> ft.Control:
    """The one way in: it asks the device once, says that it looks, and why where nothing came of it.

    Where the device is being asked already, because the page was left meanwhile, it goes on saying so.
    """
    return placed(f"{name}.finding", _Finding, name, find, seeking, offered, begun)


@ft.component
def _Finding(
    name: str, find: Finding, seeking: Seeking, offered: bool, begun: Callable[[], None]
) -> ft.Control:
    looking, set_looking = use_value(seeking(name))
    told, tell = use_value("")

    async def ask() -> None:
        if looking:
            return
        begun()
        tell("")
        await answered()

    async def answered() -> None:
        set_looking(True)
        try:
            tell(await find(name))
        finally:
            set_looking(False)

    async def go_on() -> None:
        if looking:
            await answered()

    ft.use_effect(guarded(go_on), [])
    if looking:
        ring = ft.ProgressRing(width=24, height=24, stroke_width=3, color=t.ACTION)
        line = ft.Row([ring, k.text(position_words.LOOKING, t.NOTE, expand=True)], spacing=12)
        return k.live(f"{name}.looking", ft.Container(line, padding=t.ONE))
    shown: list[ft.Control] = [k.live(f"{name}.told", k.text(told, t.NOTE))] if told else []
    if offered:
        use = k.second_action(f"{name}.here", position_words.USE, ask, name=ft.Icons.MY_LOCATION_ROUNDED)
        shown.insert(0, use)
    return k.column(shown)
