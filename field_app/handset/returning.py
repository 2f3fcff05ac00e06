"""What an officer does about what was sent: answer a sergeant, take over from somebody, withdraw."""

from __future__ import annotations

from dataclasses import replace

from booklets import definitions, wire
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
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

    What was begun already is gone on with. Otherwise it becomes a draft at once, open where the first
    question stands that is asked about. Whoever opens it signs what comes next, also where somebody
    else wrote what came before.
    """
    begun = shift.resume(returned.encounter)
    if begun is not None:
        return begun
    guide = definitions.guide(returned.guide)
    digests = [wire.digest(record) for record in returned.records]
    encounter = reopened(returned.records, guide, digests, officer=shift.author, at=shift.stamp())
    places = (place_of(ask, guide, encounter) for ask in returned.decision.asks)
    first = next((place for place in places if place), None)
    return shift.go_on_with(replace(encounter, place=first[0].id) if first else encounter)


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
