"""Asking about an answer, and deciding: what a supervisor does on the desk that ``supervising`` lays out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from booklets.answers import Answer, Moment
from booklets.decisions import Ask, Outcome, ask_row
from booklets.errors import BookletError
from field_app.handset.deciding import PinNeeded
from field_app.store.errors import StoreError
from field_app.ui import entering
from field_app.ui import supervising_words as words
from field_app.ui.model import TYPED, Model
from field_app.ui.places import At
from field_app.ui.supervising import ASKS, DECISION, Spot, desk_of, newest_of, open_desk
from field_app.ui.widgets import FieldActs
from field_app.ui.words import KEPT_AS_WRITTEN, local, utc
from field_app.vault.errors import VaultLocked

DUE = "sup.due_by"
REASON_FIELD: Mapping[Outcome, str] = {
    Outcome.APPROVE: "sup.rationale",
    Outcome.ESCALATE: "sup.rationale",
    Outcome.RECALL: "sup.rationale",
    Outcome.RETURN: "sup.return_words",
}
MORNING, SHIFT_ENDS = 9, 6


# -- asking ------------------------------------------------------------------------------------------
async def ask_about(model: Model, spot: Spot) -> None:
    """Open a question about an answer. It is kept from the first letter on."""
    desk, case = open_desk(model)
    if desk.session is None:
        desk.session = await asyncio.to_thread(model.shift.deciding.write, case)
    desk.asking = spot
    model.redraw()


def type_ask(model: Model, spot: Spot, typed: str) -> None:
    """What is asked about an answer, as far as it is typed. Nothing is no question."""
    desk, _ = open_desk(model)
    if desk.session is None:
        return
    rows = [one for one in desk.asks if (one.question, one.entity) != (spot.question, spot.entity)]
    if typed.strip():
        rows.append(Ask(spot.record, spot.question, typed, spot.entity))
    desk.session.put(ASKS, tuple(map(ask_row, rows)) or None)


def keep_ask(model: Model) -> None:
    """The question stands; it goes with what is sent back."""
    desk, _ = open_desk(model)
    desk.asking = None
    desk.looked_again()
    model.redraw()


def take_out(model: Model, spot: Spot) -> None:
    """The question was not needed."""
    type_ask(model, spot, "")
    keep_ask(model)


def compare(model: Model) -> None:
    """Show, or hide, what changed since the version before."""
    desk = desk_of(model)
    desk.comparing = not desk.comparing
    model.redraw()


# -- deciding ----------------------------------------------------------------------------------------
async def begin(model: Model, outcome: Outcome) -> None:
    """Turn to a decision. What was chosen before is kept, should it be chosen again."""
    desk, case = open_desk(model)
    if desk.session is None:
        desk.session = await asyncio.to_thread(model.shift.deciding.write, case)
    if desk.outcome is None or desk.outcome.way is not outcome:
        desk.session.put(DECISION, outcome.value)
    desk.asking, desk.tried, desk.pin_wanted = None, False, False
    desk.looked_again()
    model.go(At.DECIDING)


def put(model: Model, name: str, value: Answer | None) -> None:
    """An answer of the decision. Drawn anew only if something else changed with it."""
    desk, _ = open_desk(model)
    session = desk.session
    if session is None:
        return
    asked = session.facts.asked
    session.put(name, value)
    if session.field(name).kind not in TYPED or session.facts.asked != asked:
        desk.looked_again()
        model.notice = desk.told(model.notice)
        model.redraw()


def acts_of(model: Model) -> FieldActs:
    """What the questions of a decision may do."""

    def open_entity(name: str, entity: str | None) -> None:
        """A decision mentions nobody new."""

    def give_reason(key: str, reason: str) -> None:
        desk, _ = open_desk(model)
        if desk.session is not None:
            desk.session.keep_because(key, reason)

    def keep(_field: str, key: str) -> None:
        give_reason(key, KEPT_AS_WRITTEN)
        open_desk(model)[0].looked_again()
        model.redraw()

    def unread(name: str) -> Mapping[str, str]:
        session = open_desk(model)[0].session
        return session.unread(name) if session else {}

    def keep_unread(name: str, parts: Mapping[str, str]) -> None:
        session = open_desk(model)[0].session
        if session is not None:
            session.keep_unread(name, parts)

    return FieldActs(
        put=partial(put, model),
        unread=unread,
        keep_unread=keep_unread,
        now=model.handset.clock.now,
        open_entity=open_entity,
        give_reason=give_reason,
        keep_wording=keep,
    )


async def decide(model: Model) -> None:
    """Seal the decision, once nothing stands against it and the PIN is fresh."""
    desk, case = open_desk(model)
    session = desk.session
    if session is None or model.busy:
        return
    desk.tried = True
    desk.looked_again()
    if desk.standing:
        desk.needs = words.needed(len(desk.standing))
        model.go(At.DECIDING, notice=desk.needs)
        return
    newest = newest_of(model, case)
    try:
        await model.doing(words.SEALING, lambda: model.shift.deciding.decide(session, newest))
    except PinNeeded:
        desk.pin_wanted = True
        model.go(At.DECIDING)
        return
    except (StoreError, BookletError) as refused:
        model.go(At.DECIDING, notice=str(refused))
        return
    model.shift.viewing.forget()
    await model.read_home()
    model.desk = replace(
        desk,
        session=None,
        shown=newest_of(model, case),
        pin_wanted=False,
        tried=False,
        due="",
        due_typed="",
    )
    model.go(At.CASE)


async def give_pin(model: Model, pin: str) -> bool:
    """The PIN again, then the decision. Ten wrong tries lock the vault, as they do on the lock screen."""
    shift = model.shift
    try:
        await model.doing(words.CHECKING, lambda: shift.deciding.pin.give(pin))
    except VaultLocked:
        await entering.lock(model)
        return False
    except entering.REFUSALS as refused:
        model.go(At.DECIDING, notice=str(refused))
        return False
    desk_of(model).pin_wanted = False
    await decide(model)
    return True


# -- by when -----------------------------------------------------------------------------------------
def due_times(now: datetime, shift_ends: datetime | None) -> tuple[tuple[str, datetime], ...]:
    """By when an answer is usually wanted: in an hour, before the officer goes off, tomorrow at nine."""
    hour = now.replace(second=0, microsecond=0) + timedelta(hours=1)
    end = (
        (words.END_OF_SHIFT, shift_ends)
        if shift_ends and shift_ends > now
        else (words.AT_SIX, next_at(now, SHIFT_ENDS, 0))
    )
    day = local(now).date() + timedelta(days=1)
    return (
        (words.IN_1_HOUR, hour),
        end,
        (words.TOMORROW, utc(day.year, day.month, day.day, MORNING, 0)),
    )


def next_at(now: datetime, hour: int, minute: int) -> datetime:
    """The next time a wall clock in Britain shows this."""
    day = local(now).date()
    at = utc(day.year, day.month, day.day, hour, minute)
    if at > now:
        return at
    day += timedelta(days=1)
    return utc(day.year, day.month, day.day, hour, minute)


def choose_due(model: Model, at: datetime, choice: str) -> None:
    """By when the officer is to answer; ``choice`` is the block that was touched, if one was."""
    desk_of(model).due = choice
    put(model, DUE, Moment(at))
