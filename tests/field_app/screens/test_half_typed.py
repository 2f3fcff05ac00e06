"""What was typed is never lost: a time is recorded as it is typed, and half a one stays in its box."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from booklets.answers import Moment, Precision
from field_app.ui import words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.field_app.screens.test_left_off import by_a_lock, by_the_list, on_page
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import standing_at

FOUND = "ret.found_at"
BOX = f"{FOUND}.other.first"


async def another_time(app: Screens, model: Model) -> None:
    """On the page about coming back, nothing said yet of when: another time than now."""
    on_page(model, "back")
    model.put(FOUND, None)
    await app.settle()
    await app.tap(f"{FOUND}.other")


def typed_time(model: Model) -> str:
    """The time on the clock that the draft holds, as far as it holds one."""
    answer = model.open_session().value(FOUND)
    assert answer is None or (isinstance(answer, Moment) and answer.precision is Precision.ABOUT)
    return words.clock(answer.at) if isinstance(answer, Moment) else ""


async def by_the_next_page(app: Screens, model: Model) -> None:
    """On to the next page, and back."""
    await app.tap("next")
    on_page(model, "back")
    await app.settle()


def test_a_typed_time_is_recorded_without_a_button(officer: OnShift) -> None:
    """0305, and straight on to the next page: the answer is there, and was said to be."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await another_time(app, model)
            await app.keys(BOX, "0305")
            assert app.says("Recorded: About 03:05"), app.texts()
            await by_the_next_page(app, model)

            assert typed_time(model) == "03:05"
            assert app.says("Recorded: About 03:05")
            assert not app.has(BOX), "an answer that is whole needs no open box"

    journey(walk)


def test_enter_records_and_closes(officer: OnShift) -> None:
    """Enter on half a time closes nothing and takes nothing away."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await another_time(app, model)
            await app.keys(BOX, "03")
            await app.event(app.box(BOX), "submit", "03")
            assert app.box(BOX).value == "03"
            assert typed_time(model) == ""
            await app.keys(BOX, "05")
            await app.event(app.box(BOX), "submit", "0305")
            assert not app.has(BOX)
            assert typed_time(model) == "03:05"

    journey(walk)


@pytest.mark.parametrize("again", [by_the_next_page, by_the_list, by_a_lock])
def test_half_a_time_is_there_when_one_comes_back(
    officer: OnShift, again: Callable[[Screens, Model], Awaitable[None]]
) -> None:
    """The radio called after two figures: they stand in the box, and it says that they are no time yet."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await another_time(app, model)
            await app.tap(f"{FOUND}.other.sure.exact")
            await app.tap(f"{FOUND}.other.day.yesterday")
            await app.type(BOX, "half 3")
            assert app.says(words.NOT_YET_A_TIME)
            await again(app, model)

            assert app.box(BOX).value == "half 3"
            assert app.at(f"{FOUND}.other.sure.exact").selected
            assert app.at(f"{FOUND}.other.day.yesterday").selected
            assert app.says(words.NOT_YET_A_TIME)
            assert model.open_session().value(FOUND) is None

    journey(walk)


def test_half_a_time_is_let_go_once_there_is_a_whole_one(officer: OnShift) -> None:
    """What was kept for the box does not come back after the answer."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            await another_time(app, model)
            await app.type(BOX, "3")
            assert model.open_session().unread(FOUND) == {"first": "3", "sure": "about"}
            await app.tap(f"{FOUND}.now")
            assert not model.open_session().unread(FOUND)
            await by_the_next_page(app, model)
            assert not app.has(BOX)

    journey(walk)


def test_half_a_birthday_is_there_when_one_comes_back(officer: OnShift) -> None:
    """It is no answer, and it is not thrown away either."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            model.open_field("person.dob")
            model.put("person.dob", None)
            await app.settle()
            await app.type("person.dob", "3 marc")
            assert app.says(words.NOT_YET_A_BIRTHDAY)
            await by_a_lock(app, model)

            assert app.box("person.dob").value == "3 marc"
            await app.type("person.dob", "3 march 2011")
            kept = model.open_session()
            assert not kept.encounter.unread
            assert kept.value("person.dob") == "2011-03-03"

    journey(walk)
