"""What is said where a draft goes to a colleague, is taken over, or comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from field_app.ui.words import clock, clock_and_day, joined

HAND_ON: Final = "Hand over to a colleague"
HAND_ON_TITLE: Final = "Hand this over"
HELP: Final = (
    "Your colleague gets all of it as a draft and goes on where you left it. It stays yours to read until "
    "they have taken it over, and then it is gone from this phone. Each answer keeps who wrote it."
)
TO_WHOM: Final = "To whom?"
TO_UNIT: Final = "Whoever of my unit takes it"
TO_ONE: Final = "One colleague, by number"
NUMBER: Final = "Shoulder number"
NUMBER_NEEDED: Final = "Type your colleague’s shoulder number. Nothing was handed over yet."
GIVE: Final = "Hand over"
SEALING: Final = "Sealing it for the force…"
HANDED_OVER: Final = "Handed over"
OFFERED_TO_YOU: Final = "Handed over to you"
LOST: Final = "From your lost phone"
GO_ON_HERE: Final = "Go on with it here"
TAKE_OVER: Final = "Take it over"
TAKING: Final = "Taking it over. It opens here as soon as the force has said so."
TAKE_BACK: Final = "Take it back"
READ: Final = "Read it"
READ_ONLY: Final = "Read only, until somebody has taken it over or you take it back"
STANDS: Final[Mapping[str, str]] = {
    "waits": "Waits for signal: your colleague has not got it yet",
    "offered": "Nobody has taken it over yet",
    "late": "Nobody has taken it over in time. Ring your supervisor, or take it back",
    "coming_back": "Coming back to you as soon as the force has said so",
}
WHY: Final[Mapping[str, str]] = {
    "no_such_colleague": "no officer of your unit has that number",
    "not_trained": "it is for somebody who is trained for work with children",
    "already_taken": "a colleague was first",
    "taken_back": "whoever gave it has taken it back",
    "not_theirs": "the force does not know it as yours to take",
}
CAME_BACK: Final = "Answer what the sergeant asks, or end your shift: then your unit is asked by itself."
MENU_TITLE: Final = "Hand over what is not finished"


def to_whom(number: str) -> str:
    """Who a draft was given to."""
    return f"to {number}" if number else "to your unit"


def given_at(to: str, at: datetime) -> str:
    """When it was given, and to whom."""
    return f"Handed over {clock(at)} {to_whom(to)}"


def refused(why: str) -> str:
    """Why it was not handed over, or not taken; what was kept."""
    return f"Not handed over: {WHY.get(why, why.replace('_', ' '))}. It is still yours"


def not_yours(why: str) -> str:
    """Why a draft could not be taken over."""
    return f"Not taken over: {WHY.get(why, why.replace('_', ' '))}"


def taken_by(name: str, title: str) -> str:
    """What became of what was given."""
    return joined(title, f"taken over by {name}" if name else "taken over")


def from_whom(name: str, at: datetime) -> str:
    """Whose draft is offered, and since when."""
    return f"From {name}, {clock_and_day(at)}" if name else f"Handed over {clock_and_day(at)}"


def as_it_was(at: datetime) -> str:
    """How far a copy of what was on a lost phone goes, and what it has not."""
    return f"As it was {clock_and_day(at)}. Photographs taken on that phone are not in it"


def not_gone_on_with(name: str, at: datetime) -> str:
    """What a supervisor hears of what was on a lost phone."""
    return f"{name} has not gone on with what was on their lost phone, saved {clock_and_day(at)}"


def nobody_took(name: str, at: datetime) -> str:
    """What a supervisor hears."""
    return f"Nobody has taken over the draft that {name} handed over at {clock_and_day(at)}"


def written_by(name: str) -> str:
    """Under an answer that a colleague wrote."""
    return f"Written by {name} before this was handed over"
