"""Times, ages, codes and states as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from booklets.forms import Sign
from booklets.in_words import clock_time, date_of, day, day_and_time, name_of, plain_code
from sync_server.console.pages import Mark
from sync_server.db.owed import Owed
from sync_server.db.tables import State
from sync_server.flags import Risk
from sync_server.notices import local

__all__ = [
    "OPEN_STATES",
    "OWED",
    "OWED_BRIEFLY",
    "RISKS",
    "RISK_CHOICES",
    "ROLES",
    "SIGNS",
    "STATES",
    "clock_time",
    "date_of",
    "day",
    "day_and_time",
    "how_long",
    "name_of",
    "plain_code",
    "risk",
    "risk_mark",
    "short",
    "who_it_is",
]
GROWN_UP = 18
HOUR, DAY = 60, 24 * 60

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
    State.PENDING: "Awaiting supervisor",
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
    Risk.DANGER: "Danger, or harm likely",
    Risk.DISCLOSURE: "Disclosure",
    Risk.EMERGENCY: "Sent as an emergency",
    Risk.HARM: "Signs of harm, or not seen",
    Risk.EXPLOITATION: "Signs of exploitation",
    Risk.OTHER: "None seen",
}
SIGNS: dict[str, str] = {
    Sign.HARM: "Signs of harm",
    Sign.EXPLOITATION: RISKS[Risk.EXPLOITATION],
}
ROLES: dict[str, str] = {
    "officer": "officer",
    "supervisor": "supervisor",
    "fim": "incident manager",
    "vat": "vulnerability team",
    "mhet": "missing-from-home team",
    "community": "community officers",
    "analyst": "analyst",
    "records": "records manager",
    "admin": "administrator",
    "auditor": "auditor",
    "local_authority": "council",
    "integrator": "integrator",
    "cet": "child exploitation team",
    "cii": "area inspector",
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
