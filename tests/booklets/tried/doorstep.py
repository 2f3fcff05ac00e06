"""Each rule of the return and of the prevention interview, both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.likeness import runs_of
from booklets.entities import Entity, EntityKind
from booklets.facts import Earlier
from tests.booklets.test_return_check_follows import LATER, TURNED_ON
from tests.booklets.tried.nights import NIGHTS
from tests.support.missing import known
from tests.support.tried import Changed, Said, Told, Tries, both_ways, each
from tests.support.walks import AMY, ASLEEP, FOUND, HONEST, NOW, call

CHECK = NIGHTS["return_check"]
NOT_KNOWN = Gap(Why.NOT_KNOWN, "Nobody could say")
HABIT = "She always comes back and is streetwise."
HOURS = timedelta(hours=1)
BACK_EARLY: Changed = {"ret.returned_before_report": "yes"}
LEVELLED: Changed = {**BACK_EARLY, "ret.risk_if_reported": "medium"}
IN_THE_RETURN = frozenset({"R-36", "R-41", "R-51a"})
"""Of the rules that both records of the doorstep have, those that the return asks."""
SAT = "Sat on the stairs with a warm drink in both hands, answered each question, and yawned twice or more."
REASON = "A man she owes money wrote to her at six that he was waiting by the pier, and it was dark."


def amy(**facts: Answer) -> Said:
    """The same check of Amy, of whom other things are known."""
    child = AMY
    for name, said in facts.items():
        child = child.changed(f"person.{name}", said, at=NOW, by="NYP-1234")
    return Said(child=child)


def with_a(kind: str, state: str) -> Said:
    """Something new that Amy has with her, and who has it now."""
    thing: Entity = known(EntityKind.OBJECT, object_type=kind, description="Black", state=state)
    changed: Changed = {"ret.new_items": "yes", "ret.items": (str(thing.id),)}
    return Said(changed=changed, people=(thing,))


def written_before(question: str, text: str, beside: Changed) -> tuple[str, Told, Told, str]:
    """What this officer wrote of another child last week, word for word, and something else."""
    other = "Another child left by the window of a bus on Monday at noon, and nobody saw which way."
    alike, unlike = ({question: (Earlier(NOW - timedelta(days=3), runs_of(one)),)} for one in (text, other))
    said: Changed = {**beside, question: text}
    return (
        "Q-02",
        Said(changed=said, known={"earlier": alike}),
        Said(changed=said, known={"earlier": unlike}),
        "their own words again",
    )


OF_THE_RETURN: list[Tries] = [
    ("R-50", {"ret.found_how": "dead"}, {}, "found dead"),
    ("R-50a", {"ret.found_how": "dead"}, {}, "found dead"),
    ("R-08b", {"ret.found_how": "phoned"}, {}, "rang, and nobody has seen the child"),
    ("R-08", {}, {"ret.found_how": "phoned"}, "back, so the council is told"),
    ("R-08a", {"ret.la_informed": call("no_answer")}, {}, "nobody at the council was reached"),
    (
        "R-59",
        Said(changed={"ret.la_informed": Gap(Why.PENDING, "Rings back")}, later=5 * HOURS),
        {},
        "nobody was told in time",
    ),
    ("R-36a", {"ret.condition": ("under_control",)}, {}, "under somebody's control"),
    ("R-51", {"ret.covert": "yes"}, {}, "somebody near must not know"),
    (
        "R-51a",
        {"ret.covert": "yes"},
        {"ret.covert": "yes", "ret.parents_informed": "not_told"},
        "the parents were told all the same",
    ),
    (
        "R-38",
        amy(care_status="co"),
        replace(amy(plan_status=("CIN",)), changed={"ret.sw_informed": call()}),
        "looked after, so two councils are told",
    ),
    (
        "R-41",
        {"ret.crime_by_child": "yes", "pi.pressured": "yes"},
        {"ret.crime_by_child": "yes"},
        "a crime that the child was made to do",
    ),
    (
        "R-06",
        {**LEVELLED, "ret.risk_if_reported_because": HABIT},
        {**LEVELLED, "ret.risk_if_reported_because": REASON},
        "habit alone",
    ),
    ("I-06", {}, amy(home_educated="yes"), "nobody says which school"),
    ("T-01", {"ret.found_at": Moment(NOW + HOURS)}, {}, "found in an hour's time"),
    (
        "T-02",
        {"ret.returned_at": Moment(FOUND - HOURS)},
        {"ret.returned_at": Moment(FOUND + HOURS / 10)},
        "home before the child was found",
    ),
    ("R-17", with_a("phone", "taken"), with_a("clothing", "taken"), "police have a phone"),
    ("R-17a", with_a("phone", "taken"), with_a("clothing", "taken"), "police have a phone"),
    written_before("ret.risk_if_reported_because", REASON, LEVELLED),
]
STOPPED: Changed = {"pi.disclosure_stop": "yes"}
ONLINE: Changed = {
    "pi.online": "yes",
    "pi.device_retained": "yes",
    "pi.dfu_priority": "yes",
    "pi.dfu_priority_answer": "goes_first",
}
UNASKED: Changed = {**ONLINE, "pi.dfu_priority_answer": None}
NOW_HIGH: Changed = {"pi.risk_now": "high", "pi.risk_now_because": REASON}
LOWERED: Changed = {"ret.risk_while_missing": "high", "pi.risk_now": "medium", "pi.risk_now_because": REASON}
ILL: Changed = {one: None for one in HONEST if one not in ASLEEP}
SLEEPS: Changed = {**ILL, **ASLEEP, "pi.seen_at": Moment(FOUND)}
SIX = ("pi.harm", "pi.pressured", "pi.debt", "pi.substances", "pi.home_afraid", "pi.injured")
HURT: Changed = {"pi.self_harm_now": "yes"}
OF_THE_INTERVIEW: list[Tries] = [
    ("R-53", STOPPED, {}, "the child spoke of a crime"),
    ("R-53a", STOPPED, {"pi.harm": "yes", "pi.offence_told": "no"}, "the child spoke of a crime"),
    ("R-53b", STOPPED, {}, "the child spoke of a crime"),
    (
        "R-12",
        {"pi.harm": "yes", "pi.ppn_needed_because": "None needed."},
        {"pi.harm": "yes", "pi.ppn_needed": "yes"},
        "harm, and two words why no PPN is written",
    ),
    (
        "R-12b",
        {**HURT, "pi.immediate_action": ("none_because",)},
        {**HURT, "pi.immediate_action": ("hospital",)},
        "self-harm, and nothing is done",
    ),
    ("R-61a", {"pi.home_safe": "no"}, {}, "not safe at home"),
    ("F-01", {**UNASKED, "pi.dfu_priority": "no"}, ONLINE, "nobody asked that the phone goes first"),
    ("F-01a", {**UNASKED, "pi.dfu_priority": NOT_KNOWN}, ONLINE, "nobody knows whether somebody asked"),
    ("F-02", {**ONLINE, "pi.dfu_priority_answer": "waiting"}, ONLINE, "no answer has come"),
    ("R-40", {"pi.pressured": "yes"}, {}, "made to do something"),
    ("R-46c", {"pi.push_pull": ("domestic_abuse",)}, {"pi.push_pull": ("bullying",)}, "abuse at home"),
    ("R-51", {"pi.home_afraid": "yes"}, {}, "afraid at home"),
    ("R-44", {"pi.at": Moment(FOUND + 80 * HOURS)}, {}, "three days later"),
    ("R-45", SLEEPS, {}, "asleep"),
    ("R-54", LOWERED, {**LOWERED, "pi.risk_agreed_by": "Insp Hall"}, "lowered by one alone"),
    ("R-06", {**NOW_HIGH, "pi.risk_now_because": HABIT}, NOW_HIGH, "habit alone"),
    ("R-19", dict.fromkeys(SIX, NOT_KNOWN), dict.fromkeys(SIX[:2], NOT_KNOWN), "six without an answer"),
    ("T-02a", {**SLEEPS, "pi.seen_at": Moment(FOUND - HOURS)}, SLEEPS, "seen before the child was found"),
    written_before("pi.demeanour", SAT, {}),
]
OF_DOORSTEP = [
    *(
        tried
        for row in TURNED_ON + LATER
        for tried in each("ret" if row[1] in IN_THE_RETURN else "pvi", CHECK, [row])
    ),
    *both_ways("ret", CHECK, OF_THE_RETURN),
    *both_ways("pvi", CHECK, OF_THE_INTERVIEW),
]
