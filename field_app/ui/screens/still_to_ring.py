"""After sending: who is still to be rung. A receipt, or a notice that has gone, takes no call away."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import flet as ft

from booklets import definitions
from booklets.answers import read_instant
from booklets.clocks import RETURN_CLOCK
from field_app.capture.reaching import RETURNS
from field_app.capture.worklist import Parcel
from field_app.handset.home import DANGER_TOLD_OF, FIRST_TOLD, TOLD_DANGER, TOLD_RETURN
from field_app.ui import answered, duties, ringing, ringing_words
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.model import Model
from field_app.ui.screens import calls


def leads(model: Model, parcel: Parcel) -> bool:
    """Whether a call is what this page is about, wherever the record itself is by now."""
    return rings_first(model, parcel) or is_asked_for(model, parcel)


def rings_first(model: Model, parcel: Parcel) -> bool:
    """Whether a call comes first: nobody has it yet, or no council has the danger notice."""
    untold = danger_to_ring(model, parcel) and not council_told(model, parcel, TOLD_DANGER)
    return untold or (parcel.received_at is None and not parcel.withdrawn)


def is_asked_for(model: Model, parcel: Parcel) -> bool:
    """Whether the force has it, and somebody at the council is still to be reached by voice.

    R-08a: whatever notice the council has by now. Of a danger nobody has been told until somebody has
    answered: that call stays until it is acted on.
    """
    if not parcel.received_at or parcel.withdrawn or parcel.died:
        return False
    returns = tells_of_return(parcel) and not parcel.needs_attention
    return danger_to_ring(model, parcel) or (returns and _waits(model, parcel))


def presses(model: Model, parcel: Parcel) -> bool:
    """Whether the call comes before everything else there is to do: nobody has it, danger, or it is late."""
    due = due_at(model, parcel)
    late = due is not None and due <= model.now
    return rings_first(model, parcel) or danger_to_ring(model, parcel) or late


def _waits(model: Model, parcel: Parcel) -> bool:
    asked = answered.call_asked(model, parcel, RETURN_CLOCK)
    return asked is not None or due_at(model, parcel) is not None


def no_notice_yet(model: Model, parcel: Parcel) -> list[ft.Control]:
    """The number, until the council has the notice of a return: whoever was rung has nothing to read yet."""
    over = not parcel.received_at or parcel.withdrawn or parcel.died or parcel.needs_attention
    if over or leads(model, parcel) or not tells_of_return(parcel) or council_told(model, parcel):
        return []
    return [calls.call_because("ring", whom(model, parcel), ringing_words.COUNCIL_HAS_NONE)]


def danger_to_ring(model: Model, parcel: Parcel) -> bool:
    """Whether it shows a danger that nobody has acted on yet, as far as this phone knows."""
    if parcel.died or parcel.withdrawn or not parcel.danger:
        return False
    return not any(duties.has_acted_on_danger(model, item.record, item.rev) for item in parcel.items)


def tells_of_return(parcel: Parcel) -> bool:
    """Whether the council is told of a return because of this: of nothing else does it get that notice."""
    known = parcel.guide in definitions.guide_ids()
    forms = definitions.guide(parcel.guide).forms if known else ()
    return any(one.id in RETURNS for one in forms)


def council_told(model: Model, parcel: Parcel, of: str = TOLD_RETURN) -> str:
    """When the council was told of it, as this phone has heard: first, and last where that was again.

    A danger is told with every revision that shows it, and counts when that has been told: it may be
    another council's by now.
    """
    for item in parcel.items:
        told = model.home.told.get(item.record, {})
        if of == TOLD_DANGER and int(told.get(DANGER_TOLD_OF, 0)) < item.rev:
            continue
        times = [told.get(name) for name in (FIRST_TOLD[of], of)]
        known = [read_instant(one) for one in times if isinstance(one, str) and one]
        if known:
            return words.told_at(known[0], known[-1])
    return ""


def due_at(model: Model, parcel: Parcel) -> datetime | None:
    """By when the council is to be rung about the return, as far as this phone knows."""
    asked = answered.call_asked(model, parcel, RETURN_CLOCK)
    if asked is not None:
        return asked.due_at
    clocks = (one.due for one in model.home.drafts if one.id == parcel.encounter and one.due)
    return next((one.due for one in clocks if one.clock.id == RETURN_CLOCK), None)


def whom(model: Model, parcel: Parcel) -> ringing.Whom:
    """Whom to ring."""
    force = model.shift.force
    return ringing.incident_manager(force) if parcel.died else ringing.duty_team(force)


def told(model: Model, parcel: Parcel) -> list[ft.Control]:
    """On top of the page: whom to ring, by when, and why a tick below is no answer. Red once it is late."""
    if not leads(model, parcel):
        return []
    due = due_at(model, parcel)
    late = due is not None and due <= model.now
    said, under, identifier = because(model, parcel, due)
    colour, fill = (t.LATE, t.LATE_SOFT) if late else (t.SOON, t.SOON_SOFT)
    return [
        k.notice(
            ft.Icons.CALL_OUTLINED,
            said,
            under=under,
            colour=colour,
            fill=fill,
            action=say_who(model, parcel),
            identifier=identifier,
        )
    ]


def because(model: Model, parcel: Parcel, due: datetime | None) -> tuple[str, str, str]:
    """What such a call leads with, why it is to be made, and what it is called among tests."""
    if parcel.received_at is None:
        under = words.CALL_AFTER_DEATH if parcel.died else ringing_words.now(due, model.now)
        return words.NOBODY_TOLD, under, "nobody_told"
    who = words.ring(whom(model, parcel)[0])
    said = ringing_words.by_when(who, due, model.now)
    if not danger_to_ring(model, parcel):
        has = bool(council_told(model, parcel))
        return (
            said,
            ringing_words.COUNCIL_HAS_NOTICE if has else ringing_words.COUNCIL_HAS_NONE,
            "call_waits",
        )
    untold = not council_told(model, parcel, TOLD_DANGER)
    return said, words.DANGER_UNTOLD if untold else words.DANGER_WAITS, "danger_waits"


def say_who(model: Model, parcel: Parcel) -> ft.Control | None:
    """The way to say who answered: at the task that asks for the call, or else in the record."""
    if parcel.died or not tells_of_return(parcel):
        return None
    asked = answered.call_asked(model, parcel, RETURN_CLOCK)
    act: k.Act = partial(answered.say_who, model, parcel.encounter, RETURN_CLOCK)
    if asked is not None:
        act = partial(answered.rang, model, asked.task)
    elif due_at(model, parcel) is None or not answered.may_say(model, parcel.encounter, RETURN_CLOCK):
        return None
    return k.second_action("rang", ringing_words.I_RANG, act)
