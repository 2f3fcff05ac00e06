"""Checks on what is known of the child whom others are to look for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from booklets.checks.dates import day_of, uk_time
from booklets.checks.registry import Spot, record_check
from booklets.facts import Facts

MONTHS = 12


@record_check
def known_of_the_child(facts: Facts, *, wanted: Mapping[str, str]) -> Sequence[Spot]:
    """Each of these facts is known of the child, or it is said of it that nobody knows."""
    child = facts.child()
    if child is None:
        return []
    left = [name for name in wanted if name not in child.facts]
    return [Spot((left[0],), words=", ".join(wanted[name] for name in left))] if left else []


@record_check
def photo_is_recent(facts: Facts, *, taken: str, months: int) -> Sequence[Spot]:
    """The child's photo is no older than the force says, where it is known when it was taken."""
    child = facts.child()
    said = child.facts.get(taken) if child else None
    on = day_of(said) if isinstance(said, str) else None
    if on is None or facts.now is None:
        return []
    today = uk_time(facts.now).date()
    old = (today.year - on.year) * MONTHS + today.month - on.month - (today.day < on.day)
    return [Spot((taken,), words=f"{on:%B} {on.year}")] if old >= months else []
