"""Taking over what the force has of a child, once an officer has said that it is this child.

The child stays a mention of this device (README decision 9). Each fact that is taken over has its own line
in the child's history, written by the register and not by the officer: whom it came from, and of which day.
So the link that was suggested travels with the record, and where an officer changes such a fact both stand
there (R-55).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from booklets.answers import Answer
from booklets.entities import Entity
from booklets.review import has_shape
from field_app.capture.known_children import KnownChild
from field_app.capture.session import CaptureSession

BY_REGISTER: Final = "register"
MISSING: Final = "missing"


@dataclass(frozen=True, slots=True)
class Taken:
    """A fact as the force has it: of which child of the register, of which day, and whether it stands."""

    child: UUID
    value: Answer = field(repr=False)
    day: date
    stands: bool


def take_over(session: CaptureSession, child: KnownChild) -> None:
    """Let the record in hand be about this child: what nobody has typed yet is what the force has.

    What goes on from a missing report goes on with the episode of the one that is open.
    """
    person = session.encounter.child()
    if person is None:
        return
    form = session.guide.entities[person.kind.value]
    facts = {
        name: fact
        for name, fact in child.facts.items()
        if form.has(name) and name not in person.facts and has_shape(form.field(name), fact.value)
    }
    by = {name: f"{BY_REGISTER}:{child.id}:{fact.day.isoformat()}" for name, fact in facts.items()}
    session.know_child({name: (fact.value, by[name]) for name, fact in facts.items()})
    report = child.report
    if report is not None and MISSING in session.guide.follows:
        session.belongs_to(report.incident, report.episode)


def give_back(session: CaptureSession) -> None:
    """It is another child: what the force had is taken out again, where nobody has changed it."""
    child = session.encounter.child()
    if child is not None:
        for name, one in taken_in(child).items():
            if one.stands:
                session.put(name, None)
        session.belongs_to_nothing_yet()


def taken_in(child: Entity | None) -> Mapping[str, Taken]:
    """What was taken over of a child, by the fact."""
    return dict(_taken(child)) if child else {}


def _taken(child: Entity) -> Iterator[tuple[str, Taken]]:
    for edit in child.history:
        source, _, rest = edit.by.partition(":")
        id_, _, day = rest.partition(":")
        if source == BY_REGISTER and edit.new is not None:
            stands = child.facts.get(edit.field) == edit.new
            yield edit.field, Taken(UUID(id_), edit.new, date.fromisoformat(day), stands)


def suggested_link(child: Entity | None) -> UUID | None:
    """The child of the register whom an officer took this one for, as long as anything of it stands."""
    return next((one.child for one in taken_in(child).values() if one.stands), None)
