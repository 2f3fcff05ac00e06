"""Something small from the server for one device: an ``hwd1`` envelope of kind "return".

Sealed to the key of that device alone, signed by a command key of the directory, and naming the device
in its header: an item made for one handheld is refused by every other, even by one that shares its key.
"""

from __future__ import annotations

from datetime import datetime

from . import canonical
from .directory import Directory
from .envelope import Envelope, read_envelope, seal_envelope
from .errors import BadSignature, EnvelopeMalformed, NotForThisKey
from .header import EnvelopeHeader
from .hpke import KemKey, KemPublic
from .signing import SigningKey

KIND = "return"


def seal_return(
    body: bytes,
    *,
    force: str,
    device: str,
    created: datetime,
    to: KemPublic,
    signer: SigningKey,
    record: str = "",
    rev: int = 0,
) -> bytes:
    """Seal ``body`` to one device. ``record`` and ``rev`` say what it is about, if it is about a record."""
    header = EnvelopeHeader(
        kind=KIND,
        record=record,
        rev=rev,
        base_rev=0,
        form="",
        form_ver="",
        force=force,
        device=device,
        officer="",
        created=canonical.instant(created),
    )
    return seal_envelope(header, body, to=(to,), signer=signer)


def open_return(
    sealed: bytes, *, device: str, key: KemKey, directory: Directory
) -> tuple[EnvelopeHeader, bytes]:
    """What the server sent to this device, signed with any command key that the directory calls valid.

    Raises EnvelopeMalformed, BadSignature, NotForThisKey or SealBroken.
    """
    envelope = read_envelope(sealed)
    _check(envelope, directory)
    if envelope.header.kind != KIND:
        raise EnvelopeMalformed("This envelope is not something sent to a device.")
    if envelope.header.device != device:
        raise NotForThisKey("This was sent to another device.")
    return envelope.header, envelope.open(key)


def _check(envelope: Envelope, directory: Directory) -> None:
    for entry in directory.all_current("command"):
        try:
            return envelope.check(entry.public)
        except BadSignature:
            continue
    raise BadSignature("No command key of the directory signed this.")
