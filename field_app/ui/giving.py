"""Handing a draft over and taking one, on the screen's side: whom it is for, and what is refused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from booklets.errors import BookletError
from booklets.handing_on import written_by
from field_app.capture.giving import LOCKED, Offer, Out
from field_app.capture.session import CaptureSession
from field_app.store.errors import StoreError
from field_app.ui import giving_words as words
from field_app.ui.places import At
from field_app.ui.widgets import FieldView, Line, Tone

if TYPE_CHECKING:
    from field_app.ui.model import Model

UNIT, ONE = "unit", "one"


@dataclass(slots=True)
class Handing:
    """The draft that is being handed over, or read, and whom it is for."""

    draft: str = ""
    whom: str = UNIT
    number: str = ""


def locked(model: Model) -> dict[str, Out]:
    """The drafts that were handed over and nobody has yet, by their id."""
    return {one.encounter: one for one in model.home.out if one.stands in LOCKED}


def may_give(model: Model) -> bool:
    """Whether what is in hand may be handed over: not what a sergeant sent back to this very officer."""
    session = model.session
    if session is None:
        return False
    back = {one.encounter for one in model.home.returned}
    return str(session.encounter.id) not in back


def begin(model: Model, draft: str) -> None:
    """Ask whom a draft is for."""
    model.handing = Handing(draft)
    model.go(At.HAND_ON)


def choose(model: Model, whom: str) -> None:
    """The unit, or one colleague."""
    model.handing.whom = whom
    model.redraw()


def put_number(model: Model, typed: str) -> None:
    """The colleague's number, as far as it is typed."""
    model.handing.number = typed


async def give(model: Model) -> None:
    """Hand it over; a refusal is said where the officer is, and nothing is changed."""
    if model.busy:
        return
    handing = model.handing
    number = handing.number.strip() if handing.whom == ONE else ""
    if handing.whom == ONE and not number:
        model.go(At.HAND_ON, notice=words.NUMBER_NEEDED)
        return
    try:
        await model.doing(words.SEALING, lambda: model.shift.give(handing.draft, number))
    except (StoreError, BookletError) as refused:
        model.go(At.HAND_ON, notice=str(refused))
        return
    model.handing = Handing()
    await model.go_home()


async def take(model: Model, offer: Offer) -> None:
    """Take over what a colleague offers."""
    await asyncio.to_thread(model.shift.passing.take, offer)
    await model.go_home()


async def take_back(model: Model, out: Out) -> None:
    """Go on with it after all."""
    await asyncio.to_thread(model.shift.passing.take_back, out)
    await model.go_home()


async def read(model: Model, draft: str) -> None:
    """Look at what was handed over, without changing anything."""
    model.handing = Handing(draft)
    model.reading = await asyncio.to_thread(model.shift.read_draft, draft)
    model.go(At.GIVEN)


def told(view: FieldView, session: CaptureSession) -> FieldView:
    """The question with who wrote its answer, where that was a colleague and nothing was changed since."""
    wrote = written_by(session.encounter, view.id)
    if wrote is None:
        return view
    name = f"{wrote.rank} {wrote.name} {wrote.shoulder_no}".strip()
    return replace(
        view, lines=(*view.lines, Line(says=words.written_by(name), tone=Tone.KNOW, rule="hands"))
    )
