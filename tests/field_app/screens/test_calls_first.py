"""A call that is due stands before everything else at every size, with its number, until it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import flet as ft
import pytest

from booklets.clocks import RETURN_CLOCK
from field_app.ui import arriving, ringing_words
from field_app.ui import duty_words as words
from field_app.ui import theme as t
from field_app.ui.duties import InHand
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import Screens, fill_of, journey
from tests.support.seldom import SELDOM, call_is_asked
from tests.support.sent_back import Force, newest_records
from tests.support.standing import State, standing_at

NUMBER = "01632 960144"
LATE_DRAFT = SELDOM["home-call-is-late"][1]


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, of whom nothing is asked yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def stands_above(app: Screens, first: str, *others: str) -> bool:
    """Whether this is met before each of the others by whoever goes through the screen from its top."""
    shown = app.identifiers()
    return all(shown.index(first) < shown.index(one) for one in others if one in shown)


def called(app: Screens, said: str) -> str:
    """The only identifier that begins so."""
    [found] = [one for one in app.identifiers() if one.startswith(said)]
    return found


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("state", [LATE_DRAFT, call_is_asked])
def test_a_late_call_stands_above_search_queue_and_children(
    officer: OnShift, state: State, *, large: bool
) -> None:
    """On a small phone it was out of sight, below three ways that can wait."""
    officer.shift.officer = replace(officer.shift.officer, roles=("officer", "supervisor"))

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=state) as (app, _):
            if large:
                await app.letters_at_200()
            ring = called(app, "ring.")
            assert {"to_search", "to_queue", "known"} <= set(app.identifiers())
            assert stands_above(app, ring, "to_search", "to_queue", "known")
            assert NUMBER in str(app.at(ring).label)
            assert fill_of(app.at(ring)) == t.ACTION
            assert app.has("start.return_check") is not large, "they left a quarter of the screen for it"
            assert app.has("start_other")
            filled = [one for one in app.touched() if fill_of(one) == t.ACTION]
            assert len(filled) == 1, "one thing is to be done now"

    journey(walk)


def test_a_call_takes_its_place_before_it_is_late_and_none_moves_by_itself(officer: OnShift) -> None:
    """Were it lateness that puts a card on top, it would go there while a thumb comes down."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=LATE_DRAFT) as (app, model):
            late = app.identifiers()
            was = model.home.drafts[0].due
            assert was is not None
            due = replace(was, due=model.now + timedelta(minutes=40))
            soon = tuple(replace(one, due=due) for one in model.home.drafts)
            model.home = replace(model.home, drafts=soon)
            model.redraw()
            await app.settle()
            assert app.identifiers() == late
            assert not app.says("Late since")

    journey(walk)


def test_a_call_that_comes_while_the_list_is_looked_at_waits_behind_its_line(
    officer: OnShift,
) -> None:
    """It would push everything down by itself."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            before = replace(model.home, drafts=(), returned=())
            call_is_asked(model, officer)
            news = replace(model.home, parcels=before.parcels)
            model.home, model.held = news, arriving.held_back(before, news, desk=False)
            model.redraw()
            await app.settle()
            assert not any(one.startswith("ring.") for one in app.identifiers())
            await app.tap("show_new")
            assert stands_above(app, called(app, "ring."), "known")

    journey(walk)


def test_on_a_small_phone_the_call_stands_above_what_is_said_of_the_task(officer: OnShift) -> None:
    """With its number below four lines of words, it lay under the start buttons."""

    async def walk() -> None:
        for width, on_top in ((320, True), (390, False)):
            async with standing_at(At.HOME, officer, state=call_is_asked, width=width) as (app, _):
                assert stands_above(app, called(app, "ring."), called(app, "duty.")) is on_top

    journey(walk)


def test_of_a_call_one_says_who_answered_where_it_is_asked_for(officer: OnShift) -> None:
    """Its card had no number and no way there, and its page was led by "Close this" before anybody rang."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=call_is_asked) as (app, model):
            task = called(app, "duty.")
            await app.tap(task)
            assert fill_of(app.at("duty.ring")) == t.ACTION
            assert NUMBER in str(app.at("duty.ring").label)
            assert not app.has("duty.close"), "ringing comes first"
            await app.tap("duty.rang")
            assert app.at("duty.outcome.done").selected
            assert app.says(ringing_words.WHO_ANSWERED)
            assert fill_of(app.at("duty.close")) == t.ACTION
            assert NUMBER in str(app.at("duty.ring").label), "to be rung once more"

            model.duty, model.duties_begun = InHand(), {}
            model.go(At.HOME)
            await app.settle()
            await app.tap(called(app, "rang."))
            assert model.at is At.DUTY
            assert app.at("duty.outcome.done").selected
            await app.type("duty.words", "Lena Osei, duty worker: they come at eight.")
            await app.tap("duty.delay.demand")
            await app.tap("duty.close")
            await app.settle()
            assert app.says(words.CLOSED)
            assert not any(one.startswith("ring.") for one in app.identifiers())

    journey(walk)


def test_from_the_task_and_from_the_card_one_comes_to_the_question_in_the_record(officer: OnShift) -> None:
    """Who answered could be said on the page of the return only, and nothing led there."""

    async def walk() -> None:
        for state, by in ((LATE_DRAFT, ("rang.",)), (call_is_asked, ("duty.", "duty.record"))):
            async with standing_at(At.HOME, officer, state=state) as (app, model):
                for step in by:
                    await app.tap(called(app, step))
                await app.settle()
                assert model.at is At.PAGE
                assert model.returning.jump[0] == "asked.ret.la_informed"
                assert app.says("Has the council's duty team been told?")

    journey(walk)


def test_a_call_that_is_late_after_sending_leads_its_page_and_nothing_looks_done(officer: OnShift) -> None:
    """That it was received stood there large and green, with ticks below, and the call was a plain row."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=call_is_asked) as (app, model):
            assert stands_above(app, "call_waits", "sent.state", "step.signed")
            assert app.says("Late since ")
            assert any("Late since" in str(one.value) for one in late_words(app))
            assert t.RECEIVED not in {one.color for one in texts(app)}
            assert t.DISPLAY not in [one.style for one in texts(app)]
            assert NUMBER in str(app.at("ring").label)
            assert fill_of(app.at("ring")) == t.ACTION
            assert app.has("home")
            await app.tap("rang")
            assert model.at is At.DUTY
            assert app.at("duty.outcome.done").selected

            model.home = replace(model.home, duties=())
            model.go(At.SENT)
            await app.settle()
            assert not app.has("ring"), "somebody has answered"
            assert t.DISPLAY in [one.style for one in texts(app)]

    journey(walk)


def test_while_there_is_time_a_ppn_is_written_beside_the_call_and_late_the_call_comes_first(
    officer: OnShift,
) -> None:
    """Both have to be done tonight; what is late is done first, and the number is there either way."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=SELDOM["sent-ppn-is-next"][1]) as (app, model):
            [parcel] = model.home.parcels
            record = newest_records(officer, UUID(parcel.encounter))[0]
            for minutes, main in ((30, "ppn.next"), (-5, "ring")):
                Force(officer).asks_for(record, RETURN_CLOCK, minutes=minutes)
                model.home = replace(model.home, duties=officer.shift.home().duties)
                model.go(At.HOME)
                await app.settle()
                model.go(At.SENT)
                await app.settle()
                assert [one.identifier for one in app.touched() if fill_of(one) == t.ACTION] == [main]
                assert NUMBER in str(app.at("ring").label)
                assert app.has("call_waits")

    journey(walk)


def test_a_call_that_is_asked_for_while_its_page_is_open_waits_behind_a_line(officer: OnShift) -> None:
    """It would take the place of the button under the thumb, and push down all that stands below it."""

    def nothing_asked(model: Model, officer: OnShift) -> None:
        call_is_asked(model, officer)
        model.home = replace(model.home, duties=())

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=nothing_asked) as (app, model):
            assert app.has("home")
            assert not app.has("show_new")
            model.home = replace(model.home, duties=officer.shift.home().duties)
            model.redraw()
            await app.settle()
            assert app.has("home"), "where it was"
            assert not app.has("ring")
            assert not app.has("call_waits")
            assert ringing_words.RING_FIRST in str(app.at("show_new").label)
            await app.tap("show_new")
            assert stands_above(app, "call_waits", "sent.state")
            assert fill_of(app.at("ring")) == t.ACTION
            assert not app.has("show_new")

    journey(walk)


def test_while_the_check_goes_on_the_call_stays_in_sight_also_in_large_letters(officer: OnShift) -> None:
    """The way on with the check is the main one; the call is found without scrolling."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=SELDOM["sent-still-talking"][1]) as (app, _):
            assert not app.scrolls("ring")
            await app.letters_at_200()
            assert stands_above(app, "ring", "sent.state", "nobody_told")

    journey(walk)


def texts(app: Screens) -> list[ft.Text]:
    """Everything that is written on the screen."""
    return app.all(ft.Text)


def late_words(app: Screens) -> list[ft.Text]:
    """What is written in the colour of what is late."""
    return [one for one in texts(app) if one.color == t.LATE]
