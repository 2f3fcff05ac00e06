"""Handing a draft over and taking one, on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from booklets.answers import instant
from booklets.drafts import encounter_to_json
from booklets.handing_on import taken_over
from booklets.records import Author
from field_app.handset.ports import IncomingPort
from field_app.sync.rounds import Arrival, Place
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import GUIDE, OnShift, an_offline_shift, found_child
from tests.support.screens import journey
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal."""
    with an_offline_shift(tmp_path) as found:
        yield found


def as_it_is(model: Model, officer: OnShift) -> None:
    """The worklist as the vault has it."""
    model.home = officer.shift.home()


def test_a_draft_is_handed_over_from_its_pages_and_taken_back(officer: OnShift) -> None:
    """While it waits it is read, and not written."""

    async def walk() -> None:
        async with standing_at(At.PAGES, officer) as (app, model):
            draft = str(model.open_session().encounter.id)
            model.home = officer.shift.home()
            await app.tap("hand_on")
            await app.tap("whom.one")
            await app.tap("give")
            assert app.says("Type your colleague’s shoulder number")
            await app.type("whom.number", "2044")
            await app.tap("give")
            assert model.at is At.HOME
            assert app.says("to 2044")
            assert app.says("Waits for signal: your colleague has not got it yet")
            assert not app.has(f"draft.{draft}")
            await app.tap(f"read.{draft}")
            assert app.says("Read only")
            assert app.says("Amy")
            assert not app.has("review")
            await app.tap("back")
            await app.tap(f"take_back.{draft}")
            assert app.has(f"draft.{draft}")

    journey(walk)


def test_what_a_colleague_hands_over_stands_on_the_worklist_and_is_asked_for(officer: OnShift) -> None:
    """It becomes a draft once the force has said so; until then nobody writes in it twice."""
    session = officer.shift.start(GUIDE)
    found_child(session)
    offered(officer, encounter_to_json(session.encounter))
    officer.shift.put_down()
    officer.on_keeper(officer.forget_drafts)

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=as_it_is) as (app, model):
            assert app.says("Handed over to you")
            assert app.says("From PC Amin Sample 1001")
            await app.tap(f"take.{session.encounter.id}")
            assert app.says("It opens here as soon as the force has said so")
            assert not model.home.drafts

            [wish] = officer.shift.passing.waiting()
            officer.shift.passing.answered(wish.id, "")
            await model.read_home(by_itself=True)
            model.redraw()
            await app.settle()
            assert app.has(f"draft.{session.encounter.id}")
            assert not app.says("It opens here as soon as the force has said so")

    journey(walk)


def test_who_wrote_an_answer_stands_under_it(officer: OnShift) -> None:
    """Until the new officer changes it."""
    session = officer.shift.start(GUIDE)
    found_child(session, {"pi.face_to_face": "yes", "pi.engaged": "yes", "pi.why_left": "A row at home."})
    me, now = session.encounter.officer, session._now()
    theirs = Author("o-9", "Amin Sample", "PC", "1001", "Scarborough")
    begun = replace(session.encounter, officer=theirs)
    session.encounter = taken_over(begun, by=me, at=now)

    def in_hand(model: Model, _: OnShift) -> None:
        model.session = session
        model.page = [one.id for one in session.guide.pages].index("talk")

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=in_hand) as (app, model):
            line = "pi.why_left.line.hands"
            assert app.has(line)
            assert app.says("Written by PC Amin Sample 1001 before this was handed over")
            await app.type("pi.why_left", "A row at home about school.")
            model.look_and_draw()
            await app.settle()
            assert not app.has(line)

    journey(walk)


def offered(officer: OnShift, draft: dict[str, object]) -> None:
    """The force tells of a draft that a colleague hands over."""
    now = instant(officer.handset.clock.now())
    content = {
        "kind": "given",
        "added_at": now,
        "state": "offered",
        "given": "g-1",
        "encounter": draft["id"],
        "giver": "o-9",
        "by_name": "PC Amin Sample 1001",
        "given_at": now,
        "content": draft,
    }
    arrival = Arrival("unit", 1, "given", str(draft["id"]), 0, content)
    IncomingPort(officer.shift._keeper, officer.shift._vault.db).keep([arrival], Place())
