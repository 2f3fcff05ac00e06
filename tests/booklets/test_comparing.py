"""What is different between two revisions is shown question by question, and word by word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import comparing
from booklets.answers import Answer, Gap, Moment, Why, codes_of, frozen, rows_of, said, words_in
from booklets.comparing import Change, Difference, changes, woven
from booklets.records import Record
from tests.support.any_records import any_records
from tests.support.builders import (
    CARER,
    PEOPLE,
    a_carer,
    a_person,
    a_place,
    a_return,
    an_id,
    an_interview,
    next_revision,
)
from tests.support.encounters import texts

SAME, ADDED, REMOVED = Difference.SAME, Difference.ADDED, Difference.REMOVED


def only(before: Record, after: Record) -> Change:
    """The one change between two revisions."""
    (found,) = changes(before, after)
    return found


def with_detail(words: str, **more: Answer) -> Record:
    """An interview in which the officer wrote this on what happened."""
    return an_interview({"pi.harm_detail": words} | more)


def test_the_same_record_twice_has_no_changes() -> None:
    """A supervisor who compares sees nothing where nothing is different."""
    assert changes(a_return(), next_revision(a_return(), {})) == ()


def test_an_answer_that_came_went_or_changed_is_shown_with_both_versions() -> None:
    """The supervisor asked for one thing and sees at once whether it came."""
    before = a_return({"ret.brought_by": "A taxi"})
    answers = {name: kept for name, kept in before.answers.items() if name != "ret.covert"}
    answers |= {"ret.brought_by": "A taxi from Leeds", "ret.clothing_changed": "yes"}
    found = {one.question: one for one in changes(before, replace(before, answers=frozen(answers)))}

    assert {name: one.difference for name, one in found.items()} == {
        "ret.brought_by": Difference.CHANGED,
        "ret.clothing_changed": ADDED,
        "ret.covert": REMOVED,
    }
    assert found["ret.clothing_changed"].after == ("Yes",)
    assert (found["ret.covert"].before, found["ret.covert"].after) == (("No",), ())
    assert found["ret.brought_by"].label == "Who brought Kit?"


def test_changes_stand_in_the_order_of_the_form() -> None:
    """They are read beside the record, from top to bottom."""
    before = a_return()
    after = next_revision(
        before, {"ret.covert": "yes", "ret.found_how": "alone", "ret.condition": ("asleep",)}
    )
    without = replace(
        after, answers=frozen({k: v for k, v in after.answers.items() if k != "ret.found_place"})
    )

    assert [one.question for one in changes(before, without)] == [
        "ret.found_place",
        "ret.found_how",
        "ret.condition",
        "ret.covert",
    ]


def test_a_gap_that_was_filled_is_a_change() -> None:
    """Where "not asked" became an answer, that is the very thing that was asked for."""
    change = only(a_return(), next_revision(a_return(), {"ret.medical_needed": "no"}))

    assert (change.before, change.after) == (("Not asked: asleep on the sofa",), ("No",))


def test_a_reason_that_came_is_a_change_of_its_answer() -> None:
    """An officer who keeps a wording answers the question that was put about it."""
    before = with_detail("x")
    change = only(before, replace(before, reasons={"Q-01:pi.harm_detail": "his own word"}))

    assert change.after == ("x", "Kept, because: his own word")


def test_a_fact_of_somebody_is_one_change_and_says_of_whom() -> None:
    """Another surname is no change of every answer in which the carer stands."""
    others = tuple(one for one in PEOPLE if one.id != CARER)
    change = only(a_return(), a_return(entities=(*others, a_carer(surname="Marsh-Test"))))

    assert (change.entity, change.question, change.about) == (CARER, "person.surname", "Robin Marsh-Test")
    assert (change.before, change.after) == (("Carer-Test",), ("Marsh-Test",))


def test_somebody_new_comes_with_every_fact() -> None:
    """A sister who was asked for is there, or she is not."""
    sister = a_person(an_id("sister"), given_names="Jo", relationship="sibling")
    found = changes(a_return(), a_return(entities=(*PEOPLE, sister)))

    assert {one.entity for one in found} == {sister.id}
    assert {one.difference for one in found} == {ADDED}
    assert len(found) == len(sister.facts)


def test_another_person_with_the_same_name_is_a_change() -> None:
    """Names are no proof: the answers point to two people."""
    twin = a_carer()
    other = replace(twin, id=an_id("other"))
    before = a_return(entities=(*PEOPLE, other))
    change = only(before, next_revision(before, {"ret.left_with": (str(other.id),)}))

    assert (change.question, change.before) == ("ret.left_with", change.after)


def test_exact_words_are_compared_as_they_were_said() -> None:
    """Who said it, and to what question, is part of what was said."""
    row = {"who": "Kit", "asked": "Tell me about tonight.", "said": "I went because they were loud."}
    change = only(an_interview(), next_revision(an_interview(), {"pi.child_words": (row,)}))

    assert change.exact
    assert [one.words for one in change.pieces() if one.difference is ADDED] == ["they were"]


@pytest.mark.parametrize(
    ("before", "after", "came", "went"),
    [
        ("Kit was at home", "Kit was at the park", ["the park"], ["home"]),
        ("", "Now there", ["Now there"], []),
        ("Gone", "", [], ["Gone"]),
        ("a b c d e f", "a X c Y e f", ["X c Y"], ["b c d"]),
        ("one two three four five", "one two three four five", [], []),
    ],
)
def test_words_that_came_and_went_are_told_apart(
    before: str, after: str, came: list[str], went: list[str]
) -> None:
    """A screen marks them; two changes with a word between are one, so that it can be read."""
    pieces = woven(before, after)

    assert [one.words for one in pieces if one.difference is ADDED] == came
    assert [one.words for one in pieces if one.difference is REMOVED] == went


def test_texts_too_long_to_weave_stand_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight thousand letters changed throughout must not stop the tablet."""
    monkeypatch.setattr(comparing, "MOST_WORK", 3)

    assert [one.difference for one in woven("a b c", "a b d")] == [REMOVED, ADDED]


def test_nothing_personal_shows_when_a_change_is_printed_for_a_developer() -> None:
    """Changes end in tracebacks and logs."""
    change = only(with_detail("Kit told of a man"), with_detail("Kit told of a van"))

    assert "van" not in repr(change)
    assert "man" not in repr(change.pieces())


@given(texts, texts)
def test_the_pieces_hold_both_versions_whole(before: str, after: str) -> None:
    """Nothing of either text is lost between the marks."""
    pieces = woven(before, after)

    assert "".join(one.words for one in pieces if one.difference is not ADDED) == before
    assert "".join(one.words for one in pieces if one.difference is not REMOVED) == after


def reads(answer: Answer | None) -> bool:
    """Whether there is anything in an answer to read: a faulty app may send rows and lists of nothing."""
    if not isinstance(answer, tuple):
        return said(answer)
    rows = (cell for row in rows_of(answer) for cell in row.values())
    return any(codes_of(answer)) or any(isinstance(cell, Moment | Gap) or words_in(cell) for cell in rows)


@pytest.mark.thorough
@settings(max_examples=25)
@given(st.data())
def test_any_two_records_can_be_compared(data: st.DataObject) -> None:
    """Every answer that differs is a change, and nothing else is; whatever a device sends."""
    before = data.draw(any_records("ret"))
    after = replace(
        before,
        answers=data.draw(any_records("ret")).answers,
        entities=(*before.entities[1:], a_place()),
    )
    found = changes(before, after)
    differ = {
        name
        for name in before.answers.keys() | after.answers.keys()
        if before.answers.get(name) != after.answers.get(name)
        and (reads(before.answers.get(name)) or reads(after.answers.get(name)))
    }

    assert {one.question for one in found if one.entity is None} >= differ
    assert all(one.before or one.after for one in found)
    assert changes(before, before) == ()


def test_a_missing_answer_is_no_change_of_a_gap_into_nothing() -> None:
    """A gap that was taken away again is a change: the question is open once more."""
    before = a_return({"ret.brought_by": Gap(Why.NOT_KNOWN)})
    answers = {name: kept for name, kept in before.answers.items() if name != "ret.brought_by"}
    change = only(before, replace(before, answers=frozen(answers)))

    assert (change.difference, change.before) == (REMOVED, ("Not known",))
