"""What is said of the children whom the force knows here: the list, a card, and what is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from booklets.checks.dates import in_words
from booklets.in_words import clock_time, day

TITLE: Final = "Children known here"
FIND: Final = "Name or date of birth"
MISSING_NOW: Final = "Missing now"
KNOWN_HERE: Final = "Known here"
NOBODY_YET: Final = (
    "Nothing has come from the force yet. It comes by itself while you are signed in and there is signal."
)
NOBODY_FITS: Final = (
    "Nobody known here has a name like that. Another unit may know the child: ask the control room."
)
ASK: Final = "Is it a child whom the force knows here?"
CHOOSE: Final = "Find the child"
NOT_HERE: Final = "The child is not here"
COVERT: Final = "Covert: nobody near the child may know of this."
CLOSE: Final = "Close the card"
PLAN: Final = "Trigger plan"
NO_PLAN: Final = "No trigger plan has come. That is no proof that there is none: ask the control room."
FOUND: Final = "Found before"
PEOPLE: Final = "Might be with"
PHONES: Final = "The child’s phones"
MARKERS: Final = "Warning markers"
EXPLOITATION: Final = "Exploitation"
NO_MARKERS: Final = "Nobody has recorded that they looked. Ask the control room."
RING: Final = "Whom to ring"
BEGIN: Final = "Begin with this child"
SUSPECTED: Final = "suspected of exploiting the child"
TAKEN: Final = "Taken over from the force. Each answer says so: check it, and change what is wrong."
NOT_THE_CHILD: Final = "This is another child"
GIVEN_BACK: Final = "What came from the force and was not changed is taken out again."
TITLES: Final[Mapping[str, str]] = {
    "trg.why_words": "Why there is a plan",
    "trg.first_hour": "In the first hour",
    "trg.places": "Look here first",
    "trg.places_words": "Found there",
    "trg.associates": "Might be with",
    "trg.exploiters": "Suspected of exploiting the child",
    "trg.associates_danger": "Who is a danger, and how",
    "trg.transport": "Travels by",
    "trg.transport_words": "Usual routes and operators",
    "trg.phones_online": "Numbers and accounts",
    "trg.triggers": "What happens before",
    "trg.engage": "How to speak with the child",
    "trg.medical": "Health",
    "trg.hazards": "Danger to officers",
    "trg.level_if_missing": "Risk if missing",
    "ra.level": "Risk now",
    "ret.found_how": "Last heard of",
    "ret.found_at": "When",
    "mis.last_seen_at": "Last seen",
    "mis.last_seen_place": "Where",
    "mis.dangers": "What could harm the child",
    "mis.clothing": "Clothes",
    "mis.phone_status": "Phone",
    "person.warning_markers": "Markers",
    "person.exploitation_level": "Last review",
    "person.markers_checked": "Markers",
}
WHOSE: Final[Mapping[str, str]] = {
    "supervisor": "Supervisor tonight",
    "control_room": "Control room",
    "duty_team": "Council’s duty team",
    "incident_manager": "Force incident manager",
}


def ways_in(missing: int, known: int) -> str:
    """The row of the worklist that leads to the list."""
    if missing:
        return f"Missing now: {missing}"
    return f"{TITLE}: {known}"


def standing(as_of: datetime | None) -> str:
    """Under it: how new that is."""
    if as_of is None:
        return "Nothing has come from the force yet"
    return f"As the force knew it at {clock_time(as_of)}"


def how_long(as_of: datetime | None, until: datetime | None) -> str:
    """How new the list is, and when this phone forgets it."""
    if as_of is None or until is None:
        return NOBODY_YET
    return (
        f"As of {clock_time(as_of)}. Forgotten on this phone at the end of your shift, {clock_time(until)}."
    )


def missing_since(at: datetime) -> str:
    """Of a child who is missing."""
    return f"missing since {in_words(at)}"


def last_known(at: datetime) -> str:
    """Of one who is not."""
    return f"last record {day(at.date())}"


def times(last_days: int, all_: int) -> str:
    """How often the child was missing, by the records that came."""
    return f"Missing {_often(last_days)} in 30 days, {_often(all_)} in all that is known here."


def _often(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def more_names(left: int) -> str:
    """That there are more than are shown."""
    return f"{left} more. Type more of the name."


def part(title: str, on: date | None) -> str:
    """The title of a part of the card, and of which day it is."""
    return f"{title} · {_short(on)}" if on else title


def of_day(on: date | None) -> str:
    """Where a line is from."""
    return f"From the force, {_short(on)}" if on else ""


def _short(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"


def this_is(name: str) -> str:
    """The button by which an officer says that it is this child."""
    return f"This is {name or 'the child'}"


def offered(name: str, about: str) -> str:
    """A child of the force who fits what has been typed."""
    return f"Is it {name}, {about}?"


def to_choose_from(missing: int, known: int) -> str:
    """Under the question whether the force knows the child."""
    return f"{missing} missing now, {known} known here"


def has(words: str, on: date) -> str:
    """What the force has, where nothing is answered yet."""
    return f"The force has: {words} ({_short(on)})."


def differs(words: str, on: date) -> str:
    """What the force has, where the answer is another one (R-55)."""
    return f"The force has: {words} ({_short(on)}). Yours differs: both are sent, with what you choose."
