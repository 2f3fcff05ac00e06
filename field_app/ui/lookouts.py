"""The lookout card on the screen's side: what it is drawn from, and how one comes to it and back.

While a report is being written the card is drawn from its answers each time it is shown. Of what was sent it
is drawn from the copy that may still be read; nothing is kept for the card alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from booklets import definitions, lookout
from booklets.encounters import Encounter
from booklets.lookout import Card
from booklets.records import Record
from field_app.capture.cases import Case, Paper, Standing
from field_app.capture.worklist import Parcel
from field_app.ui import lookout_words as words
from field_app.ui.model import Model
from field_app.ui.places import At


@dataclass(frozen=True, slots=True)
class Source:
    """What the open card is drawn from: what was sent, or records; neither, where a report is in hand.

    ``died``: the force has said of the episode that the child has died.
    """

    back: At
    sent: Encounter | None = field(default=None, repr=False)
    records: tuple[Record, ...] = field(default=(), repr=False)
    died: bool = False


def has_card(guide_id: str, *, withdrawn: bool = False) -> bool:
    """Whether what this guide fills is a report that a card is drawn from."""
    known = guide_id in definitions.guide_ids()
    forms = definitions.guide(guide_id).forms if known else ()
    return lookout.has_card((form.id, withdrawn) for form in forms)


def case_has_card(case: Case) -> bool:
    """The same of what somebody decides on, as far as this tablet has heard."""
    return lookout.has_card((one.record.header.form, _is_withdrawn(one)) for one in case.papers)


def _is_withdrawn(paper: Paper) -> bool:
    return paper.standing is Standing.WITHDRAWN


def open_from_report(model: Model) -> None:
    """Show the card of the report in hand."""
    _open(model, Source(model.at))


def open_from_case(model: Model, case: Case) -> None:
    """Show the card of a report that somebody decides on."""
    standing = tuple(one.record for one in case.papers if not _is_withdrawn(one))
    _open(model, Source(model.at, records=standing, died=any(one.died for one in case.papers)))


async def open_from_sent(model: Model, parcel: Parcel) -> None:
    """Show the card of what was sent, as long as a copy of it may be read here: of the newest there is."""
    copy = model.shift.reading.copy_of(parcel.encounter)
    fetched = copy.records if copy else ()
    sent = await asyncio.to_thread(model.shift.newest_sent, parcel.encounter)
    if not fetched and sent is None:
        model.go(model.at, notice=words.NOT_KEPT)
        return
    if sent is not None and _revision(sent) >= _fetched_revision(fetched):
        fetched = ()
    _open(model, Source(model.at, None if fetched else sent, fetched))


def _revision(sent: Encounter) -> int:
    return max(one.revision for one in sent.sent.values())


def _fetched_revision(records: Sequence[Record]) -> int:
    return max((one.header.revision for one in records), default=0)


def close(model: Model) -> None:
    """Back to where it was opened. The card is not kept."""
    back = model.lookout.back if model.lookout else At.HOME
    model.lookout = None
    model.go(back)


def _open(model: Model, source: Source) -> None:
    model.lookout = source
    for about in _about(model, source):
        model.shift.logbook.read_out(about)
    model.go(At.LOOKOUT)


def _about(model: Model, source: Source) -> Sequence[str]:
    """What the card is drawn from: records, what was sent, or the report in hand."""
    if source.records:
        return [str(one.header.record) for one in source.records]
    written = source.sent or (model.session.encounter if model.session else None)
    return [str(written.id)] if written else []


def card_of(model: Model) -> tuple[Card, str] | None:
    """The open card as it stands now, and whence it is; nothing between two screens."""
    source = model.lookout
    if source is None:
        return None
    if source.records:
        card = lookout.from_records(source.records, died=source.died)
        said = words.from_record if source.back is At.CASE else words.from_sent
        return card, said(card.known_at)
    if source.sent is not None:
        guide = definitions.guide(source.sent.guide)
        card = lookout.from_encounter(source.sent, guide, model.shift.force)
        return card, words.from_sent(card.known_at)
    if model.session is None:
        return None
    card = lookout.from_encounter(model.session.encounter, model.session.guide, model.session.force)
    return card, words.from_draft(card.known_at)
