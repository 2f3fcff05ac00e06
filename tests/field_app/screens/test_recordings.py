"""A body-worn video is typed once: its reference is offered wherever the encounter asks for one."""

from __future__ import annotations

import flet as ft

from field_app.ui import words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import standing_at

CLIP = "BWV-4417-0023"


def later_this_shift(model: Model, officer: OnShift) -> None:
    """The page of a return check that asks for the reference."""
    model.session = session = officer.shift.start("return_check")
    session.put("pi.bwv", "yes")
    model.page = next(
        number for number, one in enumerate(session.guide.pages) if "pi.bwv_ref" in one.fields()
    )
    model.problems = session.problems()


def hint_of(app: Screens, identifier: str) -> str:
    """What stands in an empty box."""
    [box] = [one for one in app.walk(app.at(identifier)) if isinstance(one, ft.TextField)]
    return str(box.hint_text)


def test_a_reference_that_was_typed_is_offered_for_what_was_found_with_the_child(officer: OnShift) -> None:
    """At one tap, never by itself; the box says what one looks like, and takes another."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=later_this_shift) as (app, model):
            session = model.open_session()
            assert hint_of(app, "pi.bwv_ref") == words.HINTS["bwv"]
            await app.type("pi.bwv_ref", CLIP)
            model.open_entity("ret.items", None)
            await app.settle()
            await app.tap("more")
            phone = model.mentions[-1].entity
            chip = f"object.bwv_ref.suggest.{CLIP}"
            assert session.value("object.bwv_ref", phone) is None
            assert words.same_again(CLIP) in str(app.at(chip).label)
            await app.tap(chip)
            assert session.value("object.bwv_ref", phone) == CLIP
            assert not app.has(chip)
            await app.type("object.bwv_ref", "BWV-9")
            assert session.value("object.bwv_ref", phone) == "BWV-9"
            assert session.value("pi.bwv_ref") == CLIP

    journey(walk)


def test_other_numbers_are_never_offered_as_a_recording(officer: OnShift) -> None:
    """An incident number is no clip."""

    async def walk() -> None:
        async with standing_at(At.PAGE, officer, state=later_this_shift) as (app, model):
            model.put("ret.incident_no", "NYP-14032026-0023")
            model.redraw()
            await app.settle()
            assert not [one for one in app.identifiers() if one.startswith("pi.bwv_ref.suggest")]

    journey(walk)
