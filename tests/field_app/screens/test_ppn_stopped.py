"""A child describes a crime while a PPN is written: one tap, and only what is needed now is asked."""

from __future__ import annotations

import pytest

from booklets import definitions
from booklets.disclosure import stop_question
from booklets.forms import AfterStop
from field_app.ui import aware, aware_words, mentioning, screen_words
from field_app.ui.model import Model
from field_app.ui.places import At
from field_app.ui.screens.page import groups_of
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import WRITING_A_PPN, standing_at

pytestmark = pytest.mark.thorough

SPOKEN_OF = (
    "happened", "appearance", "words", "activity", "relationships", "environment", "day", "others", "safe",
)  # fmt: skip


def at_page(model: Model, page: str) -> None:
    """Open a page of the PPN."""
    names = [one.id for one in model.open_session().guide.pages]
    model.open_page(names.index(page))


def label(model: Model, name: str) -> str:
    """A question as it is asked of Amy."""
    return model.open_session().field(name).label.replace("{name}", "Amy")


@pytest.mark.parametrize("page", SPOKEN_OF)
def test_it_stops_with_one_tap_wherever_the_child_is_spoken_of(officer: OnShift, page: str) -> None:
    """R-53: nobody looks for the page with the button while a child is talking."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            at_page(model, page)
            await app.settle()
            await app.tap("disclosure")
            session = model.open_session()
            assert session.stopped
            assert app.has("stopped")
            for name in ("aware_words", "immediate_danger", "suspects", "stop_specialist"):
                assert app.says(label(model, f"ppn.{name}")), name

    journey(walk)


def test_what_is_left_to_specialists_is_out_of_sight_and_said_in_the_overview(officer: OnShift) -> None:
    """What the officer saw can still be written; the letter without words says whose it is now."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            mentioning.stop_for_disclosure(model)
            at_page(model, "day")
            await app.settle()
            assert not app.says(label(model, "ppn.indicators"))
            assert app.says(label(model, "ppn.concerns"))
            at_page(model, "environment")
            await app.settle()
            assert app.box("ppn.aware_environment").value == ""
            assert not app.has("ppn.environment_not_observed.open")
            model.go(At.AWARE)
            await app.settle()
            assert aware_words.LEFT_TO_SPECIALISTS in str(app.at("aware.E.state").label)
            at_page(model, "happened")
            await app.settle()
            await app.tap("disclosure.undo")
            assert not model.open_session().stopped
            assert app.says(screen_words.DISCLOSURE)

    journey(walk)


@pytest.mark.parametrize(
    "guide", [one for one in definitions.guide_ids() if stop_question(definitions.guide(one))]
)
def test_what_is_needed_now_is_one_tap_from_the_review_whatever_page_it_is_on_otherwise(
    officer: OnShift, guide: str
) -> None:
    """After a stop it stands with the stop and nowhere else; a tap elsewhere opened a page without it."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = session = officer.shift.start(guide)
            mentioning.stop_for_disclosure(model)
            needed = [one for one in session.guide.fields() if one.after_stop is AfterStop.NEEDED_NOW]
            elsewhere = {one.id for one in needed} - set(session.guide.pages[model.page].fields())
            asked = [one for one in needed if session.is_asked(one.id)]
            assert len(asked) > 4
            assert elsewhere or guide != "ppn"
            for one in needed:
                model.open_page(0)
                model.open_field(one.id)
                here = session.guide.pages[model.page]
                assert session.stop_question in here.fields(), one.id
                drawn = [question for _, fields in groups_of(session, here) for question in fields]
                assert one in drawn or one not in asked, one.id
            if guide == "ppn":
                model.go(At.AWARE)
                await app.settle()
                words = next(one for one in aware.letters(session, []) if "words" in one.page.id)
                await app.tap(f"aware.{words.name}.state")
                assert app.says(label(model, "ppn.aware_words"))

    journey(walk)
