"""The lookout card: large letters, one line under the other, to be read out at night with one hand."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets.lookout import Card, Line, Standing
from field_app.capture.cases import Case
from field_app.capture.worklist import Parcel
from field_app.ui import frame, lookouts
from field_app.ui import kit as k
from field_app.ui import lookout_words as words
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import status


def lookout(model: Model) -> ft.Control:
    """The card that is open."""
    found = lookouts.card_of(model)
    leave = partial(lookouts.close, model)
    card, whence = found or (None, "")
    return frame.frame(
        top=frame.top_bar(
            words.TITLE,
            card.child if card else None,
            on_menu=partial(model.go, At.PAGES if model.session else At.MENU),
            on_back=leave,
        ),
        status=status(model),
        body=body_of(card, whence) if card else [],
        actions=[k.main_action("lookout.close", words.CLOSE, leave)],
        left_handed=model.left_handed,
        name="lookout",
    )


def body_of(card: Card, whence: str) -> list[ft.Control]:
    """What to mind first, then every line, then what no card says and who knows it; or why there is none."""
    if card.over:
        return [k.notice(ft.Icons.FRONT_HAND_OUTLINED, card.over, identifier="lookout.over")]
    minded = [
        k.notice(ft.Icons.HEARING_ROUNDED, said, identifier=f"lookout.caution.{number}")
        for number, said in enumerate(card.cautions)
    ]
    return [
        *minded,
        k.rows([line_of(one) for one in card.lines]),
        k.caption(words.LEFT_OUT),
        *(k.paragraph(one, t.BODY, t.INK) for one in card.left_out),
        k.paragraph(here(whence), t.NOTE),
        k.paragraph(words.TELLS_NOBODY, t.NOTE),
    ]


def line_of(one: Line) -> ft.Control:
    """One line: what it is, small; what to read out, large. A screen reader says it in one breath."""
    said = one.standing is Standing.SAID
    style, colour = (t.DISPLAY, t.INK) if said else (t.FIGURE, t.QUIET)
    told = [k.text(one.title, t.STRONG, t.QUIET), *(k.text(word, style, colour) for word in one.words)]
    return ft.Semantics(
        identifier=f"lookout.{one.id}",
        key=f"lookout.{one.id}",
        label=one.spoken(),
        container=True,
        exclude_semantics=True,
        content=ft.Container(k.column(told, 2), padding=ft.Padding(t.TWO, 12, t.TWO, 12)),
    )


# -- the ways to it ----------------------------------------------------------------------------------
def way_from_report(model: Model) -> list[ft.Control]:
    """From a report in hand, one tap away. Of a child who has died there is no lookout."""
    session = model.open_session()
    if session.child_has_died or not lookouts.has_card(session.guide.id):
        return []
    return [k.quiet_action("lookout", words.READ_IT_OUT, partial(lookouts.open_from_report, model))]


def way_from_sent(model: Model, parcel: Parcel) -> list[ft.Control]:
    """From what was sent, while it may be read on this phone."""
    readable = parcel.is_readable or model.shift.reading.copy_of(parcel.encounter) is not None
    if not readable or parcel.died or not lookouts.has_card(parcel.guide, withdrawn=parcel.withdrawn):
        return []
    act = partial(lookouts.open_from_sent, model, parcel)
    return [k.second_action("lookout", words.READ_IT_OUT, act, name=ft.Icons.CAMPAIGN_OUTLINED)]


def way_from_case(model: Model, shown: Case) -> list[ft.Control]:
    """From a report that a supervisor reads, unless its author has withdrawn it."""
    if not lookouts.case_has_card(shown):
        return []
    act = partial(lookouts.open_from_case, model, shown)
    return [k.second_action("lookout", words.READ_IT_OUT, act, name=ft.Icons.CAMPAIGN_OUTLINED)]
