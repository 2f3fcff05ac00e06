"""A record reads as a document: every answer in words, every gap with its reason, nothing left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from booklets import definitions
from booklets.answers import Gap, Moment, Precision, Row, Why, words_in
from booklets.forms import Kind
from booklets.reading import AWARE, ELSEWHERE, NOBODY, Line, read
from booklets.records import Record
from tests.support.any_records import any_records
from tests.support.builders import (
    CARER,
    CHILD,
    NIGHT,
    PEOPLE,
    a_header,
    a_person,
    a_return,
    an_id,
    an_interview,
)


def line(record: Record, question: str) -> Line:
    """The line of one question of the record itself."""
    return next(one for one in read(record).lines() if one.question == question and one.entity is None)


def test_a_record_reads_in_the_order_and_words_of_its_form() -> None:
    """A supervisor reads what the officer was asked, with the child's name in it."""
    document = read(a_return())
    form = definitions.form("ret")
    order = [one.id for one in form.fields()]
    questions = [one.question for part in document.parts for one in part.lines]

    assert document.title == form.title
    assert document.child == "Kit"
    assert questions == sorted(questions, key=order.index)
    assert line(a_return(), "ret.condition").label == "How is Kit now?"
    assert line(a_return(), "ret.condition").words == ("Awake and talking", "Tired or hungry")


def test_who_and_where_are_named_and_not_numbered() -> None:
    """An id says nothing to anybody; somebody the record does not know is said to be unknown."""
    assert line(a_return(), "ret.left_with").words == ("Robin Carer-Test",)
    assert line(a_return(), "ret.found_place").words == ("Bus station",)
    assert line(a_return({"ret.left_with": (str(an_id("x")),)}), "ret.left_with").words == (NOBODY,)


def test_what_is_asked_about_somebody_else_has_their_name_in_it() -> None:
    """It is not the child's answer that is read there."""
    mia = replace(a_person(known_as="Mia", ethnicity_sde="W1"), id=an_id("mia"))
    labels = {
        one.entity: one.label
        for one in read(replace(a_return(), entities=(*PEOPLE, mia))).lines()
        if one.question == "person.ethnicity_sde"
    }

    assert labels[mia.id] == "Ethnicity: Mia's own answer"


def test_a_gap_is_shown_with_its_reason() -> None:
    """A supervisor can judge "not asked, because she slept"."""
    gap = line(a_return(), "ret.medical_needed")
    later = Gap(Why.PENDING, "doctor comes", "2026-03-14T23:30:00Z")

    assert (gap.gap, gap.words, gap.missing) == ("Not asked: asleep on the sofa", (), False)
    assert line(a_return({"ret.medical_needed": later}), "ret.medical_needed").gap == (
        "Still to come: doctor comes (by Sat 14 March 2026, 23:30)"
    )


def test_how_exactly_a_time_is_known_is_said() -> None:
    """It is one thing to say "nine", and another to say "about nine"."""
    about = Moment(NIGHT, Precision.ABOUT)
    between = Moment(NIGHT, Precision.RANGE, NIGHT.replace(hour=22))

    assert line(a_return({"ret.found_at": about}), "ret.found_at").words == (
        "About Sat 14 March 2026, 21:04",
    )
    assert line(a_return({"ret.found_at": between}), "ret.found_at").words == (
        "Between Sat 14 March 2026, 21:04 and Sat 14 March 2026, 22:04",
    )


def test_exact_words_stand_apart_with_who_asked_what() -> None:
    """What a child said is read as it was said, behind the question that was put."""
    words = line(an_interview(), "pi.child_words")

    assert words.exact
    assert (words.speech[0].asked, words.speech[0].said) == (
        "Tell me about tonight.",
        "I went because it was loud.",
    )
    assert words.speech[0].by == "Kit"
    assert tuple(words.flat()) == ("Asked: “Tell me about tonight.” “I went because it was loud.” Kit",)


@pytest.mark.parametrize("to", ["Me", "me", "PC Wells 4417"])
def test_what_was_said_to_the_officer_is_never_read_as_said_to_the_reader(to: str) -> None:
    """An older phone kept "Me"; a sergeant is not the one it was said to."""
    row: Row = {"who": "Kit", "to": to, "said": "I went because it was loud."}
    read_as = "the officer who wrote this" if to.casefold() == "me" else to

    assert line(an_interview({"pi.child_words": (row,)}), "pi.child_words").speech[0].by == (
        f"Kit, to {read_as}"
    )


def test_a_row_in_one_line_keeps_its_headings_as_the_form_has_them() -> None:
    """In a list of people they stood in small letters, like a word from a machine."""
    flat = list(line(a_return(), "ret.la_informed").flat())

    assert all(cell[:1].isupper() for row in flat for cell in row.split("; ")), flat


def test_rows_read_under_their_headings() -> None:
    """A call that was made reads as who, when, with what outcome."""
    row = {cell.label: cell.words for cell in line(a_return(), "ret.la_informed").rows[0]}

    assert row["When"] == "Sat 14 March 2026, 21:04"
    assert row["Number"] == "01632 960144"


def test_what_is_missing_stands_where_it_would_be() -> None:
    """A hole in a record is seen only if it has a place."""
    document = read(a_return(), missing={"ret.brought_by"}, missing_of={CHILD: {"person.first_language"}})
    holes = [(one.question, one.entity) for one in document.lines() if one.missing]

    assert holes == [("ret.brought_by", None), ("person.first_language", CHILD)]


def test_a_reason_stands_with_the_answer_or_the_person_it_was_given_for() -> None:
    """An officer who keeps a wording says why; a question whose name begins alike has no part in it."""
    reasons = {"Q-01:pi.harm_detail": "her own word", f"R-13:{CARER}": "she is nineteen"}
    record = Record(
        header=a_header("pvi"),
        stage=a_return().stage,
        answers={"pi.harm": "yes", "pi.harm_detail": "x"},
        entities=PEOPLE,
        reasons=reasons,
    )
    document = read(record)

    assert line(record, "pi.harm_detail").reason == "her own word"
    assert not line(record, "pi.harm").reason
    assert next(one for one in document.mentions if one.entity == CARER).reason == "she is nineteen"


def test_a_notice_begins_with_what_was_seen_and_heard() -> None:
    """Appearance, words, activity, relationships, environment: partners read these first."""
    ppn = definitions.form("ppn")
    answers = {next(one.id for one in section.fields): "words" for section in ppn.sections}
    document = read(Record(header=a_header("ppn"), stage=a_return().stage, answers=answers))

    assert [part.id for part in document.parts][:5] == list(AWARE)
    assert len(document.parts) == len(ppn.sections)


def test_an_answer_to_a_question_of_another_version_is_still_read() -> None:
    """Two versions of a form are in use for weeks; nothing that was written is lost to the reader."""
    document = read(a_return({"ret.older_question": "by the pier"}))

    assert document.parts[-1].id == ELSEWHERE
    assert document.parts[-1].lines[0].words == ("by the pier",)
    assert document.parts[-1].lines[0].label == "Older question"


def test_a_fact_says_whom_it_is_about() -> None:
    """A supervisor taps the one fact that is wrong."""
    document = read(a_return(entities=(a_person(),)))
    facts = document.mentions[0]

    assert (facts.name, facts.kind) == ("Kit Marlowe-Test", "Person")
    assert {one.entity for one in facts.lines} == {CHILD}
    assert next(one for one in facts.lines if one.question == "person.dob").words == ("2 May 2011",)


def test_nothing_personal_shows_when_a_document_is_printed_for_a_developer() -> None:
    """Documents end in tracebacks and logs."""
    assert "Kit" not in repr(read(a_return()))
    assert "loud" not in repr(read(an_interview()))


@settings(max_examples=25)
@given(any_records())
def test_any_record_can_be_read_and_every_answer_is_in_it(record: Record) -> None:
    """Whatever a device of any version sends, the reader shows a line for every answer and every fact."""
    document = read(record)
    shown = {(one.entity, one.question): one for one in document.lines()}

    assert {(None, name) for name in record.answers} <= shown.keys()
    assert {(one.id, name) for one in record.entities for name in one.facts} <= shown.keys()
    written = [name for name in record.answers if kind_of(record, name) in {Kind.TEXT, Kind.SPEECH}]
    for name in written:
        read_out = "\n".join(shown[None, name].flat())
        assert all(text in read_out for text in words_in(record.answers[name])), name


def kind_of(record: Record, name: str) -> Kind:
    """What sort of answer a question takes; what the form does not ask reads as text."""
    form = definitions.form(record.header.form)
    return form.field(name).kind if form.has(name) else Kind.TEXT
