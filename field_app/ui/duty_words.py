"""What is said about tasks: what is asked, by when, how it ended, and why it came late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from booklets.definitions.leaving import Output, Then
from booklets.duties import COUNCIL_HAS_MISSING, COUNCIL_HAS_NOTICE, COUNTED_FROM_BEGUN, ON_ITS_WAY, GoesTo
from field_app.ui.words import clock, clock_and_day

NEAR: Final = timedelta(hours=12)
TO_DO: Final = "To do"
CLOSED: Final = "Closed here. It goes by itself"
OVER: Final = "Over: somebody has dealt with it"
DANGERS: Final = {
    "immediate_danger": "Danger now",
    "child_has_died": "A child has died",
    "crime_in_action": "Crime under way",
}
"""The tasks about a danger that there is now, in few words: they are read at a glance."""
DANGER_CAME: Final = "A task about danger has come. What you write here is kept"
SHOW: Final = "Show"
TEAM_ACTED: Final = "The vulnerability team has acted on the danger"
DECIDED: Final = "It was decided on"
TAKEN: Final = "Taken on"
HOW_IT_ENDED: Final = "How did it end?"
WHY_LATE: Final = "Why is it late?"
WHY_LATE_HELP: Final = "A list to choose from is enough. Nobody is to blame for a busy night."
IN_YOUR_WORDS: Final = "In a few words, where they help"
CLOSE: Final = "Close this"
TAKE_ON: Final = "I am doing this"
ONLY_WHY: Final = "Only say why it is late"
READ_IT: Final = "Read the record"
BY_ITSELF: Final = "Goes by itself. Ring only if it stays open"
BY_DECIDING: Final = "This is over as soon as somebody decides. Read the record, then decide."
SAYING: Final = "Saying so…"
SAID: Final = "Kept here. The force hears it as soon as there is signal."
A_COLLEAGUES: Final = "An officer of your unit has this to do, and it is late."
GOES_TO: Final = {
    GoesTo.UNIT: "Whoever wrote this is not trained for work with children. "
    "It is offered to everybody in the unit who is.",
    GoesTo.SUPERVISOR: "Nobody in your unit is trained for work with children. Find somebody who is.",
}
WHY_VOID: Final = {
    "unknown_task": "Not counted: the force does not know this task",
    "not_theirs": "Not counted: the force does not know it as yours",
    "not_trained": "Not counted: this is for somebody who is trained for work with children",
    "already_closed": "Somebody has closed this already",
    "already_accepted": "Somebody else has taken this on already",
    "only_by_deciding": "Not counted: this is over once somebody decides",
}
OUTPUTS: Final = {
    Output.MISSING_NOTICE: "the notice that a child is missing",
    Output.RETURN_NOTICE: "the notice of the return",
    Output.DANGER: "the message that a child is in danger",
    Output.REFERRAL: "the referral to the council",
    Output.SCHOOL_NOTICE: "the notice to the school",
    Output.FORCE_RECORDS: "the record for the force system",
}
ENDS: Final = {Then.RELEASE: "leaves without a decision", Then.STOP: "is stopped"}


def undecided(output: Output, then: Then) -> str:
    """What happens by itself when nobody decides."""
    what = OUTPUTS[output]
    return f"Decide: otherwise {what} {ENDS[then]}"


def new(count: int) -> str:
    """What has come while the list was looked at."""
    return "1 new thing to do" if count == 1 else f"{count} new things to do"


def new_danger(what: str, others: int) -> str:
    """The same where a child is in danger; what else is new is counted."""
    return f"New: {what}{and_more(others)}"


def and_more(others: int) -> str:
    """How much else there is."""
    return f" and {others} more" if others else ""


def not_shown_yet(dangers: Sequence[str], risen: Sequence[str], come: int, graver: int) -> str:
    """What a list does not show yet: danger by name, else what has come or is graver, or only the order."""
    if dangers:
        return new_danger(dangers[0], come + graver - 1)
    if risen:
        return f"More urgent now: {risen[0]}" + and_more(come + graver - 1)
    if come:
        return new(come + graver)
    if graver:
        return "1 record is more urgent now" if graver == 1 else f"{graver} records are more urgent now"
    return "The order has changed"


def by_when(at: datetime, now: datetime) -> str:
    """When it is wanted."""
    return f"By {_when(at, now)}"


def late_since(at: datetime, now: datetime) -> str:
    """It was wanted before now."""
    return f"Late since {_when(at, now)}"


def late_from_the_start(at: datetime, now: datetime) -> str:
    """It was late already when it was asked: what it follows from came late."""
    return f"Late since it was asked. It was due {_when(at, now)}"


def of_the_system(way: str, told: datetime | None) -> str:
    """What the system does or did beside a task; ``told`` is when a council got its notice, if known."""
    if way == COUNCIL_HAS_NOTICE:
        went = f"The notice went {clock(told)}" if told else "The notice has gone"
        return f"{went}. Waits for the call"
    if way == COUNCIL_HAS_MISSING:
        return "The notice that the child is missing has gone. Waits for the call"
    if way == COUNTED_FROM_BEGUN:
        return "Counted from when the record was begun"
    return BY_ITSELF if way == ON_ITS_WAY else ""


def for_whom(who: str) -> str:
    """Who does what a supervisor directed."""
    return f"For {who}"


def asked_at(at: datetime) -> str:
    """When it was asked."""
    return f"Asked at {clock_and_day(at)}"


def not_counted(why: str) -> str:
    """Why what was said here does not count."""
    return WHY_VOID.get(why, f"Not counted: the force answered “{why.replace('_', ' ')}”")


def _when(at: datetime, now: datetime) -> str:
    """The clock alone where nobody can take it for another day's."""
    return clock(at) if abs(at - now) < NEAR else clock_and_day(at)
