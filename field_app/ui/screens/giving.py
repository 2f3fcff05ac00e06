"""Handing a draft over, what became of it, what a colleague offers, and reading what was handed over."""

from __future__ import annotations

from functools import partial

import flet as ft

from booklets import definitions
from booklets.drafts import encounter_from_json
from booklets.errors import BookletError
from field_app.capture.giving import LOCKED, Offer, Out, Stands
from field_app.capture.worklist import Draft, described
from field_app.ui import frame, giving
from field_app.ui import giving_words as words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.calling import here
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import notices, status
from field_app.ui.screens.written import to_read
from field_app.ui.widgets.blocks import choice_rows
from field_app.ui.widgets.entry import How, entry

WHOM = ((giving.UNIT, words.TO_UNIT), (giving.ONE, words.TO_ONE))


def hand_on(model: Model) -> ft.Control:
    """To whom, and one button."""
    handing = model.handing
    draft = next((one for one in model.home.drafts if one.id == handing.draft), None)
    who = said.joined(draft.name or said.NO_NAME_YET, draft.about, draft.title) if draft else ""
    body: list[ft.Control] = [k.paragraph(who, t.STRONG)] if who else []
    body += [*notices(model), k.paragraph(here(words.HELP), t.NOTE), k.caption(words.TO_WHOM)]
    if model.busy:
        body.append(k.paragraph(model.busy, t.NOTE))
    body.append(choice_rows("whom", WHOM, {handing.whom}, partial(giving.choose, model)))
    if handing.whom == giving.ONE:
        how = How(hint=words.NUMBER)
        body.append(
            entry("whom.number", words.NUMBER, handing.number, partial(giving.put_number, model), how)
        )
    return frame.frame(
        top=frame.top_bar(
            words.HAND_ON_TITLE,
            on_menu=partial(model.go, At.MENU),
            on_back=model.go_home,
            back=said.BACK_TO_WORKLIST,
        ),
        status=status(model),
        body=body,
        actions=[k.main_action("give", words.GIVE, partial(giving.give, model))],
        left_handed=model.left_handed,
        name="hand_on",
    )


def way_in(model: Model) -> list[ft.Control]:
    """Under the list of pages: handing over what is in hand."""
    if not giving.may_give(model):
        return []
    draft = str(model.open_session().encounter.id)
    act = partial(giving.begin, model, draft)
    return [k.quiet_action("hand_on", words.HAND_ON, act)]


def in_menu(model: Model) -> list[ft.Control]:
    """At the end of a shift: each draft, one touch from a colleague."""
    away = {one.encounter for one in model.home.returned} | giving.locked(model).keys()
    rows = [
        k.row(
            f"hand_on.{one.id}",
            said.joined(one.name or said.NO_NAME_YET, one.about),
            partial(giving.begin, model, one.id),
            under=one.title,
            name=ft.Icons.SWAP_HORIZ_ROUNDED,
        )
        for one in model.home.drafts
        if one.id not in away
    ]
    return [k.caption(words.MENU_TITLE), k.rows(rows)] if rows else []


# -- on the worklist ---------------------------------------------------------------------------------
def offered(model: Model, *, lost: bool = False) -> list[ft.Control]:
    """What colleagues hand over, or what was on a lost handheld: who, from where, and one button."""
    return [_offer(model, one) for one in model.listed.offers if one.lost is lost]


def _offer(model: Model, offer: Offer) -> ft.Control:
    title, name, about = _of(offer)
    whence = here(words.as_it_was(offer.at)) if offer.lost else words.from_whom(offer.giver, offer.at)
    lines: list[ft.Control] = [
        k.text(title, t.NOTE_STRONG, t.ACTION),
        k.line_of([k.text(name, t.TITLE), k.text(about, t.BODY, t.QUIET)], 10),
        k.text(whence, t.NOTE, t.QUIET),
    ]
    if offer.why:
        lines.append(k.text(words.not_yours(offer.why), t.NOTE_STRONG))
    if offer.asked:
        lines.append(k.text(here(words.TAKING), t.NOTE))
    else:
        act, said_ = partial(giving.take, model, offer), words.GO_ON_HERE if offer.lost else words.TAKE_OVER
        lines.append(k.second_action(f"take.{offer.encounter}", said_, act, expand=None))
    return k.card(lines, 6)


def _of(offer: Offer) -> tuple[str, str, str]:
    """What a draft is, and whom it is about, as far as this app can read it."""
    try:
        encounter = encounter_from_json(offer.draft)
        title = definitions.guide(encounter.guide).title
    except BookletError:
        return "", said.NO_NAME_YET, ""
    name, about = described(encounter.child(), said.today())
    return title, name or said.NO_NAME_YET, about


def away(model: Model, drafts: list[Draft]) -> list[ft.Control]:
    """What was handed over from here, and what became of it."""
    by_id = {one.id: one for one in drafts}
    shown: list[ft.Control] = []
    for one in model.home.out:
        draft = by_id.get(one.encounter)
        if one.stands in LOCKED and draft is not None:
            shown.append(_away(model, one, draft))
        elif one.stands is Stands.TAKEN:
            said_ = words.taken_by(one.by, words.HANDED_OVER)
            shown.append(k.flag(ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, said_, t.INK, t.NOTE))
    return shown


def _away(model: Model, one: Out, draft: Draft) -> ft.Control:
    late = one.stands is Stands.LATE
    stands = here(words.STANDS[one.stands])
    lines: list[ft.Control] = [
        k.text(draft.title, t.NOTE_STRONG, t.QUIET),
        k.line_of(
            [k.text(draft.name or said.NO_NAME_YET, t.TITLE), k.text(draft.about, t.BODY, t.QUIET)], 10
        ),
        k.text(words.given_at(one.to, one.at), t.NOTE, t.QUIET),
        k.late(stands) if late else k.text(stands, t.NOTE),
        k.second_action(f"read.{draft.id}", words.READ, partial(giving.read, model, draft.id), expand=None),
    ]
    if one.stands is not Stands.COMING_BACK:
        back = partial(giving.take_back, model, one)
        lines.append(k.quiet_action(f"take_back.{draft.id}", words.TAKE_BACK, back))
    return k.card(lines, 6)


def refused(model: Model, draft: Draft) -> list[ft.Control]:
    """On the card of a draft that could not be handed over: why, and that it is still here."""
    why = next(
        (one.why for one in model.home.out if one.encounter == draft.id and one.stands is Stands.REFUSED), ""
    )
    return [k.flag(ft.Icons.INFO_OUTLINE_ROUNDED, words.refused(why), t.INK, t.NOTE)] if why else []


def untaken(model: Model) -> list[ft.Control]:
    """What a supervisor hears: a draft of the unit that nobody took over. Whom it is about is not said."""
    return [
        k.late(here((words.not_gone_on_with if one.lost else words.nobody_took)(one.giver, one.at)))
        for one in model.home.untaken
    ]


# -- reading -----------------------------------------------------------------------------------------
def given(model: Model) -> ft.Control:
    """What was handed over, as it was left; nothing here can be changed."""
    return to_read(model, words.READ_ONLY, model.go_home, said.BACK_TO_WORKLIST, name="given")
