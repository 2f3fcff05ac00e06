"""What the force has decided that a handheld does, as it was told when it was enrolled or since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from field_app.handset.locked_vaults import forget_fingers
from field_app.sync.enrolment import Enrolled
from field_app.vault.pins import LEAST_DIGITS
from field_app.vault.vaults import Vaults

HALF_A_DAY: Final = 720
MOST_DAYS: Final = 90
MOST_DIGITS: Final = 12
MOST_HOURS: Final = 12
"""Whoever opens it with a finger gives the PIN at least so often."""
LONGEST_NUMBER: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long what was sent may be read here, when an idle handheld locks, how many vaults it holds.

    Without contact for ``max_offline`` it opens for nobody until the force was heard; for ``wipe_after``,
    where a force has set that, the keys are destroyed. ``support_phone`` is whom to ring about the handheld.
    For ``finger_hours`` after a PIN a finger or face opens the vault too, where its officer wants that.
    """

    keep_readable: timedelta = timedelta(minutes=60)
    lock_after: timedelta = timedelta(seconds=120)
    most_vaults: int = 6
    max_offline: timedelta = timedelta(days=14)
    wipe_after: timedelta | None = None
    least_pin_digits: int = LEAST_DIGITS
    support_phone: str = ""
    finger_hours: int = 0


def policy_from(said: Mapping[str, Any]) -> Policy:
    """The force's decisions, each within what is safe; what it has not said is as delivered."""
    usual = Policy()
    readable = _whole(said, "keep_readable_minutes", 0, HALF_A_DAY)
    lock = _whole(said, "lock_after_seconds", 30, 600)
    offline = _whole(said, "max_offline_days", 1, MOST_DAYS)
    max_offline = usual.max_offline if offline is None else timedelta(days=offline)
    wipe = _whole(said, "wipe_after_days", 0, MOST_DAYS)
    phone = said.get("support_phone")
    return Policy(
        keep_readable=usual.keep_readable if readable is None else timedelta(minutes=readable),
        lock_after=usual.lock_after if lock is None else timedelta(seconds=lock),
        most_vaults=_whole(said, "max_vaults", 1, 50) or usual.most_vaults,
        max_offline=max_offline,
        # Never before it has been closed, and said why, for as long as the force allows.
        wipe_after=max(timedelta(days=wipe), max_offline + timedelta(days=1)) if wipe else None,
        least_pin_digits=_whole(said, "least_pin_digits", LEAST_DIGITS, MOST_DIGITS) or LEAST_DIGITS,
        support_phone=phone if isinstance(phone, str) and len(phone) <= LONGEST_NUMBER else "",
        finger_hours=_whole(said, "finger_unlock_hours", 0, MOST_HOURS) or 0,
    )


def go_by(vaults: Vaults, enrolled: Enrolled | None) -> None:
    """The vaults hold to what the force has decided, and are sealed to the recovery key it has named.

    Where it lets no finger open them, what one would open goes at once. On the keeper's thread.
    """
    policy = policy_from(enrolled.policy) if enrolled else Policy()
    vaults.allow(policy.most_vaults, policy.least_pin_digits, policy.finger_hours)
    vaults.recoverable_by(enrolled.recovery if enrolled else None)
    if not policy.finger_hours:
        forget_fingers(vaults)


def _whole(said: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    value = said.get(name)
    return max(least, min(value, most)) if type(value) is int else None
