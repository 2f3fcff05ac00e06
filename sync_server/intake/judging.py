"""What an arriving revision is, next to what is already held. No input, no output, no clock."""

from __future__ import annotations

from enum import StrEnum


class Arrival(StrEnum):
    """New, heard before, ahead of what it builds on, or at odds with what is held."""

    NEW = "new"
    REPEATED = "repeated"
    EARLY = "early"
    CONFLICTING = "conflicting"


def judge(*, digest: str, base_rev: int, held: str | None, head: int) -> Arrival:
    """Compare a revision with the one held under its number, and with the newest revision of its record.

    A phone that never saw our receipt sends again. That must be harmless, so the
    same words are welcome any number of times. Other words under the same number
    never are, nor words that build on a revision which is not the newest: two
    officers' statements are never merged by a machine. One that has overtaken the
    revision it builds on waits for that.
    """
    if held is not None:
        return Arrival.REPEATED if held == digest else Arrival.CONFLICTING
    if base_rev > head:
        return Arrival.EARLY
    return Arrival.NEW if base_rev == head else Arrival.CONFLICTING
