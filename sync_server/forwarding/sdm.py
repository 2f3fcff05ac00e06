"""A record in the shape of the police data model: one event, its relations, and whatever they point to.

    {"data": {"id", "type", "attributes", "relationships": {name: {"data": [{"id", "type"}]}}},
     "included": [{"id", "type", "attributes"}]}

Types and relations without "x-" are the model's own; the others are ours. A name that
is longer than the model allows is shortened in its place and stands whole in
``x-namesInFull``, so that nothing is cut without a word. The answers travel whole
under ``x-answers``, because the model has no place for most of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booklets import definitions
from booklets.answers import instant, plain_answers
from booklets.checks import formats
from booklets.entities import Entity, EntityKind
from booklets.photos import row_naming
from booklets.positions import ACCURACY, LAT, LON, position_of
from booklets.records import Attachment, Record
from sync_server.projection import EPISODE, IDENTIFIER, VEHICLE, Tie, event_of, project

NAME_LENGTH = 35
SHAPE = "homeward-sdm/1"
LINES = frozenset({"telephone", "email"})


def document(record: Record, received_at: datetime) -> dict[str, Any]:
    """One revision of one record, as the force's own system is given it."""
    rows = project(record, {}, received_at)
    own = str(record.header.record)
    included = [
        *map(_entity, record.entities),
        *(_line(row) for _, row in rows.mentions if row.get("object_type") in LINES),
        *(_episode(row) for row in rows.events if row["type"] == EPISODE),
    ]
    types = {one["id"]: one["type"] for one in included}
    return {
        "data": {
            "id": own,
            "type": event_of(definitions.form_of(record.header)),
            "attributes": _attributes(record, received_at, str(rows.record["digest"])),
            "relationships": _relationships(own, rows.ties, types),
        },
        "included": [
            one | {"relationships": _relationships(one["id"], rows.ties, types)} for one in included
        ],
        "meta": {"shape": SHAPE},
    }


def _attributes(record: Record, received_at: datetime, digest: str) -> dict[str, Any]:
    header = record.header
    return {
        "x-revision": header.revision,
        "x-digest": digest,
        "x-form": {"id": header.form, "version": header.form_version, "checksum": header.form_checksum},
        "x-force": header.force,
        "x-unit": header.unit,
        "x-incident": str(header.incident),
        "x-marking": header.gsc,
        "x-covert": header.covert,
        "x-withdrawn": header.void_reason,
        "x-stage": record.stage.value,
        "x-author": {
            "id": header.author.id,
            "name": header.author.name,
            "rank": header.author.rank,
            "shoulderNumber": header.author.shoulder_no,
            "station": header.author.station,
        },
        "x-startedAt": instant(header.started.instant),
        "x-submittedAt": instant(header.submitted.instant),
        "x-receivedAt": instant(received_at),
        "x-answers": plain_answers(record.answers),
        "x-overrides": [
            {"rule": one.rule, "reason": one.reason, "by": one.by, "at": instant(one.at)}
            for one in record.overrides
        ],
        "x-reasons": dict(record.reasons),
        "x-attachments": [_attachment(record, one) for one in header.attachments],
    }


def _attachment(record: Record, one: Attachment) -> dict[str, Any]:
    """One line of the record's manifest: its sum and size are those of the sealed file, as it is kept."""
    media_type = str(row_naming(record, one.id).get("media", ""))
    said = {"id": str(one.id), "kind": one.kind, "sealedSize": one.size, "sealedSha256": one.sha256}
    return {**said, **({"mediaType": media_type} if media_type else {})}


def _relationships(own: str, ties: tuple[Tie, ...], types: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for tie in ties:
        if tie.from_id == own:
            found[tie.type].append({"id": tie.to_id, "type": types.get(tie.to_id, tie.to_class)})
    return {name: {"data": targets} for name, targets in sorted(found.items())}


def _entity(entity: Entity) -> dict[str, Any]:
    match entity.kind:
        case EntityKind.PERSON:
            type_, attributes = "person", _person(entity)
        case EntityKind.PLACE:
            type_, attributes = "location", _location(entity)
        case EntityKind.OBJECT:
            type_, attributes = "x-object", _object(entity)
    return {
        "id": str(entity.id),
        "type": type_,
        "attributes": attributes | {"x-facts": plain_answers(entity.facts)},
    }


def _person(entity: Entity) -> dict[str, Any]:
    given, surname = entity.word("given_names").split(), entity.word("surname")
    ethnicity, born = entity.word("ethnicity_sde"), entity.word("dob")
    return _known(
        {
            "givenName": [name[:NAME_LENGTH] for name in given[:1]],
            "middleName": [name[:NAME_LENGTH] for name in given[1:]],
            "surname": surname[:NAME_LENGTH],
            "x-namesInFull": [name for name in (*given, surname) if len(name) > NAME_LENGTH],
            "dateOfBirth": born if len(born) == len("2010-03-12") else "",
            "ethnicitySelfDefined": f"ESDD_{ethnicity}" if ethnicity else "",
            "x-sex": entity.word("sex"),
            "x-nhsNumber": formats.nhs_number(entity.word("nhs_no")),
        }
    )


def _location(entity: Entity) -> dict[str, Any]:
    names = ("name", "building", "street", "town", "county", "postcode", "uprn")
    postcode = formats.postcode(entity.word("postcode"))
    found = position_of(entity.facts) or {}
    return _known(
        {f"x-{name}": entity.word(name) for name in names}
        | {"x-lat": found.get(LAT, ""), "x-lon": found.get(LON, ""), "x-accuracyM": found.get(ACCURACY, "")}
        | {"x-postcodeMatched": postcode}
    )


def _object(entity: Entity) -> dict[str, Any]:
    names = ("object_type", "identifier", "make", "model")
    vehicle = entity.word("object_type") == VEHICLE
    mark = formats.vehicle_mark(entity.word("identifier")) if vehicle else ""
    return _known({f"x-{name}": entity.word(name) for name in names} | {"x-vehicleMark": mark})


def _known(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value}


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """As typed and, where a phone number can be dialled, in its international form (E.164)."""
    typed = row["facts"][IDENTIFIER]
    dialled = formats.telephone(typed) if row["object_type"] == "telephone" else ""
    return {
        "id": row["id"],
        "type": row["object_type"],
        "attributes": _known({"x-value": typed, "x-e164": dialled}),
    }


def _episode(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {"x-from": row["began_at"], "x-to": row["ended_at"]}
    return {
        "id": row["id"],
        "type": EPISODE,
        "attributes": {name: instant(at) for name, at in times.items() if at is not None},
    }
