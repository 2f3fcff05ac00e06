"""Deciding on a case: the reason in own words, what was looked at, by when, and what happens then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import flet as ft

from booklets.answers import Answer, Moment, codes_of
from booklets.decisions import Ask, Outcome
from booklets.forms import Effect, Field, Kind
from booklets.review import NEEDED
from field_app.capture.cases import Case
from field_app.capture.session import CaptureSession
from field_app.ui import deciding as acts
from field_app.ui import frame, supervising
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.fields import view_of
from field_app.ui.hooks import use_kept
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.about_case import still_out
from field_app.ui.screens.afterwards import happens
from field_app.ui.screens.pin_again import pin_screen, told, whole
from field_app.ui.screens.queue import use_wide
from field_app.ui.screens.standing import status
from field_app.ui.supervising import Desk
from field_app.ui.widgets import FieldActs, FieldView, Line, Tone, draw
from field_app.ui.widgets.blocks import Block, blocks
from field_app.ui.widgets.entry import How, entry
from field_app.ui.widgets.question import lines_under
from field_app.ui.widgets.when import read_time, said_moment
from field_app.ui.words import NO, YES

NEXT_WIDTH = 372
MAIN_WIDTH = 300
MOST_BLOCKS = 3
FIRST_LETTERS = 4
"""So much has to be typed before a check says anything about it."""
OWN_PLACE = frozenset(
    {"sup.decision", "sup.rationale", "sup.asks", "sup.return_words", "sup.return_reasons", "sup.due_by"}
)
"""Questions with a place of their own on this screen; the others follow in the order of the guide."""


@ft.component
def deciding(model: Model) -> ft.Control:
    """The decision being written."""
    desk = supervising.desk_of(model)
    shown = desk.shown
    wide = use_wide()
    does = use_kept(lambda: acts.acts_of(model))
    session = desk.session
    outcome = desk.outcome
    if shown is None or session is None or outcome is None:
        return k.paragraph(words.OPENING)
    if desk.pin_wanted:
        return pin_screen(model, wide=wide)
    what, name = supervising.what_of(shown), supervising.name_of(shown, said.today())[0]
    body = [*told(model), *still_out(supervising.newest_of(model, shown))]
    body += (
        sent_back(model, desk, shown, does)
        if outcome.way is Outcome.RETURN
        else reasons(model, desk, outcome, does)
    )
    if outcome is Outcome.APPROVE:
        body += looked_at(model, session, desk, does)
    after = happens(outcome, supervising.as_known(model, shown), model.shift.force, model.now)
    decide = k.main_action("decide", DECIDE[outcome], partial(acts.decide, model), expand=None)
    if wide:
        return sheet(model, desk, words.deciding_on(outcome.way, what, name), (body, after), decide)
    return frame.frame(
        top=frame.top_bar(
            name,
            words.deciding_on(outcome.way, what),
            on_menu=partial(model.go, At.MENU),
            on_back=partial(supervising.back_to_record, model),
            back=words.BACK_TO_RECORD,
        ),
        status=status(model, words.MARKING),
        body=[*body, *after],
        actions=[k.main_action("decide", DECIDE[outcome], partial(acts.decide, model))],
        glance=[still_needed(desk)],
        left_handed=model.left_handed,
        name=f"deciding.{outcome}",
    )


DECIDE = {
    Outcome.APPROVE: words.APPROVE_AND_SEND,
    Outcome.RETURN: words.SEND_BACK,
    Outcome.RETURN_URGENT: words.SEND_BACK,
    Outcome.ESCALATE: words.UPWARDS,
    Outcome.ESCALATE_VAT: words.TO_THE_SPECIALISTS,
    Outcome.RECALL: words.TAKE_BACK,
}
WHY = {
    Outcome.ESCALATE: words.WHY_ESCALATE,
    Outcome.ESCALATE_VAT: words.WHY_SPECIALISTS,
    Outcome.RECALL: words.WHY_TAKE_BACK,
}
WHOM = ((Outcome.ESCALATE, words.TO_MANAGER), (Outcome.ESCALATE_VAT, words.TO_SPECIALISTS))
HOW_SOON = ((Outcome.RETURN, words.NOT_URGENT), (Outcome.RETURN_URGENT, words.URGENT))


def sheet(
    model: Model,
    desk: Desk,
    title: str,
    parts: tuple[Sequence[ft.Control], Sequence[ft.Control]],
    decide: ft.Control,
) -> ft.Control:
    """A wide window: what is asked at the left, what happens at the right, the two ways on below."""
    form, after = parts
    heading = ft.Container(
        ft.Semantics(header=True, heading_level=1, content=k.text(title, t.TITLE)),
        padding=ft.Padding(t.FOUR, t.TWO, t.FOUR, t.TWO),
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
    )
    left = frame.read_through(
        [ft.Container(k.column(form, t.TWO), padding=ft.Padding(t.FOUR, t.ONE, t.THREE, t.FOUR))],
        bar=ft.ScrollMode.AUTO,
        key=f"deciding.{desk.outcome}",
    )
    right = ft.Container(
        frame.read_through([k.column(after, t.TWO)], expand=False),
        width=NEXT_WIDTH,
        padding=ft.Padding(t.THREE, t.TWO, t.THREE, 0),
        border=ft.Border(left=ft.BorderSide(t.HAIR, t.LINE)),
    )
    middle = ft.Row([left, right], expand=True, vertical_alignment=k.WIDE, spacing=0)
    return whole(model, [heading, middle, foot(model, desk, decide)])


def foot(model: Model, desk: Desk, decide: ft.Control) -> ft.Control:
    """What is still needed, the way back, and the decision."""
    back = k.second_action(
        "back",
        words.BACK_TO_RECORD,
        partial(supervising.back_to_record, model),
        name=ft.Icons.ARROW_BACK_ROUNDED,
    )
    needed = ft.Container(still_needed(desk), expand=True)
    line: list[ft.Control] = [needed, back, ft.Container(decide, width=MAIN_WIDTH)]
    return ft.Container(
        ft.Row(line, spacing=12, vertical_alignment=k.CENTRE),
        padding=ft.Padding(t.FOUR, 12, t.THREE, 12),
        border=ft.Border(top=ft.BorderSide(t.HAIR, t.LINE)),
    )


def still_needed(desk: Desk) -> ft.Control:
    """What stands against the decision, counted, or that nothing does."""
    count = len(desk.standing)
    return k.text(words.needed(count) if count else words.READY, t.NOTE_STRONG)


# -- the questions -----------------------------------------------------------------------------------
def shown_as(field: Field, session: CaptureSession, desk: Desk) -> FieldView:
    """A question of the decision, with what the checks say about its answer."""
    view = view_of(field, session, desk.problems)
    value = session.value(field.id)
    if (
        isinstance(value, str)
        and field.kind is Kind.LONG_TEXT
        and len(value) < FIRST_LETTERS
        and not desk.tried
    ):
        view = replace(view, lines=())
    if desk.tried:
        view = replace(view, lines=tuple(may_say_why(line, desk) for line in view.lines))
    lacking = {name for one in desk.standing if one.code == NEEDED for name in one.fields}
    if desk.tried and field.id in lacking:
        view = replace(view, lines=(*view.lines, Line(says=words.NEEDED_TO_DECIDE)))
    return view


def may_say_why(line: Line, desk: Desk) -> Line:
    """What a rule refuses, once the decision was tried: whoever decides may say why it is wrong here."""
    gives_way = any(
        one.key == line.rule and one.effect is Effect.BLOCK and one.override for one in desk.problems
    )
    return replace(line, says=words.refused(line.says), tone=Tone.SAY_WHY) if gives_way else line


def which(model: Model, desk: Desk, label: str, ways: Sequence[tuple[Outcome, str]]) -> ft.Control:
    """The same decision to one or the other, or more or less urgently: one tap."""

    def choose(code: str) -> None:
        acts.put(model, supervising.DECISION, code)

    options = [Block(outcome.value, name) for outcome, name in ways]
    chosen = desk.outcome.value if desk.outcome else None
    return k.column([asked(label), blocks("outcome", options, chosen, choose)], t.ONE)


def reasons(model: Model, desk: Desk, outcome: Outcome, does: FieldActs) -> list[ft.Control]:
    """Why, in own words. What could stand under any record is refused, and it is said why."""
    session = desk.session
    if session is None:
        return []
    label = WHY.get(outcome, words.WHY)
    view = replace(
        shown_as(session.field("sup.rationale"), session, desk),
        label=label,
        help=words.WHY_HELP,
        tall=5,
    )
    value = session.value("sup.rationale")
    box: list[ft.Control] = [in_own_words(view, value, does)]
    if outcome.way is Outcome.ESCALATE:
        box.insert(0, which(model, desk, words.TO_WHOM, WHOM))
    if isinstance(value, str) and value and not view.lines and outcome is Outcome.APPROVE:
        box.append(k.paragraph(words.RELIED_ON, t.NOTE))
    if desk.asks:
        box.append(k.paragraph(words.asks_stay(len(desk.asks)), t.NOTE))
    return box


def in_own_words(view: FieldView, value: Answer | None, does: FieldActs) -> ft.Control:
    """The box for the reason, under one name whatever is decided."""
    return ft.Semantics(
        identifier="rationale", container=True, content=draw(view, value, does), key="rationale"
    )


def looked_at(model: Model, session: CaptureSession, desk: Desk, does: FieldActs) -> list[ft.Control]:
    """What was looked at, one tap each, with no answer given beforehand; and what has to be done."""
    found: list[ft.Control] = []
    for group in session.guide.pages[0].groups:
        names = [name for name in group.fields if name not in OWN_PLACE and session.is_asked(name)]
        if names:
            found.append(k.caption(group.title))
        for name in names:
            field = session.field(name)
            view, value = shown_as(field, session, desk), session.value(name)
            found.append(quick(model, view, value, does) if is_quick(view) else draw(view, value, does))
    return found


def is_quick(view: FieldView) -> bool:
    """Whether its choices stand side by side."""
    return view.kind in {Kind.ONE_OF, Kind.YES_NO} and not view.gaps and len(choices_of(view)) <= MOST_BLOCKS


def asked(label: str) -> ft.Control:
    """A question, as far in as those that draw themselves."""
    return ft.Container(k.text(label, t.STRONG), padding=ft.Padding(t.HALF, 0, t.HALF, 0))


def choices_of(view: FieldView) -> tuple[tuple[str, str], ...]:
    """The choices; yes and no have none of their own."""
    return view.choices or (("yes", YES), ("no", NO))


def quick(model: Model, view: FieldView, value: Answer | None, does: FieldActs) -> ft.Control:
    """A question answered with one tap."""

    def choose(code: str) -> None:
        acts.put(model, view.id, None if code == value else code)

    options = [Block(code, name) for code, name in choices_of(view)]
    chosen = value if isinstance(value, str) else None
    lines = lines_under(view, value, does)
    return k.column([asked(view.label), blocks(view.id, options, chosen, choose), *lines], t.ONE)


# -- sent back ---------------------------------------------------------------------------------------
def sent_back(model: Model, desk: Desk, shown: Case, does: FieldActs) -> list[ft.Control]:
    """The questions pinned, what it is about, what to put right, and by when."""
    session = desk.session
    if session is None:
        return []
    found: list[ft.Control] = [k.caption(words.YOUR_QUESTIONS)]
    found += [pinned(model, desk, one) for one in desk.asks] or [k.paragraph(words.NO_QUESTIONS, t.NOTE)]
    told = replace(
        shown_as(session.field("sup.return_words"), session, desk),
        label=words.WORDS_BACK,
        help=words.WORDS_BACK_HELP,
    )
    about = shown_as(session.field("sup.return_reasons"), session, desk)
    found.append(in_own_words(told, session.value("sup.return_words"), does))
    found.append(reason_chips(model, about, codes_of(session.value("sup.return_reasons"))))
    return [*found, which(model, desk, words.HOW_URGENT, HOW_SOON), due(model, desk, session, shown)]


def reason_chips(model: Model, view: FieldView, chosen: tuple[str, ...]) -> ft.Control:
    """What it is about: any of them, all in sight."""

    def turn(code: str) -> None:
        after = tuple(one for one in chosen if one != code) if code in chosen else (*chosen, code)
        acts.put(model, view.id, after or None)

    chips = [
        k.tap(
            f"{view.id}.{code}",
            name,
            ft.Row(
                [
                    *([k.icon(ft.Icons.CHECK_ROUNDED, t.ACTION, 18)] if code in chosen else []),
                    k.text(
                        name,
                        t.NOTE_STRONG if code in chosen else t.NOTE,
                        t.ACTION if code in chosen else t.INK,
                    ),
                ],
                spacing=t.HALF,
                tight=True,
            ),
            partial(turn, code),
            role=k.Role.TICK,
            chosen=code in chosen,
            fill=t.ACTION_SOFT if code in chosen else t.CARD,
            edge=t.ACTION if code in chosen else t.EDGE_LINE,
            radius=t.THREE,
            pad=ft.Padding(14, 13, 14, 13),
        )
        for code, name in view.choices
    ]
    lines = [k.flag(ft.Icons.PRIORITY_HIGH_ROUNDED, line.says, t.ACTION, t.NOTE) for line in view.lines]
    return k.column([asked(view.label), k.line_of(chips), *lines], t.ONE)


def pinned(model: Model, desk: Desk, ask: Ask) -> ft.Control:
    """One question, with the answer it is about; one touch takes it out."""
    spot = supervising.Spot(ask.record, ask.question, ask.entity)
    label = next(
        (
            line.label
            for paper in desk.papers
            for line in paper.document.lines()
            if (line.question, line.entity) == (ask.question, ask.entity)
        ),
        ask.question,
    )
    out = k.icon_tap(
        f"take_out.{spot.name}",
        f"{words.TAKE_OUT}: {ask.asks}",
        ft.Icons.CLOSE_ROUNDED,
        partial(acts.take_out, model, spot),
        size=t.LEAST_TARGET,
        sign=20,
    )
    lines = k.column([k.text(label, t.NOTE, t.QUIET), k.text(ask.asks, t.BODY)], 2)
    return ft.Container(
        ft.Row([ft.Container(lines, expand=True), out], spacing=t.ONE, vertical_alignment=k.TOP),
        bgcolor=t.ACTION_SOFT,
        padding=ft.Padding(12, t.ONE, t.HALF, t.ONE),
        border_radius=t.ONE,
        key=f"pinned.{spot.name}",
    )


def due(model: Model, desk: Desk, session: CaptureSession, shown: Case) -> ft.Control:
    """By when: three usual times, or one that is typed."""
    value = session.value(acts.DUE)
    at = value.at if isinstance(value, Moment) else None
    ends = next((paper.record.header.shift_ends_at for paper in shown.papers), None)
    times = acts.due_times(model.now, ends)
    options = [
        Block(str(i), name, words.when(at if at and desk.due == str(i) else when, model.now))
        for i, (name, when) in enumerate(times)
    ]

    def choose(number: str) -> None:
        acts.choose_due(model, times[int(number)][1], number)

    def typed(text: str) -> None:
        desk.due_typed = text
        found = read_time(text)
        if found:
            acts.choose_due(model, acts.next_at(model.now, *found), "")

    lines: list[ft.Control] = [
        asked(words.BY_WHEN),
        blocks("due", options, desk.due or None, choose),
        entry(
            "due.time",
            words.OTHER_TIME,
            desk.due_typed,
            typed,
            How(keyboard=ft.KeyboardType.DATETIME, hint=f"{words.OTHER_TIME}: {words.OTHER_TIME_HELP}"),
        ),
    ]
    if at:
        lines.append(k.paragraph(said_moment(Moment(at)), t.NOTE, t.INK))
    view = shown_as(session.field(acts.DUE), session, desk)
    lines += [k.flag(ft.Icons.PRIORITY_HIGH_ROUNDED, line.says, t.ACTION, t.NOTE) for line in view.lines]
    return k.column(lines, t.ONE)
