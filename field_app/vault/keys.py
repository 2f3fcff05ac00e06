"""From a PIN to the keys of a vault, and from those to rows.

    PIN ──Argon2id(salt)──► A ─┐
    HW (in the key store) ─────┴─HKDF──► KEK ──AES-GCM──► VK ──HKDF──► keys of head and sum
                                                          VK ──AES-GCM──► EK ──AES-GCM──► record keys

Only the KEK depends on the PIN. A new PIN changes every key all the same, so that an older copy opens with
nothing that is still there. A copied file is worthless without HW, which never leaves the phone's key store.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32  # AES-256's
NONCE_BYTES: Final = 12  # AES-GCM's
SALT_BYTES: Final = 16  # RFC 9106, section 3.1


@dataclass(frozen=True, slots=True)
class Stretching:
    """How dear one guess at a PIN is made: Argon2id's memory (KiB), passes and lanes."""

    memory: int
    passes: int
    lanes: int

    @property
    def below_the_floor(self) -> bool:
        """Whether this is cheaper to guess against than we ever allow."""
        return self.memory < FLOOR.memory or self.passes < FLOOR.passes or self.lanes < FLOOR.lanes

    @property
    def beyond_reason(self) -> bool:
        """Whether this could only have been written to make the device choke."""
        return self.memory > DEAREST.memory or self.passes > DEAREST.passes or self.lanes > DEAREST.lanes


FLOOR: Final = Stretching(memory=64 * 1024, passes=3, lanes=4)
"""RFC 9106, section 4, second choice: what must never be undercut."""

DEAREST: Final = Stretching(memory=256 * 1024, passes=32, lanes=16)
"""Ours: what a changed header may ask for at most, so that it cannot take a phone all of its memory."""

_BEARABLE: Final = 0.5
"""Ours: how many seconds a try takes, where the floor takes less; an officer hardly notices them."""


def calibrated() -> Stretching:
    """As dear as this device can bear, never below the floor."""
    salt, began = os.urandom(SALT_BYTES), time.perf_counter()
    scrub(stretch(b"a PIN to measure with", salt, FLOOR))
    return at_this_pace(time.perf_counter() - began)


def at_this_pace(took: float) -> Stretching:
    """As dear as a device can bear on which the floor took so many seconds."""
    passes = round(FLOOR.passes * _BEARABLE / took)
    return replace(FLOOR, passes=min(DEAREST.passes, max(FLOOR.passes, passes)))


def stretch(secret: bytes, salt: bytes, how: Stretching) -> bytes:
    """Argon2id. Where this build's OpenSSL has none, the reference library gives the same bytes."""
    try:
        kdf = Argon2id(
            salt=salt, length=KEY_BYTES, iterations=how.passes, lanes=how.lanes, memory_cost=how.memory
        )
    except UnsupportedAlgorithm:
        from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - only where it is needed

        return hash_secret_raw(
            secret, salt, how.passes, how.memory, how.lanes, KEY_BYTES, Type.ID, version=19
        )
    return kdf.derive(secret)


def key_encryption_key(stretched: bytes, hw: bytes, *, vault: bytes, officer: str, gen: int) -> bytes:
    """The key that opens one officer's vault in one generation of its keys."""
    info = b"hwd/kek/1" + vault + counted(officer.encode()) + gen.to_bytes(8, "big")
    return _derived(stretched, info, salt=hw)


def key_by_finger(released: bytes, hw: bytes, *, vault: bytes) -> bytes:
    """The key that opens a vault for its force's hours, of what a finger or face releases."""
    return _derived(released, b"hwd/finger/1" + vault, salt=hw)


def subkey(key: bytes | bytearray, purpose: bytes, vault: bytes) -> bytes:
    """A key for one purpose only, from the vault's key."""
    return _derived(key, purpose + vault, salt=None)


def wrap(key: bytes | bytearray, content: bytes | bytearray, aad: bytes) -> bytes:
    """Seal a few bytes under a key, for one purpose."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, aad)


def unwrap(key: bytes | bytearray, sealed: bytes, aad: bytes) -> bytes | None:
    """The bytes again; None when the key, the purpose or the bytes are not the right ones."""
    if len(sealed) < NONCE_BYTES + 16:  # AES-GCM's tag
        return None
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except InvalidTag:
        return None


def counted(part: bytes) -> bytes:
    """A part of variable length, so that no two different lists of parts give the same bytes."""
    return len(part).to_bytes(2, "big") + part


def moved(key: bytes) -> bytearray:
    """The same key where it can be overwritten, and nowhere else."""
    fresh = bytearray(key)
    scrub(key)
    return fresh


def scrub(*secrets: bytes | bytearray | None) -> None:
    """Overwrite secrets in memory. The caller must not use them again.

    Python offers no such thing for ``bytes``, which are immutable to everyone but the interpreter;
    so the object's own memory is written over. Objects shared by the interpreter are left alone.
    """
    for secret in secrets:
        if isinstance(secret, bytearray):
            secret[:] = bytes(len(secret))
        elif isinstance(secret, bytes) and len(secret) > 1:
            ctypes.memset(id(secret) + sys.getsizeof(b"") - 1, 0, len(secret))


class Scrubs(Protocol):
    """Something that holds secrets, and can overwrite them."""

    def scrub(self) -> None:
        """Overwrite them."""


Held = TypeVar("Held", bound=Scrubs)


@contextmanager
def in_hand(held: Held) -> Iterator[Held]:
    """Overwritten in the end, whatever happens."""
    try:
        yield held
    finally:
        held.scrub()


@contextmanager
def handed_on(held: Held) -> Iterator[Held]:
    """Somebody else's to overwrite once all has gone well; overwritten here where it has not."""
    try:
        yield held
    except BaseException:
        held.scrub()
        raise


def _derived(key: bytes | bytearray, info: bytes, *, salt: bytes | None) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)
