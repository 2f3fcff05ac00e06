"""A forgotten PIN: what is kept, what happens now, the code to read out, and the new PIN."""

from __future__ import annotations

from functools import partial

import flet as ft

from field_app.sync.locked import OPEN, KeyAsked
from field_app.ui import entering, locked, screen_words
from field_app.ui import kit as k
from field_app.ui import locked_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.hooks import use_now
from field_app.ui.lettering import code
from field_app.ui.model import Model
from field_app.ui.screens.closed import whom_to_ring
from field_app.ui.screens.entrance import Choosing, busy, chosen_twice, door


def forgotten(model: Model) -> ft.Control:
    """Before it is asked, while two have to agree, and when nobody did."""
    asked = model.forgotten.asked if model.forgotten else None
    standing = model.standing
    phone = standing.phone if standing else ""
    title = words.FORGOTTEN_PHRASE if standing and standing.passphrase else words.FORGOTTEN
    back = k.quiet_action("back", screen_words.BACK, partial(entering.first_screen, model))
    if asked is None:
        body = [_part(words.KEPT_TITLE, [here(words.ALL_KEPT)]), _steps(), whom_to_ring(phone)]
        return door(model, title, body, [k.main_action("ask", words.ASK, partial(locked.ask, model))], back)
    if asked.state in OPEN:
        return door(model, title, [*_code(asked), whom_to_ring(phone), _kept(), back], [])
    said = words.OVER.get(asked.state, words.OVER["over"])
    again = k.main_action("ask_again", words.ASK_AGAIN, partial(locked.ask, model, again=True))
    over = k.notice(ft.Icons.INFO_OUTLINE_ROUNDED, said, identifier="request_over")
    return door(model, title, [over, whom_to_ring(phone)], [again], back)


def _code(asked: KeyAsked) -> list[ft.Control]:
    shown = k.card(
        [
            k.text(words.READ_OUT, t.NOTE, t.QUIET),
            ft.Semantics(
                identifier="recovery_code",
                label=asked.code,
                exclude_semantics=True,
                content=code(asked.code),
            ),
            k.text(words.good_until(asked.expires_at), t.NOTE, t.QUIET),
        ]
    )
    return [shown, busy(words.WAITING.get(asked.state, words.WAITING["asked"]))]


def _kept() -> ft.Control:
    return k.paragraph(here(words.ALL_KEPT), t.NOTE)


def _part(title: str, said: list[str]) -> ft.Control:
    return k.column([k.text(title, t.STRONG), *(k.text(one, t.BODY) for one in said)], t.HALF)


def _steps() -> ft.Control:
    lines: list[ft.Control] = [
        ft.Row(
            [k.text(f"{number}.", t.BODY, t.QUIET), k.text(said, t.BODY, expand=True)],
            spacing=t.ONE,
            vertical_alignment=k.TOP,
        )
        for number, said in enumerate(words.STEPS, start=1)
    ]
    return k.column([k.text(words.NEXT_TITLE, t.STRONG), *lines], t.ONE)


@ft.component
def new_pin(model: Model) -> ft.Control:
    """The new PIN, twice."""
    first, typed = use_now(""), use_now("")
    phrase = bool(model.standing and model.standing.passphrase)
    title, help_ = (
        (words.NEW_PHRASE, words.NEW_PHRASE_HELP) if phrase else (words.NEW_PIN, words.NEW_PIN_HELP)
    )
    return chosen_twice(model, first, typed, Choosing(title, help_, partial(locked.open_with, model)))
