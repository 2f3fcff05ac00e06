"""What a seal or a signature refuses.

    BookletError
    ├── SealBroken          the sealed bytes are not what was sealed
    │   ├── NotForThisKey   no part of it is addressed to this key
    │   └── NotAsListed     an attachment that is not the one its record lists
    ├── BadSignature        not signed by the key it must be signed by
    ├── EnvelopeMalformed   not an envelope, or one beyond our limits
    ├── DirectoryRefused    a key directory that is malformed, or older than the one we hold
    ├── ReceiptRefused      a receipt that is malformed, or from a key that may not give one
    ├── OrderRefused        an order that is malformed, for another device, or not newer than the last
    ├── PolicyRefused       a policy that is malformed, another force's, or not newer than the one held
    └── RequestRefused      a request whose signature does not meet the profile

Messages never carry key material, plaintext or header values that came from outside: they end up in logs.
"""

from __future__ import annotations

from typing import Final

from booklets.errors import BookletError


class SealBroken(BookletError):
    """The sealed bytes were altered, cut short, or sealed for another purpose."""

    code = "seal_broken"


class NotForThisKey(SealBroken):
    """The envelope is not addressed to this key. Another key may open it."""

    code = "not_for_this_key"


class NotAsListed(SealBroken):
    """An attachment whose record, id, size or SHA-256 is not what the record's manifest says."""

    code = "not_as_listed"


class BadSignature(BookletError):
    """The signature is missing, not checked yet, or not by the expected key over these bytes."""

    code = "bad_signature"


class EnvelopeMalformed(BookletError):
    """These bytes are no ``hwd1`` envelope, or exceed a limit. Nothing was decrypted."""

    code = "envelope_malformed"


class DirectoryRefused(BookletError):
    """The key directory cannot be used: malformed, or older than the one already held."""

    code = "directory_refused"


class ReceiptRefused(BookletError):
    """The receipt cannot be used, so what it would acknowledge must be kept."""

    code = "receipt_refused"


class OrderRefused(BookletError):
    """The order cannot be followed. Nothing is locked, erased or changed because of it."""

    code = "order_refused"


class PolicyRefused(BookletError):
    """The policy cannot be used; the one already held goes on."""

    code = "policy_refused"


class RequestRefused(BookletError):
    """A request's signature does not meet the profile. ``code`` is one of ``CODES``."""

    CODES: Final = frozenset(
        {"missing_component", "bad_signature", "clock_skew", "unknown_device", "body_mismatch"}
    )

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code
