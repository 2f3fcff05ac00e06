"""R-33: a place that comes up in several episodes, or with several children, has somebody who owns it.

The task stays until somebody says who that is, at the console or in a record of the place, and is asked
again when the place still comes up after the force's time. The child's own home, and where it was brought
back to, are never such a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from booklets.checks.describing import ORDINARY
from sync_server.across import same
from sync_server.across.asked import Over
from sync_server.across.findings import Finding
from sync_server.across.seen import Episode, Filed, Seen, Tied, done_with
from sync_server.identity.accounts import Role

RULE, KIND = "R-33", "own_hotspot"
CONCERN, OWNER, IS_OF_CONCERN = "HOT", "hot.owner", "x-placeOfConcern"
COMES_UP = frozenset({"foundAt", "x-stayedAt", "x-lastSeenAt", IS_OF_CONCERN})
LIVES_THERE = frozenset({"residesAt", "x-leftAt"})
HAS_A_NAME = frozenset(
    {"licensed_premises", "hotel", "takeaway", "shop", "transport_hub", "park", "derelict"}
)
"""Kinds of place that are called something by everybody."""


def hotspots(seen: Seen) -> Iterator[Finding]:
    """One finding for each place that has come up too often, on the latest record that names it."""
    least_episodes = seen.number("hotspot_episodes", 3)
    least_children = seen.number("hotspot_children", 2)
    within = timedelta(days=seen.number("hotspot_days", 90))
    mentions, owned = same.members(seen.place), _owned(seen)
    for place, episodes in sorted(named(seen).items()):
        latest = max(episodes, key=lambda one: (one.at, one.id))
        together = [one for one in episodes if latest.at - one.at <= within]
        children = {one.child for one in together}
        enough = len(together) >= least_episodes or len(children) >= least_children
        has_owner = place in owned and seen.now - owned[place].arrived <= within
        if enough and not has_owner and seen.now - latest.at <= within:
            yield Finding(
                rule=f"{RULE}/{place}",
                kind=KIND,
                owner=Role.MHET.value,
                on=episodes[latest],
                due=seen.now + timedelta(minutes=seen.number("minutes_to_name_an_owner", 4320)),
                about=mentions[place],
                event=frozenset(one.record for one in latest.records),
                settled_since=seen.now - within,
            )


def ended_hotspots(seen: Seen) -> Iterator[Over]:
    """What had asked for an owner is over once a record of the place names one."""
    owned = _owned(seen)
    for one in seen.asked:
        record = owned.get(seen.place.get(one.about, "")) if one.is_open and one.kind == KIND else None
        if record is not None and record.arrived >= one.set_at:
            yield done_with(one, record)


def where(row: Mapping[Any, Any]) -> str:
    """A place for those who may read of no child: what officers called it only where everybody calls it so.

    "Lily's house" is a name that somebody gave it, with a child's in it; the Old Grand is a hotel.
    """
    parts = {
        name: same.word(row, f"place.{name}") for name in ("name", "building", "street", "town", "county")
    }
    if same.word(row, "place.place_type") not in HAS_A_NAME:
        parts.pop("name")
    return ", ".join(part for part in (*parts.values(), str(row["postcode"])) if part)


def _owned(seen: Seen) -> Mapping[str, Filed]:
    """The places that have an owner, each with the last record of it that says who."""
    return {
        seen.place[tie.to_id]: one
        for one in seen.filed
        if one.type == CONCERN and OWNER not in {*one.flags.get("missing", ()), *one.flags.get("gaps", ())}
        for tie in seen.ties_of.get(one.record, ())
        if tie.type == IS_OF_CONCERN and tie.to_id in seen.place
    }


def named(seen: Seen) -> Mapping[str, Mapping[Episode, Filed]]:
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
