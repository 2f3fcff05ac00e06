"""What is said of a family that is not to be told, or was not: with the officer's reason, in their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from field_app.capture.reaching import Untold

NOTHING_SENT: Final = "Nothing is sent. You decide what they are told."
MUST_NOT: Final = "Must not be told: somebody near the child must not know of this. Nothing is sent."
WEIGH_IT: Final = "Nothing is sent. Weigh that before you tell them anything."
NOT_TOLD: Final[Mapping[str, str]] = {
    "parents_informed": "The record says that no parent was told",
    "family_told": "The record says that the family was not told",
    "pr_informed": "The record says that somebody with parental responsibility was not told",
    "lived_with_informed": "The record says that whoever the child lived with was not told",
    "reporter_informed": "The record says that whoever reported it was not told",
    "protector_told": "The record says that an adult who could protect the child is not to be told",
}
"""By the end of the id of the question that the officer answered with it."""
OF_WHAT: Final[Mapping[str, str]] = {
    "ppn.family_told": "The record says that the family was not told of the PPN, because of risk",
    "hov.family_told": "The record says that the family was not told whom to ring now",
    "ppe.parents_informed": "The record says that no parent was told that police protection ended",
}
"""Where a form asks whether they were told of one thing alone, or its choice says why; by the whole id."""


def quoted(why: str) -> str:
    """The officer's own words."""
    return f"“{why.strip()}”"


def untold(one: Untold) -> str:
    """That somebody was not told, and why."""
    says = OF_WHAT.get(one.asked) or NOT_TOLD[one.asked.partition(".")[2]]
    return f"{says}: {quoted(one.why)}" if one.why.strip() else f"{says}."


def family(must_not: Sequence[str], not_told: Sequence[Untold], *, covert: bool) -> str:
    """What holds for the family: it is left to whoever decides only where nothing speaks against it."""
    reasons = [*map(quoted, must_not if covert else ()), *map(untold, not_told)]
    if covert:
        return " ".join([MUST_NOT, *reasons])
    return " ".join([*reasons, WEIGH_IT]) if reasons else NOTHING_SENT
