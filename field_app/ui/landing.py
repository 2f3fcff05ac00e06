"""Going on with a draft: where it was left, to the very question, also after a lock or a kill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booklets.errors import BookletError
from booklets.forms import Kind
from field_app.capture.session import CaptureSession
from field_app.ui.frame import NOWHERE
from field_app.ui.places import At, Mention

if TYPE_CHECKING:
    from field_app.ui.model import Model

BECAUSE = "_because"


def land(model: Model) -> None:
    """Show the page that was open, and whoever was open on it, with the question touched last in sight.

    Where the forms have changed meanwhile, that is shown first, and the way on leads here.
    """
    session = model.open_session()
    names = [page.id for page in session.guide.pages]
    place = session.encounter.place
    model.page = names.index(place) if place in names else 0
    model.left, model.returning.jump = None, NOWHERE
    model.mentions = _opened(session)
    model.look_again()
    if session.what_changed():
        model.mentions = ()
        model.go(At.CHANGED)
        return
    question = _question(session)
    if question:
        model.returning.jump_to(question)
    model.go(At.ENTITY if model.mentions else At.PAGE)


def _opened(session: CaptureSession) -> tuple[Mention, ...]:
    """Whoever and whatever was open, from the page's question to the one that was touched.

    All questions are asked about the last: the one that was touched may not be among the few.
    """
    encounter = session.encounter
    whom = encounter.touched_of
    if whom is None or whom not in encounter.entities:
        return ()
    if whom == encounter.subject:  # everything else about the child
        return (Mention("", whom, more=True),)
    way = [
        Mention(one.question, one.entity.id, one.about, session.value(one.question, one.about))
        for one in session.way_to(whom)
    ]
    few = session.guide.mentions.get(encounter.entities[whom].kind.value, ())
    if way and encounter.touched and encounter.touched not in few:
        last = way[-1]
        way[-1] = Mention(last.question, last.entity, last.about, last.before, more=True)
    return tuple(way)


def _question(session: CaptureSession) -> str:
    """The question to bring up, if it is still asked. A decision has its reason under it."""
    name, whom = session.encounter.touched, session.encounter.touched_of
    sibling = name.removesuffix(BECAUSE)
    try:
        if sibling != name and session.field(sibling).kind is Kind.DECISION:
            name = sibling
        return name if name and session.is_asked(name, whom) else ""
    except BookletError:  # the forms ask it no more
        return ""
