"""What an officer does about what was sent: answer a sergeant, take over from somebody, withdraw."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from booklets import definitions, wire
from booklets.encounters import Encounter
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.received import reopened
from field_app.capture.returned import Returned, place_of
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import Parcel
from field_app.handset.shift import Shift

NO_LONGER_HERE = "That can no longer be withdrawn from this phone. Ask your sergeant."
STILL_WRITING = "You are still writing this one. Finish and send it first; then it can be withdrawn."
SAY_WHY = "Say why it is withdrawn. One sentence is enough."


def answer(shift: Shift, returned: Returned) -> CaptureSession:
    """Open what was sent back, to be put right: each of its records is sent again as its next revision.

    What was begun already is gone on with; where a colleague has sent a newer revision since, what was
    begun adds to that and undoes nothing of it. Otherwise it becomes a draft at once, open where the first
    question stands that is asked about. Whoever opens it signs what comes next, also where somebody
    else wrote what came before.
    """
    begun = shift.resume(returned.encounter)
    if begun is not None and not _is_outdated(begun.encounter, returned):
        return begun
    guide = definitions.guide(returned.guide)
    digests = [wire.digest(record) for record in returned.records]
    encounter = reopened(returned.records, guide, digests, officer=shift.author, at=shift.stamp())
    if begun is not None:
        encounter = _adding(encounter, begun.encounter, guide)
    places = (place_of(ask, guide, encounter) for ask in returned.decision.asks)
    first = next((place for place in places if place), None)
    return shift.go_on_with(replace(encounter, place=first[0].id) if first else encounter)


def _is_outdated(begun: Encounter, returned: Returned) -> bool:
    """Whether what came back is newer than what the draft builds on."""
    newest = {one.header.form: one.header.revision for one in returned.records}
    return any(newest.get(form, 0) > sent.revision for form, sent in begun.sent.items())


def _adding(newest: Encounter, begun: Encounter, guide: Guide) -> Encounter:
    """What was sent last, with what the draft says beyond it.

    Where both speak, what was sent stands; of exact words, the other wording is kept as one they have had.
    """
    both = begun
    for one in guide.fields():
        if one.id in newest.answers:
            both = both.answer(one, newest.answers[one.id], at=newest.changed)
    return replace(
        newest,
        sent=MappingProxyType(
            {**begun.sent, **{form: one for form, one in newest.sent.items() if one.revision}}
        ),
        answers=both.answers,
        entities=MappingProxyType({**begun.entities, **newest.entities}),
        reasons=MappingProxyType({**begun.reasons, **newest.reasons}),
        drafts=(*newest.drafts, *(one for one in both.drafts if one not in newest.drafts)),
    )


def withdraw(shift: Shift, parcel: Parcel, reason: str) -> None:
    """Withdraw what was sent, in the officer's own words: the next revision of each record says why.

    Refused while something is being added to it, so that nothing typed can go with it unseen.
    """
    if not reason.strip():
        raise NotAllowedNow(SAY_WHY)
    if any(draft.id == parcel.encounter for draft in shift.home().drafts):
        raise NotAllowedNow(STILL_WRITING)
    sent = shift.newest_sent(parcel.encounter)
    if sent is None:
        raise NotAllowedNow(NO_LONGER_HERE)
    session = shift.go_on_with(sent)
    shift.send(session, stage=Stage(parcel.stage), void_reason=reason.strip())
