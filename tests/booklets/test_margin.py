"""The margin beside a record holds what the checks see, each note at its answer, and none at exact words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings

from booklets import definitions
from booklets.answers import Answer, Gap, Row, Why
from booklets.forms import Stage
from booklets.margin import FACTS, About, Note, guide_of, margin, missing_in
from booklets.reading import read
from booklets.records import Record
from tests.support.any_records import any_records
from tests.support.builders import (
    CHILD,
    FORCE,
    NIGHT,
    PEOPLE,
    a_header,
    a_person,
    a_ppn,
    a_return,
    an_id,
    an_interview,
)

SETTINGS = definitions.force(FORCE)
LATER = NIGHT + timedelta(hours=1)


def notes(record: Record, *beside: Record) -> tuple[Note, ...]:
    """The margin of a record, an hour after it was sent."""
    return margin(record, SETTINGS, LATER, beside)


def at(record: Record, question: str, *beside: Record) -> list[Note]:
    """The notes at one answer of the record itself."""
    return [one for one in notes(record, *beside) if one.question == question and one.entity is None]


def a_whole_return(**answers: Answer) -> Record:
    """A return check that was sent whole, not only that the child is back."""
    return a_return({f"ret.{name}": answer for name, answer in answers.items()}, stage=Stage.CAPTURE)


def a_notice(answers: dict[str, Answer]) -> Record:
    """A public protection notice."""
    return Record(header=a_header("ppn"), stage=Stage.CAPTURE, answers=answers, entities=PEOPLE)


def test_that_much_was_left_open_is_said_to_its_reader_and_not_about_them() -> None:
    """R-19: its author hears that the sergeant sees it listed; the sergeant is who reads the margin."""
    gap = Gap(Why.NOT_KNOWN, "Kit was asleep by then")
    left = [
        f"ppn.{one}" for one in ("impact", "strengths", "worries", "wants", "parent_views", "support_given")
    ]
    found = notes(a_ppn(dict.fromkeys(left, gap)))

    said = [one.says for one in found if one.code == "R-19"]
    assert said == ["6 questions were left open. Each is noted where it stands."]
    assert {one.question for one in found if one.about is About.GAP} == set(left)


def test_what_is_needed_and_not_there_has_a_note_at_its_place() -> None:
    """A hole that nobody points at is not seen at three in the morning."""
    (note,) = at(a_whole_return(), "ret.returned_before_report")

    assert (note.about, note.stands, note.says) == (About.MISSING, True, "Needed, and not answered.")


def test_what_may_come_later_this_shift_is_not_held_against_the_record() -> None:
    """The officer may still be at the door."""
    (note,) = at(a_whole_return(), "ret.returned_at")

    assert (note.about, note.stands) == (About.LATER, False)


def test_a_gap_is_noted_with_its_reason() -> None:
    """With a reason it is an answer; without one it stands."""
    (reasoned,) = at(a_whole_return(), "ret.medical_needed")
    (bare,) = at(a_whole_return(medical_needed=Gap(Why.NOT_ASKED)), "ret.medical_needed")

    assert (reasoned.says, reasoned.reason, reasoned.stands) == (
        "Left open: not asked.",
        "asleep on the sofa",
        False,
    )
    assert bare.stands


def test_what_was_to_come_and_did_not_stands() -> None:
    """A promise with a time is kept or asked about."""
    due = Gap(Why.PENDING, "doctor comes", "2026-03-14T21:30:00Z")
    kept = Gap(Why.PENDING, "doctor comes", "2026-03-14T23:30:00Z")

    assert at(a_whole_return(medical_needed=due), "ret.medical_needed")[0].says == "Was to be here by now."
    assert not at(a_whole_return(medical_needed=kept), "ret.medical_needed")[0].stands


def test_a_rule_speaks_at_its_answer_and_what_was_kept_says_why() -> None:
    """The supervisor sees the wording and the officer's reason for it side by side."""
    wrote = an_interview({"pi.demeanour": "Risky behaviour, as always when she is out."})
    kept = Record(
        header=wrote.header,
        stage=wrote.stage,
        answers=wrote.answers,
        entities=PEOPLE,
        reasons={"Q-01:pi.demeanour": "words of the social worker"},
    )
    (rule,) = [one for one in at(wrote, "pi.demeanour") if one.code == "Q-01"]
    (answered,) = [one for one in at(kept, "pi.demeanour") if one.code == "Q-01"]

    assert (rule.about, rule.stands) == (About.RULE, True)
    assert "Risky behaviour" in rule.says
    assert (answered.about, answered.stands, answered.reason) == (
        About.KEPT,
        False,
        "words of the social worker",
    )


def test_nothing_is_noted_at_exact_words() -> None:
    """Q-09: what a child said is not ours to comment on. A danger in it is noted for the whole record."""
    row: Row = {"who": "Kit", "said": "Risky business. He has kids of his own, she was asking for it."}
    found = notes(an_interview({"pi.engaged": "yes", "pi.child_words": (row,)}))

    assert not [one for one in found if one.question == "pi.child_words"]
    assert [one.code for one in found if one.about is About.RULE and not one.question] == ["R-14"]


def test_a_child_nobody_decided_on_is_noted_at_the_decision() -> None:
    """Related children were left without a notice; the note stands at the fact that is missing."""
    sister = a_person(an_id("sister"), given_names="Jo", relationship="sibling", dob="2015-01-01")
    record = an_interview(
        {"pi.other_children": "yes", "pi.other_children_who": (str(sister.id),)}, entities=(*PEOPLE, sister)
    )
    (note,) = [one for one in notes(record) if one.code == "R-13"]
    own, facts = missing_in(notes(record))
    shown = [one for one in read(record, own, facts).lines() if one.missing and one.entity == sister.id]

    assert (note.entity, note.question) == (sister.id, "person.ppn_decision")
    assert "person.ppn_decision" in {one.question for one in shown}


def test_missing_ethnicity_is_noted_at_the_child() -> None:
    """No gap counts for it, and nobody has to look for the hole."""
    child = a_person()
    without = {name: kept for name, kept in child.facts.items() if name != "person.ethnicity_sde"}
    record = an_interview(entities=(type(child)(child.id, child.kind, without),))
    found = [one for one in notes(record) if one.question == "person.ethnicity_sde"]

    assert found
    assert {one.entity for one in found} == {CHILD}
    assert any(one.stands for one in found)


def test_a_thin_section_of_a_notice_is_noted() -> None:
    """How a child looked is more than the word "fine"."""
    section = next(one for one in definitions.form("ppn").sections if one.id == "appearance")
    question = next(one.id for one in section.fields if one.kind == "long_text")
    found = [one for one in at(a_notice({question: "Fine."}), question) if one.about is About.RULE]

    assert found


def test_what_the_other_record_knows_is_not_missed_in_this_one() -> None:
    """One conversation makes two records; each is read knowing both."""
    alone = {one.code for one in notes(a_whole_return()) if one.about is About.RULE}
    both = {one.code for one in notes(a_whole_return(), an_interview()) if one.about is About.RULE}

    assert notes(a_whole_return(), an_interview())
    assert both <= alone | {"R-11", "R-12"}


def test_notes_stand_in_the_order_of_the_form_and_name_the_child() -> None:
    """They are read from top to bottom, beside the record."""
    found = [one for one in notes(a_whole_return()) if one.entity is None and one.question]
    order = [one.id for one in definitions.form("ret").fields()]

    assert [one.question for one in found] == sorted((one.question for one in found), key=order.index)
    assert not any("{name}" in one.says for one in found)


@pytest.mark.parametrize("fact", sorted(set(FACTS.values())))
def test_a_fact_that_a_note_stands_beside_exists(fact: str) -> None:
    """A note at a fact that is no more would be seen by nobody."""
    assert definitions.entity_form(fact.partition(".")[0]).has(fact)


def test_every_check_on_persons_has_a_place_in_the_margin() -> None:
    """A new check has to say which fact it means."""
    used = {rule.check for form in definitions.every_form() for rule in form.rules if rule.of == "person"}

    assert used <= FACTS.keys()


def test_nothing_personal_shows_when_a_note_is_printed_for_a_developer() -> None:
    """Notes end in tracebacks and logs."""
    assert "sofa" not in repr(notes(a_whole_return()))


@pytest.mark.thorough
@settings(max_examples=25)
@given(any_records())
def test_any_record_has_a_margin(record: Record) -> None:
    """Whatever a device sends, the supervisor's page opens, and no note stands at exact words."""
    form = definitions.form(record.header.form)
    exact = {one.id for one in form.fields() if one.verbatim}

    for one in notes(record):
        assert one.question not in exact or one.about not in {About.RULE, About.KEPT}


def test_an_assessment_made_again_is_read_by_its_own_guide() -> None:
    """Alone it lacks nothing of a report; beside its report it is read with that."""
    risk = definitions.form("rsk")
    alone, beside, other = guide_of(risk), guide_of(risk, "mis"), guide_of(risk, "ppn")

    assert alone is not None
    assert beside is not None
    assert (alone.id, beside.id, other) == ("risk_again", "missing", None)
