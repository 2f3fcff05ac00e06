"""The way back into what was sent, on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import flet as ft
import pytest

from booklets.forms import Stage
from field_app.handset.returning import NOT_KEPT_HERE
from field_app.store.outbox import Outbox
from field_app.ui import adding_words as words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift, an_offline_shift
from tests.support.screens import Screens, journey
from tests.support.sent_back import an_honest_check, newest_records
from tests.support.standing import standing_at


@pytest.fixture
def officer(tmp_path: Path) -> Iterator[OnShift]:
    """An officer on shift, without signal, who has sent nothing yet."""
    with an_offline_shift(tmp_path) as found:
        yield found


def _check_sent(model: Model, officer: OnShift) -> None:
    an_honest_check(officer)
    model.home = officer.shift.home()
    model.sent = model.home.parcels[0].encounter


def test_what_was_sent_is_added_to_and_goes_as_the_next_revision(officer: OnShift) -> None:
    """From the sent screen to the sent screen; what is still wanted stands apart and holds up nothing."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=_check_sent) as (app, model):
            await app.tap("add")
            assert model.at is At.PAGE
            assert app.at("adding").label == "Adding to what waits to be sent · revision 2"
            assert app.has("person.first_language")
            await app.type("person.first_language", "English")
            await app.tap("review")
            assert app.says(words.CAN_FOLLOW)
            assert any(said.startswith(words.STILL_WANTED) for said in app.texts())
            assert not any(said.startswith("Needed before sending") for said in app.texts())
            assert "still wanted, and can follow" in (app.at("send").label or "")
            await app.tap("send")
            assert (app.at("sent.state").label or "").startswith("Waiting for signal · Revision 2")

        made = newest_records(officer, UUID(model.sent))
        assert {(one.header.revision, one.header.base_revision) for one in made} == {(2, 1)}

    journey(walk)


def _around_the_sign(app: Screens) -> type[ft.Control]:
    placed = (one for one in app.walk(app.at("sent.state")) if isinstance(one, ft.Row | ft.Column))
    return type(next(placed))


def test_large_text_has_the_whole_line_for_where_it_is(officer: OnShift) -> None:
    """Beside the round sign "Approved" breaks in the middle of the word at 200 %."""

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=_check_sent) as (app, _):
            assert _around_the_sign(app) is ft.Row
            await app.letters_at_200()
            assert _around_the_sign(app) is ft.Column

    journey(walk)


def test_the_worklist_leads_there_too_and_shows_what_is_begun_as_a_draft(officer: OnShift) -> None:
    """The copy may be read for an hour; the draft stays until it is sent."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer, state=_check_sent) as (app, model):
            encounter = model.sent
            assert app.at(f"add.{encounter}").label == "Add to what waits to be sent: Amy Brook"
            await app.tap(f"add.{encounter}")
            assert app.has("adding")
            await app.tap("back")
            assert app.has(f"draft.{encounter}")
            assert app.says("adding to what waits to be sent"), "nobody has it yet"
            assert not app.has(f"add.{encounter}")
            assert model.home.drafts[0].adds

    journey(walk)


def test_when_the_copy_is_gone_the_screen_says_so_and_what_to_do(officer: OnShift) -> None:
    """Also where it went between drawing the button and touching it."""

    def forget() -> None:
        later = officer.handset.clock.now() + timedelta(hours=2)
        officer.on_keeper(lambda: Outbox(officer.shift._vault.db).erase_due(now=later))

    async def walk() -> None:
        async with standing_at(At.SENT, officer, state=_check_sent) as (app, model):
            forget()
            await app.tap("add")
            assert app.says(NOT_KEPT_HERE)
            model.home = officer.shift.home()
            model.go(At.SENT)
            await app.settle()
            assert not app.has("add")
            assert app.says(NOT_KEPT_HERE)

    journey(walk)


def test_found_alone_offers_the_check_itself_and_no_adding(officer: OnShift) -> None:
    """The rest has never been sent: it is a draft, and the worklist has its card."""

    async def walk() -> None:
        async with standing_at(At.HOME, officer) as (app, model):
            assert model.home.parcels[0].stage == Stage.FOUND
            assert app.has(f"draft.{model.home.parcels[0].encounter}")
            assert not any(name.startswith("add.") for name in app.identifiers())

    journey(walk)
