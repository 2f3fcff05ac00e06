"""Every sentence of the supervisor's screens. Short, plain, present tense."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from booklets.decisions import Outcome
from booklets.definitions.leaving import Release
from field_app.capture.cases import NOT_TAKEN, Standing
from field_app.ui.screen_words import within
from field_app.ui.words import clock, day, joined, short_day

NO_NAME: Final = "Name not known"
MARKING: Final = "OFFICIAL-SENSITIVE"
WAITING_FOR_YOU: Final = "Waiting for you"
NOTHING_WAITS: Final = "Nothing is waiting for you."
NOTHING_WAITS_HELP: Final = "What officers of your unit send appears here by itself."
CHOOSE_ONE: Final = "Choose a record on the left. It stays open until you decide or choose another."
OWN_RECORDS: Final = "Your own records"
DECIDED: Final = "Decided"
ALL, HIGH, NOTICES, RETURNS = "All", "Harm", "PPN", "Return"
NOT_FINISHED: Final = "You have begun: kept here"
GRAVE: Final = ("Child has died", "Danger now", "Disclosure", "Emergency", "Harm", "Exploitation")
"""What makes a case grave, the gravest first: the words of the force's order."""
HARM_LIKELY: Final = "Harm likely"
NOT_SEEN: Final = "Not seen"
HOME_NOT_SAFE: Final = "Home not safe"
DANGER: Final = "Danger"
A_CHECK, A_NOTICE, FOUND_ONLY = "Return check", "PPN", "Child found"

# -- the document ------------------------------------------------------------------------------------
BACK_TO_QUEUE: Final = "Back to what is waiting"
WHAT_CHECKS_SEE: Final = "What the checks see"
NOTHING_SEEN: Final = "The checks see nothing missing."
NOT_ANSWERED: Final = "Not answered"
NOT_OBSERVED: Final = "Not observed"
PEOPLE_AND_PLACES: Final = "People, places and things"
EXACT_WORDS: Final = "Exact words"
ASK: Final = "Ask about this"
ASK_WORDS: Final = "What do you want to know?"
KEEP_ASK: Final = "Keep this question"
LEAVE_ASK: Final = "Leave it"
TAKE_OUT: Final = "Take this question out"
COMPARE: Final = "Show what changed"
STOP_COMPARING: Final = "Hide what changed"
SHOW_NEXT: Final = "Show the next"
NOTHING_CHANGED: Final = "No answer changed since the version before."
BEFORE: Final = "Before"
NOW: Final = "Now"
YOU_ASKED: Final = "You asked"
STILL_AS_IT_WAS: Final = "The answer is as it was."
READ_NEWER: Final = "Read the newer version"
STILL_OUT: Final = "Only part of what was sent back has come again"
OWN_RECORD: Final = "You wrote this yourself, so somebody else decides on it."
SERGEANT_DECIDES: Final = "The unit’s sergeant decides on this."
SERGEANT_DECIDES_HELP: Final = (
    "You can read it, and ring them. You decide once it is passed up to you, or nobody has decided in time."
)
REASON_GIVEN: Final = "Reason given"
COVERT_SHORT, COVERT = "Covert", "Covert: somebody near the child must not know of this"
COVERT_HELP: Final = "Tell the family nothing before you have read who must not know, and why."

# -- deciding ----------------------------------------------------------------------------------------
APPROVE: Final = "Approve"
SEND_BACK: Final = "Send back"
ESCALATE: Final = "Escalate"
APPROVE_AND_SEND: Final = "Approve and send"
UPWARDS: Final = "Pass to the incident manager"
TAKE_BACK: Final = "Take it back"
TO_THE_SPECIALISTS: Final = "Pass to the vulnerability team"
READY: Final = "Ready"
BACK_TO_RECORD: Final = "Back to the record"
WHY: Final = "Why, in your own words?"
WHY_HELP: Final = "What did you weigh, and what decided it?"
WHY_ESCALATE: Final = "Why does the incident manager have to see it?"
WHY_TAKE_BACK: Final = "Why do you take it back?"
WHY_SPECIALISTS: Final = "Why does the vulnerability team have to see it?"
TO_WHOM: Final = "Who has to see it?"
TO_MANAGER, TO_SPECIALISTS = "Incident manager", "Vulnerability team"
HOW_URGENT: Final = "How urgent is it?"
NOT_URGENT, URGENT = "By the time below", "Urgent: a child may come to harm"
RELIED_ON: Final = "Someone will rely on this if the child goes missing again."
YOUR_QUESTIONS: Final = "Your questions"
NO_QUESTIONS: Final = "No question yet. Touch an answer in the record to ask about it, or say it below."
WHAT_IS_IT_ABOUT: Final = "What is it about?"
WORDS_BACK: Final = "What has to be put right?"
WORDS_BACK_HELP: Final = "The officer reads this first. Say what is missing or wrong, about whom or what."
BY_WHEN: Final = "By when?"
IN_1_HOUR: Final = "In 1 hour"
END_OF_SHIFT: Final = "End of shift"
AT_SIX: Final = "Early morning"
TOMORROW: Final = "Tomorrow"
OTHER_TIME: Final = "Another time"
OTHER_TIME_HELP: Final = "Write it as 0730 or 07:30: the next time it is so late."
WHEN_YOU_APPROVE: Final = "When you approve"
WHEN_YOU_SEND_BACK: Final = "When you send it back"
WHEN_YOU_ESCALATE: Final = "When you escalate"
WHEN_YOU_TAKE_BACK: Final = "When you take it back"
NEEDED_TO_DECIDE: Final = "Needed to decide"
SEALING: Final = "Sealing your decision…"
OPENING: Final = "Opening…"
PIN_AGAIN: Final = "Your PIN again"
PIN_AGAIN_HELP: Final = "It is more than 15 minutes since you gave it, and this is your decision."
CONFIRM: Final = "Confirm and decide"
CHECKING: Final = "Checking…"

# -- what happens next -------------------------------------------------------------------------------
COUNCIL: Final = "Council"
COUNCIL_TOLD: Final = {
    Release.SUBMISSION: "Was told of the return when it was sent. What changed since goes to them now.",
    Release.SUPERVISOR: "Is told of the return now.",
    Release.SPECIALIST: "Is told of the return once the vulnerability team has passed it.",
}
COUNCIL_TOLD_OF_MISSING: Final = {
    Release.SUBMISSION: "Was told of it when it was sent. What changed since goes to them now.",
    Release.SUPERVISOR: "Is told that the child is missing now, if it still is.",
    Release.SPECIALIST: "Is told that the child is missing once the vulnerability team has passed it.",
}
NOTHING_AFTER_DEATH: Final = (
    "Nothing goes to them by itself after a death; what went before it was known stays with them. "
    "The incident manager decides."
)
HELD_BY_DEATH: Final = "It was held because of the death, unless it had gone before that was known."
DANGER_LEAVES: Final = {
    Release.SUBMISSION: "The danger was sent to them when this arrived, before any decision.",
    Release.SUPERVISOR: "The danger is sent to them now.",
    Release.SPECIALIST: "The danger is sent to them once the vulnerability team has passed it.",
}
SPECIALISTS: Final = "Vulnerability team"
TEAM_WARNED: Final = "Has had the danger on its list since this arrived."
SPECIALISTS_NEXT: Final = "Reads it next. It joins their queue."
PARTNERS: Final = "Partners"
PARTNERS_TOLD: Final = {
    Release.SUBMISSION: "Were told when this arrived.",
    Release.SUPERVISOR: "Are told now.",
    Release.SPECIALIST: "Told once the vulnerability team has passed it.",
}
PARTNERS_THE_REST: Final = {
    Release.SUPERVISOR: "The council has the danger already. The rest goes to partners now.",
    Release.SPECIALIST: "The council has the danger already. "
    "The rest goes to partners once the vulnerability team has passed it.",
}
FORCE_SYSTEM: Final = "Force system"
FILED: Final = {
    Release.SUBMISSION: "Has had the record since it arrived. It stays filed under the child.",
    Release.SUPERVISOR: "The record is filed under the child.",
    Release.SPECIALIST: "Filed under the child once the vulnerability team has passed it.",
}
FAMILY: Final = "Family"
THE_OFFICER: Final = "The officer"
READS_WHY: Final = "Reads your words beside the record."
READS_ASKS: Final = "Sees each question above the answer it is about, and by when."
NOBODY_ELSE: Final = "Nobody else is told anything new."
WARNED_ALREADY: Final = {
    True: "The council and the vulnerability team had the danger when this arrived: that stands.",
    False: "The vulnerability team had the danger when this arrived: that stands.",
}
"""Who has had the danger, by whether the council has."""
MANAGER: Final = "Force incident manager"
MANAGER_DECIDES: Final = "Sees it with your reason, and decides."
YOU: Final = "You"
YOU_DECIDE: Final = "It waits for your unit’s decision again, as it stands. Whoever was asked hears why."
SPECIALISTS_DECIDE: Final = "Sees it with your reason, and passes it on or sends it back."
MISSING_TEAM: Final = "Missing from home team"
MISSING_TEAM_READS: Final = "Reads it in the register, with your reason."

WRITTEN: Final = "Written"
DECIDED_AS: Final = {
    Outcome.APPROVE: "Approve",
    Outcome.RETURN: "Send back",
    Outcome.RETURN_URGENT: "Send back, urgent",
    Outcome.ESCALATE: "Escalate",
    Outcome.RECALL: "Take it back",
    Outcome.ESCALATE_VAT: "Pass to the vulnerability team",
}
STANDING: Final = {
    Standing.UNDECIDED: "Waits for a decision",
    Standing.ON_ITS_WAY: "Decided on this tablet",
    Standing.APPROVED: "Approved",
    Standing.RETURNED: "Sent back",
    Standing.ESCALATED: "With the incident manager",
    Standing.RECALLED: "Taken back by the supervisor",
    Standing.REFERRED: "With the vulnerability team",
    Standing.WITHDRAWN: "Withdrawn by the officer",
}
ON_ITS_WAY: Final = "Decided on this tablet, waiting for signal"
ON_ITS_WAY_HELP: Final = (
    "It is safe here and goes by itself. Until then nobody has heard of your decision: "
    "ring whoever must act on it now."
)
RECEIVED: Final = "The force has your decision"
RECEIVED_HELP: Final = "It counts as soon as the force has checked what it was about."
WHY_VOID: Final = {
    "not_a_supervisor": "Not counted: the force does not know you as a supervisor any more",
    "other_unit": "Not counted: the record belongs to another unit now",
    "own_record": "Not counted: nobody decides on their own record",
    "already_decided": "Not counted: somebody else had decided already",
    "withdrawn": "Not counted: the officer had withdrawn it",
    "unknown_record": "Not counted: the force does not know this record",
    "no_manager": "Not counted: the force has no incident manager here. Decide yourself, or ring the desk",
    "both_gates": "Not counted: whoever approved a PPN does not pass it on as well",
    NOT_TAKEN: "Not counted: the force could not take your decision in. Decide again, or ring the desk",
}


def refused(says: str) -> str:
    """What a rule refuses, once the decision was tried: a reason lets it go all the same."""
    return f"{says} If that is wrong here, say why: everybody who reads your decision reads that too."


def at_station(name: str, station: str) -> str:
    """Who sits here: Sgt Oyelaran, Scarborough."""
    return f"{name}, {station}" if station else name


def waited(since: datetime, now: datetime) -> str:
    """How long it has been waiting: now, 46 min, 1 h 20."""
    minutes = max(0, round((now - since).total_seconds() / 60))
    if not minutes:
        return "now"
    hours, rest = divmod(minutes, 60)
    if hours >= 24:  # noqa: PLR2004 - hours in a day
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def late(due: datetime, now: datetime) -> str:
    """A clock that has run out."""
    return f"Was due {when(due, now)}"


def no_answer(due: datetime, now: datetime) -> str:
    """What was sent back, and nobody has answered in time."""
    return f"No answer: it was wanted by {when(due, now)}"


def due(at: datetime, now: datetime) -> str:
    """A clock that runs."""
    return f"Due {when(at, now)}"


def when(at: datetime, now: datetime) -> str:
    """A time of today by the clock alone, otherwise with its day."""
    near = abs(at - now) < timedelta(hours=12)
    return clock(at) if near else f"{clock(at)}, {short_day(at)}"


def sent(at: datetime, revision: int) -> str:
    """When it was sent, and which version it is."""
    return joined(f"sent {clock(at)}", f"version {revision}" if revision > 1 else "")


def up_to_date(at: datetime) -> str:
    """The force has been heard."""
    return f"Up to date at {clock(at)}"


def no_signal(at: datetime | None) -> str:
    """The force is not heard; what is here stays."""
    return f"No signal since {clock(at)}. You can still read and decide." if at else ""


def today_and_now(now: datetime) -> str:
    """Sat 14 March 2026, 05:12."""
    return f"{day(now)}, {clock(now)}"


def row_spoken(*parts: str) -> str:
    """A row of the queue, read aloud."""
    return ". ".join(part for part in parts if part)


def ask_about(label: str, words: str) -> str:
    """An answer, read aloud, and what touching it does."""
    return f"{label}: {words}. {ASK}"


def you_ask(who: str, asks: str) -> str:
    """A question pinned beside its answer."""
    return f"You ask {who}: {asks}"


def they_ask(who: str, asks: str) -> str:
    """What was asked the time before."""
    return f"{who} asked: {asks}"


def asked_before(asked: str) -> str:
    """What was asked just before the words that follow."""
    return f"Asked: “{asked}”" if asked else "Not asked; said unprompted"


def newer(who: str, at: datetime) -> str:
    """A newer version came while this one is being read."""
    return f"{who} sent a newer version at {clock(at)}"


def newer_help(version: int) -> str:
    """What is on screen stays."""
    return f"You are reading version {version}. Nothing moves until you touch this."


def still_out_help(titles: Sequence[str]) -> str:
    """Which records of an answer are still missing, and what a decision would be about meanwhile."""
    return f"Not here yet: {', '.join(titles)}. A decision made now is about the rest alone."


def changed(count: int) -> str:
    """How many answers changed."""
    return f"{count} answers changed" if count != 1 else "1 answer changed"


def void_because(code: str, who: str, at: datetime | None) -> str:
    """Why a decision made here does not count."""
    if code == "moved_on" and at:
        return f"Not counted: {who} had sent a newer version at {clock(at)}"
    if code == "moved_on":
        return "Not counted: a newer version had been sent"
    return WHY_VOID.get(code, "Not counted by the force")


def undone_help(what: str, at: datetime) -> str:
    """What was decided that does not count."""
    return f"You decided “{what}” at {clock(at)}. It waits for a decision again."


def needed(count: int) -> str:
    """What stands before deciding."""
    return f"{count} answers needed" if count > 1 else "1 answer needed"


def look(count: int) -> str:
    """How a letter of AWARE stands, where there is something to look at."""
    return f"{count} to look at"


def look_first(needed: int, seen: int) -> str:
    """What the checks see, counted."""
    if needed:
        return f"{needed} needed, {seen - needed} more to look at" if seen > needed else f"{needed} needed"
    return to_look_at(seen)


def ask_of(who: str) -> str:
    """Above the box for a question."""
    return f"Ask {who}"


def was(label: str, before: str) -> str:
    """An answer that changed, read aloud."""
    return f"{label}. {BEFORE}: {before}"


def questions_for(count: int, who: str) -> str:
    """How many questions are pinned."""
    if not count:
        return "Touch any answer to ask about it"
    return f"{count} question{'s' if count > 1 else ''} for {who}, not sent yet"


def to_look_at(count: int) -> str:
    """How much the checks see."""
    if not count:
        return NOTHING_SEEN
    return f"{count} things to look at" if count > 1 else "1 thing to look at"


def asks_stay(count: int) -> str:
    """Questions that are pinned do not go with an approval."""
    return (
        f"Your {count} questions stay here: they go only with what you send back."
        if count > 1
        else ("Your question stays here: it goes only with what you send back.")
    )


def send_back_to(who: str) -> str:
    """Where it goes."""
    return f"Send back to {who}"


DECIDING: Final = {
    Outcome.APPROVE: "Approve",
    Outcome.RETURN: "Send back",
    Outcome.ESCALATE: "Escalate",
    Outcome.RECALL: "Take back",
}


def deciding_on(outcome: Outcome, what: str, name: str = "") -> str:
    """What is being decided of what; about whom, where that does not stand above it."""
    return f"{DECIDING[outcome]} {within(what)}{f' for {name}' if name else ''}"


def decided_at(at: datetime) -> str:
    """When it was decided."""
    return f"at {clock(at)}"
