"""A photograph or signature that the force has: what is said of it, the way to it, and then the picture.

None is fetched or drawn before somebody asks for that very one, because it may be hard to look at, and
because every look is noted. It is opened in memory and lies on no disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import flet as ft

from booklets.errors import BookletError
from booklets.reading import Line, Picture
from booklets.records import Record
from field_app.capture.returned import called
from field_app.ui import kit as k
from field_app.ui import photo_words
from field_app.ui import theme as t
from field_app.ui.hooks import placed, use_kept, use_value
from field_app.ui.model import Model
from field_app.ui.widgets.photos import THUMB, large, thumb

HUNDRED = 100
RING = 24
_NOTHING_SEEN: bytes | None = None
Here = Callable[[], bytes | None]
Fetch = Callable[[Callable[[int], None]], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of a photograph or a signature: aloud, and in lines beside it; or why there is no way."""

    name: str
    spoken: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    no_way: str = ""
    signed: bool = False


def pictures(
    model: Model, name: str, line: Line, records: Sequence[Record], *, withdrawn: bool = False
) -> list[ft.Control]:
    """What of an answer is to be seen, each with the way to it. ``records``: those one of which lists it."""
    shown: list[ft.Control] = []
    for number, one in enumerate(line.pictures, 1):
        record = listing(records, one.attachment)
        no_way = photo_words.ELSEWHERE if record is None else photo_words.WITHDRAWN if withdrawn else ""
        by = [photo_words.sent_by(called(record.header.author))] if record else []
        spoken, *lines = _said(one, number, len(line.pictures))
        said = Shown(f"photo.{name}.{number - 1}", spoken, (*lines, *by), no_way, one.signed)
        attachment, of = str(one.attachment), str(record.header.record) if record else ""
        fetch = partial(_fetch, model, of, attachment)
        here = partial(_here, model, attachment)
        shown.append(placed(f"{said.name}.{attachment}", _There, said, here, fetch))
    return shown


def _said(one: Picture, number: int, of: int) -> tuple[str, ...]:
    """What it is called aloud, then the lines beside it. When somebody signed is said in the answer."""
    if one.signed:
        spoken = photo_words.signature(one.caption)
        return spoken, spoken
    spoken, when = photo_words.photo(number, of, one.caption), one.when[:1].upper() + one.when[1:]
    return spoken, *filter(None, (one.caption or photo_words.photo(number, of, ""), when))


def listing(records: Sequence[Record], attachment: UUID) -> Record | None:
    """The record that lists a photograph: the force gives it as one of that record."""
    return next((one for one in records if any(it.id == attachment for it in one.header.attachments)), None)


def _here(model: Model, attachment: str) -> bytes | None:
    shift = model.handset.shift
    return shift.viewing.here(attachment) if shift else None


async def _fetch(model: Model, record: str, attachment: str, far: Callable[[int], None]) -> bytes:
    """Fetch it; ``far`` is told on the screen's side how many hundredths are here."""

    def told(here: int, of: int) -> None:
        model.bridge.post(far, here * HUNDRED // of)

    return await asyncio.to_thread(model.shift.viewing.see, record, attachment, told)


@ft.component
def _There(said: Shown, here: Here, fetch: Fetch) -> ft.Control:
    """One of them: the way to it, how far it is, or the picture itself, also large."""
    seen, set_seen = use_value(use_kept(here))  # once: each asking copies all of it
    enlarged, enlarge = use_value(False)
    busy, set_busy = use_value(False)
    far, set_far = use_value(0)
    told, tell = use_value("")

    async def show() -> None:
        set_busy(True)
        tell("")
        try:
            set_seen(await fetch(set_far))
            enlarge(True)
        except BookletError as refused:
            tell(str(refused))
        finally:
            set_busy(False)

    dialog = large(said.name, seen, said.spoken, partial(enlarge, False)) if seen and enlarged else None
    ft.use_dialog(dialog)
    caption, *under = said.lines
    lines: list[ft.Control] = [k.text(caption, t.BODY), *(k.text(one, t.NOTE, t.QUIET) for one in under)]
    if busy:
        lines.append(_under_way(said, far))
    elif said.no_way:
        lines.append(k.text(said.no_way, t.NOTE))
    elif seen is None:
        go_on = photo_words.GO_ON if told and far else photo_words.SHOW
        way = k.quiet_action(f"{said.name}.show", go_on, show, label=f"{said.spoken}. {go_on}")
        lines.append(k.line_of([way]))
    if told:
        lines.append(k.live(f"{said.name}.told", k.text(told, t.NOTE)))
    fit = ft.BoxFit.CONTAIN if said.signed else ft.BoxFit.COVER
    left = thumb(said.name, seen, said.spoken, partial(enlarge, True), fit) if seen else _unseen(said)
    return ft.Row(
        [left, ft.Container(k.column(lines, 2), expand=True)], spacing=t.TWO, vertical_alignment=k.TOP
    )


def _under_way(said: Shown, far: int) -> ft.Control:
    ring = ft.ProgressRing(
        value=far / HUNDRED or None, width=RING, height=RING, stroke_width=3, color=t.ACTION
    )
    told = k.text(photo_words.fetching(far), t.NOTE, expand=True)
    line = ft.Row([ring, told], spacing=12)
    return k.live(f"{said.name}.busy", ft.Container(line, padding=ft.Padding(0, t.ONE, 0, t.ONE)))


def _unseen(said: Shown) -> ft.Control:
    """The room for it, before anybody has asked to see it."""
    return ft.Container(
        k.icon(ft.Icons.DRAW_OUTLINED if said.signed else ft.Icons.IMAGE_OUTLINED, t.QUIET, 32),
        width=THUMB,
        height=THUMB,
        alignment=ft.Alignment.CENTER,
        bgcolor=t.PAPER,
        border=ft.Border.all(t.HAIR, t.LINE),
        border_radius=t.RADIUS,
    )
