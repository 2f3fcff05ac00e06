"""After a child began to describe a crime, a PPN asks what is needed now and leaves the rest (R-53)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why, frozen
from booklets.disclosure import LEFT_TO_SPECIALISTS, is_stopped, left_to_specialists, stop_question
from booklets.encounters import begin, review
from booklets.forms import AfterStop, Stage
from booklets.review import NO_GAP_HERE
from booklets.stamps import Stamp
from tests.support.builders import FORCE, NIGHT, UNIT, an_author
from tests.support.ppns import AWARE, KIT, ppn_guide, said_of
from tests.support.walks import found_by, needed

STOP: Mapping[str, Answer] = MappingProxyType({"ppn.disclosure_stop": "yes"})
NOW = {
    "ppn.immediate_danger",
    "ppn.immediate_danger_detail",
    "ppn.injured",
    "ppn.body_map",
    "ppn.suspects",
    "ppn.stop_where",
    "ppn.stop_when",
    "ppn.stop_supervisor",
    "ppn.stop_specialist",
    "ppn.stop_preserved",
    "ppn.aware_words",
}


def still_needed(answers: Mapping[str, Answer]) -> set[str]:
    """Which questions a PPN with nothing but these answers still needs."""
    begun = begin(ppn_guide(), officer=an_author(), force=FORCE, unit=UNIT, at=Stamp(NIGHT), subject=KIT)
    for name, answer in answers.items():
        begun = begun.answer(ppn_guide().field(name), answer, at=NIGHT)
    force = definitions.force(FORCE)
    return {
        name for name in needed(review(begun, ppn_guide(), force, NIGHT, Stage.CAPTURE)) if "ppn." in name
    }


@pytest.mark.parametrize("guide", ["ppn", "return_check"])
def test_a_guide_that_speaks_with_a_child_can_be_stopped(guide: str) -> None:
    """One tap; and it holds only once it was tapped."""
    found = definitions.guide(guide)

    assert found.field(stop_question(found)).codes[0].code == "yes"
    assert is_stopped(found, frozen({stop_question(found): "yes"}))
    assert not is_stopped(found, frozen({}))


def test_a_decision_has_no_child_before_it() -> None:
    """Nobody stops a supervisor."""
    supervision = definitions.guide("supervision")

    assert stop_question(supervision) == ""
    assert not is_stopped(supervision, frozen({}))


def test_what_is_needed_now_is_danger_injury_who_where_when_and_who_is_asked() -> None:
    """R-53, to the letter; and the first words before all else."""
    asked_now = {one.id for one in ppn_guide().fields() if one.after_stop is AfterStop.NEEDED_NOW}

    assert asked_now == NOW


def test_the_rest_is_left_to_specialists_and_the_notice_says_so() -> None:
    """No silent blank: what was not asked has its reason, and is not needed any more."""
    left = left_to_specialists(ppn_guide(), frozen(STOP), KIT.facts)

    assert set(left.values()) == {LEFT_TO_SPECIALISTS}
    assert {"ppn.indicators", "ppn.online_abuse", "ppn.parent_views", "ppn.impact"} <= left.keys()
    assert {f"ppn.{one}_not_observed" for one in AWARE if one != "words"} <= left.keys()
    assert not left.keys() & NOW
    assert left_to_specialists(ppn_guide(), frozen({}), KIT.facts) == {}


def test_nobody_is_led_through_thirty_questions_after_a_disclosure() -> None:
    """What the officer alone knows and decides stays: what brought police, danger, council, family."""
    left = left_to_specialists(ppn_guide(), frozen(STOP), KIT.facts)
    before, after = still_needed({}), still_needed({**STOP, **left})

    assert before - after >= {"ppn.impact", "ppn.indicators", "ppn.suspect_known"} & before
    assert not after & left.keys()
    assert len(after) < 30


def test_what_was_written_before_the_stop_stays() -> None:
    """A stop takes nothing away."""
    written = frozen({**STOP, "ppn.indicators": ("I05",), "ppn.aware_activity": "Sat by the door."})

    left = left_to_specialists(ppn_guide(), written, KIT.facts)

    assert "ppn.indicators" not in left
    assert "ppn.activity_not_observed" not in left, "the section has words, so nothing is asked about it"


def test_only_what_a_stop_leaves_behind_answers_a_question_without_gaps() -> None:
    """Another "not asked" would be a way around the questions that every notice has to answer."""
    stopped = {"ppn.aware_activity": None, "ppn.activity_not_observed": LEFT_TO_SPECIALISTS}
    shirked = stopped | {"ppn.activity_not_observed": Gap(Why.NOT_ASKED, "no time")}
    elsewhere = {"ppn.child_seen": LEFT_TO_SPECIALISTS}

    assert NO_GAP_HERE not in found_by(said_of(stopped))
    assert NO_GAP_HERE in found_by(said_of(shirked))
    assert NO_GAP_HERE in found_by(said_of(elsewhere))


def test_many_gaps_after_a_stop_are_no_reproach() -> None:
    """R-19 counts what an officer left open, and not what R-53 told them to leave."""
    gaps = dict.fromkeys(("ppn.worries", "ppn.wants", "ppn.parent_views", "ppn.impact"), LEFT_TO_SPECIALISTS)
    many = gaps | dict.fromkeys(("ppn.strengths", "ppn.indicators"), LEFT_TO_SPECIALISTS)

    assert "R-19" in found_by(said_of(many))
    assert "R-19" not in found_by(said_of({**many, **STOP}))


def test_once_specialists_are_asked_nobody_is_set_to_ask_them() -> None:
    """The task is for what is still to be done."""
    asked = ({"with": "Child abuse team", "outcome": "accepted"},)

    assert "R-53a" in found_by(said_of(STOP))
    assert "R-53a" not in found_by(said_of({**STOP, "ppn.stop_specialist": asked}))
