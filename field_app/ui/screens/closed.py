"""A handheld that opens for nobody: what happened, what is kept, whom to ring."""

from __future__ import annotations

from functools import partial

import flet as ft

from field_app.handset.access import Closed
from field_app.ui import kit as k
from field_app.ui import locked
from field_app.ui import locked_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.screens.entrance import door
from field_app.ui.screens.standing import ring


def closed(model: Model) -> ft.Control:
    """Why, in words; and the one thing that can be done from here."""
    standing = model.standing
    why = standing.closed if standing else Closed.STOPPED
    body: list[ft.Control] = [k.paragraph(words.HAPPENED[why])]
    if standing and standing.wiped and why is Closed.WIPED:
        body.insert(0, k.paragraph(words.wiped_at(standing.wiped)))
    body.append(k.paragraph(words.KEPT[why]))
    if standing and why is not Closed.WIPED and standing.left:
        body.append(k.notice(ft.Icons.OUTBOX_OUTLINED, words.waits(standing.left), identifier="left"))
    wiped = standing.wiped if standing else None
    body.append(whom_to_ring(wiped.phone if wiped and why is Closed.WIPED else _phone(model)))
    if why is Closed.WIPED:
        act = k.main_action("set_up_again", here(words.SET_UP_AGAIN), partial(locked.set_up_again, model))
    else:
        act = k.main_action("try_force", words.TRY_FORCE, partial(locked.try_now, model))
    return door(model, words.TITLES[why], body, [act])


def _phone(model: Model) -> str:
    return model.standing.phone if model.standing else ""


def whom_to_ring(phone: str) -> ft.Control:
    """The force's number for handhelds, one touch away; in words where none is known."""
    if not phone:
        return k.paragraph(here(words.NOBODY_TO_RING), t.NOTE)
    return k.second_action("ring", words.ring(phone), partial(ring, phone), name=ft.Icons.CALL_OUTLINED)
