"""Each rule of a PPN, both ways."""

from __future__ import annotations

from datetime import timedelta

from booklets.answers import Gap, Moment, Why
from tests.booklets.test_ppn_rules import (
    ASKED,
    FORENSIC,
    NOT_YET,
    ON_A_PHONE,
    SIX_DAYS,
    TOLD_LATE,
    TURNED_ON,
)
from tests.booklets.tried.nights import NIGHTS
from tests.support.builders import NIGHT, a_person
from tests.support.ppns import PROTECTED
from tests.support.tried import Changed, Said, Tries, both_ways, each

PPN = NIGHTS["ppn"]
NOT_KNOWN = Gap(Why.NOT_KNOWN, "Nobody could say")
LATE = SIX_DAYS - NIGHT
FIRST: Changed = {**ON_A_PHONE, **ASKED, "ppn.dfu_priority_answer": "goes_first"}
UNDECIDED: Changed = {**PROTECTED, "ppn.protector_told_because": None}
UNASKED: Changed = {**FIRST, "ppn.dfu_priority_answer": None}
IN_TIME: Changed = {**NOT_YET, "ppn.protector_tell_by": Moment(NIGHT + timedelta(hours=2))}
NO_SIGNAL: Changed = {"ppn.late_reason": "no_signal"}
SERVER_DOWN: Changed = {
    "ppn.late_reason": "other",
    "ppn.late_reason_other": "The ward had no desk where anybody could write until six.",
}
SIX = ("impact", "strengths", "worries", "wants", "parent_views", "support_given")
GAPS: Changed = {f"ppn.{one}": NOT_KNOWN for one in SIX}
SUSPECTED: Changed = {"ppn.incident_type": "crime_suspect"}
OF_A_PPN: list[Tries] = [
    ("R-15", {"ppn.late_reason": "covert"}, NO_SIGNAL, "secrecy is no reason to send late"),
    ("R-15a", FORENSIC, SERVER_DOWN, "waits for a warrant"),
    ("R-16", Said(later=LATE), Said(later=LATE, changed=NO_SIGNAL), "late, and nobody says why"),
    ("R-16a", Said(later=LATE), Said(later=timedelta(hours=23)), "late"),
    ("P-01", {**UNDECIDED, "ppn.protector_told": NOT_KNOWN}, PROTECTED, "nobody decided whom to tell"),
    ("P-02", TOLD_LATE, IN_TIME, "told too late"),
    ("F-01", {**UNASKED, "ppn.dfu_priority": "no"}, FIRST, "nobody asked that the phone goes first"),
    ("F-01a", {**UNASKED, "ppn.dfu_priority": NOT_KNOWN}, FIRST, "nobody knows whether somebody asked"),
    ("F-02", {**FIRST, "ppn.dfu_priority_answer": "waiting"}, FIRST, "no answer has come"),
    ("R-19", GAPS, dict(list(GAPS.items())[:3]), "six questions without an answer"),
    ("R-38", Said(child=a_person(care_status="co")), {}, "looked after, so two councils are told"),
    (
        "R-40",
        {"ppn.exploitation_types": ("CCE",)},
        {"ppn.exploitation_types": ("ONL",)},
        "perhaps modern slavery",
    ),
    ("I-06", {}, Said(child=a_person(home_educated="yes")), "nobody says which school"),
    (
        "S-10",
        Said(changed=SUSPECTED, child=a_person(dob="2017-05-02")),
        Said(changed=SUSPECTED),
        "eight years old, and a suspect",
    ),
]
OF_PPN = [*each("ppn", PPN, TURNED_ON), *both_ways("ppn", PPN, OF_A_PPN)]
