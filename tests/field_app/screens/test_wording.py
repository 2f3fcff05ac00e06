"""Wording at one tap: taken, taken back, or one's own kept. Exact words are nobody's to change."""

from __future__ import annotations

import asyncio

import pytest

from booklets.answers import rows_of
from field_app.ui import model as models
from field_app.ui import words
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.rewording import use
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import STATES, standing_at

FIELD = "pi.demeanour"
HIGH = f"{FIELD}.line.Q-01:{FIELD}"
MIDDLE = f"{FIELD}.line.Q-01a:{FIELD}"


def talking(said: str) -> object:
    """The page of the talk, with an account that has something to point out."""

    def state(model: Model, officer: OnShift) -> None:
        STATES[At.PAGE](model, officer)
        model.open_session().put(FIELD, said)
        names = [page.id for page in model.open_session().guide.pages]
        model.page = names.index("talk")
        model.problems = model.open_session().problems()

    return state


def test_one_tap_takes_the_wording_and_one_gives_it_back(officer: OnShift) -> None:
    """The rest of the account stays letter for letter."""
    mine = "Amy, a misper since nine, sat on the wall and looked at her shoes."

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=talking(mine)) as (app, model):  # type: ignore[arg-type]
            await app.tap(f"{MIDDLE}.use")
            await app.settle()
            after = mine.replace("misper", "missing child")
            assert model.open_session().value(FIELD) == after
            assert app.box(FIELD).value == after
            assert not app.has(f"{MIDDLE}.use")

            await app.tap(f"{FIELD}.reworded.undo")
            await app.settle()
            assert model.open_session().value(FIELD) == mine
            assert app.box(FIELD).value == mine
            assert not app.has(f"{FIELD}.reworded.undo")

    journey(walk)


def test_what_was_typed_since_is_not_undone(officer: OnShift) -> None:
    """The way back goes away with the next keystroke that is kept."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=talking("A misper.")) as (app, model):  # type: ignore[arg-type]
            await app.tap(f"{MIDDLE}.use")
            await app.settle()
            model.put(FIELD, "A missing child. Cold hands.")
            model.look_and_draw()
            await app.settle()
            assert not app.has(f"{FIELD}.reworded.undo")
            assert model.open_session().value(FIELD) == "A missing child. Cold hands."

    journey(walk)


def test_ones_own_is_kept_at_one_tap_with_room_to_say_more(officer: OnShift) -> None:
    """Q-01 is asked: keep, because. The reason goes with the record."""

    async def walk() -> None:
        said = "He is putting himself at risk, his aunt said, and cried."
        async with standing_at(At.PAGE, officer, state=talking(said)) as (app, model):  # type: ignore[arg-type]
            assert app.has(f"{HIGH}.use")
            await app.tap(f"{HIGH}.keep")
            await app.settle()
            reasons = model.open_session().encounter.reasons
            assert reasons[f"Q-01:{FIELD}"] == words.KEPT_AS_WRITTEN
            assert model.open_session().value(FIELD) == said
            assert app.box(f"{HIGH}.reason").value == words.KEPT_AS_WRITTEN
            assert not app.has(f"{HIGH}.keep")

    journey(walk)


def test_advice_that_fits_no_sentence_can_only_be_kept(officer: OnShift) -> None:
    """Nothing is offered that would not stand there."""

    async def walk() -> None:
        state = talking("A streetwise girl, cold hands, wet shoes.")
        async with standing_at(At.PAGE, officer, state=state) as (app, _):  # type: ignore[arg-type]
            assert app.has(f"{HIGH}.keep")
            assert not app.has(f"{HIGH}.use")

    journey(walk)


def test_nothing_changes_what_a_child_said(officer: OnShift) -> None:
    """Not even when it is asked to."""
    said = ({"who": "Amy", "said": "They call me a misper."},)

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (_, model):
            session = model.open_session()
            session.put("pi.child_words", said)
            session.put("pi.worries", "That I am a misper.")
            for field in ("pi.child_words", "pi.worries"):
                use(model, field, "missing child", None)
            assert rows_of(session.value("pi.child_words"))[0]["said"] == "They call me a misper."
            assert session.value("pi.worries") == "That I am a misper."

    journey(walk)


def test_nothing_comes_up_under_a_hand_that_goes_on_to_the_next_question(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that pushes the next question down makes of its answer one to another question."""
    monkeypatch.setattr(models, "RESTS_S", 3600.0)

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=talking("A girl.")) as (app, model):  # type: ignore[arg-type]
            await app.type(FIELD, "A misper.")
            model.listening().saved(model.now)
            await app.settle()
            assert not app.has(f"{MIDDLE}.use"), "kept, and nothing has moved"
            await app.tap("pi.bwv.yes")
            assert app.has(f"{MIDDLE}.use"), "said with the next answer at the latest"

    journey(walk)


def test_what_the_checks_see_comes_by_itself_once_the_hand_rests(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stops to think reads it, without a touch."""
    monkeypatch.setattr(models, "RESTS_S", 0.0)

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=talking("A girl.")) as (app, model):  # type: ignore[arg-type]
            await app.type(FIELD, "A misper.")
            assert not app.has(f"{MIDDLE}.use"), "not while it is being written"
            model.listening().saved(model.now)
            await app.settle()
            assert app.has(f"{MIDDLE}.use")

    journey(walk)


def test_a_hand_that_goes_on_is_waited_for(officer: OnShift, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another letter, a touch or a lock since: what was saved before it says nothing."""
    rests: list[asyncio.Future[None]] = []

    async def until_told(_seconds: float) -> None:
        rests.append(asyncio.get_running_loop().create_future())
        await rests[-1]

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=talking("A girl.")) as (app, model):  # type: ignore[arg-type]
            monkeypatch.setattr(models, "sleep", until_told)
            await app.type(FIELD, "A misper.")
            model.listening().saved(model.now)
            await app.settle()
            rests.pop().set_result(None)
            await app.settle()
            assert not app.has(f"{MIDDLE}.use"), "touched a moment ago: it waits on"
            await app.type(FIELD, "A misper. Cold hands.")
            monkeypatch.setattr(models, "RESTS_S", 0.0)
            rests.pop().set_result(None)
            await app.settle()
            assert not app.has(f"{MIDDLE}.use"), "that was of the text before"
            model.listening().saved(model.now)
            await app.settle()
            assert app.has(f"{MIDDLE}.use")

    journey(walk)


def test_a_reason_for_no_answer_is_shown_as_it_is_touched(officer: OnShift) -> None:
    """Also on a question that is typed, where letters alone draw nothing."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=talking("")) as (app, model):  # type: ignore[arg-type]
            model.put(FIELD, None)
            model.look_and_draw()
            await app.settle()
            await app.tap(f"{FIELD}.gap")
            await app.tap(f"{FIELD}.why.not_asked")
            assert app.has(f"{FIELD}.answer")
            await app.tap(f"{FIELD}.answer")
            assert not app.has(f"{FIELD}.answer")

    journey(walk)


def test_how_the_letters_stand_is_worked_out_as_they_are_shown(officer: OnShift) -> None:
    """Whoever goes on to the overview at once reads of what was written a moment ago."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (_, model):
            model.open_session().put(FIELD, "A misper.")
            assert not any(FIELD in one.fields for one in model.problems if one.code == "Q-01a")
            model.go(At.PAGES)
            assert any(FIELD in one.fields for one in model.problems if one.code == "Q-01a")

    journey(walk)


def test_who_is_told_of_danger_by_itself_is_said_where_danger_is_said(officer: OnShift) -> None:
    """R-61: and that this spares nobody the call."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            session = model.open_session()
            session.put("pi.danger_now", "yes")
            model.open_page([page.id for page in session.guide.pages].index("close"))
            await app.settle()
            assert app.says("before a sergeant reads it. Ring them now.")
            model.review()
            await app.settle()
            assert app.says("before a sergeant reads it. Ring them now.")

    journey(walk)
