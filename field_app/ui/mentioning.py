"""Somebody or something that is open: all of it, and back to the question; and stopping for a disclosure."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from field_app.ui.model import Model
from field_app.ui.places import At, Mention


def open_child(model: Model) -> None:
    """Show what else may be asked about the child the encounter is about."""
    child = model.open_session().encounter.child()
    if child is not None:
        model.mentions = (*model.mentions, Mention("", child.id, more=True))
        model.open_session().touch("", child.id)
        model.go(At.ENTITY)


def name(model: Model, about: UUID | None, question: str, who: str, *, fact: tuple[str, str]) -> str:
    """Name somebody or something on the page itself, letter by letter: whose name it is from now on.

    With the first letter they answer the question; once nothing is left of them they no longer do.
    """
    session = model.open_session()
    id_ = session.mention(question, UUID(who) if who else None, about)
    asked, said = fact
    model.put(asked, said or None, id_)
    left = bool(session.encounter.entities[id_].facts)
    if not left:
        session.unmention(question, id_, about)
    if not who or not left:
        model.look_and_draw()
    return str(id_) if left else ""


def more_about(model: Model) -> None:
    """Show every question about the person, place or object that is open."""
    *before, last = model.mentions
    model.mentions = (*before, replace(last, more=True))
    model.redraw()


def close_entity(model: Model) -> None:
    """Back to the question it was opened from, or the row; one that nothing was said about is taken out."""
    *before, last = model.mentions
    session = model.open_session()
    if not session.encounter.entities[last.entity].facts and last.question:
        session.put(last.question, last.before, last.about)
    model.mentions, model.left = tuple(before), last
    session.touch(last.question, last.about)
    model.returning.jump_to(last.question)
    model.look_again()
    model.go(At.ENTITY if before else At.PAGE)


def opened_row(model: Model, question: str, about: UUID | None) -> int | None:
    """The row to go on with: the one from which something that it mentions was opened."""
    last = model.left
    return last.row if last and (last.question, last.about) == (question, about) else None


def stop_for_disclosure(model: Model) -> None:
    """The child begins to describe a crime: only what is needed now is asked from here on."""
    session = model.open_session()
    while model.mentions:
        close_entity(model)
    session.stop_for_disclosure()
    model.open_field(session.stop_question)


def take_back_stop(model: Model) -> None:
    """The stop was a slip of the thumb."""
    model.open_session().resume_after_stop()
    model.look_and_draw()
