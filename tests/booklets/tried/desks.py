"""Each rule of what teams write, both ways: the interview after a return, the review, a school."""

from __future__ import annotations

from datetime import timedelta

from booklets.answers import Moment
from tests.booklets.test_desk_rules import DIRECTED, INTERVIEW, REVIEW, SCHOOL, TURNED_ON
from tests.booklets.tried.nights import NIGHTS
from tests.support.builders import NIGHT, a_person
from tests.support.missing import a_row
from tests.support.tried import Changed, Said, Tries, both_ways, each

STOCK = "House clean and tidy, plenty of food."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PENDING: Changed = {
    **{
        f"rhi.{one}": None
        for one in ("held_at", "interviewer", "independent", "received_at", "closed_reason", "summary")
    },
    **{
        f"rhi.{one}": None
        for one in ("places", "people", "harm", "reasons", "prevent", "may_share", "follow_up")
    },
    "rhi.outcome": "pending",
    "rhi.returned_at": Moment(NIGHT - 4 * DAY),
}
TAKEN_UP: Changed = {**PENDING, "rhi.escalations": a_row(level="team_manager", at=Moment(NIGHT))}
OF_AN_INTERVIEW: list[Tries] = [
    ("RHI-1", {"rhi.requested_at": Moment(NIGHT - HOUR)}, {}, "asked for before the child was back"),
    ("RHI-2", {"rhi.independent": "no"}, {}, "by somebody who is not independent"),
    ("RHI-3", {"rhi.ack_at": Moment(NIGHT - HOUR)}, {}, "acknowledged before it was asked for"),
    ("R-28", {**PENDING, "rhi.chases": None}, PENDING, "late, and nobody was chased"),
    ("R-28a", PENDING, TAKEN_UP, "late, and no manager was asked"),
    ("R-29c", {}, {"rhi.follow_up": ("ppn",)}, "intelligence"),
]
UNOWNED = ({"what": "Ring the school"},)
OF_A_REVIEW: list[Tries] = [
    ("R-32", {"mh.trigger_plan": "to_make"}, {}, "no trigger plan yet"),
    ("MH-1", {"mh.meeting_actions": UNOWNED}, {"mh.meeting_actions": (DIRECTED,)}, "nobody's, and no time"),
    ("Q-03", {"mh.note": "Reviewed. All in order."}, {}, "says nothing of the child"),
    ("Q-02", {"mh.note": STOCK}, {}, "words of any record"),
]
SMALL = a_person(known_as="Kit", dob="2022-11-20")
OF_A_NOTICE: list[Tries] = [
    ("R-46", {}, {"enc.blocked": "safety"}, "the school is told"),
    ("R-47", {"enc.setting": "home_educated"}, {}, "taught at home"),
    ("R-48", {"enc.setting": "none_known"}, {}, "no school known"),
    ("ENC-3", Said(child=SMALL), {}, "three years old, and a school is told"),
    ("ENC-1", {"enc.adult_at_school": "yes"}, {}, "an adult who was involved works there"),
]
OF_DESKS = [
    *(
        tried
        for form, guide in (("rhi", INTERVIEW), ("mh", REVIEW), ("enc", SCHOOL))
        for tried in each(form, NIGHTS[guide], [row for of, *row in TURNED_ON if of == guide])
    ),
    *both_ways("rhi", NIGHTS[INTERVIEW], OF_AN_INTERVIEW),
    *both_ways("mh", NIGHTS[REVIEW], OF_A_REVIEW),
    *both_ways("enc", NIGHTS[SCHOOL], OF_A_NOTICE),
]
