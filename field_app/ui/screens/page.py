"""One page of questions, and the list of pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

import flet as ft

from booklets.disclosure import LEFT_TO_SPECIALISTS
from booklets.forms import AfterStop, Field, Kind, Stage
from booklets.guides import Page
from field_app.capture.session import CaptureSession
from field_app.ui import aware as letters
from field_app.ui import (
    aware_words,
    force_has,
    frame,
    giving,
    locating,
    mentioning,
    newer,
    photographing,
    returning,
    rewording,
    signing,
)
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.fields import childs_name, view_of
from field_app.ui.hooks import use_kept, use_large_text
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens import adding, arrived, aware, calls, changed, known_child, lookout, returned
from field_app.ui.screens import giving as passing
from field_app.ui.screens.standing import notices, ring, status, top, warnings
from field_app.ui.widgets import FieldActs, FieldView, draw


@ft.component
def page(model: Model) -> ft.Control:
    """A page of questions."""
    session = model.open_session()
    shown = session.guide.pages[model.page]
    body: list[ft.Control] = [aware.strip(model, shown)] if shown.letter else []
    questions = returned.questions_bar(model)
    large = use_large_text()
    if questions and large:
        body.append(questions)
    body += [*notices(model), *warnings(model, writing=True), *changed.told(model)]
    body += adding.told(model)
    if returning.starts_on(model, shown):
        body += returned.reason(model)
    body += [*known_child.offer(model, shown), *above_questions(model, shown), *groups_drawn(model, shown)]
    if more_about_child(session, shown):
        said = words.more_about(childs_name(session))
        body.append(
            k.second_action(
                "child.more", said, partial(mentioning.open_child, model), name=ft.Icons.ADD_ROUNDED
            )
        )
    return frame.frame(
        top=top(model, on_back=model.go_home, back=words.BACK_TO_WORKLIST),
        status=status(model),
        under_status=under_status(model, shown, None if large else questions),
        body=body,
        actions=[call_first(model) or onwards(model)],
        above=aside(model, large=large),
        foremost=lookout_way(model),
        pinned=stop_action(model, short=True) if large else None,
        news=arrived.danger(model),
        left_handed=model.left_handed,
        spacing=t.TWO,
        name=f"page.{shown.id}",
        to=model.returning.jump,
    )


def groups_drawn(model: Model, shown: Page) -> list[ft.Control]:
    """What is asked on a page, group by group."""
    acts = use_kept(lambda: acts_of(model, None))
    body: list[ft.Control] = []
    for title, fields in groups_of(model.open_session(), shown):
        if fields and title:
            body.append(k.caption(title))
        for one in fields:
            body += drawn(model, shown, one, acts)
    return body


def above_questions(model: Model, shown: Page) -> list[ft.Control]:
    """What comes before anything is asked: to stop, where it has come to that, or the page's own help."""
    session = model.open_session()
    if session.child_has_died:
        return [death_notice(model)]
    if session.stopped:
        return [stop_notice(model)]
    return [k.paragraph(shown.help, t.NOTE)] if shown.help else []


def drawn(model: Model, shown: Page, one: Field, acts: FieldActs) -> list[ft.Control]:
    """One question; on a page with a letter, with what that page teaches."""
    view, answer = asked(model, one), model.open_session().value(one.id)
    found = marked(model, view)
    if shown.letter and one.id == letters.section_of(shown):
        asks = draw(aware.taught(model, shown, view), answer, acts)
        return [*found, asks, *aware.lesson(model, shown)]
    if shown.letter and one.id == letters.reason_of(shown):
        return [*found, aware.not_observed(model, view, answer, acts)]
    return [*found, draw(view, answer, acts)]


def marked(model: Model, view: FieldView) -> list[ft.Control]:
    """A mark above a question that somebody asks about, or that was left a moment ago."""
    name = f"asked.{view.id}"
    return [frame.mark(name)] if view.remark or model.returning.jump[0] == name else []


def under_status(model: Model, shown: Page, questions: ft.Control | None) -> ft.Control:
    """Where this page lies among the others and, where it came back, the sergeant's questions."""
    pages = len(model.open_session().guide.pages)
    bar = frame.pages_bar("pages", shown.title, model.page, pages, partial(model.go, At.PAGES))
    return k.column([bar, questions], 0) if questions else bar


def asked(model: Model, one: Field, about: UUID | None = None) -> FieldView:
    """A question as it is shown, with what the sergeant asks about its answer."""
    session = model.open_session()
    answer = session.value(one.id, about)
    view = rewording.with_offers(one, view_of(one, session, model.problems, about), answer)
    view = giving.told(view, session) if about is None else view
    view = newer.told(rewording.with_way_back(view, answer, model.reworded, about), session)
    view = force_has.beside(model, view, answer, about)
    remark = returning.remark_on(model, one.id, about)
    if remark is None and about is None:
        remark = returning.mentions_asked(model, one.id)
    return replace(view, remark=remark, opened=mentioning.opened_row(model, one.id, about))


def questions_of(session: CaptureSession, names: Sequence[str], about: UUID | None = None) -> list[Field]:
    """The questions that are asked now. The reason of a decision stands with the decision."""
    fields = [session.field(name) for name in names if session.is_asked(name, about)]
    decisions = {f"{one.id}_because" for one in fields if one.kind is Kind.DECISION}
    return [one for one in fields if one.id not in decisions and one.id != session.stop_question]


def groups_of(session: CaptureSession, shown: Page) -> list[tuple[str, list[Field]]]:
    """The questions of a page under their headings.

    After a disclosure what is needed now stands together and first, the first
    words before all else, and what is left to a specialist is out of sight.
    """
    if not session.stopped:
        return [(group.title, questions_of(session, group.fields)) for group in shown.groups]
    left = [(group.title, still_asked(session, group.fields)) for group in shown.groups]
    if session.stop_question not in shown.fields():
        return left
    return [("", sorted(needed_now(session), key=lambda one: not one.verbatim)), *left]


def needed_now(session: CaptureSession) -> list[Field]:
    """What is asked at once after a disclosure."""
    needed = [one for one in session.guide.fields() if one.after_stop is AfterStop.NEEDED_NOW]
    return [one for one in needed if session.is_asked(one.id)]


def still_asked(session: CaptureSession, names: Sequence[str]) -> list[Field]:
    """The questions of a group that a disclosure neither ends nor brings forward."""
    return [
        one
        for one in questions_of(session, names)
        if one.after_stop is not AfterStop.NEEDED_NOW and session.value(one.id) != LEFT_TO_SPECIALISTS
    ]


def call_first(model: Model) -> ft.Control | None:
    """R-53: after a stop the call is the main action, until what is needed now has been written."""
    session = model.open_session()
    number = str(session.force.get(calls.NUMBERS["supervisor"], ""))
    here = session.stop_question in session.guide.pages[model.page].fields()
    if not (
        number
        and here
        and session.stopped
        and any(session.value(one.id) is None for one in needed_now(session))
    ):
        return None
    return k.main_action("disclosure.supervisor", words.RING_SUPERVISOR, partial(ring, number), under=number)


def onwards(model: Model, act: Callable[..., ft.Control] = k.main_action) -> ft.Control:
    """The one main action: the next page, or the review. A quiet one where a call comes first."""
    session = model.open_session()
    pages = session.guide.pages
    if letters.is_last_letter(model.open_session().guide, pages[model.page]):
        return act("next", words.next_page(aware_words.OVERVIEW), partial(model.go, At.AWARE))
    later = [
        number
        for number in range(model.page + 1, len(pages))
        if pages[number].id != "later" and session.progress(number)[1]
    ]
    if later:
        after = pages[later[0]]
        return act(
            "next", after.next_words or words.next_page(after.title), partial(model.open_page, later[0])
        )
    return act("review", words.next_page(words.BEFORE_YOU_SEND), model.review)


def aside(model: Model, *, large: bool) -> ft.Control | None:
    """What one may need at once on this page: stop for a disclosure, tell the council now.

    In large letters it stands at the end of the page, and the stop is pinned.
    """
    session = model.open_session()
    shown = session.guide.pages[model.page]
    offered: list[ft.Control] = []
    stop = None if large else stop_action(model)
    if stop is not None:
        offered.append(stop)
    found = {one.id for one in session.guide.fields() if one.stage is Stage.FOUND}
    if found & set(shown.fields()) and "ret.found_at" in session.encounter.answers:
        tells = words.SEND_FOUND if model.line.is_open else words.SEND_FOUND_LATER
        said = words.SEND_DEATH if session.child_has_died else tells
        offered.append(k.quiet_action("send_found", said, partial(model.review_found)))
    if call_first(model) is not None:
        offered.append(onwards(model, k.quiet_action))
    return k.column(offered, 0) if offered else None


def lookout_way(model: Model) -> ft.Control | None:
    """On the first page of a report: what is on it is wanted over the radio before the rest is asked."""
    way = lookout.way_from_report(model) if model.page == 0 else []
    return k.column(way, 0) if way else None


def stop_action(model: Model, *, short: bool = False) -> ft.Control | None:
    """R-53, one tap from wherever the officer is while a child may begin to tell. Read aloud whole."""
    if not model.open_session().may_stop:
        return None
    said = words.DISCLOSURE_SHORT if short else words.DISCLOSURE
    stop = partial(mentioning.stop_for_disclosure, model)
    return k.quiet_action("disclosure", said, stop, label=words.DISCLOSURE)


def death_notice(model: Model) -> ft.Control:
    """R-50: stop, and ring the two who take over; nobody else is rung from here."""
    force = model.open_session().force
    doing = [
        *calls.call_to("death.ring.control_room", force, "control_room"),
        *calls.call_to("death.ring.fim", force, "incident_manager"),
    ]
    return k.notice(
        ft.Icons.FRONT_HAND_OUTLINED,
        words.DIED,
        under=words.DIED_HELP,
        colour=t.LATE,
        fill=t.LATE_SOFT,
        action=k.column(doing, t.HALF) if doing else None,
        identifier="died",
    )


def stop_notice(model: Model) -> ft.Control:
    """R-53: stop, write the first words, ring; nothing else."""
    doing = calls.after_disclosure(model.open_session().force, supervisor=call_first(model) is None)
    doing.append(
        k.quiet_action("disclosure.undo", words.TAKE_BACK_STOP, partial(mentioning.take_back_stop, model))
    )
    return k.notice(
        ft.Icons.FRONT_HAND_OUTLINED,
        words.STOPPED,
        under=words.STOPPED_HELP,
        colour=t.LATE,
        fill=t.LATE_SOFT,
        action=k.column(doing, 0),
        identifier="stopped",
    )


def acts_of(model: Model, about: UUID | None) -> FieldActs:
    """What the fields of a screen may do. Made once per screen."""

    def put(name: str, value: object) -> None:
        model.put(name, value, about)  # type: ignore[arg-type]  # widgets give answers

    def name(question: str, who: str, fact: str, said: str) -> str:
        return mentioning.name(model, about, question, who, fact=(fact, said))

    def use(name: str, wording: str) -> None:
        if not force_has.use(model, name, wording):
            rewording.use(model, name, wording, about)

    def keep(name: str, rule: str) -> None:
        if rule == newer.RULE:
            newer.keep(model, name)
        elif not force_has.keep(model, rule):
            rewording.keep(model, rule)

    return FieldActs(
        put=put,
        now=lambda: model.now,
        open_entity=partial(model.open_entity, about=about),
        name=name,
        give_reason=model.keep_because,
        use_wording=use,
        keep_wording=keep,
        undo_wording=partial(rewording.undo, model),
        add_photo=partial(photographing.add, model, about),
        take_photo=photographing.taker(model, about),
        photo=partial(photographing.picture, model),
        here=partial(locating.here, model, about),
        position=partial(locating.position, model, about),
        seeking=partial(locating.seeking, model, about),
        sign=partial(signing.sign, model, about),
        unread=lambda name: model.open_session().unread(name, about),
        keep_unread=lambda name, parts: model.open_session().keep_unread(name, parts, about),
    )


def more_about_child(session: CaptureSession, shown: Page) -> bool:
    """Whether everything else about the child is reached from this page: it asks about the child."""
    return not session.child_has_died and any(map(session.guide.about_subject, shown.fields()))


def page_rows(model: Model) -> list[ft.Control]:
    """Every page with what is left on it."""
    session = model.open_session()
    stands = {one.page.id: one for one in letters.letters(session, model.problems)}
    rows: list[ft.Control] = []
    for number, one in enumerate(session.guide.pages):
        done, asked = session.progress(number)
        letter = stands.get(one.id)
        if letter and letter.stand is letters.Stand.NOT_OBSERVED:
            done += 1  # why there are no words answers for the words
        rows.append(
            k.row(
                f"open.{one.id}",
                one.title,
                partial(model.open_page, number),
                under=words.joined(letter.says if letter else "", words.left_on_page(done, asked)),
                name=ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED
                if asked and done == asked
                else ft.Icons.CIRCLE_OUTLINED,
            )
        )
        if letters.is_last_letter(session.guide, one):
            rows.append(
                k.row(
                    "open.aware",
                    aware_words.OVERVIEW,
                    partial(model.go, At.AWARE),
                    name=ft.Icons.CHECKLIST_ROUNDED,
                )
            )
    return rows


def pages(model: Model) -> ft.Control:
    """The list of pages, and the way to the review."""
    above = [*returned.reason(model), *adding.explained(model)]
    return frame.frame(
        top=top(model, on_back=partial(model.open_page, model.page), back=words.BACK),
        status=status(model),
        news=arrived.danger(model),
        body=[
            k.heading(words.ALL_PAGES),
            *above,
            k.rows(page_rows(model), indent=52),
            *passing.way_in(model),
        ],
        actions=[k.main_action("review", words.REVIEW, model.review)],
        left_handed=model.left_handed,
        name="pages",
    )
