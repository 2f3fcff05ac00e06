"""What comes while a list is looked at: nothing moves under the thumb, and danger is named at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from booklets.records import Record
from field_app.sync.news import StatusChanged
from field_app.ui import duty_words as words
from field_app.ui import returning
from field_app.ui import theme as t
from field_app.ui.arriving import held_back
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.builders import a_return, an_id
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.queues import Tablet, an_outcome, another_check, decided_by_a_sergeant
from tests.support.screens import Screens, journey
from tests.support.sent_back import Force, an_honest_check, newest_records
from tests.support.standing import standing_at
from tests.support.tabletop import TABLET, in_order

LOOKED_AT = ("duty.", "case.", "sent.", "draft.", "returned.")
"""What a thumb can be on its way to, by the beginning of its name."""
WIDE: dict[str, Any] = TABLET


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def as_it_stands(model: Model, officer: OnShift) -> None:
    """Whatever lies in the store."""
    model.home = officer.shift.home()


def under_the_thumb(app: Screens) -> list[str]:
    """Everything on the list that can be touched, in its order."""
    return [one for one in app.identifiers() if one.startswith(LOOKED_AT)]


async def hears(app: Screens, model: Model) -> None:
    """The courier says that something has come, and the list has been read anew."""
    before = model.home
    model._heard(StatusChanged("task", "", 1, ""))
    while model.home is before:
        await app.settle()
    await app.settle()


def a_sent_check(officer: OnShift) -> Record:
    """Stands on the worklist as sent, below whatever is to do."""
    return newest_records(officer, an_honest_check(officer).encounter.id)[0]


def test_a_task_that_arrives_moves_nothing_under_the_thumb(officer: OnShift) -> None:
    """It waits behind a line below the list, which a screen reader hears, and is there at one touch."""
    record = a_sent_check(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            stood = under_the_thumb(app)
            Force(officer).asks_for(record)
            await hears(app, model)

            assert under_the_thumb(app) == stood
            line = app.at("show_new")
            assert (line.label, line.live_region) == ("1 new thing to do. Show", True)
            assert app.identifiers().index("show_new") > app.identifiers().index(stood[-1])
            await app.tap("show_new")
            assert under_the_thumb(app) == ["duty.1", *stood]
            assert not app.has("show_new")

    journey(walk)


def test_what_was_sent_back_waits_as_well_and_both_are_counted(officer: OnShift) -> None:
    """And turning to the worklist again is as good as touching the line."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            stood, force = under_the_thumb(app), Force(officer)
            force.asks_for(records[0])
            force.sends_back(records)
            await hears(app, model)
            assert under_the_thumb(app) == stood
            assert app.says(words.new(2))
            await app.tap("menu")
            await app.tap("back")
            while model.at is not At.HOME:
                await app.settle()
            await app.settle()
            assert in_order(app, f"returned.{records[0].header.encounter}", "duty.1", stood[0])
            assert not app.has("show_new")

    journey(walk)


def test_what_displaces_nothing_is_shown_at_once(officer: OnShift) -> None:
    """An empty worklist, and a list that only grows at its end."""
    record = a_sent_check(officer)

    def nothing_there(model: Model, officer: OnShift) -> None:
        model.home = replace(officer.shift.home(), parcels=())

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=nothing_there) as (app, model):
            Force(officer).asks_for(record, minutes=30)
            await hears(app, model)
            assert app.has("duty.1")
            assert not app.has("show_new")

    journey(walk)


@pytest.mark.parametrize("kind", ["immediate_danger", "child_has_died", "crime_in_action"])
def test_danger_is_named_at_once_and_in_red(officer: OnShift, kind: str) -> None:
    """Nobody has to touch a line to know that a child is in danger."""
    record, force = a_sent_check(officer), Force(officer)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            force.asks_for(record, "identify_child", task=1)
            force.asks_for(record, kind, task=2)
            await hears(app, model)
            [said] = [one for one in app.all(ft.Text) if str(one.value).startswith("New: ")]
            assert said.color == t.LATE
            assert said.value == f"New: {words.DANGERS[kind]} · Amy Brook and 1 more"

    journey(walk)


def test_a_task_that_is_over_keeps_its_place_and_says_so(officer: OnShift) -> None:
    """What stands below it does not come up under the thumb."""
    record, force = a_sent_check(officer), Force(officer)
    force.asks_for(record)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            stood = under_the_thumb(app)
            force.asks_for(record, status="done")
            await hears(app, model)
            assert under_the_thumb(app) == stood
            assert app.says(words.OVER)
            assert not app.has("show_new"), "nothing is new"
            await app.tap("duty.1")
            assert app.says(words.WHY_VOID["already_closed"])

    journey(walk)


def test_what_came_back_and_is_over_is_not_begun(officer: OnShift) -> None:
    """A colleague has answered it: the list says so instead of opening what is no longer asked."""
    records = newest_records(officer, an_honest_check(officer).encounter.id)
    Force(officer).sends_back(records)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_stands) as (app, model):
            card = f"returned.{records[0].header.encounter}"
            shown = model.home
            model.home = replace(shown, returned=())
            model.held = held_back(shown, model.home, desk=False)
            assert app.has(card)
            assert app.says("Answer by")
            model.redraw()
            await app.settle()
            assert app.says(words.OVER)
            assert not app.has(card), "there is nothing left to answer"
            assert not app.says("Answer by"), "nor a time that presses"
            await returning.answer(model, shown.returned[0])  # a touch that was on its way
            await app.settle()
            assert model.at is At.HOME
            assert app.says(words.OVER)

    journey(walk)


@pytest.mark.parametrize("page", [WIDE, {"width": 390, "height": 844}], ids=["tablet", "phone"])
def test_a_supervisors_queue_stands_still_for_tasks_and_cases(officer: OnShift, page: Any) -> None:
    """The tablet's "To do" stands above the queue, and pushes nothing down."""
    record, tablet = a_sent_check(officer), Tablet(officer)
    tablet.waits(*another_check(), risk=4)

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands, **page) as (app, model):
            stood = under_the_thumb(app)
            Force(officer).asks_for(record, owner="supervisor")
            tablet.waits(a_return(record=an_id("grave"), encounter=an_id("gravest")), risk=1)
            await hears(app, model)
            assert under_the_thumb(app) == stood
            assert str(app.at("show_new").label).startswith("New: Danger · Kit Marlowe-Test and 1 more")
            assert in_order(app, stood[-1], "show_new", "own_records")
            await app.tap("show_new")
            assert under_the_thumb(app) == [f"case.{an_id('gravest')}", "duty.1", *stood]

    journey(walk)


@pytest.mark.parametrize(
    ("graver", "said"),
    [
        (1, "More urgent now: Danger · Kit Marlowe-Test. Show"),
        (3, "1 record is more urgent now. Show"),
        (4, "The order has changed. Show"),
    ],
)
def test_a_case_that_is_graver_with_its_second_record_keeps_its_place_and_is_told_of(
    officer: OnShift, graver: int, said: str
) -> None:
    """One encounter sends two records, and the second to come may be the one that tells of harm."""
    tablet = Tablet(officer)
    found, talk = another_check()
    tablet.waits(*another_check(), risk=4, due_in=120)
    tablet.waits(found, risk=4, due_in=180)

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands, **WIDE) as (app, model):
            stood = under_the_thumb(app)
            tablet.waits(talk, risk=graver, due_in=60)
            await hears(app, model)
            assert under_the_thumb(app) == stood
            assert app.at("show_new").label == said
            await app.tap("show_new")
            assert under_the_thumb(app) == stood[::-1]
            assert not app.has("show_new")

    journey(walk)


def test_a_case_that_waits_for_nobody_any_more_keeps_its_place(officer: OnShift) -> None:
    """A colleague decided on the first: the second does not come up under the thumb."""
    tablet = Tablet(officer)
    first, second = another_check(), another_check()
    tablet.waits(*first, risk=1)
    tablet.waits(*second, risk=4)

    async def walk() -> None:
        async with standing_at(At.QUEUE, officer, state=as_it_stands, **WIDE) as (app, model):
            stood = under_the_thumb(app)
            tablet.hears(*decided(first, tablet))
            await hears(app, model)
            assert under_the_thumb(app) == stood
            assert app.says("Approved")

    journey(walk)


def decided(records: Sequence[Record], tablet: Tablet) -> list[dict[str, Any]]:
    """The news that a colleague has approved these."""
    decision = decided_by_a_sergeant(records)
    return [an_outcome(one, decision, at=tablet.now) for one in records]
