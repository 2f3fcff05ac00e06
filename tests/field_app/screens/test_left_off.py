"""Going on with a draft lands at the very question that was touched last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from booklets.answers import codes_of
from field_app.ui import entering
from field_app.ui.frame import NOWHERE
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import standing_at
from tests.support.vaults import PIN


def on_page(model: Model, page: str) -> None:
    """The officer turns to a page."""
    names = [one.id for one in model.open_session().guide.pages]
    model.open_page(names.index(page))


async def by_the_list(app: Screens, model: Model) -> None:
    """Back to the worklist, and in again by the draft's card."""
    draft = str(model.open_session().encounter.id)
    await model.go_home()
    await app.settle()
    await app.tap(f"draft.{draft}")
    await app.settle()


async def by_a_lock(app: Screens, model: Model) -> None:
    """Locked in the middle, unlocked, and in again."""
    draft = str(model.open_session().encounter.id)
    await entering.lock(model)
    model.vault = model.handset.open().officers[0].vault
    await entering.unlock(model, PIN)
    await app.settle()
    await model.resume(draft)
    await app.settle()


@pytest.mark.parametrize("again", [by_the_list, by_a_lock])
def test_a_draft_opens_where_it_was_left(
    officer: OnShift, again: Callable[[Screens, Model], Awaitable[None]]
) -> None:
    """The phone rang at the fourth question of a page: that one is looked for, and no other."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            on_page(model, "talk")
            model.put("pi.why_left", "A row about the phone.")
            await again(app, model)

            assert model.at is At.PAGE
            assert model.open_session().guide.pages[model.page].id == "talk"
            assert model.returning.jump[0] == "asked.pi.why_left"

    journey(walk)


def test_somebody_who_was_open_is_open_again(officer: OnShift) -> None:
    """Half of what is known of Mum is typed: not the page with her name on it, but she."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            session = model.open_session()
            (mum,) = codes_of(session.value("ret.left_with"))
            on_page(model, "back")
            model.open_entity("ret.left_with", mum)
            model.put("person.first_language", "Polish", model.mentions[-1].entity)
            await by_the_list(app, model)

            assert model.at is At.ENTITY
            assert str(model.mentions[-1].entity) == mum
            assert model.returning.jump[0] == "asked.person.first_language"
            assert app.has("person.first_language"), "also where it is not among the few"

    journey(walk)


def test_a_page_that_was_only_turned_to_opens_at_its_top(officer: OnShift) -> None:
    """Nothing was touched there yet, and what was touched before stands elsewhere."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (app, model):
            model.put("ret.found_how", "alone")
            on_page(model, "talk")
            await by_the_list(app, model)

            assert model.open_session().guide.pages[model.page].id == "talk"
            assert model.returning.jump == NOWHERE

    journey(walk)


def test_what_was_jumped_to_is_looked_for_on_its_own_page_alone(officer: OnShift) -> None:
    """The pages, the worklist and the next draft have no such mark."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer) as (_, model):
            model.returning.jump_to("ret.found_how")
            model.go(At.PAGES)
            assert model.returning.jump == NOWHERE

    journey(walk)
