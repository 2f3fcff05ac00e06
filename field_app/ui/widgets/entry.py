"""The one way to make something that is typed into.

What is typed belongs to the officer and the child: the keyboard learns nothing from it, corrects nothing
and rewrites no quotation mark. The key is the field's id, always: without it, typing can land in a
neighbour that has just appeared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import flet as ft

from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.guard import guarded
from field_app.ui.hooks import placed, use_kept
from field_app.ui.lettering import lettered
from field_app.ui.widgets.echo import Echo

OnTyped = Callable[[str], object]
MOST_LINES = 4
"""What is to be one line is shown in as many as it takes: else its beginning would be out of sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a box is typed into: how many lines, which keyboard, what stands in it while empty.

    `taken` is how often a touch beside the box has put words into it: each time the value that it is
    given is the officer's own, and stands in the place of whatever was typed.
    """

    lines: int = 1
    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT
    hint: str = ""
    secret: bool = False
    unit: str = ""
    on_submit: k.Act | None = None
    autofocus: bool = False
    taken: int = 0

    @property
    def most_lines(self) -> int | None:
        """How many lines are shown at most; any number where several are asked for."""
        if self.lines > 1:
            return None
        return MOST_LINES if self.wraps else 1

    @property
    def wraps(self) -> bool:
        """Whether it is one line, of words: shown in as many lines as it takes."""
        return self.lines == 1 and self.keyboard is ft.KeyboardType.TEXT and not self.secret

    def kept(self, typed: str) -> str:
        """What is kept of what stands in the box: an address copied in three lines is one line."""
        return " ".join(typed.splitlines()) if self.wraps else typed


PLAIN = How()


def typed_into(
    identifier: str,
    label: str,
    value: str,
    on_change: Callable[[ft.Event[ft.TextField]], None],
    how: How = PLAIN,
    *,
    drawn: ft.Ref[ft.TextField] | None = None,
) -> ft.MergeSemantics:
    """A box to type in, without memory: `entry` keeps what was typed. `drawn` will point at the box."""
    box = ft.TextField(
        ref=drawn,
        value=value,
        on_change=guarded(on_change),
        on_submit=guarded(how.on_submit) if how.on_submit else None,
        multiline=how.most_lines != 1,
        min_lines=how.lines,
        max_lines=how.most_lines,
        shift_enter=how.wraps,
        keyboard_type=ft.KeyboardType.MULTILINE if how.most_lines != 1 else how.keyboard,
        password=how.secret,
        hint_text=how.hint or None,
        suffix=how.unit or None,
        autofocus=how.autofocus,
        autocorrect=False,
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
        smart_dashes_type=False,
        smart_quotes_type=False,
        text_style=lettered(t.BODY),
        hint_style=lettered(t.coloured(t.BODY, t.QUIET)),
        suffix_style=lettered(t.coloured(t.BODY, t.QUIET)),
        color=t.INK,
        filled=True,
        bgcolor=t.CARD,
        border=_edges(),
        cursor_color=t.ACTION,
        content_padding=ft.Padding(t.TWO, t.TWO, t.TWO, t.TWO),
    )
    return _heard_as_one(ft.Semantics(identifier=identifier, label=label, content=k.drawn_apart(box)))


def _heard_as_one(named: ft.Semantics) -> ft.MergeSemantics:
    """Merged, or a screen reader would name the group around the field and leave that without a name."""
    return ft.MergeSemantics(named, key=named.identifier)


def _edges() -> dict[ft.ControlState, ft.InputBorder]:
    return {
        ft.ControlState.FOCUSED: _edge(t.ACTION, t.RULE),
        ft.ControlState.DEFAULT: _edge(t.EDGE_LINE, t.HAIR),
    }


def _edge(colour: str, thick: int) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(border_radius=t.RADIUS, side=ft.BorderSide(thick, colour))


def entry(identifier: str, label: str, value: str, on_typed: OnTyped, how: How = PLAIN) -> ft.Control:
    """A box to type in that keeps what is typed, whatever the store says meanwhile.

    `on_typed` gets the whole text at each change.
    """
    return placed(identifier, _Entry, identifier, label, value, on_typed, how)


class _Typed(Echo[str]):
    """What a box shows, and how often that was taken at a touch."""

    taken = 0


@ft.component
def _Entry(identifier: str, label: str, value: str, on_typed: OnTyped, how: How) -> ft.Control:
    echo = use_kept(partial(_Typed, value))
    drawn: ft.Ref[ft.TextField] = use_kept(ft.Ref)
    if echo.taken == how.taken:
        shown = echo.arrived(value, how.kept(drawn.current.value) if drawn.current else None)
    else:  # what is in the box, heard of or not, is what it replaces
        echo.taken = how.taken
        shown = echo.arrived(echo.edited(value))

    def changed(event: ft.Event[ft.TextField]) -> None:
        on_typed(echo.edited(how.kept(event.control.value or "")))

    return typed_into(identifier, label, shown, changed, how, drawn=drawn)
