"""Policies: what a force has decided that its handhelds do, signed, so that it reaches them at any time.

    {"force","issued":"…Z","number":4,"policy":{"lock_after_seconds":120,…},"sig":"…","v":1}

A signed statement (``signing.py``) by the root key under "hwd/policy/1". ``policy`` holds whole numbers
and short texts; a device knows what it knows of them and lets the rest be. ``number`` grows with
every change: a device never goes back to a lower one, so nobody can bring back what a force had allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from . import canonical
from .errors import PolicyRefused
from .signing import SigningKey, read_statement, sign_statement

MAX_POLICY = 8192
LONGEST_TEXT = 80
"""Ours: far more than a policy needs, and the longest text that a lock screen shows."""

_DOMAIN = b"hwd/policy/1"
_NAMES = frozenset({"force", "number", "issued", "policy"})


@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """A policy whose signature was checked."""

    force: str
    number: int
    issued: datetime
    policy: Mapping[str, int | str]


def sign_policy(
    policy: Mapping[str, int | str], *, force: str, number: int, issued: datetime, root: SigningKey
) -> bytes:
    """The policy as signed JSON. ``number`` must be higher than that of any issued before."""
    fields = {"force": force, "number": number, "issued": canonical.instant(issued), "policy": dict(policy)}
    data = sign_statement(fields, domain=_DOMAIN, key=root)
    read_policy(data, root.public, force=force, after=number - 1)
    return data


def read_policy(data: bytes, root_public: bytes, *, force: str, after: int) -> SignedPolicy:
    """The policy in ``data``, if it is this force's and newer than ``after``, the number of the one held."""
    try:
        statement = read_statement(data, _NAMES, limit=MAX_POLICY)
        found = _policy(statement.fields)
    except ValueError:
        raise PolicyRefused("This is not a policy of version 1.") from None
    statement.check(root_public, domain=_DOMAIN)
    if found.force != force:
        raise PolicyRefused("This policy is another force's.")
    if found.number <= after:
        raise PolicyRefused("This policy is not newer than the one already held.")
    return found


def _policy(said: Mapping[str, object]) -> SignedPolicy:
    force, number, policy = canonical.text(said["force"]), canonical.whole(said["number"]), said["policy"]
    if not number or not isinstance(policy, dict) or not all(map(_is_decision, policy.values())):
        raise ValueError("a decision is a whole number or a short text")
    return SignedPolicy(force, number, canonical.moment(said["issued"]), MappingProxyType(policy))


def _is_decision(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and value.isprintable()
    return type(value) is int and value >= 0
