"""How something new is begun: what happens most stands on the worklist, everything else one tap further."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import flet as ft

from booklets.guides import Guide
from field_app.handset.home import guides
from field_app.ui import frame
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.hooks import use_large_text, use_lying, use_narrow
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import status

IN_A_LINE, IN_A_LINE_LYING = 2, 4
AT_HAND = 3
"""So many are begun from the worklist itself. A fourth block leads to the others."""
AT_HAND_LARGE = 2
TEAMS = frozenset({"mhet", "vat"})
"""Who works at a desk with what only they write."""
SIGNS = {
    "home": ft.Icons.HOME_OUTLINED,
    "note": ft.Icons.EDIT_NOTE_ROUNDED,
    "missing": ft.Icons.PERSON_SEARCH_ROUNDED,
    "search": ft.Icons.TRAVEL_EXPLORE_ROUNDED,
    "enquiry": ft.Icons.CHECKLIST_ROUNDED,
    "shield": ft.Icons.SHIELD_OUTLINED,
    "plan": ft.Icons.ROUTE_OUTLINED,
    "school": ft.Icons.SCHOOL_OUTLINED,
    "meeting": ft.Icons.GROUPS_OUTLINED,
    "risk": ft.Icons.SPEED_ROUNDED,
    "handover": ft.Icons.SWAP_HORIZ_ROUNDED,
    "phone": ft.Icons.PHONELINK_LOCK_ROUNDED,
    "desk": ft.Icons.FACT_CHECK_OUTLINED,
}


def offered(roles: Collection[str]) -> list[Guide]:
    """Every guide that somebody with these roles may begin: a team's own work, then what happens most."""
    found = (one for one in guides().values() if one.is_for(roles))
    of_team = TEAMS & set(roles)
    return sorted(found, key=lambda one: (not of_team & set(one.roles), one.rank, one.id))


@ft.component
def starts(model: Model, *, call_first: bool = False) -> ft.Control:
    """The start buttons, in the officer's words: two to a line, or each on its own where text is large.

    ``call_first``: a call to make stands above them, and is the one thing that is filled.
    """
    large, lying = use_large_text(), use_lying()
    if use_narrow() or (large and call_first):  # one way to all, or nothing is left to read what is due
        act = k.second_action if call_first else k.main_action
        return act("start_other", words.START, partial(model.go, At.START), expand=True)
    there = offered(model.shift.officer.roles)
    first = there[: AT_HAND_LARGE if large else AT_HAND]
    blocks = [_block(model, one) for one in first]
    if len(first) < len(there):
        more = partial(model.go, At.START)
        blocks.append(k.soft_action("start_other", words.START_OTHER, more, name=ft.Icons.APPS_ROUNDED))
    width = IN_A_LINE_LYING if lying else 1 if large else IN_A_LINE
    lines = [
        ft.Row(blocks[at : at + width], spacing=t.ONE, intrinsic_height=True, vertical_alignment=k.WIDE)
        for at in range(0, len(blocks), width)
    ]
    title = [] if lying else [k.caption(words.START)]
    return ft.Container(k.column([*title, *lines], t.ONE), expand=True)


def _block(model: Model, guide: Guide) -> ft.Control:
    return k.soft_action(
        f"start.{guide.id}", guide.start_words, partial(model.start, guide.id), name=_sign(guide)
    )


def _sign(guide: Guide) -> ft.IconData:
    return SIGNS.get(guide.sign, ft.Icons.ADD_ROUNDED)


def start_list(model: Model) -> ft.Control:
    """Everything that may be begun, each with what it is for."""
    rows = [
        k.row(
            f"begin.{one.id}",
            one.start_words,
            partial(model.start, one.id),
            under=" ".join(form.about for form in one.forms[:1]),
            name=_sign(one),
        )
        for one in offered(model.shift.officer.roles)
    ]
    body: list[ft.Control] = [k.paragraph(words.START_HELP, t.NOTE), k.rows(rows)]
    return frame.frame(
        top=frame.top_bar(
            words.START_OTHER,
            on_menu=partial(model.go, At.MENU),
            on_back=model.go_home,
            back=words.BACK_TO_WORKLIST,
        ),
        status=status(model),
        body=body,
        actions=[],
        left_handed=model.left_handed,
        name="start",
    )
