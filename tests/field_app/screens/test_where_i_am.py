"""Where an officer stands, at one tap: with how exact it is, taken away again, and why there is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from booklets.answers import Gap, Moment, Why, rows_of
from booklets.positions import OF_A_PLACE
from field_app.handset.whereabouts import (
    Fix,
    NoPosition,
    NotAllowed,
    NotFound,
    SwitchedOff,
    TooRough,
    Unsure,
)
from field_app.ui import position_words, words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.asking import asks
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import State, standing_at

FOUND = "ret.found_place"
HARBOUR = Fix(54.28139, -0.40127, 11.2)


@dataclass
class Told:
    """A receiver that says what a test wants, once it may."""

    says: list[Fix | NoPosition]
    may: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def ask(self) -> Fix:
        """The next."""
        self.asked += 1
        await self.may.wait()
        said = self.says.pop(0)
        if isinstance(said, NoPosition):
            raise said
        return said


def where_the_child_was_found(receiver: Told, *, at_once: bool = True) -> State:
    """The page of a return check that asks for it."""
    if at_once:
        receiver.may.set()

    def state(model: Model, officer: OnShift) -> None:
        model.whereabouts = receiver
        asks(model, "return_check", FOUND)

    return state


@asynccontextmanager
async def at_the_question(
    officer: OnShift, receiver: Told, *, at_once: bool = True
) -> AsyncIterator[tuple[Screens, Model]]:
    """That page, with this receiver on the device."""
    state = where_the_child_was_found(receiver, at_once=at_once)
    async with standing_at(At.PAGE, officer, state=state) as (app, model):
        yield app, model


def test_one_tap_answers_where_the_child_was_found(officer: OnShift) -> None:
    """The device is asked once; the place says how exact it is, can be opened, and its position removed."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver) as (app, model):
            session = model.open_session()
            assert receiver.asked == 0
            assert app.at(f"{FOUND}.here").label == position_words.USE
            await app.tap(f"{FOUND}.here")
            await app.until(lambda: session.value(FOUND) is not None)
            place = session.encounter.entities[UUID(str(session.value(FOUND)))]
            [row] = rows_of(place.facts[OF_A_PLACE])
            assert row.items() >= {"lat": "54.28139", "lon": "-0.40127", "accuracy_m": "12"}.items()
            assert isinstance(row["at"], Moment)
            assert any("within about 12 m" in one for one in app.texts())
            assert any(one.startswith("Where you stood, ") for one in app.texts())
            assert not app.has(f"{FOUND}.here")
            assert receiver.asked == 1

            await app.tap(f"{FOUND}.{place.id}.open")
            assert "Within about 12 m" in app.texts()
            await app.tap(f"{OF_A_PLACE}.remove")
            assert OF_A_PLACE not in session.encounter.entities[place.id].facts
            await app.tap(f"{OF_A_PLACE}.undo")
            assert session.encounter.entities[place.id].facts[OF_A_PLACE] == (row,)

    journey(walk)


@pytest.mark.parametrize("refused", [NotAllowed, SwitchedOff, NotFound, TooRough, Unsure, NoPosition])
def test_where_there_is_none_the_officer_is_told_why_and_types_it(
    officer: OnShift, refused: type[NoPosition]
) -> None:
    """Nothing is kept of it, and the same button asks again."""
    off = {TooRough: 1500.0, Unsure: 0.0}
    said: Fix | NoPosition = Fix(54.28, -0.40, off[refused]) if refused in off else refused()
    receiver = Told([said, HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver) as (app, model):
            await app.tap(f"{FOUND}.here")
            await app.until(lambda: refused.says in app.texts())
            assert "Type the place instead" in refused.says
            assert model.open_session().value(FOUND) is None
            await app.tap(f"{FOUND}.here")
            await app.until(lambda: model.open_session().value(FOUND) is not None)
            assert refused.says not in app.texts()

    journey(walk)


def test_a_place_that_is_given_while_the_device_still_looks_stays(officer: OnShift) -> None:
    """Whoever would not wait has said it better."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver, at_once=False) as (app, model):
            session = model.open_session()
            tap = await looks(app, FOUND)
            typed = session.know_place({"place.street": "Foreshore Road"})
            session.mention(FOUND, typed)
            model.look_and_draw()
            receiver.may.set()
            await tap
            await app.until(lambda: position_words.ANSWERED_MEANWHILE in app.texts())
            assert session.value(FOUND) == str(typed)
            assert not any(OF_A_PLACE in one.facts for one in session.encounter.entities.values())

    journey(walk)


def test_a_place_with_an_address_is_said_to_be_where_one_stands(officer: OnShift) -> None:
    """Among the few questions at the door, with what must not be marked above it."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver) as (app, model):
            await app.tap(f"{FOUND}.new")
            await app.type("place.street", "The refuge, Foreshore Road")
            await app.tap(f"{OF_A_PLACE}.here")
            place = model.mentions[-1].entity
            session = model.open_session()
            await app.until(lambda: OF_A_PLACE in session.encounter.entities[place].facts)
            assert app.at(f"{OF_A_PLACE}.care").label
            asked = [one for one in session.problems() if one.code == "B-09"]
            assert [one.fields for one in asked] == [(OF_A_PLACE,)]
            assert app.has(f"{OF_A_PLACE}.remove")
            assert words.REMOVE in app.texts()

    journey(walk)


def test_whoever_goes_back_while_the_device_still_looks_finds_the_place_answered(officer: OnShift) -> None:
    """A newly opened place of which nothing is known yet is taken out of the answer; then it is found."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver, at_once=False) as (app, model):
            session = model.open_session()
            place, tap = await looks_from_a_new_place(app, model)
            await app.tap("done")
            assert session.value(FOUND) is None
            receiver.may.set()
            await tap
            await app.until(lambda: session.value(FOUND) == str(place))
            assert OF_A_PLACE in session.encounter.entities[place].facts
            assert app.has(f"{FOUND}.{place}.open")

    journey(walk)


@pytest.mark.parametrize("says", [HARBOUR, SwitchedOff()], ids=["found", "switched off"])
def test_what_was_answered_instead_meanwhile_stays_and_it_is_said_where_the_officer_is(
    officer: OnShift, says: Fix | NoPosition
) -> None:
    """Nobody goes on believing that the device has found them."""
    receiver = Told([says])

    async def walk() -> None:
        async with at_the_question(officer, receiver, at_once=False) as (app, model):
            session = model.open_session()
            _, tap = await looks_from_a_new_place(app, model)
            await app.tap("done")
            await app.type(f"{FOUND}.place.street", "Foreshore Road")
            typed = session.value(FOUND)
            receiver.may.set()
            await tap
            said = SwitchedOff.says if isinstance(says, NoPosition) else position_words.ANSWERED_MEANWHILE
            await app.until(lambda: app.says(said))
            assert session.value(FOUND) == typed
            assert not any(OF_A_PLACE in one.facts for one in session.encounter.entities.values())

    journey(walk)


def test_a_reason_that_is_given_while_the_device_still_looks_stays(officer: OnShift) -> None:
    """Whoever has said that it is not known has said so."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver, at_once=False) as (app, model):
            session = model.open_session()
            place, tap = await looks_from_a_new_place(app, model)
            model.put(OF_A_PLACE, Gap(Why.NOT_KNOWN), place)
            receiver.may.set()
            await tap
            await app.until(lambda: app.has("notice"))
            assert app.says(position_words.ANSWERED_MEANWHILE)
            assert session.value(OF_A_PLACE, place) == Gap(Why.NOT_KNOWN)

    journey(walk)


def test_whoever_turns_the_page_and_comes_back_finds_the_device_still_looking(officer: OnShift) -> None:
    """It is asked once; what comes of it is said where the officer is by then."""
    receiver = Told([SwitchedOff(), SwitchedOff()])

    async def walk() -> None:
        async with at_the_question(officer, receiver, at_once=False) as (app, model):
            tap = await looks(app, FOUND)
            for _ in range(2):  # the second time nobody waits there any more but who came back
                await app.tap("pages")
                assert position_words.LOOKING not in app.texts()
                await app.tap(f"open.{model.open_session().guide.pages[model.page].id}")
                await app.until(lambda: position_words.LOOKING in app.texts())
            receiver.may.set()
            await tap
            await app.until(lambda: SwitchedOff.says in app.texts())
            assert (receiver.asked, model.notice) == (1, "")

            receiver.may.clear()
            tap = await looks(app, FOUND)
            await app.tap("next")
            receiver.may.set()
            await tap
            await app.until(lambda: model.notice == SwitchedOff.says)

    journey(walk)


def test_whoever_leaves_the_record_while_the_device_looks_is_told_that_nothing_was_kept(
    officer: OnShift,
) -> None:
    """Nobody goes on believing that the record knows where they stood."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver, at_once=False) as (app, model):
            tap = await looks(app, FOUND)
            await model.go_home()
            receiver.may.set()
            await tap
            await app.until(lambda: app.says(position_words.LEFT_MEANWHILE))

    journey(walk)


async def looks_from_a_new_place(app: Screens, model: Model) -> tuple[UUID, asyncio.Task[None]]:
    """A place is newly opened, and the device looks where it is; which place, and the touch under way."""
    await app.tap(f"{FOUND}.new")
    tap = await looks(app, OF_A_PLACE)
    return model.mentions[-1].entity, tap


async def looks(app: Screens, question: str) -> asyncio.Task[None]:
    """The device is asked where it is, and looks; the touch that is under way."""
    tap = asyncio.create_task(app.tap(f"{question}.here"))
    await app.until(lambda: position_words.LOOKING in app.texts())
    return tap


def test_nothing_asks_where_the_device_is_but_a_tap(officer: OnShift) -> None:
    """Drawing the page, opening a place and leaving it asks for nothing; other places have no such way."""
    receiver = Told([HARBOUR])

    async def walk() -> None:
        async with at_the_question(officer, receiver) as (app, model):
            await app.tap(f"{FOUND}.new")
            await app.tap("done")
            model.redraw()
            await app.settle()
            assert receiver.asked == 0
            here = [one for one in app.identifiers() if one.endswith(".here")]
            assert here == [f"{FOUND}.here"]

    journey(walk)
