"""Guides: the order of the door, every question once."""

from __future__ import annotations

from collections import Counter

import pytest

from booklets import definitions
from booklets.answers import Gap, Why
from booklets.definitions.guiding import read_guide
from booklets.errors import DefinitionError, UnknownForm
from booklets.forms import Form, Kind
from booklets.guides import Guide
from tests.support.definitions import a_form, table
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


GUIDE = """
id = "g"
version = "1"
title = "G"
forms = ["f"]
subject_role = "missing_child"
[[page]]
id = "p"
title = "P"
[[page.group]]
fields = ["f.risk", "f.why", "f.at"]
"""


def a_guide(text: str, why: str = 'required = { risk = "high" }') -> Guide:
    """A guide through the small form."""

    def form(name: str) -> Form:
        if name != "f":
            raise UnknownForm(f"there is no form {name!r}")
        return a_form(why)

    return read_guide(table(text, "g.toml"), form, definitions.entity_forms())


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ('"f.at"]', '"f.att"]', "there is no question 'f.att'; did you mean 'f.at'?"),
        ('"f.at"]', '"f.at", "f.at"]', "'f.at' is asked twice"),
        (', "f.at"]', "]", "'f.at' is on no page"),
        ('"f.risk", "f.why"', '"f.why", "f.risk"', "'f.why' depends on 'f.risk', which is asked only later"),
        ('["f"]', '["g"]', "g.toml: forms: there is no form 'g'"),
        ('["f"]', "[]", "a guide needs forms and pages"),
        ('title = "P"', 'titel = "P"', "page p: 'title' is missing"),
        ('id = "g"', 'id = "g"\nstart = "x"', "'start' is not a setting here"),
        (
            "[[page]]",
            '[mentions]\nperson = ["person.nme"]\n[[page]]',
            "mentions: person: nobody is asked 'person.nme'",
        ),
        (
            "[[page]]",
            '[mentions]\nperson = ["place.name"]\n[[page]]',
            "nobody is asked 'place.name' about a person",
        ),
        ("[[page]]", '[mentions]\nanimal = ["x"]\n[[page]]', "mentions: 'animal' is not a setting here"),
        (
            "[[page]]",
            '[mentions]\nperson = ["person.dob", "person.dob"]\n[[page]]',
            "there are two of person 'person.dob'",
        ),
        ('title = "P"', 'title = "P"\nletter = "Ab"', "letter must be one capital letter, not 'Ab'"),
        ('title = "P"', 'title = "P"\nletter = "a"', "letter must be one capital letter, not 'a'"),
        ('title = "P"', 'title = "P"\nletter = "A"', "a page with a letter says in belongs what is written"),
        ('title = "P"', 'title = "P"\nweak = "Fine."', "weak and strong examples come together"),
        ('title = "P"', 'title = "P"\nprompts = [3]', "prompts must be a list of words in quotes"),
        ('id = "g"', 'id = "g"\noffered = "no"', "offered must be true or false"),
        ('id = "g"', 'id = "g"\nroles = ["mhte"]', "roles: there is no role 'mhte'; did you mean 'mhet'?"),
        ('id = "g"', 'id = "g"\nsign = "hous"', "there is no sign 'hous'"),
        ('id = "g"', 'id = "g"\nrank = "first"', "rank must be a whole number, not 'first'"),
    ],
)
def test_a_mistake_in_a_guide_is_answered_with_its_cause(old: str, new: str, answer: str) -> None:
    """Every question once, in an order in which its conditions can be decided."""
    assert old in GUIDE
    with pytest.raises(DefinitionError) as refused:
        a_guide(GUIDE.replace(old, new, 1))

    assert answer in str(refused.value)


def test_a_guide_says_what_is_asked_first_about_somebody_mentioned() -> None:
    """A friend at the door has a name, not forty questions."""
    text = GUIDE.replace("[[page]]", '[mentions]\nperson = ["person.known_as"]\n[[page]]')

    assert a_guide(text).mentions == {"person": ("person.known_as",)}
    assert a_guide(GUIDE).mentions == {}


def test_a_page_may_teach_how_to_write_it() -> None:
    """A letter, one sentence on what belongs there, what to look for, and examples; or nothing of it."""
    lesson = (
        'letter = "A"\nbelongs = "What was seen."\nprompts = ["Clothes"]\nweak = "Fine."\nstrong = ["Wet."]'
    )
    [taught] = a_guide(GUIDE.replace('title = "P"', f'title = "P"\n{lesson}')).pages
    [plain] = a_guide(GUIDE).pages

    assert (taught.letter, taught.belongs, taught.prompts) == ("A", "What was seen.", ("Clothes",))
    assert (taught.weak, taught.strong) == ("Fine.", ("Wet.",))
    assert (plain.letter, plain.prompts, plain.strong) == ("", (), ())


def test_what_a_guide_goes_on_from_is_a_guide() -> None:
    """A misspelt name would offer nothing, and nobody would notice."""
    known = set(definitions.guide_ids())

    assert all(known >= set(definitions.guide(id_).follows) for id_ in known)
    with pytest.raises(DefinitionError, match=r"follows: there is no guide 'return_chek'; did you mean"):
        definitions.must_be_guides(table('follows = ["return_chek"]', "g.toml"), known)


def test_a_guide_is_offered_unless_it_says_otherwise() -> None:
    """Nobody starts a decision from the start list."""
    hidden = {id_ for id_ in definitions.guide_ids() if not definitions.guide(id_).offered}

    assert hidden == {"supervision"}
    assert not a_guide(GUIDE.replace('id = "g"', 'id = "g"\noffered = false')).offered


def test_a_question_that_falls_silent_on_another_form_is_asked_where_nobody_fills_that_one() -> None:
    """A form may be asked together with another, and alone; what it depends on must be there."""
    alone = a_guide(GUIDE, 'unless = { "g.harm" = "yes" }')

    assert alone.field("f.why").is_shown({})
    for depends in ("shown", "required"):
        with pytest.raises(DefinitionError, match=r"depends on 'g\.harm', which is asked only later"):
            a_guide(GUIDE, f'{depends} = {{ "g.harm" = "yes" }}')
