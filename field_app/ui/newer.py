"""Answers that the check something follows from gives otherwise by now: said where each is asked."""

from __future__ import annotations

from dataclasses import replace

from booklets.reading import Reader
from field_app.capture.session import CaptureSession
from field_app.ui import draft_words
from field_app.ui.fields import childs_name
from field_app.ui.model import Model
from field_app.ui.widgets import FieldView, Line, Tone

RULE = "newer"


def told(view: FieldView, session: CaptureSession) -> FieldView:
    """The question with what the check says now, until it was answered again or kept as it stands."""
    if view.id not in session.encounter.newer:
        return view
    says = draft_words.says_now(says_now(session, view.id))
    return replace(view, lines=(*view.lines, Line(says=says, tone=Tone.KNOW, rule=RULE, keep=True)))


def says_now(session: CaptureSession, question: str) -> list[str]:
    """What stands in the check now, as it reads under this question."""
    encounter = session.encounter
    answer = encounter.begun_with.get(question)
    if answer is None:
        return []
    known = {str(id_): one for id_, one in encounter.entities.items()}
    form = next(form for form in session.guide.forms if form.has(question))
    reader = Reader(form, known, childs_name(session), {})
    return list(reader.line(form.field(question), answer).flat())


def keep(model: Model, question: str) -> None:
    """The officer has read it, and what stands here stays."""
    model.open_session().saw_newer(question)
    model.look_and_draw()
