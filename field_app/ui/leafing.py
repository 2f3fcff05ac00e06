"""The answers of what is open by their places, and the way from one that is worth the eyes to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from booklets import reading
from booklets.margin import Note
from field_app.ui import supervising
from field_app.ui.frame import NOWHERE, Jump
from field_app.ui.supervising import Desk, Spot

if TYPE_CHECKING:
    from field_app.ui.model import Model


def spot_of(one: reading.Document, line: reading.Line) -> Spot:
    """Where a line can be asked about."""
    return Spot(one.record, line.question, line.entity)


def notes_by_spot(desk: Desk) -> dict[Spot, list[Note]]:
    """What the checks see, by the answer at which they see it."""
    shown = {id(note) for note in desk.notes}
    found: dict[Spot, list[Note]] = {}
    for paper in desk.papers:
        for note in paper.notes:
            if id(note) in shown:
                found.setdefault(paper.spot(note.question, note.entity), []).append(note)
    return found


def notes_at(desk: Desk, spot: Spot) -> list[Note]:
    """What the checks see at this answer."""
    return notes_by_spot(desk).get(spot, [])


def in_order(desk: Desk) -> list[Spot]:
    """Every answer of what is open as it is read: each record's own, then whoever is mentioned, once."""
    documents = [laid.document for laid in desk.papers]
    own = [spot_of(one, line) for one in documents for part in one.parts for line in part.lines]
    return [*own, *(spot_of(one, line) for one in documents for line in _mentioned(documents, one))]


def _mentioned(documents: Sequence[reading.Document], one: reading.Document) -> list[reading.Line]:
    """What a record says of whom no record before it mentions."""
    before = documents[: documents.index(one)]
    seen = {mention.entity for other in before for mention in other.mentions if mention.lines}
    return [line for mention in one.mentions if mention.entity not in seen for line in mention.lines]


def changed(desk: Desk) -> list[Spot]:
    """The answers that are others than in the version before, and still there."""
    changes = desk.changes
    return [spot for spot in in_order(desk) if spot in changes]


def noted(desk: Desk) -> list[Spot]:
    """The answers that the checks see something at: where something is needed those alone, else all."""
    notes = notes_by_spot(desk)
    there = [spot for spot in in_order(desk) if spot in notes]
    return [spot for spot in there if any(note.stands for note in notes[spot])] or there


def next_of(model: Model, spots: Sequence[Spot]) -> None:
    """Show the next of these; after the last the first again."""
    desk = supervising.desk_of(model)
    here = spots.index(desk.at) + 1 if desk.at in spots else 0
    desk.at = spots[here % len(spots)]
    desk.leafed += 1
    model.redraw()


def mark_of(spot: Spot) -> str:
    """What the place of an answer is called, to be scrolled to."""
    return f"{spot.record}.{spot.name}"


def jump(desk: Desk) -> Jump:
    """Where to scroll: to the answer that was asked for last."""
    return (mark_of(desk.at), desk.leafed) if desk.at else NOWHERE
