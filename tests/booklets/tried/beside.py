"""Each rule of what is written beside a report, both ways: enquiries, a search, a handover, a plan."""

from __future__ import annotations

from datetime import timedelta

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Scalar, Why
from booklets.entities import Entity, EntityKind
from tests.booklets.tried.nights import BEFORE, LATER, LEO_SEEN, NIGHTS
from tests.support.missing import LEO, NOW, a_row, known
from tests.support.tried import Changed, Said, both_ways

NOT_KNOWN = Gap(Why.NOT_KNOWN, "Nobody at hand could say")
STOCK = "House clean and tidy, plenty of food."
HABIT = "Medium because of his age, not out of character."
REASON = "He owes money to a man who has hurt two boys, and it is dark."
UNOWNED = a_row(what="Ring the night porter")
OWNED = a_row(what="Ring the night porter", who="DC Lowe", by=LATER)
SOON, FAR = "2026-03-28", "2027-03-28"


def line(**cells: Scalar) -> Answer:
    """A line of enquiry, done an hour ago, with these cells otherwise."""
    whole: dict[str, Scalar] = {
        "category": "home_search",
        "what": "Search the shed behind the garden by torch",
        "owner": "PC Wells",
        "due_at": BEFORE,
        "priority": "immediate",
        "status": "done",
        "outcome": "Nobody there; a blanket, dry.",
        "completed_at": BEFORE,
    }
    return a_row(**{name: one for name, one in (whole | cells).items() if one != ""})


NOTHING_BEGUN: Changed = {
    one.id: "not_started"
    for one in definitions.form("act").fields()
    if "not_started" in {code.code for code in one.codes}
}
BEGUN: Changed = {**NOTHING_BEGUN, "act.last_witness": "under_way"}
NOT_TOLD = Said(changed={"act.charity": "not_needed", "act.covert": "yes"})
OF_ENQUIRIES = both_ways(
    "act",
    NIGHTS["enquiries"],
    [
        ("R-56", {"act.lines": line(outcome="")}, {"act.lines": line()}, "over, and nobody says what came"),
        ("R-07", {"act.changes_risk": NOT_KNOWN}, {}, "nobody knows whether it changes the risk"),
        ("R-07a", {"act.changes_risk": "yes"}, {}, "it changes the risk"),
        ("R-07b", {"act.changes_risk": "yes"}, {}, "it changes the risk"),
        ("E-01", NOTHING_BEGUN, BEGUN, "nothing has begun"),
        ("E-01a", NOTHING_BEGUN, BEGUN, "nothing has begun"),
        (
            "E-02",
            {"act.hospital": "not_started", "act.not_started_owner": NOT_KNOWN},
            {"act.hospital": "not_started", "act.not_started_owner": "PC Amin"},
            "what has not begun is nobody's",
        ),
        ("E-03", {"act.lines": line(completed_at="")}, {"act.lines": line()}, "done, and nobody says when"),
        ("T-01", {"act.home_search_at": LATER}, {}, "done in two hours' time"),
        (
            "R-59",
            {"act.lines": line(status="to_do")},
            {"act.lines": line(status="to_do", delay_reason="demand")},
            "late, and nobody says what held it up",
        ),
        ("R-11", {"act.lines": line(what="Usual enquiries.")}, {"act.lines": line()}, "nothing specific"),
        ("R-51", {"act.covert": "yes"}, {}, "somebody near must not know"),
        ("R-51a", {"act.covert": "yes"}, NOT_TOLD, "a charity was told all the same"),
    ],
)
TAKEN = {"ev.dfu_priority": "no"}
OF_THE_CARD = both_ways(
    "ev",
    NIGHTS["evidence_card"],
    [
        ("EV-1", {"ev.suicide_asked": "no"}, {}, "nobody asked about suicide"),
        ("R-07", {"ev.changes_risk": NOT_KNOWN}, {}, "nobody knows whether it changes the risk"),
        ("R-07a", {"ev.changes_risk": "yes"}, {}, "it changes the risk"),
        ("R-07b", {"ev.changes_risk": "yes"}, {}, "it changes the risk"),
        (
            "R-17a",
            {},
            {"ev.given": None, "ev.given_to": None},
            "evidence on a phone, with or without advice",
        ),
        ("F-01", TAKEN, {}, "nobody asked that the phone goes first"),
        ("F-01a", {"ev.dfu_priority": NOT_KNOWN}, {}, "nobody knows whether somebody asked"),
        ("F-02", {"ev.dfu_priority_answer": "waiting"}, {}, "no answer has come"),
    ],
)
LOWERED: Changed = {"hov.risk_before": "high", "hov.agreed_by": "Insp 88 Farrow"}
RAISED: Changed = {"hov.risk": "high"}
WAS_HIGH: Changed = {"hov.risk_before": "high", "hov.risk": "high"}
OF_A_HANDOVER = both_ways(
    "hov",
    NIGHTS["handover"],
    [
        ("HOV-1", {"hov.to": "PS 417 Marsh"}, {}, "nobody else takes it on"),
        ("R-07", {"hov.new_facts": NOT_KNOWN}, {}, "nobody knows whether there is anything new"),
        ("R-07a", {"hov.new_facts": "yes"}, {}, "something new"),
        ("R-07b", {"hov.new_facts": "yes"}, {}, "something new"),
        ("R-07c", RAISED, {}, "another level without a new assessment"),
        *((rule, RAISED, {}, "raised to high") for rule in ("R-09", "R-09a", "R-09b", "R-35b")),
        *((rule, RAISED, WAS_HIGH, "high was high before") for rule in ("R-09", "R-09a", "R-09b", "R-35b")),
        ("R-54", {**LOWERED, "hov.agreed_by": None}, LOWERED, "lowered by one alone"),
        ("HOV-2", {**LOWERED, "hov.agreed_by": "PS 417 Marsh"}, LOWERED, "agreed by whoever hands over"),
        ("R-06", {"hov.risk_because": HABIT}, {}, "age and habit alone"),
        ("R-51", {"hov.covert": "yes"}, {}, "somebody near must not know"),
        (
            "R-51a",
            {"hov.covert": "yes"},
            {"hov.covert": "yes", "hov.family_told": "not_told"},
            "the family was told all the same",
        ),
        ("Q-02", {"hov.risk_because": STOCK}, {}, "words of any record"),
    ],
)
PHONE = known(EntityKind.OBJECT, object_type="phone", description="A black phone", state="left")
TOLD_WHY = PHONE.changed("object.left_because", "His sister rings him on it", at=NOW, by="NYP-1234")
KEPT = PHONE.changed("object.state", "retained", at=NOW, by="NYP-1234")


def seen(thing: Entity) -> Said:
    """Seen in the room."""
    return Said(changed={"srch.devices_what": (str(thing.id),)}, people=(thing,))


OF_A_SEARCH = both_ways(
    "srch",
    NIGHTS["search"],
    [
        ("S-01", {"srch.started_at": Moment(NOW - timedelta(minutes=30))}, {}, "over before it began"),
        ("S-02", {"srch.ended_at": LATER}, {}, "over in two hours' time"),
        ("R-07", {"srch.changes_risk": NOT_KNOWN}, {}, "nobody knows whether it changes the risk"),
        ("R-07a", {"srch.changes_risk": "yes"}, {}, "it changes the risk"),
        ("R-07b", {"srch.changes_risk": "yes"}, {}, "it changes the risk"),
        ("SP-1", {"srch.small_spaces_left": ("loft", "under_beds")}, {}, "looked into and left"),
        ("SP-2", {"srch.not_searched": "all_searched"}, {}, "all searched, and a loft was not"),
        ("SP-3", seen(PHONE), seen(TOLD_WHY), "left where it was, and nobody says why"),
        ("R-17", seen(KEPT), seen(TOLD_WHY), "police have a phone"),
        ("R-17a", seen(KEPT), seen(TOLD_WHY), "police have a phone"),
    ],
)
SHORT_PLAN = a_row(action="Ring his nan", who="Control room", minutes="5")
RUNG = {"with": "edt_north_yorkshire", "phone": "01632 960144"}
OLD = LEO_SEEN.changed("person.photo_taken_on", "2024-01-10", at=NOW, by="NYP-1234")
UNDATED = LEO_SEEN.changed("person.photo_taken_on", None, at=NOW, by="NYP-1234")
OF_A_PLAN = both_ways(
    "trg",
    NIGHTS["trigger_plan"],
    [
        ("TP-1", {"trg.first_hour": SHORT_PLAN}, {}, "one thing to do in the first hour"),
        ("TP-2", {"trg.review_due": FAR}, {"trg.review_due": SOON}, "looked at again in a year"),
        ("TP-3", {"trg.plan_version": "1"}, {}, "used before, and the first of its kind"),
        ("TP-4", {"trg.agencies": a_row(**RUNG)}, {}, "a number that nobody has rung"),
        ("TP-5", Said(child=LEO), {}, "no photo of the child"),
        ("TP-6", Said(child=UNDATED), {}, "nobody says when the photo was taken"),
        ("TP-7", Said(child=OLD), {}, "a photo of two years ago"),
        ("R-06", {"trg.level_because": HABIT}, {}, "age and habit alone"),
        ("Q-02", {"trg.why_words": STOCK}, {}, "words of any record"),
    ],
)
OF_OTHERS = [
    *both_ways(
        "exp",
        NIGHTS["exploiter"],
        [("EXP-1", {"exp.review_due": FAR}, {"exp.review_due": SOON}, "looked at again in a year")],
    ),
    *both_ways(
        "hot",
        NIGHTS["place_of_concern"],
        [
            ("HOT-1", {"hot.actions": UNOWNED}, {"hot.actions": OWNED}, "nobody's, and no time"),
            ("HOT-2", {"hot.review_due": FAR}, {"hot.review_due": SOON}, "looked at again in a year"),
        ],
    ),
    *both_ways(
        "str",
        NIGHTS["strategy"],
        [
            ("STR-1", {"str.actions": UNOWNED}, {"str.actions": OWNED}, "nobody's, and no time"),
            ("Q-02", {"str.decision_because": STOCK}, {}, "words of any record"),
        ],
    ),
    *both_ways(
        "thr",
        NIGHTS["thrive"],
        [
            ("R-06", {"thr.risk": HABIT}, {"thr.risk": REASON}, "age and habit alone"),
            ("Q-02", {"thr.threat": STOCK}, {}, "words of any record"),
        ],
    ),
]
OF_BESIDE = [*OF_ENQUIRIES, *OF_THE_CARD, *OF_A_HANDOVER, *OF_A_SEARCH, *OF_A_PLAN, *OF_OTHERS]
