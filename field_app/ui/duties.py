"""Tasks on the screen's side: which are shown where, which one is open, and what is being said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from booklets import definitions
from booklets.answers import read_instant
from booklets.definitions.leaving import Output
from booklets.duties import ACTED_ON_DANGER, DECIDE, Act
from booklets.errors import BookletError, WireError
from field_app.capture.duties import Duty
from field_app.capture.worklist import described
from field_app.store.errors import StoreError
from field_app.ui import duty_words as words
from field_app.ui.calling import here
from field_app.ui.returning_words import revision
from field_app.ui.screen_words import joined

if TYPE_CHECKING:
    from field_app.ui.model import Model


@dataclass(slots=True)
class InHand:
    """The task that is open, and what is being said of it."""

    task: int = 0
    outcome: str = ""
    delay_reason: str = ""
    words: str = field(default="", repr=False)


def is_over(model: Model, duty: Duty) -> bool:
    """Whether somebody has closed it since the list that shows it was opened."""
    return all(one.task != duty.task for one in model.home.duties)


def in_hand(model: Model) -> Duty | None:
    """The task that is open; nothing once it is closed."""
    return next((one for one in model.home.duties if one.task == model.duty.task), None)


def title_of(model: Model, duty: Duty) -> str:
    """What is asked; of something undecided, what happens by itself otherwise."""
    output = duty.rule.partition("/")[0]
    if duty.kind != DECIDE or output not in set(Output):
        return duty.title if duty.directed else here(duty.title)
    leaving = definitions.leaving(model.shift.force)[Output(output)]
    return words.undecided(Output(output), leaving.then)


def about_of(model: Model, duty: Duty) -> str:
    """Whom it is about as far as that may be read here, and otherwise which form asked for it."""
    name, about = child_of(model, duty)
    if name or about:
        return joined(words.for_whom(duty.directed.who) if duty.directed else "", name, about)
    try:
        return definitions.form(duty.form).title.partition(" (")[0]
    except BookletError:  # asked with a form that this app does not have
        return duty.form


def child_of(model: Model, duty: Duty) -> tuple[str, str]:
    """Who the child is, then sex and age, as far as that may be read here."""
    for case in model.home.cases:
        if case.encounter == duty.encounter:
            return described(case.child, model.now.date())
    for parcel in model.home.parcels:
        if parcel.encounter == duty.encounter and parcel.name:
            return parcel.name, parcel.about
    return described(duty.child, model.now.date())


def has_acted_on_danger(model: Model, record: str, rev: int) -> bool:
    """Whether the vulnerability team acted on the danger of this revision, not of an earlier one."""
    read = model.home.told.get(record, {}).get("danger_rev")
    return isinstance(read, int) and read >= rev and acted_on_danger(model, record, rev) is not None


def acted_on_danger(model: Model, record: str, rev: int) -> tuple[str, str, datetime] | None:
    """That the vulnerability team acted on the danger of a record, what it did, and when, where it did.

    An earlier revision is named: the danger of this one may be another.
    """
    told = model.home.told.get(record, {})
    try:
        at = read_instant(told.get("danger_acted_at"))
    except WireError:
        return None
    read = told.get("danger_rev")
    done = (ACTED_ON_DANGER.get(str(one), "") for one in told.get("danger_done", ()))
    earlier = revision(read) if isinstance(read, int) and read < rev else ""
    title = joined(words.TEAM_ACTED, earlier)
    return title, "; ".join(one for one in done if one), at


def has_case(model: Model, duty: Duty) -> bool:
    """Whether the record that it follows from can be read here to be decided on."""
    return any(case.encounter == duty.encounter for case in model.home.cases)


# -- acts --------------------------------------------------------------------------------------------
def put_outcome(model: Model, code: str) -> None:
    """How it ended."""
    model.duty.outcome, model.notice = code, ""
    model.redraw()


def put_reason(model: Model, code: str) -> None:
    """Why it is late."""
    model.duty.delay_reason, model.notice = code, ""
    model.redraw()


def put_words(model: Model, typed: str) -> None:
    """What is said in own words."""
    model.duty.words = typed


async def say(model: Model, act: Act) -> None:
    """Keep it and let it go; a refusal says what is missing, and everything typed stays."""
    duty, said = in_hand(model), model.duty
    if model.busy or duty is None:  # a second touch, or closed meanwhile
        return
    says = {"words": said.words, "delay_reason": said.delay_reason} if act is not Act.ACCEPT else {}
    if act is Act.CLOSE:
        says["outcome"] = said.outcome
    try:
        await model.doing(words.SAYING, lambda: model.shift.duties.say(duty, act, **says))
    except (StoreError, BookletError) as refused:
        model.go(model.at, notice=str(refused))
        return
    if act is Act.ACCEPT:
        await model.read_home()
        model.redraw()
        return
    await model.go_home()
    model.duties_begun.pop(said.task, None)
    model.duty = InHand()  # only now: until the worklist stands, what was typed does
    model.notice = words.SAID
    model.redraw()
