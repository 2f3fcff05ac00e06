"""The five pages of AWARE, what good looks like on each, and how they stand together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import flet as ft

from booklets.answers import Answer
from booklets.guides import Page
from field_app.ui import aware, frame
from field_app.ui import aware_words as words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.aware import Letter, Stand
from field_app.ui.fields import childs_name
from field_app.ui.hooks import placed, use_large_text, use_value
from field_app.ui.model import Model
from field_app.ui.screens.standing import status, top
from field_app.ui.widgets import FieldActs, FieldView, draw
from field_app.ui.widgets.text import reminders

_SIGNS = {
    Stand.WRITTEN: (ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, t.INK),
    Stand.NOT_OBSERVED: (ft.Icons.VISIBILITY_OFF_OUTLINED, t.INK),
    Stand.EMPTY: (ft.Icons.CIRCLE_OUTLINED, t.QUIET),
}
_MARKS = {
    Stand.WRITTEN: ft.Icons.CHECK_ROUNDED,
    Stand.NOT_OBSERVED: ft.Icons.VISIBILITY_OFF_OUTLINED,
}


# -- on a page ---------------------------------------------------------------------------------------
@ft.component
def strip(model: Model, here: Page) -> ft.Control:
    """The five letters side by side: which is open, which have words, which were not observed.

    Where text is large, how each stands is under its letter: beside it there is no room.
    """
    session, large = model.open_session(), use_large_text()
    letters = aware.letters(session, model.problems)
    cells = [_cell(model, one, on=one.page is here, large=large) for one in letters]
    return ft.Row([*cells], spacing=t.ONE, intrinsic_height=True, vertical_alignment=k.WIDE)


def _cell(model: Model, one: Letter, *, on: bool, large: bool) -> ft.Control:
    ink = t.ON_ACTION if on else t.INK
    inside: list[ft.Control] = [k.text(one.page.letter, t.DISPLAY if on else t.TITLE, ink)]
    if one.stand in _MARKS:
        inside.append(k.icon(_MARKS[one.stand], ink, 20 if large else 16))
    elif large:
        inside.append(ft.Container(height=20))  # a letter without a mark stands as high as the others
    return k.tap(
        f"aware.{one.name}",
        f"{words.letter_of(one.page.letter, one.page.title)}. {one.says}",
        ft.Column(inside, spacing=2, tight=True, horizontal_alignment=k.CENTRE)
        if large
        else ft.Row(inside, spacing=2, alignment=ft.MainAxisAlignment.CENTER, vertical_alignment=k.CENTRE),
        partial(model.open_field, aware.section_of(one.page)),
        role=k.Role.CHOICE,
        chosen=on,
        fill=t.ACTION if on else t.CARD,
        edge=t.ACTION if on else t.EDGE_LINE,
        pad=ft.Padding(2, 12, 2, 12),
        expand=1,
    )


def taught(model: Model, shown: Page, view: FieldView) -> FieldView:
    """The section of a lettered page, asked with the page's one sentence."""
    return replace(view, label=shown.belongs.replace("{name}", childs_name(model.open_session())))


def lesson(model: Model, shown: Page) -> list[ft.Control]:
    """What a lettered page teaches under its section: things to think of, and what good looks like."""
    name = childs_name(model.open_session())
    prompts = tuple(prompt.replace("{name}", name) for prompt in shown.prompts)
    thought_of = ft.Container(reminders(prompts), key=f"aware.think.{shown.id}")
    return [thought_of, good(shown)] if prompts else [good(shown)]


def good(shown: Page) -> ft.Control:
    """What good looks like, folded until it is asked for."""
    return placed(f"aware.good.{shown.id}", _Good, shown)


@ft.component
def _Good(shown: Page) -> ft.Control:
    opened, set_opened = use_value(False)
    sign = ft.Icons.EXPAND_LESS_ROUNDED if opened else ft.Icons.EXPAND_MORE_ROUNDED
    fold = k.tap(
        "aware.good",
        words.GOOD,
        ft.Row(
            [k.text(words.GOOD, t.NOTE_STRONG, t.ACTION, expand=True), k.icon(sign, t.ACTION)],
            spacing=t.ONE,
        ),
        partial(set_opened, not opened),
        opened=opened,
        pad=ft.Padding(t.HALF, 14, t.HALF, 14),
    )
    if not opened:
        return k.column([fold], 0)
    lines: list[ft.Control] = [k.text(words.SAYS_MUCH, t.NOTE_STRONG)]
    lines += [k.text(example, t.BODY) for example in shown.strong]
    lines += [k.text(words.SAYS_LITTLE, t.NOTE_STRONG, t.QUIET), k.text(shown.weak, t.BODY, t.QUIET)]
    lines.append(k.text(words.INVENTED, t.CAPTION, t.QUIET))
    return k.column([fold, k.card(lines, t.ONE)], 0)


def not_observed(model: Model, field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    """Why a letter has no words: one touch away, and in sight once it is opened or said."""
    return placed(f"{field.id}.fold", _Folded, model, field, answer, act)


@ft.component
def _Folded(model: Model, field: FieldView, answer: Answer | None, act: FieldActs) -> ft.Control:
    opened, set_opened = use_value(False)

    def turn() -> None:
        set_opened(not opened)
        if not opened:  # it is the last on its page, and what it opens lies below the screen
            model.returning.jump_to(field.id)
            model.redraw()

    if answer is not None or field.remark:
        return draw(field, answer, act)
    fold = k.tap(
        f"{field.id}.open",
        words.NOT_OBSERVED,
        k.text(words.NOT_OBSERVED, t.WAY_OUT, t.QUIET),
        turn,
        opened=opened,
        pad=ft.Padding(t.HALF, 14, t.HALF, 14),
    )
    return k.column([fold, draw(field, answer, act)] if opened else [fold], 0)


# -- together ----------------------------------------------------------------------------------------
def states(model: Model) -> list[ft.Control]:
    """One honest line for each letter, one touch from its page. Nothing for a guide without letters."""
    session = model.open_session()
    rows = []
    for one in aware.letters(session, model.problems):
        sign, colour = _SIGNS[one.stand]
        rows.append(
            k.row(
                f"aware.{one.name}.state",
                said.joined(one.page.letter, one.page.title),
                partial(model.open_field, aware.section_of(one.page)),
                under=one.says,
                name=sign,
                colour=colour,
            )
        )
    return [k.caption(words.OVERVIEW), k.rows(rows, indent=52)] if rows else []


def overview(model: Model) -> ft.Control:
    """After the fifth letter: how all five stand, and where it goes on."""
    session = model.open_session()
    pages = session.guide.pages
    last = pages.index(aware.lettered(session.guide)[-1])
    after = pages[last + 1]
    return frame.frame(
        top=top(model, on_back=partial(model.open_page, last), back=said.BACK),
        status=status(model),
        body=[*states(model), k.paragraph(words.OVERVIEW_HELP, t.NOTE)],
        actions=[
            k.main_action(
                "next", after.next_words or said.next_page(after.title), partial(model.open_page, last + 1)
            )
        ],
        left_handed=model.left_handed,
        name="aware",
    )
