"""A missing child as an officer writes it down at night, with invented people, and what the review says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Scalar, Why, frozen
from booklets.encounters import Encounter, begin, facts_of, review
from booklets.entities import Entity, EntityKind, new_id
from booklets.facts import Facts
from booklets.forms import Kind, Stage
from booklets.guides import Guide
from booklets.review import Problem
from booklets.stamps import Stamp
from tests.support.walks import FORCE, WELLS

NOW = datetime(2026, 3, 14, 2, 40, tzinfo=UTC)
REPORTED = NOW - timedelta(minutes=25)
SEEN_LAST = NOW - timedelta(hours=5)


def known(kind: EntityKind, **facts: Answer) -> Entity:
    """A person or a place, by the short names of what is known."""
    return Entity(
        new_id(), kind, MappingProxyType({f"{kind.value}.{one}": said for one, said in facts.items()})
    )


def somebody(**facts: Answer) -> Entity:
    """A person, by the short names of what is known of them."""
    return known(EntityKind.PERSON, **facts)


LEO_KNOWN: Mapping[str, Answer] = {
    "known_as": "Leo",
    "given_names": "Leo",
    "surname": "Marsh",
    "dob": "2011-06-02",
    "sex": "M",
    "ethnicity_sde": "W1",
}
LEO = somebody(**LEO_KNOWN)
MUM = somebody(
    known_as="Carol", relationship="mother", has_phone="yes", phones=({"number": "01632 960411"},)
)
PARK = known(EntityKind.PLACE, street="Valley Gardens", town="Harrogate", place_type="park")


def a_row(**cells: Scalar) -> tuple[Row, ...]:
    """One row of an answer."""
    return (MappingProxyType(cells),)


CALL: tuple[Row, ...] = (
    {"with": "edt_north_yorkshire", "at": Moment(NOW - timedelta(minutes=5)), "outcome": "accepted"},
)
BROADCAST: Mapping[str, Answer] = {
    "mis.abduction_suspected": "no",
    "mis.returned_before_report": "no",
    "mis.trigger_plan": "no",
    "mis.last_seen_at": Moment(SEEN_LAST),
    "mis.last_seen_place": str(PARK.id),
    "mis.clothing": a_row(item="Hooded coat", colour="black"),
    "mis.phone_status": "off",
    "mis.likely_places": a_row(place=str(PARK.id), why="Sits by the bandstand with friends"),
    "mis.dangers": "Leo cannot swim, and the becks are high after the rain.",
    "ra.f26_danger_to_others": "no",
    "ra.level_before": "medium",
}
HAPPENED: Mapping[str, Answer] = {
    "mis.reported_at": Moment(REPORTED),
    "mis.reporter": str(MUM.id),
    "mis.reporter_concern": "he has never been out past ten, not once",
    "mis.missing_from": "home",
    "mis.noticed_at": Moment(NOW - timedelta(hours=2)),
    "mis.last_seen_by": str(MUM.id),
    "mis.seen_last_alone": "alone",
    "mis.circumstances": "Carol says there was a row about homework at nine and Leo left by the back door.",
    "mis.intentions": "Carol thinks he meant to cool off for half an hour.",
    "ra.f05_reason": "yes",
    "ra.f05_evidence": a_row(what="A row about homework at nine", who="Carol, mother"),
    "mis.note_or_message": "no",
    "mis.missing_before": "no",
    "mis.steps_taken": a_row(what="Rang two friends, walked to the park", who="Carol", result="Not there"),
}
WHO: Mapping[str, Answer] = {
    "mis.associates": Gap(Why.NOT_KNOWN, "Carol knows no names"),
    "mis.last_contact": "no",
    "mis.transport": ("foot",),
    "mis.money_access": "About five pounds",
    "mis.carrying": "Nothing Carol knows of",
    "mis.online_activity": Gap(Why.NOT_KNOWN, "phone is with Leo"),
}
FACTORS = tuple(
    one.id
    for one in definitions.form("rsk").fields()
    if one.id.startswith("ra.f") and one.kind is Kind.YES_NO
)
NO_TO_EACH: Mapping[str, Answer] = {name: "no" for name in FACTORS if name != "ra.f05_reason"}
HEALTH: Mapping[str, Answer] = {
    "mis.weather_ok": "yes",
    "mis.trafficking_uasc": "no",
    "mis.contact_quarrel": "no",
    "mis.bereavement": "no",
}
WATER: Mapping[str, Answer] = {
    "ra.f25_weather_place": "yes",
    "ra.f25_evidence": a_row(what="Becks in flood, Leo cannot swim", who="Carol, mother"),
}
LEVEL: Mapping[str, Answer] = {
    "ra.trigger": "first",
    "ra.level": "medium",
    "ra.rationale": "Leo cannot swim, the becks by the gardens are in flood, and he left in the dark after "
    "a row; his phone is off and nobody has heard from him for five hours.",
    "ra.factors_relied_on": ("f05", "f25"),
    "ra.anything_unknown": "no",
    "ra.actions": a_row(
        what="Search Valley Gardens and the beck path by torch, then the bandstand",
        who="PC Wells",
        by="immediate",
    ),
    "ra.assessed_at": Moment(NOW),
    "ra.review_in": "two_hours",
}
TOLD: Mapping[str, Answer] = {"mis.la_informed": CALL, "mis.covert": "no", "mis.parents_informed": "told"}
HONEST: Mapping[str, Answer] = {
    **BROADCAST,
    **HAPPENED,
    **WHO,
    **NO_TO_EACH,
    **HEALTH,
    **WATER,
    **LEVEL,
    **TOLD,
}
BACK: Mapping[str, Answer] = {
    "mis.abduction_suspected": "no",
    "mis.returned_before_report": "yes",
    "mis.whereabouts_unknown_at_call": "yes",
    "mis.last_seen_at": Moment(SEEN_LAST),
    "mis.last_seen_place": str(PARK.id),
    "mis.reported_at": Moment(REPORTED),
    "mis.reporter": str(MUM.id),
    "mis.reporter_concern": "he has never been out past ten, not once",
}
AGAIN: Mapping[str, Answer] = {
    name: said for name, said in HONEST.items() if name.startswith("ra.") and name != "ra.trigger"
} | {"ra.trigger": "review_due"}


NOT_KNOWN = Gap(Why.NOT_KNOWN, "nobody could say")
CARE = "ra.f12_cp_plan_lac"
HEARD: Mapping[str, Answer] = {
    "mis.last_contact": "yes",
    "mis.last_contact_at": Moment(SEEN_LAST),
    "mis.last_contact_method": "message",
    "mis.last_contact_content": a_row(who="Leo", said="they wont let me go"),
    "mis.last_contact_crime": "yes",
}


@cache
def guide(name: str = "missing") -> Guide:
    """The pages of the report, or of a new assessment."""
    return definitions.guide(name)


def written(
    answers: Mapping[str, Answer | None], *people: Entity, child: Entity = LEO, name: str = "missing"
) -> Encounter:
    """An encounter with these answers; ``None`` takes one away."""
    begun = begin(guide(name), officer=WELLS, force=FORCE, unit="harrogate", at=Stamp(NOW), subject=child)
    everyone = {one.id: one for one in (child, MUM, PARK, *people)}
    given = {one: said for one, said in answers.items() if said is not None}
    return replace(begun, answers=frozen(given), entities=MappingProxyType(everyone))


def said_of(
    changed: Mapping[str, Answer | None],
    *people: Entity,
    stage: Stage = Stage.CAPTURE,
    child: Entity = LEO,
    now: datetime = NOW,
    name: str = "missing",
) -> list[Problem]:
    """What the review says of the honest report, or assessment, with these answers changed."""
    whole = HONEST if name == "missing" else AGAIN
    encounter = written({**whole, **changed}, *people, child=child, name=name)
    return review(encounter, guide(name), definitions.force(FORCE), now, stage)


def facts(answers: Mapping[str, Answer | None], name: str = "missing", child: Entity = LEO) -> Facts:
    """What the checks may know."""
    return facts_of(written(answers, child=child, name=name), guide(name), definitions.force(FORCE), NOW)


def yes(*factors: str) -> dict[str, Answer | None]:
    """A yes to these questions, with the lines it opens, and a level that rests on them all."""
    short = [one.partition("_")[0] for one in factors]
    lines = a_row(what="Said so at the door", who="Carol, mother")
    return {
        **{f"ra.{one}": "yes" for one in factors},
        **{f"ra.{one}_evidence": lines for one in short},
        "ra.factors_relied_on": ("f05", "f25", *short),
    }
