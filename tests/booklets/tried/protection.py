"""Each rule of police protection, both ways: the constable's part, the inspector's, the end, the review."""

from __future__ import annotations

from datetime import timedelta

from booklets.answers import Gap, Moment, Row, Why
from tests.booklets import test_police_protection_rules as of_parts
from tests.booklets import test_protection_review_rules as of_review
from tests.booklets.tried.nights import NIGHTS
from tests.support.builders import NIGHT, a_person
from tests.support.protection import (
    ACCEPTED,
    ALWAYS,
    END,
    HANDED,
    LATER_SAYS,
    OFFICER,
    PANEL_SAYS,
    PENDING,
    PLANNED,
    POWER,
    REVIEW,
    REVIEWED,
    USED,
)
from tests.support.tried import Changed, Said, Tries, both_ways, each

NOT_KNOWN = Gap(Why.NOT_KNOWN, "Nobody could say")
UNSAID = Gap(Why.NOT_APPLICABLE)
HOUR, AFTER = timedelta(hours=1), timedelta(hours=73)
NO_POWER: Changed = {"pp.power": None}
NAMED_LATE: Changed = {**LATER_SAYS, "pp.do": PENDING, "pp.do_told_at": None}
RING_LATER = ("la_told", "child_told", "parents_informed", "child_words")
UNKNOWN = ("other_children", "suspect_known", "covert")
GAPS: Changed = {
    **{f"pp.{one}": PENDING for one in RING_LATER},
    **{f"pp.{one}": NOT_KNOWN for one in UNKNOWN},
    "pp.other_children_asked": None,
}
OVER: Changed = {"pp.started_at": Moment(NIGHT - AFTER)}
OF_THE_CONSTABLE: list[Tries] = [
    ("R-20", {}, OVER, "the power runs, and ends at a time"),
    ("R-52", OVER, {}, "72 hours are over"),
    *((rule, {}, NO_POWER, "the power was used") for rule in ("R-61", "R-61a")),
    ("R-16", {}, {"pp.ppn": "PPN-0001"}, "no PPN yet"),
    ("R-27f", Said(changed={"pp.la_told": PENDING}, later=HOUR), {}, "nobody at the council reached"),
    (
        "R-27g",
        {**LATER_SAYS, "pp.pr_informed": UNSAID, "pp.pr_told": None},
        LATER_SAYS,
        "no word why they were not told",
    ),
    ("R-59a", Said(changed=NAMED_LATE, later=HOUR), LATER_SAYS, "no designated officer within the hour"),
    ("R-21", {**LATER_SAYS, "pp.do": "Insp 2217 Okoro"}, LATER_SAYS, "the constable designates themselves"),
    ("R-19", GAPS, dict(list(GAPS.items())[:3]), "six questions without an answer"),
    ("I-06", {}, Said(child=a_person(home_educated="yes")), "nobody says which school"),
    (
        "T-02",
        {**LATER_SAYS, "pp.do_told_at": Moment(USED - HOUR)},
        LATER_SAYS,
        "designated before it was used",
    ),
]
NEXT: Row = {**REVIEWED, "next_at": Moment(NIGHT + timedelta(hours=30))}
ON: Changed = {"ppd.on_duty_until": Moment(NIGHT + timedelta(hours=90))}
STARTED: Changed = {"ppd.started_at": Moment(NIGHT - AFTER)}
LONG_AGO: Changed = {"ppd.started_at": Moment(NIGHT - timedelta(hours=67))}
HANDS_BACK: Row = {**ACCEPTED, "to": "A/Insp 2217 Okoro"}
TAKEN: Changed = {"ppd.handed_over": "yes", "ppd.transfers": (ACCEPTED,)}
LEFT: Changed = {
    **{f"ppd.{one}": PENDING for one in ("contact_asked", "epo_at", "end_plan", "signed_off_at")},
    **{f"ppd.{one}": NOT_KNOWN for one in ("covert", "officer_listed", "hbv_fm_fgm")},
    "ppd.contact_decisions": None,
}
THIRTEEN = timedelta(hours=13)
UNFIT: Changed = {"ppd.officer_rank": "below_inspector"}
UNLISTED: Changed = {"ppd.officer_listed": "no"}
STRICT = "seaborough"
OF_THE_OFFICER: list[Tries] = [
    ("R-20", {}, STARTED, "the power runs, and ends at a time"),
    ("R-52", STARTED, {}, "72 hours are over"),
    ("R-52a", STARTED, {**STARTED, **PLANNED}, "72 hours are over, and nobody has signed off"),
    ("R-52b", STARTED, {**STARTED, **PLANNED}, "72 hours are over, and nobody has signed off"),
    ("R-22b", Said(changed=UNFIT, force=STRICT), Said(force=STRICT), "below inspector, where a force stops"),
    ("R-22c", Said(changed=UNLISTED, force=STRICT), Said(force=STRICT), "not listed, where a force stops"),
    ("R-21a", {**TAKEN, "ppd.transfers": (HANDS_BACK,)}, TAKEN, "handed over to the constable"),
    ("R-23", Said(changed=ON, later=THIRTEEN), Said(changed=ON), "no review in twelve hours"),
    ("R-59", Said(changed=ON, later=THIRTEEN), Said(changed=ON), "no review in twelve hours"),
    ("R-23c", {"ppd.reviews": (NEXT,)}, {}, "the next review is a day away"),
    ("R-24", {**TAKEN, "ppd.transfers": (HANDED,)}, TAKEN, "handed over, and nobody has accepted"),
    ("R-24a", {**TAKEN, "ppd.transfers": (HANDED,)}, TAKEN, "handed over, and nobody has accepted"),
    ("R-25", LONG_AGO, {**LONG_AGO, **PLANNED}, "66 hours, and no plan for the end"),
    ("R-25a", LONG_AGO, {**LONG_AGO, **PLANNED}, "66 hours, and no plan for the end"),
    ("R-19", LEFT, dict(list(LEFT.items())[:3]), "six questions without an answer"),
]
ENDED_LATE: Changed = {"ppe.started_at": Moment(NIGHT - timedelta(hours=80))}
OF_THE_END: list[Tries] = [("R-52a", ENDED_LATE, {}, "ended after 72 hours")]
UNOWNED: Row = {"what": "Agree one number to ring at night"}
OWNED: Row = {**UNOWNED, "who": "Supt Vale-Test", "by": Moment(NIGHT + timedelta(days=14))}
OF_THE_REVIEW: list[Tries] = [
    ("PV-05", {"ppv.actions": (UNOWNED,)}, {"ppv.actions": (OWNED,)}, "nobody's, and no time"),
    (
        "PV-06",
        {**PANEL_SAYS, "ppv.panel_actions": (UNOWNED,)},
        {**PANEL_SAYS, "ppv.panel_actions": (OWNED,)},
        "nobody's, and no time",
    ),
]
OF_PROTECTION = [
    *each("ppr", NIGHTS[POWER], of_parts.CONSTABLE, ALWAYS[POWER]),
    *each("ppd", NIGHTS[OFFICER], of_parts.INSPECTORS, ALWAYS[OFFICER]),
    *each("ppe", NIGHTS[END], of_parts.ENDING),
    *each("ppv", NIGHTS[REVIEW], of_review.TURNED_ON),
    *both_ways("ppr", NIGHTS[POWER], OF_THE_CONSTABLE),
    *both_ways("ppd", NIGHTS[OFFICER], OF_THE_OFFICER),
    *both_ways("ppe", NIGHTS[END], OF_THE_END),
    *both_ways("ppv", NIGHTS[REVIEW], OF_THE_REVIEW),
]
