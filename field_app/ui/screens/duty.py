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
from field_app.ui import duties, frame, supervising
from field_app.ui import duty_words as words
from field_app.ui import kit as k
from field_app.ui import screen_words as said
from field_app.ui import theme as t
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import calls
from field_app.ui.screens.standing import notices, status
from field_app.ui.widgets.blocks import choice_rows
from field_app.ui.widgets.entry import How, entry

SOON = timedelta(hours=2)


# -- where it is due ---------------------------------------------------------------------------------
def rows(model: Model, found: Iterable[Duty]) -> list[ft.Control]:
    """Tasks as rows in one box, or nothing; each as it stands now."""
    newest = {one.task: one for one in model.home.duties}
    shown = [row(model, newest.get(one.task, one)) for one in found]
    return [k.rows(shown)] if shown else []


def row(model: Model, duty: Duty) -> ft.Control:
    """One task: what is asked, about whom, and its clock."""
    title, about = duties.title_of(model, duty), duties.about_of(model, duty)
    line, told = clock_line(model, duty)
    beside = words.of_the_system(duty.by_system, told_first(model, duty))
    lines: list[ft.Control] = [
        k.text(title, t.STRONG),
        k.text(about, t.NOTE, t.QUIET),
        *([k.text(beside, t.NOTE)] if beside else []),
        *([line] if line else []),
    ]
    inside = ft.Row(
        [ft.Container(k.column(lines, 3), expand=True), k.icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, t.QUIET, 24)],
        spacing=12,
        vertical_alignment=k.CENTRE,
    )
    label = ". ".join(part for part in (title, about, beside, told) if part)
    act = partial(model.show_duty, duty.task)
    return k.tap(f"duty.{duty.task}", label, inside, act, pad=ft.Padding(t.TWO, 10, 12, 10), radius=0)


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
    if found is None:
        body.append(k.paragraph(words.WHY_VOID["already_closed"]))
    else:
        body = [k.heading(duties.title_of(model, found)), *facts(model, found)]
        if found.kind == DECIDE:
            body.append(k.paragraph(words.BY_DECIDING))
        elif not found.on_its_way:
            whom = calls.whom_to_ring(model, found.kind) if found.owner == AUTHOR else None
            body += [calls.second_call("duty.ring", whom)] if whom else []
            body += questions(model, found)
        actions = acts(model, found)
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


def questions(model: Model, found: Duty) -> list[ft.Control]:
    """How it ended, why it is late where it is, and a place for words."""
    asked: list[ft.Control] = [
        k.caption(words.HOW_IT_ENDED),
        choice_rows(
            "duty.outcome", tuple(OUTCOMES.items()), {model.duty.outcome}, partial(duties.put_outcome, model)
        ),
    ]
    if found.late(model.now) and not found.delay_reason:
        asked += [
            k.caption(words.WHY_LATE),
            k.paragraph(words.WHY_LATE_HELP, t.NOTE),
            choice_rows(
                "duty.delay",
                tuple(delays().items()),
                {model.duty.delay_reason},
                partial(duties.put_reason, model),
            ),
        ]
    asked += [
        k.caption(words.IN_YOUR_WORDS),
        entry(
            "duty.words",
            words.IN_YOUR_WORDS,
            model.duty.words,
            partial(duties.put_words, model),
            How(lines=2),
        ),
    ]
    return asked


def acts(model: Model, found: Duty) -> list[ft.Control]:
    """What can be done now: one of them is filled."""
    if found.on_its_way:
        return []
    if found.kind == DECIDE:
        read = partial(supervising.open_case, model, found.encounter)
        return [k.main_action("duty.read", words.READ_IT, read)] if duties.has_case(model, found) else []
    shown: list[ft.Control] = []
    if found.accepted_at is None:
        shown.append(k.second_action("duty.accept", words.TAKE_ON, partial(duties.say, model, Act.ACCEPT)))
    elif found.late(model.now) and not found.delay_reason:
        shown.append(
            k.second_action("duty.delay_only", words.ONLY_WHY, partial(duties.say, model, Act.DELAY))
        )
    shown.append(k.main_action("duty.close", words.CLOSE, partial(duties.say, model, Act.CLOSE)))
    return shown
