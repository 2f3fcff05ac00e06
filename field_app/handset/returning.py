"""What an officer does about what was sent: adds to it, goes on from it, answers, takes over, withdraws."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from booklets import definitions, wire
from booklets.carrying import in_current_editions
from booklets.disclosure import page_of
from booklets.encounters import Encounter, review
from booklets.errors import NotAllowedNow
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.prefill import following_on
from booklets.received import reopened
from booklets.review import NEEDED
from field_app.capture.returned import Returned, place_of
from field_app.capture.session import CaptureSession
from field_app.capture.worklist import Parcel
from field_app.handset.shift import Shift

NO_LONGER_HERE = "That can no longer be withdrawn from this phone. Ask your sergeant."
STILL_WRITING = "You are still writing this one. Finish and send it first; then it can be withdrawn."
NOT_KEPT_HERE = (
    "This phone no longer keeps a copy of this, so nothing can be added to it here. The force has it, or it "
    "is on its way. Ask your sergeant to send it back to you: then it opens here again."
)
SOMEBODY_WENT_ON = (
    "A colleague has sent a newer revision of this. Nothing was opened here. "
    "Tell your colleague what to add, or ask your sergeant to send it back to you."
)
IN_OTHER_HANDS = (
    "A colleague has taken this over, and goes on with it. Nothing was changed here. "
    "Tell your colleague what to add, or that it is to be withdrawn."
)
NOT_KEPT_FOR_NEXT = (
    "This phone no longer keeps a copy of this, so what is known cannot be taken over. "
    "Begin the next record from the worklist: the force puts both together."
)
WITHDRAWN_ALREADY = "This was withdrawn, so nothing is added to it. Begin a new record instead."
TRY_AGAIN = "try_interview_again"
SAY_WHY = "Say why it is withdrawn. One sentence is enough."


def add(shift: Shift, parcel: Parcel) -> CaptureSession:
    """Open what was sent to say more: what is still wanted of it, and whatever is known since.

    It is a draft at once, based on the newest revision, and sends the next one of each record. What was
    begun is gone on with; what a colleague has sent since is built upon where it came back to this phone.
    Refused where the copy is gone, where a colleague has taken the rest of it over, or where a newer
    revision is known of and not here.
    """
    home = shift.home()
    returned = next((one for one in home.returned if one.encounter == parcel.encounter), None)
    if returned is not None:
        return answer(shift, returned)
    begun = shift.resume(parcel.encounter)
    if begun is not None:
        return begun
    _demand_in_our_hands(shift, parcel)
    newest = next((one for one in home.parcels if one.encounter == parcel.encounter), parcel)
    if newest.withdrawn:
        raise NotAllowedNow(WITHDRAWN_ALREADY)
    sent = shift.newest_sent(parcel.encounter)
    if sent is None:
        raise NotAllowedNow(NOT_KEPT_HERE)
    if any(home.heard.get(str(one.record), 0) > one.revision for one in sent.sent.values()):
        raise NotAllowedNow(SOMEBODY_WENT_ON)
    if any(one.revision == 0 for one in sent.sent.values()):  # "found" alone: the rest was never sent
        return shift.go_on_with(sent)
    return shift.go_on_with(_where_it_is_wanted(shift, replace(sent, stage=Stage.COMPLETE)))


def go_on(shift: Shift, parcel: Parcel, guide_id: str) -> CaptureSession:
    """Begin what comes next about the same child: of the same episode, with whom and what is known.

    What was begun of it and not sent yet is gone on with. Refused where this phone keeps no copy any more.
    """
    sent = shift.newest_sent(parcel.encounter)
    if sent is None or sent.subject is None:
        raise NotAllowedNow(NOT_KEPT_FOR_NEXT)
    for draft in shift.home().drafts:
        if (draft.guide, draft.incident, draft.subject) == (guide_id, str(sent.incident), str(sent.subject)):
            begun = shift.resume(draft.id)
            if begun is not None:
                return begun
    next_ = following_on(
        sent,
        definitions.guide(sent.guide),
        child=sent.subject,
        next_guide=definitions.guide(guide_id),
        officer=shift.author,
        at=shift.stamp(),
        force=shift.force,
    )
    return shift.go_on_with(replace(next_, shift_ends=shift.ends_at))


def _where_it_is_wanted(shift: Shift, encounter: Encounter) -> Encounter:
    """Open where somebody is to try again, or else where the first answer is still wanted."""
    guide = definitions.guide(encounter.guide)
    found = review(encounter, guide, shift.force, shift.stamp().instant, encounter.stage)
    again = [one for one in found if one.task and one.task.kind == TRY_AGAIN]
    wanted = [one for one in found if one.code == NEEDED]
    pages = (page_of(guide, encounter.answers, one.fields[0]) for one in [*again, *wanted] if one.fields)
    page = next((page for page in pages if page), None)
    return replace(encounter, place=page.id) if page else encounter


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
    was = reopened(returned.records, guide, digests, officer=shift.author, at=shift.stamp())
    encounter = in_current_editions(was, guide)
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
        begun_in=MappingProxyType({**newest.begun_in, **begun.begun_in}),
        kept=tuple(dict.fromkeys((*newest.kept, *begun.kept))),
    )


def withdraw(shift: Shift, parcel: Parcel, reason: str) -> None:
    """Withdraw what was sent, in the officer's own words: the next revision of each record says why.

    Refused while something is being added to it, so that nothing typed can go with it unseen, and where a
    colleague has taken the rest of it over.
    """
    if not reason.strip():
        raise NotAllowedNow(SAY_WHY)
    if any(draft.id == parcel.encounter for draft in shift.home().drafts):
        raise NotAllowedNow(STILL_WRITING)
    _demand_in_our_hands(shift, parcel)
    sent = shift.newest_sent(parcel.encounter)
    if sent is None:
        raise NotAllowedNow(NO_LONGER_HERE)
    session = shift.go_on_with(sent)
    shift.send(session, stage=Stage(parcel.stage), void_reason=reason.strip())


def _demand_in_our_hands(shift: Shift, parcel: Parcel) -> None:
    """The copy of what was sent here may be read for a while yet, and is not the whole of it any more."""
    if shift.passing.has_gone(parcel.encounter):
        raise NotAllowedNow(IN_OTHER_HANDS)
