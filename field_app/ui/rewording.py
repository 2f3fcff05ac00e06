"""Taking the wording that is offered, keeping one's own, and taking it back. Exact words are left alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from booklets.answers import Answer
from booklets.checks.rewording import offers_in, reworded
from booklets.forms import Field, Kind
from field_app.ui import words
from field_app.ui.widgets import FieldView, Line, Tone

if TYPE_CHECKING:
    from field_app.ui.model import Model

REWORDED = frozenset({Kind.TEXT, Kind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Reworded:
    """The last text that was reworded: of which question, about whom, and how it stood before and after."""

    question: str
    about: UUID | None
    before: str = field(repr=False)
    after: str = field(repr=False)


def may_be_reworded(one: Field) -> bool:
    """Whether the text is the officer's own."""
    return one.kind in REWORDED and not one.verbatim


def with_offers(one: Field, view: FieldView, answer: Answer | None) -> FieldView:
    """The question with wording offered on each line that quotes a phrase for which there is some."""
    if not view.lines or not may_be_reworded(one) or not isinstance(answer, str):
        return view
    offers = offers_in(answer)
    return replace(
        view,
        lines=tuple(
            replace(line, use=next((two.put for two in offers if words.quoted(two.found) in line.says), ""))
            for line in view.lines
        ),
    )


def with_way_back(
    view: FieldView, answer: Answer | None, last: Reworded | None, about: UUID | None
) -> FieldView:
    """The question with the way back to how its text stood, as long as nothing else was typed since."""
    if last is None or (last.question, last.about, last.after) != (view.id, about, answer):
        return view
    return replace(view, lines=(*view.lines, Line(says=words.REWORDED, tone=Tone.KNOW, undo=True)))


def use(model: Model, question: str, wording: str, about: UUID | None) -> None:
    """Put the offered wording in the place of the phrase it was offered for."""
    session = model.open_session()
    before = session.value(question, about)
    if not isinstance(before, str) or not may_be_reworded(session.field(question)):
        return
    offer = next((one for one in offers_in(before) if one.put == wording), None)
    if offer is not None:
        after = reworded(before, offer)
        session.put(question, after, about)
        model.reworded = Reworded(question, about, before, after)
    model.look_and_draw()


def undo(model: Model) -> None:
    """The officer's own words again, unless something else was typed meanwhile."""
    session, last = model.open_session(), model.reworded
    if last is not None and session.value(last.question, last.about) == last.after:
        session.put(last.question, last.before, last.about)
    model.reworded = None
    model.look_and_draw()


def keep(model: Model, rule: str) -> None:
    """Keep it as it stands: one tap, and room to say more."""
    model.keep_because(rule, words.KEPT_AS_WRITTEN)
    model.look_and_draw()
