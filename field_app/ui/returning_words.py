"""What is said about records that came back, were decided on, or were withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from field_app.ui.words import clock, clock_and_day, joined, quoted

NEAR: Final = timedelta(hours=12)
SENT_BACK: Final = "Sent back to you"
ANSWER_IT: Final = "Answer"
GO_ON_ANSWERING: Final = "Go on answering"
TAKE_OVER: Final = "Take it over"
PREVIOUS_QUESTION: Final = "The sergeant’s question before"
NEXT_QUESTION: Final = "The sergeant’s next question"
NOT_CHANGED: Final = "not changed yet"
CHANGED: Final = "changed"
WITHDRAW: Final = "Withdraw it"
WITHDRAW_TITLE: Final = "Withdraw this"
WITHDRAW_HELP: Final = (
    "Use this when it should never have been sent: the wrong child, or sent twice. To put an answer right, "
    "go back and add to it. What was sent is kept, marked as withdrawn, with your reason."
)
WITHDRAW_WHY: Final = "Why is it withdrawn?"
WITHDRAW_SEND: Final = "Withdraw"
WITHDRAWN: Final = "Withdrawn"
WITHDRAWN_HERE: Final = "Withdrawn. Nobody acts on it any more once the force has this."
WITHDRAWING: Final = "Withdrawing it…"
ESCALATED: Final = "Passed upwards"
REFERRED: Final = "Passed to the vulnerability team"
URGENT: Final = "Urgent"
SPECIALISTS: Final = "Vulnerability team passes it on"
PASSED_ON: Final = "done"
RETURNED: Final = "Sent back"
RECALLED: Final = "Taken back: nothing is asked of you"
APPROVED: Final = "Approved"
NOT_COUNTED: Final = "Not counted"
KEPT_APART: Final = (
    "A colleague’s version came first. Yours is kept beside it: a supervisor reads both at the console "
    "and says which counts. You will read that here."
)
TOO_EARLY: Final = (
    "The version before this one has not arrived yet. This one is kept, and counts as soon as that is "
    "there. You need do nothing."
)
WHY_VOID: Final = {
    "not_a_supervisor": "whoever decided is no supervisor",
    "other_unit": "it belongs to another unit",
    "own_record": "nobody decides on a record of their own",
    "moved_on": "the record has moved on since",
    "already_decided": "it had been decided already",
    "withdrawn": "it had been withdrawn",
    "unknown_record": "the force does not know the record",
    "no_manager": "the force has no incident manager here",
    "both_gates": "whoever approved it does not pass it on as well",
}
DIRECTED: Final = "What happens next"
NOTHING_MORE: Final = "Why nothing more is needed"
DONE_WELL: Final = "What was done well"
STATES: Final = {
    "approved": APPROVED,
    "returned": RETURNED,
    "escalated": ESCALATED,
    "recalled": RECALLED,
    "referred": REFERRED,
    "withdrawn": WITHDRAWN,
}


def kept_beside(by: str) -> str:
    """Of two versions the colleague's counts."""
    return f"{by} has read both versions: your colleague’s counts, and yours is kept beside it in the file."


def on_top(by: str) -> str:
    """Of two versions this one counts."""
    return f"{by} has read both versions, and yours counts now."


def replaced(by: str) -> str:
    """Of two versions the colleague's counts now, although this was first."""
    return (
        f"{by} has read both versions: your colleague’s counts now, and yours is kept as the one before it."
    )


def missing_there(by: str) -> str:
    """What to do where something is lost by that."""
    return f"If something of yours is missing there, tell {by}: the record can be sent back to you."


def despite(reason: str) -> str:
    """A check stood against the decision, and why it was made all the same."""
    return f"Decided although a check stood against it: {reason}"


def sent_back_by(who: str, at: datetime) -> str:
    """Above a sergeant's reason."""
    return f"{who} sent this back at {clock(at)}"


def asks_about(who: str, what: list[str], more: int) -> str:
    """As in Sgt Oyelaran asks about “Words” and 1 more."""
    named = ", ".join(quoted(one) for one in what)
    return f"{who} asks about {named}{f' and {more} more' if more else ''}"


def off_shift(author: str) -> str:
    """Somebody else's, to be taken over."""
    return f"{author} is off shift. Whoever takes this over signs what comes next."


def by_when(at: datetime, now: datetime) -> str:
    """When the answer is wanted."""
    return f"Answer by {_when(at, now)}"


def directed(who: str, by: datetime | None) -> str:
    """Who does it and by when, as in PC Okoro · by 00:04, Sun 15 March 2026."""
    return joined(who, f"by {clock_and_day(by)}" if by else "")


def late_since(at: datetime, now: datetime) -> str:
    """The answer was wanted before now."""
    return f"Late: the answer was wanted by {_when(at, now)}"


def _when(at: datetime, now: datetime) -> str:
    """The clock alone where nobody can take it for another day's."""
    return clock(at) if abs(at - now) < NEAR else clock_and_day(at)


def questions_from(count: int, who: str) -> str:
    """As in 2 questions from Sgt Oyelaran."""
    return f"{count} questions from {who}" if count != 1 else f"1 question from {who}"


def here_of(here: int, count: int, state: str) -> str:
    """As in 1 of 2 · not changed yet."""
    return joined(f"{here} of {count}" if count > 1 else "", state)


def asked_at(who: str, at: datetime) -> str:
    """Who asks about an answer, and since when."""
    return joined(who, clock(at))


def decided_at(state: str, at: datetime | None, who: str) -> str:
    """As in Approved 22:10 by Sgt Oyelaran."""
    said = STATES.get(state, state)
    when = f" {clock(at)}" if at else ""
    return f"{said}{when}{f' by {who}' if who else ''}"


def decided_by(state: str, who: str) -> str:
    """As in Approved by Sgt Oyelaran."""
    said = STATES.get(state, state)
    return f"{said} by {who}" if who else said


def not_counted(why: str) -> str:
    """A decision that stands for nothing, and why."""
    return f"{NOT_COUNTED}: {WHY_VOID.get(why, 'it came too late')}"


def revision(number: int) -> str:
    """Which revision was sent."""
    return f"revision {number}"


def asked_elsewhere(label: str, asks: str) -> str:
    """About an answer that no page asks for now."""
    return f"{label}: {asks}"


def still_asked(who: str, label: str) -> str:
    """At review: a question of the sergeant's whose answer is as it was."""
    return f"{who} asked about {quoted(label)}. Its answer is as it was."


def ppn_for(name: str) -> str:
    """A PPN that was begun for a child."""
    return f"PPN for {name}"


def start_ppn(name: str) -> str:
    """The main action once a PPN is due."""
    return f"Write the PPN for {name}"


def already_there(there: int, needed: int) -> str:
    """As in 6 of 9 answers already there."""
    return f"{there} of {needed} answers already there"


LEAVES: Final = {
    "local_authority": "the notice of the return, to {whom}",
    "danger": "the message that a child is in danger, to {whom}",
    "partner": "the referral, to {whom}",
    "school": "the notice to the school {whom}",
    "force_records": "the record, to the force record system",
}


def left(said: Sequence[tuple[str, str]]) -> str:
    """What a decision let leave, and to whom: each by its kind, and the name of whoever gets it."""
    told = [LEAVES[kind].format(whom=whom) for kind, whom in said if kind in LEAVES]
    return f"Leaves because of it: {'; '.join(told)}" if told else ""
