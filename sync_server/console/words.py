"""Times, ages, codes and states as people read them."""

from __future__ import annotations

from datetime import date, datetime

from booklets.answers import Gap, Moment, Precision, Why
from booklets.entities import Entity
from sync_server.db.tables import Owed
from sync_server.notices import local

GROWN_UP = 18

WHY: dict[Why, str] = {
    Why.NOT_KNOWN: "Not known",
    Why.NOT_ASKED: "Not asked",
    Why.REFUSED: "Would not say",
    Why.NOT_APPLICABLE: "Does not apply",
    Why.NOT_SAFE_TO_ASK: "Not safe to ask",
    Why.PENDING: "Still to come",
}
OWED: dict[Owed, str] = {
    Owed.HELD: "Waits for the supervisor",
    Owed.DUE: "About to go",
    Owed.LEASED: "Going now",
    Owed.DELIVERED: "Delivered",
    Owed.DEAD: "Could not be delivered: needs a person",
    Owed.STOPPED: "Stopped",
}


def day_and_time(at: datetime) -> str:
    """A time with its day: Sat 14 March 2026, 21:04."""
    here = local(at)
    return f"{day(here.date())}, {here:%H:%M}"


def day(on: date) -> str:
    """A day: Sat 14 March 2026."""
    return f"{on:%a} {on.day} {on:%B %Y}"


def date_of(word: str) -> str:
    """A date that was stored, as people write it: 19 February 2011. Anything else stays as it is."""
    try:
        on = date.fromisoformat(word)
    except ValueError:
        return word
    return f"{on.day} {on:%B %Y}"


def clock_time(at: datetime) -> str:
    """21:04, for what happened on a day that stands beside it."""
    return f"{local(at):%H:%M}"


def moment(known: Moment) -> str:
    """A moment, and how exactly it is known."""
    at = day_and_time(known.at)
    match known.precision:
        case Precision.EXACT:
            return at
        case Precision.ABOUT:
            return f"About {at}"
        case Precision.DATE_ONLY:
            return day(local(known.at).date())
        case Precision.RANGE:
            return f"Between {at} and {day_and_time(known.until)}" if known.until else f"From {at}"


def gap(one: Gap) -> str:
    """Why there is no answer, with the officer's reason."""
    said = f"{WHY[one.why]}: {one.note}" if one.note else WHY[one.why]
    return f"{said} (by {day_and_time(datetime.fromisoformat(one.due))})" if one.due else said


def plain_code(code: str) -> str:
    """A code of our own that has no label: its words."""
    return code.replace("_", " ").replace("-", " ").strip().capitalize()


def name_of(entity: Entity | None, otherwise: str) -> str:
    """What an officer calls this person, place or object."""
    if entity is None:
        return otherwise
    facts = {
        "person": ("known_as", "surname") if entity.word("known_as") else ("given_names", "surname"),
        "place": ("name",) if entity.word("name") else ("building", "street", "town"),
        "object": ("description",)
        if entity.word("description")
        else ("colour", "make", "model", "object_type"),
    }[entity.kind.value]
    words = [word for fact in facts if (word := entity.word(fact))]
    return (", " if entity.kind.value == "place" else " ").join(words) or otherwise


def who_it_is(*, sex: str, born: str, about: str, on: date) -> str:
    """Girl, 15: what tells two children of one family apart."""
    age = _age(born, on)
    grown = age is not None and age >= GROWN_UP
    words = {"F": "woman" if grown else "girl", "M": "man" if grown else "boy"}
    known = str(age) if age is not None else f"about {about}" if about else "age not known"
    return f"{words.get(sex, 'person' if grown else 'child')}, {known}"


def _age(born: str, on: date) -> int | None:
    try:
        day_born = date.fromisoformat(born)
    except ValueError:
        return None
    return on.year - day_born.year - ((on.month, on.day) < (day_born.month, day_born.day))
