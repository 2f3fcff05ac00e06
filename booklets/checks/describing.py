"""Checks on what is known of the child whom others are to look for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from booklets.answers import codes_of
from booklets.checks.dates import age_on, day_of, uk_time
from booklets.checks.registry import Spot, entity_check, record_check
from booklets.entities import Entity
from booklets.facts import Facts, ids_in

MONTHS = 12
NUMBER, NO_NUMBER = "person.phones", "person.has_phone"
OLDER = 13
"""From this age on facial hair may tell a child apart."""
ORDINARY = frozenset({"home", "placement", "school", "hospital", "police_station", "online"})
"""Kinds of place that children are at anyway, or that are no place to look after."""
WATCH = "place.is_hotspot_candidate"


@record_check
def known_of_the_child(
    facts: Facts, *, wanted: Mapping[str, str], of_the_older: Sequence[str] = ()
) -> Sequence[Spot]:
    """Each of these facts is known of the child, or it is said of it that nobody knows.

    Those ``of_the_older`` are not wanted of a child who is known to be younger than that.
    """
    child = facts.child()
    if child is None:
        return []
    age = _age(child, facts)
    spared = of_the_older if age is not None and age < OLDER else ()
    left = [name for name in wanted if name not in child.facts and name not in spared]
    return [Spot((left[0],), words=", ".join(wanted[name] for name in left))] if left else []


@record_check
def everybody_can_be_rung(facts: Facts, *, fields: Sequence[str]) -> Sequence[Spot]:
    """Of whoever is named in these questions a number is known, or it is said that there is none."""
    return [
        Spot((name,), words=one.word("known_as") or one.word("given_names") or one.word("surname"))
        for name in fields
        for id_ in ids_in(facts.answers.get(name))
        if (one := facts.entities.get(id_)) is not None and not {NUMBER, NO_NUMBER} & set(one.facts)
    ]


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


@record_check
def school_is_known(facts: Facts, *, field: str, at_home: str, youngest: int, oldest: int) -> Sequence[Spot]:
    """Of a child of school age the school is known, or why not. Whoever is taught at home has none."""
    child = facts.child()
    if child is None or field in child.facts or child.facts.get(at_home) == "yes":
        return []
    age = _age(child, facts)
    away = age is not None and not youngest <= age <= oldest
    return [] if away else [Spot((field,), entity=str(child.id))]


@entity_check
def asked_whether_to_watch(
    entity: Entity,
    facts: Facts,
    *,
    fields: Sequence[str],
    brought_to: Sequence[str] = (),
    but: Sequence[str] = (),
) -> bool:
    """Of each place where the child was found or stayed it is said whether it may be one to watch.

    Not of homes and schools, where children are anyway, nor of where the child was ``brought_to``, nor of
    what stands in another question as well that is spared or asks the same (``but``).
    """
    if WATCH in entity.facts or _is_ordinary(entity) or _is_named(entity, facts, (*brought_to, *but)):
        return True
    return not _is_named(entity, facts, fields)


@entity_check
def not_a_place_to_watch(
    entity: Entity, facts: Facts, *, fields: Sequence[str], but: Sequence[str] = ()
) -> bool:
    """No place where the child was found or stayed is said to be one that children go missing to.

    Of what stands in another question that asks the same (``but``), that one says so.
    """
    if entity.facts.get(WATCH) != "yes" or _is_named(entity, facts, but):
        return True
    return not _is_named(entity, facts, fields)


def _is_named(entity: Entity, facts: Facts, fields: Sequence[str]) -> bool:
    return any(entity.id in ids_in(facts.answers.get(name)) for name in fields)


def _is_ordinary(place: Entity) -> bool:
    return bool(ORDINARY & set(codes_of(place.facts.get("place.place_type"))))


def _age(child: Entity, facts: Facts) -> int | None:
    return age_on(child, uk_time(facts.now).date()) if facts.now is not None else None
