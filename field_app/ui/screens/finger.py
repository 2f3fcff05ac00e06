"""On the page "This phone": a finger or face in place of the PIN, where the force allows it."""

from __future__ import annotations

from functools import partial

import flet as ft

from field_app.ui import finger_words as words
from field_app.ui import fingers
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.hooks import use_now
from field_app.ui.model import Model
from field_app.ui.screens.entrance import busy, pad


def finger_or_face(model: Model) -> list[ft.Control]:
    """Nothing of it where the force does not allow it, or the device has no way to do it safely."""
    shift = model.handset.shift
    if shift is None or not shift.door.takes_fingers:
        return []
    return [k.caption(words.TITLE), Finger(model, is_on=shift.door.finger_is_on)]


@ft.component
def Finger(model: Model, *, is_on: bool) -> ft.Control:
    """How it stands, who else could open it, and the way to change it."""
    typed, asking = use_now(""), use_now(False)

    async def turn_on() -> None:
        pin = typed.now
        if model.busy:  # a second touch must not count as a wrong try
            return
        if not pin:
            model.go(model.at, notice=said.PIN_FIRST)
            return
        typed.put("")
        if await fingers.turn_on(model, pin):
            asking.put(False)

    def leave_off() -> None:
        typed.put("")
        asking.put(False)

    told: list[ft.Control] = [
        k.paragraph(words.ON if is_on else words.OFF),
        k.paragraph(words.ALLOWED, t.NOTE),
        k.paragraph(here(words.OTHERS)),
        k.paragraph(words.pin_again(model.handset.policy.finger_hours), t.NOTE),
        k.paragraph(words.SEEN, t.NOTE),
    ]
    if model.busy:
        told.append(busy(model.busy))
    elif is_on:
        told.append(k.second_action("finger.off", words.TURN_OFF, partial(fingers.turn_off, model)))
    elif not asking.now:
        told.append(k.second_action("finger.on", words.TURN_ON, partial(asking.put, True)))
    else:
        told += [
            k.paragraph(words.PIN_TO_TURN_ON),
            pad(typed),
            k.second_action("finger.confirm", words.CONFIRM, turn_on),
            k.quiet_action("finger.leave_off", words.LEAVE_OFF, leave_off),
        ]
    return k.column(told, t.ONE)
