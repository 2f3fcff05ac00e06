"""No sequence of answers, in any record, crashes the review, loses an answer or shows what is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booklets import definitions
from booklets.answers import Answer, blank
from booklets.definitions import force
from booklets.drafts import encounter_from_json, encounter_to_json
from booklets.encounters import Encounter, begin, facts_of, review
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Stage
from booklets.guides import Guide
from booklets.review import Problem
from booklets.stamps import Stamp
from tests.support.any_records import answered
from tests.support.walks import NOW, WELLS

GUIDES = sorted(definitions.guide_ids())
FORCES = definitions.force_ids()
STEPS = 4


def begun(guide: Guide, force_id: str) -> Encounter:
    """An encounter of this guide about a child of whom nothing is known."""
    child = Entity(new_id(), EntityKind.PERSON)
    return begin(guide, officer=WELLS, force=force_id, unit="scarborough", at=Stamp(NOW), subject=child)


@st.composite
def walked(draw: st.DrawFn, guide: Guide) -> tuple[Encounter, dict[str, Answer], str]:
    """A few answers after one another, some taken back or changed, right, odd or impossible."""
    fields = tuple(guide.fields())
    force_id = draw(st.sampled_from(FORCES))
    encounter, kept = begun(guide, force_id), dict[str, Answer]()
    for _ in range(draw(st.integers(1, STEPS))):
        for name, answer in draw(answered(fields)).items():
            encounter = encounter.answer(guide.field(name), answer, at=NOW)
            kept.pop(name, None)
            if not blank(answer):
                kept[name] = answer
    return encounter, kept, force_id


@pytest.mark.thorough
@pytest.mark.parametrize("id_", GUIDES)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_whatever_is_answered_is_reviewed_and_kept(id_: str, data: st.DataObject) -> None:
    """At every stage, in both forces; and the draft reads back as it was."""
    guide = definitions.guide(id_)
    encounter, kept, force_id = data.draw(walked(guide))

    assert {name: encounter.answers[name] for name in kept} == kept
    assert encounter_from_json(encounter_to_json(encounter)) == encounter
    for stage in Stage:
        found = review(encounter, guide, force(force_id), NOW, stage)
        assert all(_is_shown(one, encounter, guide, force_id) for one in found)
        assert all(one.stands for one in found if one.effect is Effect.BLOCK and not one.kept)


def _is_shown(problem: Problem, encounter: Encounter, guide: Guide, force_id: str) -> bool:
    """Whether what is missing is asked for at all: nobody is sent to a question that is hidden."""
    if problem.code != "needed" or problem.entity is not None:
        return True
    asked = facts_of(encounter, guide, force(force_id), NOW).asked
    return all(name in asked or guide.about_subject(name) for name in problem.fields)
