"""What came back, on the screen's side: which question of the sergeant's is open, and the way to each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from booklets import definitions
from booklets.decisions import Ask
from booklets.errors import BookletError
from booklets.guides import Page
from field_app.capture.returned import Decided, Returned, called, place_of
from field_app.capture.worklist import Parcel
from field_app.handset import returning as acts
from field_app.store.errors import StoreError
from field_app.store.outbox import State
from field_app.ui import arriving, duty_words
from field_app.ui import returning_words as words
from field_app.ui.fields import childs_name
from field_app.ui.frame import NOWHERE, Jump
from field_app.ui.widgets import Remark

if TYPE_CHECKING:
    from field_app.ui.model import Model


@dataclass(slots=True)
class Returning:
    """``here`` is the sergeant's question opened last, ``jump`` leads to it on its page.

    ``reason`` is why something is withdrawn.
    """

    here: int = 0
    jump: Jump = NOWHERE
    jumps: int = 0
    reason: str = field(default="", repr=False)

    def jump_to(self, question: str) -> None:
        """Scroll to a question of the page that is shown next."""
        self.jumps += 1
        self.jump = (f"asked.{question}", self.jumps)


def in_hand(model: Model) -> Returned | None:
    """What the encounter in hand answers, if it came back."""
    if model.session is None:
        return None
    encounter = str(model.session.encounter.id)
    return next((one for one in model.home.returned if one.encounter == encounter), None)


def asker(returned: Returned) -> str:
    """Who sent it back, rank and surname."""
    return called(returned.decision.by)


def remark_on(model: Model, question: str, about: UUID | None) -> Remark | None:
    """What the sergeant asks about exactly this answer."""
    returned, session = in_hand(model), model.session
    if returned is None or session is None:
        return None
    of_child = about is None or about == session.encounter.subject
    asked = [
        ask.asks
        for ask in returned.decision.asks
        if ask.question == question
        and (ask.entity == about or (of_child and ask.entity in {None, session.encounter.subject}))
    ]
    if not asked:
        return None
    return Remark(asker(returned), "\n".join(asked), returned.decision.at)


def mentions_asked(model: Model, question: str) -> Remark | None:
    """What the sergeant asks about somebody whom this answer mentions, and not about the answer itself."""
    returned, session = in_hand(model), model.session
    if returned is None or session is None:
        return None
    others = [
        ask.asks
        for ask in returned.decision.asks
        if ask.question != question
        and ask.entity not in {None, session.encounter.subject}
        and (place := place_of(ask, session.guide, session.encounter)) is not None
        and place[1] == question
    ]
    return Remark(asker(returned), "\n".join(others), returned.decision.at) if others else None


def asked_of(model: Model, entity: UUID) -> tuple[str, ...]:
    """The questions about one person, place or object that the sergeant asks about."""
    returned = in_hand(model)
    return tuple(ask.question for ask in returned.decision.asks if ask.entity == entity) if returned else ()


def not_on_screen(model: Model) -> list[Ask]:
    """The sergeant's questions about answers that are asked for nowhere now."""
    returned, session = in_hand(model), model.session
    if returned is None or session is None:
        return []

    def shown(ask: Ask) -> bool:
        place = place_of(ask, session.guide, session.encounter)
        return place is not None and session.is_asked(place[1])

    return [ask for ask in returned.decision.asks if not shown(ask)]


def starts_on(model: Model, page: Page) -> bool:
    """Whether the first of the sergeant's questions stands on this page, or there is none."""
    returned, session = in_hand(model), model.session
    if returned is None or session is None:
        return False
    places = (place_of(ask, session.guide, session.encounter) for ask in returned.decision.asks)
    first = next((place for place in places if place), None)
    return page == (first[0] if first else session.guide.pages[0])


def is_changed(model: Model, returned: Returned, ask: Ask) -> bool:
    """Whether the answer is another than the one that was sent."""
    session = model.open_session()
    elsewhere = ask.entity if ask.entity != session.encounter.subject else None
    return session.value(ask.question, elsewhere) != returned.said(ask)


def unchanged(model: Model) -> list[Ask]:
    """The sergeant's questions whose answers are still as they were sent."""
    returned = in_hand(model)
    if returned is None:
        return []
    return [ask for ask in returned.decision.asks if not is_changed(model, returned, ask)]


def open_asks(model: Model) -> int:
    """How many of the sergeant's questions have an answer as it was sent; none where nothing came back."""
    return len(unchanged(model)) if in_hand(model) is not None else 0


def label_of(model: Model, ask: Ask) -> str:
    """The question that is asked about, as it stands on the page."""
    session = model.open_session()
    try:
        return session.field(ask.question).label.replace("{name}", childs_name(session))
    except BookletError:  # asked about in an edition that asked it, or with a form that is not known here
        once = definitions.once_asked(ask.question)
        return once.label.replace("{name}", childs_name(session)) if once else ask.question


def is_over(model: Model, returned: Returned) -> bool:
    """Whether it asks for nothing any more since the list that shows it was opened."""
    return all(one.encounter != returned.encounter for one in model.home.returned)


# -- acts --------------------------------------------------------------------------------------------
async def answer(model: Model, returned: Returned) -> None:
    """Open what came back where the first question stands; what was begun opens where it was left."""
    if is_over(model, returned):
        arriving.show(model, duty_words.OVER)
        return
    begun = any(draft.id == returned.encounter for draft in model.home.drafts)
    session = await asyncio.to_thread(acts.answer, model.shift, returned)
    model.returning.here = 0
    model.take_in_hand(session)
    if returned.decision.asks and not begun:
        open_asked(model, 0)


def open_asked(model: Model, number: int) -> None:
    """Show one of the sergeant's questions, where it stands."""
    returned, session = in_hand(model), model.open_session()
    if returned is None or not returned.decision.asks:
        return
    asks = returned.decision.asks
    model.returning.here = number % len(asks)
    ask = asks[model.returning.here]
    place = place_of(ask, session.guide, session.encounter)
    if place is None:
        model.redraw()
        return
    page, name = place
    model.open_page(session.guide.pages.index(page))
    model.returning.jump_to(name)
    if ask.entity not in {None, session.encounter.subject}:
        model.open_entity(name, str(ask.entity))


def step(model: Model, by: int) -> None:
    """The sergeant's next question, or the one before; after the last comes the first."""
    open_asked(model, model.returning.here + by)


def put_reason(model: Model, typed: str) -> None:
    """Why something is withdrawn, as far as it is typed."""
    model.returning.reason = typed
    if typed and model.notice:  # what was missing is being written
        model.notice = ""
        model.redraw()


async def withdraw(model: Model, parcel: Parcel) -> None:
    """Withdraw what was sent; a refusal is shown in its own words, and nothing is changed."""
    if model.busy:  # a second touch while the first is under way
        return
    reason = model.returning.reason
    try:
        await model.doing(words.WITHDRAWING, lambda: acts.withdraw(model.shift, parcel, reason))
    except (StoreError, BookletError) as refused:
        model.go(model.at, notice=str(refused))
        return
    await model.read_home()
    model.returning.reason = ""
    model.show_sent(parcel)


# -- what was kept apart -----------------------------------------------------------------------------
APART: Mapping[str, str] = {"rev_conflict": words.KEPT_APART, "too_early": words.TOO_EARLY}
SETTLED: Mapping[str, Callable[[str], str]] = {
    "kept_beside": words.kept_beside,
    "replaced": words.replaced,
    "on_top": words.on_top,
}


def kept_apart(model: Model, parcel: Parcel) -> tuple[str, str]:
    """What became of a version beside which there is another, and what to do now; "" where there is none."""
    for item in parcel.items:
        told = model.home.told.get(item.record, {})
        how, by = str(told.get("settled", "")), str(told.get("settled_by", ""))
        if how in SETTLED and told.get("settled_rev") == item.rev:
            return SETTLED[how](by), "" if how == "on_top" else words.missing_there(by)
    reasons = [one.reason or "" for one in parcel.items if one.state is State.ATTENTION]
    return next((APART[one] for one in reasons if one in APART), ""), ""


# -- what was decided --------------------------------------------------------------------------------
def decided_on(model: Model, parcel: Parcel) -> Decided | None:
    """What was decided on what was sent then, if anything has been heard."""
    found = (model.home.decided.get((item.record, item.rev)) for item in parcel.items)
    return next((one for one in found if one is not None), None)
