"""Bodies at rest: AES-256-GCM under one key per record, itself wrapped by the key-encryption key.

    wrapped = nonce (12) ‖ AES-256-GCM(KEK, record key, "hwd/wrap/1" ‖ force ‖ 0 ‖ record)
    kept    = nonce (12) ‖ AES-256-GCM(record key, body, "hwd/rest/1" ‖ what ‖ 0 ‖ record ‖ 0 ‖ rev)

``what`` says what the body is, so that a notice can never be put in the place of
a record, nor one revision in the place of another. The KEK lies in a file and
never in the database; forgetting a record key destroys what was sealed under it. A
copy of the database from before has that key still, wrapped: see ``retention.ledger``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from booklets.errors import BookletError

KEY_BYTES = 32
NONCE_BYTES = 12


class BodyBroken(BookletError):
    """What is kept under this record does not open: altered, moved, or its key is gone."""

    code = "body_broken"


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The key of one record's bodies."""

    record: str
    secret: bytes = field(repr=False)

    def seal(self, body: bytes, *, what: str, rev: int) -> bytes:
        """``body`` as it may lie in the database."""
        return sealed(self.secret, body, self._about(what, rev))

    def open(self, kept: bytes, *, what: str, rev: int) -> bytes:
        """What was sealed as that part of that revision, or ``BodyBroken``."""
        return opened(self.secret, kept, self._about(what, rev))

    def _about(self, what: str, rev: int) -> bytes:
        return b"hwd/rest/1" + b"\0".join((what.encode(), self.record.encode(), str(rev).encode()))


@dataclass(frozen=True, slots=True)
class Safe:
    """Makes and opens record keys. Holds the key-encryption key."""

    kek: bytes = field(repr=False)

    def new_key(self, record: str) -> RecordKey:
        """A fresh key for a record."""
        return RecordKey(record, os.urandom(KEY_BYTES))

    def wrap(self, key: RecordKey, *, force: str) -> bytes:
        """A record key as it may lie in the database."""
        return sealed(self.kek, key.secret, _whose(force, key.record))

    def unwrap(self, wrapped: bytes, *, force: str, record: str) -> RecordKey:
        """The key that was wrapped for that record of that force, or ``BodyBroken``."""
        return RecordKey(record, opened(self.kek, wrapped, _whose(force, record)))


def _whose(force: str, record: str) -> bytes:
    return b"hwd/wrap/1" + force.encode() + b"\0" + record.encode()


def sealed(key: bytes, body: bytes, about: bytes) -> bytes:
    """A fresh nonce, and the body under it. ``about`` must be said again to open it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, body, about)


def opened(key: bytes, kept: bytes, about: bytes) -> bytes:
    """What ``sealed`` kept, or ``BodyBroken``."""
    try:
        return AESGCM(key).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise BodyBroken("What is kept here does not open. Restore it from a backup.") from None
