"""The line that says what has come while a list is looked at; touching it shows the list from its top.

It stands between the list and what lies below it, where its coming moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from field_app.capture.cases import Case
from field_app.capture.duties import Duty
from field_app.capture.returned import Returned
from field_app.ui import arriving, duties, duty_words, returning_words, supervising
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.arriving import Arrived
from field_app.ui.model import Model


def line(model: Model, *, desk: bool) -> ft.Control | None:
    """What is new or graver than it stands, and what of it is about danger; nothing while nothing waits."""
    new = arriving.arrived(model, desk=desk)
    graver = arriving.graver(model) if desk else []
    if not (new or graver or arriving.stand_otherwise(model, desk=desk)):
        return None
    dangers, risen = ([told for one in found if (told := danger_of(model, one))] for found in (new, graver))
    pressing = dangers or risen
    said = duty_words.not_shown_yet(dangers, risen, len(new), len(graver))
    return news("show_new", said, partial(arriving.show, model), pressing=bool(pressing), key="arrived")


def news(identifier: str, said: str, act: k.Act, *, pressing: bool, key: str) -> ft.Control:
    """The line itself, read aloud as it comes: what there is, and that a touch shows it."""
    colour, fill = (t.LATE, t.LATE_SOFT) if pressing else (t.ACTION, t.ACTION_SOFT)
    sign = ft.Icons.PRIORITY_HIGH_ROUNDED if pressing else ft.Icons.KEYBOARD_ARROW_UP_ROUNDED
    inside = ft.Row(
        [
            k.icon(sign, colour, 22),
            k.text(said, t.NOTE_STRONG, colour, expand=True),
            k.text(duty_words.SHOW, t.NOTE_STRONG, colour),
        ],
        spacing=t.ONE,
        vertical_alignment=k.CENTRE,
    )
    touched = k.tap(
        identifier,
        f"{said}. {duty_words.SHOW}",
        inside,
        act,
        fill=fill,
        pad=ft.Padding(t.EDGE + t.HALF, 14, t.EDGE + t.HALF, 14),
        radius=0,
        told=True,
    )
    return ft.Container(touched, border=ft.Border(top=ft.BorderSide(t.HAIR, colour)), key=key)


def danger_of(model: Model, one: Arrived) -> str:
    """What is dangerous about something new, and for whom; nothing where it can wait for a look."""
    parts: Sequence[str] = ()
    match one:
        case Duty(kind=kind) if kind in duty_words.DANGERS:
            parts = (duty_words.DANGERS[kind], duties.child_of(model, one)[0])
        case Returned(urgent=True):
            parts = (returning_words.URGENT, one.name)
        case Case() if one.risk <= supervising.DANGER:
            parts = (supervising.grave_word(one), supervising.name_of(one, words.today())[0])
        case _:
            pass
    return words.joined(*parts)


def danger(model: Model) -> ft.Control | None:
    """While something is written: that something about danger has come, without a word of whom or what.

    It stands below the questions, where its coming moves none of them, and one touch leads to the list.
    """
    if not (arriving.dangers(model.home) - model.minded):
        return None
    return news("danger_came", duty_words.DANGER_CAME, model.go_home, pressing=True, key="danger_came")
