"""Photographs go with the records that name them: sealed to the force's keys, and listed in the manifest.

All of it happens in the transaction that puts the records into the outbox, on the keeper's thread: after a
kill at any moment either the draft lies there with its photographs, or the records with theirs, sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import BinaryIO, cast
from uuid import UUID

from booklets.encounters import Encounter
from booklets.photos import to_be_sealed, with_manifest
from booklets.posting import header_of
from booklets.records import Attached, Attachment, Record
from booklets.sealing import KemPublic, SigningKey, seal_attachment, size_when_sealed
from booklets.signatures import kind_of
from field_app.store.enclosures import Enclosures
from field_app.store.errors import StoreTampered
from field_app.store.photos import PhotoFile, Photos
from field_app.store.sealed_table import VaultDB

Enclosing = Callable[[tuple[Record, ...]], tuple[Record, ...]]
"""From records to the same records with the attachments listed that go with them."""


def enclosing(
    db: VaultDB, encounter: Encounter, *, to: Sequence[KemPublic], signer: SigningKey
) -> Enclosing:
    """How the photographs of an encounter are enclosed. Only inside a transaction of the store."""
    return partial(_enclosed, db, encounter, to, signer)


def _enclosed(
    db: VaultDB,
    encounter: Encounter,
    to: Sequence[KemPublic],
    signer: SigningKey,
    records: tuple[Record, ...],
) -> tuple[Record, ...]:
    kept = Photos(db)
    attached = list(encounter.attached)
    owners = to_be_sealed(records, attached, kept.of(str(encounter.id)))
    by_id = {record.header.record: record for record in records}
    for photo, owner in owners.items():
        source = kept.opened(photo)
        if source is None:
            raise StoreTampered("a photograph is missing")
        attached.append(_sealed(db, by_id[owner], photo, source, to=to, signer=signer))
    return tuple(with_manifest(record, attached) for record in records)


def _sealed(
    db: VaultDB,
    record: Record,
    photo: UUID,
    source: PhotoFile,
    *,
    to: Sequence[KemPublic],
    signer: SigningKey,
) -> Attached:
    header, name = replace(header_of(record), attachments=()), str(photo)
    body = source.seek(0, 2)
    ref = Enclosures(db).put(
        name,
        record=header.record,
        rev=header.rev,
        size=size_when_sealed(header, body, attachment=name, to=to),
        seal=lambda target: seal_attachment(
            header, cast("BinaryIO", source), target, attachment=name, to=to, signer=signer
        ),
    )
    return Attached(record.header.record, Attachment(photo, kind_of(record, photo), ref.size, ref.sha256))
