"""One encounter in hand: what is said goes where it belongs, and a disclosure stops the questions."""

from __future__ import annotations

import pytest

from booklets.answers import Gap, Why
from booklets.disclosure import LEFT_TO_SPECIALISTS
from booklets.entities import EntityKind
from booklets.forms import AfterStop
from field_app.capture.session import CaptureSession
from tests.support.handsets import OnShift, found_child

LEFT_OUT = LEFT_TO_SPECIALISTS


def left_out(check: CaptureSession) -> set[str]:
    """The questions that the stop left to a specialist interview."""
    return {name for name, answer in check.encounter.answers.items() if answer == LEFT_OUT}


def talking(check: CaptureSession) -> None:
    """The child is awake, seen and talks."""
    found_child(check, {"pi.face_to_face": "yes", "pi.engaged": "yes"})


def test_what_is_said_of_the_child_is_kept_with_the_child(check: CaptureSession) -> None:
    """Typed once, it is known to every record of the incident, with who changed it."""
    check.put("person.known_as", "Amy")
    check.put("pi.why_left", "A row about the phone.")

    child = check.encounter.child()
    assert child is not None
    assert child.facts["person.known_as"] == "Amy"
    assert child.history[-1].by == check.encounter.officer.id
    assert "person.known_as" not in check.encounter.answers
    assert check.value("person.known_as") == "Amy"
    assert check.value("pi.why_left") == "A row about the phone."


@pytest.mark.parametrize(("name", "value"), [("pi.why_left", "a row"), ("person.known_as", "Amy")])
def test_an_answer_can_be_taken_back(check: CaptureSession, name: str, value: str) -> None:
    """Cleared is not the same as empty words."""
    check.put(name, value)
    check.put(name, None)

    assert check.value(name) is None


def test_an_answer_opens_and_closes_other_questions(check: CaptureSession) -> None:
    """What was said stays when its question goes, in case the thumb slipped."""
    check.put("ret.found_how", "other")
    assert check.is_asked("ret.found_how_other")
    check.put("ret.found_how_other", "rang from a call box")
    check.put("ret.found_how", "alone")

    assert not check.is_asked("ret.found_how_other")
    assert check.value("ret.found_how_other") == "rang from a call box"


def test_somebody_who_is_mentioned_has_facts_of_their_own(check: CaptureSession) -> None:
    """The mother's surname is not the child's."""
    mum = check.mention("ret.left_with")
    check.put("person.surname", "Brook-Carer", mum)
    check.put("person.surname", "Brook")

    assert check.value("ret.left_with") == (str(mum),)
    assert check.value("person.surname", mum) == "Brook-Carer"
    assert check.value("person.surname") == "Brook"
    assert {one.id for one in check.mentioned(EntityKind.PERSON)} == {mum, check.encounter.subject}


def test_somebody_typed_once_is_pointed_to_again(check: CaptureSession) -> None:
    """No name is typed twice, and nobody is in an answer twice."""
    mum = check.mention("ret.left_with")
    check.mention("pi.who", mum)
    check.mention("pi.who", mum)
    other = check.mention("pi.who")

    assert check.value("pi.who") == (str(mum), str(other))
    assert len(check.mentioned(EntityKind.PERSON)) == 3


def test_a_place_inside_a_person_belongs_to_that_person(check: CaptureSession) -> None:
    """The school is the child's, not the encounter's."""
    school = check.mention("person.school", about=check.encounter.subject)

    assert check.value("person.school") == str(school)
    assert "person.school" not in check.encounter.answers


def test_taking_somebody_out_of_an_answer_forgets_nothing_about_them(check: CaptureSession) -> None:
    """The wrong row was touched."""
    mum, aunt = check.mention("pi.who"), check.mention("pi.who")
    check.put("person.known_as", "Karen", mum)

    check.unmention("pi.who", mum)
    assert check.value("pi.who") == (str(aunt),)
    assert check.value("person.known_as", mum) == "Karen"
    check.unmention("pi.who", aunt)
    assert check.value("pi.who") is None


def test_taking_out_who_is_not_in_the_answer_changes_nothing(check: CaptureSession) -> None:
    """An empty place was opened and closed again; the one chosen before stays chosen."""
    home = check.mention("ret.return_place")
    elsewhere = check.mention("ret.found_place")

    check.unmention("ret.return_place", elsewhere)

    assert check.value("ret.return_place") == str(home)


def test_a_reason_answers_a_rule_until_it_is_taken_back(check: CaptureSession) -> None:
    """Asked why, the officer says why; an empty box is no reason."""
    found_child(check, {"pi.demeanour": "No concerns."})
    asked = next(one for one in check.problems() if one.effect.value == "ask")
    assert asked.stands

    check.keep_because(asked.key, "Mum is named as the suspect.")
    kept = next(one for one in check.problems() if one.key == asked.key)
    assert (kept.stands, kept.kept) == (False, "Mum is named as the suspect.")

    check.keep_because(asked.key, "")
    assert next(one for one in check.problems() if one.key == asked.key).stands


def test_the_page_is_remembered(check: CaptureSession) -> None:
    """After a lock the officer goes on where the child was speaking."""
    check.open_page("talk")
    before = check.encounter
    check.open_page("talk")

    assert check.encounter.place == "talk"
    assert check.encounter is before, "looking is not a change"


# -- R-53 --------------------------------------------------------------------------------------------
def test_a_disclosure_leaves_what_happened_to_a_specialist(check: CaptureSession) -> None:
    """No officer is led through thirty questions; what is needed now is still asked."""
    talking(check)
    check.put("pi.why_left", "He hurts me, that is why I went.")
    asked_before = check.facts.asked

    check.stop_for_disclosure()

    gone = left_out(check)
    assert check.stopped
    assert len(gone) > 10
    assert all(check.field(name).after_stop is AfterStop.NOT_ASKED for name in gone)
    asked_and_open = {
        one.id
        for one in check.guide.fields()
        if one.after_stop is AfterStop.NOT_ASKED and one.id in asked_before and one.id != "pi.why_left"
    }
    assert gone == asked_and_open
    assert check.value("pi.why_left") == "He hurts me, that is why I went."
    needed_now = [one.id for one in check.guide.fields() if one.after_stop is AfterStop.NEEDED_NOW]
    assert any(check.is_asked(name) for name in needed_now)
    assert all(check.value(name) is None for name in needed_now)


def test_after_the_stop_nothing_left_out_is_needed_for_sending(check: CaptureSession) -> None:
    """A gap with a reason is an answer."""
    talking(check)
    check.stop_for_disclosure()

    needed = {one.fields[0] for one in check.problems() if one.code == "needed"}
    assert not needed & left_out(check)


def test_a_stop_by_mistake_takes_back_its_own_gaps_and_no_others(check: CaptureSession) -> None:
    """A slip of the thumb costs nothing, and what the officer chose not to ask stays so."""
    talking(check)
    check.put("pi.why_left", "A row about the phone.")
    check.put("pi.debt", Gap(Why.NOT_ASKED, "asleep"))
    check.put("pi.online", Gap(Why.REFUSED))
    before = check.encounter

    check.stop_for_disclosure()
    check.resume_after_stop()

    assert not check.stopped
    assert check.encounter.answers == before.answers
    assert check.stop_question not in check.encounter.answers


def test_what_was_noted_during_a_mistaken_stop_is_kept(check: CaptureSession) -> None:
    """Words of a child are not thrown away with the mode they were written in."""
    check.stop_for_disclosure()
    check.put("pi.why_left", "I just wanted to see Jo.")
    check.put("pi.stop_who", "nobody, she meant the film")

    check.resume_after_stop()

    assert check.value("pi.why_left") == "I just wanted to see Jo."
    assert check.encounter.answers["pi.stop_who"] == "nobody, she meant the film"


def test_a_stop_before_anything_is_known_holds_for_what_is_answered_later(check: CaptureSession) -> None:
    """The child tells while the officer is still taking off the hat; "willing to talk" comes afterwards."""
    check.stop_for_disclosure()
    assert not left_out(check) & {"pi.harm", "pi.child_words", "pi.who"}

    talking(check)

    assert {"pi.harm", "pi.child_words", "pi.who", "pi.supporting_adult_wanted"} <= left_out(check)
    check.resume_after_stop()
    assert left_out(check) == set()
    assert not {"pi.harm", "pi.child_words"} & check.encounter.answers.keys()


def test_words_being_written_anew_after_the_stop_stay_under_the_hand(check: CaptureSession) -> None:
    """Rubbed out to be written better: the box is no gap until the officer has gone on to something else."""
    talking(check)
    check.put("pi.why_left", "He")
    check.stop_for_disclosure()

    check.put("pi.why_left", None)
    assert check.value("pi.why_left") is None
    check.put("pi.why_left", "A row about the phone.")
    check.put("pi.stop_danger", "no")
    assert check.value("pi.why_left") == "A row about the phone."

    check.put("pi.why_left", None)
    check.put("pi.stop_injuries", "no")
    assert check.value("pi.why_left") == LEFT_OUT


# -- R-53 in a PPN -----------------------------------------------------------------------------------
def test_a_disclosure_stops_a_ppn_as_well(colleague: OnShift) -> None:
    """One tap: what the officer saw may still be written, and what comes up later is left as well."""
    ppn = colleague.shift.start("ppn")
    ppn.stop_for_disclosure()

    assert ppn.stopped
    assert ppn.value("ppn.environment_not_observed") == LEFT_OUT
    assert ppn.value("ppn.indicators") == LEFT_OUT
    assert ppn.value("ppn.aware_environment") is None
    assert ppn.value("ppn.aware_words") is None, "the first words are needed"

    ppn.put("ppn.child_spoken_to", "yes")
    assert ppn.value("ppn.worries") == LEFT_OUT
    ppn.put("ppn.aware_environment", "Hall and kitchen, both cold.")
    assert not ppn.is_asked("ppn.environment_not_observed")

    ppn.resume_after_stop()
    assert left_out(ppn) == set()
    assert ppn.value("ppn.aware_environment") == "Hall and kitchen, both cold."


def test_what_is_being_rubbed_out_is_not_taken_away(colleague: OnShift) -> None:
    """A box that is empty for a moment, while it is written anew, stays a box."""
    ppn = colleague.shift.start("ppn")
    ppn.put("ppn.impact", "Sleeps badly.")
    ppn.stop_for_disclosure()

    ppn.put("ppn.impact", "")

    assert ppn.value("ppn.impact") is None
