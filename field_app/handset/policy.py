"""What the force has decided that a handheld does, as it was told when it was enrolled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

HALF_A_DAY: Final = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long what was sent may be read here, when an idle handheld locks, how many vaults it holds."""

    keep_readable: timedelta = timedelta(minutes=60)
    lock_after: timedelta = timedelta(seconds=120)
    most_vaults: int = 6


def policy_from(said: Mapping[str, Any]) -> Policy:
    """The force's decisions, each within what is safe; what it has not said is as delivered."""
    usual = Policy()
    readable = _whole(said, "keep_readable_minutes", 0, HALF_A_DAY)
    lock = _whole(said, "lock_after_seconds", 30, 600)
    return Policy(
        keep_readable=usual.keep_readable if readable is None else timedelta(minutes=readable),
        lock_after=usual.lock_after if lock is None else timedelta(seconds=lock),
        most_vaults=_whole(said, "max_vaults", 1, 50) or usual.most_vaults,
    )


def _whole(said: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    value = said.get(name)
    return max(least, min(value, most)) if type(value) is int else None
