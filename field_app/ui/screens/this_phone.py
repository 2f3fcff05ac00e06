"""This phone: its look, the hand it lies in, how large its letters are."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from field_app.ui import comfort_words as words
from field_app.ui import frame, screen_words
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.finger import finger_or_face
from field_app.ui.screens.standing import notices, status
from field_app.ui.widgets.blocks import choice_rows


def row(model: Model) -> ft.Control:
    """The way here, from the menu, with what is chosen."""
    worn = model.comfort
    said = words.summary(worn.look, _hand(model), str(worn.letters))
    return k.row("this_phone", here(words.THIS_PHONE), lambda: model.go(At.THIS_PHONE), under=here(said))


def this_phone(model: Model) -> ft.Control:
    """Each choice counts at once and is kept."""
    return frame.frame(
        top=frame.top_bar(
            here(words.THIS_PHONE),
            on_menu=lambda: model.go(At.MENU),
            on_back=lambda: model.go(At.MENU),
            back=screen_words.BACK_TO_MENU,
        ),
        status=status(model),
        body=[
            *notices(model),
            k.paragraph(here(words.HELP), t.NOTE),
            *_choices(model),
            *finger_or_face(model),
        ],
        actions=[k.main_action("done", screen_words.DONE, model.go_home)],
        left_handed=model.left_handed,
        name="this_phone",
    )


def _choices(model: Model) -> list[ft.Control]:
    worn = model.comfort
    return [
        k.caption(words.LOOK),
        choice_rows(
            "look",
            _here(words.LOOKS),
            {worn.look},
            lambda look: model.suit(replace(model.comfort, look=look)),
        ),
        k.paragraph(here(words.LOOK_HELP), t.NOTE),
        k.caption(words.HAND),
        choice_rows(
            "hand",
            words.HANDS,
            {_hand(model)},
            lambda hand: model.suit(replace(model.comfort, left_handed=hand == "left")),
        ),
        k.paragraph(words.HAND_HELP, t.NOTE),
        k.caption(words.LETTERS),
        choice_rows(
            "letters",
            _here(words.SIZES),
            {str(worn.letters)},
            lambda size: model.suit(replace(model.comfort, letters=int(size))),
        ),
    ]


def _hand(model: Model) -> str:
    return "left" if model.left_handed else "right"


def _here(choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code, here(said)) for code, said in choices)
