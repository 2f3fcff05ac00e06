"""Every sentence on screen that is not in a form, and how times and days are written.

Plain English, short, present tense. What happened, what is safe, what to do next. Buttons are verbs.
Others add to this catalogue: constants for fixed sentences, functions where something is put in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from booklets.answers import Why
from booklets.forms import Kind

UK: Final = ZoneInfo("Europe/London")

# -- when something fails ----------------------------------------------------------------------------
SOMETHING_WENT_WRONG: Final = (
    "Something went wrong. Nothing was lost: everything you typed is saved on this phone."
)
CANNOT_SHOW: Final = (
    "This part cannot be shown. What you typed is saved on this phone. Go back and open it again."
)

CALLED: Final = {
    "this phone": "this device",
    "This phone": "This device",
    "ike the phone": "ike the device",
    "the phone has": "the device has",
    "still on the phone": "still on the device",
}
"""What stands in our sentences on a phone, and what stands there instead where the screen is larger."""

# -- every screen ------------------------------------------------------------------------------------
APP_NAME: Final = "Homeward"
BACK: Final = "Back"
MENU: Final = "Menu"
LOCK: Final = "Lock"
CHANGE: Final = "Change"
EDIT: Final = "Edit"
DONE: Final = "Done"
UNDO: Final = "Undo"
CANCEL: Final = "Cancel"
REMOVE: Final = "Remove"
REMOVED: Final = "Removed."
NOTHING_YET: Final = "Nothing written yet"
SHOW_ALL_PAGES: Final = "Show all pages"

# -- no answer, and why ------------------------------------------------------------------------------
CANNOT_ANSWER: Final = "Can’t answer"
BACK_TO_THE_QUESTION: Final = "Back to the question"
ANSWER_INSTEAD: Final = "Answer instead"
GAP_NOTE: Final = "A word more, if it helps"
IN_1_HOUR: Final = "In 1 hour"
IN_4_HOURS: Final = "In 4 hours"
TOMORROW: Final = "Tomorrow"
IN_TIME: Final = "Before it is due"
WHY: Final[dict[Why, str]] = {
    Why.NOT_KNOWN: "Not known",
    Why.NOT_ASKED: "Not asked",
    Why.REFUSED: "Asked, would not say",
    Why.NOT_APPLICABLE: "Does not apply",
    Why.NOT_SAFE_TO_ASK: "Not safe to ask now",
    Why.PENDING: "Later, by…",
}
"""The reasons as they are offered; below, as they read once given."""
WHY_SAID: Final[dict[Why, str]] = {**WHY, Why.PENDING: "Later"}
KEEP_MINE: Final = "Keep mine"
KEPT_AS_WRITTEN: Final = "Kept as I wrote it."
REWORDED: Final = "Your text was changed here."
MY_WORDS_BACK: Final = "My words back"
SAY_WHY: Final = "Say why"

# -- choosing ----------------------------------------------------------------------------------------
YES: Final = "Yes"
NO: Final = "No"
NOT_KNOWN: Final = "Not known"
OTHER: Final = "Other"
SEARCH: Final = "Type to search"
THINK_OF: Final = "Think of"

# -- times and days ----------------------------------------------------------------------------------
NOW: Final = "Now"
FIVE_MINUTES_AGO: Final = "5 min ago"
AGO_15: Final = "15 min ago"
AGO_30: Final = "30 min ago"
AGO_60: Final = "1 hour ago"
OTHER_TIME: Final = "About…"
CHOOSE: Final = "choose"
ABOUT: Final = "About"
AT: Final = "At"
ON: Final = "On"
BETWEEN: Final = "Between"
TIME: Final = "Time"
TIME_FROM: Final = "From"
TIME_TO: Final = "To"
TODAY: Final = "Today"
YESTERDAY: Final = "Yesterday"
DAY_BEFORE: Final = "Day before"
EARLIER: Final = "Earlier"
HOW_TO_WRITE_A_TIME: Final = "Write the time as 0231 or 02:31."
NOT_YET_A_TIME: Final = "Not a time yet, so it is not recorded. It stays here as you typed it."
CHOOSE_DAY: Final = "Choose a day"
DATE_HINT: Final = "day / month / year"
TIME_HINT: Final = "hour : minute"
NOT_YET_A_DATE: Final = (
    "Not a date yet, so it is not recorded. It stays here as typed. Write 14/03/2026; or less, as 03/2026."
)
NOT_YET_A_BIRTHDAY: Final = NOT_YET_A_DATE.replace("2026", "2012")
BORN_AHEAD: Final = "This lies ahead of today. Is the year right?"
BORN_LONG_AGO: Final = "Nobody alive is that old. Is the year right?"
NOT_YET_A_DAY: Final = "Not a full day yet. Write it as 14/03/2026."
ANOTHER_DAY: Final = "Another day"
WHICH_DAY: Final = "Which day?"
DAY_ALONE: Final = "Leave the time empty if only the day is known."

# -- references ---------------------------------------------------------------------------------------
HINTS: Final[dict[str, str]] = {"bwv": "As the evidence system shows it, with letters and dashes"}


def born(on: str, years: int) -> str:
    """A birthday with how old that makes somebody, so that a slip of the year is seen."""
    return (
        f"{on}, {years} years old" if years > 1 else f"{on}, {'one year' if years else 'under a year'} old"
    )


def same_again(reference: str) -> str:
    """A reference that was given elsewhere in the same encounter."""
    return f"The same: {reference}"


# -- people, places, objects, officers ---------------------------------------------------------------
NO_LONGER_LISTED: Final = "Chosen earlier, no longer in this list"
OR_TYPE_OFFICER: Final = "Or type rank, name and number"
SOMEBODY_ELSE: Final[dict[Kind, str]] = {
    Kind.PERSON: "Someone else",
    Kind.PEOPLE: "Someone else",
    Kind.PLACE: "Another place",
    Kind.PLACES: "Another place",
    Kind.OBJECT: "Something else",
    Kind.OBJECTS: "Something else",
}
ADD: Final[dict[Kind, str]] = {
    Kind.PERSON: "Add a person",
    Kind.PEOPLE: "Add a person",
    Kind.PLACE: "Add a place",
    Kind.PLACES: "Add a place",
    Kind.OBJECT: "Add an object",
    Kind.OBJECTS: "Add an object",
}
WITH_DETAILS: Final[dict[Kind, str]] = {
    Kind.PERSON: "Someone, with details",
    Kind.PEOPLE: "Someone, with details",
    Kind.PLACE: "A place, with details",
    Kind.PLACES: "A place, with details",
    Kind.OBJECT: "An object, with details",
    Kind.OBJECTS: "An object, with details",
}
"""Beside boxes in which somebody or something is named at once."""
MORE_ABOUT: Final[dict[Kind, str]] = {
    Kind.PERSON: "More about this person",
    Kind.PEOPLE: "More about this person",
    Kind.PLACE: "More about this place",
    Kind.PLACES: "More about this place",
    Kind.OBJECT: "More about this object",
    Kind.OBJECTS: "More about this object",
}

# -- rows, words spoken, contacts --------------------------------------------------------------------
ADD_ROW: Final = "Add"
MORE_OF_ROW: Final = "Who, how, and what was said"
ADD_ANOTHER: Final = "Add another"
ADD_WORDS: Final = "Add exact words"
ADD_CONTACT: Final = "Add a contact"
EXACT_WORDS: Final = "Exact words"
ASKED_BEFORE: Final = "Asked before"
NO_WORDS_YET: Final = "No words yet"
ME: Final = "Me"
SPEECH_WHO: Final = "Who spoke"
SPEECH_TO: Final = "To whom"
SPEECH_ASKED: Final = "What was asked just before"
SPEECH_ASKED_HELP: Final = "The exact question. Leave it empty if nobody asked."
SPEECH_SAID: Final = "Exact words"
SPEECH_SAID_HELP: Final = "As they were said. For a child who does not speak: what the child did."
SPEECH_AT: Final = "When"
CONTACT_WITH: Final = "Who was contacted"
CONTACT_PERSON: Final = "Name of the person"
CONTACT_PHONE: Final = "Number"
CONTACT_HOW: Final = "How"
CONTACT_METHODS: Final = (
    ("phone", "Phone"),
    ("radio", "Radio"),
    ("person", "In person"),
    ("email", "Email"),
    ("text", "Text message"),
)
CONTACT_DIRECTION: Final = "Who began it"
CONTACT_DIRECTIONS: Final = (("out", "We did"), ("in", "They did"))
CONTACT_AT: Final = "When"
CONTACT_TOLD: Final = "What they were told"
CONTACT_RESPONSE: Final = "What they said"
CONTACT_OUTCOME: Final = "Outcome"
CONTACT_REFERENCE: Final = "Their reference"

# -- where on the body -------------------------------------------------------------------------------
FRONT: Final = "Front"
BACK_OF_BODY: Final = "Back"
CHILDS_OWN_LEFT: Final = "Right and left are the child’s own. Never ask a child to undress."
BODY_PARTS: Final = (
    ("Head and neck", frozenset({"head", "face", "eye", "ear", "mouth", "neck"})),
    ("Arms and hands", frozenset({"shoulder", "arm", "elbow", "forearm", "wrist", "hand"})),
    ("Body", frozenset({"chest", "belly", "back", "private"})),
    ("Legs and feet", frozenset({"thigh", "knee", "leg", "shin", "calf", "foot"})),
)
"""Headings for areas, each with the words of which the code of such an area has one."""
OTHER_PARTS: Final = "Elsewhere"
_SIDES: Final = (("right", "Right"), ("left", "Left"))
_ARM_FRONT: Final = ("shoulder", "upper arm", "forearm", "hand")
_ARM_BACK: Final = ("shoulder", "upper arm", "elbow", "forearm", "hand")
_LEG_FRONT: Final = ("thigh", "knee", "shin", "foot")
_LEG_BACK: Final = ("thigh", "calf", "foot")


def _paired(view: str, parts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{view}.{part.replace(' ', '_')}_{side}", f"{said} {part}")
        for part in parts
        for side, said in _SIDES
    )


BODY_AREAS: Final[tuple[tuple[str, str], ...]] = (
    ("front.head", "Top of the head"),
    *_paired("front", ("eye", "ear")),
    ("front.face", "Face"),
    ("front.mouth", "Mouth"),
    ("front.neck", "Neck, front"),
    *_paired("front", _ARM_FRONT),
    ("front.chest", "Chest"),
    ("front.belly", "Belly"),
    *_paired("front", _LEG_FRONT),
    ("front.private", "Private: told, not looked at"),
    ("back.head", "Back of the head"),
    ("back.neck", "Neck, back"),
    *_paired("back", _ARM_BACK),
    ("back.upper_back", "Upper back"),
    ("back.lower_back", "Lower back"),
    *_paired("back", _LEG_BACK),
    ("back.private", "Private: told, not looked at"),
)
"""Our own list, used where a form brings none."""


# -- how times and days are written ------------------------------------------------------------------
def local(at: datetime) -> datetime:
    """An instant as the clock on a wall in Britain shows it."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UK)


def utc(year: int, month: int, day_: int, hour: int, minute: int) -> datetime:
    """The instant a British wall clock shows; the earlier of two when clocks go back."""
    return datetime(year, month, day_, hour, minute, tzinfo=UK).astimezone(UTC)


def clock(at: datetime) -> str:
    """As in 02:41."""
    return f"{local(at):%H:%M}"


def day(when: date | datetime) -> str:
    """As in Sat 14 March 2026."""
    shown = local(when) if isinstance(when, datetime) else when
    return f"{shown:%a} {shown.day} {shown:%B %Y}"


def short_day(when: date | datetime) -> str:
    """As in Sat 14 Mar."""
    shown = local(when) if isinstance(when, datetime) else when
    return f"{shown:%a} {shown.day} {shown:%b}"


def clock_and_day(at: datetime) -> str:
    """As in 02:41, Sat 14 March 2026."""
    return f"{clock(at)}, {day(at)}"


def about(what: str) -> str:
    """A time that is not exact."""
    return f"About {what}"


def between(first: str, last: str) -> str:
    """A time that lies between two."""
    return f"Between {first} and {last}"


def recorded(what: str) -> str:
    """What a time field holds, in full."""
    return f"Recorded: {what}"


def record(what: str) -> str:
    """What touching would record."""
    return f"Record: {what}"


def due_by(at: datetime) -> str:
    """When a later answer is promised."""
    return f"by {clock_and_day(at)}"


# -- sentences with something put in -----------------------------------------------------------------
def page_of(page: int, pages: int) -> str:
    """As in Page 1 of 4."""
    return f"Page {page} of {pages}"


def cannot_answer(label: str) -> str:
    """The way out of a question, read aloud."""
    return f"Can’t answer: {label}"


def gap_note(label: str) -> str:
    """The note beside a reason, read aloud."""
    return f"Why there is no answer: {label}"


def asks(who: str) -> str:
    """Above somebody's question about an answer."""
    return f"{who} asks"


def use_wording(wording: str) -> str:
    """A button that takes the offered wording."""
    return f"Use “{wording}”"


def say_why(label: str) -> str:
    """A reason to keep an answer, read aloud."""
    return f"Say why: {label}"


def because(choice: str) -> str:
    """Above the reason for a decision."""
    return f"{choice}, because"


def search_in(label: str) -> str:
    """A search box, read aloud."""
    return f"Search: {label}"


def none_found(typed: str) -> str:
    """An empty search."""
    return f"Nothing here contains “{typed}”."


def more_to_find(count: int) -> str:
    """What a shortened list leaves out."""
    return f"{count} more: type to find them." if count > 0 else ""


def open_calendar(label: str) -> str:
    """The calendar's button, read aloud."""
    return f"Calendar: {label}"


def open_details(name: str) -> str:
    """The way into somebody's details, read aloud."""
    return f"Edit {name}"


def spoke(who: str, to: str, when: str) -> str:
    """As in Cal to me · 01:44."""
    whom = f" to {to[:1].lower()}{to[1:]}" if to == ME else f" to {to}" if to else ""
    return joined(f"{who}{whom}".strip() or "Someone", when)


def quoted(words: str) -> str:
    """Somebody's words between typographic marks; their own marks stay as typed."""
    return f"“{words}”"


def joined(*parts: str) -> str:
    """Facts on one line."""
    return " · ".join(part for part in parts if part)


def all_marked(areas: list[str]) -> str:
    """Which areas are marked, over the long list of all of them."""
    return f"Marked: {', '.join(areas)}" if areas else "Nothing is marked yet."


def marked(count: int) -> str:
    """How many areas of a side are marked."""
    return f"{count} marked" if count else "none marked"
