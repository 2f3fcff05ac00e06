"""Photographs and scanned papers: taken or chosen, seen small and large, named, and taken away again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

import flet as ft

from booklets.answers import Answer, Moment, Row, rows_of
from booklets.photos import ADDED, ATTACHMENT, CAPTION, TAKEN
from field_app.ui import kit as k
from field_app.ui import photo_words, words
from field_app.ui import theme as t
from field_app.ui.guard import guarded
from field_app.ui.hooks import placed, use_kept, use_value
from field_app.ui.widgets.echo import Echo
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import question
from field_app.ui.widgets.rows import with_cell
from field_app.ui.widgets.shutter import shutter
from field_app.ui.widgets.views import FieldActs, FieldView
from field_app.ui.widgets.when import said_moment

THUMB = 96
LARGE = 640
STEP, LARGEST = 1.6, 6
"""How much larger one touch makes a photograph that is looked at, and how large it becomes at most."""
Caption = Callable[[str], None]
Seen = Callable[[str, bool], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class _TakenAway:
    """A photograph that was removed, and where it stood. It stays on the device until the draft is left."""

    index: int
    row: Row


_NOTHING_GONE: _TakenAway | None = None
_NOTHING_SEEN: bytes | None = None


def photos(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """One photograph or several, with what they show."""
    return question(field, answer, act, _photos)


def _photos(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    return placed(f"{field.id}.photos", _Photos, field, answer, act)


@ft.component
def _Photos(field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    echo = use_kept(partial(Echo, rows_of(answer)))
    kept = echo.arrived(rows_of(answer))
    gone, set_gone = use_value(_NOTHING_GONE)

    def keep(changed: tuple[Row, ...]) -> None:
        act.put(field.id, echo.edited(changed) or None)

    def caption(index: int, said: str) -> None:
        keep(with_cell(echo.shown, index, CAPTION, said))

    def remove(index: int) -> None:
        if index < len(echo.shown):
            row = echo.shown[index]
            keep((*echo.shown[:index], *echo.shown[index + 1 :]))
            set_gone(_TakenAway(index, row))

    def undo() -> None:
        if gone:
            keep((*echo.shown[: gone.index], gone.row, *echo.shown[gone.index :]))
        set_gone(None)

    shown = [
        _photo(field, act, (i, len(kept)), row, (partial(caption, i), partial(remove, i)))
        for i, row in enumerate(kept)
    ]
    if gone:
        shown.append(_undo(field, undo))
    shown.append(placed(f"{field.id}.more", _More, field, len(kept), act, partial(set_gone, None)))
    return k.column(shown, 12)


@ft.component
def _More(field: FieldView, kept: int, act: FieldActs, begun: Callable[[], None]) -> ft.Control:
    """The ways to add one, what is being done, and what came of it."""
    busy, set_busy = use_value(False)
    told, tell = use_value("")
    looking, look = use_value(False)
    add, take = act.add_photo, act.take_photo

    async def adding(doing: Callable[[str, Callable[[], None]], Awaitable[str]]) -> None:
        look(False)
        begun()
        tell("")
        try:
            tell(await doing(field.id, partial(set_busy, True)))
        finally:
            set_busy(False)

    async def kept_one(file: bytes) -> None:
        if take is not None:
            await adding(lambda name, under_way: take(name, under_way, file))

    chosen = partial(adding, add) if add else None
    camera = shutter(field.id, kept_one, chosen, partial(look, False)) if looking and chosen else None
    ft.use_dialog(camera)
    if busy:
        ring = ft.ProgressRing(width=24, height=24, stroke_width=3, color=t.ACTION)
        line = ft.Row([ring, k.text(photo_words.PREPARING, t.NOTE, expand=True)], spacing=12)
        return k.live(f"{field.id}.busy", ft.Container(line, padding=t.ONE))
    found: list[ft.Control] = [k.live(f"{field.id}.told", k.text(told, t.NOTE))] if told else []
    if chosen is not None and kept < max(1, field.most):
        found += _ways(field, chosen, partial(look, True) if take else None, another=bool(kept))
    elif add is not None and field.most > 1:
        found.append(k.text(photo_words.FULL, t.NOTE, t.QUIET))
    return k.column(found)


def _ways(field: FieldView, choose: k.Act, take: k.Act | None, *, another: bool) -> list[ft.Control]:
    """By our own camera where there is one, which leaves nothing in the gallery, or the chooser."""
    rule = k.text(photo_words.NEVER, t.NOTE, t.QUIET)
    if take is None:
        said = photo_words.ADD_ANOTHER if another else photo_words.ADD
        way = k.second_action(f"{field.id}.add", said, choose, name=ft.Icons.ADD_A_PHOTO_OUTLINED)
        return [way, rule]
    return [
        k.second_action(f"{field.id}.take", photo_words.TAKE, take, name=ft.Icons.PHOTO_CAMERA_OUTLINED),
        k.second_action(f"{field.id}.add", photo_words.CHOOSE, choose, name=ft.Icons.IMAGE_OUTLINED),
        rule,
    ]


def _photo(
    field: FieldView, act: FieldActs, place: tuple[int, int], row: Row, doing: tuple[Caption, k.Act]
) -> ft.Control:
    """One photograph: small, what it shows, when it was taken, and the way to take it away."""
    number, of, caption, remove = place[0] + 1, place[1], *doing
    name, said = f"{field.id}.{place[0]}", str(row.get(CAPTION, ""))
    attachment = str(row.get(ATTACHMENT, ""))
    spoken = photo_words.photo(number, of, said)
    taken_away = k.quiet_action(f"{name}.remove", words.REMOVE, remove, label=photo_words.remove(number))
    beside = k.column([k.text(_when(row), t.NOTE, t.QUIET), k.line_of([taken_away])], 0)
    picture = seen_small(name, attachment, spoken, act.photo)
    shown = ft.Row([picture, ft.Container(beside, expand=True)], spacing=t.TWO, vertical_alignment=k.TOP)
    how = How(hint=photo_words.CAPTION)
    told = entry(f"{name}.caption", photo_words.caption_of(number), said, caption, how)
    card = k.card([shown, told], t.ONE, 12)
    card.key = attachment  # what was typed under one photograph never stands under another
    return card


def _when(row: Row) -> str:
    taken, added = row.get(TAKEN), row.get(ADDED)
    if isinstance(taken, Moment):
        return photo_words.taken(said_moment(taken))
    return photo_words.added(said_moment(added)) if isinstance(added, Moment) else ""


def seen_small(
    name: str, attachment: str, spoken: str, seen: Seen | None, fit: ft.BoxFit = ft.BoxFit.COVER
) -> ft.Control:
    """A photograph as a small picture, which shows all of it when it is touched."""
    return placed(f"{name}.{attachment}", _Seen, name, attachment, spoken, seen, fit)


@ft.component
def _Seen(name: str, attachment: str, spoken: str, seen: Seen | None, fit: ft.BoxFit) -> ft.Control:
    """The small picture, fetched once; all of it for as long as it is looked at."""
    small, set_small = use_value(_NOTHING_SEEN)
    whole, set_whole = use_value(_NOTHING_SEEN)
    missing, set_missing = use_value(False)

    async def fetch() -> None:
        if seen is not None:
            found = await seen(attachment, False)
            set_small(found)
            set_missing(found is None)

    async def enlarge() -> None:
        if seen is not None:
            set_whole(await seen(attachment, True))

    ft.use_effect(guarded(fetch), [attachment])
    ft.use_dialog(large(name, whole, spoken, partial(set_whole, None)) if whole else None)
    if small is None:
        return _blank(name, photo_words.NOT_HERE if missing else "")
    return thumb(name, small, spoken, enlarge, fit)


def thumb(
    name: str, picture: bytes, spoken: str, enlarge: k.Act, fit: ft.BoxFit = ft.BoxFit.COVER
) -> ft.Control:
    """A photograph as a small square, which shows all of it when it is touched."""
    drawn = ft.Image(
        src=picture,
        width=THUMB,
        height=THUMB,
        fit=fit,
        border_radius=t.RADIUS - 2,
        exclude_from_semantics=True,
    )
    return k.tap(f"{name}.see", f"{spoken}. {photo_words.SEE}", drawn, enlarge, pad=0)


def _blank(name: str, said: str) -> ft.Control:
    inside = k.text(said, t.NOTE, t.QUIET) if said else k.icon(ft.Icons.IMAGE_OUTLINED, t.QUIET, 32)
    return ft.Semantics(
        key=f"{name}.blank",
        identifier=f"{name}.blank",
        label=said,
        container=True,
        content=ft.Container(
            inside,
            width=None if said else THUMB,
            height=None if said else THUMB,
            alignment=ft.Alignment.CENTER,
            bgcolor=t.PAPER,
            border_radius=t.RADIUS,
            padding=t.ONE if said else 0,
        ),
    )


def large(name: str, whole: bytes, spoken: str, close: Callable[[], None]) -> ft.AlertDialog:
    """All of a photograph, with nothing around it but the way back."""
    picture = ft.Image(src=whole, fit=ft.BoxFit.CONTAIN, width=LARGE, semantics_label=spoken)
    looked_at = ft.InteractiveViewer(
        content=picture,
        min_scale=1,
        max_scale=LARGEST,
        trackpad_scroll_causes_scale=True,
    )
    ways: list[ft.Control] = [
        k.quiet_action(f"{name}.bigger", photo_words.BIGGER, partial(looked_at.zoom, STEP)),
        k.quiet_action(f"{name}.smaller", photo_words.SMALLER, partial(looked_at.zoom, 1 / STEP)),
        k.quiet_action(f"{name}.close", photo_words.CLOSE, close),
    ]
    return ft.AlertDialog(
        content=ft.Semantics(identifier=f"{name}.large", label=spoken, container=True, content=looked_at),
        actions=ways,
        on_dismiss=guarded(cast("k.Act", close)),
        inset_padding=ft.Padding(t.ONE, t.TWO, t.ONE, t.TWO),
        content_padding=t.ONE,
        shape=ft.RoundedRectangleBorder(radius=t.RADIUS),
        bgcolor=t.CARD,
    )


def _undo(field: FieldView, undo: k.Act) -> ft.Control:
    line = ft.Row(
        [
            ft.Container(k.text(words.REMOVED, t.NOTE, t.QUIET), padding=ft.Padding(t.HALF, 0, 0, 0)),
            k.quiet_action(f"{field.id}.undo", words.UNDO, undo),
        ],
        spacing=t.TWO,
    )
    return k.live(f"{field.id}.gone", line)
