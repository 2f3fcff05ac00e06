"""How the place where an officer stands gets onto a page: at one tap, once, and never by itself."""

from __future__ import annotations

from uuid import UUID

from booklets.answers import Answer
from booklets.positions import OF_A_PLACE
from field_app.capture.session import CaptureSession
from field_app.handset.whereabouts import NoPosition, usable
from field_app.ui import position_words as words
from field_app.ui.model import Model
from field_app.ui.places import Mention


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
    """Say of a place that the officer stands at it, and say what came of it: nothing, when all is well.

    Whoever went back to the question while the device was still looking meant the place all the same: it is
    put back there, unless something else was answered meanwhile, which stays.
    """
    session = model.open_session()
    before, way = session.value(name, about), _way(model)
    try:
        row = usable(await model.whereabouts.ask(), model.now)
    except NoPosition as refused:
        return _said(model, session, about, str(refused))
    if model.session is not session:
        return ""
    left = [(one, was) for one, was in way if _was_left(session, one, was)]
    if session.value(name, about) != before or any(_answer(session, one) != one.before for one, _ in left):
        return _said(model, session, about, words.ANSWERED_MEANWHILE)
    for one, was in left:
        session.put(one.question, was, one.about)
    model.put(name, (row,), about)
    return ""


def _way(model: Model) -> list[tuple[Mention, Answer | None]]:
    """Whoever and whatever is open, each with the answer that names it."""
    return [(one, _answer(model.open_session(), one)) for one in model.mentions if one.question]


def _answer(session: CaptureSession, one: Mention) -> Answer | None:
    return session.value(one.question, one.about)


def _was_left(session: CaptureSession, one: Mention, was: Answer | None) -> bool:
    """Whether it was taken out of its answer because nothing was said about it."""
    return not session.encounter.entities[one.entity].facts and _answer(session, one) != was


def _said(model: Model, session: CaptureSession, about: UUID | None, said: str) -> str:
    """What to say at the question; where that was answered or left meanwhile, above the others."""
    if model.session is not session:  # put down, or locked, meanwhile
        return ""
    at_it = model.mentions and model.mentions[-1].entity == about
    if at_it and session.value(OF_A_PLACE, about) is None:
        return said
    model.notice = said
    model.redraw()
    return ""
