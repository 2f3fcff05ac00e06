"""Records as a phone would send them, with invented people. Say only what the test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why, frozen
from booklets.decisions import Ask, Outcome, ask_row, deciding
from booklets.entities import Edit, Entity, EntityKind
from booklets.forms import Stage
from booklets.records import Author, Header, Link, Record, Task
from booklets.sending import Sending, records_of
from booklets.stamps import Confidence, Stamp

NIGHT = datetime(2026, 3, 14, 21, 4, tzinfo=UTC)
INVENTED = UUID("00000000-0000-4000-8000-0000000000aa")
FORCE, UNIT = "north_yorkshire", "harrogate_response"

CHILD, CARER, HOME, FOUND_AT = (
    uuid5(INVENTED, name) for name in ("child", "carer", "children's home", "bus station")
)


def an_id(name: str) -> UUID:
    """The same id for the same name, so that tests read like sentences."""
    return uuid5(INVENTED, name)


def an_author(**changes: Any) -> Author:
    """An officer who writes records."""
    parts = {
        "id": "NYP-2217",
        "name": "Ada Okoro",
        "rank": "PC",
        "shoulder_no": "2217",
        "station": "Harrogate",
    }
    return Author(**parts | changes)


def a_person(id_: UUID = CHILD, at: datetime = NIGHT, **facts: Answer) -> Entity:
    """A person, the missing child unless said otherwise. Facts by their short names."""
    known: dict[str, Answer] = {
        "given_names": "Kit",
        "surname": "Marlowe-Test",
        "dob": "2011-05-02",
        "sex": "M",
        "ethnicity_sde": "W1",
        "la_responsible": "E06000065",
        "safe_contact": "phone_own",
        "has_phone": "yes",
        "phones": ({"number": "07700 900123"},),
        "addresses": ({"place": str(HOME), "type": "home"},),
    }
    return _entity(id_, EntityKind.PERSON, known | facts, at)


def a_carer(at: datetime = NIGHT, **facts: Answer) -> Entity:
    """The adult the child was left with."""
    known: dict[str, Answer] = {"given_names": "Robin", "surname": "Carer-Test", "relationship": "mother"}
    return _entity(CARER, EntityKind.PERSON, known | facts, at)


def a_place(id_: UUID = FOUND_AT, at: datetime = NIGHT, **facts: Answer) -> Entity:
    """A place, where the child was found unless said otherwise."""
    known: dict[str, Answer] = {
        "name": "Bus station",
        "street": "1 Invented Street",
        "town": "Harrogate",
        "county": "North Yorkshire",
        "postcode": "HG1 1ZZ",
        "place_type": "transport_hub",
    }
    return _entity(id_, EntityKind.PLACE, known | facts, at)


def _entity(id_: UUID, kind: EntityKind, facts: Mapping[str, Answer], at: datetime) -> Entity:
    full = {f"{kind.value}.{name}": value for name, value in facts.items()}
    name, value = next(iter(full.items()))
    return Entity(id_, kind, frozen(full), (Edit(at, "NYP-2217", name, None, value),))


PEOPLE = (a_person(), a_carer(), a_place(), a_place(HOME, name="Home", street="2 Invented Street"))


def a_header(form: str, **changes: Any) -> Header:
    """The header of a record of this form, written on the night of the tests."""
    known = definitions.form(form)
    parts: dict[str, Any] = {
        "record": an_id(f"record {form}"),
        "record_type": known.record_type,
        "form": form,
        "form_version": known.version,
        "form_checksum": known.checksum,
        "force": FORCE,
        "unit": UNIT,
        "routing_role": "supervisor",
        "incident": an_id("incident"),
        "episode": an_id("episode"),
        "encounter": an_id("encounter"),
        "author": an_author(),
        "device": "handheld-1",
        "app_version": "0.1.0",
        "revision": 1,
        "base_revision": 0,
        "started": Stamp(NIGHT - timedelta(minutes=20), 0, 1000, Confidence.SERVER),
        "submitted": Stamp(NIGHT, 0, 1_201_000, Confidence.SERVER),
        "subject": CHILD,
    }
    return Header(**parts | changes)


def a_return(
    answers: Mapping[str, Answer] | None = None,
    *,
    entities: tuple[Entity, ...] = PEOPLE,
    stage: Stage = Stage.FOUND,
    tasks: tuple[Task, ...] = (),
    reasons: Mapping[str, str] | None = None,
    **header: Any,
) -> Record:
    """A return: the child is back at the children's home, the duty team has been rung."""
    rung: Row = {
        "with": "edt_north_yorkshire",
        "at": Moment(NIGHT),
        "outcome": "accepted",
        "phone": "01632 960144",
    }
    said: dict[str, Answer] = {
        "ret.found_at": Moment(NIGHT - timedelta(minutes=40)),
        "ret.found_place": str(FOUND_AT),
        "ret.found_how": "police_patrol",
        "ret.condition": ("awake_talking", "tired_hungry"),
        "ret.left_with": (str(CARER),),
        "ret.return_place": str(HOME),
        "ret.la_informed": (rung,),
        "ret.covert": "no",
        "ret.medical_needed": Gap(Why.NOT_ASKED, "asleep on the sofa"),
    }
    return Record(
        header=a_header("ret", **header),
        stage=stage,
        answers=frozen(said | dict(answers or {})),
        entities=entities,
        tasks=tasks,
        reasons=dict(reasons or {}),
    )


def an_interview(
    answers: Mapping[str, Answer] | None = None,
    *,
    entities: tuple[Entity, ...] = PEOPLE,
    tasks: tuple[Task, ...] = (),
    **header: Any,
) -> Record:
    """The prevention interview of the same doorstep."""
    said: dict[str, Answer] = {
        "pi.at": Moment(NIGHT - timedelta(minutes=10)),
        "pi.child_words": (
            {"who": "Kit", "asked": "Tell me about tonight.", "said": "I went because it was loud."},
        ),
    }
    return Record(
        header=a_header("pvi", **header),
        stage=Stage.CAPTURE,
        answers=frozen(said | dict(answers or {})),
        entities=entities,
        tasks=tasks,
    )


RUNG: Row = {
    "with": "edt_north_yorkshire",
    "at": Moment(NIGHT),
    "outcome": "accepted",
    "phone": "01632 960144",
}
SPOKE: Row = {"who": "Kit", "asked": "Tell me about today.", "said": "He gets loud so I go out."}
PPN_SAID: dict[str, Answer] = {
    "ppn.incident_at": Moment(NIGHT - timedelta(minutes=40)),
    "ppn.incident_place": str(FOUND_AT),
    "ppn.incident_type": "missing_return",
    "ppn.summary": "Kit was found at the bus station by patrol at 20:24 and driven back to the home.",
    **dict.fromkeys(("ppn.child_present", "ppn.child_seen", "ppn.child_spoken_to"), "yes"),
    "ppn.seen_alone": "yes",
    "ppn.aware_appearance": "School shirt, no coat, 3 °C. Left sleeve wet. Shivered, yawned as we spoke.",
    "ppn.injured": "no",
    "ppn.aware_words": (SPOKE,),
    "ppn.worries": "that he will be loud again",
    "ppn.wants": "to stay at my nan's",
    "ppn.parent_views": "Robin says there was a row about the phone and Kit ran out at six.",
    "ppn.aware_activity": "20:50: by the heater, phone in both hands; it rang twice, he turned it over.",
    "ppn.aware_relationships": "Robin asked Kit if he was cold and gave him a blanket. Kit sat close.",
    "ppn.aware_environment": "Saw the lounge and Kit's room: bed made, heating on. Kitchen not seen.",
    "ppn.impact": "Kit says he sleeps badly before school and eats at a friend's when it is loud.",
    "ppn.strengths": "Nan lives two streets away; Kit rings her when it gets loud.",
    "ppn.concerns": ("emotional", "missing"),
    "ppn.concerns_detail": "Kit says the shouting is most nights. Third time out at night this month.",
    "ppn.indicators": ("none_seen",),
    **dict.fromkeys(("ppn.online_abuse", "ppn.da", "ppn.hbv_fm_fgm_traff", "ppn.suspect_known"), "no"),
    "ppn.other_children": "no",
    "ppn.other_children_asked": "Asked Kit and Robin; one child's bed in the home.",
    "ppn.operation_pending": "no",
    "ppn.immediate_danger": "no",
    "ppn.immediate_action": ("safety_plan",),
    "ppn.immediate_action_detail": "Kit may ring his nan at any hour; Robin agreed to it.",
    "ppn.risk_opinion": "child_in_need",
    "ppn.risk_opinion_because": "It is most nights, and Kit leaves in the dark without a coat.",
    "ppn.covert": "no",
    "ppn.family_told": "told",
    "ppn.agencies_now": (RUNG,),
    "ppn.requested": ("single_assessment",),
    "ppn.support_given": ("childline", "missing_people"),
    "ppn.bwv_reviewed": "yes",
    "ppn.changes_risk": "no",
}


def a_ppn(
    answers: Mapping[str, Answer] | None = None,
    *,
    entities: tuple[Entity, ...] = PEOPLE,
    stage: Stage = Stage.CAPTURE,
    tasks: tuple[Task, ...] = (),
    reasons: Mapping[str, str] | None = None,
    **header: Any,
) -> Record:
    """A PPN of the same night and child, whole enough to be decided on. Nobody is in danger now."""
    parts: dict[str, Any] = {
        "encounter": an_id("encounter ppn"),
        "linked": (Link(an_id("record ret"), "follows_from"), Link(an_id("record pvi"), "follows_from")),
    }
    return Record(
        header=a_header("ppn", **parts | header),
        stage=stage,
        answers=frozen(PPN_SAID | dict(answers or {})),
        entities=entities,
        tasks=tasks,
        reasons=dict(reasons or {}),
    )


def next_revision(record: Record, answers: Mapping[str, Answer], *, at: datetime | None = None) -> Record:
    """The same record, said again with more known."""
    header = record.header
    submitted = replace(header.submitted, wall=at or header.submitted.wall + timedelta(hours=1))
    return replace(
        record,
        header=replace(
            header,
            revision=header.revision + 1,
            base_revision=header.revision,
            submitted=submitted,
        ),
        answers=frozen({**record.answers, **answers}),
    )


def a_task(kind: str, *, rule: str = "R-08a", owner: str = "response", **changes: Any) -> Task:
    """Something a rule asked for on the device."""
    parts: dict[str, Any] = {
        "id": an_id(f"task {kind}"),
        "kind": kind,
        "rule": rule,
        "subject": str(CHILD),
        "owner_role": owner,
        "set_at": NIGHT,
        "due_at": NIGHT + timedelta(minutes=60),
    }
    return Task(**parts | changes)


def a_decision(
    records: Sequence[Record],
    outcome: Outcome = Outcome.APPROVE,
    *,
    by: Author | None = None,
    at: datetime = NIGHT + timedelta(minutes=90),
    asks: Sequence[Ask] = (),
    answers: Mapping[str, Answer] | None = None,
    **header: Any,
) -> Record:
    """What a sergeant decides about these records: a record of its own, as the tablet would send it."""
    guide = definitions.guide("supervision")
    sergeant = by or an_author(id="NYP-0417", name="Bola Marsh", rank="PS", shoulder_no="417")
    begun = deciding(records, guide, officer=sergeant, at=Stamp(at, confidence=Confidence.SERVER))
    said = DECIDED[outcome] | ({"sup.asks": tuple(map(ask_row, asks))} if asks else {})
    sending = Sending(
        at=Stamp(at, confidence=Confidence.SERVER),
        device="tablet-1",
        app_version="0.1.0",
        stage=Stage.CAPTURE,
        force=definitions.force(FORCE),
        clocks=(),
    )
    written = replace(begun, answers=frozen({**begun.answers, **said, **(answers or {})}))
    (made,) = records_of(written, guide, sending)
    return replace(made, header=replace(made.header, **header))


A_DIRECTION: Row = {
    "what": "Ring the duty team about the bruise on his arm",
    "who": "PC Okoro",
    "by": Moment(NIGHT + timedelta(hours=3)),
}
DECIDED: Mapping[Outcome, dict[str, Answer]] = {
    Outcome.APPROVE: {
        "sup.decision": "approve",
        "sup.rationale": "Body map matches the fall Kit told of; the carer was rung twice before midnight.",
        "sup.read": "yes",
        "sup.voice": "yes",
        "sup.risk_right": "yes",
        "sup.risk_right_because": "Second night away this month, and he owes money to a man in Leeds.",
        "sup.owner_accepted_at": Moment(NIGHT),
        "sup.markers": "considered",
        "sup.markers_because": "The self-harm marker of May: the paramedics looked at both arms.",
        "sup.other_children": "none_there",
        "sup.offences": "none_found",
        "sup.language": "yes",
        "sup.directions": (A_DIRECTION,),
    },
    Outcome.RETURN: {
        "sup.decision": "return",
        "sup.return_reasons": ("words_missing",),
        "sup.return_words": "Kit was not asked where he slept. Ask him, and write his words.",
        "sup.due_by": Moment(NIGHT + timedelta(hours=3)),
    },
    Outcome.RECALL: {
        "sup.decision": "recall",
        "sup.rationale": "Robin has rung with the school's name, so nothing is left to ask PC Okoro.",
    },
    Outcome.RETURN_URGENT: {
        "sup.decision": "return_urgent",
        "sup.return_reasons": ("child_not_seen",),
        "sup.return_words": "Nobody has seen Kit's arms, and the paramedic wrote of cuts. Go back and look.",
        "sup.due_by": Moment(NIGHT + timedelta(hours=1)),
    },
    Outcome.ESCALATE: {
        "sup.decision": "escalate",
        "sup.rationale": "The man with the van is named in two records this week; the FIM has to know.",
    },
    Outcome.ESCALATE_VAT: {
        "sup.decision": "escalate_vat",
        "sup.rationale": "Third child this month who was picked up at the bus station by the same van.",
    },
}
