"""R-34: one adult beside several missing children is intelligence, and a reason to consider a notice.

A child abduction warning notice is a decision of people; the task only asks them to consider it. Family,
carers and professionals are beside several children for good reasons, and count only as suspects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sync_server.across import same
from sync_server.across.findings import Finding
from sync_server.across.seen import Episode, Filed, Seen
from sync_server.identity.accounts import Role

RULE, KIND = "R-34", "adult_beside_several"
SUSPECTED = "x-suspectedIn"
BESIDE = frozenset({"foundWith", "x-last-seen-with", "x-associate", SUSPECTED})
PHONE = "personalTelephone"
GROWN_UP = 18
CHILDREN = frozenset(
    {"friend_child", "schoolmate", "partner_child", "sibling", "half_step_sibling", "own_child"}
)
FAMILY_AND_WORK = frozenset(
    {
        *("mother", "father", "step_parent", "adoptive_parent", "foster_carer", "special_guardian"),
        *(
            "kinship_carer",
            "residential_worker",
            "key_worker",
            "grandparent",
            "aunt_uncle",
            "other_relative",
        ),
        *("youth_worker", "teacher", "social_worker", "youth_justice_worker", "health_professional"),
    }
)


def beside_several(seen: Seen) -> Iterator[Finding]:
    """One finding for each adult who was beside too many children, on the latest record that names them."""
    least = seen.number("adult_beside_children", 2)
    within = timedelta(days=seen.number("adult_beside_days", 365))
    adults = beside(seen)
    mentions = same.members(adults)
    for adult, episodes in sorted(_named(seen, adults).items()):
        latest = max(episodes, key=lambda one: (one.at, one.id))
        together = [one for one in episodes if latest.at - one.at <= within]
        if len({one.child for one in together}) < least or seen.now - latest.at > within:
            continue
        yield Finding(
            rule=f"{RULE}/{adult}",
            kind=KIND,
            owner=Role.MHET.value,
            on=episodes[latest],
            due=seen.now + timedelta(minutes=seen.number("minutes_to_find_out", 1440)),
            about=mentions[adult],
            event=frozenset(one.record for one in latest.records),
        )


def beside(seen: Seen) -> Mapping[str, str]:
    """For everybody beside a child who is not known to be one, the id that stands for the same person."""
    children = {one.subject for one in seen.filed}
    beside = {tie.to_id for tie in seen.ties if tie.type in BESIDE}
    suspects = {tie.to_id for tie in seen.ties if tie.type == SUSPECTED}
    rows = {
        id_: row
        for id_ in beside
        if id_ not in children
        and (row := seen.people.get(id_))
        and _may_be(row, suspected=id_ in suspects, on=seen.now.date())
    }
    phones: dict[str, list[str]] = {}
    for tie in seen.ties:
        if tie.type == PHONE and tie.from_id in rows and tie.to_id in seen.numbers:
            phones.setdefault(tie.from_id, []).append(seen.numbers[tie.to_id])
    return same.adults(rows, phones)


def _may_be(row: Mapping[str, Any], *, suspected: bool, on: date) -> bool:
    """Whether this is somebody to look at: grown up as far as is known, and not there for a good reason."""
    relationship, about = same.word(row, "person.relationship"), same.word(row, "person.age_estimate")
    if relationship in CHILDREN or (relationship in FAMILY_AND_WORK and not suspected):
        return False
    born = same.day_in(row["born"])
    if born is not None:
        return (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) >= GROWN_UP
    return not about.isdecimal() or int(about) >= GROWN_UP


def _named(seen: Seen, adults: Mapping[str, str]) -> Mapping[str, Mapping[Episode, Filed]]:
    """For each adult the episodes in which they were beside the child."""
    return seen.named(lambda tie, _: adults.get(tie.to_id) if tie.type in BESIDE else None)
