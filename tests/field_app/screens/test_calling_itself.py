"""What a device calls itself, in every sentence that speaks of it: a tablet is no phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from field_app.handset.returning import NO_LONGER_HERE, NOT_KEPT_FOR_NEXT, NOT_KEPT_HERE
from field_app.ui import lookout_words, screen_words, shell, words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import MORE_STATES, standing_at

pytestmark = pytest.mark.thorough

SIZES = [({"width": 820, "height": 1180}, "this device"), ({"width": 390, "height": 844}, "this phone")]
REFUSALS = [NO_LONGER_HERE, NOT_KEPT_HERE, NOT_KEPT_FOR_NEXT, lookout_words.NOT_KEPT]
PLACES = [
    At.HOME,
    At.MENU,
    At.REVIEW,
    At.EMERGENCY,
    At.SENT,
    At.QUEUE,
    At.DUTY,
    At.WITHDRAW,
    At.LOCK,
    At.DECIDING,
]


def calls_itself(app: Screens, called: str) -> bool:
    """Whether what is on the screen speaks of the device, and by this name alone."""
    said = " ".join(app.texts()).casefold()
    [other] = {"this phone", "this device"} - {called}
    return called in said and other not in said


@pytest.mark.parametrize(("size", "called"), SIZES)
@pytest.mark.parametrize("at", PLACES)
def test_a_refusal_calls_the_device_what_it_is(
    officer: OnShift, at: At, size: dict[str, Any], called: str
) -> None:
    """Wherever the officer is when it is refused."""

    async def walk() -> None:
        async with standing_at(at, officer, **size) as (app, model):
            for refusal in (*REFUSALS, screen_words.NO_LONGER_READABLE):
                model.go(at, notice=refusal)
                await app.settle()
                assert called in " ".join(app.texts()).casefold()
                assert calls_itself(app, called), app.texts()

    journey(walk)


@pytest.mark.parametrize(("size", "called"), SIZES)
def test_what_stands_after_something_went_wrong_does_so_too(
    officer: OnShift, monkeypatch: pytest.MonkeyPatch, size: dict[str, Any], called: str
) -> None:
    """The quiet line over the screen, and what stands instead of a screen that could not be drawn."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    async def walk() -> None:
        async with standing_at(At.THIS_PHONE, officer, **size) as (app, model):
            monkeypatch.setattr(Model, "suit", broken)
            await app.tap("hand.left")
            assert app.says("Something went wrong.")
            assert calls_itself(app, called)
            app.page._dialogs.controls.clear()
            monkeypatch.setattr(shell, "SCREENS", {At.THIS_PHONE: broken})
            model.redraw()
            await app.settle()
            assert app.says("This part cannot be shown.")
            assert calls_itself(app, called)

    journey(walk)


def no_copy(model: Model) -> None:
    """The copy on the device is gone, and the force has what was sent."""
    parcel = replace(model.home.parcels[0], name="", about="")
    model.home = replace(model.home, parcels=(parcel,))


def nothing_sent(model: Model) -> None:
    """What was open is not among what was sent any more."""
    model.sent = "nowhere"


@pytest.mark.parametrize(("size", "called"), SIZES)
@pytest.mark.parametrize("then", [no_copy, nothing_sent])
def test_what_can_no_longer_be_read_says_where(
    officer: OnShift, then: Callable[[Model], None], size: dict[str, Any], called: str
) -> None:
    """On the page of what was sent."""
    at, state = MORE_STATES["sent-whole"]

    async def walk() -> None:
        async with standing_at(at, officer, state=state, **size) as (app, model):
            then(model)
            model.redraw()
            await app.settle()
            assert calls_itself(app, called)

    journey(walk)


@pytest.mark.parametrize(("size", "called"), SIZES)
def test_the_lookout_card_says_where_its_lines_are_from(
    officer: OnShift, size: dict[str, Any], called: str
) -> None:
    """From the report that is being written here."""

    async def walk() -> None:
        async with standing_at(At.LOOKOUT, officer, **size) as (app, _):
            assert calls_itself(app, called)

    journey(walk)


def test_every_sentence_of_the_phone_has_another_for_the_tablet() -> None:
    """At the beginning of a sentence as well."""
    for said in REFUSALS:
        assert any(phone in said for phone in words.CALLED)
