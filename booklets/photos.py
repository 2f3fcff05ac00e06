"""Photographs and scanned papers in an answer: each is a row that names an attachment and never holds it.

    attachment  its id, made on the device      added_at  when it came into the record
    media       what sort of file it is         taken_at  when it was taken, where that is known
    caption     a few words of the officer's

The picture itself travels beside the record, sealed on its own. A record lists in its header the
attachments that go with it (``Attachment``): each belongs to one record, the first one that names it. What
else names it, such as a PPN about the same child, points to it there.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from uuid import UUID

from booklets.answers import Answer, Answers, Moment, Row, Scalar, rows_of
from booklets.entities import Entity
from booklets.errors import NotAllowedNow
from booklets.facts import ids_in
from booklets.records import Attached, Record

ATTACHMENT, MEDIA, ADDED, TAKEN, CAPTION = "attachment", "media", "added_at", "taken_at", "caption"
JPEG = "image/jpeg"
MEDIA_TYPES = frozenset({JPEG})
PHOTO = "photo"
"""The kind of attachment, in the manifest of a record."""
MOST_IN_A_RECORD = 20
"""So many fit into the readable part of a record's envelope, with room to spare."""
TOO_MANY = (
    f"One record carries up to {MOST_IN_A_RECORD} photographs. Everything is kept; remove some, "
    "or send them with another record."
)


def photo_row(attachment: UUID, *, added: datetime, taken: Moment | None = None) -> Row:
    """The row of a photograph that was just taken or chosen."""
    row: dict[str, Scalar] = {ATTACHMENT: str(attachment), MEDIA: JPEG, ADDED: Moment(added)}
    return MappingProxyType({**row, TAKEN: taken} if taken else row)


def attachment_of(row: Row) -> UUID | None:
    """Which attachment a row names; ``None`` where it names none that could be one."""
    cell = row.get(ATTACHMENT)
    return next(ids_in((cell,)), None) if isinstance(cell, str) else None


def is_photo(row: Row) -> bool:
    """Whether a row names an attachment of a sort that is known."""
    return attachment_of(row) is not None and row.get(MEDIA) in MEDIA_TYPES


def named_in(answers: Iterable[Answer]) -> Iterator[UUID]:
    """The attachments that answers name, in their order; each as often as it is named."""
    for answer in answers:
        for row in rows_of(answer):
            if (found := attachment_of(row)) is not None:
                yield found


def named_by(record: Record) -> tuple[UUID, ...]:
    """The attachments that a record names: in its own answers, then in what is known of whom it mentions."""
    return everywhere(record.answers, record.entities)


def row_naming(record: Record, attachment: UUID) -> Row:
    """The row of an answer that names this attachment, with what the officer says of it; or an empty one."""
    facts = (fact for known in record.entities for fact in known.facts.values())
    rows = (row for answer in chain(record.answers.values(), facts) for row in rows_of(answer))
    return next((row for row in rows if row.get(ATTACHMENT) == str(attachment)), {})


def everywhere(answers: Answers, entities: Iterable[Entity]) -> tuple[UUID, ...]:
    """The attachments that answers and facts name, each once."""
    said = [*answers.values(), *(fact for one in entities for fact in one.facts.values())]
    return tuple(dict.fromkeys(named_in(said)))


def rows_in(answers: Answers, entities: Iterable[Entity]) -> tuple[Row, ...]:
    """The photographs that answers and facts name, as rows, each attachment once."""
    said = [*answers.values(), *(fact for one in entities for fact in one.facts.values())]
    found = {attachment_of(row): row for answer in said for row in rows_of(answer) if is_photo(row)}
    return tuple(found.values())


def to_be_sealed(
    records: Sequence[Record], attached: Iterable[Attached], here: Container[UUID]
) -> dict[UUID, UUID]:
    """Which record is to list each attachment that lies ``here`` and was not sealed before.

    The first that names it. Raises NotAllowedNow where a record would list more than an envelope can.
    """
    done = {one.attachment.id: one.record for one in attached}
    found: dict[UUID, UUID] = {}
    for record in records:
        own = record.header.record
        for id_ in named_by(record):
            if id_ in here and id_ not in done:
                found.setdefault(id_, own)
        listed = sum((found.get(id_) or done.get(id_)) == own for id_ in named_by(record))
        if listed > MOST_IN_A_RECORD:
            raise NotAllowedNow(TOO_MANY)
    return found


def with_manifest(record: Record, attached: Iterable[Attached]) -> Record:
    """The record, listing the attachments that it names and that belong to it."""
    own = {one.attachment.id: one.attachment for one in attached if one.record == record.header.record}
    listed = tuple(own[id_] for id_ in named_by(record) if id_ in own)
    return replace(record, header=replace(record.header, attachments=listed)) if listed else record
