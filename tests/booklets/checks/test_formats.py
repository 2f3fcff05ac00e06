"""Numbers, postcodes and marks: what looks wrong is said, the normal form is made, what was typed stays."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.answers import Answer, Gap, Why, frozen
from booklets.checks import formats
from booklets.entities import Entity, EntityKind, new_id
from booklets.forms import Effect, Stage
from booklets.positions import position_row
from booklets.review import Problem
from tests.support.builders import NIGHT
from tests.support.walks import HONEST, found_by, looked_at

LONG = "Wolfeschlegelsteinhausenbergerdorff-Marlowe"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("943 476 5919", "9434765919"),
        ("943-476-5919", "9434765919"),
        ("401 023 2137", "4010232137"),
        ("943 476 5918", ""),
        ("943 476 591", ""),
        ("943 476 591X", ""),
    ],
)
def test_the_last_digit_of_an_nhs_number_follows_from_the_others(typed: str, normal: str) -> None:
    """Modulus 11, as the NHS data dictionary has it."""
    assert formats.nhs_number(typed) == normal


def test_a_check_digit_of_ten_is_never_right() -> None:
    """Nine digits that would need a tenth of "ten" belong to nobody."""
    assert not any(formats.nhs_number(f"000000006{digit}") for digit in range(10))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("yo11 2pt", "YO11 2PT"),
        ("yo112pt", "YO11 2PT"),
        ("S1  2HE", "S1 2HE"),
        ("sw1a1aa", "SW1A 1AA"),
        ("gir 0aa", "GIR 0AA"),
        ("YO11", ""),
        ("YO11 22P", ""),
        ("near the pier", ""),
    ],
)
def test_a_postcode_has_one_normal_form(typed: str, normal: str) -> None:
    """Outward, space, inward."""
    assert formats.postcode(typed) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("07700 900461", "+447700900461"),
        ("+44 (0)1632 960144", "+441632960144"),
        ("0044 7700-900-461", "+447700900461"),
        ("01632 960144 ext 4", "+441632960144"),
        ("+353 20 915 0000", "+353209150000"),
        ("7700 900461", ""),
        ("0770 900 46", ""),
        ("mum's old one", ""),
        ("999", ""),
    ],
)
def test_a_phone_number_has_an_international_form(typed: str, normal: str) -> None:
    """E.164; without its country it is one of the United Kingdom."""
    assert formats.telephone(typed) == normal


def a_person(**facts: Answer) -> Entity:
    """Somebody whom the check mentions, with something more known of them."""
    known = {"person.relationship": "mother", **{f"person.{name}": one for name, one in facts.items()}}
    return Entity(new_id(), EntityKind.PERSON, frozen({"person.known_as": "Robin", **known}))


def a_place(**facts: Answer) -> Entity:
    """Somewhere in Scarborough."""
    known = {"place.town": "Scarborough", **{f"place.{name}": one for name, one in facts.items()}}
    return Entity(new_id(), EntityKind.PLACE, frozen(known))


def a_thing(**facts: Answer) -> Entity:
    """Something that is new."""
    return Entity(
        new_id(), EntityKind.OBJECT, frozen({f"object.{name}": one for name, one in facts.items()})
    )


def about(one: Entity) -> list[Problem]:
    """What the review says of one that an honest check mentions."""
    ids = str(one.id)
    new: dict[str, Answer] = {"ret.new_items": "yes", "ret.items": (ids,), "ret.items_from": "Not known."}
    where: dict[EntityKind, dict[str, Answer]] = {
        EntityKind.PERSON: {"ret.left_with": (ids,)},
        EntityKind.PLACE: {"ret.return_place": ids},
        EntityKind.OBJECT: new,
    }
    found = looked_at({**HONEST, **where[one.kind]}, one)
    return [problem for problem in found if problem.entity == one.id]


@pytest.mark.parametrize(
    ("one", "rule", "says"),
    [
        (a_person(nhs_no="943 476 5918"), "B-02", "the last digit does not fit. Kept as you typed it."),
        (a_person(nhs_no="943 476"), "B-02", "it has 6 digits and not ten"),
        (a_person(has_phone="yes", phones=({"number": "0770 900"},)), "B-03", "a digit is missing"),
        (a_person(social_worker_phone="ring the office"), "B-03a", "no digit"),
        (a_place(postcode="YO11 22P"), "B-05", "one looks like YO11 1AA"),
        (a_place(uprn="ten"), "B-06", "up to twelve digits"),
        (a_place(what3words="pier chips"), "B-07", "three words with full stops"),
        (a_thing(object_type="vehicle", identifier="YK1 ABCD"), "B-08", "a letter is missing"),
    ],
)
def test_what_looks_wrong_is_worth_another_look_and_is_kept(one: Entity, rule: str, says: str) -> None:
    """It never holds a record up: the officer may have seen just that."""
    before = one.facts

    [problem] = [problem for problem in about(one) if problem.code == rule]

    assert says in problem.says
    assert problem.effect is Effect.WARN
    assert not problem.stands
    assert one.facts == before


@pytest.mark.parametrize(
    "one",
    [
        a_person(
            nhs_no="943 476 5919",
            has_phone="yes",
            phones=({"number": "07700 900461"},),
            social_worker_phone="01632 960100",
        ),
        a_person(nhs_no=Gap(Why.NOT_KNOWN)),
        a_place(postcode="yo112pt", uprn="000012345678", what3words="///filled.count.soap"),
        a_thing(object_type="vehicle", identifier="yk19 abc"),
        a_thing(object_type="phone", identifier="a cracked one"),
    ],
)
def test_what_is_written_as_it_should_be_is_not_spoken_of(one: Entity) -> None:
    """However it is spaced, and whatever has no number to look at."""
    assert {problem.code for problem in about(one) if problem.code.startswith("B-")} == set()


@pytest.mark.parametrize(("field", "rule"), [("surname", "B-01a"), ("given_names", "B-01")])
def test_a_name_too_long_for_others_is_asked_about_and_kept_whole(field: str, rule: str) -> None:
    """The data model takes 35 letters. Nothing is cut: the officer says why it stays, or shortens it."""
    [problem] = [one for one in about(a_person(**{field: LONG})) if one.code == rule]

    assert problem.stands
    assert f"“{LONG}” has {len(LONG)}" in problem.says


def test_several_given_names_may_be_longer_together() -> None:
    """Each of them counts on its own."""
    many = a_person(given_names="Amy Louise Katherine Elizabeth Alexandra Rose")

    assert "B-01" not in found_by(about(many))


def test_a_place_says_where_it_is() -> None:
    """A street, a postcode, how to find it, or why that cannot be said: one of them is enough."""
    nowhere = Entity(new_id(), EntityKind.PLACE, frozen({"place.place_type": "home"}))
    [problem] = [one for one in about(nowhere) if one.code == "B-04"]
    assert problem.stands
    assert problem.fields == ("place.street", "place.name", "place.description")

    stood = (position_row(54.28, -0.4, 12, NIGHT),)
    found = ("place.postcode", "YO11 2PT"), ("place.description", "Third bench"), ("place.position", stood)
    said = *found, ("place.name", "The hospital")
    for name, answer in (*said, ("place.street", Gap(Why.NOT_KNOWN))):
        somewhere = Entity(nowhere.id, EntityKind.PLACE, frozen({**nowhere.facts, name: answer}))
        assert "B-04" not in found_by(about(somewhere)), name


def test_a_place_that_keeps_somebody_safe_is_not_marked_to_the_metre() -> None:
    """However it is written; a refugee centre is no refuge, and without a position nothing is said."""
    stood = {"place.position": (position_row(54.28, -0.4, 12, NIGHT),)}

    def asked(name: str, **facts: Answer) -> bool:
        place = Entity(new_id(), EntityKind.PLACE, frozen({"place.name": name, **facts}))
        return "B-09" in found_by(about(place))

    for secret in ("The refuge", "Women\u2019s Aid, Scarborough", "a safe-house", "REFUGE", "safehouse"):
        assert asked(secret, **stood), secret
        assert not asked(secret), secret
    for open_to_all in ("Refugee centre", "Valley Gardens", "Safeway"):
        assert not asked(open_to_all, **stood), open_to_all


def test_the_child_is_looked_at_as_well() -> None:
    """The child's own numbers matter most, and stand with the child."""
    child = a_person(dob="2011-01-09", surname="Brook", given_names="Amy", sex="F", nhs_no="1")

    problems = looked_at(HONEST, child=child, stage=Stage.CAPTURE)

    assert "B-02" in {one.code for one in problems if one.entity == child.id}


def test_a_length_that_the_forms_name_is_the_one_that_is_sent() -> None:
    """The form's number and the one of the police data model are the same."""
    person = definitions.entity_form("person")
    assert {rule.args["most"] for rule in person.rules if rule.check == "names_within"} == {35}
