"""Reads how a form's records are filed, and which of its answers are signs of danger or harm.

Both stand at the top of a form, before its sections::

    [filing]
    event = "x-return"          # what the register calls such a record
    began = ["found_at"]        # the questions that say when it began: the first that is answered
    missing = true              # the child was missing: the record is part of an episode
    episode_began = [...]       # which questions know when that began, and when it ended
    episode_ended = [...]
    specialists = "vat"         # who decides once the supervisor has

    [shows]                     # conditions, as everywhere; each answer is one of this form's own
    danger = { danger_now = "yes" }
"""

from __future__ import annotations

from collections.abc import Mapping

from booklets.conditions import NEVER, Condition
from booklets.definitions.tables import Table, check_condition, choices_of, full, nearest
from booklets.forms import Field, Filing, Kind, Sign

SPECIALISTS = frozenset({"vat"})


def read_filing(table: Table, prefix: str, known: Mapping[str, Field]) -> Filing:
    """How the register files a record of this form."""
    part = table.table("filing")
    if part is None:
        return Filing()
    filing = Filing(
        event=part.text("event"),
        began=_moments(part, "began", prefix, known),
        missing=part.flag("missing"),
        episode_began=_moments(part, "episode_began", prefix, known),
        episode_ended=_moments(part, "episode_ended", prefix, known),
        specialists=part.text("specialists", ""),
    )
    part.done()
    if filing.specialists and filing.specialists not in SPECIALISTS:
        raise part.wrong(f"specialists is never {filing.specialists!r} ({choices_of(SPECIALISTS)})")
    if (filing.episode_began or filing.episode_ended) and not filing.missing:
        raise part.wrong("only a record about a missing child knows when an episode began or ended")
    return filing


def read_signs(table: Table, prefix: str, known: Mapping[str, Field]) -> Mapping[Sign, Condition]:
    """The answers that are a sign of something grave, by what they show."""
    part = table.table("shows")
    if part is None:
        return {}
    found: dict[Sign, Condition] = {}
    for name in part.content:
        if name not in set(Sign):
            raise part.wrong(f"there is no sign {name!r}{nearest(name, Sign)}")
        found[Sign(name)] = part.condition(name, prefix=prefix, default=NEVER)
        check_condition(part, name, found[Sign(name)], known, {})
    return found


def _moments(table: Table, key: str, prefix: str, known: Mapping[str, Field]) -> tuple[str, ...]:
    names = tuple(full(name, prefix) for name in table.words(key))
    for name in names:
        if name not in known:
            raise table.wrong(f"{key}: there is no question {name!r}{nearest(name, known)}")
        if known[name].kind is not Kind.MOMENT:
            raise table.wrong(f"{key}: {name} is a {known[name].kind} and not a moment")
    return names
