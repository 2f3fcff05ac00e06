"""A place that comes up again has somebody who owns it (R-33)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from booklets.answers import Answer, Gap, Why, frozen
from booklets.duties import Act, Acted, still_missing, title_of
from booklets.entities import Entity
from booklets.forms import Stage
from booklets.records import Record
from sync_server.across import look
from sync_server.context import Context
from sync_server.db.owed import task
from tests.support.again import ANA, KIT, a_talk, asked, closes, of
from tests.support.builders import HOME, NIGHT, a_header, a_place, an_id
from tests.support.colleagues import Colleague
from tests.support.people_again import a_record
from tests.support.server_data import Clock, rows

KIND = "own_hotspot"
Night = Callable[..., Record]


def the_flat(name: str, **facts: Answer) -> Entity:
    """The same flat as another officer writes it down."""
    known: dict[str, Answer] = {
        "name": "",
        "building": "Flat 2",
        "street": "14 Invented Row",
        "postcode": "HG1 9ZZ",
        "place_type": "associate_address",
    }
    return a_place(an_id(f"flat {name}"), NIGHT, **known | facts)


def test_two_children_at_one_flat_are_a_hotspot(context: Context, night: Night) -> None:
    """Neither officer knew of the other child; the address was typed differently by each."""
    night("one", 0, place=the_flat("one"))
    look(context)
    assert asked(context, KIND) == []
    second = night("two", 30, child=ANA, place=the_flat("two", building="FLAT 2", postcode="hg19zz"))

    look(context)

    assert [(kind, owner, status) for kind, _, owner, status in asked(context, KIND)] == [
        (KIND, "mhet", "open")
    ]
    assert [one["record"] for one in rows(context, task) if one["kind"] == KIND] == [str(of(second))]


@pytest.mark.parametrize(("days", "is_asked"), [((0, 10, 20), True), ((0, 20), False), ((0, 50, 91), False)])
def test_one_child_there_three_times(
    context: Context, night: Night, days: tuple[float, ...], *, is_asked: bool
) -> None:
    """Three episodes in ninety days are enough, also of one child."""
    for number, day in enumerate(days):
        night(str(number), day, place=the_flat(str(number)))

    look(context)

    assert bool(asked(context, KIND)) is is_asked


@pytest.mark.parametrize(
    "other",
    [{"building": "Flat 3"}, {"postcode": ""}, {"street": "", "building": ""}],
    ids=["next door", "no postcode", "a postcode alone"],
)
def test_another_place_is_not_counted(context: Context, night: Night, other: dict[str, Answer]) -> None:
    """A postcode is a whole street."""
    night("one", 0, place=the_flat("one", **other))
    night("two", 5, child=ANA, place=the_flat("two", **({} if "building" in other else other)))

    look(context)

    assert asked(context, KIND) == []


@pytest.mark.parametrize("told", ["prevention", "return home", "return home, written apart"])
def test_where_a_child_stayed_by_an_interview_counts_as_where_one_was_found(
    context: Context, night: Night, officer: Colleague, mhet: Colleague, told: str
) -> None:
    """One child was found at the flat; the other only told somebody that they had slept there."""
    night("one", 0, place=the_flat("one"))
    back = night("two", 5, child=ANA)
    slept = the_flat("two")
    if told == "prevention":
        officer.sent(a_talk(back, {"pi.where": (str(slept.id),)}, slept))
    else:
        apart: dict[str, Any] = {"episode": an_id("apart")} if "apart" in told else {}
        said = a_record("rhi", back, {"rhi.places": (str(slept.id),)}, **apart)
        mhet.sent(replace(said, entities=(*said.entities, slept)))

    look(context)

    assert [one[3] for one in asked(context, KIND)] == ["open"]


@pytest.mark.parametrize("told", ["prevention", "return home"])
def test_the_home_where_a_child_stayed_is_no_hotspot(
    context: Context, night: Night, officer: Colleague, mhet: Colleague, told: str
) -> None:
    """Two friends who both slept at one grandmother's."""
    night("one", 0, place=the_flat("one", place_type="home"))
    back, slept = night("two", 5, child=ANA), the_flat("two", place_type="home")
    if told == "prevention":
        officer.sent(a_talk(back, {"pi.where": (str(slept.id),)}, slept))
    else:
        said = a_record("rhi", back, {"rhi.places": (str(slept.id),)})
        mhet.sent(replace(said, entities=(*said.entities, slept)))

    look(context)

    assert asked(context, KIND) == []


@pytest.mark.parametrize("kind", ["home", "placement", "school", "hospital"])
def test_where_children_are_anyway_is_no_hotspot(context: Context, night: Night, kind: str) -> None:
    """Two children of one children's home are missing from there, and are found there."""
    night("one", 0, place=the_flat("one", place_type=kind))
    night("two", 5, child=ANA, place=the_flat("two", place_type=kind))

    look(context)

    assert asked(context, KIND) == []


def test_where_the_child_lives_is_no_hotspot(context: Context, night: Night) -> None:
    """Whatever kind of place an officer called it."""
    home = a_place(HOME, place_type="other", place_type_other="a boat")
    for number, day in enumerate((0, 5, 10)):
        night(str(number), day, place=home)

    look(context)

    assert asked(context, KIND) == []


def test_it_stays_until_somebody_is_named(
    context: Context, night: Night, mhet: Colleague, clock: Clock
) -> None:
    """Done means that the words say who; while it is open nobody else is asked."""
    night("one", 0, place=the_flat("one"))
    night("two", 5, child=ANA, place=the_flat("two"))
    look(context)
    night("three", 9, child=ANA, place=the_flat("three"))
    look(context)
    assert len(asked(context, KIND)) == 1
    said = Acted(id=an_id("said"), task=1, act=Act.CLOSE, at=NIGHT, outcome="done")
    assert still_missing(said, late=False, kind=KIND) == ("words",)
    assert still_missing(replace(said, words="Insp. Varga"), late=False, kind=KIND) == ()
    closes(mhet, KIND, outcome="done", words="Insp. Varga, Harrogate town")

    night("four", 20, child=KIT, place=the_flat("four"))
    look(context)
    assert [one[3] for one in asked(context, KIND)] == ["done"]

    night("five", 110, child=ANA, place=the_flat("five"))
    night("six", 111, child=KIT, place=the_flat("six"))
    look(context)
    assert [one[3] for one in asked(context, KIND)] == ["done", "open"], "is somebody still on it?"


def a_place_of_concern(owner: Answer) -> Record:
    """A record of the flat itself, by somebody who typed its address once more."""
    flat = the_flat("of concern", building="flat 2")
    answers: dict[str, Answer] = {"hot.place": str(flat.id), "hot.owner": owner}
    return Record(
        header=a_header("hot", subject=None, episode=an_id("concern"), encounter=an_id("concern")),
        stage=Stage.COMPLETE,
        answers=frozen(answers),
        entities=(flat,),
        tasks=(),
        reasons={},
    )


@pytest.mark.parametrize(
    ("owner", "state"), [("Insp. Varga", "done"), (Gap(Why.NOT_KNOWN, "to be decided"), "open")]
)
def test_a_record_of_the_place_that_names_its_owner_ends_it(
    context: Context, night: Night, mhet: Colleague, owner: Answer, state: str
) -> None:
    """And for the force's time nobody is asked about that place again."""
    night("one", 0, place=the_flat("one"))
    night("two", 5, child=ANA, place=the_flat("two"))
    look(context)
    mhet.sent(a_place_of_concern(owner))

    look(context)
    night("three", 9, place=the_flat("three"))
    look(context)

    assert [one[3] for one in asked(context, KIND)] == [state]


def test_two_places_of_one_night_are_two_tasks(context: Context, night: Night) -> None:
    """Each has its own owner."""
    for number, (day, child) in enumerate(((0, KIT), (5, ANA))):
        park = a_place(an_id(f"park {number}"), street="The Green", postcode="HG2 9ZZ", place_type="park")
        night(
            str(number),
            day,
            child=child,
            place=the_flat(str(number)),
            others=(park,),
            answers={"ret.last_seen_place": str(park.id)},
        )

    look(context)

    assert len(asked(context, KIND)) == 2


def test_a_child_who_has_died_is_counted_for_no_place(context: Context, night: Night) -> None:
    """R-50."""
    night("one", 0, place=the_flat("one"))
    night("two", 5, child=ANA, place=the_flat("two"), answers={"ret.found_how": "dead"})

    look(context)

    assert asked(context, KIND) == []


def test_it_says_what_it_asks_for() -> None:
    """In words, on screens."""
    assert title_of(KIND).startswith("A place that comes up again")
