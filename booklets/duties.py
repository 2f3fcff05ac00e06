"""What somebody has been asked to do, in words, and what they may say of it: taken on, over, late because.

A task closes only with an outcome (R-56), and one that is late asks for the reason (R-59). What somebody
says of a task has a name of its own, made where it is said, so that hearing it twice does it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from booklets import definitions
from booklets.answers import instant, read_instant
from booklets.entities import read_id
from booklets.errors import WireError

MOST_WORDS: Final = 2000
MOST_TASKS: Final = 2**31 - 1
"""No task has a higher number: so far every database counts."""
OTHER: Final = "other"
DECIDE: Final = "decide_now"
"""Asked of whoever decides when what waits for them has waited as long as the force allows."""

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accept_protection": "Take over the police protection, and say that you have",
        "adult_beside_several": "One adult beside several missing children: intelligence, abduction notice?",
        "agreed_action": "See that what was agreed is done",
        "ask_for_priority": "Ask digital forensics to examine it first",
        "assessed_action": "See that what the risk assessment asks for is done",
        "assessed_gap": "Find out what the risk assessment says nobody knows",
        "assess_again": "Assess the risk again: something new is known",
        "await_attachments": "Photographs are still on the phone: see that they are sent",
        "begin_enquiry": "Begin an enquiry that was not started",
        "begin_enquiries": "Enquiries have not begun: see that somebody begins them",
        "chase_digital_forensics": "Digital forensics has not said whether it goes first: ask again",
        "chase_interview": "Chase the return home interview",
        "child_has_died": "A child has died: decide what happens now",
        "crime_in_action": "A crime may be under way: act with the control room",
        "direction": "See that what was directed is done",
        "council_decides": "Ask the council what it decided on the referral",
        "correct_school": "A school was wrongly told and cannot be reached: ring it",
        "critical_below_high": "Critical, and not graded high: look at the risk",
        "decide_nrm": "Possible modern slavery: decide on a referral, and say why",
        "decide_who_protects": "Decide who tells an adult who can protect the child",
        DECIDE: "Decide: this has waited too long",
        "disrupt_place": "Make it hard to meet children there, with whoever runs the place",
        "find_children_at_risk": "Find out which children the suspect can reach",
        "find_out": "Find out what is not known yet",
        "high_risk_taken_on": "High risk: take it on",
        "identify_child": "Find out who the other child is",
        "interview_to_director": "Return home interview: take it to the director or the partnership",
        "interview_to_manager": "Return home interview: take it to the team manager",
        "interview_to_service": "Return home interview: take it to the service manager",
        "involve_team": "The community officers ask you to look at something",
        "immediate_danger": "A child may be in danger now: act",
        "keep_in_touch": "Keep in touch with the child",
        "look_at_record": "The exploitation team asks you to look at this record",
        "look_at_place": "A place where a missing child was may be one to watch: look at it",
        "make_trigger_plan": "Make the trigger plan, or look at it again",
        "medium_risk_taken_on": "Medium risk: take it on",
        "own_hotspot": "A place that comes up again: say who owns it, and what is done there",
        "obtain_care_form": "Get the carer's form (Philomena or Herbert)",
        "operation_encompass": "Tell the school (Operation Encompass)",
        "end_protection": "End the police protection, or say who decides what now",
        "hand_over_protection": "Hand the police protection over to another designated officer",
        "plan_end_of_protection": "Plan the end of the police protection",
        "priority_missing": "A child who is a priority when missing is missing: act on it now",
        "ppn_late": "Find out why the PPN came late",
        "read_from_community": "Read what the community officers found",
        "restricted_opened": "Somebody opened a restricted child: read who, and why",
        "read_trigger_plan": "Have the trigger plan read out",
        "record_offences": "Record the offences that the review found",
        "repeat_missing": "Often missing: look at the child together with the council",
        "returned_before_report": "Back before there was a report: was the child missing?",
        "review_exploiter": "Look again at who exploits children: prepare, prevent, pursue, protect",
        "review_place": "Look again at the place, and at what was done there",
        "review_protection": "Review the police protection: still reasonable cause?",
        "review_protection_over_time": "Find out why the police protection ran to its end",
        "review_risk": "Look at the risk again",
        "specialist_interview": "Arrange a specialist interview",
        "strategy_discussion": "Hold a strategy discussion with the council",
        "submit_intelligence": "Submit what the interview says as intelligence",
        "tell_child": "Tell the child what happens",
        "tell_council_again": "Ring the council’s duty team again",
        "tell_digital_forensics": "Tell digital forensics",
        "thrive_again": "Make THRIVE again: something new is known",
        "try_interview_again": "Try the interview again",
        "visit_place": "Visit the place, and say what was seen there",
    }
)
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"done": "Done", "not_possible": "Could not be done", "not_needed": "Not needed any more"}
)
ACTED_ON_DANGER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "duty_team": "Council’s duty team rung, and they act",
        "strategy": "Strategy discussion agreed",
        "officers": "Officers sent to the child",
        "safe": "The child is safe: checked",
        "no_danger": "Read, and there is no danger as it stands",
    }
)
"""What the vulnerability team can have done about a danger."""
ON_ITS_WAY: Final = "on_its_way"
TOLD_BEFORE: Final = "told_before"
COUNCIL_HAS_NOTICE: Final = "council_has_notice"
COUNCIL_HAS_MISSING: Final = "council_has_missing"
COUNTED_FROM_BEGUN: Final = "counted_from_begun"
NOT_CORRECTED: Final = "not_corrected"
BY_SYSTEM: Final[Mapping[str, str]] = MappingProxyType(
    {
        ON_ITS_WAY: (
            "The system sends the notice to the school as soon as it may leave, and closes this once it has "
            "arrived. Ring the school only if this is still open close to the time."
        ),
        TOLD_BEFORE: (
            "The system has told the school of this child in this case already. Read that record: ring the "
            "school only if it was about something else."
        ),
        COUNCIL_HAS_NOTICE: (
            "The council has the notice of the return. This waits for the call: nobody has been told until "
            "somebody there has answered. Ring the duty team, and say who answered."
        ),
        COUNCIL_HAS_MISSING: (
            "The council has the notice that the child is missing. This waits for the call: nobody has been "
            "told until somebody there has answered. Ring the duty team, and say who answered."
        ),
        COUNTED_FROM_BEGUN: (
            "Nobody knows when police first heard of it: the time for this was counted from when the record "
            "was begun, and may have been shorter."
        ),
        "covert": (
            "Nothing is sent by itself: by a record of this case somebody near the child must not know, or "
            "honour-based abuse, forced marriage, FGM or trafficking is not ruled out. "
            "Ring nobody until the vulnerability team has decided whom there to tell, and what."
        ),
        "not_told": (
            "Nothing is sent by itself: the officer wrote that the school is not to be told, and why. "
            "Read the record before you ring anybody."
        ),
        "taught_at_home": (
            "Nothing is sent by itself: the child is taught at home. "
            "Tell the council’s officer for home education."
        ),
        "no_school": "Nothing is sent by itself: no school is named. Find out which it is, and ring it.",
        "adult_at_school": (
            "Nothing is sent by itself: an adult who was involved works at the school or governs it, or is "
            "related to its safeguarding lead. Choose whom there to tell."
        ),
        "adult_not_known": (
            "Nothing is sent by itself: it is not said whether an adult who was involved works at the "
            "school or governs it. Find out, and choose whom there to tell."
        ),
        "not_listed": (
            "Nothing is sent by itself: the school, as it was written down, is not for certain one of those "
            "that the system can tell. Ring it."
        ),
        "no_address": "Nothing is sent by itself: the system has no address for this school. Ring it.",
        "not_delivered": "The notice could not be delivered to the school. Ring it.",
        NOT_CORRECTED: (
            "What this school was told of the child holds no longer, and the correction could not be "
            "delivered there. Ring it: say so, and ask that nobody relies on it or passes it on."
        ),
        "stopped": "The notice was stopped, because nobody decided on it in time. Ring the school.",
    }
)
"""What the system does of a task, why a person does it (R-46, R-08a), or how its time was counted."""
NAMES_AN_OWNER: Final = frozenset({"own_hotspot", "visit_place", "disrupt_place", "keep_in_touch"})
"""What is done only in words: who owns the place (R-33), or what the community officers saw and did."""
WORK_WITH_CHILDREN: Final = frozenset(
    {"find_children_at_risk", "find_out", "identify_child", "prevention_interview", "tell_child"}
)
"""R-58: of what an author is asked, the work with a child, for those who are trained for it.

What binds whoever was there stays theirs, trained or not, for it must not wait for somebody else: ringing
the council, searching the home, writing the PPN.
"""
WORK_OF_COMMUNITY: Final = ("visit_place", "disrupt_place", "keep_in_touch")
"""What a team can ask of the community officers."""
WITH_A_CHILD: Final = frozenset({"keep_in_touch"})
"""R-58: of that, what is asked only of those who are trained for work with children."""
ASKS_FOR_WORDS: Final = frozenset({"not_possible", "not_needed"})


class GoesTo(StrEnum):
    """R-58: to whom work with a child goes that its author is not trained for."""

    UNIT = "unit"  # whoever is trained for it in the unit
    SUPERVISOR = "supervisor"  # nobody in the unit is


class Act(StrEnum):
    """What somebody says of a task."""

    ACCEPT = "accept"
    CLOSE = "close"
    DELAY = "delay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What somebody said of a task. ``outcome`` and ``delay_reason`` are codes, ``words`` their own."""

    id: UUID
    task: int
    act: Act
    at: datetime
    outcome: str = ""
    delay_reason: str = ""
    words: str = field(default="", repr=False)

    def to_json(self) -> dict[str, Any]:
        """As it is kept on a handheld and sent."""
        return {
            "id": str(self.id),
            "task": self.task,
            "act": self.act.value,
            "at": instant(self.at),
            "outcome": self.outcome,
            "delay_reason": self.delay_reason,
            "words": self.words,
        }

    @classmethod
    def from_json(cls, message: Mapping[str, Any]) -> Acted:
        """Read what ``to_json`` wrote. Raises WireError for what cannot be."""
        task, words = message.get("task"), message.get("words")
        if isinstance(task, float) and task.is_integer():  # JSON knows no difference between 5 and 5.0
            task = int(task)
        if type(task) is not int or not 0 < task <= MOST_TASKS:
            raise WireError("task must be the number of a task")
        if not isinstance(words, str) or len(words) > MOST_WORDS:
            raise WireError(f"words must be text of at most {MOST_WORDS} characters")
        try:
            act = Act(message.get("act", ""))
        except ValueError:
            raise WireError("act must be accept, close or delay") from None
        return cls(
            id=read_id(message.get("id")),
            task=task,
            act=act,
            at=read_instant(message.get("at")),
            outcome=_one_of(message, "outcome", OUTCOMES, needed=act is Act.CLOSE),
            delay_reason=_one_of(message, "delay_reason", delays(), needed=act is Act.DELAY),
            words=words,
        )


def _one_of(message: Mapping[str, Any], name: str, known: Mapping[str, str], *, needed: bool) -> str:
    value = message.get(name)
    if value == "" and not needed:
        return ""
    if not isinstance(value, str) or value not in known:
        raise WireError(f"{name} must be one of {', '.join(known)}")
    return value


def title_of(kind: str) -> str:
    """What a task asks for: a clock by its title, a rule's task by ours."""
    clocks = {clock.id: clock.title for clock in definitions.clocks()}
    return TITLES.get(kind) or clocks.get(kind) or kind.replace("_", " ").capitalize()


@cache
def delays() -> Mapping[str, str]:
    """Why something came late: the same list that a late PPN asks from."""
    codes = definitions.form("ppn").field("ppn.late_reason").codes
    return MappingProxyType({one.code: one.said for one in codes})


def is_late(due_at: datetime | None, at: datetime) -> bool:
    """Whether the time for something was over by then."""
    return due_at is not None and at > due_at


def still_missing(
    acted: Acted, *, late: bool, reason_known: bool = False, kind: str = ""
) -> tuple[str, ...]:
    """What has to be said yet before this counts as an answer, as the names of what is missing."""
    missing = []
    if acted.act is Act.CLOSE and not acted.outcome:
        missing.append("outcome")
    asks_for_words = acted.outcome in ASKS_FOR_WORDS or (acted.outcome and kind in NAMES_AN_OWNER)
    if asks_for_words and not acted.words.strip():
        missing.append("words")
    asks_why = acted.act is Act.DELAY or (acted.act is Act.CLOSE and late and not reason_known)
    if asks_why and not acted.delay_reason:
        missing.append("delay_reason")
    if acted.delay_reason == OTHER and not acted.words.strip():
        missing.append("words")
    return tuple(dict.fromkeys(missing))
