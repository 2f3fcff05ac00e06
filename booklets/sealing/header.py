"""What an envelope says about itself in the clear, and the limits on it.

The header is readable by every machine that carries the envelope, so it holds ids, versions and times
and has no room for anything else: text is limited to a plain alphabet, in which no free sentence fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import cast

from . import canonical
from .errors import EnvelopeMalformed

MAX_HEADER = 4096
"""Ours: room for some twenty attachments, and little to parse for whoever sends noise."""
VERSION = 1
KINDS = frozenset({"submission", "attachment", "backup", "return"})

_ID = re.compile(r"[A-Za-z0-9_.:@+-]{0,80}", re.ASCII)  # ours: twice a UUID
_MAX_NUMBER = 2**53 - 1  # what every JSON reader holds exactly
_MAX_REVISION = 2**31 - 1  # what every database counts to


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment that belongs to the record: its id, the size and SHA-256 (hex) of its sealed bytes."""

    id: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EnvelopeHeader:
    """The readable, signed part of an envelope.

    ``kind`` is submission, attachment, backup or return (something for one device). ``created`` is an ISO
    instant with its offset. ``digest_keyed`` is filled in by sealing. An id that makes no sense is empty.
    """

    kind: str
    record: str
    rev: int
    base_rev: int
    form: str
    form_ver: str
    force: str
    device: str
    officer: str
    created: str
    digest_keyed: str = ""
    attachments: tuple[AttachmentRef, ...] = ()


_HEADER_KEYS = {field.name for field in fields(EnvelopeHeader)} | {"v"}
_ATTACHMENT_KEYS = {field.name for field in fields(AttachmentRef)}
_ID_FIELDS = ("record", "form", "form_ver", "force", "device", "officer")


def header_bytes(header: EnvelopeHeader) -> bytes:
    """The canonical bytes of a header, which any reader will accept; else EnvelopeMalformed."""
    try:
        data = canonical.encode({**asdict(header), "v": VERSION})
    except (ValueError, TypeError):
        raise EnvelopeMalformed("The envelope's header cannot be written down.") from None
    if len(data) > MAX_HEADER:
        raise EnvelopeMalformed("The envelope's header is too long: too many attachments.")
    header_from(data)
    return data


def header_from(data: bytes) -> EnvelopeHeader:
    """The header in these bytes. Raises EnvelopeMalformed unless every field is there and well-formed."""
    try:
        found = canonical.decode(data, limit=MAX_HEADER)
    except ValueError:
        raise EnvelopeMalformed("The envelope's header is not canonical JSON.") from None
    if found.keys() != _HEADER_KEYS or type(found["v"]) is not int or found["v"] != VERSION:
        raise EnvelopeMalformed("The envelope's header does not have the fields of version 1.")
    listed = found["attachments"]
    _demand(isinstance(listed, list), "attachments")
    attachments = tuple(_attachment(entry) for entry in cast(list[object], listed))
    _demand(isinstance(found["kind"], str) and found["kind"] in KINDS, "kind")
    for name in _ID_FIELDS:
        _demand(_is_id(found[name]), name)
    _demand(_is_number(found["rev"]) and _is_number(found["base_rev"]), "rev")
    _demand(cast(int, found["base_rev"]) <= cast(int, found["rev"]) <= _MAX_REVISION, "base_rev")
    _demand(_reads(canonical.moment, found["created"]), "created")
    _demand(_reads(canonical.digest, found["digest_keyed"]), "digest_keyed")
    known = {name: value for name, value in found.items() if name not in ("v", "attachments")}
    return EnvelopeHeader(**known, attachments=attachments)  # type: ignore[arg-type]  # each was checked


def _attachment(entry: object) -> AttachmentRef:
    if not isinstance(entry, dict) or entry.keys() != _ATTACHMENT_KEYS:
        raise EnvelopeMalformed("An attachment in the envelope's header lacks a field.")
    _demand(_is_id(entry["id"]) and entry["id"] != "", "attachment id")
    _demand(_is_number(entry["size"]), "attachment size")
    _demand(_reads(canonical.digest, entry["sha256"]), "attachment sha256")
    return AttachmentRef(entry["id"], entry["size"], entry["sha256"])


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MAX_NUMBER  # bool is an int, and is not meant


def _reads(read: Callable[[object], object], value: object) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _demand(holds: bool, name: str) -> None:
    if not holds:
        raise EnvelopeMalformed(f"The field {name} in the envelope's header is not well-formed.")
