"""Each rule of the report of a missing child and of the assessment, both ways."""

from __future__ import annotations

from datetime import timedelta

from booklets.answers import Answer, Gap, Moment, Why
from booklets.checks.likeness import runs_of
from booklets.entities import Entity
from booklets.facts import Earlier
from tests.booklets.test_missing_rules import (
    FOUND_BUT_NOT_WHAT,
    LATER_IN_THE_REPORT,
    OF_THE_REPORT,
    OF_THE_RISK,
    PHONE,
    TRAINED,
    UNTRAINED,
)
from tests.booklets.tried.nights import LEO_SEEN, NIGHTS
from tests.support.missing import CARE, HEARD, HONEST, LEO_KNOWN, NOT_KNOWN, NOW, a_row, somebody, yes
from tests.support.tried import Changed, Said, Told, Tries, both_ways, each

REPORT, AGAIN = NIGHTS["missing"], NIGHTS["risk_again"]
NOBODY = Gap(Why.NOT_KNOWN, "Nobody at home knows")
STOCK = "House clean and tidy, plenty of food."
A_DAY = timedelta(hours=50)


def leo(**facts: Answer) -> Entity:
    """Leo, with more known of him."""
    return somebody(**LEO_KNOWN, **facts)


MARKED = leo(markers_checked="yes", warning_markers=a_row(marker="PMISS"))
UNMARKED = leo(markers_checked="yes", exploitation_level="no_sign")
DESCRIBED = leo(
    height_band="h155_164",
    build="slim",
    hair_colour="red",
    facial_hair="none",
    glasses="no",
    complexion="Freckles",
    photo=LEO_SEEN.facts["person.photo"],
)
OLD_PHOTO = LEO_SEEN.changed("person.photo_taken_on", "2023-01-10", at=NOW, by="NYP-1234")
CARED_FOR, AT_HOME = leo(care_status="co"), leo(plan_status=("CIN",))
YOUNG = somebody(**{**LEO_KNOWN, "dob": "2015-06-02"})
NAN, NAN_RINGS = somebody(known_as="Vera"), somebody(known_as="Vera", has_phone="no")
PRIORITY: Changed = {**PHONE, "mis.dfu_priority": "yes", "mis.dfu_priority_answer": "goes_first"}
UNASKED: Changed = {**PRIORITY, "mis.dfu_priority_answer": None}
CRIME_NO: Changed = {**HEARD, "mis.last_contact_crime": "no"}
HARMED: Changed = {**yes("f18_cse"), "mis.ppn_needed": "no"}
WHY_NO_PPN = (
    "Written on Monday after the strategy meeting, with the same man and van; nothing is new tonight."
)
UNSEARCHED: Changed = {"mis.systems_checked": UNTRAINED}
SEARCHED: Changed = {"mis.systems_checked": TRAINED}
AGAIN_SOON: Changed = {"mis.systems_again_at": Moment(NOW + timedelta(hours=2))}
CIRCULATED: Changed = {"mis.circulated_at": Moment(NOW)}


def written_before(question: str) -> tuple[str, Told, Told, str]:
    """What this officer wrote of another child last week, word for word, and something else."""
    text, other = str(HONEST[question]), "Another child left by the window of a bus on Monday at noon."
    alike, unlike = ({question: (Earlier(NOW - timedelta(days=3), runs_of(one)),)} for one in (text, other))
    return "Q-02", Said(known={"earlier": alike}), Said(known={"earlier": unlike}), "their own words again"


def of_child(speaks: Entity, silent: Entity) -> tuple[Said, Said]:
    """The same report about a child of whom other things are known."""
    return Said(child=speaks), Said(child=silent)


OF_REPORT: list[Tries] = [
    ("PM-1", *of_child(MARKED, UNMARKED), "a priority when missing"),
    ("R-32", *of_child(MARKED, UNMARKED), "a priority when missing, and no trigger plan"),
    ("R-60b", *of_child(MARKED, UNMARKED), "warning markers"),
    ("I-03", Said(), Said(child=UNMARKED), "nobody has looked for markers"),
    ("I-04", Said(), Said(child=DESCRIBED), "nobody says what he looks like"),
    ("I-05", *of_child(OLD_PHOTO, LEO_SEEN), "a photo of three years ago"),
    ("I-06", Said(), Said(child=leo(school=NOBODY)), "nobody says which school"),
    (
        "I-07",
        Said(changed={"mis.reporter": str(NAN.id)}, people=(NAN,)),
        Said(changed={"mis.reporter": str(NAN_RINGS.id)}, people=(NAN_RINGS,)),
        "whoever reports cannot be rung",
    ),
    ("I-02", {"mis.systems_again_at": Moment(NOW + timedelta(hours=5))}, AGAIN_SOON, "searched too late"),
    ("R-35", {}, CIRCULATED, "not circulated"),
    (
        "R-35a",
        Said(changed={"mis.circulated_at": Moment(NOW + A_DAY)}, later=A_DAY),
        CIRCULATED,
        "circulated after two days",
    ),
    (
        "R-38",
        Said(child=CARED_FOR),
        Said(child=AT_HOME, changed={"mis.sw_informed": HONEST["mis.la_informed"]}),
        "looked after, so two councils are told",
    ),
    *((rule, UNSEARCHED, SEARCHED, "searched by nobody who is trained") for rule in ("I-01", "I-01a")),
    ("I-01b", {"mis.systems_checked": FOUND_BUT_NOT_WHAT}, SEARCHED, "found, and nobody says what"),
    (
        "R-59",
        Said(changed={"mis.la_informed": Gap(Why.PENDING, "Rings back")}, later=A_DAY),
        {},
        "no council told in time",
    ),
    ("R-43", {"mis.care_profile_form": "elsewhere"}, {"mis.care_profile_form": "attached"}, "not at hand"),
    (
        "R-12",
        {**HARMED, "mis.ppn_needed_because": "None needed."},
        {**HARMED, "mis.ppn_needed_because": WHY_NO_PPN},
        "signs of harm, and two words why no PPN is written",
    ),
    ("R-31", {"mis.previous_30d": "2"}, {"mis.previous_30d": "1"}, "three times in thirty days"),
    ("F-01", {**UNASKED, "mis.dfu_priority": "no"}, PRIORITY, "nobody asked that the phone goes first"),
    ("F-01a", {**UNASKED, "mis.dfu_priority": NOT_KNOWN}, PRIORITY, "nobody knows whether somebody asked"),
    ("F-02", {**PRIORITY, "mis.dfu_priority_answer": "waiting"}, PRIORITY, "no answer has come"),
    ("R-53", HEARD, CRIME_NO, "the child spoke of a crime"),
    ("R-53a", HEARD, CRIME_NO, "the child spoke of a crime"),
    written_before("mis.circumstances"),
]
SIX: tuple[str, ...] = ("f14_bullying_hate", "f16_school_work_money", "f17_substances", "f23_radicalisation")
GAPS: Changed = {
    f"ra.{one}": NOT_KNOWN for one in (*SIX, "f20_weapons", "f28_pregnancy_child", "f24_previous_harm")
}
HIGH: Changed = {"ra.level": "high"}
LOWERED: Changed = {"ra.level_before": "high"}
CONSIDERED: Changed = {"ra.markers_considered": a_row(marker="PMISS", effect="Two officers go at once.")}
OF_ASSESSMENT: list[Tries] = [
    ("R-01", *of_child(YOUNG, LEO_SEEN), "ten years old, and safe alone"),
    ("R-04", Said(child=MARKED), Said(child=MARKED, changed=CONSIDERED), "nobody weighed a marker"),
    ("R-04a", Said(child=MARKED), Said(child=MARKED, changed=CONSIDERED), "nobody weighed a marker"),
    ("R-19", GAPS, {CARE: NOT_KNOWN}, "many questions without an answer"),
    ("Q-02a", {"ra.rationale": STOCK}, {}, "words of any record"),
    written_before("ra.rationale"),
    (
        "R-06a",
        {**LOWERED, "ra.level_change_reason": "Always comes back, not out of character."},
        {**LOWERED, "ra.level_change_reason": "Seen at one by the beck with a friend, who rang us."},
        "habit alone",
    ),
]
OF_A_NEW_ONE: list[Tries] = [
    ("R-09a", HIGH, {}, "high, and no report beside it"),
    ("R-09b", HIGH, {**HIGH, "ra.level_before": "high"}, "raised to high"),
    ("R-35b", HIGH, {**HIGH, "ra.level_before": "high"}, "raised to high"),
    ("R-11", {}, HIGH, "medium, and no report beside it"),
]
OF_MISSING = [
    *each("mis", REPORT, OF_THE_REPORT + LATER_IN_THE_REPORT),
    *each("rsk", REPORT, OF_THE_RISK),
    *both_ways("mis", REPORT, OF_REPORT),
    *both_ways("rsk", REPORT, OF_ASSESSMENT),
    *both_ways("rsk", AGAIN, OF_A_NEW_ONE),
]
