"""How a doorstep of the demo night is told: four invented children, as an officer might really write.

No person here exists, nor do the places: the telephone numbers are from the ranges that are kept for drama.
What is written is of real length, so that screens and pages are tried with what they will have to hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from booklets.answers import Answer, Moment, Row
from booklets.forms import Stage

At = Callable[[float], Moment]
Facts = Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One doorstep. ``others`` are people, places and things by a name that answers use for them."""

    child: Facts = field(repr=False)
    others: Mapping[str, tuple[str, Facts]] = field(repr=False)
    answers: Facts = field(repr=False)
    stage: Stage = Stage.CAPTURE
    emergency: str = field(default="", repr=False)


def born(at: At, years: int, days: int) -> str:
    """A date of birth, so many years and days before the night: the children stay the age they are."""
    night = at(0).at.date()
    return (
        night.replace(year=night.year - years, day=min(night.day, 28)) - timedelta(days=days)
    ).isoformat()


def said(who: str, asked: str, words: str, at: Moment) -> Row:
    """One exchange, word for word."""
    return {"who": who, "to": "PC Wells", "asked": asked, "said": words, "at": at}


def account(platform: str, username: str, at: Moment) -> Row:
    """An account somebody writes from, as digital forensics need it."""
    return {"platform": platform, "username": username, "at": at}


def rang(
    agency: str, person: str, at: Moment, *, told: str, response: str, phone: str = "", reference: str = ""
) -> Row:
    """Somebody was rung, and took it on."""
    row: dict[str, str | Moment] = {
        "with": agency,
        "person": person,
        "phone": phone,
        "method": "phone",
        "direction": "out",
        "at": at,
        "told": told,
        "response": response,
        "outcome": "accepted",
        "reference": reference,
    }
    return {name: cell for name, cell in row.items() if cell}


def duty_team(council: str, at: Moment, told: str, response: str) -> Row:
    """The council's duty team was rung."""
    return rang(
        council, "Duty worker", at, told=told, response=response, phone="01632 960144", reference="EDT-5517"
    )
