"""Adding to what was sent: the way in, what it means, and what is still wanted."""

from __future__ import annotations

from functools import partial

import flet as ft

from field_app.capture.worklist import Parcel
from field_app.handset.returning import NOT_KEPT_HERE
from field_app.ui import adding, returning_words
from field_app.ui import adding_words as words
from field_app.ui import kit as k
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.words import joined


def way_in(model: Model, parcel: Parcel) -> list[ft.Control]:
    """On the screen of what was sent: the button, or why there is none and what to do."""
    if adding.may_add(model, parcel):
        said = words.GO_ON if adding.is_begun(model, parcel) else words.add(waits=parcel.received_at is None)
        act = partial(adding.add, model, parcel)
        return [k.second_action("add", said, act, name=ft.Icons.NOTE_ADD_OUTLINED)]
    if parcel.withdrawn or parcel.is_readable:
        return []
    return [k.paragraph(here(NOT_KEPT_HERE), t.NOTE)]


def went_as_emergency(model: Model, parcel: Parcel) -> list[ft.Control]:
    """On the screen of what was sent: that it went before it was whole, and what it still lacks."""
    if not parcel.emergency:
        return []
    left = words.left_open(adding.questions_left(model, parcel), len(adding.left_open(model, parcel)))
    sign = ft.Icons.PRIORITY_HIGH_ROUNDED
    return [k.notice(sign, words.WENT_AS_EMERGENCY, under=left or None, identifier="sent.emergency")]


def row(model: Model, parcel: Parcel) -> list[ft.Control]:
    """On the worklist, under what was sent. What is begun has a card of its own there."""
    if not adding.may_add(model, parcel) or adding.is_begun(model, parcel):
        return []
    if any(one.encounter == parcel.encounter for one in model.home.returned):
        return []  # the card that says what is asked leads there
    act = partial(adding.add, model, parcel)
    word = words.add(waits=parcel.received_at is None)
    said = k.quiet_action(f"add.{parcel.encounter}", word, act, label=words.for_whom(word, parcel.name))
    return [ft.Container(said, padding=ft.Padding(t.TWO, 0, t.TWO, 0), key=f"adding.{parcel.encounter}")]


def told(model: Model) -> list[ft.Control]:
    """On every page while adding: that this goes as a further revision."""
    if not adding.is_adding(model):
        return []
    encounter = model.open_session().encounter
    number = max(one.revision for one in encounter.sent.values()) + 1
    said = joined(
        words.adding(waits=adding.waits(model, str(encounter.id))), returning_words.revision(number)
    )
    line = k.flag(ft.Icons.NOTE_ADD_OUTLINED, said, t.ACTION, t.NOTE_STRONG)
    return [
        ft.Semantics(key="adding", identifier="adding", label=said, exclude_semantics=True, content=line)
    ]


def explained(model: Model) -> list[ft.Control]:
    """Above the list of pages: what adding does."""
    return [*told(model), k.paragraph(words.ADDING_HELP, t.NOTE)] if adding.is_adding(model) else []
