"""Each rule on what is known of a person, a place or an object, both ways."""

from __future__ import annotations

from booklets.answers import Answer
from booklets.entities import Entity, EntityKind
from booklets.positions import position_row
from tests.booklets.tried.nights import NIGHTS
from tests.support.missing import LEO_KNOWN, NOW, a_row, known
from tests.support.tried import Changed, Said, Tries, both_ways

REPORT, INTERVIEW, SEARCH = NIGHTS["missing"], NIGHTS["return_check"], NIGHTS["search"]
HERE = position_row(54.28139, -0.40127, 11.2, NOW)


def leo(**facts: Answer) -> Said:
    """The child, with more known of him."""
    return Said(child=known(EntityKind.PERSON, **{**LEO_KNOWN, **facts}))


def named(kind: EntityKind, **facts: Answer) -> Said:
    """The place where a child was last seen, or what a search found."""
    one = known(kind, **facts)
    where: Changed = {"mis.last_seen_place": str(one.id)}
    found: Changed = {"srch.found_things": (str(one.id),)}
    return Said(changed=where if kind is EntityKind.PLACE else found, people=(one,))


def suspect(age: str) -> Said:
    """Somebody whom a child calls the one who did it."""
    one: Entity = known(EntityKind.PERSON, known_as="Baz", age_estimate=age)
    return Said(changed={"pi.disclosure_stop": "yes", "pi.stop_who": (str(one.id),)}, people=(one,))


OF_A_PERSON: list[Tries] = [
    ("B-01", leo(given_names="Leo " + "A" * 40), leo(), "more letters than other systems take"),
    ("B-01a", leo(surname="M" * 40), leo(), "more letters than other systems take"),
    ("B-02", leo(nhs_no="943 476 5918"), leo(nhs_no="943 476 5919"), "its last figure is wrong"),
    (
        "B-03",
        leo(has_phone="yes", phones=a_row(number="0163")),
        leo(has_phone="yes", phones=a_row(number="01632 960411")),
        "too short to ring",
    ),
    (
        "B-03a",
        leo(social_worker_phone="0163"),
        leo(social_worker_phone="01632 960411"),
        "too short to ring",
    ),
    (
        "W-03",
        leo(is_online="yes", online=a_row(platform="other")),
        leo(is_online="yes", online=a_row(platform="other", platform_other="Kik")),
        "on which app",
    ),
    (
        "W-04",
        leo(addresses=a_row(type="other")),
        leo(addresses=a_row(type="other", note="Sleeps there on Fridays")),
        "what sort of address",
    ),
]
PLACE, OBJECT = EntityKind.PLACE, EntityKind.OBJECT
REFUGE = "Women's refuge, ring first"
OF_A_PLACE: list[Tries] = [
    ("B-04", named(PLACE, place_type="street"), named(PLACE, town="Leeds"), "nobody could find it"),
    ("B-05", named(PLACE, postcode="HG1 1Z"), named(PLACE, postcode="HG1 1ZZ"), "no postcode"),
    ("B-06", named(PLACE, uprn="12 Mill Lane"), named(PLACE, uprn="100050426471"), "no such number"),
    (
        "B-07",
        named(PLACE, what3words="filled.count"),
        named(PLACE, what3words="filled.count.soap"),
        "two words",
    ),
    (
        "B-09",
        named(PLACE, description=REFUGE, position=(HERE,)),
        named(PLACE, description="Car park behind the arches", position=(HERE,)),
        "a refuge, to the metre",
    ),
]
OF_AN_OBJECT: list[Tries] = [
    (
        "B-08",
        named(OBJECT, object_type="vehicle", identifier="grey van"),
        named(OBJECT, object_type="vehicle", identifier="AB12 CDE"),
        "no registration mark",
    )
]
OF_THINGS = [
    *both_ways("person", REPORT, OF_A_PERSON),
    *both_ways("person", INTERVIEW, [("S-10", suspect("8"), suspect("31"), "eight, and a suspect")]),
    *both_ways("place", REPORT, OF_A_PLACE),
    *both_ways("object", SEARCH, OF_AN_OBJECT),
]
