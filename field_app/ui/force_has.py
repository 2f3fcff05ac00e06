"""Where the force has something to say to a question: beside it, to be taken, or kept apart (R-55)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from booklets.answers import Answer
from field_app.capture import force_has
from field_app.capture.force_has import Has
from field_app.capture.session import CaptureSession
from field_app.ui import known_words as words
from field_app.ui.known import pack_of
from field_app.ui.model import Model
from field_app.ui.widgets import FieldView, Line, Tone


def beside(model: Model, view: FieldView, answer: Answer | None, about: UUID | None) -> FieldView:
    """The question with what the force has to it, where it has something."""
    session = model.open_session()
    has = None if about is not None else _all_of(model, session).get(view.id)
    if has is None or not has.words:
        return view
    if answer is not None and has.is_said_by(session, answer):
        return replace(view, source=words.of_day(has.day))
    key = force_has.key_of(session, view.id)
    if answer is None:
        line = Line(says=words.has(has.words, has.day), tone=Tone.KNOW, rule=key, use=has.words, alone=True)
    else:
        line = Line(
            says=words.differs(has.words, has.day),
            tone=Tone.LOOK,
            rule=key,
            use=has.words,
            keep=True,
            reason=session.encounter.reasons.get(key, ""),
        )
    return replace(view, lines=(*view.lines, line))


def _all_of(model: Model, session: CaptureSession) -> dict[str, Has]:
    return dict(force_has.all_of(session, pack_of(model)))


def use(model: Model, question: str, wording: str) -> bool:
    """Take what the force has, if that is what was offered. False where something else was."""
    session = model.open_session()
    has = _all_of(model, session).get(question)
    if has is None or has.words != wording:
        return False
    force_has.use(session, question, has)
    model.look_and_draw()
    return True


def keep(model: Model, key: str) -> bool:
    """Keep the officer's answer; what the force had goes with it. False where the rule is another one."""
    session = model.open_session()
    for question, has in _all_of(model, session).items():
        if force_has.key_of(session, question) == key:
            force_has.keep(session, question, has)
            model.look_and_draw()
            return True
    return False
