"""What came back: its card on the worklist, the sergeant's questions while answering, and withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import flet as ft

from booklets import definitions
from booklets.decisions import Decision
from field_app.capture.returned import VOID, Decided, Returned, called, child_of
from field_app.ui import duty_words, frame, leaving, returning
from field_app.ui import kit as k
from field_app.ui import returning_words as words
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.comfort import at_hand, sides
from field_app.ui.fields import called_by
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.standing import notices, status
from field_app.ui.steady import steady
from field_app.ui.widgets.entry import How, entry
from field_app.ui.words import quoted

SOON = timedelta(hours=2)
NAMED = 2
"""So many of the answers that are asked about stand on a card by name."""


# -- on the worklist ---------------------------------------------------------------------------------
def cards(model: Model, *, first: bool) -> list[ft.Control]:
    """Everything that came back. The first card is filled where it is what to do now."""
    newest = {one.encounter: one for one in model.home.returned}
    listed = [newest.get(one.encounter, one) for one in model.listed.returned]
    takes_over = next((one.encounter for one in listed if one.for_anyone), "")
    return [
        card(model, one, filled=first and number == 0, alone=one.encounter == takes_over)
        for number, one in enumerate(listed)
    ]


def card(model: Model, returned: Returned, *, filled: bool, alone: bool) -> ft.Control:
    """One encounter that came back: who, what the sergeant asks about, and what is left to do about it."""
    is_over = returning.is_over(model, returned)
    over = duty_words.OVER if is_over else ""
    lines: list[ft.Control] = [
        *([k.soon(words.URGENT)] if returned.urgent else []),
        k.text(said.joined(returned.title, over), t.NOTE_STRONG, t.ACTION),
        k.line_of(
            [
                k.text(returned.name or said.NO_NAME_YET, t.TITLE),
                k.text(returned.about, t.BODY, t.QUIET),
            ],
            10,
        ),
        k.text(asked_about(returned)),
    ]
    if returned.decision.why:
        lines.append(k.text(quoted(returned.decision.why), t.NOTE, t.QUIET))
    if not is_over:
        lines += way_to_answer(model, returned, filled=filled, alone=alone)
    # Without its time and its button it would draw up what stands below it, under a thumb.
    return k.card([steady(f"returned.card.{returned.encounter}", lines, 6)])


def way_to_answer(model: Model, returned: Returned, *, filled: bool, alone: bool) -> list[ft.Control]:
    """By when an answer is wanted, and the button; of what somebody else has answered neither is left."""
    begun = any(draft.id == returned.encounter for draft in model.home.drafts)
    taken = begun or not returned.for_anyone
    lines = [due_line(model, returned)] if returned.due_at else []
    if not taken:
        lines.append(k.text(words.off_shift(called(returned.author)), t.NOTE, t.QUIET))
    act = k.main_action if filled else k.second_action
    word = words.GO_ON_ANSWERING if begun else words.ANSWER_IT if taken else words.TAKE_OVER
    identifier = f"returned.{returned.encounter}"
    if not taken:
        identifier = "take_over" if alone else f"take_over.{returned.encounter}"
    return [*lines, act(identifier, word, partial(returning.answer, model, returned), expand=None)]


def asked_about(returned: Returned) -> str:
    """Whose questions they are, and about what."""
    who, asks = returning.asker(returned), returned.decision.asks
    if not asks:
        return words.sent_back_by(who, returned.decision.at)
    name = called_by(child_of(returned.records[0]))
    labels: list[str] = []
    for ask in asks[:NAMED]:
        labels.append(returned.asked(ask).replace("{name}", name).rstrip("?"))
    return words.asks_about(who, labels, len(asks) - len(labels))


def due_line(model: Model, returned: Returned) -> ft.Control:
    """By when: quiet while there is time, amber when it is soon, red once it is late."""
    assert returned.due_at is not None  # noqa: S101 - asked for only where there is one
    if returned.late(model.now):
        return k.late(words.late_since(returned.due_at, model.now))
    if returned.due_at - model.now <= SOON:
        return k.soon(words.by_when(returned.due_at, model.now))
    return k.text(words.by_when(returned.due_at, model.now), t.NOTE, t.QUIET)


# -- while answering ---------------------------------------------------------------------------------
def questions_bar(model: Model) -> ft.Control | None:
    """How many questions the sergeant has, which one is open, and the way to the others."""
    returned = returning.in_hand(model)
    if returned is None:
        return None
    inside: list[ft.Control] = [which_question(model, returned)]
    if returned.decision.asks:
        inside += [
            to_question(model, "previous", words.PREVIOUS_QUESTION, ft.Icons.KEYBOARD_ARROW_UP_ROUNDED, -1),
            to_question(model, "next", words.NEXT_QUESTION, ft.Icons.KEYBOARD_ARROW_DOWN_ROUNDED, 1),
        ]
    return ft.Container(
        ft.Row(at_hand(inside), spacing=0, vertical_alignment=k.CENTRE),
        bgcolor=t.ACTION_SOFT,
        padding=sides(t.EDGE + t.HALF, t.HALF, t.HALF, t.HALF),
        key="asked",
    )


def which_question(model: Model, returned: Returned) -> ft.Control:
    """Whose questions, which of them is open, and whether its answer is another by now."""
    asks, here = returned.decision.asks, model.returning.here
    who = returning.asker(returned)
    title = words.questions_from(len(asks), who) if asks else words.sent_back_by(who, returned.decision.at)
    lines: list[ft.Control] = [k.text(title, t.NOTE_STRONG, t.ACTION)]
    under = ""
    if asks:
        here = min(here, len(asks) - 1)
        state = words.CHANGED if returning.is_changed(model, returned, asks[here]) else words.NOT_CHANGED
        under = words.here_of(here + 1, len(asks), state)
        lines.append(k.text(under, t.NOTE, t.QUIET))
    return ft.Semantics(
        identifier="asked.here",
        label=said.joined(title, under),
        live_region=True,
        exclude_semantics=True,
        expand=True,
        content=k.column(lines, 0),
    )


def to_question(model: Model, which: str, label: str, sign: ft.IconData, by: int) -> ft.Control:
    """The way to another of the sergeant's questions."""
    act = partial(returning.step, model, by)
    return k.icon_tap(f"asked.{which}", label, sign, act, colour=t.ACTION)


def reason(model: Model) -> list[ft.Control]:
    """The sergeant's reason as a whole, and by when the answer is wanted."""
    returned = returning.in_hand(model)
    if returned is None:
        return []
    shown: list[ft.Control] = [
        k.notice(
            ft.Icons.REPLY_ROUNDED,
            words.sent_back_by(returning.asker(returned), returned.decision.at),
            under=returned.decision.why or None,
            colour=t.ACTION,
            fill=t.ACTION_SOFT,
            identifier="sent_back",
        )
    ]
    shown += [
        k.paragraph(words.despite(reason), t.NOTE)
        for reason in dict.fromkeys(one.reason for one in returned.decision.despite)
    ]
    if returned.due_at:
        shown.append(due_line(model, returned))
    following = happens_next(returned.decision)
    if following:
        shown.append(k.card(following, t.HALF))
    shown += [
        k.paragraph(words.asked_elsewhere(returning.label_of(model, ask), ask.asks))
        for ask in returning.not_on_screen(model)
    ]
    return shown


def still_asked(model: Model) -> list[ft.Control]:
    """At review: the sergeant's questions whose answers are as they were, each one tap away."""
    returned = returning.in_hand(model)
    if returned is None:
        return []
    asks = returned.decision.asks
    who = returning.asker(returned)
    rows = [
        k.row(
            f"still_asked.{asks.index(ask)}",
            words.still_asked(who, returning.label_of(model, ask)),
            partial(returning.open_asked, model, asks.index(ask)),
            under=ask.asks,
        )
        for ask in returning.unchanged(model)
    ]
    return [k.rows(rows)] if rows else []


# -- what was decided --------------------------------------------------------------------------------
def decided_words(decided: Decided) -> str:
    """What was decided, when and by whom; or that it does not count, and why."""
    if decided.state == VOID:
        return words.not_counted(decided.why_void)
    return words.decided_at(decided.state, decided.at, decided.by)


def decided_card(model: Model, decided: Decided) -> ft.Control:
    """The reason in the words of whoever decided, what happens next, and what was done well.

    What was decided stands above, unless it is void.
    """
    lines: list[ft.Control] = []
    if decided.state == VOID:
        lines.append(k.text(decided_words(decided), t.STRONG))
    if decided.why:
        lines.append(k.text(decided.why))
    lines += [k.text(words.despite(reason), t.NOTE, t.QUIET) for reason in decided.despite]
    if decided.state != VOID:
        left = leaving.left(model, decided.leaves)
        lines += [*happens_next(decided), *([k.text(left, t.NOTE)] if left else [])]
    return ft.Semantics(
        identifier="decided",
        key="decided",
        container=True,
        live_region=True,
        content=k.card(lines, t.HALF),
    )


def happens_next(decided: Decided | Decision) -> list[ft.Control]:
    """Each direction with who does it and by when, or why there is none; then what was done well."""
    lines: list[ft.Control] = []
    if decided.directions:
        lines.append(k.text(words.DIRECTED, t.NOTE_STRONG, t.QUIET))
    for one in decided.directions:
        lines += [k.text(one.what), k.text(words.directed(one.who, one.by), t.NOTE, t.QUIET)]
    for title, said_of_it in ((words.NOTHING_MORE, decided.nothing_more), (words.DONE_WELL, decided.well)):
        if said_of_it:
            lines += [k.text(title, t.NOTE_STRONG, t.QUIET), k.text(said_of_it)]
    return lines


# -- withdrawing -------------------------------------------------------------------------------------
def withdraw(model: Model) -> ft.Control:
    """Why it is withdrawn, in the officer's own words; then it goes."""
    parcels = model.parcels_of(model.sent)
    body: list[ft.Control] = [k.heading(words.WITHDRAW_TITLE), k.paragraph(words.WITHDRAW_HELP)]
    body += notices(model)
    if model.busy:
        body.append(k.paragraph(model.busy, t.NOTE))
    body += [
        ft.Container(k.text(words.WITHDRAW_WHY, t.STRONG), padding=ft.Padding(t.HALF, 0, t.HALF, 0)),
        entry(
            "withdraw.reason",
            words.WITHDRAW_WHY,
            model.returning.reason,
            partial(returning.put_reason, model),
            How(lines=3),
        ),
    ]
    actions: Sequence[ft.Control] = (
        [k.main_action("withdraw.send", words.WITHDRAW_SEND, partial(returning.withdraw, model, parcels[0]))]
        if parcels
        else []
    )
    name = parcels[0].name if parcels else ""
    return frame.frame(
        top=frame.top_bar(
            name or said.SENT_TODAY,
            said.joined(parcels[0].about, said.within(definitions.guide(parcels[0].guide).title))
            if parcels
            else None,
            on_menu=partial(model.go, At.MENU),
            on_back=partial(model.go, At.SENT),
        ),
        status=status(model),
        body=body,
        actions=actions,
        left_handed=model.left_handed,
        name="withdraw",
    )
