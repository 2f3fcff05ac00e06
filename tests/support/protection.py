"""Police protection as three officers write it, with invented people, and what the review says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why, frozen
from booklets.encounters import Encounter, begin, review
from booklets.entities import Entity
from booklets.forms import Stage
from booklets.guides import Guide
from booklets.records import Author, Record
from booklets.review import Problem
from booklets.sending import Sending, records_of
from booklets.stamps import Confidence, Stamp
from tests.support.builders import (
    CARER,
    FORCE,
    FOUND_AT,
    HOME,
    NIGHT,
    PEOPLE,
    RUNG,
    UNIT,
    a_person,
    an_author,
)
from tests.support.ppns import somebody

POWER, OFFICER, END = "police_protection", "designated_officer", "protection_end"
REVIEW = "protection_review"
USED = NIGHT - timedelta(minutes=40)
INSPECTOR = an_author(id="NYP-0088", name="Mo Farrow", rank="Insp", shoulder_no="88")
REVIEWER = an_author(id="NYP-0093", name="Asha Nield", rank="DI", shoulder_no="93")
KIT = a_person(known_as="Kit")
FOSTER_CARER = somebody(known_as="Pat", relationship="foster_carer")

SPOKE: Row = {"who": "Kit", "asked": "What would you like to happen?", "said": "Can I go to my nan's?"}
REVIEWED: Row = {
    "at": Moment(NIGHT - timedelta(minutes=5)),
    "by": "Insp 88 Farrow",
    "cause": "yes",
    "because": "Robin is still at the address and has said that Kit comes home tonight.",
    "next_at": Moment(NIGHT + timedelta(hours=8)),
}
CONSTABLE_SAYS: Mapping[str, Answer] = {
    "pp.started_at": Moment(USED),
    "pp.power": "removed",
    "pp.found_place": str(FOUND_AT),
    "pp.init_officer": "PC 2217 Okoro",
    "pp.la_told": (RUNG,),
    "pp.medical_needed": "no",
    "pp.child_told": "yes",
    "pp.child_told_how": "In short sentences; Kit said it back to me.",
    "pp.child_words": (SPOKE,),
    "pp.accommodation": "la_foster",
    "pp.accommodation_place": str(HOME),
    "pp.accommodation_with": (str(FOSTER_CARER.id),),
    "pp.grounds": (
        "Robin was drunk, held the kitchen knife and said that nobody leaves. Kit, 14, had blood on one "
        "sleeve and stood behind the door. There was no other adult, and Robin would not go."
    ),
    "pp.alternatives": ("adult_leaves", "council_epo"),
    "pp.alternatives_because": "Robin would not leave; the duty team said no court before Monday.",
    "pp.epo_in_force": "no",
    "pp.sw_request": "no",
    "pp.entry_power": "consent",
    "pp.force_used": "no",
    "pp.hbv_fm_fgm": "no",
    "pp.covert": "no",
    "pp.parents_informed": "told",
    "pp.other_children": "no",
    "pp.other_children_asked": "Asked Kit and Robin; looked into each room, one child's bed.",
    "pp.suspect_known": "no",
}
LATER_SAYS: Mapping[str, Answer] = {
    "pp.supervisor_told": (RUNG,),
    "pp.do": "Insp 88 Farrow",
    "pp.do_told_at": Moment(NIGHT),
    "pp.la_found": "E06000065",
    "pp.la_address_given": (RUNG,),
    "pp.parents_told": (RUNG,),
    "pp.pr_informed": "told",
    "pp.pr_told": (RUNG,),
    "pp.lived_with_informed": "told",
    "pp.lived_with_told": (RUNG,),
    "pp.ppn": "PPN-0001",
    "pp.incident_no": "12260314-0417",
}
INSPECTOR_SAYS: Mapping[str, Answer] = {
    "ppd.started_at": Moment(USED),
    "ppd.init_officer": "PC 2217 Okoro",
    "ppd.officer": "Insp 88 Farrow",
    "ppd.officer_rank": "inspector",
    "ppd.officer_listed": "yes",
    "ppd.on_duty_until": Moment(NIGHT + timedelta(hours=9)),
    "ppd.enquiry_started_at": Moment(NIGHT - timedelta(minutes=20)),
    "ppd.reviews": (REVIEWED,),
    "ppd.hbv_fm_fgm": "no",
    "ppd.covert": "no",
    "ppd.contact_asked": "yes",
    "ppd.contact_decisions": (
        {
            "person": str(CARER),
            "allowed": "supervised",
            "because": "Kit asks for it; not alone while drunk.",
        },
    ),
    "ppd.epo": "council_applies",
    "ppd.epo_at": Moment(NIGHT),
    "ppd.strategy": "yes",
    "ppd.strategy_at": Moment(NIGHT),
    "ppd.strategy_attendees": "Duty team of the council; ward sister; me.",
    "ppd.strategy_decisions": "Council applies on Monday at nine; ward sister rings if Robin comes.",
    "ppd.handed_over": "no",
}
PLANNED: Mapping[str, Answer] = {
    "ppd.end_plan": "Council goes to court on Monday at nine; if refused, nan takes Kit after checks.",
    "ppd.signed_off_at": Moment(NIGHT),
    "ppd.signoff": "Look at what the court says before noon, and ring nan either way.",
}
END_SAYS: Mapping[str, Answer] = {
    "ppe.started_at": Moment(USED),
    "ppe.ended_at": Moment(NIGHT),
    "ppe.end_reason": "epo",
    "ppe.end_reason_because": "The court made its order at ten; Robin may not come within a mile of Kit.",
    "ppe.end_decider": "Insp 88 Farrow",
    "ppe.now_place": str(HOME),
    "ppe.now_with": (str(FOSTER_CARER.id),),
    "ppe.now_basis": "epo",
    "ppe.now_decided_by": "District judge Amin, family court",
    "ppe.plan_after": "Social worker sees Kit tomorrow at ten; foster carer rings 999 if Robin comes.",
    "ppe.la_told": (RUNG,),
    "ppe.child_told": "yes",
    "ppe.hbv_fm_fgm": "no",
    "ppe.covert": "no",
    "ppe.parents_informed": "told",
    "ppe.offences_considered": ("neglect", "assault"),
    "ppe.offences": (
        {"offence": "neglect", "crime_no": "12250001", "investigator": "DC Lowe"},
        {"offence": "assault", "crime_no": "12250002", "investigator": "DC Lowe"},
    ),
    "ppe.suspect_known": "no",
}
REVIEW_SAYS: Mapping[str, Answer] = {
    "ppv.started_at": Moment(USED),
    "ppv.end_decider": "Insp 88 Farrow",
    "ppv.reviewed_at": Moment(NIGHT),
    "ppv.inspector": "DI 93 Nield",
    "ppv.used_well": "learning",
    "ppv.review": "Robin held a knife and Kit bled: no other way that night. Kit’s own wish is there.",
    "ppv.not_recorded": ("reviews",),
    "ppv.not_recorded_words": "The designated officer adds the review of four o’clock by tomorrow noon.",
    "ppv.offences_recorded": "yes",
    "ppv.safe_now": "yes",
}
PANEL_SAYS: Mapping[str, Answer] = {
    "ppv.panel_on": "2026-03-31",
    "ppv.panel_attendees": ("csc_york",),
    "ppv.panel_view": "Both councils want to be rung before the child is moved a second time.",
}
UNREACHED: Row = {**RUNG, "outcome": "no_answer"}
LATE: Row = {**RUNG, "at": Moment(USED + timedelta(minutes=90))}
PENDING = Gap(Why.PENDING, due="2026-03-15T09:00:00Z")
AFTER_73_HOURS = USED + timedelta(hours=73)
HANDED: Row = {
    "from": "Insp 88 Farrow",
    "to": "Insp 91 Reed",
    "at": Moment(NIGHT),
    "briefing": "Court on Monday at nine; Robin has rung twice.",
    "because": "End of shift.",
}
ACCEPTED: Row = {**HANDED, "accepted_at": Moment(NIGHT)}
NO_CAUSE: Row = {**REVIEWED, "cause": "no", "because": "Robin was arrested and is remanded until Friday."}
CHECKED: Mapping[str, Answer] = {
    "pp.accommodation": "relative",
    "pp.check_pnc": "nothing_found",
    "pp.check_records": "nothing_found",
    "pp.check_social_care": "nothing_found",
}
AT_STATION: Mapping[str, Answer] = {
    "pp.accommodation": "police_station",
    "pp.station_reason": "Three foster homes rung, none free before four; Kit sits in the office with me.",
    "pp.station_inspector": "Insp 88 Farrow",
    "pp.station_until": Moment(NIGHT + timedelta(hours=4)),
}

WHOLE: Final[Mapping[str, Mapping[str, Answer]]] = {
    POWER: CONSTABLE_SAYS,
    OFFICER: INSPECTOR_SAYS,
    END: END_SAYS,
    REVIEW: REVIEW_SAYS,
}
ALWAYS: Final[Mapping[str, set[str]]] = {
    POWER: {"R-20", "R-61", "R-61a", "R-16"},
    OFFICER: {"R-20"},
    END: set[str](),
}
"""What every use of the power leads to: when it ends, who is told of it, the PPN."""
AUTHORS: Final[Mapping[str, Author]] = {POWER: an_author(), REVIEW: REVIEWER}
"""Who writes which part; the designated officer all others."""


def guide_of(part: str) -> Guide:
    """The pages of one of the three parts, or of the review."""
    return definitions.guide(part)


def part_of(
    part: str,
    changed: Mapping[str, Answer | None],
    *people: Entity,
    child: Entity = KIT,
    by: Author | None = None,
    shift_ends: datetime | None = None,
) -> Encounter:
    """One part, whole, with these answers changed, or taken away with ``None``."""
    officer = by or AUTHORS.get(part, INSPECTOR)
    begun = begin(
        guide_of(part),
        officer=officer,
        force=FORCE,
        unit=UNIT,
        at=Stamp(NIGHT),
        subject=child,
        shift_ends=shift_ends,
    )
    answers = {name: answer for name, answer in {**WHOLE[part], **changed}.items() if answer is not None}
    others = (one for one in PEOPLE if one.id != KIT.id)
    everyone = {one.id: one for one in (*others, FOSTER_CARER, child, *people)}
    return replace(begun, answers=frozen(answers), entities=MappingProxyType(everyone))


def said_of(
    part: str,
    changed: Mapping[str, Answer | None],
    *people: Entity,
    stage: Stage = Stage.CAPTURE,
    child: Entity = KIT,
    now: datetime = NIGHT,
    force: str = FORCE,
) -> list[Problem]:
    """What the review says of it."""
    encounter = part_of(part, changed, *people, child=child)
    return review(encounter, guide_of(part), definitions.force(force), now, stage)


def sent(encounter: Encounter, at: datetime = NIGHT) -> Record:
    """The record that the encounter becomes when it is sent."""
    sending = Sending(
        at=Stamp(at, confidence=Confidence.SERVER),
        device="handheld-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=definitions.force(FORCE),
        clocks=definitions.clocks(),
    )
    (made,) = records_of(encounter, guide_of(encounter.guide), sending)
    return made
