"""Before sending: what is needed, what to say why, what is worth another look, and the emergency route."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets.entities import Entity, EntityKind
from booklets.forms import Effect, Stage
from booklets.review import NEEDED, Problem
from field_app.ui import (
    adding,
    adding_words,
    at_once,
    draft_words,
    frame,
    mentioning,
    newer,
    photographing,
    review_words,
)
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.fields import childs_name, entity_words, said_once
from field_app.ui.hooks import is_large_text
from field_app.ui.model import Model
from field_app.ui.places import At, Mention
from field_app.ui.screens import arrived, aware, calls, lookout, returned
from field_app.ui.screens.standing import notices, status, top
from field_app.ui.widgets.entry import How, entry

EMERGENCY = "emergency"
"""Under this name the reason is kept with the encounter while it is typed, like every other word."""
NOTICE_OF_RETURN = "R-08"
"""That the council gets its notice: all that "found" on its own is sent for."""
GROUPS = (
    ({Effect.BLOCK}, words.NEEDED, ft.Icons.PRIORITY_HIGH_ROUNDED, t.ACTION),
    ({Effect.ASK}, words.SAY_WHY_GROUP, ft.Icons.HELP_OUTLINE_ROUNDED, t.INK),
    ({Effect.WARN}, words.ANOTHER_LOOK, ft.Icons.VISIBILITY_OUTLINED, t.INK),
    ({Effect.SHOW, Effect.SEND}, words.TO_KNOW, ft.Icons.INFO_OUTLINE_ROUNDED, t.INK),
)


def review(model: Model) -> ft.Control:
    """What cannot wait, then four groups, each item one tap from its question; nothing is greyed."""
    session = model.open_session()
    problems, later = adding.split(model, said_once(session, session.problems(model.stage)))
    if found_alone(model):  # above it stands already what it does
        problems = [one for one in problems if one.code != NOTICE_OF_RETURN]
    standing = [one for one in problems if one.stands]
    only_found = found_alone(model)
    body = what_goes(model, only_found=only_found)
    body += [*lookout.way_from_report(model), *returned.still_asked(model), *said_otherwise(model)]
    drawn, first = first_things(model, problems, lead=bool(standing))
    rings = has_calls(model, problems)
    unfinished = as_emergency(model) if standing else None
    body += drawn
    if unfinished and rings and is_large_text():
        body.append(unfinished)
        unfinished = None
    for effects, called, sign, colour in GROUPS:
        title = review_words.NEEDED_FOR_FOUND if only_found and called == words.NEEDED else called
        found = [one for one in problems if one.effect in effects and not one.kept and one not in first]
        body += group(model, title, once(found), sign, colour)
    kept = [one for one in problems if one.kept]
    body += group(
        model, words.LATER_THIS_SHIFT, still_to_come(model, problems), ft.Icons.SCHEDULE_ROUNDED, t.QUIET
    )
    body += group(model, words.READY, kept, ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, t.RECEIVED)
    wanted = group(model, adding_words.STILL_WANTED, later, ft.Icons.SCHEDULE_ROUNDED, t.INK)
    body += [*wanted[:1], k.paragraph(adding_words.CAN_FOLLOW, t.NOTE), *wanted[1:]] if wanted else []
    body += [] if only_found else aware.states(model)
    body += photographing.going_with(model)
    return frame.frame(
        top=top(model, on_back=partial(model.open_page, model.page), back=words.BACK),
        status=status(model),
        body=body,
        actions=[onwards(model, standing, later, main=not rings)],
        foremost=unfinished,
        news=arrived.danger(model),
        left_handed=model.left_handed,
        name=f"review.{model.stage.value}",
    )


def found_alone(model: Model) -> bool:
    """Whether only that the child is back goes now, and the check goes on; of a death nothing goes on."""
    return model.stage is Stage.FOUND and not model.open_session().child_has_died


def as_emergency(model: Model) -> ft.Control:
    """The way to send what is not finished. In large letters the calls, which come first, stand above it."""
    return k.quiet_action("emergency", words.CANNOT_WAIT, partial(model.go, At.EMERGENCY))


def first_things(
    model: Model, problems: Sequence[Problem], *, lead: bool
) -> tuple[list[ft.Control], list[Problem]]:
    """What cannot wait, before everything else, and which problems that are.

    R-53: after a stop the calls stand there with their numbers, then what is needed now; that the rest
    of the record can follow is said above it. ``lead``: the first call is what to do now.
    """
    session = model.open_session()
    fresh = [one for one in problems if not one.kept]
    do, write = at_once.to_do(fresh), at_once.to_write(session, [one for one in fresh if one.stands])
    colour = t.LATE if session.stopped else t.INK
    shown = group(model, review_words.DO_AT_ONCE, once(do), ft.Icons.FRONT_HAND_OUTLINED, colour)
    shown[1:1] = calls_of(model, do, lead=lead)
    if session.stopped:
        shown += group(model, review_words.NEEDED_NOW, once(write), ft.Icons.PRIORITY_HIGH_ROUNDED, t.ACTION)
        if any(one.stands and one not in write for one in fresh):
            shown.append(k.paragraph(review_words.REST_CAN_FOLLOW, t.NOTE))
    return shown, [*do, *write]


def calls_of(model: Model, do: Sequence[Problem], *, lead: bool = False) -> list[ft.Control]:
    """The numbers of those who have to be rung now: a sentence that says "ring" is no number."""
    session = model.open_session()
    return calls.at_once(session.force, {one.code for one in do}, stopped=session.stopped, lead=lead)


def has_calls(model: Model, problems: Sequence[Problem]) -> bool:
    """Whether somebody has to be rung now: before that, nothing is written."""
    do = at_once.to_do([one for one in problems if not one.kept])
    return bool(do and calls_of(model, do))


def what_goes(model: Model, *, only_found: bool) -> list[ft.Control]:
    """The head of it: what is about to be sent, what was refused, and what is being done just now."""
    shown: list[ft.Control] = [k.heading(words.BEFORE_YOU_SEND)]
    if only_found:
        shown = [k.heading(review_words.ONLY_FOUND), k.paragraph(review_words.ONLY_FOUND_HELP)]
    return [*shown, *notices(model), *([k.paragraph(model.busy, t.NOTE)] if model.busy else [])]


def said_otherwise(model: Model) -> list[ft.Control]:
    """What the record this follows from says otherwise by now, each one tap from its question."""
    session = model.open_session()
    rows = [
        k.row(
            f"newer.{name}",
            session.field(name).label.replace("{name}", childs_name(session)),
            partial(model.open_field, name),
            under=draft_words.says_now(newer.says_now(session, name)),
        )
        for name in session.encounter.newer
        if session.is_asked(name)
    ]
    return (
        [k.flag(ft.Icons.UPDATE_ROUNDED, draft_words.SAYS_OTHERWISE, t.INK, t.STRONG), k.rows(rows)]
        if rows
        else []
    )


def onwards(
    model: Model, standing: Sequence[Problem], later: Sequence[Problem], *, main: bool
) -> ft.Control:
    """The way to what still stands against sending, ``main`` where no call comes before it; or send."""
    unit = unit_words(model)
    died = model.open_session().child_has_died
    goes_to = words.SEND_TO_INCIDENT_MANAGER if died else words.send_to(unit)
    if found_alone(model):
        goes_to = review_words.SEND_ONLY_FOUND
    if standing:
        now = at_once.to_write(model.open_session(), standing)
        first = partial(open_problem, model, (now or standing)[0])
        if now:
            said = review_words.answer_now(len(once(now)))
            return to_needed(said, first, under=review_words.THEN_THE_REST, main=main)
        listed = once(standing)
        reasons = sum(one.effect is Effect.ASK for one in listed)
        said = words.answer_needed(len(listed) - reasons, reasons)
        return to_needed(said, first, under=words.then(goes_to), main=main)
    under = adding_words.wanted_later(len(later)) if adding.is_adding(model) else None
    under = review_words.THE_CHECK_GOES_ON if found_alone(model) else under
    return k.main_action("send", goes_to, partial(model.send, model.stage), under=under)


def to_needed(said: str, act: k.Act, *, under: str, main: bool) -> ft.Control:
    """The way to the first answer that is needed."""
    if main:
        return k.main_action("needed", said, act, under=under)
    return k.second_action("needed", said, act, label=f"{said}. {under}", expand=True)


def still_to_come(model: Model, now: Sequence[Problem]) -> list[Problem]:
    """What is still to come of persons, places and things that answers mention. It holds up nothing."""
    session = model.open_session()
    if model.stage is not Stage.CAPTURE:
        return []
    said = {(one.code, one.entity, one.fields) for one in now}
    return [
        one
        for one in session.problems(Stage.COMPLETE)
        if one.code == NEEDED
        and one.entity not in {None, session.encounter.subject}
        and (one.code, one.entity, one.fields) not in said
    ]


def unit_words(model: Model) -> str:
    """The station it goes to; never a named sergeant, who goes off at seven."""
    return model.shift.officer.station


def group(
    model: Model, title: str, problems: Sequence[Problem], sign: ft.IconData, colour: str
) -> list[ft.Control]:
    """One group of problems, or nothing."""
    if not problems:
        return []
    rows = [row_of(model, number, one) for number, one in enumerate(problems)]
    name = k.flag(sign, words.group_of(title, len(problems)), colour, t.STRONG)
    head: ft.Control = ft.Container(name, padding=ft.Padding(t.HALF, 0, t.HALF, 0))
    if any(has_way_out(model, one) for one in problems):
        # Two groups say the same: beside each other in one list, Flet would take one for the other.
        head = k.column([head, k.paragraph(words.OR_WHY_NOT, t.NOTE)], t.TWO)
    return [ft.Container(head, key=f"group.{title}"), k.rows(rows)]


def has_way_out(model: Model, problem: Problem) -> bool:
    """Whether a reason for having no answer would do."""
    asked = problem.code == NEEDED and bool(problem.fields)
    return asked and bool(model.open_session().field(problem.fields[0]).gaps)


def once(problems: Sequence[Problem]) -> list[Problem]:
    """What is said about several questions in the same words is shown once, at the first."""
    return list({(one.code, one.says, one.entity): one for one in reversed(problems)}.values())[::-1]


def row_of(model: Model, number: int, problem: Problem) -> ft.Control:
    """One problem, one tap from its question."""
    session = model.open_session()
    about, whom = mentioned(model, problem), other_than_child(model, problem)
    name = entity_words(whom)[0] if whom else childs_name(session)
    way = session.way_to(about.id) if about else ()
    asked = way[0].question if way else "".join(problem.fields[:1])
    page = session.page_of(asked) if asked else None
    where = words.on_page(page.title) if page else ""
    if besides(model, problem):
        where = words.more_about(name)
    under = words.joined(where, problem.kept) if problem.kept else where
    identifier = f"problem.{problem.key}.{'.'.join(problem.fields[:1])}.{number}"
    says = problem.says.replace("{name}", name)
    if whom:
        says = words.about_whom(name, says)
    return k.row(identifier, says, partial(open_problem, model, problem), under=under)


def other_than_child(model: Model, problem: Problem) -> Entity | None:
    """The person, place or thing a problem is about, where that is not the child."""
    encounter = model.open_session().encounter
    if problem.entity is None or problem.entity == encounter.subject:
        return None
    return encounter.entities.get(problem.entity)


def mentioned(model: Model, problem: Problem) -> Entity | None:
    """The same, where it is a question about them, and not one that names them."""
    of_them = bool(problem.fields) and problem.fields[0].partition(".")[0] in set(EntityKind)
    return other_than_child(model, problem) if of_them else None


def besides(model: Model, problem: Problem) -> bool:
    """Whether it is a question about the child that stands on no page: everything else about the child."""
    session = model.open_session()
    of_child = bool(problem.fields) and session.guide.about_subject(problem.fields[0])
    ours = problem.entity in {None, session.encounter.subject}
    return of_child and ours and session.page_of(problem.fields[0]) is None


def open_problem(model: Model, problem: Problem) -> None:
    """Go to the question a problem is about: on its page, or with whom it is about."""
    about, session = mentioned(model, problem), model.open_session()
    if about is not None:
        open_mentioned(model, about, problem.fields[0])
    elif problem.entity and session.way_to(problem.entity):
        open_mentioned(model, session.encounter.entities[problem.entity])
    elif besides(model, problem):
        model.mentions = ()
        mentioning.open_child(model)
    elif problem.fields:
        model.open_field(problem.fields[0])
        model.returning.jump_to(problem.fields[0])
    else:
        model.go(At.PAGES)


def open_mentioned(model: Model, entity: Entity, question: str = "") -> None:
    """Open somebody or something that the answers lead to, with this question among those shown."""
    session = model.open_session()
    way = session.way_to(entity.id)
    if not way:
        return
    model.open_field(way[0].question)
    few = session.guide.mentions.get(entity.kind.value, ())
    model.mentions = tuple(
        Mention(
            one.question,
            one.entity.id,
            one.about,
            session.value(one.question, one.about),
            more=one is way[-1] and question not in ("", *few),
        )
        for one in way
    )
    if question:
        model.returning.jump_to(question)
    model.go(At.ENTITY)


def emergency(model: Model) -> ft.Control:
    """Why it cannot wait; then it goes."""
    session = model.open_session()
    reason = session.encounter.reasons.get(EMERGENCY, "")

    def put(typed: str) -> None:
        model.keep_because(EMERGENCY, typed)

    async def send() -> None:
        said = session.encounter.reasons.get(EMERGENCY, "").strip()
        if not said:
            model.go(At.EMERGENCY, notice=words.SAY_WHY_FIRST)
            return
        await model.send(model.stage, said)

    helps, goes = words.EMERGENCY_HELP_LATER, words.SEND
    if model.line.is_open:
        helps, goes = words.EMERGENCY_HELP, words.SEND_NOW
    body: list[ft.Control] = [k.heading(words.EMERGENCY), k.paragraph(helps)]
    body += notices(model)
    body += [
        ft.Container(k.text(words.EMERGENCY_WHY, t.STRONG), padding=ft.Padding(t.HALF, 0, t.HALF, 0)),
        entry("emergency.reason", words.EMERGENCY_WHY, reason, put, How(lines=3)),
    ]
    return frame.frame(
        top=top(model, on_back=model.review, back=words.BACK),
        status=status(model),
        body=body,
        actions=[k.main_action("emergency.send", goes, send)],
        left_handed=model.left_handed,
        name="emergency",
    )
