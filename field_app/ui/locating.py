"""How the place where an officer stands gets onto a page: at one tap, once, and never by itself."""

from __future__ import annotations

from uuid import UUID

from booklets.positions import OF_A_PLACE
from field_app.handset.whereabouts import NoPosition, usable
from field_app.ui import position_words as words
from field_app.ui.model import Model


async def here(model: Model, about: UUID | None, name: str) -> str:
    """Answer a question with the place where the device is, and say what came of it.

    The place is a new one, of which only that is known. An answer that was given while the device was still
    looking stays.
    """
    session = model.open_session()
    before = session.value(name, about)
    try:
        row = usable(await model.whereabouts.ask(), model.now)
    except NoPosition as refused:
        return str(refused)
    if model.session is not session:  # put down, or locked, meanwhile: nobody sees it there
        return ""
    if session.value(name, about) != before:
        return words.ANSWERED_MEANWHILE
    session.mention(name, session.know_place({OF_A_PLACE: (row,)}), about)
    model.look_and_draw()
    return words.found(row)


async def position(model: Model, about: UUID | None, name: str) -> str:
    """Say of a place that the officer stands at it, and say what came of it: nothing, when all is well."""
    session = model.open_session()
    try:
        row = usable(await model.whereabouts.ask(), model.now)
    except NoPosition as refused:
        return str(refused)
    if model.session is not session:
        return ""
    model.put(name, (row,), about)
    return ""
