"""R-33: a place that comes up in several episodes, or with several children, has somebody who owns it.

The task stays until somebody says who that is, and is asked again when the place still comes up after the
force's time. The child's own home, and where it was brought back to, are never such a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sync_server.across import same
from sync_server.across.findings import Finding
from sync_server.across.seen import Episode, Filed, Seen, Tied
from sync_server.identity.accounts import Role

RULE, KIND = "R-33", "own_hotspot"
COMES_UP = frozenset({"foundAt", "x-stayedAt", "x-lastSeenAt", "x-placeOfConcern"})
LIVES_THERE = frozenset({"residesAt", "x-leftAt"})
ORDINARY = frozenset({"home", "placement", "school", "hospital", "police_station", "online"})
"""Kinds of place that children are at anyway, or that are no place to look after."""


def hotspots(seen: Seen) -> Iterator[Finding]:
    """One finding for each place that has come up too often, on the latest record that names it."""
    least_episodes = seen.number("hotspot_episodes", 3)
    least_children = seen.number("hotspot_children", 2)
    within = timedelta(days=seen.number("hotspot_days", 90))
    mentions = same.members(seen.place)
    for place, named in sorted(_named(seen).items()):
        latest = max(named, key=lambda one: (one.at, one.id))
        together = [one for one in named if latest.at - one.at <= within]
        children = {one.child for one in together}
        enough = len(together) >= least_episodes or len(children) >= least_children
        if enough and seen.now - latest.at <= within:
            yield Finding(
                rule=f"{RULE}/{place}",
                kind=KIND,
                owner=Role.MHET.value,
                on=named[latest],
                due=seen.now + timedelta(minutes=seen.number("minutes_to_name_an_owner", 4320)),
                about=mentions[place],
                event=frozenset(one.record for one in latest.records),
                settled_since=seen.now - within,
            )


def _named(seen: Seen) -> Mapping[str, Mapping[Episode, Filed]]:
    """For each place the episodes it came up in."""
    lived = _lived_in(seen)

    def which(tie: Tied, episode: Episode) -> str | None:
        place = seen.place.get(tie.to_id)
        counts = tie.type in COMES_UP and place is not None and (episode.child, place) not in lived
        return place if counts and not _is_ordinary(seen, tie.to_id) else None

    return seen.named(which)


def _lived_in(seen: Seen) -> frozenset[tuple[str, str]]:
    """Which child lives where, or was brought back where."""
    return frozenset(
        (seen.episode_of[tie.record].child, seen.place.get(tie.to_id, tie.to_id))
        for tie in seen.ties
        if tie.type in LIVES_THERE and tie.record in seen.episode_of
    )


def _is_ordinary(seen: Seen, id_: str) -> bool:
    return same.word(seen.places[id_], "place.place_type") in ORDINARY
