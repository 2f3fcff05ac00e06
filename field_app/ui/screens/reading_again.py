"""What an officer sent, read again once the copy on this phone is gone. Nothing can be changed here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import flet as ft

from booklets import reading
from booklets.errors import BookletError
from booklets.records import Record
from field_app.capture.worklist import Parcel
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.papers import answer
from field_app.ui.screens.photographs import pictures
from field_app.ui.screens.standing import notices


def again(model: Model, parcel: Parcel) -> list[ft.Control]:
    """The way to read it again, from the copy on this phone or else from the force; or what was fetched."""
    if parcel.is_readable:
        said = words.READ_SENT if parcel.received_at else words.READ_WAITING
        return [k.quiet_action("read_sent", said, partial(look_at, model, parcel))]
    if parcel.received_at is None:
        return []
    copy = model.shift.reading.copy_of(parcel.encounter)
    if copy is not None:
        until = k.caption(here(words.gone_again(copy.until)))
        return [until, *(one for record in copy.records for one in document(model, record, copy.records))]
    shown: list[ft.Control] = [k.paragraph(here(words.NOT_HERE_ANY_MORE))]
    shown += notices(model)
    said = model.busy or words.READ_AGAIN
    return [*shown, k.quiet_action("read_again", said, partial(fetch, model, parcel))]


async def look_at(model: Model, parcel: Parcel) -> None:
    """Show what was sent, from the copy on this phone."""
    model.reading = await asyncio.to_thread(model.shift.newest_sent, parcel.encounter)
    if model.reading is None:
        model.go(model.at, notice=here(words.NOT_HERE_ANY_MORE))
        return
    model.go(At.WRITTEN)


async def fetch(model: Model, parcel: Parcel) -> None:
    """Ask the force for it, and show it or say in words why not."""
    if model.busy:  # a second touch while the first is under way
        return
    try:
        await model.doing(words.READING_AGAIN, lambda: model.shift.reading.read(parcel))
    except BookletError as refused:
        model.go(model.at, notice=str(refused))
        return
    model.redraw()


def document(model: Model, record: Record, beside: Sequence[Record]) -> list[ft.Control]:
    """One record from top to bottom, and whoever it mentions; ``beside`` it lies what may list a photo."""
    one = reading.read(record)
    listing = (record, *beside)
    shown: list[ft.Control] = [k.heading(one.title, t.TITLE, level=2)]
    for part in one.parts:
        shown += [k.text(part.title, t.STRONG), *answers(model, part.lines, listing)]
    for mention in one.mentions:
        if mention.lines:
            shown += [k.text(mention.name, t.STRONG), *answers(model, mention.lines, listing)]
    return shown


def answers(model: Model, lines: Iterable[reading.Line], listing: Sequence[Record]) -> Iterator[ft.Control]:
    """Answers in their order, each with its photographs, to be fetched from the force like the record."""
    for line in lines:
        yield answer(line)
        name = f"{line.entity}.{line.question}" if line.entity else line.question
        yield from pictures(model, name, line, listing)
