"""Home: what came back, what is due, what is not finished, what waits, what was sent, and how to start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import flet as ft

from booklets.clocks import Running
from booklets.forms import Stage
from field_app.capture.cases import queue_of
from field_app.capture.duties import Duty
from field_app.capture.worklist import Draft, Parcel
from field_app.handset.home import guides
from field_app.ui import (
    adding_words,
    answered,
    arriving,
    draft_words,
    duty_words,
    entering,
    frame,
    giving,
    giving_words,
    photo_words,
    returning,
    returning_words,
    ringing,
    ringing_words,
    search_words,
    supervising_words,
)
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.adding import left_open, waits
from field_app.ui.calling import here
from field_app.ui.hooks import is_large_text
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import adding, arrived, calls, duty, known, returned, starting, this_phone
from field_app.ui.screens import giving as passing
from field_app.ui.screens.standing import notices, status, warnings

SOON = timedelta(hours=12)
"""A clock with more time than this does not press tonight, and says its day."""


def worklist(model: Model) -> ft.Control:
    """The officer's home screen."""
    rung = arriving.rung(model.listed)
    body = group(ringing_words.RING_FIRST, [call_of(model, one, first=one is rung[0]) for one in rung])
    body += [*notices(model), *warnings(model)]
    body += [search_row(model)] if has_anything(model) else []
    if model.shift.supervises:
        waiting_for = f"{supervising_words.WAITING_FOR_YOU} ({len(queue_of(model.home.cases))})"
        body.append(k.rows([k.row("to_queue", waiting_for, model.go_home)]))
    body.append(known.way_in(model))
    if model.home.unread:
        body.append(k.notice(ft.Icons.SYSTEM_UPDATE_ROUNDED, words.UNREADABLE_DRAFT))
    body += open_work(model, first=not rung)
    body += group(giving_words.HANDED_OVER, passing.away(model, list(model.home.drafts)))
    body += handed_over(model)
    if not (has_anything(model) or model.home.offers):
        body.append(k.paragraph(words.NOTHING_OPEN))
    who = model.shift.vault_name
    return frame.frame(
        top=frame.top_bar(words.tonight(who), on_menu=partial(model.go, At.MENU), big=True),
        status=status(model),
        body=body,
        news=arrived.line(model, desk=False),
        actions=[ft.Container(starting.starts(model, call_first=bool(rung)), expand=True)],
        name=f"home.{model.opened}",
    )


def call_of(model: Model, one: Draft | Duty, *, first: bool) -> ft.Control:
    """A call to make, as it stands now: the task's, or on the card of the draft that is waiting for it."""
    if isinstance(one, Duty):
        return duty.card(model, one, first=first)
    newest = next((draft for draft in model.home.drafts if draft.id == one.id), one)
    return card(model, newest, late=bool(newest.due and newest.due.late(model.now)), first=first)


def open_work(model: Model, *, first: bool) -> list[ft.Control]:
    """What came back, what is due, what a colleague hands over, what there is to do, and drafts.

    What stands ``first`` among them is filled, where no call comes before it.
    """
    now, newest = model.now, {one.id: one for one in model.home.drafts}
    came_back, away = {one.encounter for one in model.listed.returned}, giving.locked(model)
    stood = [one for one in model.listed.drafts if one.id not in came_back and one.id not in away]
    rest = [one for one in stood if one.id in newest and not arriving.is_call(one)]
    due = [newest[one.id] for one in rest if one.due]
    others = [newest[one.id] for one in rest if not one.due]
    top = next(iter([*due, *others] if first and not came_back else []), None)
    dues = [
        card(model, one, late=bool(one.due and one.due.late(now)), first=one is top)
        for one in cut(model, due)
    ]
    drafts = [card(model, one, first=one is top) for one in cut(model, others)]
    tasks = [one for one in arriving.own(model.listed) if not arriving.is_call(one)]
    return [
        *group(returning_words.SENT_BACK, returned.cards(model, first=first)),
        *group(words.DO_NOW, [*dues, *more(model, "due", due)]),
        *group(here(giving_words.LOST), passing.offered(model, lost=True)),
        *group(giving_words.OFFERED_TO_YOU, passing.offered(model)),
        *group(duty_words.TO_DO, duty.rows(model, tasks)),
        *group(words.DRAFTS, [*drafts, *more(model, "drafts", others)]),
    ]


def handed_over(model: Model) -> list[ft.Control]:
    """What was sent: first what needs a look, then what waits, then what arrived."""
    all_ = model.home.parcels
    waiting = [one for one in all_ if not one.received_at and not one.needs_attention]
    there = [one for one in all_ if one.received_at and not one.needs_attention]
    return [
        *group(words.NEEDS_A_LOOK, rows_of(model, [one for one in all_ if one.needs_attention])),
        *group(
            words.WAITING_TO_SEND, [*rows_of(model, cut(model, waiting)), *more(model, "waiting", waiting)]
        ),
        *group(words.SENT_TODAY, [*rows_of(model, cut(model, there)), *more(model, "sent", there)]),
    ]


AT_ONCE = 20
"""So many of a group are drawn; the others one touch later, and a search finds each of them."""
One = TypeVar("One")


def cut(model: Model, found: Sequence[One]) -> Sequence[One]:
    """The part of a group that is drawn."""
    return found[: model.drawn or AT_ONCE]


def more(model: Model, name: str, found: Sequence[object]) -> list[ft.Control]:
    """The way to the rest of a group, where there is one."""
    left = len(found) - len(cut(model, found))
    if not left:
        return []
    said = search_words.more(AT_ONCE, left)
    return [k.quiet_action(f"more.{name}", said, partial(show_more, model))]


def show_more(model: Model) -> None:
    """Draw more of every group, until the list is opened anew."""
    model.drawn = (model.drawn or AT_ONCE) + AT_ONCE
    model.redraw()


def has_anything(model: Model) -> bool:
    """Whether there is anything to look for."""
    return bool(model.home.drafts or model.home.parcels or model.home.returned)


def search_row(model: Model) -> ft.Control:
    """The way to what is looked for by name."""
    look = partial(model.go, At.SEARCH)
    return k.rows([k.row("to_search", here(search_words.SEARCH_HERE), look, name=ft.Icons.SEARCH_ROUNDED)])


def group(title: str, controls: Sequence[ft.Control]) -> list[ft.Control]:
    """A named group, or nothing when it is empty."""
    return [k.caption(title), *controls] if controls else []


def card(model: Model, draft: Draft, *, late: bool = False, first: bool = False) -> ft.Control:
    """One encounter that is not finished: who, what is due, how far, and a button to go on.

    Only one button of the first in the list is filled: what to do now, and a late call before anything else.
    """
    name = draft.name or words.NO_NAME_YET
    lines: list[ft.Control] = [
        k.text(
            words.joined(
                draft.title, adding_words.adding(waits=waits(model, draft.id)).lower() if draft.adds else ""
            ),
            t.NOTE_STRONG,
            t.ACTION,
        ),
        k.line_of([k.text(name, t.TITLE), k.text(draft.about, t.BODY, t.QUIET)], 10),
    ]
    whom = ringing.whom_to_ring(model, draft.due.clock.id) if draft.due else None
    if draft.due:
        clock = clock_line(draft.due, model.now, late=late)
        ring = call(model, draft, whom, main=first and late)
        # In large letters the whole card is taller than the screen: what to do comes first.
        lines = [clock, *ring, *lines] if whom and is_large_text() else [*lines, clock, *ring]
    lines += passing.refused(model, draft)
    part = part_gone(model, draft)
    if part:
        lines.append(k.flag(ft.Icons.CALL_SPLIT_ROUNDED, part, t.INK, t.NOTE))
    if draft.newer:
        lines.append(
            k.flag(ft.Icons.UPDATE_ROUNDED, draft_words.on_card(draft.newer), t.ACTION, t.NOTE_STRONG)
        )
    copy = draft_words.copied(model.home.copied.get(draft.id))
    saved = words.joined(here(words.saved_here(draft.changed, "")), copy)
    lines.append(k.text(words.joined(saved, draft_words.needed_left(draft.needed)), t.NOTE, t.QUIET))
    lines += how_far(draft)
    go_on = partial(model.resume, draft.id)
    act = k.main_action if first and not (whom and late) else k.second_action
    lines.append(act(f"draft.{draft.id}", words.go_on_with(draft.page_words), go_on, expand=None))
    return k.card(lines, 6)


def how_far(draft: Draft) -> list[ft.Control]:
    """How many pages are whole, in words too: on a page the same bar says where one is."""
    if not draft.pages:
        return []
    said = k.text(draft_words.pages_done(draft.pages_done, draft.pages), t.NOTE, t.QUIET)
    bar = k.bar_of(draft.pages, draft.pages_done)
    if is_large_text():
        return [said, bar]
    return [ft.Row([said, ft.Container(bar, expand=True)], spacing=12, vertical_alignment=k.CENTRE)]


def call(model: Model, draft: Draft, whom: ringing.Whom | None, *, main: bool) -> list[ft.Control]:
    """The call that is due, with its number, right below the clock that says so; then who answered."""
    if whom is None or draft.due is None:
        return []
    name, clock = f"ring.{draft.id}", draft.due.clock.id
    shown = [calls.main_call(name, whom, expand=None) if main else calls.second_call(name, whom)]
    if answered.may_say(model, draft.id, clock):
        say = partial(answered.say_who, model, draft.id, clock)
        shown.append(k.quiet_action(f"rang.{draft.id}", ringing_words.I_RANG, say))
    return shown


def part_gone(model: Model, draft: Draft) -> str:
    """Where a part of it has been sent already: which, and that this card is the rest of the same record."""
    sent = next((one for one in model.parcels_of(draft.id) if one.stage == Stage.FOUND.value), None)
    return draft_words.part_gone(sent.received_at) if sent and not draft.adds else ""


def clock_line(due: Running, now: datetime, *, late: bool) -> ft.Control:
    """A clock: amber once it presses, red only once it is late."""
    title = words.counted_from_begun(due.clock.title) if due.from_begun else due.clock.title
    if late:
        return k.late(words.late(title, due.due))
    if due.due - now > SOON:
        told = words.by_day(title, due.due)
        return k.flag(ft.Icons.SCHEDULE_ROUNDED, told, t.QUIET, t.NOTE)
    return k.soon(words.soon(title, due.due))


def rows_of(model: Model, parcels: Sequence[Parcel]) -> list[ft.Control]:
    """What was sent, one row each."""
    found = [one for parcel in parcels for one in (row_of(model, parcel), *adding.row(model, parcel))]
    return [k.rows(found)] if found else []


def row_of(model: Model, parcel: Parcel) -> ft.Control:
    """One thing that was sent, and where it is. No name once it may no longer be read here."""
    title = guides()[parcel.guide].title if parcel.guide in guides() else parcel.guide
    who = words.joined(parcel.name, parcel.about) or words.sent_record(title, parcel.created)
    received = parcel.received_at
    state = words.received_line(received) if received else words.WAITING
    decided = returning.decided_on(model, parcel)
    if parcel.stage == Stage.FOUND.value and any(one.id == parcel.encounter for one in model.home.drafts):
        state = words.joined(state, draft_words.REST_IS_DRAFT)
    if parcel.withdrawn:
        state = words.joined(returning_words.WITHDRAWN, state)
    elif decided:
        state = returned.decided_words(decided)
    if parcel.photos_wait or parcel.photos_apart:
        state = words.joined(state, photo_words.sent(*parcel.enclosed))
    if parcel.revision > 1:
        title = words.joined(title, returning_words.revision(parcel.revision))
    if parcel.emergency:
        title = words.joined(title, adding_words.emergency_line(len(left_open(model, parcel))))
    identifier = f"sent.{parcel.items[0].record}.{parcel.items[0].rev}"
    return k.row(
        identifier,
        who,
        partial(model.show_sent, parcel),
        under=words.joined(title, state),
        name=ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED
        if received and not parcel.photos_wait
        else ft.Icons.SMARTPHONE_ROUNDED,
        colour=t.INK,
    )


def menu(model: Model) -> ft.Control:
    """What is seldom needed: how this phone is set, lock, sign in again."""
    body: list[ft.Control] = []
    body += notices(model)
    if model.busy:
        body.append(k.paragraph(model.busy, t.NOTE))
    body.append(k.rows([this_phone.row(model)]))
    if model.home.photo_bytes:
        body.append(k.paragraph(here(photo_words.room_taken(model.home.photo_bytes)), t.NOTE))
    send = k.second_action("send_now", words.SEND_AGAIN, partial(again, model))
    sign = k.second_action("sign_in", words.SIGN_IN_AGAIN, partial(entering.somebody_else, model))
    end = k.second_action("sign_out", words.END_SHIFT, partial(entering.end_shift, model))
    body += [*passing.in_menu(model), send, sign, end]
    body += [k.paragraph(words.END_SHIFT_HELP, t.NOTE), k.paragraph(words.WEB_NOTE, t.NOTE)]
    act = k.main_action("lock_now", words.LOCK_NOW, partial(entering.lock, model))
    return frame.frame(
        top=frame.top_bar(
            words.MENU,
            on_menu=partial(model.go, At.HOME),
            on_back=model.go_home,
            back=words.BACK_TO_WORKLIST,
        ),
        status=status(model),
        body=body,
        actions=[act],
        left_handed=model.left_handed,
        name="menu",
    )


async def again(model: Model) -> None:
    """Try to send now."""
    model.shift.look()
    await model.go_home()
