"""From bytes to a record: parsed, its signature checked, opened, and compared with what it says of itself.

Whatever fails here is kept and waits for a person. The request that brought it
was signed by an enrolled device, so it is somebody's work, however broken.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from booklets import definitions, wire
from booklets.errors import UnknownForm, UnknownProtocol, WireError
from booklets.records import Record
from booklets.sealing import (
    BadSignature,
    Envelope,
    EnvelopeMalformed,
    NotForThisKey,
    SealBroken,
    read_envelope,
)
from sync_server.beside import Known
from sync_server.evidence import Arrived

SUBMISSION = "submission"


class Unusable(Exception):
    """This can be kept, but not used. ``code`` says why; ``arrived`` is as much as could be read."""

    def __init__(self, code: str, arrived: Arrived) -> None:
        super().__init__(code)
        self.code = code
        self.arrived = arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who hands a submission in: an enrolled device, with the key it was enrolled with, and its session.

    ``unit`` is the one that the officer had as that session began, where it was looked at just now.
    """

    force: str
    device: str
    sign_pub: bytes = field(repr=False)
    officer: str
    unit: str = ""


def opened(known: Known, arrived: Arrived, sender: Sender) -> tuple[Arrived, Record]:
    """The record inside, or ``Unusable`` with the first thing that is wrong."""
    arrived, envelope = _checked(arrived, sender)
    try:
        body = known.keys.open_envelope(envelope)
    except NotForThisKey:
        raise Unusable("not_for_this_key", arrived) from None
    except SealBroken:
        raise Unusable("seal_broken", arrived) from None
    arrived = replace(arrived, body=body)
    try:
        record, digest = wire.unpacked(body)
    except UnknownProtocol:
        raise Unusable("unknown_protocol", arrived) from None
    except WireError:
        raise Unusable("unreadable_record", arrived) from None
    _agrees(arrived, record)
    return replace(arrived, digest=digest), record


def _checked(arrived: Arrived, sender: Sender) -> tuple[Arrived, Envelope]:
    """The envelope, signed by the very device that hands it in."""
    try:
        envelope = read_envelope(arrived.envelope)
    except EnvelopeMalformed:
        raise Unusable("malformed", arrived) from None
    header = envelope.header
    try:
        envelope.check(sender.sign_pub)
    except BadSignature:
        # What an unsigned header says is not believed, not even for filing it.
        raise Unusable("bad_signature", arrived) from None
    arrived = replace(
        arrived,
        record=header.record,
        rev=header.rev,
        base_rev=header.base_rev,
        form=header.form,
        form_version=header.form_ver,
        officer=header.officer,
    )
    if header.kind != SUBMISSION:
        raise Unusable("wrong_kind", arrived)
    if (header.device, header.force) != (sender.device, sender.force):
        raise Unusable("wrong_device", arrived)
    return arrived, envelope


def _agrees(arrived: Arrived, record: Record) -> None:
    """The outside of the envelope must say what the record inside says."""
    header = record.header
    inside = (
        str(header.record),
        header.revision,
        header.base_revision,
        header.form,
        header.form_version,
        header.device,
        header.force,
        header.author.id,
    )
    outside = (
        arrived.record,
        arrived.rev,
        arrived.base_rev,
        arrived.form,
        arrived.form_version,
        arrived.device,
        arrived.force,
        arrived.officer,
    )
    if inside != outside:
        raise Unusable("header_disagrees", arrived)
    try:
        form = definitions.form_at(header.form, header.form_version, header.form_checksum)
    except UnknownForm:
        raise Unusable("unknown_form_version", arrived) from None
    if header.record_type != form.record_type:  # it says who decides on it and where it goes
        raise Unusable("header_disagrees", arrived)
