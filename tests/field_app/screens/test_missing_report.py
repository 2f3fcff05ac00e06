"""A missing child on the officer's phone: every page opens, and the ways out show at once."""

from __future__ import annotations

import pytest

from field_app.ui.places import At
from field_app.ui.screens.page import groups_of
from tests.support.handsets import OnShift
from tests.support.screens import journey
from tests.support.standing import WRITING_A_PPN, standing_at


@pytest.mark.thorough
@pytest.mark.parametrize("guide", ["missing", "risk_again"])
def test_every_page_opens_with_its_questions(officer: OnShift, guide: str) -> None:
    """A page that cannot be drawn at three in the morning is a page that was never asked."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = session = officer.shift.start(guide)
            for number, page in enumerate(session.guide.pages):
                model.open_page(number)
                await app.settle()
                drawn = [one for _, fields in groups_of(session, page) for one in fields]
                assert drawn, page.id
                for one in drawn:
                    assert "{name}" in one.label or app.says(one.label), one.id

    journey(walk)


def test_a_child_found_dead_stops_the_report(officer: OnShift) -> None:
    """R-50: the control room and the incident manager, and nobody else, stand there to be rung."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = officer.shift.start("missing")
            model.open_page(0)
            await app.settle()
            assert not app.has("death.ring.fim")
            model.put("mis.returned_before_report", "dead")
            await app.settle()
            assert app.has("death.ring.control_room")
            assert app.has("death.ring.fim")
            assert not app.has("mis.clothing.add")

    journey(walk)


def test_a_yes_opens_its_lines_on_the_same_page(officer: OnShift) -> None:
    """One tap, and what is behind it can be written down there."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=WRITING_A_PPN) as (app, model):
            model.session = session = officer.shift.start("missing")
            model.open_page([one.id for one in session.guide.pages].index("risk"))
            await app.settle()
            asks = session.field("ra.f18_evidence").label
            assert not app.says(asks)
            await app.tap("ra.f18_cse.yes")
            assert app.says(asks)
            await app.tap("ra.f18_cse.no")
            assert not app.says(asks)

    journey(walk)
