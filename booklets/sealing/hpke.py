"""HPKE (RFC 9180), base mode, one message per encapsulation, in two suites and no others.

    suite  KEM                     KDF          AEAD         private key    public key    added
    1      DHKEM(X25519)           HKDF-SHA256  AES-256-GCM  32 bytes       32 bytes         48
    2      X-Wing                  HKDF-SHA256  AES-256-GCM  32-byte seed   1,216 bytes   1,136
           (ML-KEM-768 + X25519)

Suite 1 works wherever this program does. Suite 2 also resists whoever stores traffic now and has a quantum
computer later; it is still a draft, and needs a crypto library that has ML-KEM, so a device asks
``usable_suites`` first. A sealed message is ``enc ‖ ciphertext``, with no associated data: what must be
bound to it goes into ``info``.

Sealing proves nothing about who sealed. Whoever needs that checks a signature before opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256, shake_256

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from .errors import SealBroken

X25519 = 1
XWING = 2

# RFC 9180, section 7.1; draft-connolly-cfrg-xwing-kem, section 5
_ENC_BYTES = {X25519: 32, XWING: 1120}
_PUBLIC_BYTES = {X25519: 32, XWING: 1216}
_PRIVATE_BYTES = 32
_MLKEM_PUBLIC_BYTES = 1184  # FIPS 203, table 3
_TAG_BYTES = 16  # AES-GCM's

_Private = X25519PrivateKey | MLKEM768X25519PrivateKey
_Public = X25519PublicKey | MLKEM768X25519PublicKey


def overhead(suite: int) -> int:
    """How many bytes sealing adds in this suite."""
    return _ENC_BYTES[suite] + _TAG_BYTES


@cache
def usable_suites() -> tuple[int, ...]:
    """The suites that work on this machine, best first. Suite 1 is always among them."""
    try:
        key = KemKey.generate(XWING)
        works = open_sealed(key, seal(key.public, b"probe", b"probe"), b"probe") == b"probe"
    except (UnsupportedAlgorithm, AttributeError, SealBroken):  # AttributeError: a build without X-Wing
        works = False
    return (XWING, X25519) if works else (X25519,)


@dataclass(frozen=True, slots=True)
class KemPublic:
    """The key to seal to. ``kid`` is derived from the rest; one that is not is refused."""

    kid: str
    suite: int
    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != _PUBLIC_BYTES.get(self.suite):
            raise ValueError("not a public key of a suite we know")
        if self.kid != _kid(self.suite, self.raw):
            raise ValueError("this key id belongs to another key")

    @classmethod
    def of(cls, suite: int, raw: bytes) -> KemPublic:
        """The public key in ``raw``, under its own name. Raises ValueError if it cannot be one."""
        return cls(_kid(suite, raw), suite, raw)


@dataclass(frozen=True, slots=True)
class KemKey:
    """The key that opens. Make one with ``generate`` or ``from_private``."""

    suite: int
    private: bytes
    """32 bytes, to be kept in a secret store."""
    public: KemPublic
    _opens: _Private  # made once: a server opens thousands of envelopes with the same key

    def __repr__(self) -> str:
        return f"KemKey(suite={self.suite}, kid={self.public.kid})"

    @classmethod
    def generate(cls, suite: int) -> KemKey:
        """A new random key of this suite."""
        return cls.from_private(suite, X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_private(cls, suite: int, private: bytes) -> KemKey:
        """The key whose 32 private bytes were kept. Raises ValueError if they cannot be one."""
        if suite not in _PUBLIC_BYTES or len(private) != _PRIVATE_BYTES:
            raise ValueError("not a private key of a suite we know")
        opens, raw = _both_halves(suite, private)
        return cls(suite, private, KemPublic.of(suite, raw), opens)


def seal(to: KemPublic, plain: bytes, info: bytes) -> bytes:
    """Seal ``plain`` so that only the holder of ``to`` opens it, and only with the same ``info``."""
    try:
        return _suite(to.suite).encrypt(plain, _public_key(to), info=info)
    except (ValueError, UnsupportedAlgorithm):
        raise SealBroken("This public key cannot be sealed to.") from None


def open_sealed(key: KemKey, sealed: bytes, info: bytes) -> bytes:
    """What was sealed to ``key`` with this ``info``. Raises SealBroken for anything else."""
    try:
        return _suite(key.suite).decrypt(sealed, key._opens, info=info)
    except (InvalidTag, ValueError, UnsupportedAlgorithm):
        raise SealBroken("The sealed bytes do not open with this key.") from None


def _kid(suite: int, raw: bytes) -> str:
    return sha256(bytes([suite]) + raw).hexdigest()[:16]


def _suite(suite: int) -> Suite:
    kem = KEM.X25519 if suite == X25519 else KEM.MLKEM768_X25519
    return Suite(kem, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _both_halves(suite: int, private: bytes) -> tuple[_Private, bytes]:
    """What opens, and the public bytes that belong to it."""
    if suite == X25519:
        key = X25519PrivateKey.from_private_bytes(private)
        return key, key.public_key().public_bytes_raw()
    both = shake_256(private).digest(96)  # draft-connolly-cfrg-xwing-kem: one seed, two keys
    mlkem = MLKEM768PrivateKey.from_seed_bytes(both[:64])
    x25519 = X25519PrivateKey.from_private_bytes(both[64:])
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return MLKEM768X25519PrivateKey(mlkem, x25519), public


def _public_key(public: KemPublic) -> _Public:
    if public.suite == X25519:
        return X25519PublicKey.from_public_bytes(public.raw)
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public.raw[:_MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public.raw[_MLKEM_PUBLIC_BYTES:]),
    )
