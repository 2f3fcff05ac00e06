"""Looking for something on this handheld: a word or two, and what has them, one touch away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import flet as ft

from field_app.capture.finding import folded, found_in
from field_app.capture.returned import Returned
from field_app.capture.worklist import Draft
from field_app.handset.home import guides
from field_app.ui import draft_words, frame, returning, returning_words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import search_words as words
from field_app.ui import theme as t
from field_app.ui.hooks import use_now
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import status
from field_app.ui.screens.worklist import row_of
from field_app.ui.widgets.entry import How, entry

MOST = 20
"""So many are shown: whoever sees more of them than that writes another letter sooner than they scroll."""
Way = Callable[[], ft.Control]


@ft.component
def search(model: Model) -> ft.Control:
    """One box, and below it what has every word of it. What was typed is forgotten with the screen."""
    typed = use_now("")
    there = places(model)
    found = found_in(typed.now, ((id_, looked_at) for id_, (looked_at, _) in there.items()))
    box = entry("search.words", words.LOOK_FOR, "", typed.put, How(hint=words.LOOK_FOR, autofocus=True))
    body: list[ft.Control] = [box]
    if folded(typed.now):
        told = words.found(len(found), MOST) if found else words.NOTHING
        line = k.text(told, t.NOTE, t.QUIET)
        body.append(
            ft.Semantics(
                identifier="search.found",
                label=told,
                live_region=True,
                exclude_semantics=True,
                content=line,
            )
        )
        if found:
            body.append(k.rows([there[id_][1]() for id_ in found[:MOST]]))
    else:
        body.append(k.paragraph(words.HELP, t.NOTE))
    return frame.frame(
        top=frame.top_bar(
            words.SEARCH,
            on_menu=partial(model.go, At.MENU),
            on_back=model.go_home,
            back=said.BACK_TO_WORKLIST,
        ),
        status=status(model),
        body=body,
        left_handed=model.left_handed,
        name="search",
    )


def places(model: Model) -> Mapping[str, tuple[str, Way]]:
    """Everything that may be found, in the order of the worklist: what it is found by, and its row."""
    home = model.home
    back = {one.encounter for one in home.returned}
    found: dict[str, tuple[str, Way]] = {}
    for returned in home.returned:
        looked_at = f" {folded(returned.name)}"
        found[f"returned.{returned.encounter}"] = (looked_at, partial(_returned, model, returned))
    for draft in home.drafts:
        key = f"returned.{draft.id}" if draft.id in back else f"draft.{draft.id}"
        way = found[key][1] if key in found else partial(_draft, model, draft)
        found[key] = (draft.found_by, way)
    for parcel in home.parcels:
        if parcel.found_by:
            first = parcel.items[0]
            found[f"sent.{first.record}.{first.rev}"] = (parcel.found_by, partial(row_of, model, parcel))
    return found


def _draft(model: Model, draft: Draft) -> ft.Control:
    who = said.joined(draft.name or said.NO_NAME_YET, draft.about)
    under = said.joined(draft.title, draft_words.needed_left(draft.needed))
    sign = ft.Icons.EDIT_NOTE_ROUNDED
    return k.row(f"found.{draft.id}", who, partial(model.resume, draft.id), under=under, name=sign)


def _returned(model: Model, one: Returned) -> ft.Control:
    title = guides()[one.guide].title if one.guide in guides() else one.guide
    who = said.joined(one.name, one.about)
    act = partial(returning.answer, model, one)
    under = said.joined(title, returning_words.SENT_BACK.lower())
    return k.row(f"found.{one.encounter}", who, act, under=under, name=ft.Icons.REPLY_ROUNDED)
