"""R-31: a child who is missing again and again is looked at together with the council.

A handheld says so by what police systems showed that night; this counts the episodes that are here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sync_server.across.findings import Finding
from sync_server.across.seen import Episode, Seen
from sync_server.identity.accounts import Role

RULE, KIND = "R-31", "repeat_missing"
SETTING = "repeat_missing"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in so many days; with ``also`` only where a record of the child shows that sign too."""

    times: int
    days: int
    also: str = ""


DEFAULT = (Limit(3, 30), Limit(3, 90))


def limits(seen: Seen) -> Sequence[Limit]:
    """The force's limits, or the product's."""
    said = seen.settings.get(SETTING)
    if not isinstance(said, list):
        return DEFAULT
    return tuple(Limit(one["times"], one["days"], one.get("also", "")) for one in said)


def missing_often(seen: Seen) -> Iterator[Finding]:
    """One finding for each child whose latest episode is one too many."""
    for child, times in sorted(seen.times_missing.items()):
        latest = times[-1]
        if any(_is_over(one, times, seen) for one in limits(seen)):
            yield Finding(
                rule=RULE,
                kind=KIND,
                owner=Role.MHET.value,
                on=latest.first,
                due=seen.now + timedelta(minutes=seen.number("minutes_to_find_out", 1440)),
                about=frozenset(one.subject for one in seen.of_child[child]),
                event=frozenset(one.record for one in latest.records),
            )


def _is_over(limit: Limit, times: Sequence[Episode], seen: Seen) -> bool:
    """Whether the latest episode makes it so many in so many days, and that not long ago."""
    within = timedelta(days=limit.days)
    latest = times[-1].at
    together = [one for one in times if latest - one.at <= within]
    if len(together) < limit.times or seen.now - latest > within:
        return False
    return not limit.also or any(
        one.flags.get(limit.also) for episode in together for one in episode.records
    )
