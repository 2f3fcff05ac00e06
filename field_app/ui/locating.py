"""How the place where an officer stands gets onto a page: at one tap, once, and never by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID
from weakref import WeakKeyDictionary

from booklets.answers import Answer, Gap
from booklets.positions import OF_A_PLACE
from field_app.capture.session import CaptureSession
from field_app.handset.whereabouts import NoPosition, usable
from field_app.ui import position_words as words
from field_app.ui.model import Model
from field_app.ui.places import At, Mention

_SOUGHT: WeakKeyDictionary[CaptureSession, dict[tuple[UUID | None, str], asyncio.Task[str]]] = (
    WeakKeyDictionary()
)
"""For which questions of a record the device is being asked where it is."""


def seeking(model: Model, about: UUID | None, name: str) -> bool:
    """Whether the device is being asked for this question: its page was left meanwhile, and is back."""
    return model.session is not None and (about, name) in _SOUGHT.get(model.session, {})


async def here(model: Model, about: UUID | None, name: str) -> str:
    """Answer a question with the place where the device is, and say what came of it.

    The place is a new one, of which only that is known. An answer that was given while the device was still
    looking stays.
    """
    return await _once(_Asked(model, about, name), _here)


async def position(model: Model, about: UUID | None, name: str) -> str:
    """Say of a place that the officer stands at it, and say what came of it: nothing, when all is well.

    Whoever went back to the question while the device was still looking meant the place all the same: it is
    put back there, unless something else was answered meanwhile, which stays.
    """
    return await _once(_Asked(model, about, name), _at_a_place)


class _Asked:
    """A question for which the device is asked where it is, and where the officer has gone meanwhile."""

    def __init__(self, model: Model, about: UUID | None, name: str) -> None:
        self.model, self.about, self.name = model, about, name
        self.session, self._shift = model.open_session(), model.handset.shift

    @property
    def is_left(self) -> bool:
        """Whether the record was put down, sent or locked meanwhile."""
        return self.model.session is not self.session

    def value(self) -> Answer | None:
        """What stands at the question now."""
        return self.session.value(self.name, self.about)

    def say(self, said: str) -> str:
        """What to say at the question; where that is on the screen no more, above whatever is."""
        if self.is_left:
            if self._shift is None or self.model.handset.shift is not self._shift:  # nothing after a lock
                return ""
            said = words.LEFT_MEANWHILE
        elif self._is_on_screen() and not isinstance(self.value(), Gap):
            return said
        self.model.notice = said
        self.model.redraw()
        return ""

    def _is_on_screen(self) -> bool:
        model = self.model
        if self.about is None:
            return model.at is At.PAGE and self.name in self.session.guide.pages[model.page].fields()
        return model.at is At.ENTITY and model.mentions[-1].entity == self.about


async def _once(asked: _Asked, find: Callable[[_Asked], Awaitable[str]]) -> str:
    """Ask the device, or wait with whoever asks it already for this very question."""
    under_way, key = _SOUGHT.setdefault(asked.session, {}), (asked.about, asked.name)
    if key not in under_way:
        under_way[key] = asyncio.ensure_future(find(asked))
        under_way[key].add_done_callback(lambda _: under_way.pop(key, None))
    return await asyncio.shield(under_way[key])


async def _here(asked: _Asked) -> str:
    model, before = asked.model, asked.value()
    try:
        row = usable(await model.whereabouts.ask(), model.now)
    except NoPosition as refused:
        return asked.say(str(refused))
    if asked.is_left or asked.value() != before:
        return asked.say(words.ANSWERED_MEANWHILE)
    place = asked.session.know_place({OF_A_PLACE: (row,)})
    asked.session.mention(asked.name, place, asked.about)
    model.look_and_draw()
    return asked.say(words.found(row))


async def _at_a_place(asked: _Asked) -> str:
    model, session, before, way = asked.model, asked.session, asked.value(), _way(asked.model)
    try:
        row = usable(await model.whereabouts.ask(), model.now)
    except NoPosition as refused:
        return asked.say(str(refused))
    left = [(one, was) for one, was in way if _was_left(session, one, was)]
    if (
        asked.is_left
        or asked.value() != before
        or any(_answer(session, one) != one.before for one, _ in left)
    ):
        return asked.say(words.ANSWERED_MEANWHILE)
    for one, was in left:
        session.put(one.question, was, one.about)
    model.put(asked.name, (row,), asked.about)
    return ""


def _way(model: Model) -> list[tuple[Mention, Answer | None]]:
    """Whoever and whatever is open, each with the answer that names it."""
    return [(one, _answer(model.open_session(), one)) for one in model.mentions if one.question]


def _answer(session: CaptureSession, one: Mention) -> Answer | None:
    return session.value(one.question, one.about)


def _was_left(session: CaptureSession, one: Mention, was: Answer | None) -> bool:
    """Whether it was taken out of its answer because nothing was said about it."""
    return not session.encounter.entities[one.entity].facts and _answer(session, one) != was
