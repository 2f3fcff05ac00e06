"""Guides: the order of the door, every question once."""

from __future__ import annotations

from collections import Counter

from booklets.answers import Gap, Why
from booklets.forms import Kind
from tests.support.encounters import the_guide


def test_every_question_stands_once() -> None:
    """On one page, and nowhere else."""
    placed = Counter(name for page in the_guide().pages for name in page.fields())

    assert {name for name, times in placed.items() if times > 1} == set()


def test_a_question_is_found_by_its_page_and_is_about_the_child_or_the_encounter() -> None:
    """What is about the child is kept with the child."""
    guide = the_guide()
    page = guide.page_of("ret.found_at")

    assert page is not None
    assert page.id == "back"
    assert guide.page_of("ret.episode") is None
    assert guide.about_subject("person.dob")
    assert not guide.about_subject("ret.found_at")
    assert "person.dob" not in {one.id for one in guide.fields()}


def test_what_is_known_of_the_child_decides_what_is_asked() -> None:
    """A child in care has a council that placed it."""
    guide = the_guide()
    said = {"ret.placing_la_informed": Gap(Why.PENDING)}

    assert guide.asked(said, {"person.care_status": "co"}) == said
    assert guide.asked(said) == {}


def test_few_questions_come_first_about_somebody_who_is_mentioned() -> None:
    """Each of them is a question that the person, place or object has."""
    guide = the_guide()

    for kind, names in guide.mentions.items():
        assert all(guide.entities[kind].has(name) for name in names)
        assert all(guide.field(name).kind is not Kind.BODY_MAP for name in names)
