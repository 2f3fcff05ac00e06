"""The five pages of AWARE: what they teach, what they never fill in, and how they honestly stand."""

from __future__ import annotations

import flet as ft
import pytest

from booklets.answers import Row
from field_app.capture.returned import called
from field_app.ui import aware_words
from field_app.ui.aware import lettered, reason_of, section_of
from field_app.ui.fields import view_of
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import WRITING_A_PPN, standing_at

PAGES = ("appearance", "words", "activity", "relationships", "environment")


def at_page(model: Model, page: str) -> None:
    """Open a page of the PPN."""
    names = [one.id for one in model.open_session().guide.pages]
    model.open_page(names.index(page))


def state_of(app: Screens, letter: str) -> str:
    """What the overview says of a letter."""
    return str(app.at(f"aware.{letter}.state").label)


@pytest.mark.parametrize("page", PAGES)
def test_a_lettered_page_shows_its_letter_one_sentence_and_reminders(officer: OnShift, page: str) -> None:
    """And the examples only to whoever asks for them."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            at_page(model, page)
            await app.settle()
            guide = model.open_session().guide
            shown = next(one for one in guide.pages if one.id == page)
            assert app.says(shown.belongs.replace("{name}", "Amy"))
            assert all(app.says(prompt) for prompt in shown.prompts)
            assert not app.says(shown.weak)
            await app.tap("aware.good")
            assert app.says(shown.weak)
            assert all(app.says(example) for example in shown.strong)
            assert app.says(aware_words.INVENTED)

    journey(walk)


def test_reminders_and_examples_put_nothing_into_the_answer(officer: OnShift) -> None:
    """An officer's words are the officer's."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            at_page(model, "relationships")
            await app.settle()
            before = dict(model.open_session().encounter.answers)
            await app.tap("aware.good")
            assert dict(model.open_session().encounter.answers) == before
            assert not [one for one in app.identifiers() if "prompt" in one]

    journey(walk)


def test_why_nothing_was_observed_is_one_touch_away_and_not_in_the_way(officer: OnShift) -> None:
    """Seven reasons under an empty box would invite one of them."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            at_page(model, "environment")
            await app.settle()
            assert not app.has("ppn.environment_not_observed.not_there")
            await app.tap("ppn.environment_not_observed.open")
            assert model.returning.jump[0] == "asked.ppn.environment_not_observed", "it is brought up"
            marks = app.all(ft.Container, lambda one: isinstance(one.key, ft.ScrollKey))
            assert [one.key for one in marks] == [ft.ScrollKey(model.returning.jump[0])]  # type: ignore[call-arg]
            await app.tap("ppn.environment_not_observed.not_there")
            assert model.open_session().value("ppn.environment_not_observed") == "not_there"
            await app.tap("aware.W")
            await app.tap("aware.E")
            assert app.says("Child not there"), "once said it stays in sight"

    journey(walk)


def test_a_new_row_of_words_begins_with_the_officer_as_others_call_them(officer: OnShift) -> None:
    """The screen says "to me"; what is kept says who that is."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (_, model):
            session = model.open_session()
            view = view_of(session.field("pi.child_words"), session, ())
            said = session.encounter.officer
            assert view.me == f"{called(said)} {said.shoulder_no}".strip()
            assert dict(view.start)["to"] == view.me

    journey(walk)


def test_the_overview_says_honestly_how_each_letter_stands(officer: OnShift) -> None:
    """Written, not observed, or nothing yet: the second A is told from the first."""

    async def walk() -> None:
        async with standing_at(At.AWARE, officer) as (app, model):
            assert "10 words" in state_of(app, "A")
            assert "Nothing written yet" in state_of(app, "W")
            assert "Not observed: child asleep" in state_of(app, "A2")
            said: Row = {"who": "Amy", "to": "me", "asked": "Tell me.", "said": "He gets loud so I go out."}
            model.put("ppn.aware_words", (said,))
            await app.settle()
            assert "Exact words, once" in state_of(app, "W")
            await app.tap("aware.R.state")
            assert model.open_session().guide.pages[model.page].id == "relationships"

    journey(walk)


def test_what_a_rule_finds_thin_is_worth_another_look_and_never_called_good(officer: OnShift) -> None:
    """The line counts; it does not praise."""

    async def walk() -> None:
        async with standing_at(At.AWARE, officer) as (app, model):
            model.put("ppn.aware_environment", "Usual state.")
            model.go(At.AWARE)
            model.problems = model.open_session().problems()
            model.redraw()
            await app.settle()
            assert "2 words" in state_of(app, "E")
            assert aware_words.ANOTHER_LOOK in state_of(app, "E")

    journey(walk)


def test_after_the_fifth_letter_comes_the_overview_and_then_the_next_page(officer: OnShift) -> None:
    """One look over all five before going on."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            at_page(model, "environment")
            await app.settle()
            await app.tap("next")
            assert model.at is At.AWARE
            await app.tap("next")
            assert model.open_session().guide.pages[model.page].id == "day"
            await app.tap("pages")
            await app.tap("open.aware")
            assert model.at is At.AWARE
            await app.tap("back")
            assert model.open_session().guide.pages[model.page].id == "environment"

    journey(walk)


def test_the_review_shows_the_five_letters(officer: OnShift) -> None:
    """Before sending, beside what is needed."""

    async def walk() -> None:
        async with standing_at(At.REVIEW, officer, state=WRITING_A_PPN) as (app, _):
            assert "Not observed: child asleep" in state_of(app, "A2")

    journey(walk)


def test_every_lettered_page_asks_its_section_first_and_why_there_are_no_words(officer: OnShift) -> None:
    """The overview reads both from the pages: a page in another order would be read wrongly."""
    session = officer.shift.start("ppn")
    pages = lettered(session.guide)

    assert tuple(page.id for page in pages) == PAGES
    for page in pages:
        assert section_of(page) == f"ppn.aware_{page.id}"
        assert reason_of(page) == f"ppn.{page.id}_not_observed"
