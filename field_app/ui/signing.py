"""How a signature gets onto a page: drawn, made into a picture off the screen's loop, sealed, answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from booklets.answers import Answer, rows_of
from booklets.errors import BookletError
from booklets.photos import CAPTION
from booklets.signatures import signed
from field_app.capture.signatures import Stroke, drawing_of
from field_app.store.errors import StoreError
from field_app.ui import signing_words
from field_app.ui.model import Model


async def sign(
    model: Model, about: UUID | None, name: str, strokes: Sequence[Stroke], size: tuple[int, int]
) -> str:
    """Put a signature, and say what to say of it: nothing, when all is well.

    It goes the way of a photograph: sealed and on the disk before it is part of the answer, never a file.
    A name that is typed meanwhile goes with it; whatever else is answered meanwhile stands.
    """
    session, shift = model.open_session(), model.shift
    began = _but_the_name(session.value(name, about))
    try:
        drawing = await asyncio.to_thread(drawing_of, strokes, size)
        row = await asyncio.to_thread(shift.photos.add, session.encounter.id, drawing)
    except (BookletError, StoreError) as refused:
        return str(refused)
    if model.session is not session:  # put down, or locked, meanwhile: nobody sees it there
        return ""
    now = session.value(name, about)
    if _but_the_name(now) != began:
        return signing_words.OTHERWISE_MEANWHILE
    before = rows_of(now)
    model.put(name, (signed(row, before[0] if before else {}),), about)
    model.look_and_draw()
    return ""


def _but_the_name(answer: Answer | None) -> object:
    """What stands at the question, whoever is named there."""
    rows = rows_of(answer)
    if answer and not rows:  # a reason why there is none
        return answer
    cells = [{cell: said for cell, said in row.items() if cell != CAPTION} for row in rows]
    return [one for one in cells if one]
