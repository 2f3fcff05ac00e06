"""Everybody known here: who is missing now, then the others, found as the name was heard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets.answers import Moment
from field_app.capture.known_children import KnownChild
from field_app.capture.worklist import described
from field_app.ui import frame, known, screen_words
from field_app.ui import kit as k
from field_app.ui import known_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.hooks import use_value
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import status
from field_app.ui.widgets.entry import How, entry

AT_ONCE = 40
"""So many rows are drawn; whoever means somebody else types more of the name."""


def way_in(model: Model) -> ft.Control:
    """The row of the worklist that leads here. It is always there, so that nothing moves when news comes."""
    pack = known.pack_of(model)
    row = k.row(
        "known",
        words.ways_in(len(pack.missing), len(pack.children)),
        partial(known.open_list, model),
        under=words.standing(pack.as_of),
        name=ft.Icons.PERSON_SEARCH_ROUNDED,
    )
    return k.rows([row])


@ft.component
def known_list(model: Model) -> ft.Control:
    """The box to search in, and whoever fits."""
    pack = known.pack_of(model)
    typed, put = use_value(model.known.typed)

    def search(name: str) -> None:
        known.typed(model, name)
        put(name)

    found = pack.find(typed)
    parts: list[ft.Control] = [
        entry("known.find", words.FIND, typed, search, How(hint=words.FIND)),
        *_groups(model, found),
    ]
    if not found:
        parts.append(k.paragraph(words.NOBODY_FITS if typed else here(words.NOBODY_YET)))
    return k.column(parts, 12)


def _groups(model: Model, found: Sequence[KnownChild]) -> list[ft.Control]:
    shown = found[:AT_ONCE]
    groups = (
        (words.MISSING_NOW, [one for one in shown if one.missing]),
        (words.KNOWN_HERE, [one for one in shown if not one.missing]),
    )
    parts: list[ft.Control] = []
    for title, children in groups:
        if children:
            parts += [k.caption(title), k.rows([_row(model, one) for one in children])]
    if len(found) > len(shown):
        parts.append(k.paragraph(words.more_names(len(found) - len(shown)), t.NOTE))
    return parts


def _row(model: Model, child: KnownChild) -> ft.Control:
    name, about = described(child.entity(), screen_words.today())
    return k.row(
        f"known.{child.id}",
        name or screen_words.NO_NAME_YET,
        partial(known.open_child, model, child.id),
        under=screen_words.joined(about, since(child)),
        name=ft.Icons.PERSON_SEARCH_ROUNDED if child.missing else ft.Icons.PERSON_OUTLINE_ROUNDED,
    )


def since(child: KnownChild) -> str:
    """Since when the child is missing, or when the last record was written."""
    report = child.report
    if report is None:
        return words.last_known(child.at)
    seen = report.answers.get("mis.last_seen_at")
    return words.missing_since(seen.at if isinstance(seen, Moment) else report.at)


def known_children(model: Model) -> ft.Control:
    """The list as a screen of its own."""
    pack = known.pack_of(model)
    leave = partial(known.close_list, model)
    choosing = model.known.choosing
    return frame.frame(
        top=frame.top_bar(
            words.CHOOSE if choosing else words.TITLE,
            on_menu=partial(model.go, At.PAGES if model.session else At.MENU),
            on_back=leave,
        ),
        status=status(model),
        body=[
            k.paragraph(here(words.how_long(pack.as_of, pack.until)), t.NOTE),
            known_list(model),
        ],
        actions=[k.second_action("known.nobody", words.NOT_HERE, leave, expand=True)] if choosing else [],
        left_handed=model.left_handed,
        name="known",
    )
