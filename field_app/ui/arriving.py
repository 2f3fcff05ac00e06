"""What comes while somebody looks at a list waits behind a quiet line, so that nothing moves under a thumb.

The list keeps its order, with what is new counted below it, until it is opened anew or the line is touched.
What would stand below everything else moves nothing, and is shown at once. What is over keeps its place and
says so.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from booklets.clocks import PPN_CLOCK
from booklets.duties import GoesTo
from field_app.capture.cases import Case, queue_of
from field_app.capture.duties import Duty
from field_app.capture.giving import LOCKED, Offer
from field_app.capture.returned import Returned
from field_app.capture.worklist import PPN, Draft
from field_app.handset.home import Home
from field_app.ui.duty_words import DANGERS
from field_app.ui.ringing import CALLS

if TYPE_CHECKING:
    from field_app.ui.model import Model

Place: TypeAlias = tuple[str, Hashable]
"""What stands on a list: of which kind, and which."""
Arrived: TypeAlias = Duty | Returned | Case | Offer
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """The list as it stands on the screen, and the newest news, which would move something on it."""

    shown: Home
    news: Home


def held_back(shown: Home, news: Home, *, desk: bool) -> Held | None:
    """Hold the list as it is shown, or None where the news moves nothing on it.

    Nor where a draft has come: that happens only to somebody who has just taken one over, and looks for it.
    """
    known = {draft.id for draft in shown.drafts}
    if not desk and any(draft.id not in known for draft in news.drafts):
        return None
    before, after = places(shown, desk=desk), places(news, desk=desk)
    grows_below = after[: len(before)] == before
    ends_earlier = before[: len(after)] == after
    return None if grows_below or ends_earlier else Held(shown, news)


def places(home: Home, *, desk: bool) -> tuple[Place, ...]:
    """What can be touched on a list, in its order. What was sent or decided stands last, as one thing."""
    if desk:
        asked: list[Place] = [("task", one.task) for one in of_the_desk(home)]
        waiting: list[Place] = [("case", one.encounter) for one in queue_of(home.cases)]
        return (*asked, *waiting, *([("decided", "")] if len(waiting) < len(home.cases) else []))
    drafts = [one for one in unfinished(home) if not is_call(one)]
    return (
        *(_draft(one) if isinstance(one, Draft) else ("task", one.task) for one in rung(home)),
        *(("returned", one.encounter) for one in home.returned),
        *(_draft(one) for one in drafts if one.due),
        *(("offer", one.given) for one in home.offers),
        *(("task", one.task) for one in own(home) if not is_call(one)),
        *(_draft(one) for one in drafts if not one.due),
        *(("out", (one.given, one.stands)) for one in home.out),
        *([("sent", "")] if home.parcels else []),
    )


def _draft(draft: Draft) -> Place:
    return ("draft", draft.id)


def unfinished(home: Home) -> list[Draft]:
    """The drafts that have a card of their own: what came back and what is given away has another."""
    elsewhere = {one.encounter for one in home.returned}
    elsewhere |= {one.encounter for one in home.out if one.stands in LOCKED}
    return [one for one in home.drafts if one.id not in elsewhere]


def own(home: Home) -> list[Duty]:
    """What this officer has to do, or is offered. A draft has its clock on its card, a PPN's or a call's."""
    written = {draft.subject for draft in home.drafts if draft.guide == PPN}
    on_a_card = {(one.id, one.due.clock.id) for one in unfinished(home) if one.due and is_call(one)}
    mine = (one for one in home.duties if one.own or one.goes_to is GoesTo.UNIT)
    left = (one for one in mine if not (one.kind == PPN_CLOCK and one.subject in written))
    return [one for one in left if (one.encounter, one.kind) not in on_a_card]


def is_call(one: Draft | Duty) -> bool:
    """Whether it is over once its author has rung somebody, and nobody has said so yet."""
    if isinstance(one, Duty):
        return one.own and one.kind in CALLS and not one.on_its_way
    return one.due is not None and one.due.clock.id in CALLS


def rung(home: Home) -> list[Draft | Duty]:
    """The calls to make, what is due first on top: they stand before everything else, also in good time.

    Were it lateness that puts them there, a card would go there by itself, from under a thumb.
    """
    here: list[Draft | Duty] = [*unfinished(home), *own(home)]

    def by_when(one: Draft | Duty) -> tuple[bool, datetime]:
        due = one.due.due if isinstance(one, Draft) and one.due else getattr(one, "due_at", None)
        return due is None, due or LAST

    return sorted(filter(is_call, here), key=by_when)


def of_the_desk(home: Home) -> list[Duty]:
    """What a supervisor has to do, and what an officer of the unit is late with."""
    return [one for one in home.duties if not one.own]


def dangers(home: Home) -> frozenset[Place]:
    """What there is about a danger now: tasks, and what was sent back because a child may come to harm."""
    tasks: list[Place] = [("task", one.task) for one in home.duties if one.kind in DANGERS]
    return frozenset([*tasks, *(("returned", one.encounter) for one in home.returned if one.urgent)])


def arrived(model: Model, *, desk: bool) -> list[Arrived]:
    """What has come since the list was opened and is not shown on it yet."""
    known = set(places(model.listed, desk=desk))
    found: list[tuple[Place, Arrived]] = (
        [
            *((("task", one.task), one) for one in of_the_desk(model.home)),
            *((("case", one.encounter), one) for one in queue_of(model.home.cases)),
        ]
        if desk
        else [
            *((("task", one.task), one) for one in own(model.home)),
            *((("returned", one.encounter), one) for one in model.home.returned),
            *((("offer", one.given), one) for one in model.home.offers),
        ]
    )
    return [one for place, one in found if place not in known]


def graver(model: Model) -> list[Case]:
    """Cases of a desk's list that are graver than when they took their place on it."""
    stood = {one.encounter: one.risk for one in queue_of(model.listed.cases)}
    return [one for one in queue_of(model.home.cases) if one.risk < stood.get(one.encounter, one.risk)]


def stand_otherwise(model: Model, *, desk: bool) -> bool:
    """Whether what is on the list would stand in another order if it were opened anew."""
    before, after = places(model.listed, desk=desk), places(model.home, desk=desk)
    return [one for one in before if one in after] != [one for one in after if one in before]


def show(model: Model, notice: str = "") -> None:
    """Show the list with everything that has come, from its top."""
    model.held = None
    model.opened += 1
    model.go(model.at, notice=notice)
