"""Records on their own, as whoever received them has them: what rules may know, and how to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from booklets.answers import NOTHING, Answer, Answers, frozen
from booklets.encounters import Encounter, Sent, not_asked_for
from booklets.entities import Entity, new_id
from booklets.facts import Facts, roles_from
from booklets.forms import Form, Stage
from booklets.guides import Guide
from booklets.records import Attached, Author, Record, mentioned_in
from booklets.sending import SAME_INCIDENT
from booklets.stamps import Stamp


def reopened(
    records: Sequence[Record], guide: Guide, digests: Sequence[str], *, officer: Author, at: Stamp
) -> Encounter:
    """The encounter behind the newest records of it, to be gone on with: each builds its next revision.

    ``officer`` may be somebody else than wrote it: who goes on with it signs what comes next. A form
    that sent nothing yet begins at revision 1. Raises ValueError for no record, for records of several
    encounters, and for one that this guide does not fill. What was sent whole goes further from here,
    in the editions it was sent in: ``carrying`` brings it into the guide's own.
    """
    if len({record.header.encounter for record in records}) != 1:
        raise ValueError("one encounter is reopened at a time")
    first, mentioned = records[0].header, mentioned_in(records)
    sent = {form.id: Sent(new_id()) for form in guide.forms}
    if not {record.header.form for record in records} <= sent.keys():
        raise ValueError(f"{guide.id} does not fill one of these records")
    editions = guide.editions()
    answers: dict[str, Answer] = {}
    reasons: dict[str, str] = {}
    for record, fingerprint in sorted(zip(records, digests, strict=True), key=_by_revision):
        sent[record.header.form] = Sent(record.header.record, record.header.revision, fingerprint)
        editions[record.header.form] = record.header.form_version
        answers |= record.answers
        reasons |= record.reasons
    return Encounter(
        id=first.encounter,
        guide=guide.id,
        guide_version=guide.version,
        force=first.force,
        unit=first.unit,
        incident=first.incident,
        episode=first.episode,
        officer=officer,
        started=first.started,
        changed=at.instant,
        sent=MappingProxyType(sent),
        subject=first.subject,
        answers=frozen(answers),
        entities=MappingProxyType(mentioned),
        reasons=MappingProxyType(reasons),
        editions=MappingProxyType(editions),
        kept=not_asked_for(guide, answers, _known_of(first.subject, mentioned)),
        drafts=tuple(edit for record in records for edit in record.drafts),
        linked=tuple(link for link in first.linked if link.kind != SAME_INCIDENT),
        attached=_attached_to(records),
        stage=Stage.CAPTURE if any(one.stage is Stage.FOUND for one in records) else Stage.COMPLETE,
    )


def _attached_to(records: Sequence[Record]) -> tuple[Attached, ...]:
    return tuple(Attached(one.header.record, listed) for one in records for listed in one.header.attachments)


def _by_revision(seen: tuple[Record, str]) -> int:
    return seen[0].header.revision


def _known_of(subject: UUID | None, mentioned: Mapping[UUID, Entity]) -> Answers:
    known = mentioned.get(subject) if subject else None
    return known.facts if known else NOTHING


def facts_of_record(
    record: Record, form: Form, force: Mapping[str, object], now: datetime, role: str
) -> Facts:
    """What the rules may know about one record on its own, as the server sees it."""
    entities = {entity.id: entity for entity in record.entities}
    child = entities.get(record.header.subject) if record.header.subject else None
    known = child.facts if child else NOTHING
    answers, asked = _counted(record, form, known)
    return Facts(
        answers=answers,
        entities=MappingProxyType(entities),
        roles=roles_from(form.fields(), answers, record.header.subject, role),
        subject=record.header.subject,
        now=now,
        force=force,
        asked=asked,
        verbatim=frozenset(one.id for one in form.fields() if one.verbatim),
        reasons=record.reasons,
        shift_ends=record.header.shift_ends_at,
        begun=record.header.started.instant,
        sent_at=record.header.submitted.instant,
        sent_before=record.header.revision > 1,
    )


def facts_side_by_side(
    records: Sequence[tuple[Record, Form]], force: Mapping[str, object], now: datetime, role: str
) -> Facts:
    """What the rules may know about the first of these records with the others beside it.

    Each is read by its own form: where an edition is past, there is no guide that asks all of them.
    """
    seen = [facts_of_record(record, form, force, now, role) for record, form in reversed(records)]
    roles: dict[UUID, frozenset[str]] = {}
    for one in seen:
        roles |= {id_: roles.get(id_, frozenset()) | held for id_, held in one.roles.items()}
    return replace(
        seen[-1],
        answers=frozen({name: said for one in seen for name, said in one.answers.items()}),
        entities=MappingProxyType(mentioned_in(record for record, _ in records)),
        roles=MappingProxyType(roles),
        asked=frozenset().union(*(one.asked for one in seen)),
        verbatim=frozenset().union(*(one.verbatim for one in seen)),
        reasons=MappingProxyType({key: why for one in seen for key, why in one.reasons.items()}),
    )


def _counted(record: Record, form: Form, known: Answers) -> tuple[Answers, frozenset[str]]:
    """The answers that count and the questions that were asked, as far as one record can tell.

    Where a question depends on the other form of the encounter, an answer shows
    that it was asked: the device has already taken out what was not.
    """
    own = form.names | known.keys()
    seen: dict[str, Answer] = dict(known)
    said_of_all = {**known, **record.answers}  # a question may fall silent on an answer below it
    counted: dict[str, Answer] = {}
    asked: set[str] = set()
    for one in form.fields():
        elsewhere = one.id in record.answers and any(name not in own for name in one.shown.fields())
        shown = one.shown.holds(seen) and (one.id in record.answers or not one.unless.holds(said_of_all))
        if one.same_as or not (elsewhere or shown):
            continue
        if not one.system:
            asked.add(one.id)
        if one.id in record.answers:
            seen[one.id] = counted[one.id] = record.answers[one.id]
    return counted, frozenset(asked)
