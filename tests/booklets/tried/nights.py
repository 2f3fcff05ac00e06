"""A whole record of every sort, with nothing alarming in it: where rules look and have nothing to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from booklets import definitions
from booklets.answers import Answer, Moment, Row, Scalar
from booklets.decisions import Outcome, deciding
from booklets.entities import Entity, EntityKind
from booklets.photos import photo_row
from booklets.stamps import Stamp
from tests.booklets.test_desk_rules import CHILDREN, FRIEND
from tests.booklets.test_desk_rules import WHOLE as OF_DESKS
from tests.support import missing, ppns, protection, walks
from tests.support.builders import DECIDED, NIGHT, PEOPLE, PPN_SAID, a_return, an_author, an_id, an_interview
from tests.support.missing import LEO, MUM, NOW, PARK, a_row, known, somebody
from tests.support.tried import Night

BEFORE, LATER = Moment(NOW - timedelta(hours=1)), Moment(NOW + timedelta(hours=2))
DEAN = somebody(
    known_as="Dean",
    age_estimate="31",
    relationship="suspected_exploiter",
    ethnicity_sde="W1",
    children_access="no",
    looks="Tall, limps",
)
"""Somebody who is suspected, and of whom all is asked."""
ELLA = somebody(
    known_as="Ella", age_estimate="9", ethnicity_sde="W1", ppn_decision="ppn_done", seen_tonight="awake"
)
"""Another child, on whom all is decided."""
BAG = known(EntityKind.OBJECT, object_type="clothing", description="A grey rucksack")
ACTION = a_row(what="Ring the night porter at ten", who="PC Wells", by=LATER)


def rung(with_: str, **more: Scalar) -> tuple[Row, ...]:
    """Somebody was rung an hour ago."""
    cells: dict[str, Scalar] = {"with": with_, "at": BEFORE, "outcome": "accepted", **more}
    return a_row(**cells)


SAID: Mapping[str, Mapping[str, Answer]] = {
    "enquiries": {
        **{
            f"act.{one}": "not_needed"
            for one in ("phone_online", "hospital", "custody", "other_forces", "anpr", "cctv", "transport")
        },
        "act.home_search": "done",
        "act.home_search_who": "PC Wells",
        "act.home_search_at": BEFORE,
        "act.last_witness": "under_way",
        "act.last_witness_words": "Carol stood at the back door and heard the gate at nine.",
        "act.last_seen_with": (str(ELLA.id),),
        "act.other_children": (str(ELLA.id),),
        "act.charity": "done",
        "act.hbv_fm_fgm": "no",
        "act.covert": "no",
        "act.lines": a_row(
            category="home_search",
            what="Search the shed behind 4 Mill Lane by torch",
            owner="PC Wells",
            due_at=BEFORE,
            priority="immediate",
            status="done",
            outcome="Nobody there; a blanket, dry.",
            completed_at=BEFORE,
        ),
        "act.changes_risk": "no",
    },
    "evidence_card": {
        "ev.shown_at": BEFORE,
        "ev.given": "given",
        "ev.given_to": "Carol, mother",
        "ev.suicide_asked": "yes",
        "ev.device_retained": "taken",
        "ev.device_because": "Carol handed it over; the messages of tonight are on it.",
        "ev.identifiers": a_row(platform="snapchat", username="leo.m"),
        "ev.changes_risk": "no",
        "ev.dfu_contacted": rung("dfu"),
        "ev.dfu_priority": "yes",
        "ev.dfu_priority_because": "He writes to somebody tonight.",
        "ev.dfu_priority_answer": "goes_first",
    },
    "exploiter": {
        "exp.person": str(DEAN.id),
        "exp.children": (str(ELLA.id),),
        "exp.how": ("CCE",),
        "exp.conduct": "He waits in a grey van by the school gate after four, and gives rides.",
        "exp.officer": "DC Lowe",
        "exp.review_due": "2026-03-28",
    },
    "handover": {
        "hov.at": BEFORE,
        "hov.from": "PS 417 Marsh",
        "hov.to": "PS 502 Hale",
        "hov.new_facts": "no",
        "hov.risk_before": "medium",
        "hov.risk": "medium",
        "hov.risk_because": "Leo cannot swim, and the becks behind the gardens are in flood.",
        "hov.next": "Patrol walks the beck path again at six, then the bandstand.",
        "hov.hbv_fm_fgm": "no",
        "hov.covert": "no",
        "hov.family_told": "told",
        "hov.family_contacts": rung("gp"),
    },
    "place_of_concern": {
        "hot.place": str(PARK.id),
        "hot.why": ("adults_gathering",),
        "hot.words": "Two men with a van by the bandstand, most evenings from six; children sit with them.",
        "hot.children": (str(ELLA.id),),
        "hot.adults": (str(DEAN.id),),
        "hot.other_children": (str(ELLA.id),),
        "hot.owner": "PS 417 Marsh",
        "hot.actions": ACTION,
        "hot.review_due": "2026-03-28",
    },
    "search": {
        "srch.place": str(PARK.id),
        "srch.type": ("home_and_room",),
        "srch.reason": "Leo may have come back by the shed.",
        "srch.authority": "consent",
        "srch.started_at": Moment(NOW - timedelta(hours=2)),
        "srch.ended_at": BEFORE,
        "srch.not_searched": "yes",
        "srch.areas_left": a_row(area="Loft", because="No ladder that holds; PC Amin brings one at six."),
        "srch.small_spaces": ("under_beds", "wardrobes"),
        "srch.small_spaces_left": ("loft",),
        "srch.small_spaces_because": "No ladder.",
        "srch.found": "yes",
        "srch.found_things": (str(BAG.id),),
        "srch.devices": ("new_items",),
        "srch.devices_what": (str(BAG.id),),
        "srch.result": "Nobody there; his bed is made and his coat is gone.",
        "srch.changes_risk": "no",
    },
    "strategy": {
        "str.at": BEFORE,
        "str.how": "call",
        "str.attendees": a_row(name="Mel Ash", agency="mhet"),
        "str.shared": "The school has seen the grey van by its gate on two afternoons.",
        "str.decision": ("s47",),
        "str.decision_because": "Leo owes money to the man with the van, and sleeps at home from tonight.",
        "str.actions": ACTION,
        "str.disagreed": "no",
    },
    "thrive": {
        "thr.at": BEFORE,
        "thr.trigger": "first",
        "thr.threat": "The man with the grey van wrote to Leo at six that he is waiting.",
        "thr.harm": "Leo may be hurt for forty pounds that he owes.",
        "thr.risk": "Leo owes money to a man who has hurt two boys, and it is dark.",
        "thr.investigation": "The van is sought on the cameras of the A59.",
    },
    "trigger_plan": {
        "trg.plan_version": "2",
        "trg.used_before": "yes",
        "trg.used_in": a_row(on="2026-02-11", worked="helped", what="His nan knew which bus he takes"),
        "trg.why": ("exploitation",),
        "trg.why_words": "Leo was found with the man with the grey van on three evenings.",
        "trg.level_if_missing": "high",
        "trg.level_because": "The man with the van has hurt two boys, and Leo owes him money.",
        "trg.first_hour": (
            *a_row(action="Ring his nan", who="Control room", minutes="5"),
            *a_row(action="Go to the bandstand", who="Response", minutes="15"),
            *a_row(action="Ask for the van on the cameras", who="Control room", minutes="20"),
        ),
        "trg.places": (str(PARK.id),),
        "trg.associates": (str(ELLA.id),),
        "trg.exploiters": (str(DEAN.id),),
        "trg.agencies": rung("edt_north_yorkshire", phone="01632 960144"),
        "trg.owner": "DS Ferris",
        "trg.review_due": "2026-03-28",
    },
}
PICTURED: Mapping[str, Answer] = {
    "photo": (photo_row(an_id("photo of Leo"), added=NOW),),
    "photo_taken_on": "2026-01-10",
    "markers_checked": "yes",
}
LEO_SEEN = replace(LEO, facts={**LEO.facts, **{f"person.{name}": one for name, one in PICTURED.items()}})
"""Leo, with a photo of this winter."""


def _of_missing(name: str, answers: Mapping[str, Answer], child: Entity = LEO) -> Night:
    return Night(
        guide=name,
        answers=answers,
        child=child,
        people=(MUM, PARK, BAG),
        named=(DEAN, ELLA),
        officer=walks.WELLS,
        now=NOW,
    )


def _of_kit(name: str, answers: Mapping[str, Answer], child: Entity = ppns.KIT) -> Night:
    by = protection.AUTHORS.get(name, protection.INSPECTOR) if name in protection.WHOLE else an_author()
    people = (*PEOPLE, protection.FOSTER_CARER, FRIEND)
    return Night(guide=name, answers=answers, child=child, people=people, officer=by, now=NIGHT)


def _of_a_decision() -> Night:
    sergeant = an_author(id="NYP-0417", name="Bola Marsh", rank="PS")
    records = (a_return(), an_interview({"pi.risk_now": "high"}))
    guide = definitions.guide("supervision")
    begun = deciding(records, guide, officer=sergeant, at=Stamp(NIGHT))
    return Night(
        guide="supervision",
        answers={**begun.answers, "sup.owner_role": "fim", **DECIDED[Outcome.APPROVE]},
        child=PEOPLE[0],
        people=PEOPLE,
        officer=sergeant,
        now=NIGHT,
    )


NIGHTS: Mapping[str, Night] = {
    "missing": _of_missing("missing", missing.HONEST),
    "risk_again": _of_missing("risk_again", missing.AGAIN),
    "return_check": Night(
        guide="return_check",
        answers=walks.HONEST,
        child=walks.AMY,
        people=(walks.MUM, walks.HOME, walks.AUNT),
        officer=walks.WELLS,
        now=walks.NOW,
    ),
    "ppn": _of_kit("ppn", PPN_SAID),
    **{name: _of_kit(name, answers) for name, answers in protection.WHOLE.items()},
    **{name: _of_kit(name, answers, CHILDREN[name]) for name, answers in OF_DESKS.items()},
    **{name: _of_missing(name, answers) for name, answers in SAID.items()},
    "trigger_plan": _of_missing("trigger_plan", SAID["trigger_plan"], LEO_SEEN),
    "supervision": _of_a_decision(),
}
FILLED_BY: Mapping[str, str] = {
    form.id: name
    for name in sorted(NIGHTS, key=lambda one: one == "risk_again", reverse=True)
    for form in definitions.guide(name).forms
} | dict.fromkeys(definitions.entity_forms(), "missing")
"""The record in which each form is tried, unless a case says another."""
