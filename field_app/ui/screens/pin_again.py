"""The PIN once more before a decision is sealed, when it was last given a while ago."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from field_app.ui import deciding as acts
from field_app.ui import frame, supervising
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.hooks import use_now
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.rulers import rulers
from field_app.ui.screens.entrance import busy, pad
from field_app.ui.screens.queue import strip
from field_app.ui.screens.standing import notices, status
from field_app.ui.widgets.entry import How, entry

PIN_WIDTH = 420


def pin_screen(model: Model, *, wide: bool) -> ft.Control:
    """The PIN once more, for what weighs this much."""
    asked = Pin(model)
    if wide:
        middle = ft.Row(
            [ft.Container(asked, width=PIN_WIDTH, padding=ft.Padding(0, t.THREE, 0, 0))],
            alignment=ft.MainAxisAlignment.CENTER,
        )
        return whole(model, [frame.read_through([middle], bar=ft.ScrollMode.AUTO)])
    return frame.frame(
        top=frame.top_bar(
            words.PIN_AGAIN,
            on_menu=partial(model.go, At.MENU),
            on_back=partial(supervising.back_to_record, model),
            back=words.BACK_TO_RECORD,
        ),
        status=status(model, words.MARKING),
        body=[asked],
        name="pin_again",
    )


@ft.component
def Pin(model: Model) -> ft.Control:
    """The pad, and what it is asked for. A wrong PIN is said here, and counts."""
    typed = use_now("")
    standing = model.standing
    passphrase = bool(standing and standing.passphrase)

    async def confirm() -> None:
        pin = typed.now
        if model.busy or not pin:  # a second touch must not count as a wrong try
            return
        typed.put("")
        await acts.give_pin(model, pin)

    box = (
        entry("passphrase", said.PASSPHRASE, typed.now, typed.put, How(secret=True, on_submit=confirm))
        if passphrase
        else pad(typed)
    )
    return k.column(
        [
            k.heading(words.PIN_AGAIN, t.TITLE),
            k.paragraph(words.PIN_AGAIN_HELP, t.NOTE),
            *told(model),
            box,
            k.main_action("pin_again", words.CONFIRM, confirm, expand=None),
        ],
        12,
    )


def whole(model: Model, parts: Sequence[ft.Control]) -> ft.Control:
    """The strip, and under it one thing alone."""
    inside = ft.Column(list(parts), spacing=0, expand=True, horizontal_alignment=k.WIDE)
    return ft.SafeArea(
        expand=True,
        content=ft.Column(
            [*rulers(), strip(model), ft.Container(inside, expand=True, bgcolor=t.CARD)],
            spacing=0,
            expand=True,
            horizontal_alignment=k.WIDE,
        ),
    )


def told(model: Model) -> list[ft.Control]:
    """What is still needed, or why it could not be sealed; and what takes a moment."""
    found: list[ft.Control] = []
    found += notices(model)
    if model.busy:
        found.append(busy(model.busy))
    return found
