"""One person, place or object that the answers mention, or the child: what is asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from booklets.forms import Form, Kind
from booklets.mentions import asked_about
from booklets.review import Problem
from field_app.capture.session import CaptureSession
from field_app.ui import frame, mentioning, returning
from field_app.ui import kit as k
from field_app.ui import screen_words as words
from field_app.ui import theme as t
from field_app.ui.fields import childs_name, entity_words
from field_app.ui.hooks import keyed, use_kept, use_large_text
from field_app.ui.model import Model
from field_app.ui.places import At, Mention
from field_app.ui.screens import arrived, returned
from field_app.ui.screens.page import acts_of, asked, marked, questions_of, stop_action
from field_app.ui.screens.standing import notices, status
from field_app.ui.widgets import draw


def entity(model: Model) -> ft.Control:
    """One person, place or object, each with what its own questions may do."""
    return keyed(f"about.{model.mentions[-1].entity}", _Entity, model)


@ft.component
def _Entity(model: Model) -> ft.Control:
    """The few questions that matter at the door, then all of them."""
    mention = model.mentions[-1]
    session = model.open_session()
    acts = use_kept(lambda: acts_of(model, mention.entity))
    known = session.encounter.entities[mention.entity]
    names = names_for(session, mention, returning.asked_of(model, mention.entity), model.problems)
    asked_in = session.field(mention.question).label if mention.question else words.about_child()
    asked_in = asked_in.replace("{name}", childs_name(session))
    body: list[ft.Control] = [*notices(model), k.paragraph(asked_in, t.NOTE)]
    questions, large = returned.questions_bar(model), use_large_text()
    if questions and large:
        body.insert(0, questions)
    for one in questions_of(session, names, mention.entity):
        view = asked(model, one, mention.entity)
        body += [*marked(model, view), draw(view, session.value(one.id, mention.entity), acts)]
    body += [] if mention.more else [more_questions(model)]
    title, under = entity_words(known)
    return frame.frame(
        top=frame.top_bar(
            title,
            under or None,
            on_menu=partial(model.go, At.PAGES),
            on_back=partial(mentioning.close_entity, model),
        ),
        status=status(model),
        under_status=None if large else questions,
        body=body,
        actions=[k.main_action("done", words.DONE, partial(mentioning.close_entity, model))],
        pinned=stop_action(model, short=large),
        news=arrived.danger(model),
        left_handed=model.left_handed,
        name=f"entity.{mention.entity}",
        to=model.returning.jump,
    )


def more_questions(model: Model) -> ft.Control:
    """The way to everything that may be asked about whoever or whatever is open."""
    more = partial(mentioning.more_about, model)
    return k.second_action("more", words.MORE_QUESTIONS, more, name=ft.Icons.ADD_ROUNDED)


def names_for(
    session: CaptureSession,
    mention: Mention,
    asked: tuple[str, ...] = (),
    problems: Sequence[Problem] = (),
) -> tuple[str, ...]:
    """Which questions are asked about somebody who is mentioned.

    What a sergeant asked about comes first; what the rules ask about this one person comes last.
    """
    kind = session.encounter.entities[mention.entity].kind.value
    form = session.guide.entities[kind]
    everything = tuple(one.id for one in form.fields() if not one.system)
    few = session.guide.mentions.get(kind, ())
    if mention.entity == session.encounter.subject:
        return about_child_besides(session)
    if mention.more or not few:
        return everything
    ruled = [name for one in problems if one.entity == mention.entity for name in one.fields]
    hang_on_it = {one.id for one in asked_about(session.guide, session.encounter.entities[mention.entity])}
    first = [one for one in (*asked, *ruled) if one in everything and one not in few]
    return tuple(
        dict.fromkeys(
            [
                *(one for one in asked if one in everything),
                *few,
                *with_reasons(form, first),
                *(one.id for one in form.fields() if one.kind is Kind.POSITION),
                *(one for one in everything if one in hang_on_it),
            ]
        )
    )


def with_reasons(form: Form, names: Sequence[str]) -> list[str]:
    """These questions, each with the ones below it that its answer may bring up."""
    found = list(names)
    for one in form.fields():
        if one.id not in found and one.shown.lines and {*one.shown.fields()} & {*found}:
            found.append(one.id)
    return found


def about_child_besides(session: CaptureSession) -> tuple[str, ...]:
    """What may be asked about the child and stands on no page.

    What is asked first about everybody who is mentioned, and about the child on no page, is about
    others alone: what they are to the child, and which children they see.
    """
    placed = {name for page in session.guide.pages for name in page.fields()}
    others = {name for name in session.guide.mentions.get("person", ()) if name not in placed}
    form = session.guide.entities["person"]
    return tuple(one.id for one in form.fields() if not one.system and one.id not in placed | others)
