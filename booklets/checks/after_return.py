"""Checks on what teams write at a desk after a return: the independent interview, and their own review."""

from __future__ import annotations

from collections.abc import Sequence

from booklets.answers import Answer, codes_of, said
from booklets.checks.registry import check

HELD = frozenset({"held", "already_held"})
ACTED_ON = "acted_on"
NO_HARM = frozenset({"none_known", "not_known"})


@check
def closed_as_it_came(closed: Answer | None, outcome: Answer | None) -> bool:
    """An interview is closed as acted on only where one was held."""
    return closed != ACTED_ON or not HELD.isdisjoint(codes_of(outcome))


@check
def harm_is_followed(harm: Answer | None, follow_up: Answer | None, *, codes: Sequence[str]) -> bool:
    """Where harm was told, one of these follows. What follows may still be open: that is another matter."""
    told = set(codes_of(harm)) - NO_HARM
    return not told or not said(follow_up) or bool(set(codes_of(follow_up)) & set(codes))


@check
def often_is_flagged(number: Answer | None, flags: Answer | None, *, code: str, times: int) -> bool:
    """A child who was missing so often has the flag for it among those that were chosen."""
    often = isinstance(number, str) and number.isdecimal() and int(number) >= times
    return not often or not said(flags) or code in codes_of(flags)
