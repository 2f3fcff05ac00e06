"""Passwords, kept as Argon2id hashes in the usual text form (PHC).

The cost is RFC 9106's second choice: 64 MiB, three passes, four lanes. Two are worked out at a time, so
that a burst of sign-ins costs time and not the server's memory.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SALT_BYTES = 16
HASH_BYTES = 32
LONGEST_PASSWORD = 1024

_at_once = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess costs."""

    memory_kib: int
    passes: int
    lanes: int


FULL_COST = Cost(memory_kib=64 * 1024, passes=3, lanes=4)
DRAWN_COST = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
"""For the passwords of a demonstration: a machine has drawn them, and whoever started it may read them."""


def hash_password(password: str, cost: Cost) -> str:
    """The hash to keep. Its cost is written in it."""
    kdf = Argon2id(
        salt=os.urandom(SALT_BYTES),
        length=HASH_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    with _at_once:
        return kdf.derive_phc_encoded(password.encode())


def fits(password: str, kept: str) -> bool:
    """Whether this is the password whose hash was kept. Takes as long as the hash's cost says."""
    if len(password) > LONGEST_PASSWORD:
        return False
    with _at_once:
        try:
            Argon2id.verify_phc_encoded(password.encode(), kept)
        except InvalidKey:
            return False
    return True
