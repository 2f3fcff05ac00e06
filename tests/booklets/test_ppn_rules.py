"""What a PPN asks, shows, sets and sends: each rule where it speaks and where it keeps silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import definitions
from booklets.answers import Answer, Gap, Moment, Row, Why
from booklets.encounters import Encounter, review
from booklets.forms import Effect, Kind, Stage
from booklets.review import NEEDED
from tests.support.builders import CARER, FORCE, NIGHT, PPN_SAID, RUNG, a_person
from tests.support.encounters import answers as any_answer
from tests.support.ppns import AWARE, KIT, PROTECTED, ppn_guide, ppn_of, said_of
from tests.support.walks import found_by, needed

SIX_DAYS = NIGHT + timedelta(days=6)
FORENSIC = {"ppn.late_reason": "other", "ppn.late_reason_other": "We are waiting for the search warrant."}
SAID: Row = {"who": "Kit", "said": "no"}
SHOWN = ppn_guide().examples()[-1]
COPIED = PPN_SAID["ppn.aware_environment"]
ON_A_PHONE: Mapping[str, Answer | None] = {"ppn.online_abuse": "yes", "ppn.device_retained": "yes"}
ASKED: Mapping[str, Answer | None] = {"ppn.dfu_priority": "yes"}
NOT_YET: Mapping[str, Answer | None] = {
    "ppn.suspect_known": "yes",
    "ppn.protector_told": "to_be_told",
    "ppn.protector": (str(CARER),),
    "ppn.protector_told_by": "PC 2210 Sand, offender management",
    "ppn.protector_told_because": "She is on a ward until eight.",
}
TOLD_LATE = {**NOT_YET, "ppn.protector_tell_by": Moment(NIGHT + timedelta(hours=6))}
TURNED_ON: list[tuple[Mapping[str, Answer | None], str, Effect]] = [
    ({"ppn.immediate_danger": "yes"}, "R-61", Effect.SEND),
    ({"ppn.immediate_danger": "yes"}, "R-61a", Effect.TASK),
    ({"ppn.risk_opinion": "significant_harm"}, "R-61", Effect.SEND),
    ({"ppn.immediate_danger": "yes", "ppn.immediate_action": ("none_because",)}, "R-61b", Effect.ASK),
    ({"ppn.disclosure_stop": "yes"}, "R-53", Effect.SHOW),
    ({"ppn.disclosure_stop": "yes"}, "R-53a", Effect.TASK),
    ({"ppn.disclosure_stop": "yes"}, "R-53b", Effect.SHOW),
    ({"ppn.concerns": ("self_harm",)}, "R-12a", Effect.SHOW),
    ({"ppn.aware_words": ({"who": "Dean", "said": "I have kids of my own"},)}, "R-14", Effect.WARN),
    ({"ppn.late_reason": "covert"}, "R-15", Effect.BLOCK),
    ({"ppn.agencies_now": ({**RUNG, "with": "other"},)}, "W-01", Effect.ASK),
    ({"ppn.agencies_now": ({**RUNG, "outcome": "disagreed"},)}, "W-02", Effect.ASK),
    ({**ON_A_PHONE, "ppn.identifiers": ({"platform": "other"},)}, "W-03", Effect.ASK),
    ({"ppn.late_reason": "forensic_advice"}, "R-15", Effect.BLOCK),
    (FORENSIC, "R-15a", Effect.ASK),
    ({"ppn.operation_pending": "yes"}, "R-15b", Effect.SHOW),
    ({"ppn.operation_pending": "yes"}, "R-15c", Effect.TASK),
    ({"ppn.changes_risk": "yes"}, "R-07", Effect.TASK),
    ({"ppn.changes_risk": Gap(Why.NOT_KNOWN, "The log is not at hand")}, "R-07", Effect.TASK),
    ({"ppn.changes_risk": "yes"}, "R-07b", Effect.TASK),
    ({"ppn.online_abuse": "yes"}, "R-17", Effect.SHOW),
    ({"ppn.online_abuse": "yes"}, "R-17a", Effect.TASK),
    ({"ppn.immediate_action": ("phone_retained",)}, "R-17", Effect.SHOW),
    ({"ppn.incident_type": "crime_suspect"}, "R-41", Effect.SHOW),
    ({"ppn.hbv_fm_fgm_traff": Gap(Why.NOT_KNOWN)}, "R-42", Effect.SHOW),
    ({"ppn.concerns": ("fm_hba_fgm",)}, "R-42", Effect.SHOW),
    ({"ppn.concerns": ("trafficking",)}, "R-51", Effect.SHOW),
    ({"ppn.concerns": ("trafficking",)}, "R-51a", Effect.ASK),
    ({"ppn.suspect_known": "yes", "ppn.protector_told": Gap(Why.NOT_KNOWN)}, "P-01", Effect.TASK),
    (TOLD_LATE, "P-02", Effect.ASK),
    ({**ON_A_PHONE, **ASKED, "ppn.dfu_priority_answer": "waiting"}, "F-02", Effect.TASK),
    ({"ppn.da": "yes"}, "R-46", Effect.TASK),
    ({"ppn.covert": "yes"}, "R-51", Effect.SHOW),
    ({"ppn.hbv_fm_fgm_traff": Gap(Why.NOT_KNOWN)}, "R-51", Effect.SHOW),
    ({"ppn.suspect_known": "yes", "ppn.suspects": (str(CARER),)}, "R-51", Effect.SHOW),
    ({"ppn.covert": "yes"}, "R-51a", Effect.ASK),
    ({"ppn.covert": "yes", "ppn.family_told": "told_objects"}, "R-51a", Effect.ASK),
    ({"ppn.da": Gap(Why.NOT_KNOWN)}, "R-03", Effect.TASK),
    ({"ppn.incident_at": Moment(NIGHT + timedelta(hours=1))}, "T-01", Effect.WARN),
    ({"ppn.aware_appearance": "Looked cold."}, "Q-05", Effect.ASK),
    ({"ppn.aware_activity": COPIED}, "Q-05a", Effect.ASK),
    ({"ppn.aware_environment": "House clean and tidy, plenty of food, own bedroom."}, "Q-02", Effect.ASK),
    ({"ppn.aware_appearance": "No coat, 3 °C. Shivered. Bruise on the left wrist."}, "C-01", Effect.ASK),
    ({"ppn.aware_environment": SHOWN}, "Q-02a", Effect.ASK),
    ({"ppn.summary": "Kit is streetwise and came back."}, "Q-01", Effect.ASK),
    ({"ppn.summary": "Kit refused to engage with us at the station."}, "Q-01a", Effect.WARN),
    ({"ppn.parent_views": "No concerns."}, "Q-04", Effect.ASK),
    ({"ppn.concerns_detail": "Kit claims that he was hit on the arm."}, "Q-06", Effect.WARN),
    ({"ppn.aware_environment": "House dirty. Two rooms seen, both well heated."}, "Q-07", Effect.WARN),
    ({"ppn.summary": "Kit came back with Tyrone at nine."}, "Q-10", Effect.WARN),
]


def test_a_whole_ppn_with_nothing_alarming_raises_nothing() -> None:
    """The control to every rule below: this is what silence looks like."""
    assert said_of({}) == []


@pytest.mark.parametrize(("changed", "rule", "effect"), TURNED_ON)
def test_what_is_written_leads_to_what_follows(
    changed: Mapping[str, Answer | None], rule: str, effect: Effect
) -> None:
    """The whole PPN is silent, so this answer alone made the rule speak."""
    assert rule in found_by(said_of(changed), effect)


def test_a_child_without_ethnicity_or_its_reason_does_not_go() -> None:
    """R-10, the hard rule: the child's own answer, or not stated with the reason; no gap."""
    unasked = KIT.changed("person.ethnicity_sde", None, at=NIGHT, by="NYP-2217")
    gap = a_person(known_as="Kit", ethnicity_sde=Gap(Why.NOT_ASKED))
    bare = a_person(known_as="Kit", ethnicity_sde="NS")
    because = a_person(known_as="Kit", ethnicity_sde="NS", ethnicity_sde_not_stated_reason="N1")

    silent = [not said_of({}, child=one) for one in (unasked, gap, bare, because)]
    assert silent == [False, False, False, True]
    assert all(one.effect is Effect.BLOCK for one in said_of({}, child=gap))


@pytest.mark.parametrize(
    ("decision", "asks"),
    [
        ("told", {"protector", "protector_told_by", "protector_told_at"}),
        ("to_be_told", {"protector", "protector_told_by", "protector_tell_by", "protector_told_because"}),
        ("not_told", {"protector", "protector_told_because"}),
        ("nobody", {"protector_told_because"}),
    ],
)
def test_telling_an_adult_who_can_protect_is_a_decision_with_its_reason(
    decision: str, asks: set[str]
) -> None:
    """Who, by whom, when, or why not; and with nobody suspected nobody is asked."""
    suspected: dict[str, Answer | None] = {"ppn.suspect_known": "yes", "ppn.suspects": (str(CARER),)}

    assert "ppn.protector_told" in needed(said_of(suspected))
    assert needed(said_of({**suspected, "ppn.protector_told": decision})) == {f"ppn.{one}" for one in asks}
    assert not {one for one in needed(said_of({"ppn.suspect_known": None})) if "protector" in one}


def test_an_adult_is_told_within_the_forces_time_or_it_is_said_why() -> None:
    """P-02, P-01: within it nothing is asked, and a decision is no task to decide."""
    in_time = {**NOT_YET, "ppn.protector_tell_by": Moment(NIGHT + timedelta(hours=2))}

    assert not {"P-01", "P-02", "T-01"} & found_by(said_of(in_time))
    assert not {"P-01", "P-02"} & found_by(said_of(PROTECTED))


@pytest.mark.parametrize(
    ("said", "stage", "rules"),
    [
        ({"ppn.dfu_priority": "no"}, Stage.COMPLETE, {"F-01"}),
        ({"ppn.dfu_priority": "no"}, Stage.CAPTURE, set()),
        ({"ppn.dfu_priority": Gap(Why.NOT_KNOWN)}, Stage.COMPLETE, {"F-01a"}),
        (ASKED, Stage.COMPLETE, set()),
        ({**ASKED, "ppn.dfu_priority_answer": "not_first"}, Stage.COMPLETE, set()),
    ],
)
def test_a_phone_of_a_child_who_may_be_exploited_is_examined_first_or_it_is_said_why(
    said: Mapping[str, Answer | None], stage: Stage, rules: set[str]
) -> None:
    """Priority could be had, and nobody asked: asked later in the shift, and a task where it is open."""
    found = found_by(said_of({**ON_A_PHONE, **said}, stage=stage))

    assert {one for one in found if one.startswith("F-")} == rules


def test_priority_is_asked_about_only_where_a_phone_was_kept_and_there_is_such_a_danger() -> None:
    """A phone that was left with the child is examined by nobody."""
    left = {**ON_A_PHONE, "ppn.device_retained": "no"}

    assert "ppn.dfu_priority" in needed(said_of(ON_A_PHONE, stage=Stage.COMPLETE))
    assert "ppn.dfu_priority" not in needed(said_of(left, stage=Stage.COMPLETE))


def test_a_late_ppn_says_what_held_it_up_and_the_sergeant_hears_of_it() -> None:
    """R-16: the reason answers the question; that it was late stays known."""
    late, because = said_of({}, now=SIX_DAYS), said_of({"ppn.late_reason": "no_signal"}, now=SIX_DAYS)

    assert found_by(late) == {"R-16", "R-16a"}
    assert found_by(because) == {"R-16a"}
    assert found_by(said_of({}, now=NIGHT + timedelta(hours=23))) == set()


def test_a_ppn_is_due_by_the_end_of_the_shift_in_which_it_was_begun() -> None:
    """R-16: end of shift, a day at the latest; a notice that comes back from the sergeant is not late."""
    begun = ppn_of({})
    soon, tomorrow = NIGHT + timedelta(hours=2), NIGHT + timedelta(hours=30)

    def late(ppn: Encounter, now: datetime) -> bool:
        found = review(ppn, ppn_guide(), definitions.force(FORCE), now, Stage.CAPTURE)
        return "R-16" in found_by(found)

    on_shift = replace(begun, shift_ends=soon)
    assert not late(on_shift, soon)
    assert late(on_shift, soon + timedelta(minutes=1))
    assert not late(replace(begun, shift_ends=NIGHT - timedelta(hours=1)), soon), "begun on overtime"
    assert late(replace(begun, shift_ends=tomorrow), NIGHT + timedelta(hours=24))
    went = MappingProxyType({form: replace(one, revision=1) for form, one in on_shift.sent.items()})
    assert not late(replace(on_shift, sent=went), tomorrow)


def test_whose_knowing_would_harm_is_named_each_person_and_said_why() -> None:
    """B.7: covert handling names persons and a reason; "the family" is nobody the council can avoid."""
    open_ = needed(said_of({"ppn.covert": "yes", "ppn.family_told": "not_told"}))

    assert {"ppn.do_not_disclose_who", "ppn.do_not_disclose"} <= open_
    assert not needed(said_of({})) & {"ppn.do_not_disclose_who", "ppn.do_not_disclose"}


def test_what_a_yes_or_a_no_opens_is_needed() -> None:
    """B.7 and B.15: a child who was not there, abuse that the child lives with, who was told of evidence."""
    opened = {
        "ppn.child_present_because": {"ppn.child_present": "no"},
        "ppn.da_child_victim": {"ppn.da": "yes"},
        "ppn.evidence_advice_to": {"ppn.online_abuse": "yes", "ppn.evidence_advice": "given"},
    }

    for name, said in opened.items():
        assert name in needed(said_of(said)), name
        assert name not in needed(said_of({})), name


@pytest.mark.parametrize("reason", [code.code for code in ppn_guide().field("ppn.late_reason").codes])
def test_only_secrecy_and_forensic_advice_are_no_reasons_to_be_late(reason: str) -> None:
    """R-15: everything else may be said; these two go another way, and an emergency still sends."""
    [*blocked] = [one for one in said_of({"ppn.late_reason": reason}) if one.code == "R-15"]

    assert bool(blocked) is (reason in {"covert", "forensic_advice"})
    assert all(one.override for one in blocked)


def test_many_gaps_are_listed_for_the_sergeant() -> None:
    """R-19: each gap is honest, many of them are another kind of answer."""
    gap = Gap(Why.NOT_ASKED)
    five: dict[str, Answer | None] = dict.fromkeys(
        ("ppn.impact", "ppn.strengths", "ppn.worries", "ppn.wants", "ppn.parent_views"), gap
    )

    assert "R-19" not in found_by(said_of(five))
    assert "R-19" in found_by(said_of({**five, "ppn.support_given": gap}))


def test_what_is_known_later_in_the_shift_shows_later() -> None:
    """R-38 and R-40 wait for the questions they rest on."""
    in_care = a_person(known_as="Kit", care_status="co")

    assert "R-38" in found_by(said_of({}, child=in_care, stage=Stage.COMPLETE))
    assert "R-38" not in found_by(said_of({}, stage=Stage.COMPLETE))
    assert "R-40" in found_by(said_of({"ppn.exploitation_types": ("CCE",)}, stage=Stage.COMPLETE))
    assert "R-40" not in found_by(said_of({"ppn.exploitation_types": ("ONL",)}, stage=Stage.COMPLETE))


def test_a_grown_up_by_date_of_birth_is_worth_another_look() -> None:
    """The officer may be right and the date wrong."""
    assert found_by(said_of({}, child=a_person(known_as="Kit", dob="1999-05-02"))) == {"T-03"}


@pytest.mark.parametrize("section", AWARE)
def test_a_section_is_written_or_says_why_it_was_not_observed(section: str) -> None:
    """An empty box says nothing; asleep, not let in, by phone only are answers."""
    text, why = f"ppn.aware_{section}", f"ppn.{section}_not_observed"

    assert needed(said_of({text: None})) == {why}
    assert said_of({text: None, why: "asleep"}) == []
    assert needed(said_of({text: None, why: "other"})) == {f"{why}_other"}
    assert [one.code for one in said_of({text: Gap(Why.NOT_KNOWN), why: "asleep"})] == ["no_gap_here"]


def test_exact_words_are_never_measured_or_corrected() -> None:
    """Q-09: a child may say one word, and any word."""
    rude: dict[str, Answer | None] = {
        "ppn.aware_words": (SAID, {"who": "Kit", "said": "fine. she claims I am streetwise, dirty"}),
        "ppn.worries": "no concerns",
        "ppn.wants": "normal",
    }

    assert {one for one in found_by(said_of(rude)) if one.startswith("Q-")} == set()


WEAK = [page.weak for page in ppn_guide().pages if page.weak and page.id != "words"]
STRONG = [(page.id, text) for page in ppn_guide().pages for text in page.strong if page.id != "words"]


@pytest.mark.parametrize("text", WEAK)
def test_the_weak_examples_of_the_guide_are_asked_about(text: str) -> None:
    """What the guide calls weak, the review calls weak."""
    assert {"Q-05", "Q-02"} & found_by(said_of({"ppn.aware_activity": text}), Effect.ASK)


@pytest.mark.parametrize(("section", "text"), STRONG)
def test_the_strong_examples_of_the_guide_pass(section: str, text: str) -> None:
    """Who writes as the guide shows is left in peace, but for a name nobody recorded, and for the copy."""
    marked: dict[str, Answer] = {"ppn.injured": "yes", "ppn.body_map": ("face",)}

    assert found_by(said_of({f"ppn.aware_{section}": text, **marked})) <= {"Q-10", "Q-02a"}


EVERY = [one for one in ppn_guide().fields() if not one.system]


@st.composite
def walks(draw: st.DrawFn) -> dict[str, Answer | None]:
    """A few questions answered in any way at all: well, with a gap, or with what does not belong there."""
    chosen = draw(st.lists(st.sampled_from(EVERY), max_size=12))
    found: dict[str, Answer | None] = {}
    for one in chosen:
        codes = [choice.code for choice in one.codes]
        fits: st.SearchStrategy[Answer] = (
            st.lists(st.sampled_from(codes), min_size=1).map(tuple)
            if one.kind is Kind.MANY_OF
            else st.sampled_from(codes)
            if codes
            else st.sampled_from((str(CARER), str(KIT.id), "A row about the phone at six."))
        )
        found[one.id] = draw(st.none() | fits | any_answer)
    return found


@pytest.mark.thorough
@settings(max_examples=60)
@given(walks(), st.sampled_from(Stage))
def test_no_answers_whatever_stop_the_review(changed: dict[str, Answer | None], stage: Stage) -> None:
    """Three in the morning, a thumb on the wrong line: the app says what is wrong, and goes on."""
    problems = said_of(changed, stage=stage)

    answered = ppn_of(changed).answers
    assert not {name for one in problems if one.code == NEEDED for name in one.fields} & set(answered)
    assert problems == said_of(changed, stage=stage)
