"""The review says which person, place or thing lacks what, and one tap opens it there."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from booklets.answers import Answer
from field_app.ui import screen_words as words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import STATES, standing_at


def mentioning(question: str, **facts: Answer) -> Callable[[Model, OnShift], None]:
    """The review of a check that mentions somebody or something of whom this is known."""

    def state(model: Model, officer: OnShift) -> None:
        STATES[At.REVIEW](model, officer)
        session = model.open_session()
        session.put("ret.new_items", "yes")
        about = session.mention(question)
        for name, answer in facts.items():
            session.put(f"{session.encounter.entities[about].kind.value}.{name}", answer, about)

    return state


def newest(model: Model) -> UUID:
    """Whoever or whatever was mentioned last."""
    return list(model.open_session().encounter.entities)[-1]


def row(app: Screens, about: UUID, question: str) -> str:
    """The row of the review that is about this question of somebody or something."""
    [found] = {one for one in app.identifiers() if str(about) in one and f".{question}." in one}
    return found


def test_a_thing_that_lacks_its_kind_is_named_and_opened(officer: OnShift) -> None:
    """Its name stands before what it lacks, so that two things are told apart."""

    async def walk() -> None:
        state = mentioning("ret.items", description="Black phone")
        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            assert app.says("Black phone: What is it?")
            await app.tap(row(app, newest(model), "object.object_type"))
            await app.settle()
            assert app.has("object.object_type.phone")
            await app.tap("object.object_type.phone")
            await app.tap("done")
            await app.settle()
            assert model.open_session().guide.pages[model.page].id == "eight"
            model.review()
            await app.settle()
            assert not app.says("Black phone: What is it?")

    journey(walk)


def test_what_may_wait_stands_apart_and_holds_up_nothing(officer: OnShift) -> None:
    """Who she is to the child can be said after the doorstep."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=mentioning("ret.left_with", known_as="Karen")) as (
            app,
            model,
        ):
            assert app.has(f"group.{words.LATER_THIS_SHIFT}") or app.says(words.LATER_THIS_SHIFT)
            assert app.says("Karen: Who is this to the child?")
            standing = [one for one in model.open_session().problems() if one.entity == newest(model)]
            assert standing == []
            await app.tap(row(app, newest(model), "person.relationship"))
            await app.settle()
            assert app.has("person.relationship") or app.says("Who is this to the child?")

    journey(walk)


def test_a_question_that_is_asked_only_on_demand_is_shown_when_it_is_opened(officer: OnShift) -> None:
    """An odd NHS number was typed under "more"; the review leads back to it."""

    async def walk() -> None:
        state = mentioning("ret.left_with", known_as="Karen", nhs_no="943 476 5918")
        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            await app.tap(row(app, newest(model), "person.nhs_no"))
            await app.settle()
            assert app.box("person.nhs_no").value == "943 476 5918"
            assert app.says("the last digit does not fit. Kept as you typed it.")

    journey(walk)


def test_a_place_of_a_friend_is_reached_through_the_friend(officer: OnShift) -> None:
    """Back goes the way one came."""

    async def walk() -> None:
        def state(model: Model, shift: OnShift) -> None:
            mentioning("pi.who", known_as="Jade")(model, shift)
            session, jade = model.open_session(), newest(model)
            place = session.mention("person.school", about=jade)
            session.put("place.postcode", "YO11 22P", place)

        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            assert app.says("YO11 22P: This does not look like a postcode")
            await app.tap(row(app, newest(model), "place.postcode"))
            await app.settle()
            assert [one.question for one in model.mentions] == ["pi.who", "person.school"]
            await app.tap("done")
            await app.settle()
            assert app.box("person.known_as").value == "Jade"

    journey(walk)


def test_the_childs_own_page_says_nothing_of_others(officer: OnShift) -> None:
    """An odd number of the mother's is no word about the child's."""

    async def walk() -> None:
        state = mentioning("ret.left_with", known_as="Karen", given_names="K" * 40)
        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            model.open_page(0)
            await app.settle()
            assert app.has("person.given_names")
            assert not app.says("longer than 35 letters")

    journey(walk)


def test_what_is_odd_about_the_child_is_opened_where_it_stands_also_when_that_is_no_page(
    officer: OnShift,
) -> None:
    """An NHS number is asked for under "More about Amy": the row said so nowhere and opened another page."""

    def state(model: Model, officer: OnShift) -> None:
        STATES[At.REVIEW](model, officer)
        session = model.open_session()
        session.put("person.nhs_no", "1")
        assert session.page_of("person.nhs_no") is None

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            child = model.open_session().encounter.subject
            assert child is not None
            await app.tap(next(one for one in app.identifiers() if one.startswith("problem.B-02")))
            assert model.at is At.ENTITY
            assert model.mentions[-1].entity == child
            await app.type("person.nhs_no", "943 476 5919")
            await app.tap("done")
            await app.settle()
            model.review()
            await app.settle()
            assert not [one for one in app.identifiers() if one.startswith("problem.B-02")]

    journey(walk)


def test_a_place_that_people_know_by_a_name_is_said_by_it(officer: OnShift) -> None:
    """B-04: “the hospital” needs no street, and the way to say so stands beside the question."""

    async def walk() -> None:
        state = mentioning("ret.found_place", place_type="other")
        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            found = newest(model)
            await app.tap(next(one for one in app.identifiers() if one.startswith(f"problem.B-04:{found}")))
            assert app.has("place.description")
            await app.type("place.name", "The hospital")
            model.review()
            await app.settle()
            assert not [one for one in app.identifiers() if one.startswith("problem.B-04")]

    journey(walk)


def a_name_in_several_boxes(model: Model, officer: OnShift) -> None:
    """The review of a check in which a girl is named whom nobody has recorded."""
    STATES[At.REVIEW](model, officer)
    session = model.open_session()
    session.put("pi.child_words", ({"who": "Amy", "said": "I went with Jade."},))
    session.put("pi.carer_view", "She was with Jade again.")
    session.put("pi.why_left", "She wanted to see Jade.")


def test_a_name_that_nobody_recorded_is_asked_about_at_one_answer(officer: OnShift) -> None:
    """Once in the review, where it was said first; once on the pages, and never under exact words."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=a_name_in_several_boxes) as (app, model):
            [row] = [one for one in app.identifiers() if one.startswith("problem.Q-10")]
            assert row.startswith("problem.Q-10:pi.child_words.")
            await app.tap(row)
            lines = [one for one in app.identifiers() if ".line.Q-10" in one]
            assert lines == ["pi.why_left.line.Q-10:pi.why_left"]
            model.put("pi.why_left", "She was bored.")
            model.look_again()
            model.redraw()
            await app.settle()
            lines = [one for one in app.identifiers() if ".line.Q-10" in one]
            assert lines == ["pi.carer_view.line.Q-10:pi.carer_view"]

    journey(walk)


def test_a_row_of_the_review_leads_to_the_question_itself_and_not_to_the_top_of_its_page(
    officer: OnShift,
) -> None:
    """On the page, and with somebody who was mentioned: it is scrolled to, wherever it stands."""

    async def walk() -> None:
        state = mentioning("ret.items", description="Black phone")
        async with standing_at(At.REVIEW, officer, state=state) as (app, model):
            asked = [one for one in app.identifiers() if one.startswith("problem.needed:")]
            on_a_page = [one for one in asked if one.split(".")[-3] in {"pi", "ret"}][-1]
            await app.tap(on_a_page)
            question = ".".join(on_a_page.split(".")[-3:-1])
            assert (model.at, model.returning.jump[0]) == (At.PAGE, f"asked.{question}")
            model.review()
            await app.settle()
            await app.tap(row(app, newest(model), "object.object_type"))
            assert (model.at, model.returning.jump[0]) == (At.ENTITY, "asked.object.object_type")

    journey(walk)


def other_children(model: Model, officer: OnShift) -> None:
    """The review of a check that names two more children, and has decided on neither."""
    STATES[At.REVIEW](model, officer)
    session = model.open_session()
    session.put("pi.other_children", "yes")
    for name in ("Mia", "Ollie"):
        session.put("person.known_as", name, session.mention("pi.other_children_who"))


def test_what_is_asked_about_several_children_says_about_whom(officer: OnShift) -> None:
    """Whoever decides on a PPN has to know for which of them, in the review and under the question."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=other_children) as (app, model):
            assert app.says("Mia: PPN for this child too?")
            assert app.says("Ollie: PPN for this child too?")
            model.open_field("pi.other_children_who")
            await app.settle()
            assert app.says("Mia: PPN for this child too?")
            model.open_entity("pi.other_children_who", str(newest(model)))
            await app.settle()
            assert app.says("Ethnicity: Ollie's own answer")
            assert not app.says("Ollie: PPN for this child too?"), "here it is plain who is meant"

    journey(walk)
