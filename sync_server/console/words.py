"""Times, ages, codes and states as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from booklets.answers import Gap, Moment, Precision, Why
from booklets.entities import Entity
from sync_server.console.pages import Mark
from sync_server.db.tables import Owed, State
from sync_server.flags import Risk
from sync_server.notices import local

GROWN_UP = 18
HOUR, DAY = 60, 24 * 60

WHY: dict[Why, str] = {
    Why.NOT_KNOWN: "Not known",
    Why.NOT_ASKED: "Not asked",
    Why.REFUSED: "Would not say",
    Why.NOT_APPLICABLE: "Does not apply",
    Why.NOT_SAFE_TO_ASK: "Not safe to ask",
    Why.PENDING: "Still to come",
}
OWED: dict[Owed, str] = {
    Owed.HELD: "Held until it is decided",
    Owed.DUE: "About to go",
    Owed.LEASED: "Going now",
    Owed.DELIVERED: "Delivered",
    Owed.DEAD: "Could not be delivered: needs a person",
    Owed.STOPPED: "Stopped",
}
OWED_BRIEFLY: dict[Owed, str] = {
    Owed.DUE: "waiting",
    Owed.HELD: "held until decided",
    Owed.DELIVERED: "delivered",
    Owed.STOPPED: "stopped",
}
STATES: dict[str, str] = {
    State.PENDING: "With the supervisor",
    State.ESCALATED: "With the incident manager",
    State.RETURNED: "Sent back",
    State.APPROVED: "Approved",
    State.SPECIALIST: "With the vulnerability team",
    State.CLOSED: "Closed",
    State.WITHDRAWN: "Withdrawn",
    State.FILED: "Filed",
}
RISKS: dict[int, str] = {
    Risk.DEATH: "The child has died",
    Risk.DANGER: "Danger now",
    Risk.DISCLOSURE: "Disclosure",
    Risk.EMERGENCY: "Sent as an emergency",
    Risk.HARM: "Signs of harm",
    Risk.EXPLOITATION: "Signs of exploitation",
    Risk.OTHER: "None seen",
}
ROLES: dict[str, str] = {
    "officer": "officer",
    "supervisor": "supervisor",
    "fim": "incident manager",
    "vat": "vulnerability team",
    "mhet": "missing-from-home team",
    "admin": "administrator",
}
OPEN_STATES: dict[str, str] = {one: said for one, said in STATES.items() if one != State.FILED}
RISK_CHOICES: dict[str, str] = {str(int(grade)): said for grade, said in RISKS.items()}


def risk(grade: int) -> str:
    """How grave a record is, in words."""
    return RISKS.get(grade, "Not graded")


def risk_mark(grade: int) -> Mark:
    """How grave a record is; only what cannot wait stands out."""
    return Mark(risk(grade), "late" if grade <= Risk.DANGER else "well" if grade >= Risk.OTHER else "")


def short(at: datetime) -> str:
    """A time with its day, where many stand below each other: Sat 14 Mar, 21:04."""
    here = local(at)
    return f"{here:%a} {here.day} {here:%b, %H:%M}"


def how_long(span: timedelta) -> str:
    """3 h 40, or 2 days: rounded down."""
    minutes = int(span.total_seconds()) // 60
    if minutes >= 2 * DAY:
        return f"{minutes // DAY} days"
    return f"{minutes // HOUR} h {minutes % HOUR:02}" if minutes >= HOUR else f"{minutes} min"


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
