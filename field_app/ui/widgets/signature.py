"""A signature: drawn with a finger on a pad that nothing scrolls under, or one tap for why it is not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import cast

import flet as ft
import flet.canvas as cv

from booklets.answers import NOTHING, Answer, Row, Scalar, rows_of
from booklets.photos import ATTACHMENT, CAPTION
from booklets.signatures import BECAUSE, DRAWN, HOW, signed, stands_instead
from field_app.capture.signatures import MOST_POINTS, Point, Stroke, is_drawn
from field_app.ui import kit as k
from field_app.ui import signing_words as said
from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.guard import guarded
from field_app.ui.hooks import placed, use_kept, use_value
from field_app.ui.widgets.blocks import choice_rows
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.photos import seen_small
from field_app.ui.widgets.question import question
from field_app.ui.widgets.views import FieldActs, FieldView

TALL = 190
NARROWEST, WIDEST, AROUND = 240, 560, 64
_EVERY_MS = 16
_NOTHING_GONE: tuple[Row, ...] = ()
NOBODY: Row = cast("Row", NOTHING)
ON_PAPER = "on_paper"
Keep = Callable[[Sequence[Stroke], tuple[int, int]], Awaitable[str]]


def signature(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Somebody's signature, with the name that goes with it."""
    return question(field, answer, act, _signature)


def _signature(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.signature", _Signature, field, answer, act)


@ft.component
def _Signature(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    held = use_kept(partial(Held, field.id, Echo(rows_of(answer))))
    held.act = act
    kept = held.echo.arrived(rows_of(answer))
    row = kept[0] if kept else NOBODY
    gone, set_gone = use_value(_NOTHING_GONE)

    def remove() -> None:
        set_gone(held.removed())

    def undo() -> None:
        if held.put_back(gone):
            set_gone(_NOTHING_GONE)

    name = entry(f"{field.id}.name", said.NAME, str(row.get(CAPTION, "")), held.name, How(hint=said.NAME))
    if row.get(HOW) == DRAWN:
        return k.column([name, _drawn(field, row, act, remove)], 12)
    shown: list[ft.Control] = [name]
    if gone and not row.get(HOW):  # what was chosen instead is taken away first
        shown.append(_undo(field, undo))
    if act.sign is not None:
        begun = partial(set_gone, _NOTHING_GONE)
        shown.append(placed(f"{field.id}.draws", _Draws, field, partial(act.sign, field.id), begun))
    return k.column([*shown, *_instead(field, row, held)], 12)


class Held:
    """The one row, as it is being edited: letters come faster than it is drawn."""

    def __init__(self, field: str, echo: Echo[tuple[Row, ...]]) -> None:
        self.echo = echo
        self._field = field
        self.act: FieldActs | None = None

    @property
    def row(self) -> Row:
        """What stands there now."""
        return self.echo.shown[0] if self.echo.shown else NOBODY

    def keep(self, changed: tuple[Row, ...]) -> None:
        """Something else stands there now."""
        if self.act is not None:
            self.act.put(self._field, self.echo.edited(changed) or None)

    def name(self, typed: str) -> None:
        """Who it is."""
        self._cell(CAPTION, typed)

    def because(self, typed: str) -> None:
        """Why somebody did not sign."""
        self._cell(BECAUSE, typed)

    def _cell(self, name: str, typed: str) -> None:
        cells: dict[str, Scalar] = {key: cell for key, cell in self.row.items() if key != name}
        if typed:
            cells[name] = typed
        self.keep((cells,) if cells else ())

    def instead(self, how: str) -> None:
        """What stands instead of a signature; touched again, it is taken away."""
        if self.row.get(HOW) == how:
            self.removed()
        elif self.act is not None:
            self.keep((stands_instead(how, self.row, self.act.now()),))

    def removed(self) -> tuple[Row, ...]:
        """Nobody has signed; what was drawn, to be put back. The name stays: it is mostly the same."""
        was, name = self.echo.shown, self.row.get(CAPTION)
        self.keep(({CAPTION: name},) if name else ())
        return was if was and was[0].get(HOW) == DRAWN else _NOTHING_GONE

    def put_back(self, gone: tuple[Row, ...]) -> bool:
        """What was drawn, under the name that stands there now; not over what was chosen meanwhile."""
        if not gone or self.row.get(HOW):
            return False
        self.keep((signed(gone[0], self.row),))
        return True


def _instead(field: FieldView, row: Row, held: Held) -> list[ft.Control]:
    """What may stand instead, for whoever cannot draw on glass or will not."""
    how = str(row.get(HOW, ""))
    shown: list[ft.Control] = [
        ft.Container(k.text(said.OR_ELSE, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0)),
        choice_rows(field.id, said.INSTEAD, (how,), held.instead),
    ]
    if how and how != ON_PAPER:
        hint = How(hint=said.WHY_NOT)
        because = str(row.get(BECAUSE, ""))
        shown.append(entry(f"{field.id}.because", said.WHY_NOT, because, held.because, hint))
    return shown


def _drawn(field: FieldView, row: Row, act: FieldActs, remove: k.Act) -> ft.Control:
    """The signature small, who made it, and the way to take it away."""
    seen = seen_small(field.id, str(row.get(ATTACHMENT, "")), said.SHOWN, act.photo, ft.BoxFit.CONTAIN)
    away = k.quiet_action(f"{field.id}.remove", words.REMOVE, remove, label=said.REMOVE)
    beside = k.column([k.text(said.signed(row), t.NOTE), k.line_of([away])], 0)
    line = ft.Row([seen, ft.Container(beside, expand=True)], spacing=t.TWO, vertical_alignment=k.TOP)
    return k.live(f"{field.id}.signed", k.card([line], t.ONE, 12))


def _undo(field: FieldView, undo: k.Act) -> ft.Control:
    back = k.quiet_action(f"{field.id}.undo", words.UNDO, undo, label=said.BACK)
    quiet = ft.Container(k.text(said.REMOVED, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0))
    return k.live(f"{field.id}.gone", k.line_of([quiet, back], t.TWO))


@ft.component
def _Draws(field: FieldView, keep: Keep, begun: Callable[[], None]) -> ft.Control:
    """The way to the pad, the pad while it is open, and what came of it."""
    opened, set_opened = use_value(False)
    told, tell = use_value("")
    sheet = use_kept(Sheet)

    def open_() -> None:
        if sheet.sealing:
            return
        begun()
        tell("")
        set_opened(True)

    async def keep_it() -> None:
        if sheet.sealing:  # a second touch, before the first has closed the pad
            return
        if not is_drawn(sheet.strokes):
            tell(said.NOTHING_YET)
            return
        set_opened(False)
        tell(said.KEEPING)
        tell(await sheet.sealed_by(keep))

    def leave() -> None:
        sheet.clear()
        set_opened(False)

    sheet.size = (pad_width(ft.context.page.width), TALL)
    doing = (keep_it, leave, partial(set_opened, False))
    ft.use_dialog(_pad_dialog(field, sheet, doing, told) if opened else None)
    shown: list[ft.Control] = [
        k.second_action(f"{field.id}.sign", said.SIGN, open_, name=ft.Icons.DRAW_OUTLINED)
    ]
    if told and not opened:
        shown.append(k.live(f"{field.id}.told", k.text(told, t.NOTE)))
    return k.column(shown)


def pad_width(window: float | None) -> int:
    """As wide as the window leaves room for: a name needs it."""
    return int(min(WIDEST, max(NARROWEST, (window or NARROWEST) - AROUND)))


class Sheet:
    """What is being drawn: strokes of points on a pad of this size."""

    def __init__(self) -> None:
        self.strokes: list[list[Point]] = []
        self.size = (NARROWEST, TALL)
        self.sealing = False
        self.drawn: Callable[[int], None] = lambda _: None

    def clear(self) -> None:
        """A new sheet."""
        self.strokes = []
        self.drawn(0)

    async def sealed_by(self, keep: Keep) -> str:
        """Have it kept, and give what to say. It stays on the pad until it was: nobody signs twice."""
        self.sealing, refused = True, ""
        try:
            refused = await keep(self.strokes, self.size)
        finally:
            self.sealing = False
        if refused:
            return f"{refused} {said.STILL_ON_THE_PAD}"
        self.clear()
        return ""

    def starts(self, x: float, y: float) -> None:
        """The finger is put down."""
        self.strokes.append([])
        self.goes(x, y)

    def goes(self, x: float, y: float) -> None:
        """The finger moves. Outside the frame the line runs along it."""
        if self.strokes and self.points < MOST_POINTS:
            width, height = self.size
            self.strokes[-1].append((round(min(max(x, 0), width)), round(min(max(y, 0), height))))
            self.drawn(self.points)

    @property
    def points(self) -> int:
        """How much is drawn."""
        return sum(map(len, self.strokes))


def _pad_dialog(
    field: FieldView, sheet: Sheet, doing: tuple[k.Act, k.Act, k.Act], told: str
) -> ft.AlertDialog:
    """Nothing scrolls in a dialog: a stroke downwards is a stroke.

    That it has closed is heard late, also of a signature that could not be kept: that clears nothing.
    """
    keep_it, leave, closed = doing
    inside: list[ft.Control] = [
        k.text(said.HERE, t.STRONG),
        placed(f"{field.id}.pad", _Pad, field.id, sheet),
    ]
    if told:
        inside.append(k.live(f"{field.id}.pad.told", k.text(told, t.NOTE)))
    return ft.AlertDialog(
        content=ft.Column(inside, spacing=t.ONE, tight=True),
        actions=[
            k.quiet_action(f"{field.id}.close", said.CLOSE, leave),
            k.quiet_action(f"{field.id}.clear", said.CLEAR, cast("k.Act", sheet.clear)),
            k.quiet_action(f"{field.id}.keep", said.KEEP, keep_it),
        ],
        on_dismiss=guarded(closed),
        inset_padding=ft.Padding(t.ONE, t.TWO, t.ONE, t.TWO),
        content_padding=ft.Padding(t.TWO, t.TWO, t.TWO, t.ONE),
        shape=ft.RoundedRectangleBorder(radius=t.RADIUS),
        bgcolor=t.CARD,
    )


@ft.component
def _Pad(name: str, sheet: Sheet) -> ft.Control:
    """The line follows the finger. Whatever the look, the picture that is kept is dark ink on white."""
    _, draw = use_value(0)
    sheet.drawn = draw
    width, height = sheet.size
    ink = ft.Paint(color=t.INK, stroke_width=3, style=ft.PaintingStyle.STROKE, stroke_cap=ft.StrokeCap.ROUND)
    lines: list[cv.Shape] = [
        cv.Path([cv.Path.MoveTo(*one[0]), *(cv.Path.LineTo(*point) for point in one[1:])], paint=ink)
        for one in sheet.strokes
        if len(one) > 1
    ]
    hand = ft.GestureDetector(
        drag_interval=_EVERY_MS,
        exclude_from_semantics=True,
        on_pan_start=guarded(lambda event: sheet.starts(event.local_position.x, event.local_position.y)),
        on_pan_update=guarded(lambda event: sheet.goes(event.local_position.x, event.local_position.y)),
    )
    paper = ft.Container(
        cv.Canvas(lines, content=hand, width=width, height=height),
        width=width,
        height=height,
        bgcolor=t.CARD,
        border=ft.Border.all(1, t.EDGE_LINE),
        border_radius=t.RADIUS - 2,
    )
    return ft.Semantics(identifier=f"{name}.pad", label=said.PAD, container=True, content=paper)
