"""Receipts: the server's signed word that it has stored one revision of one record, durably.

    {"digest","env_sha256","kid","received_at","record","rev","seq","sig","v":1}

A signed statement (``signing.py``) under the domain "hwd/rcpt/1", by a receipt key of the directory.
Only a receipt that passes ``read_receipt`` and ``Receipt.is_for`` allows a device to forget anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import cast

from . import canonical
from .directory import Directory
from .errors import DirectoryRefused, ReceiptRefused
from .signing import SigningKey, read_statement, sign_statement

MAX_RECEIPT = 4096  # ours: nine times what one has

_DOMAIN = b"hwd/rcpt/1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received: ``digest`` of the record inside, ``env_sha256`` of the envelope as it arrived.

    ``seq`` is the server's own number of the submission. ``kid`` is filled in by signing.
    """

    record: str
    rev: int
    digest: str
    env_sha256: str
    seq: int
    received_at: datetime
    kid: str = ""

    def is_for(self, *, record: str, rev: int, env_sha256: str) -> bool:
        """Whether this acknowledges exactly these bytes as that revision of that record."""
        return (self.record, self.rev, self.env_sha256) == (record, rev, env_sha256)


_NAMES = frozenset(field.name for field in fields(Receipt))


def sign_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """The receipt as signed JSON, to be kept and sent byte for byte."""
    # Field by field: to have them copied one inside another would take as long as to sign them.
    said = {name: getattr(receipt, name) for name in _NAMES}
    said |= {"kid": key.kid, "received_at": canonical.instant(receipt.received_at)}
    _receipt(said)
    return sign_statement(said, domain=_DOMAIN, key=key)


def read_receipt(data: bytes, directory: Directory) -> Receipt:
    """The receipt in ``data``. Raises BadSignature, or ReceiptRefused if malformed or from a wrong key."""
    try:
        statement = read_statement(data, _NAMES, limit=MAX_RECEIPT)
        entry = directory.key(cast(str, statement.fields["kid"]))
    except ValueError:
        raise ReceiptRefused("This is not a receipt.") from None
    except DirectoryRefused:
        raise ReceiptRefused("The receipt is signed with a key that is not in the directory.") from None
    if entry.use != "receipt":
        raise ReceiptRefused("The receipt is signed with a key that may not sign receipts.")
    statement.check(entry.public, domain=_DOMAIN)
    receipt = _receipt(statement.fields)
    if not entry.valid_at(receipt.received_at):
        raise ReceiptRefused("The receipt is dated outside the life of its key.")
    return receipt


def _receipt(said: Mapping[str, object]) -> Receipt:
    try:
        return Receipt(
            record=canonical.text(said["record"]),
            rev=canonical.whole(said["rev"]),
            digest=canonical.digest(said["digest"]),
            env_sha256=canonical.digest(said["env_sha256"]),
            seq=canonical.whole(said["seq"]),
            received_at=canonical.moment(said["received_at"]),
            kid=canonical.text(said["kid"]),
        )
    except ValueError:
        raise ReceiptRefused("A field of the receipt is not well-formed.") from None
