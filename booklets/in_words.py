"""Times, gaps, codes and names as people read them, on every screen and page alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from booklets.answers import Gap, Moment, Precision, Row, Why, read_instant
from booklets.checks.dates import uk_time
from booklets.entities import Entity, EntityKind
from booklets.errors import WireError
from booklets.photos import ADDED, CAPTION, TAKEN
from booklets.positions import ACCURACY, AT, LAT, LON, position_of
from booklets.signatures import BECAUSE, HOW

WHY: dict[Why, str] = {
    Why.NOT_KNOWN: "Not known",
    Why.NOT_ASKED: "Not asked",
    Why.REFUSED: "Would not say",
    Why.NOT_APPLICABLE: "Does not apply",
    Why.NOT_SAFE_TO_ASK: "Not safe to ask",
    Why.PENDING: "Still to come",
}
PHOTO = "Photo"
STOOD = "Where an officer stood"
SIGNED_HOW = {
    "drawn": "signed",
    "on_paper": "signed on paper",
    "cannot": "cannot sign",
    "would_not": "would not sign",
}
_CALLED = {False: {"F": "girl", "M": "boy"}, True: {"F": "woman", "M": "man"}}
NOBODY_NAMED = "Who is not recorded"
THE_WRITER = "the officer who wrote this"
_NAMED_BY: dict[EntityKind, tuple[tuple[str, ...], ...]] = {
    EntityKind.PERSON: (("known_as", "surname"), ("given_names", "surname")),
    EntityKind.PLACE: (("name",), ("building", "street", "town")),
    EntityKind.OBJECT: (("description",), ("colour", "make", "model", "object_type")),
}


def day_and_time(at: datetime) -> str:
    """A time with its day: Sat 14 March 2026, 21:04."""
    here = uk_time(at)
    return f"{day(here.date())}, {here:%H:%M}"


def day(on: date) -> str:
    """A day: Sat 14 March 2026."""
    return f"{on:%a} {on.day} {on:%B} {on.year}"


def date_of(word: str) -> str:
    """A date that was stored, as people write it: 19 February 2011, or February 2011 where no day is known.

    Anything else stays as it is.
    """
    no_day = len(word) == len("2011-02")
    try:
        on = date.fromisoformat(f"{word}-01" if no_day else word)
    except ValueError:
        return word
    return f"{on:%B} {on.year}" if no_day else f"{on.day} {on:%B} {on.year}"


def clock_time(at: datetime) -> str:
    """21:04, for what happened on a day that stands beside it."""
    return f"{uk_time(at):%H:%M}"


def moment(known: Moment) -> str:
    """A moment, and how exactly it is known."""
    at = day_and_time(known.at)
    match known.precision:
        case Precision.EXACT:
            return at
        case Precision.ABOUT:
            return f"About {at}"
        case Precision.DATE_ONLY:
            return day(uk_time(known.at).date())
        case Precision.RANGE:
            return f"Between {at} and {day_and_time(known.until)}" if known.until else f"From {at}"


def photo(row: Row) -> str:
    """A photograph as a document says it: its caption, and when it was taken or came in."""
    said, when = str(row.get(CAPTION, "")) or PHOTO, photo_when(row)
    return f"{said} ({when})" if when else said


def photo_when(row: Row) -> str:
    """When a photograph was taken, by the camera's clock, or else when it came in; nothing where neither."""
    taken, added = row.get(TAKEN), row.get(ADDED)
    if isinstance(taken, Moment):
        return f"taken {_within(moment(taken))}"
    return f"added {_within(moment(added))}" if isinstance(added, Moment) else ""


def position(row: Row) -> str:
    """Where a device said that it was, how exactly, and when it was asked."""
    at = row.get(AT)
    found = f", found {day_and_time(at.at)}" if isinstance(at, Moment) else ""
    return f"{row.get(LAT, '')}, {row.get(LON, '')}, {within(row)}{found}"


def within(row: Row) -> str:
    """How far a position may be off."""
    return f"within about {row.get(ACCURACY, '')} m"


def stood_at(row: Row) -> str:
    """A place of which nobody has said more than that an officer stood there."""
    at = row.get(AT)
    return f"{STOOD}, {day_and_time(at.at)}" if isinstance(at, Moment) else STOOD


def signature(row: Row) -> str:
    """Who signed and how, or why nobody did."""
    name, why = str(row.get(CAPTION, "")) or "Name not written", str(row.get(BECAUSE, ""))
    how = SIGNED_HOW.get(str(row.get(HOW, "")), "not signed")
    return f"{name}: {how}, because {why}" if why else f"{name}: {how}"


def signature_with_time(row: Row) -> str:
    """The same, with its day and time."""
    at = row.get(ADDED)
    return f"{signature(row)} ({day_and_time(at.at)})" if isinstance(at, Moment) else signature(row)


def _within(words: str) -> str:
    """Words in the middle of a line: "About" does not begin it."""
    first, rest = words.partition(" ")[::2]
    return f"{first.lower()} {rest}" if first in {"About", "Between", "From"} else words


def gap(one: Gap) -> str:
    """Why there is no answer, with the officer's reason."""
    said = f"{WHY[one.why]}: {one.note}" if one.note else WHY[one.why]
    return f"{said} (by {_due(one.due)})" if one.due else said


def _due(text: str) -> str:
    try:
        return day_and_time(read_instant(text))
    except WireError:
        return text


def heard_by(to: str) -> str:
    """To whom words were said: whoever wrote "me" is not whoever reads it."""
    return THE_WRITER if to.strip().casefold() == "me" else to


def called(sex: str, *, grown: bool) -> str:
    """What somebody of this sex is called on a card: girl, boy, woman, man, child or adult."""
    return _CALLED[grown].get(sex, "adult" if grown else "child")


def about_so_old(sex: str, estimate: str) -> str:
    """As in boy, about 9: whose birthday nobody knows."""
    return f"{sex}, about {estimate}"


def asked_before(asked: str) -> str:
    """What was asked before somebody's words, where anybody asked."""
    return f"Asked: “{asked}” " if asked else ""


def by_whom(who: str, to: str, others: Iterable[str]) -> str:
    """Whose words something was, to whom, and whatever else is known of it."""
    by = (who or NOBODY_NAMED, f"to {heard_by(to)}" if to else "", *others)
    return ", ".join(word for word in by if word)


def spoken(asked: str, said: str, by: str) -> str:
    """Somebody's words in quotation marks, so that no question reads as theirs; ``by`` says whose."""
    return f"{asked_before(asked)}“{said}” {by}"


def plain_code(code: str) -> str:
    """A code of our own that has no label: its words."""
    return code.replace("_", " ").replace("-", " ").strip().capitalize()


def name_of(entity: Entity | None, otherwise: str) -> str:
    """What an officer calls this person, place or object."""
    if entity is None:
        return otherwise
    usual, else_by = _NAMED_BY[entity.kind]
    facts = usual if entity.word(usual[0]) else else_by
    words = [word for fact in facts if (word := entity.word(fact))]
    if entity.kind is EntityKind.PLACE and not words and (found := position_of(entity.facts)):
        return stood_at(found)
    return (", " if entity.kind is EntityKind.PLACE else " ").join(words) or otherwise
