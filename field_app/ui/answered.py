"""Saying that somebody was rung, and who answered: in the record that has the question, or at the task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booklets import definitions
from booklets.duties import OUTCOMES
from booklets.errors import BookletError
from field_app.capture.duties import Duty
from field_app.capture.worklist import Parcel
from field_app.ui import adding
from field_app.ui.places import At
from field_app.ui.ringing import CALLS

if TYPE_CHECKING:
    from field_app.ui.model import Model

RUNG = next(iter(OUTCOMES))
"""How a call that was answered ended."""


def question_of(clock: str) -> str:
    """The question that takes down who answered; empty where none does."""
    return next((one.stops for one in definitions.clocks() if one.id == clock), "") if clock in CALLS else ""


def may_say(model: Model, encounter: str, clock: str) -> bool:
    """Whether the record with that question can be opened here: as a draft, or to add to what was sent."""
    begun = any(one.id == encounter for one in model.home.drafts)
    return bool(question_of(clock)) and (begun or _sent(model, encounter) is not None)


async def say_who(model: Model, encounter: str, clock: str) -> None:
    """Open the question that takes down who answered."""
    sent = _sent(model, encounter)
    in_hand = model.session is not None and str(model.session.encounter.id) == encounter
    if not in_hand and any(one.id == encounter for one in model.home.drafts):
        await model.resume(encounter)
    elif not in_hand and sent is not None:
        await adding.add(model, sent)
    question = question_of(clock)
    if model.at is not At.CHANGED and _asks(model, encounter, question):
        model.open_field(question)
        model.returning.jump_to(question)
        model.redraw()


def rang(model: Model, task: int) -> None:
    """Open the task as one that is done: what is left to say is who answered."""
    model.show_duty(task)
    model.duty.outcome = model.duty.outcome or RUNG
    model.redraw()


def call_asked(model: Model, parcel: Parcel, clock: str) -> Duty | None:
    """The task that asks for this call because of what was sent, as long as it waits for it."""
    records = {item.record for item in parcel.items}
    asked = (one for one in model.home.duties if one.kind == clock and one.record in records)
    return next((one for one in asked if not one.on_its_way), None)


def _sent(model: Model, encounter: str) -> Parcel | None:
    parcel = next(iter(model.parcels_of(encounter)), None)
    return parcel if parcel is not None and adding.may_add(model, parcel) else None


def _asks(model: Model, encounter: str, question: str) -> bool:
    session = model.session
    if session is None or str(session.encounter.id) != encounter:
        return False
    try:
        return session.is_asked(question)
    except BookletError:  # the forms ask it no more
        return False
