"""How many answers are worth the eyes, leading from one of them to the next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from field_app.ui import kit as k
from field_app.ui import leafing
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.model import Model
from field_app.ui.supervising import Spot


def leaf(model: Model, identifier: str, count: str, spots: Sequence[Spot]) -> ft.Control:
    """The count alone where there is nowhere to go; else touching it shows the next of the answers."""
    told = k.text(count, t.NOTE_STRONG)
    if not spots:
        return told
    way = k.line_of([told, k.text(words.SHOW_NEXT, t.NOTE_STRONG, t.ACTION)], t.ONE)
    act = partial(leafing.next_of, model, spots)
    return k.tap(identifier, said.joined(count, words.SHOW_NEXT), way, act, pad=ft.Padding(0, 13, 0, 13))
