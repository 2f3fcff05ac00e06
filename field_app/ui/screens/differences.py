"""A newer version beside the one before: which answers changed, what stood there and what stands now."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets import reading
from booklets.comparing import Change, Difference
from field_app.capture.cases import Case
from field_app.capture.returned import called
from field_app.ui import deciding
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.hooks import is_large_text
from field_app.ui.lettering import lettered
from field_app.ui.model import Model
from field_app.ui.supervising import Desk, Spot

LONG = 64
"""A text longer than this is shown once, with what was taken away and what was added."""


def compare_action(model: Model, desk: Desk, shown: Case) -> list[ft.Control]:
    """The way to see what changed, where there is a version before."""
    if not any(one.before for one in shown.papers):
        return []
    name = words.STOP_COMPARING if desk.comparing else words.COMPARE
    large = is_large_text()
    act = k.second_action(
        "compare",
        name,
        partial(deciding.compare, model),
        name=None if large else ft.Icons.COMPARE_ARROWS_ROUNDED,
    )
    count = words.changed(len(desk.changes)) if desk.changes else words.NOTHING_CHANGED
    line: ft.Control = k.column([k.text(count, t.NOTE_STRONG), act])
    if not large:
        line = ft.Row(
            [ft.Container(k.text(count, t.NOTE_STRONG), expand=1), ft.Container(act, expand=1)],
            spacing=12,
            vertical_alignment=k.CENTRE,
        )
    line.key = "compare.line"
    return [line, *unanswered(desk, shown), *taken_away(desk)] if desk.comparing else [line]


def unanswered(desk: Desk, shown: Case) -> list[ft.Control]:
    """Questions that were asked and whose answers are as they were: said first."""
    who = called(shown.returned.by) if shown.returned else ""
    left = [
        one
        for one in shown.asks
        if not any((spot.question, spot.entity) == (one.question, one.entity) for spot in desk.changes)
    ]
    return [
        k.notice(
            ft.Icons.REPLY_ROUNDED,
            words.they_ask(who, one.asks),
            under=words.STILL_AS_IT_WAS,
            identifier=f"as_it_was.{number}",
        )
        for number, one in enumerate(left)
    ]


def change_of(desk: Desk, shown: Case, line: reading.Line, spot: Spot) -> list[ft.Control]:
    """What stood at an answer before, with the question it answers; nothing where nothing changed."""
    if not desk.comparing or spot not in desk.changes:
        return []
    change = desk.changes[spot]
    before, after = "\n".join(change.before), "\n".join(change.after)
    drawn: list[ft.Control] = [
        k.text(words.they_ask(called(shown.returned.by), one.asks), t.NOTE, t.ACTION)
        for one in shown.asks
        if shown.returned and (one.question, one.entity) == (spot.question, spot.entity)
    ]
    if woven_together(change) and max(len(before), len(after)) > LONG:
        drawn.append(ft.Text(spans=spans(change), style=lettered(t.NOTE), color=t.INK))
    else:
        drawn.append(ft.Text(spans=was_before(before), color=t.INK))
    return [
        ft.Semantics(
            identifier=f"changed.{spot.name}",
            label=words.was(line.label, before or words.NOT_ANSWERED),
            container=True,
            exclude_semantics=True,
            content=ft.Container(
                k.column(drawn, t.HALF),
                bgcolor=t.SOON_SOFT,
                padding=ft.Padding(12, t.ONE, 12, t.ONE),
                border_radius=t.ONE,
            ),
            key=f"changed.{spot.name}",
        )
    ]


def woven_together(change: Change) -> bool:
    """Whether words of both versions stayed. A text that is wholly new is read in its own place."""
    return any(piece.difference is Difference.SAME and piece.words.strip() for piece in change.pieces())


def taken_away(desk: Desk) -> list[ft.Control]:
    """Answers that are there no more: they have no place in the document, so they stand above it."""
    gone = [(spot, one) for spot, one in desk.changes.items() if one.difference is Difference.REMOVED]
    return [
        ft.Semantics(
            identifier=f"changed.{spot.name}",
            label=words.was(one.label, " ".join(one.before)),
            container=True,
            exclude_semantics=True,
            content=ft.Container(
                k.column(
                    [
                        k.text(said.joined(one.about, one.label), t.NOTE, t.QUIET),
                        ft.Text(spans=was_before("\n".join(one.before)), color=t.INK),
                    ],
                    2,
                ),
                bgcolor=t.SOON_SOFT,
                padding=ft.Padding(12, t.ONE, 12, t.ONE),
                border_radius=t.ONE,
            ),
            key=f"changed.{spot.name}",
        )
        for spot, one in gone
    ]


def was_before(before: str) -> list[ft.TextSpan]:
    """What stood there, struck through; or that nothing did."""
    caption = ft.TextSpan(f"{words.BEFORE}  ", lettered(t.coloured(t.NOTE, t.QUIET)))
    return [caption, span(before or words.NOT_ANSWERED, taken=bool(before))]


def spans(change: Change) -> list[ft.TextSpan]:
    """Both texts in one: what was taken away struck through, what was added underlined."""
    found: list[ft.TextSpan] = []
    for piece in change.pieces():
        taken, added = piece.difference is Difference.REMOVED, piece.difference is Difference.ADDED
        found.append(span(piece.words, taken=taken, added=added))
        if taken and not piece.words[-1:].isspace():  # so that the new words do not touch the old
            found.append(span(" "))
    return found


def span(told: str, *, taken: bool = False, added: bool = False) -> ft.TextSpan:
    """Some words, and what became of them. Never by colour alone."""
    style = lettered(t.coloured(t.NOTE_STRONG if added else t.NOTE, t.QUIET if taken else t.INK))
    if taken:
        style.decoration = ft.TextDecoration.LINE_THROUGH
    elif added:
        style.decoration = ft.TextDecoration.UNDERLINE
    return ft.TextSpan(told, style)
