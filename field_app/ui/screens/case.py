"""The case that is open: who it is about, how it stands, its records to read, and three ways to decide."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets import reading
from booklets.decisions import Outcome
from field_app.capture.cases import Case
from field_app.ui import deciding, frame, leafing, supervising
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import supervising_words as words
from field_app.ui import theme as t
from field_app.ui.aware import NOT_OBSERVED
from field_app.ui.hooks import is_large_screen, use_large_text, use_lying, use_narrow, use_tablet
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.about_case import told
from field_app.ui.screens.leaf import leaf
from field_app.ui.screens.papers import document
from field_app.ui.screens.queue import side_by_side, tag, use_wide
from field_app.ui.screens.standing import status
from field_app.ui.supervising import Desk

MAIN_WIDTH = 160
FOR_SIGNS = 235
"""So wide, in letters as they come, must a screen be for two ways to decide with their signs."""


@ft.component
def case(model: Model) -> ft.Control:
    """The case that is open."""
    wide, large = use_wide(), use_large_text()
    lying, short_of_room, roomy = use_lying(), use_narrow(FOR_SIGNS), use_tablet()
    desk = supervising.desk_of(model)
    drawn = frame.use_jump(leafing.jump(desk))
    shown = desk.shown
    if shown is None:  # between two screens: the desk is cleared before the next one stands
        return k.paragraph(words.OPENING)
    body = [*told(model, desk, shown), *document(model, desk, wide=wide)]
    if wide:
        return beside_the_queue(model, desk, shown, body, drawn)
    above_each_other = large and not (lying or is_large_screen())
    acts = actions(model, shown, share=None if above_each_other else 1, signs=not (large or short_of_room))
    total = [] if roomy else [how_much(model, desk)]
    at_hand = acts if large else acts[-1:]
    return of_its_own(
        model, desk, shown, [*total, *body], acts=acts, at_hand=at_hand, head_goes=above_each_other
    )


def beside_the_queue(
    model: Model, desk: Desk, shown: Case, body: Sequence[ft.Control], drawn: ft.Ref[ft.Column]
) -> ft.Control:
    """In a wide window: at the right of what waits."""
    inside = ft.Container(k.column(body, 12), padding=ft.Padding(t.THREE, t.TWO, t.TWO, t.FOUR))
    read = frame.read_through([inside], bar=ft.ScrollMode.AUTO, key=name_of(shown), drawn=drawn)
    right = ft.Column(
        [header(model, shown), *letters(desk), read, *bar(model, desk, shown)],
        spacing=0,
        expand=True,
        horizontal_alignment=k.WIDE,
    )
    return side_by_side(model, right)


def of_its_own(
    model: Model,
    desk: Desk,
    shown: Case,
    body: Sequence[ft.Control],
    *,
    acts: Sequence[ft.Control],
    at_hand: Sequence[ft.Control],
    head_goes: bool,
) -> ft.Control:
    """Where there is room for one thing at a time.

    Those ways to decide that are ``at_hand`` share the line that never scrolls, the main one last: in large
    letters all of them, or a thumb would find only one answer, and the way upwards only at the very end.
    Where they stand above each other, what stands above the record goes with it.
    """
    title, under = heading(shown)
    above = acts[: len(acts) - len(at_hand)]
    return frame.frame(
        top=frame.top_bar(
            title,
            under,
            on_menu=partial(model.go, At.MENU),
            on_back=partial(supervising.close_case, model),
            back=words.BACK_TO_QUEUE,
        ),
        status=status(model, words.MARKING),
        body=[*tags(shown), *body],
        actions=at_hand,
        above=beside(above) if above else None,
        glance=at_a_glance(model, desk, shown),
        left_handed=model.left_handed,
        spacing=12,
        name=name_of(shown),
        to=leafing.jump(desk),
        head_goes=head_goes,
    )


def name_of(shown: Case) -> str:
    """What the scrolling part is called: a newer version begins at its top."""
    return f"case.{shown.encounter}.{shown.revision}"


def beside(acts: Sequence[ft.Control]) -> ft.Control:
    """The other ways, side by side above the main one."""
    line = ft.Row(list(acts), spacing=t.ONE, vertical_alignment=k.CENTRE)
    return ft.Container(line, padding=ft.Padding(0, t.ONE, 0, 6))


# -- who, what, from whom ----------------------------------------------------------------------------
def heading(shown: Case) -> tuple[str, str]:
    """The child; and what was sent by whom."""
    name, about = supervising.name_of(shown, said.today())
    newest = max(shown.papers, key=lambda one: one.record.header.revision).record.header
    author = newest.author
    who = f"{supervising.author_of(shown)} {author.shoulder_no}".strip()
    under = said.joined(
        supervising.what_of(shown), who, words.sent(newest.submitted.instant, newest.revision)
    )
    return f"{name}, {about}" if about else name, under


def header(model: Model, shown: Case) -> ft.Control:
    """Above the document in a wide window."""
    title, under = heading(shown)
    lines = k.column(
        [
            ft.Semantics(header=True, heading_level=1, content=k.text(title, t.TITLE, lines=1)),
            k.text(under, t.NOTE, t.QUIET, lines=1),
        ],
        2,
    )
    close = k.icon_tap(
        "back",
        words.BACK_TO_QUEUE,
        ft.Icons.CLOSE_ROUNDED,
        partial(supervising.close_case, model),
        size=t.LEAST_TARGET,
        sign=22,
    )
    return ft.Container(
        ft.Row(
            [ft.Container(lines, expand=True), *tags(shown), close],
            spacing=12,
            vertical_alignment=k.CENTRE,
        ),
        padding=ft.Padding(t.THREE, 12, t.ONE, 12),
        border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
    )


def tags(shown: Case) -> list[ft.Control]:
    """What makes it grave, in one word."""
    grave = supervising.grave_word(shown)
    return [ft.Row([tag(grave)], tight=True, key="grave")] if grave else []


def letters(desk: Desk) -> list[ft.Control]:
    """AWARE at a glance: each letter with how it stands, where there is a notice."""
    documents = [one.document for one in desk.papers]
    found = [one for one in documents if any(part.id in reading.AWARE for part in one.parts)]
    if not found:
        return []
    parts = {part.id: part for part in found[0].parts}
    cells = [
        letter(desk, found[0], parts.get(name), name, last=name == reading.AWARE[-1])
        for name in reading.AWARE
    ]
    return [
        ft.Container(
            ft.Row(cells, spacing=0, intrinsic_height=True, vertical_alignment=k.WIDE),
            bgcolor=t.PAPER,
            border=ft.Border(bottom=ft.BorderSide(t.HAIR, t.LINE)),
        )
    ]


def letter(
    desk: Desk, document_: reading.Document, part: reading.Part | None, name: str, *, last: bool
) -> ft.Control:
    """One letter and an honest word about it."""
    lines = part.lines if part else ()
    noted = [one for line in lines for one in leafing.notes_at(desk, leafing.spot_of(document_, line))]
    if not part or all(line.missing for line in lines):
        state, strong = words.NOT_ANSWERED, True
    elif any(line.question.endswith(NOT_OBSERVED) and not line.missing for line in lines):
        state, strong = words.NOT_OBSERVED, False
    elif noted:
        state, strong = words.look(len(noted)), True
    else:
        state, strong = words.WRITTEN, False
    told = k.column(
        [
            k.text(name.capitalize(), t.CAPTION, lines=1),
            k.text(state, t.CAPTION if strong else t.NOTE, t.ACTION if strong else t.QUIET, lines=1),
        ],
        0,
    )
    edge = None if last else ft.Border(right=ft.BorderSide(t.HAIR, t.LINE))
    return ft.Container(
        ft.Row(
            [k.text(name[0].upper(), t.FIGURE, t.ACTION), ft.Container(told, expand=True)],
            spacing=t.ONE,
            vertical_alignment=k.CENTRE,
        ),
        padding=ft.Padding(12, t.ONE, 6, t.ONE),
        border=edge,
        expand=1,
    )


# -- deciding ----------------------------------------------------------------------------------------
def may_decide(model: Model, shown: Case) -> bool:
    """Whether there is a decision to make here, and this officer may make it."""
    return bool(supervising.newest_of(model, shown).awaiting) and model.shift.deciding.may_decide(shown)


def may_take_back(model: Model, shown: Case) -> bool:
    """Whether this is with somebody else, and this officer, a supervisor of the unit, may take it back."""
    there = bool(supervising.newest_of(model, shown).to_take_back)
    return there and model.shift.is_supervisor and model.shift.deciding.may_decide(shown)


def actions(model: Model, shown: Case, share: int | None = None, *, signs: bool = True) -> list[ft.Control]:
    """Escalate, send back, approve: the main one last. ``share``: they divide the width among them.

    What is with somebody else can be taken back, and nothing else; what has moved on is read anew first,
    for a decision on what is replaced would count for nothing. In large letters the words need the room of
    their ``signs``.
    """
    if supervising.is_newer(model, shown):
        read = partial(supervising.open_case, model, shown.encounter)
        return [k.main_action("read_newer", words.READ_NEWER, read, expand=bool(share) or None)]
    begin = partial(partial, deciding.begin, model)
    if may_take_back(model, shown):
        act = begin(Outcome.RECALL)
        return [k.main_action("take_back", words.TAKE_BACK, act, expand=bool(share) or None)]
    if not may_decide(model, shown):
        return []
    return [
        k.second_action(
            "escalate",
            words.ESCALATE,
            begin(Outcome.ESCALATE),
            expand=share,
            name=ft.Icons.NORTH_EAST_ROUNDED if signs else None,
        ),
        k.second_action(
            "send_back",
            words.SEND_BACK,
            begin(Outcome.RETURN),
            name=ft.Icons.REPLY_ROUNDED if signs else None,
            label=words.send_back_to(supervising.author_of(shown)),
            expand=share,
        ),
        k.main_action("approve", words.APPROVE, begin(Outcome.APPROVE), expand=bool(share) or None),
    ]


def how_much(model: Model, desk: Desk) -> ft.Control:
    """What the checks see in the record, counted, and the way to each: on a phone it stands above it."""
    needed = len([one for one in desk.notes if one.stands])
    return leaf(model, "look", words.look_first(needed, len(desk.notes)), leafing.noted(desk))


def at_a_glance(model: Model, desk: Desk, shown: Case) -> list[ft.Control]:
    """What the checks see, counted; and what is asked, or with whom it is."""
    under = words.questions_for(len(desk.asks), supervising.author_of(shown))
    if not may_decide(model, shown):
        under = words.STANDING[supervising.newest_of(model, shown).standing]
    changed = leafing.changed(desk) if desk.comparing else []
    return [
        how_much(model, desk),
        *([leaf(model, "next_change", words.changed(len(changed)), changed)] if changed else []),
        k.text(under, t.NOTE, t.QUIET),
    ]


def bar(model: Model, desk: Desk, shown: Case) -> list[ft.Control]:
    """The bottom bar of a wide window: what the checks see and what is asked, then the three ways."""
    acts = actions(model, shown)
    if not acts:
        return []
    count = k.column(at_a_glance(model, desk, shown), 0)
    return [
        ft.Container(
            ft.Row(
                [ft.Container(count, expand=True), *acts[:-1], ft.Container(acts[-1], width=MAIN_WIDTH)],
                spacing=12,
                vertical_alignment=k.CENTRE,
            ),
            padding=ft.Padding(t.THREE, 12, t.TWO, 12),
            border=ft.Border(top=ft.BorderSide(t.HAIR, t.LINE)),
        )
    ]
