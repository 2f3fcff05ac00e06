"""A task: its row where it is due, and its own page, where it is taken on, closed or explained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

import flet as ft

from booklets.answers import read_instant
from booklets.duties import BY_SYSTEM, DECIDE, OUTCOMES, Act, delays
from field_app.capture.duties import AUTHOR, Duty, Way
from field_app.handset.home import FIRST_TOLD, TOLD_RETURN
from field_app.ui import answered, duties, frame, ringing, ringing_words, supervising
from field_app.ui import duty_words as words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.hooks import is_narrow
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import calls
from field_app.ui.screens.standing import notices, status
from field_app.ui.widgets.blocks import choice_rows
from field_app.ui.widgets.entry import How, entry

SOON = timedelta(hours=2)
FOR_A_CARD = 360
"""So wide, in letters as they come, must a screen be for a call below what is said of it."""


# -- where it is due ---------------------------------------------------------------------------------
def rows(model: Model, found: Iterable[Duty]) -> list[ft.Control]:
    """Tasks as rows in one box, or nothing; each as it stands now."""
    newest = {one.task: one for one in model.home.duties}
    shown = [row(model, newest.get(one.task, one)) for one in found]
    return [k.rows(shown)] if shown else []


def row(model: Model, duty: Duty, *, timed: bool = True) -> ft.Control:
    """One task: what is asked, about whom, and its clock, unless that stands above it already."""
    title, about = duties.title_of(model, duty), duties.about_of(model, duty)
    line, told = clock_line(model, duty)
    beside = words.of_the_system(duty.by_system, told_first(model, duty))
    lines: list[ft.Control] = [
        k.text(title, t.STRONG),
        k.text(about, t.NOTE, t.QUIET),
        *([k.text(beside, t.NOTE)] if beside else []),
        *([line] if line and timed else []),
    ]
    inside = ft.Row(
        [ft.Container(k.column(lines, 3), expand=True), k.icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, t.QUIET, 24)],
        spacing=12,
        vertical_alignment=k.CENTRE,
    )
    label = ". ".join(part for part in (title, about, beside, told) if part)
    act = partial(model.show_duty, duty.task)
    return k.tap(f"duty.{duty.task}", label, inside, act, pad=ft.Padding(t.TWO, 10, 12, 10), radius=0)


def card(model: Model, duty: Duty, *, first: bool) -> ft.Control:
    """A call to make: the task, the number right below it, and the way to say who answered.

    On a small screen and in large letters it is taller than what is left to read: the call stands on top.
    """
    newest = next((one for one in model.home.duties if one.task == duty.task), duty)
    whom, on_top = ringing.whom_to_ring(model, duty.kind), is_narrow(FOR_A_CARD)
    asked = row(model, newest, timed=not (whom and on_top))
    if whom is None or duties.is_over(model, duty) or newest.on_its_way:
        return k.rows([asked])
    name = f"ring.{duty.task}"
    ring = calls.main_call(name, whom, expand=None) if first else calls.second_call(name, whom)
    rang = k.quiet_action(
        f"rang.{duty.task}", ringing_words.I_RANG, partial(answered.rang, model, duty.task)
    )
    if not on_top:
        below = ft.Container(k.column([ring, rang], 6), padding=ft.Padding(t.TWO, t.HALF, t.TWO, t.HALF))
        return k.rows([k.column([asked, below], 0)])
    line, _ = clock_line(model, newest)
    above = ft.Container(k.column([*([line] if line else []), ring], t.ONE), padding=t.TWO)
    return k.rows([above, asked, rang])


def told_first(model: Model, duty: Duty) -> datetime | None:
    """When the notice of a return reached the council first, as far as this device has heard."""
    at = model.home.told.get(duty.record, {}).get(FIRST_TOLD[TOLD_RETURN])
    return read_instant(at) if isinstance(at, str) and at else None


def clock_line(model: Model, duty: Duty) -> tuple[ft.Control | None, str]:
    """Quiet while there is time, amber when it is soon, red once it is late; nothing once it is closed."""
    now, due = model.now, duty.due_at
    if duties.is_over(model, duty):
        return k.flag(ft.Icons.CHECK_ROUNDED, words.OVER, t.QUIET, t.NOTE), words.OVER
    if duty.on_its_way:
        return k.flag(ft.Icons.SCHEDULE_SEND_ROUNDED, words.CLOSED, t.QUIET, t.NOTE), words.CLOSED
    if due is None:
        return None, ""
    if duty.late(now):
        told = words.late_since(due, now) if due > duty.set_at else words.late_from_the_start(due, now)
        return k.late(told), told
    told = words.by_when(due, now)
    if due - now <= SOON:
        return k.soon(told), told
    return k.flag(ft.Icons.SCHEDULE_ROUNDED, told, t.QUIET, t.NOTE), told


# -- its own page ------------------------------------------------------------------------------------
def duty(model: Model) -> ft.Control:
    """What is asked, and everything that may be said of it."""
    found = duties.in_hand(model)
    body: list[ft.Control] = []
    actions: list[ft.Control] = []
    above: ft.Control | None = None
    if found is None:
        body.append(k.paragraph(words.WHY_VOID["already_closed"]))
    else:
        body = [k.heading(duties.title_of(model, found)), *facts(model, found)]
        if found.kind == DECIDE:
            body.append(k.paragraph(words.BY_DECIDING))
        elif not found.on_its_way:
            body += questions(model, found)
            body += [*in_the_record(model, found), *taken_on(model, found)]
        actions, above = acts(model, found), beside(model, found)
    return frame.frame(
        top=frame.top_bar(
            duties.about_of(model, found) if found else words.TO_DO,
            on_menu=partial(model.go, At.MENU),
            on_back=model.go_home,
            back=said.BACK_TO_WORKLIST,
        ),
        status=status(model),
        body=body,
        actions=actions,
        above=above,
        left_handed=model.left_handed,
        name="duty",
    )


def facts(model: Model, found: Duty) -> list[ft.Control]:
    """Since when and until when, whose it is, and what became of what was said."""
    shown: list[ft.Control] = []
    shown += notices(model)
    if model.busy:
        shown.append(k.paragraph(model.busy, t.NOTE))
    if found.said is not None and found.said.way is Way.VOID:
        told = words.not_counted(found.said.why_void)
        shown.append(k.notice(ft.Icons.UNDO_ROUNDED, told, identifier="void"))
    line, _ = clock_line(model, found)
    shown += [line] if line else []
    if found.by_system in BY_SYSTEM and not found.on_its_way:
        shown.append(k.paragraph(BY_SYSTEM[found.by_system]))
    shown.append(k.paragraph(words.asked_at(found.set_at), t.NOTE))
    if found.accepted_at is not None and not found.on_its_way:
        shown.append(k.paragraph(words.TAKEN, t.NOTE))
    if found.goes_to is not None:
        shown.append(k.paragraph(words.GOES_TO[found.goes_to]))
    elif not found.own and found.owner == AUTHOR:
        shown.append(k.paragraph(words.A_COLLEAGUES))
    return shown


def to_ring(model: Model, found: Duty) -> ringing.Whom | None:
    """Whom its author rings because of it, until they have said how that ended."""
    mine = found.owner == AUTHOR and not found.on_its_way
    return ringing.whom_to_ring(model, found.kind) if mine else None


def rings_first(model: Model, found: Duty) -> bool:
    """Whether the call is what to do now: nothing has been said of how it ended, or of why it is late."""
    return to_ring(model, found) is not None and not (model.duty.outcome or model.duty.delay_reason)


def questions(model: Model, found: Duty) -> list[ft.Control]:
    """How it ended, why it is late where it is, and a place for words: of a call, for who answered."""
    is_call = to_ring(model, found) is not None
    title = ringing_words.WHO_ANSWERED if is_call else words.IN_YOUR_WORDS
    asked: list[ft.Control] = [
        k.caption(words.HOW_IT_ENDED),
        choice_rows(
            "duty.outcome", tuple(OUTCOMES.items()), {model.duty.outcome}, partial(duties.put_outcome, model)
        ),
    ]
    said_of_it: list[ft.Control] = [
        k.caption(title),
        entry("duty.words", title, model.duty.words, partial(duties.put_words, model), How(lines=2)),
    ]
    return [*asked, *(said_of_it if is_call else ()), *delay(model, found), *(() if is_call else said_of_it)]


def delay(model: Model, found: Duty) -> list[ft.Control]:
    """Why it is late, where it is and nobody has said so."""
    if not found.late(model.now) or found.delay_reason:
        return []
    return [
        k.caption(words.WHY_LATE),
        k.paragraph(words.WHY_LATE_HELP, t.NOTE),
        choice_rows(
            "duty.delay",
            tuple(delays().items()),
            {model.duty.delay_reason},
            partial(duties.put_reason, model),
        ),
    ]


def in_the_record(model: Model, found: Duty) -> list[ft.Control]:
    """Of a call: the way to the question in the record that takes down who answered."""
    if to_ring(model, found) is None or not answered.may_say(model, found.encounter, found.kind):
        return []
    say = partial(answered.say_who, model, found.encounter, found.kind)
    return [k.rows([k.row("duty.record", ringing_words.SAY_IN_RECORD, say)])]


def taken_on(model: Model, found: Duty) -> list[ft.Control]:
    """That somebody is about to ring, while the call itself is the action of this page."""
    if found.accepted_at is not None or not rings_first(model, found):
        return []
    return [k.quiet_action("duty.accept", words.TAKE_ON, partial(duties.say, model, Act.ACCEPT))]


def acts(model: Model, found: Duty) -> list[ft.Control]:
    """What can be done now: one of them is filled, and ringing comes before saying that one has rung."""
    if found.on_its_way:
        return []
    if found.kind == DECIDE:
        read = partial(supervising.open_case, model, found.encounter)
        return [k.main_action("duty.read", words.READ_IT, read)] if duties.has_case(model, found) else []
    whom = to_ring(model, found)
    if whom and rings_first(model, found):
        return [calls.main_call("duty.ring", whom)]
    shown: list[ft.Control] = []
    if found.accepted_at is None:
        shown.append(k.second_action("duty.accept", words.TAKE_ON, partial(duties.say, model, Act.ACCEPT)))
    elif found.late(model.now) and not found.delay_reason:
        shown.append(
            k.second_action("duty.delay_only", words.ONLY_WHY, partial(duties.say, model, Act.DELAY))
        )
    shown.append(k.main_action("duty.close", words.CLOSE, partial(duties.say, model, Act.CLOSE)))
    return shown


def beside(model: Model, found: Duty) -> ft.Control | None:
    """Beside the call the way to say who answered; beside what is said of it, the call."""
    whom = to_ring(model, found)
    if whom is None:
        return None
    if rings_first(model, found):
        return k.quiet_action("duty.rang", ringing_words.I_RANG, partial(answered.rang, model, found.task))
    return calls.second_call("duty.ring", whom)
