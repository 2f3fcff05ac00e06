"""A PPN that follows: what is known stands there; no judgement and no "no" does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import definitions
from booklets.answers import Answer, Gap, Why, codes_of, frozen, rows_of
from booklets.disclosure import LEFT_TO_SPECIALISTS
from booklets.encounters import Encounter, review
from booklets.entities import Entity, new_id
from booklets.errors import DefinitionError
from booklets.forms import Field, Form, Kind, Section, Stage
from booklets.prefill import following_on, misfits, ppns_due, prefilled_count, says_no
from booklets.received import reopened
from booklets.records import Link
from booklets.review import Problem
from booklets.sending import records_of, sent_as
from booklets.stamps import Stamp
from booklets.wire import digest, pack, unpack
from tests.support.definitions import a_form
from tests.support.encounters import a_sending
from tests.support.encounters import answers as any_answer
from tests.support.ppns import ppn_guide, ppn_of, somebody
from tests.support.walks import AMY, AUNT, FORCE, HONEST, NOW, WELLS, check_of, found_by, guide, needed

ELLA = somebody(known_as="Ella", age_estimate="7", ppn_decision="ppn_done")
JUDGED = {
    "ppn.concerns",
    "ppn.risk_opinion",
    "ppn.risk_opinion_because",
    "ppn.immediate_danger",
    "ppn.hbv_fm_fgm_traff",
    "ppn.exploitation_types",
    "ppn.family_told",
    "ppn.requested",
    "ppn.changes_risk",
    "ppn.nrm",
    "ppn.da",
    "ppn.impact",
    "ppn.strengths",
}
HARM: Mapping[str, Answer] = {
    **HONEST,
    "pi.ppn_needed": "yes",
    "pi.online": "yes",
    "pi.online_detail": "A man on Snapchat, user name not known, asks where Amy is.",
    "pi.evidence_advice": "given",
    "pi.harm": "yes",
    "pi.harm_detail": "Amy says he pushed her on the stairs on Friday.",
    "pi.immediate_action": ("safety_plan", "none_because"),
    "pi.indicators": ("I05", "none_seen"),
    "ret.covert": "yes",
    "ret.handling": "Dean must not know: Amy is afraid of him.",
    "pi.other_children": "yes",
    "pi.other_children_who": (str(ELLA.id),),
}


def follows(
    answers: Mapping[str, Answer], child: UUID = AMY.id, *people: Entity, source: Encounter | None = None
) -> Encounter:
    """The PPN about this child that follows from a return check with these answers."""
    begun = source or check_of(answers, AMY, ELLA, *people)
    return following_on(begun, guide(), child=child, next_guide=ppn_guide(), officer=WELLS, at=Stamp(NOW))


def reviewed(ppn: Encounter) -> list[Problem]:
    """What the rules find in a PPN."""
    return review(ppn, ppn_guide(), definitions.force(FORCE), NOW, Stage.CAPTURE)


def test_what_is_the_same_question_is_answered_already() -> None:
    """When, where, who was seen, what was said and seen: typed once."""
    ppn = follows(HARM)

    assert ppn.answers["ppn.incident_at"] == HARM["ret.found_at"]
    assert ppn.answers["ppn.incident_place"] == HARM["ret.found_place"]
    assert ppn.answers["ppn.incident_type"] == "missing_return"
    assert ppn.answers["ppn.seen_alone"] == "yes"
    assert ppn.answers["ppn.aware_activity"] == HARM["pi.demeanour"]
    assert ppn.answers["ppn.parent_views"] == HARM["pi.carer_view"]
    assert ppn.answers["ppn.concerns_detail"] == HARM["pi.harm_detail"]
    assert ppn.answers["ppn.agencies_now"] == HARM["ret.la_informed"]
    assert ppn.answers["ppn.covert"] == "yes"
    assert ppn.answers["ppn.do_not_disclose"] == HARM["ret.handling"]


def test_exact_words_arrive_as_they_were_said() -> None:
    """Row by row, with the question asked just before; first words about a crime come after them."""
    first = MappingProxyType({"who": "Amy", "said": "he did it on friday"})
    told = {**HARM, "pi.offence_told": "yes", "pi.offence": (first,)}

    words = follows(told).answers["ppn.aware_words"]

    assert rows_of(words) == (*rows_of(HARM["pi.child_words"]), first)
    assert follows(told).answers["ppn.worries"] == HARM["pi.worries"]


def test_no_judgement_is_made_before_somebody_makes_it() -> None:
    """Danger, risk, concern and what is asked of the council are decided for this PPN."""
    judged = {one.id for one in ppn_guide().fields() if one.starts_from or one.starts_as} & JUDGED

    assert judged == set()
    assert not set(follows(HARM).answers) & JUDGED


def test_a_choice_that_says_no_is_left_behind() -> None:
    """One sign seen and "none seen" in one answer: the sign goes over."""
    ppn = follows(HARM)

    assert ppn.answers["ppn.indicators"] == ("I05",)
    assert ppn.answers["ppn.immediate_action"] == ("safety_plan",)
    assert [
        code for code in ("no", "none", "none_seen", "not_given", "nothing", "north") if says_no(code)
    ] == [
        "no",
        "none",
        "none_seen",
        "not_given",
    ]


def test_the_records_it_follows_from_are_linked_as_they_were_sent() -> None:
    """Same incident, same episode, and which revision with which digest was there."""
    check = check_of(HARM, AMY, ELLA)
    records = records_of(check, guide(), a_sending(at=NOW))
    sent = sent_as(check, records, [f"digest of {one.header.form}" for one in records])

    ppn = follows(HARM, source=sent)
    [record] = records_of(ppn, ppn_guide(), a_sending(at=NOW))

    assert (ppn.incident, ppn.episode) == (check.incident, check.episode)
    assert ppn.id != check.id
    assert set(record.header.linked) == {
        Link(one.header.record, "follows_from", 1, f"digest of {one.header.form}") for one in records
    }


def test_everybody_keeps_their_name_and_number() -> None:
    """The aunt of the check is the aunt of the PPN; who is in no answer of it does not travel."""
    ppn = follows(HARM)
    [record] = records_of(ppn, ppn_guide(), a_sending(at=NOW))

    assert ppn.subject == AMY.id
    assert ppn.entities[AUNT.id] == AUNT
    assert {one.id for one in record.entities} == {AMY.id, ELLA.id, UUID(str(HARM["ret.found_place"]))}


def test_another_child_gets_what_is_shared_and_nothing_that_was_told_in_trust() -> None:
    """Ella's parents may read Ella's notice: what Amy said, or fears, is not in it."""
    ppn = follows(HARM, ELLA.id)

    assert ppn.subject == ELLA.id
    assert set(ppn.answers) == {
        "ppn.incident_at",
        "ppn.incident_place",
        "ppn.covert",
        "ppn.other_children",
        "ppn.other_children_who",
    }
    assert ppn.answers["ppn.other_children_who"] == (str(AMY.id),)
    asked = review(ppn, ppn_guide(), definitions.force(FORCE), NOW, Stage.CAPTURE)
    assert "ppn.do_not_disclose" in needed(asked)


def test_the_first_child_is_another_child_there_and_decided_if_a_ppn_is_written() -> None:
    """R-13 asks about Amy in Ella's PPN only as long as nothing is decided about Amy."""
    decided, open_ = follows(HARM, ELLA.id), follows({**HARM, "pi.ppn_needed": "no"}, ELLA.id)

    assert decided.entities[AMY.id].word("ppn_decision") == "ppn_done"
    assert open_.entities[AMY.id].word("ppn_decision") == ""


def test_three_children_of_one_incident_are_written_up_once() -> None:
    """From PPN to PPN: time, place, reason and what happened are shared, the rest is each child's own."""
    brother = somebody(known_as="Joe", ppn_decision="ppn_done")
    first = ppn_of({"ppn.other_children": "yes", "ppn.other_children_who": (str(brother.id),)}, brother)

    ppn = following_on(
        first, ppn_guide(), child=brother.id, next_guide=ppn_guide(), officer=WELLS, at=Stamp(NOW)
    )

    shared = ("incident_at", "incident_place", "incident_type", "summary")
    assert all(ppn.answers[f"ppn.{name}"] == first.answers[f"ppn.{name}"] for name in shared)
    assert not any(name.startswith("ppn.aware_") for name in ppn.answers)
    assert "ppn.covert" not in ppn.answers
    assert first.subject is not None
    assert ppn.answers["ppn.other_children_who"] == (str(first.subject),)
    assert ppn.entities[first.subject].word("ppn_decision") == "ppn_done"


def test_a_ppn_that_was_sent_back_is_gone_on_with_and_still_follows_from_the_check() -> None:
    """Revision 2 of the same record, linked as revision 1 was, read as it was sent."""
    ppn = follows(HARM)
    [first] = records_of(ppn, ppn_guide(), a_sending(at=NOW))
    arrived, fingerprint = unpack(pack(first)), digest(first)

    again = reopened([arrived], ppn_guide(), [fingerprint], officer=WELLS, at=Stamp(NOW))
    [second] = records_of(again, ppn_guide(), a_sending(at=NOW))

    assert (second.header.record, second.header.revision) == (first.header.record, 2)
    assert second.header.linked == first.header.linked
    assert second.answers == first.answers


def test_a_child_nobody_mentioned_gets_no_ppn_by_mistake() -> None:
    """A wrong id is a mistake in the app, and must not make a record about nobody."""
    with pytest.raises(ValueError, match="no such child"):
        follows(HARM, new_id())


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        ({}, (AMY.id, ELLA.id)),
        ({"pi.ppn_needed": "no"}, (ELLA.id,)),
        ({"pi.ppn_needed": Gap(Why.PENDING)}, (ELLA.id,)),
        ({"pi.other_children": "no"}, (AMY.id,)),
    ],
)
def test_a_ppn_is_due_for_each_child_it_was_decided_for(
    changed: Mapping[str, Answer], due: tuple[UUID, ...]
) -> None:
    """Decided with a yes; of others, only those whom an answer still mentions."""
    assert ppns_due(check_of({**HARM, **changed}, AMY, ELLA), guide()) == due


def test_no_ppn_and_not_known_who_are_not_due() -> None:
    """No PPN because, or somebody finds out first."""
    lost = somebody(known_as="boy", ppn_decision="not_identified")
    seen = somebody(known_as="Mia", ppn_decision="no_ppn")
    told = {**HARM, "pi.other_children_who": (str(lost.id), str(seen.id))}

    assert ppns_due(check_of(told, AMY, lost, seen), guide()) == (AMY.id,)


def test_the_officer_is_told_how_much_stands_there_already() -> None:
    """Of a bare PPN, what is known of the child; after a check, far more; of a whole one, all."""
    bare, after, whole = ppn_of(dict.fromkeys(ppn_of({}).answers)), follows(HARM), ppn_of({})

    there, of = prefilled_count(after, ppn_guide())
    assert 0 < prefilled_count(bare, ppn_guide())[0] < there < of
    assert len(set(prefilled_count(whole, ppn_guide()))) == 1


SOURCES = sorted({name for one in ppn_guide().fields() for name in one.starts_from} | set(HARM))


def test_after_a_disclosure_stop_the_ppn_begins_stopped() -> None:
    """R-53: whoever stopped asking at the door is not led through thirty questions on the next form."""
    told = {**HARM, "pi.disclosure_stop": "yes", "pi.stop_preserved": ("clothes",)}
    about_amy, about_ella = (follows(told, child) for child in (AMY.id, ELLA.id))

    assert about_amy.answers["ppn.disclosure_stop"] == "yes"
    assert "R-53" in found_by(reviewed(about_amy))
    assert "R-53a" not in found_by(reviewed(about_amy)), "the check asked for the interview already"
    stopped_here = replace(about_ella, answers=frozen({**about_ella.answers, "ppn.disclosure_stop": "yes"}))
    assert "R-53a" in found_by(reviewed(stopped_here))
    assert about_amy.answers["ppn.stop_preserved"] == ("clothes",)
    assert about_amy.answers["ppn.strengths"] == LEFT_TO_SPECIALISTS
    assert about_amy.answers["ppn.online_detail"] == HARM["pi.online_detail"], "what is known stays"
    assert "ppn.disclosure_stop" not in about_ella.answers
    assert LEFT_TO_SPECIALISTS not in about_ella.answers.values()


def test_a_time_that_is_carried_over_may_be_as_vague_as_it_was() -> None:
    """“Saturday” is an answer at the door, and the next form does not ask for the hour."""
    known = definitions.every_field()
    carried = [one for one in ppn_guide().fields() if one.kind is Kind.MOMENT and one.starts_from]

    assert "ppn.stop_when" in {one.id for one in carried}
    for one in carried:
        assert one.day_alone or not any(known[name].day_alone for name in one.starts_from), one.id


@pytest.mark.thorough
@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(SOURCES), any_answer, max_size=12))
def test_whatever_the_check_says_the_ppn_starts_with_answers_that_fit(told: dict[str, Answer]) -> None:
    """No gap, no "no", nothing that is no answer of its question."""
    ppn = follows({**HARM, **told})

    gaps = {answer for answer in ppn.answers.values() if isinstance(answer, Gap)}
    assert gaps <= ({LEFT_TO_SPECIALISTS} if "ppn.disclosure_stop" in ppn.answers else set())
    for name, answer in ppn.answers.items():
        if ppn_guide().field(name).codes:
            assert not any(map(says_no, codes_of(answer))), name
    problems = review(ppn, ppn_guide(), definitions.force(FORCE), NOW, Stage.COMPLETE)
    assert not {"wrong_shape", "not_a_choice", "no_gap_here"} & found_by(problems)


def the_form(*fields: Field) -> Form:
    """These questions as one form."""
    section = Section("s", "S", fields)
    return Form(id="x", prefix="x", version="1", title="X", record_type="X", sections=(section,), rules=())


def test_no_start_of_the_forms_is_a_misfit() -> None:
    """`make forms` would refuse it."""
    assert list(misfits(definitions.every_form())) == []


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ({"verbatim": True}, {}, "exact words start only exact words"),
        ({}, {"verbatim": True}, "exact words start only exact words"),
        ({"kind": Kind.MOMENT}, {}, "a text cannot start from a moment"),
        (
            {"kind": Kind.YES_NO, "codes": definitions.form("ppn").field("ppn.da").codes},
            {"kind": Kind.YES_NO, "codes": definitions.form("ppn").field("ppn.requested").codes},
            "they have no choice in common",
        ),
    ],
)
def test_a_start_that_cannot_be_is_named(
    source: Mapping[str, object], target: Mapping[str, object], why: str
) -> None:
    """In front of its author, never at the door."""
    said = Field(id="x.said", kind=Kind.TEXT, label="Said")
    more = Field(id="x.more", kind=Kind.TEXT, label="More", starts_from=("x.said",))
    form = the_form(replace(said, **source), replace(more, **target))  # type: ignore[arg-type]

    [line] = misfits([form])

    assert line.startswith("x.more starts from x.said: ")
    assert line.endswith(why)


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        (
            'starts_from = ["g.hram"]',
            "starts_from: no other form has a field 'g.hram'; did you mean 'g.harm'?",
        ),
        ('starts_from = ["f.why"]', "starts_from: no other form has a field 'f.why'"),
        ('shared_from = ["f.at"]', "shared_from: no other form has a field 'f.at'"),
        ('starts_as = { x = { "g.harm" = "yes" } }', "starts_as: 'x' is not one of its codes"),
        ('starts_as = { no = { "g.harm" = "no" } }', 'starts_as: nothing starts as "no"'),
        ("starts_as = 1", "starts_as must be a table in braces"),
    ],
)
def test_a_mistake_in_a_start_is_answered_with_its_place(written: str, answer: str) -> None:
    """The person who reads the answer writes forms and not Python."""
    with pytest.raises(DefinitionError) as refused:
        a_form(written)

    assert str(refused.value).startswith("f.toml: section one: field why")
    assert answer in str(refused.value)


def test_a_question_may_share_itself_with_another_child() -> None:
    """What happened is written once for all children of the incident."""
    assert a_form('shared_from = ["f.why", "g.harm"]').field("f.why").shared_from == ("f.why", "g.harm")
