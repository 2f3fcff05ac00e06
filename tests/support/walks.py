"""A return check as officers walk it at night, with invented people, and what the review says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why, frozen
from booklets.encounters import Encounter, begin, review
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Stage
from booklets.guides import Guide
from booklets.records import Author
from booklets.review import Problem
from booklets.stamps import Stamp

NOW = datetime(2026, 3, 14, 2, 41, tzinfo=UTC)
FOUND = NOW - timedelta(minutes=10)
FORCE = "north_yorkshire"
WELLS = Author("NYP-1234", "PC Dana Wells", "PC", "1234", "Scarborough")

AMY = Entity(
    new_id(),
    EntityKind.PERSON,
    MappingProxyType(
        {
            "person.known_as": "Amy",
            "person.given_names": "Amy",
            "person.surname": "Brook",
            "person.dob": "2011-01-09",
            "person.sex": "F",
            "person.ethnicity_sde": "W1",
        }
    ),
)
MUM = Entity(
    new_id(),
    EntityKind.PERSON,
    MappingProxyType({"person.known_as": "Karen", "person.relationship": "mother"}),
)
HOME = Entity(
    new_id(),
    EntityKind.PLACE,
    MappingProxyType({"place.street": "14 Saltern Row", "place.town": "Scarborough"}),
)
AUNT = Entity(
    new_id(),
    EntityKind.PERSON,
    MappingProxyType({"person.known_as": "Jo", "person.relationship": "aunt_uncle"}),
)


def call(outcome: str = "accepted", minutes: int = 5) -> tuple[Row, ...]:
    """The duty team was rung so many minutes after Amy was found."""
    row: Row = MappingProxyType(
        {"with": "edt_north_yorkshire", "at": Moment(FOUND + timedelta(minutes=minutes)), "outcome": outcome}
    )
    return (row,)


BACK: Mapping[str, Answer] = {
    "ret.returned_before_report": "no",
    "ret.found_at": Moment(FOUND),
    "ret.found_place": str(HOME.id),
    "ret.found_how": "alone",
    "ret.condition": ("awake_talking", "tired_hungry"),
    "pi.injured": "no",
    "ret.medical_needed": "no",
    "ret.clothing_changed": "no",
}
SEEN: Mapping[str, Answer] = {"pi.face_to_face": "yes", "pi.engaged": "yes", "pi.bwv": "yes"}
TALK: Mapping[str, Answer] = {
    "pi.at": Moment(NOW),
    "pi.seen_alone": "yes",
    "pi.supporting_adult_wanted": "no",
    "pi.child_words": (
        MappingProxyType(
            {
                "who": "Amy",
                "to": "me",
                "asked": "Tell me about tonight.",
                "said": "I went to my auntie's, nobody rang me.",
            }
        ),
    ),
    "pi.why_left": "A row about the phone at tea, about six.",
    "pi.where": (str(HOME.id),),
    "pi.who": (str(AUNT.id),),
    "pi.worries": "that mum will take the phone",
    "pi.wants": "to sleep, and to talk tomorrow; trusts auntie Jo",
    "pi.prevent": "if mum asked first",
}
SAW: Mapping[str, Answer] = {
    "pi.demeanour": "Sat on the stairs, warm drink, answered in full sentences, yawned twice.",
    "pi.carer_view": "Karen says there was a row about the phone and Amy ran out at six.",
}
EIGHT = (
    "pi.harm",
    "pi.pressured",
    "pi.debt",
    "pi.online",
    "pi.substances",
    "pi.self_harm_now",
    "pi.home_afraid",
    "ret.new_items",
)
CLOSE: Mapping[str, Answer] = {
    "ret.return_place": str(HOME.id),
    "ret.left_with": (str(MUM.id),),
    "pi.danger_now": "no",
    "pi.home_safe": "yes",
    "ret.la_informed": call(),
    "pi.hbv_fm_fgm": "no",
    "ret.covert": "no",
    "ret.parents_informed": "told",
    "pi.other_children": "no",
    "pi.ppn_needed": "no",
    "pi.ppn_needed_because": "Asked alone about harm, debt, people, home: no to each; slept at her aunt's.",
    "pi.rhi_told": "yes",
}
HONEST: Mapping[str, Answer] = {**BACK, **SEEN, **TALK, **SAW, **dict.fromkeys(EIGHT, "no"), **CLOSE}
ASLEEP: Mapping[str, Answer] = {
    **BACK,
    "ret.condition": ("asleep",),
    **SEEN,
    "pi.engaged": "asleep",
    "pi.not_engaged_detail": "Asleep on the sofa, breathing evenly, colour good. PC Amin goes back at 10.",
    "pi.demeanour": "Asleep, shoes on, turned over when her mother spoke.",
    "pi.carer_view": "Karen says Amy came in alone at half past two and lay down.",
    "ret.new_items": Gap(Why.NOT_ASKED, "asleep"),
    **CLOSE,
}


@cache
def guide() -> Guide:
    """The return check."""
    return definitions.guide("return_check")


def check_of(answers: Mapping[str, Answer], child: Entity = AMY, *people: Entity) -> Encounter:
    """A return check with these answers."""
    begun = begin(guide(), officer=WELLS, force=FORCE, unit="scarborough", at=Stamp(NOW), subject=child)
    everyone = {one.id: one for one in (child, MUM, HOME, AUNT, *people)}
    return replace(begun, answers=frozen(answers), entities=MappingProxyType(everyone))


def looked_at(
    answers: Mapping[str, Answer],
    *people: Entity,
    stage: Stage = Stage.CAPTURE,
    child: Entity = AMY,
    now: datetime = NOW,
) -> list[Problem]:
    """What the review says."""
    return review(check_of(answers, child, *people), guide(), definitions.force(FORCE), now, stage)


def found_by(problems: list[Problem], *effects: Effect) -> set[str]:
    """The rules that found something, of these effects."""
    return {one.code for one in problems if not effects or one.effect in effects}


def needed(problems: list[Problem]) -> set[str]:
    """Which questions still need an answer."""
    return {name for one in problems if one.code == "needed" for name in one.fields}
