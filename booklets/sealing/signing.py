"""Ed25519 signatures, each made for one purpose, and the small statements that carry one.

A key signs ``domain ‖ SHA-256(message)``, never a bare message. The digest has a fixed length, so a
signature made under one domain cannot be shown as one made under another, whatever the messages. (The
device key also signs requests, RFC 9421: their signature base starts with ``"@``, no domain of ours does.)

    hwd/env/1     an envelope     hwd/dir/1      the key directory     hwd/rcpt/1   a receipt
    hwd/order/1   an order        hwd/policy/1   a policy

A statement is one canonical JSON object (``canonical.py``) of version 1, "v":1, whose ``sig`` signs the
canonical bytes of all its other fields, in hex. It is passed on byte for byte: another spelling is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import canonical
from .errors import BadSignature

SIGNATURE_BYTES = 64  # RFC 8032


def key_id(public: bytes) -> str:
    """The short name of a signing key: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half of a signing key. Make one with ``generate`` or ``from_private``."""

    _key: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"SigningKey({self.kid})"

    @classmethod
    def generate(cls) -> SigningKey:
        """A new random key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_private(cls, private: bytes) -> SigningKey:
        """The key whose 32 private bytes were kept. Raises ValueError for any other length."""
        return cls(Ed25519PrivateKey.from_private_bytes(private))

    @property
    def private(self) -> bytes:
        """The 32 private bytes, to be kept in a secret store."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        return self._key.public_key().public_bytes_raw()

    @property
    def kid(self) -> str:
        """The short name under which the key stands in a directory."""
        return key_id(self.public)

    def sign(self, domain: bytes, message: bytes) -> bytes:
        """The 64-byte signature of ``message`` for the purpose ``domain``."""
        return self.sign_digest(domain, sha256(message).digest())

    def sign_digest(self, domain: bytes, digest: bytes) -> bytes:
        """The same signature, where only the message's SHA-256 is at hand: it was too long to hold."""
        return self._key.sign(domain + digest)


def verify(public: bytes, domain: bytes, message: bytes, signature: bytes) -> None:
    """Return quietly if ``public`` signed ``message`` for ``domain``, else raise BadSignature."""
    verify_digest(public, domain, sha256(message).digest(), signature)


def verify_digest(public: bytes, domain: bytes, digest: bytes, signature: bytes) -> None:
    """The same check, where only the message's SHA-256 is at hand."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, domain + digest)
    except (InvalidSignature, ValueError):
        raise BadSignature("The signature is not by the expected key over these bytes.") from None


def sign_statement(fields: Mapping[str, object], *, domain: bytes, key: SigningKey) -> bytes:
    """``fields`` as a signed statement of version 1."""
    said = {**fields, "v": 1}
    return canonical.encode({**said, "sig": key.sign(domain, canonical.encode(said)).hex()})


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement read, but not believed before ``check``."""

    fields: Mapping[str, object]
    _signature: bytes

    def check(self, public: bytes, *, domain: bytes) -> None:
        """Return quietly if ``public`` signed this for ``domain``, else raise BadSignature."""
        verify(public, domain, canonical.encode(self.fields), self._signature)


def read_statement(data: bytes, *names: frozenset[str], limit: int) -> Statement:
    """The statement in ``data``. Raises ValueError unless it has "v":1, ``sig``, and one of ``names``."""
    fields = canonical.decode(data, limit=limit)
    signature = canonical.unhex(fields.pop("sig", None))
    if canonical.whole(fields.get("v")) != 1 or fields.keys() - {"v"} not in names:
        raise ValueError("not the fields of this statement")
    return Statement(fields, signature)
