"""What comes while somebody looks at a list waits behind a quiet line, so that nothing moves under a thumb.

The list keeps its order, with what is new counted below it, until it is opened anew or the line is touched.
What would stand below everything else moves nothing, and is shown at once. What is over keeps its place and
says so.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
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

if TYPE_CHECKING:
    from field_app.ui.model import Model

Place: TypeAlias = tuple[str, Hashable]
"""What stands on a list: of which kind, and which."""
Arrived: TypeAlias = Duty | Returned | Case | Offer


@dataclass(frozen=True, slots=True)
class Held:
    """The list as it stands on the screen, and the newest news, which would move something on it."""

    shown: Home
    news: Home


def held_back(shown: Home, news: Home, *, desk: bool) -> Held | None:
    """Hold the list as it is shown, or None where the news moves nothing on it."""
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
    elsewhere = {one.encounter for one in home.returned}
    elsewhere |= {one.encounter for one in home.out if one.stands in LOCKED}
    drafts = [one for one in home.drafts if one.id not in elsewhere]
    return (
        *(("returned", one.encounter) for one in home.returned),
        *(_draft(one) for one in drafts if one.due),
        *(("offer", one.given) for one in home.offers),
        *(("task", one.task) for one in own(home)),
        *(_draft(one) for one in drafts if not one.due),
        *(("out", (one.given, one.stands)) for one in home.out),
        *([("sent", "")] if home.parcels else []),
    )


def _draft(draft: Draft) -> Place:
    return ("draft", draft.id)


def own(home: Home) -> list[Duty]:
    """What this officer has to do, or is offered. A PPN being written shows its clock on its own card."""
    written = {draft.subject for draft in home.drafts if draft.guide == PPN}
    mine = (one for one in home.duties if one.own or one.goes_to is GoesTo.UNIT)
    return [one for one in mine if not (one.kind == PPN_CLOCK and one.subject in written)]


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
