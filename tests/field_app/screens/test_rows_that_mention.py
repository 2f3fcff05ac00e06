"""A row can hold a place or a person: one already typed, or a new one, and back to the same row."""

from __future__ import annotations

import pytest

from booklets.answers import Row, rows_of
from field_app.ui.mentioning import more_about
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import standing_at

pytestmark = pytest.mark.thorough

ROW = "person.addresses.0"


def rows_held(model: Model, question: str = "person.addresses") -> tuple[Row, ...]:
    """What the person who is open has under a question."""
    about = model.mentions[0].entity
    return rows_of(model.open_session().value(question, about))


async def opens_everything(app: Screens, model: Model) -> None:
    """Every question about the person who is open."""
    more_about(model)
    await app.settle()


def test_a_place_already_typed_is_picked_in_a_row(officer: OnShift) -> None:
    """Where the child was found is where the mother lives: nobody types it twice."""

    async def walk() -> None:
        async with standing_at(At.ENTITY, officer) as (app, model):
            await opens_everything(app, model)
            (place,) = [
                str(one.id)
                for one in model.open_session().encounter.entities.values()
                if "place.street" in one.facts
            ]
            await app.tap("person.addresses.add")
            await app.tap(f"{ROW}.place.{place}")

            assert rows_held(model) == ({"place": place},)
            await app.tap(f"{ROW}.done")
            assert (app.at(ROW).label or "").startswith("14 Saltern Row")

    journey(walk)


def test_a_new_place_is_typed_and_its_row_is_open_again(officer: OnShift) -> None:
    """What it is to them is still to be said, in the row that was left."""

    async def walk() -> None:
        async with standing_at(At.ENTITY, officer) as (app, model):
            await opens_everything(app, model)
            person = model.mentions[0].entity
            await app.tap("person.addresses.add")
            await app.tap(f"{ROW}.place.new")
            await app.keys("place.street", "3 Mill Lane")
            await app.tap("done")

            assert [one.entity for one in model.mentions] == [person]
            assert app.says("3 Mill Lane")
            await app.type(f"{ROW}.since", "2024")
            (row,) = rows_held(model)
            place = model.open_session().encounter.entities
            assert [one.word("street") for one in place.values() if str(one.id) == row["place"]] == [
                "3 Mill Lane"
            ]
            assert row["since"] == "2024"
            assert "place.street" not in model.open_session().encounter.entities[person].facts

    journey(walk)


def test_a_place_that_nothing_was_said_about_leaves_no_row_behind(officer: OnShift) -> None:
    """Touched and thought better of."""

    async def walk() -> None:
        async with standing_at(At.ENTITY, officer) as (app, model):
            await opens_everything(app, model)
            await app.tap("person.addresses.add")
            await app.tap(f"{ROW}.place.new")
            await app.tap("done")

            assert rows_held(model) == ()
            assert app.has(f"{ROW}.done"), "the row that was begun is open still"

    journey(walk)


def test_the_second_row_is_the_one_that_is_gone_on_with(officer: OnShift) -> None:
    """The first address stays as it was."""

    async def walk() -> None:
        async with standing_at(At.ENTITY, officer) as (app, model):
            await opens_everything(app, model)
            for number, street in enumerate(("3 Mill Lane", "9 Quay Street")):
                await app.tap("person.addresses.add")
                await app.tap(f"person.addresses.{number}.place.new")
                await app.type("place.street", street)
                await app.tap("done")
                assert app.has(f"person.addresses.{number}.done")
                await app.tap(f"person.addresses.{number}.done")

            assert len({row["place"] for row in rows_held(model)}) == 2
            assert (app.at("person.addresses.0").label or "").startswith("3 Mill Lane")
            assert (app.at("person.addresses.1").label or "").startswith("9 Quay Street")

    journey(walk)


def test_who_has_parental_responsibility_is_picked_and_nobody_answers_for_themselves(
    officer: OnShift,
) -> None:
    """The aunt who is open is not offered as her own parent."""

    async def walk() -> None:
        async with standing_at(At.ENTITY, officer) as (app, model):
            session, aunt = model.open_session(), model.mentions[0].entity
            session.put("person.known_as", "Jo", aunt)
            (karen,) = [
                one.id for one in session.encounter.entities.values() if one.word("known_as") == "Karen"
            ]
            await opens_everything(app, model)
            await app.tap("person.parental_responsibility.add")
            row = "person.parental_responsibility.0"
            assert not app.has(f"{row}.person.{aunt}")
            await app.tap(f"{row}.person.{karen}")
            await app.tap(f"{row}.person.{karen}.open")
            assert model.mentions[-1].entity == karen
            await app.tap("done")

            assert rows_held(model, "person.parental_responsibility") == ({"person": str(karen)},)
            assert app.has(f"{row}.how_known")

    journey(walk)


def test_what_a_row_mentions_goes_with_the_record(officer: OnShift) -> None:
    """An address that stays on the phone finds no child."""

    async def walk() -> None:
        async with standing_at(At.ENTITY, officer) as (app, model):
            await opens_everything(app, model)
            await app.tap("person.addresses.add")
            await app.tap(f"{ROW}.place.new")
            await app.type("place.street", "3 Mill Lane")
            await app.tap("done")
            kept = model.open_session().encounter
            (row,) = rows_held(model)
            assert str(row["place"]) in {str(one) for one in kept.entities}
            officer.shift.put_down()
            again = officer.draft(model.open_session())
            assert again is not None
            assert rows_of(again.entities[model.mentions[0].entity].facts["person.addresses"]) == (row,)

    journey(walk)
