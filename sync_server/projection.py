"""Evidence turned into persons, places, objects and events that people can read and search.

What is matched stands in its normal form in a column of its own: postcodes, registrations and phone
numbers. What was typed stays among the facts, letter for letter.

``project`` is a pure function of one record; ``register`` keeps the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid5

from booklets import definitions, in_words, wire
from booklets.answers import Answer, Moment, codes_of, plain_answers, rows_of, words_in
from booklets.checks import formats
from booklets.checks.choices import has_only_rung
from booklets.decisions import is_decision
from booklets.entities import Entity, EntityKind
from booklets.forms import MENTIONS, Field, Filing, Form
from booklets.positions import position_of
from booklets.records import Record
from sync_server.db.tables import (
    State,
    location,
    person,
    thing,
)
from sync_server.flags import risk_of

EPISODE = "x-missing-episode"
# Names without "x-" are those of the police data model; the others are ours. A form's file says what its
# records are called (`filing`) and how whoever an answer mentions is tied to them (`link`).
MISSING = "missing"
CONCERNS = "x-concerns"  # a child may be written about who was never missing
VEHICLE = "vehicle"
IDENTIFIER = "object.identifier"
OTHERWISE = "linkedTo"
KIN: Mapping[str, str] = {
    "mother": "parentOf",
    "father": "parentOf",
    "step_parent": "parentOf",
    "adoptive_parent": "parentOf",
    "brother": "siblingOf",
    "sister": "siblingOf",
    "sibling": "siblingOf",
}
POLE: Mapping[EntityKind, str] = {
    EntityKind.PERSON: "person",
    EntityKind.PLACE: "location",
    EntityKind.OBJECT: "object",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One typed relation between two things, exactly one to one."""

    from_class: str
    from_id: str
    type: str
    to_class: str
    to_id: str


@dataclass(frozen=True, slots=True)
class Projection:
    """One record as rows of the register."""

    record: Mapping[str, Any] = field(repr=False)
    mentions: tuple[tuple[str, Mapping[str, Any]], ...] = field(repr=False)  # by their table's name
    events: tuple[Mapping[str, Any], ...] = field(repr=False)
    ties: tuple[Tie, ...]


def project(record: Record, flags: Mapping[str, Any], received_at: datetime, digest: str = "") -> Projection:
    """A record as rows of the register. The same record always gives the same rows.

    ``digest`` is the record's, where whoever asks has worked it out already.
    """
    form = definitions.form_of(record.header)
    known = {str(entity.id): entity for entity in record.entities}
    phones = [one for entity in record.entities for one in _lines(entity)]
    own = {"force": record.header.force, "record": str(record.header.record), "rev": record.header.revision}
    ties = [
        *_subject_tie(record, form.filing),
        *_ties_of_answers(record, form, known),
        *(tie for entity in record.entities for tie in _ties_of_entity(entity, record, known)),
        *(tie for tie, _ in phones),
    ]
    return Projection(
        record=_record_row(record, flags, received_at, digest or wire.digest(record)),
        mentions=(
            *(_mention(entity, own, received_at) for entity in record.entities),
            *((thing.name, own | row | {"edited_at": received_at}) for _, row in phones),
        ),
        events=tuple(_events(record, form, own)),
        ties=tuple(dict.fromkeys(ties)),
    )


def _record_row(
    record: Record, flags: Mapping[str, Any], received_at: datetime, digest: str
) -> dict[str, Any]:
    header = record.header
    return {
        "force": header.force,
        "record": str(header.record),
        "rev": header.revision,
        "digest": digest,
        "unit": header.unit,
        "role": header.routing_role,
        "record_type": header.record_type,
        "form": header.form,
        "form_version": header.form_version,
        "incident": str(header.incident),
        "episode": str(header.episode),
        "encounter": str(header.encounter),
        "subject": str(header.subject or ""),
        "author": header.author.id,
        "state": state_on_arrival(record).value,
        "gsc": header.gsc,
        "covert": header.covert,
        "flags": dict(flags),
        "started_at": header.started.instant,
        "submitted_at": header.submitted.instant,
        "received_at": received_at,
        "risk": int(risk_of(flags)),
        "due_at": min((one.due_at for one in record.tasks if one.due_at), default=None),
        "assigned_to": "",
        "decided_at": None,
        "vat_grade": "",
        "vat_quality": "",
    }


def state_on_arrival(record: Record) -> State:
    """Where a revision stands when it arrives: nobody has decided on it yet, unless nobody has to."""
    if record.header.void_reason:
        return State.WITHDRAWN
    return State.FILED if is_decision(record) else State.PENDING


def _mention(entity: Entity, own: Mapping[str, Any], received_at: datetime) -> tuple[str, dict[str, Any]]:
    edited = max((edit.at for edit in entity.history), default=received_at)
    row = {**own, "id": str(entity.id), "edited_at": edited, "facts": plain_answers(entity.facts)}
    match entity.kind:
        case EntityKind.PERSON:
            words = {"surname": "surname", "given_names": "given_names", "born": "dob"}
            return person.name, row | {column: entity.word(fact) for column, fact in words.items()}
        case EntityKind.PLACE:
            address = ", ".join(
                word
                for fact in ("name", "building", "street", "town", "county")
                if (word := entity.word(fact))
            )
            typed, found = entity.word("postcode"), position_of(entity.facts)
            address = address or (in_words.stood_at(found) if found else "")
            return location.name, row | {"address": address, "postcode": formats.postcode(typed) or typed}
        case EntityKind.OBJECT:
            kind, typed = entity.word("object_type"), entity.word("identifier")
            matched = (formats.vehicle_mark(typed) if kind == VEHICLE else "") or typed
            return thing.name, row | {"object_type": kind, "identifier": matched}


def event_of(form: Form) -> str:
    """What the register calls a record of this form."""
    return form.filing.event or f"x-{form.id}"


def _events(record: Record, form: Form, own: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    header, filing = record.header, form.filing
    yield {
        **own,
        "id": str(header.record),
        "type": event_of(form),
        "began_at": _first_moment(record, filing.began) or header.started.instant,
        "ended_at": header.submitted.instant,
        "attributes": {"recordType": header.record_type, "stage": record.stage.value},
    }
    if not filing.missing:
        return
    yield {
        **own,
        "id": str(header.episode),
        "type": EPISODE,
        "began_at": _first_moment(record, filing.episode_began),
        "ended_at": None if has_only_rung(record.answers) else _first_moment(record, filing.episode_ended),
        "attributes": {"incident": str(header.incident)},
    }


def _first_moment(record: Record, names: tuple[str, ...]) -> datetime | None:
    answers = (record.answers.get(name) for name in names)
    return next((answer.at for answer in answers if isinstance(answer, Moment)), None)


def _subject_tie(record: Record, filing: Filing) -> Iterator[Tie]:
    event, episode = str(record.header.record), str(record.header.episode)
    yield Tie("event", event, "x-partOf", "event", episode)
    if record.header.subject:
        tie = MISSING if filing.missing else CONCERNS
        yield Tie("event", event, tie, "person", str(record.header.subject))


def _ties_of_answers(record: Record, form: Form, known: Mapping[str, Entity]) -> Iterator[Tie]:
    for one in form.fields():
        for id_ in _mentioned(one, record.answers.get(one.id)) if one.id in record.answers else ():
            if id_ in known:
                yield Tie(
                    "event",
                    str(record.header.record),
                    one.link or OTHERWISE,
                    POLE[known[id_].kind],
                    id_,
                )


def _mentioned(one: Field, answer: Answer | None) -> Iterator[str]:
    if one.kind in MENTIONS:
        yield from codes_of(answer)
    for column in one.columns:
        if column.kind in MENTIONS:
            for row in rows_of(answer):
                yield from codes_of(row.get(column.id))


def _ties_of_entity(entity: Entity, record: Record, known: Mapping[str, Entity]) -> Iterator[Tie]:
    own, child = str(entity.id), str(record.header.subject or "")
    kin = KIN.get(entity.word("relationship"))
    if kin and child and child != own:
        yield Tie("person", own, kin, "person", child)
    for one in definitions.entity_form(entity.kind.value).fields():
        for id_ in _mentioned(one, entity.facts[one.id]) if one.id in entity.facts else ():
            if id_ in known and id_ != own:
                yield Tie(POLE[entity.kind], own, one.link or OTHERWISE, POLE[known[id_].kind], id_)


def _lines(entity: Entity) -> Iterator[tuple[Tie, dict[str, Any]]]:
    """Phone numbers and e-mail addresses: objects of their own in the police data model.

    A number is matched in its international form; beside it stands what was typed.
    """
    if entity.kind is not EntityKind.PERSON:
        return
    numbers = [
        word for row in rows_of(entity.facts.get("person.phones")) for word in words_in(row.get("number"))
    ]
    email = entity.word("email")
    for kind, tie, value, typed in [
        *(("telephone", "personalTelephone", formats.telephone(one) or one, one) for one in numbers),
        *((("email", "personalEmail", email, email),) if email else ()),
    ]:
        id_ = str(uuid5(entity.id, f"{kind}:{value}"))
        row = {"id": id_, "object_type": kind, "identifier": value, "facts": {IDENTIFIER: typed}}
        yield Tie("person", str(entity.id), tie, "object", id_), row
