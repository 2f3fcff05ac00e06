"""What the teams' own records ask: an interview after a return, the team's review, a notice to a school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why, frozen
from booklets.encounters import begin, review
from booklets.entities import Entity
from booklets.forms import Effect, Stage
from booklets.review import Problem
from booklets.stamps import Stamp
from tests.support.builders import CARER, FORCE, FOUND_AT, NIGHT, PEOPLE, RUNG, UNIT, a_person, an_author
from tests.support.ppns import somebody
from tests.support.walks import found_by

INTERVIEW, REVIEW, SCHOOL = "return_interview", "mhet_review", "encompass"
FRIEND = somebody(known_as="Jo", relationship="friend_adult")
CHILDREN: Mapping[str, Entity] = {
    INTERVIEW: a_person(known_as="Kit"),
    REVIEW: a_person(known_as="Kit"),
    SCHOOL: a_person(known_as="Kit", dob="2012-05-02"),
}
DIRECTED: Row = {"what": "Ring the school", "who": "DC Lowe", "by": Moment(NIGHT)}
WHOLE: Mapping[str, Mapping[str, Answer]] = {
    INTERVIEW: {
        "rhi.returned_at": Moment(NIGHT),
        "rhi.responsible_la": "E06000065",
        "rhi.requested_at": Moment(NIGHT),
        "rhi.route": "secure_link",
        "rhi.urgent": "no",
        "rhi.ack_at": Moment(NIGHT),
        "rhi.offered": "yes",
        "rhi.offered_at": Moment(NIGHT),
        "rhi.outcome": "held",
        "rhi.held_at": Moment(NIGHT),
        "rhi.interviewer": "Sam Orr-Test",
        "rhi.independent": "yes",
        "rhi.received_at": Moment(NIGHT),
        "rhi.summary": "Kit slept on a bench by the river and wants to see his nan each week.",
        "rhi.places": (str(FOUND_AT),),
        "rhi.people": (str(FRIEND.id),),
        "rhi.harm": ("none_known",),
        "rhi.reasons": ("conflict",),
        "rhi.prevent": "An evening a week at his nan's.",
        "rhi.may_share": "all",
        "rhi.follow_up": ("intelligence",),
        "rhi.chases": (RUNG,),
        "rhi.closed_reason": "acted_on",
    },
    REVIEW: {
        "mh.reviewed_at": Moment(NIGHT),
        "mh.episode_no_in_90d": "1",
        "mh.flags": ("none_seen",),
        "mh.exploitation_level": "no_sign",
        "mh.note": "Kit goes to his nan's each week; his foster carer rings her at six.",
        "mh.mace": "not_needed",
        "mh.nrm": "not_indicated",
        "mh.briefing_needed": "no",
        "mh.trigger_plan": "there",
        "mh.meeting_on": "2026-03-15",
        "mh.meeting_attendees": ("csc_york",),
        "mh.meeting_decision": "The foster carer and the nan agree one evening in writing.",
        "mh.meeting_actions": (DIRECTED,),
    },
    SCHOOL: {
        "enc.incident_at": Moment(NIGHT),
        "enc.place": str(FOUND_AT),
        "enc.circumstances": "A man shouted and threw a plate; he left with police.",
        "enc.adult_victims": (str(CARER),),
        "enc.adult_abusers": Gap(Why.NOT_KNOWN, "A man who had gone"),
        "enc.child_present": "yes",
        "enc.child_where": "In the next room",
        "enc.child_spoken": "no",
        "enc.setting": "school",
        "enc.setting_name": str(FOUND_AT),
        "enc.adult_at_school": "no",
        "enc.blocked": "is_told",
        "enc.police_ref": "12260314-0417",
    },
}
TURNED_ON: list[tuple[str, Mapping[str, Answer | None], str, Effect]] = [
    (INTERVIEW, {"rhi.outcome": "declined", "rhi.outcome_because": "No."}, "RHI-4", Effect.ASK),
    (INTERVIEW, {"rhi.harm": ("threats",)}, "R-29", Effect.ASK),
    (INTERVIEW, {"rhi.follow_up": ("ppn",)}, "R-29a", Effect.TASK),
    (INTERVIEW, {"rhi.follow_up": ("trigger_plan",)}, "R-29b", Effect.TASK),
    (INTERVIEW, {"rhi.harm": ("online_abuse",)}, "R-17a", Effect.TASK),
    (INTERVIEW, {"rhi.harm": ("filmed",)}, "R-17a", Effect.TASK),
    (INTERVIEW, {"rhi.harm": ("trafficking",)}, "R-40", Effect.SHOW),
    (REVIEW, {"mh.episode_no_in_90d": "3"}, "MH-2", Effect.ASK),
    (SCHOOL, {"enc.blocked": "out_of_age"}, "ENC-2", Effect.ASK),
]


def said_of(
    guide: str, changed: Mapping[str, Answer | None], *, child: Entity | None = None, force: str = FORCE
) -> list[Problem]:
    """What the review says of a whole record, with these answers changed or taken away."""
    subject = child or CHILDREN[guide]
    pages = definitions.guide(guide)
    begun = begin(pages, officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT), subject=subject)
    answers = {name: one for name, one in {**WHOLE[guide], **changed}.items() if one is not None}
    everyone = {one.id: one for one in (*PEOPLE, FRIEND, subject)}
    whole = replace(begun, answers=frozen(answers), entities=MappingProxyType(everyone))
    found = review(whole, pages, definitions.force(force), NIGHT, Stage.COMPLETE)
    return [one for one in found if not any(name.startswith("person.") for name in one.fields)]


@pytest.mark.parametrize(
    ("guide", "always"), [(INTERVIEW, {"H-01", "R-29c"}), (REVIEW, set()), (SCHOOL, {"R-46"})]
)
def test_a_whole_record_with_nothing_alarming_says_no_more_than_it_always_does(
    guide: str, always: set[str]
) -> None:
    """The control to every rule below."""
    assert found_by(said_of(guide, {})) == always


@pytest.mark.parametrize(("guide", "changed", "rule", "effect"), TURNED_ON)
def test_what_is_written_leads_to_what_follows(
    guide: str, changed: Mapping[str, Answer | None], rule: str, effect: Effect
) -> None:
    """The whole record is silent, so this answer alone made the rule speak."""
    assert rule in found_by(said_of(guide, changed), effect)


@pytest.mark.parametrize(
    ("nrm", "asked"),
    [("referred", True), ("already_in", True), ("not_indicated", False), ("not_referred", False)],
)
def test_a_referral_to_the_national_mechanism_has_its_reference(nrm: str, *, asked: bool) -> None:
    """B.13: or why there is none yet; where nobody was referred there is none to ask for."""
    tomorrow = (NIGHT + timedelta(days=1)).isoformat()
    none_yet = Gap(Why.PENDING, "Sent at noon, no answer yet", tomorrow)
    unknown = Gap(Why.NOT_KNOWN, "The council referred, and its office is closed")

    for ref, wanted in ((None, asked), ("NRM-2026-0417", False), (none_yet, False), (unknown, False)):
        left = {name for one in said_of(REVIEW, {"mh.nrm": nrm, "mh.nrm_ref": ref}) for name in one.fields}
        assert ("mh.nrm_ref" in left) is wanted


@pytest.mark.parametrize(
    ("harm", "asked"),
    [
        ("trafficking", True),
        ("criminal_exploitation", True),
        ("sexual_exploitation", True),
        ("threats", False),
    ],
)
def test_what_an_interview_tells_of_being_used_asks_for_a_decision_on_a_referral(
    harm: str, *, asked: bool
) -> None:
    """R-40: which, and why; what was decided is asked about no more."""
    told: dict[str, Answer | None] = {"rhi.harm": (harm,)}
    left = {name for one in said_of(INTERVIEW, told) if one.stands for name in one.fields}
    assert ("rhi.nrm" in left) is asked

    why = {**told, "rhi.nrm": "not_referred"}
    assert ("rhi.nrm_detail" in {name for one in said_of(INTERVIEW, why) for name in one.fields}) is asked
    whole = {**why, "rhi.nrm_detail": "Moved by his uncle for one night only; the council agrees."}
    assert not {"rhi.nrm", "rhi.nrm_detail"} & {
        name for one in said_of(INTERVIEW, whole) for name in one.fields
    }


def test_harm_that_a_ppn_follows_is_asked_about_no_more() -> None:
    """R-29: and what follows may still be open, which is another matter."""
    assert "R-29" not in found_by(
        said_of(INTERVIEW, {"rhi.harm": ("threats",), "rhi.follow_up": ("ppn", "intelligence")})
    )
    assert "R-29" not in found_by(said_of(INTERVIEW, {"rhi.harm": ("threats",), "rhi.follow_up": None}))


def test_whoever_closes_an_interview_that_never_was_says_what_was_tried() -> None:
    """B.9: a reason among six, and for five of them the words."""
    declined: dict[str, Answer | None] = {
        "rhi.outcome": "declined",
        "rhi.outcome_because": "Kit said no twice; the foster carer was asked instead.",
        "rhi.closed_reason": "declined",
    }
    lacks = {name for one in said_of(INTERVIEW, declined) for name in one.fields}
    assert "rhi.closed_because" in lacks

    said = {**declined, "rhi.closed_because": "Two visits; his key worker listens to him each week."}
    assert not {"rhi.closed_because", "rhi.closed_reason"} & {
        name for one in said_of(INTERVIEW, said) for name in one.fields
    }


def test_often_missing_is_flagged_or_asked_about() -> None:
    """Three times in 90 days, and the flag among those chosen: nothing is asked."""
    flagged: dict[str, Answer | None] = {"mh.episode_no_in_90d": "4", "mh.flags": ("often_missing",)}
    assert "MH-2" not in found_by(said_of(REVIEW, flagged))
    assert "MH-2" not in found_by(said_of(REVIEW, {"mh.episode_no_in_90d": "2"}))
    assert "MH-2" in found_by(said_of(REVIEW, {"mh.episode_no_in_90d": "2"}, force="seaborough"))


def test_once_the_meeting_has_a_day_it_has_its_decision() -> None:
    """B.13: what the daily meeting said does not stay empty; before the meeting nothing of it is asked."""
    empty = dict.fromkeys(("mh.meeting_attendees", "mh.meeting_decision", "mh.meeting_actions"), None)
    lacks = {name for one in said_of(REVIEW, empty) for name in one.fields}
    assert {"mh.meeting_attendees", "mh.meeting_decision"} <= lacks

    before = {name for one in said_of(REVIEW, {**empty, "mh.meeting_on": None}) for name in one.fields}
    assert "mh.meeting_on" in before
    assert not {"mh.meeting_attendees", "mh.meeting_decision"} & before


@pytest.mark.parametrize(
    ("born", "left_out", "told"),
    [
        ("2022-03-20", False, True),  # three: a nursery
        ("2022-03-10", True, False),  # four since days: reception
        ("2008-03-20", True, False),  # seventeen
        ("2008-03-10", False, True),  # eighteen
        ("2011", True, False),
    ],
)
def test_the_date_of_birth_says_who_is_of_an_age_for_the_school(
    born: str, left_out: bool, told: bool
) -> None:
    """R-46: reception to 17, on the day of the incident; a child of no known age is asked nothing."""
    child = a_person(known_as="Kit", dob=born)
    assert ("ENC-2" in found_by(said_of(SCHOOL, {"enc.blocked": "out_of_age"}, child=child))) is left_out
    assert ("ENC-3" in found_by(said_of(SCHOOL, {}, child=child))) is told


def test_a_child_of_no_known_age_is_not_doubted() -> None:
    """Neither left out nor told is asked about."""
    child = somebody(known_as="Kit")
    assert "ENC-2" not in found_by(said_of(SCHOOL, {"enc.blocked": "out_of_age"}, child=child))
    assert "ENC-3" not in found_by(said_of(SCHOOL, {}, child=child))
