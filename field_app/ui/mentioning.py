"""One person, place or object that an answer mentions: open all of it, and go back to the question."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from field_app.ui.model import At, Model


def more_about(model: Model) -> None:
    """Show every question about the person, place or object that is open."""
    *before, last = model.mentions
    model.mentions = (*before, replace(last, more=True))
    model.redraw()


def close_entity(model: Model) -> None:
    """Back to the question it was opened from, or the row; one that nothing was said about is taken out."""
    *before, last = model.mentions
    session = model.open_session()
    if not session.encounter.entities[last.entity].facts:
        session.put(last.question, last.before, last.about)
    model.mentions, model.left = tuple(before), last
    model.returning.jump_to(last.question)
    model.look_again()
    model.go(At.ENTITY if before else At.PAGE)


def opened_row(model: Model, question: str, about: UUID | None) -> int | None:
    """The row to go on with: the one from which something that it mentions was opened."""
    last = model.left
    return last.row if last and (last.question, last.about) == (question, about) else None
