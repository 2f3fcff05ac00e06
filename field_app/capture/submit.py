"""From a finished encounter to sealed envelopes: made once, never made again.

The envelopes are made before anything is sent and those bytes are sent until
they are acknowledged. Sealed to the force's server and to its recovery key, they
cannot be opened on this device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from booklets import definitions, wire
from booklets.checks.choices import child_has_died
from booklets.checks.likeness import FEWEST_RUNS, runs_of, unlike_own_texts
from booklets.clocks import Clock
from booklets.decisions import decision_of, is_decision
from booklets.drafts import encounter_from_json, encounter_to_json
from booklets.encounters import NONE_EARLIER, Encounter
from booklets.errors import NotAllowedNow
from booklets.facts import Earlier
from booklets.forms import Effect, Sign, Stage
from booklets.guides import Guide
from booklets.posting import posted
from booklets.prefill import following_on, ppns_due, told_of_newer
from booklets.records import Author, Override, Record
from booklets.review import Problem
from booklets.sealing import KemPublic, SigningKey
from booklets.sending import Sending, records_of, sent_as
from booklets.signatures import SIGNATURE
from booklets.signs import DANGER_RULE
from booklets.stamps import Stamp
from field_app.capture.enclosing import Enclosing
from field_app.store.drafts import DraftStore
from field_app.store.outbox import READABLE_FOR, Outbox, Submission, submit
from field_app.store.own_texts import OwnTexts
from field_app.store.photos import Photos
from field_app.store.sealed_table import VaultDB

ROUTINE, EMERGENCY = 0, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs on this device, and for whom the records are sealed."""

    device: str
    app_version: str
    signer: SigningKey = field(repr=False)
    recipients: Sequence[KemPublic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An encounter ready for the outbox, as far as ``stage``, and what is to be written because of it."""

    encounter: Encounter
    stage: Stage
    submissions: tuple[Submission, ...] = field(repr=False)
    following: tuple[Encounter, ...] = field(default=(), repr=False)
    own_texts: Mapping[str, frozenset[int]] = field(default_factory=dict, repr=False)


def overridden(problems: Sequence[Problem], reason: str, *, by: str, at: Stamp) -> tuple[Override, ...]:
    """One override for each thing that a reason was given for, and one for everything that still stands.

    No reason is no override.
    """
    found = [(one, one.kept) for one in problems if one.is_overridden]
    if reason.strip():
        found += [(one, reason) for one in problems if one.stands and one.override]
    return tuple(
        Override(one.code if not one.fields else f"{one.code}:{one.fields[0]}", why, by, at.instant)
        for one, why in found
    )


def left_open(problems: Sequence[Problem], reason: str) -> list[list[str]]:
    """What an emergency leaves to be answered: each question once, with whom or what it asks about.

    What was answered, and only asks why it is so, is not among it.
    """
    needed = [one for one in problems if one.effect is Effect.BLOCK and one.stands]
    standing = [one for one in needed if one.override and one.fields]
    found = ((one.fields[0], str(one.entity or "")) for one in standing if reason.strip())
    return [list(one) for one in dict.fromkeys(found)]


def seal_encounter(
    encounter: Encounter,
    guide: Guide,
    *,
    stage: Stage,
    problems: Sequence[Problem],
    emergency: str,
    force: Mapping[str, object],
    clocks: tuple[Clock, ...],
    at: Stamp,
    signature: Signature,
    void_reason: str = "",
    shift_ends_at: datetime | None = None,
    earlier: Mapping[str, tuple[Earlier, ...]] = NONE_EARLIER,
    enclose: Enclosing = tuple,
) -> Sealed:
    """Make the records, sign them and seal them; ``enclose`` puts in the photographs that go with them.

    Every record goes as its next revision: what was sent back together is decided on together.
    Refused while something stands against sending, unless the officer says why it cannot wait; that reason
    travels with the records. Nothing stands against withdrawing, which ``void_reason`` asks for.
    """
    if not void_reason:
        _refuse_what_stands(problems, cannot_wait=bool(emergency.strip()))
    sending = Sending(
        at=at,
        device=signature.device,
        app_version=signature.app_version,
        stage=stage,
        force=force,
        clocks=clocks,
        overrides=overridden(problems, emergency, by=encounter.officer.id, at=at),
        void_reason=void_reason,
        shift_ends_at=shift_ends_at,
        earlier=earlier,
    )
    records = enclose(records_of(encounter, guide, sending))
    digests = [wire.digest(record) for record in records]
    after = sent_as(encounter, records, digests)
    urgent = bool(emergency) or any(problem.effect is Effect.SEND for problem in problems)
    says = _said_by(records, problems, emergency)
    submissions = tuple(
        _submission(record, fingerprint, guide, after, signature, urgent=urgent, says=says)
        for record, fingerprint in zip(records, digests, strict=True)
    )
    return Sealed(encounter=after, stage=stage, submissions=submissions)


def _said_by(records: Iterable[Record], problems: Sequence[Problem], emergency: str) -> dict[str, Any]:
    """What was found before sending that this phone goes on saying of what was sent.

    Danger, as the force finds it: by the rule, or by a sign in the answers alone.
    """
    signs = {sign for one in records for sign in definitions.form_of(one.header).signs_in(one.answers)}
    danger = Sign.DANGER in signs or any(problem.code == DANGER_RULE for problem in problems)
    return {"left_open": left_open(problems, emergency), "danger": danger}


def _refuse_what_stands(problems: Sequence[Problem], *, cannot_wait: bool) -> None:
    standing = [one for one in problems if one.stands and not (cannot_wait and one.override)]
    if standing:
        raise NotAllowedNow(f"{len(standing)} thing(s) still to put right before sending")


def own_texts(sealed: Sealed, guide: Guide) -> Mapping[str, frozenset[int]]:
    """What the author's next text of the same question is held against: of those a rule compares, alone."""
    if sealed.stage is Stage.FOUND:
        return {}
    rules = (rule for form in guide.forms for rule in form.rules if rule.check == unlike_own_texts.__name__)
    texts = {name: sealed.encounter.answers.get(name) for rule in rules for name in rule.fields}
    runs = {name: runs_of(text) for name, text in texts.items() if isinstance(text, str)}
    return {name: found for name, found in runs.items() if len(found) >= FEWEST_RUNS}


def _submission(
    record: Record,
    fingerprint: str,
    guide: Guide,
    after: Encounter,
    signature: Signature,
    *,
    urgent: bool,
    says: Mapping[str, object],
) -> Submission:
    header = record.header
    envelope = posted(record, to=signature.recipients, signer=signature.signer)
    return Submission(
        record=str(header.record),
        rev=header.revision,
        envelope=envelope,
        created=header.submitted.instant,
        priority=EMERGENCY if urgent else ROUTINE,
        summary={
            "encounter": str(after.id),
            "incident": str(after.incident),
            "subject": str(after.subject),
            "guide": guide.id,
            "form": header.form,
            "stage": record.stage.value,
            "digest": fingerprint,
            "signatures": [str(one.id) for one in header.attachments if one.kind == SIGNATURE],
            "emergency": bool(record.overrides) and not is_decision(record),
            **says,
            "withdrawn": bool(header.void_reason),
            "died": child_has_died(after.answers),
            **_decided(record),
        },
        readable=encounter_to_json(after),
    )


def _decided(record: Record) -> dict[str, Any]:
    """Of a decision: what it was and about which revisions, to be known until the force has answered."""
    if not is_decision(record):
        return {}
    decision = decision_of(record)
    about = [[str(one.record), one.revision] for one in decision.decides]
    return {"outcome": decision.outcome.value, "decides": about}


def following(
    sealed: Sealed, guide: Guide, ppn_guide: Guide, *, officer: Author, at: Stamp
) -> tuple[Encounter, ...]:
    """A prefilled PPN for each child one is due for, once the whole of the encounter is sent."""
    if sealed.stage is Stage.FOUND:
        return ()
    return tuple(
        following_on(sealed.encounter, guide, child=child, next_guide=ppn_guide, officer=officer, at=at)
        for child in ppns_due(sealed.encounter, guide)
    )


def hand_over(db: VaultDB, sealed: Sealed, *, readable_for: timedelta = READABLE_FOR) -> list[int]:
    """Put what was sealed in the outbox, begin what follows and take the draft away, all or nothing.

    After "found" alone the draft stays: the rest of the conversation goes into it. It stays as well where
    something was typed while the rest was being sealed: that goes as the next revision, and is not lost.
    What the texts were like is kept first: it says nothing, and is never held against the same incident.
    """
    OwnTexts(db).keep(sealed.own_texts, incident=str(sealed.encounter.incident), at=sealed.encounter.changed)
    outbox, drafts = Outbox(db), DraftStore(db)
    draft = drafts.get(str(sealed.encounter.id))
    begun = [encounter_to_json(one) for one in sealed.following if not _begun(one, outbox, drafts)]
    begun += [encounter_to_json(one) for one in _say_otherwise(sealed.following, drafts)]
    if sealed.stage is not Stage.FOUND and not _knows_more(draft, sealed.encounter):
        with db.transaction():
            put = submit(db, str(sealed.encounter.id), sealed.submissions, begun, readable_for=readable_for)
            _let_photos_go(db, sealed, readable_for)
        return put
    with db.transaction():
        put = [outbox.put(item, readable_for=readable_for) for item in sealed.submissions]
        for document in (*begun, _gone_on(sealed.encounter, draft)):
            drafts.save(document)
    db.rows.remember()
    return put


def _let_photos_go(db: VaultDB, sealed: Sealed, readable_for: timedelta) -> None:
    """The photographs are readable here as long as the copy of what was sent is, and no longer."""
    sent = max((one.created for one in sealed.submissions), default=None)
    until = sent + readable_for if sent and readable_for > timedelta() else None
    Photos(db).let_go(str(sealed.encounter.id), until=until)


def _begun(one: Encounter, outbox: Outbox, drafts: DraftStore) -> bool:
    """Whether what would follow is being written, or was sent, on this device already."""
    wanted = (one.guide, str(one.incident), str(one.subject))
    written = ((kept.get("guide"), kept.get("incident"), kept.get("subject")) for kept in drafts.all())
    sent = (
        (item.summary.get("guide"), item.summary.get("incident"), item.summary.get("subject"))
        for item in outbox.all()
        if not item.summary.get("withdrawn")
    )
    return wanted in {*written, *sent}


def _say_otherwise(following: Iterable[Encounter], drafts: DraftStore) -> Iterator[Encounter]:
    """The drafts begun because of an earlier revision that this one would begin with other answers."""
    today = {(one.guide, str(one.incident), str(one.subject)): one for one in following}
    for kept in drafts.all():
        anew = today.get((str(kept.get("guide")), str(kept.get("incident")), str(kept.get("subject"))))
        begun = encounter_from_json(kept) if anew is not None else None
        if anew is not None and begun is not None:
            told = told_of_newer(begun, anew)
            if told is not begun:
                yield told


def _gone_on(after: Encounter, draft: Mapping[str, Any] | None) -> dict[str, Any]:
    """The draft as it lies there now, which may know more than what was sealed a moment ago."""
    newest = encounter_from_json(draft) if draft is not None else after
    return encounter_to_json(replace(newest, sent=after.sent, attached=after.attached))


def _knows_more(draft: Mapping[str, Any] | None, sealed: Encounter) -> bool:
    """Whether the draft says something that was not sealed. Where the officer stood is nothing said."""
    if draft is None:
        return False
    said = encounter_to_json(sealed)
    outside = {"sent", "place", "changed", "attached", "touched", "touched_of"}
    compared = (said.keys() & draft.keys()) - outside
    return any(draft[name] != said[name] for name in compared)
