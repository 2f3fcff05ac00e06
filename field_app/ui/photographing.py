"""How a photograph gets onto a page: taken or chosen, made small off the screen's loop, then an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from booklets.answers import Moment, Row, rows_of
from booklets.checks.dates import uk_time
from booklets.errors import BookletError
from booklets.photos import ATTACHMENT, CAPTION, TAKEN, rows_in
from booklets.signatures import HOW
from field_app.handset.photographs import PictureSource
from field_app.store.errors import StoreError
from field_app.ui import camera, photo_words
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.camera import JustTaken
from field_app.ui.model import Model
from field_app.ui.widgets.photos import seen_small

TAKEN_ON = "_taken_on"
"""The question beside a photograph that asks when it was taken, where a form has one."""


Taking = Callable[[str, Callable[[], None], bytes], Awaitable[str]]


def taker(model: Model, about: UUID | None) -> Taking | None:
    """How a photograph that our own camera took gets into an answer; None where there is no such camera."""
    if not camera.is_there():
        return None

    async def taken(name: str, busy: Callable[[], None], file: bytes) -> str:
        return await add(model, about, name, busy, JustTaken(file))

    return taken


async def add(
    model: Model,
    about: UUID | None,
    name: str,
    busy: Callable[[], None],
    source: PictureSource | None = None,
) -> str:
    """Add a photograph to an answer, and say what to say of it: nothing, when all is well.

    It comes from the device's chooser unless a ``source`` is given. It is sealed and on the disk
    before it is part of the answer, so a kill in between loses no answer.
    """
    session, shift = model.open_session(), model.shift
    try:
        file = await (source or model.pictures).pick()
        if not file:
            return ""
        busy()
        row = await asyncio.to_thread(shift.photos.add, session.encounter.id, file)
    except (BookletError, StoreError) as refused:
        return str(refused)
    if model.session is not session:  # put down, or locked, while it was made small: nobody sees it there
        return ""
    model.put(name, (*rows_of(session.value(name, about)), row), about)
    beside = f"{name}{TAKEN_ON}"
    if day_of(row) and session.guide.asks(beside) and session.value(beside, about) is None:
        model.put(beside, day_of(row), about)
    model.look_and_draw()
    return ""


async def picture(model: Model, attachment: str, whole: bool) -> bytes | None:
    """A photograph to be shown, small or ``whole``; ``None`` where it is not on this device."""
    photos = model.shift.photos
    return await asyncio.to_thread(photos.whole if whole else photos.small, UUID(attachment))


def going_with(model: Model) -> list[ft.Control]:
    """The photographs and signatures that go with what is being written, each to be looked at once more."""
    encounter = model.open_session().encounter
    rows = rows_in(encounter.answers, encounter.entities.values())
    if not rows:
        return []
    seen = partial(picture, model)
    photographed = [row for row in rows if HOW not in row]
    small = [
        seen_small(
            f"going.{number}",
            str(row[ATTACHMENT]),
            spoken(row, photographed),
            seen,
        )
        for number, row in enumerate(rows)
    ]
    going = photo_words.going(len(photographed), len(rows) - len(photographed))
    sign = ft.Icons.PHOTO_OUTLINED if photographed else ft.Icons.DRAW_OUTLINED
    return [k.flag(sign, going, t.INK, t.STRONG), k.line_of(small)]


def spoken(row: Row, photographed: Sequence[Row]) -> str:
    """What one of those that go along is called aloud; a drawn signature by who signed."""
    named = str(row.get(CAPTION, ""))
    if HOW in row:
        return photo_words.signature(named)
    return photo_words.photo(photographed.index(row) + 1, len(photographed), named)


def day_of(row: Row) -> str:
    """The day on which a photograph was taken, as a date is stored; empty where nobody knows."""
    taken = row.get(TAKEN)
    return f"{uk_time(taken.at).date():%Y-%m-%d}" if isinstance(taken, Moment) else ""
