"""One-time codes and secrets: made here, typed by people, kept only as hashes.

An enrolment code has ten characters of Crockford's alphabet, 50 bits, and is shown as ``K7QP-3M9X-TD``.
Typing it in lower case, without dashes, or with O for 0 and I or L for 1 is forgiven.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
CODE_LENGTH = 10
GROUP = 4
COMPARE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628 6.1: no vowels, so no words; easy to compare aloud
COMPARE_LENGTH = 8
SECRET_BYTES = 32

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def new_code() -> str:
    """A fresh enrolment code, as ten characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def shown(code: str) -> str:
    """A code in groups of four, as a person reads it."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def as_typed(typed: str) -> str | None:
    """The code a person meant, or None when it cannot be one."""
    code = typed.upper().translate(_FORGIVEN)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def new_compare_code() -> str:
    """What the handheld and the browser both show, so that a person sees that they belong together."""
    return shown("".join(secrets.choice(COMPARE_ALPHABET) for _ in range(COMPARE_LENGTH)))


def new_secret() -> str:
    """An unguessable token of 256 bits, safe in a header or a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def fingerprint(secret: str) -> str:
    """How a code or token is kept and looked up.

    Plain SHA-256, not Argon2: a token has 256 random bits, and a code lives for minutes, once, behind a
    limit on tries. Looking up by the hash leaves nothing for a timing attack to learn about the secret.
    """
    return sha256(b"hwd/token/1\x00" + secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return secrets.compare_digest(one.encode(), other.encode())


def new_password() -> str:
    """A first password that a person can copy from paper: as a code, 50 bits, in small letters."""
    return shown(new_code()).lower()
