"""How a record is posted: packed, sealed to the force, signed by the device, with its header outside."""

from __future__ import annotations

from collections.abc import Sequence

from booklets.answers import instant
from booklets.records import Record
from booklets.sealing import AttachmentRef, EnvelopeHeader, KemPublic, SigningKey, seal_envelope
from booklets.wire import pack


def header_of(record: Record) -> EnvelopeHeader:
    """What may be read on the outside of a record's envelope: ids, versions and times, and no answer."""
    said = record.header
    return EnvelopeHeader(
        kind="submission",
        record=str(said.record),
        rev=said.revision,
        base_rev=said.base_revision,
        form=said.form,
        form_ver=said.form_version,
        force=said.force,
        device=said.device,
        officer=said.author.id,
        created=instant(said.submitted.instant),
        attachments=tuple(AttachmentRef(str(one.id), one.size, one.sha256) for one in said.attachments),
    )


def posted(record: Record, *, to: Sequence[KemPublic], signer: SigningKey) -> bytes:
    """The sealed envelope. Twice the same record gives twice other bytes. Raises WireError if too long."""
    return seal_envelope(header_of(record), pack(record), to=to, signer=signer)
