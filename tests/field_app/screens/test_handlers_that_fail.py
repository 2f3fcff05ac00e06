"""Whatever fails behind a screen: the screen stays, the text stays, and the log knows no names.

Each piece of code that a screen runs when it is touched is made to fail twice: at the first thing it touches
of the screen's own model, and at the first thing that the model asks of the encounter or the handset.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from flet.controls.base_control import BaseControl

from field_app.capture.session import CaptureSession
from field_app.handset.device import Handset
from field_app.ui import words
from field_app.ui.model import At, Model
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import (
    ANSWERING,
    ASKING,
    CAME_BACK,
    PIN_AGAIN,
    SENDING_BACK,
    SIGNING,
    STATES,
    WRITING_A_PPN,
    State,
    standing_at,
)

pytestmark = pytest.mark.thorough

SECRET = "Zebedee-Marker gets loud"
BOXES: dict[tuple[At, State | None], str] = {
    (At.ENROL, None): "enrol.code",
    (At.PAGE, None): "person.surname",
    (At.EMERGENCY, None): "emergency.reason",
    (At.DECIDING, None): "sup.rationale",
    (At.DECIDING, SENDING_BACK): "sup.return_words",
    (At.WITHDRAW, None): "withdraw.reason",
    (At.DUTY, None): "duty.words",
}
SCREENS: list[tuple[At, State | None]] = [
    *((at, None) for at in At),
    (At.SIGN_IN, SIGNING),
    (At.HOME, CAME_BACK),
    (At.PAGE, ANSWERING),
    (At.REVIEW, ANSWERING),
    (At.PAGE, WRITING_A_PPN),
    (At.CASE, ASKING),
    (At.DECIDING, SENDING_BACK),
    (At.DECIDING, PIN_AGAIN),
]
NAMES = {
    SIGNING: "-waiting",
    CAME_BACK: "-came-back",
    ANSWERING: "-answering",
    WRITING_A_PPN: "-ppn",
    ASKING: "-asking",
    SENDING_BACK: "-sending-back",
    PIN_AGAIN: "-pin-again",
}
NOTHING_OF_THE_MODEL = {(At.STARTING, None), (At.CHOOSE_PIN, None), (At.SIGN_IN, SIGNING)}
NOT_TOUCHED = frozenset({"on_size_change"})  # the ruler's: no hand can reach it


class Unexpected(Exception):
    """Something that nobody foresaw, with what an officer wrote in its message."""


@dataclass
class Fault:
    """Switched on while a handler runs; drawing is never made to fail."""

    on: bool = False
    struck: int = 0

    def strike(self) -> None:
        """Fail, if it is time to."""
        if self.on and not _is_drawing():
            self.struck += 1
            raise Unexpected(SECRET)


def _is_drawing() -> bool:
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if "/flet/components/" in frame.f_code.co_filename:
            return True
    return False


def failing_model(fault: Fault) -> Callable[..., Model]:
    """A model that fails at the first touch."""

    class Failing(Model):
        def __getattribute__(self, name: str) -> Any:
            fault.strike()
            return super().__getattribute__(name)

        def __setattr__(self, name: str, value: object) -> None:
            fault.strike()
            super().__setattr__(name, value)

    return Failing


class Below:
    """Something the model asks that fails at the first question."""

    def __init__(self, real: object, fault: Fault) -> None:
        self._real = real
        self._fault = fault

    def __getattr__(self, name: str) -> Any:
        self._fault.strike()
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name in {"_real", "_fault"}:
            object.__setattr__(self, name, value)
        else:
            setattr(self._real, name, value)


def handlers(app: Screens) -> Iterator[tuple[BaseControl, str]]:
    """Every control on screen that does something when it is touched or typed into."""
    for control in app.all(BaseControl):
        for name in events_of(type(control)):  # type: ignore[arg-type]  # a class can be hashed
            if getattr(control, name):
                yield control, name


@functools.cache
def events_of(kind: type[BaseControl]) -> tuple[str, ...]:
    """What can happen to a control of this kind."""
    names = (part.name for part in dataclasses.fields(kind))
    return tuple(name for name in names if name.startswith("on_") and name not in NOT_TOUCHED)


Place = tuple[At, int, tuple[Any, ...], bool]


def place(app: Screens, model: Model, box: str | None) -> Place:
    """Which screen it is, and that it is drawn with what was typed on it."""
    return model.at, model.page, model.mentions, box is None or app.has(box)


async def typed(app: Screens, box: str | None) -> None:
    """The officer has written something."""
    if box is not None:
        await app.type(box, SECRET)


def code_of(control: BaseControl, name: str) -> object:
    """What runs: thirty rows that lead to thirty questions run one and the same code."""
    handler = inspect.unwrap(getattr(control, name))
    while isinstance(handler, functools.partial):
        handler = inspect.unwrap(handler.func)
    return getattr(handler, "__code__", handler), name == "on_change"


async def fail_everywhere(app: Screens, model: Model, fault: Fault, box: str | None) -> int:
    """Let each handler fail, one after the other, and look at the screen after each."""
    failed = 0
    done: set[object] = set()
    while one := next((one for one in handlers(app) if code_of(*one) not in done), None):
        control, name = one
        done.add(code_of(control, name))
        before, struck = place(app, model, box), fault.struck
        fault.on = True
        await app.event(control, name.removeprefix("on_"), SECRET if name == "on_change" else None)
        fault.on = False
        if fault.struck == struck:
            await come_back(app, model, before, box)
            continue
        failed += 1
        where = f"{name} of {getattr(control, 'key', None) or type(control).__name__} on {before[0]}"
        assert app.says(words.SOMETHING_WENT_WRONG), f"{where}: nothing was said"
        app.page._dialogs.controls.clear()
        model.redraw()
        await app.settle()
        assert place(app, model, box) == before, f"{where}: the screen went away"
        if box is not None:
            assert app.box(box).value == SECRET, f"{where}: the text went away"
    return failed


async def come_back(app: Screens, model: Model, before: Place, box: str | None) -> None:
    """What touched nothing that can fail has led somewhere else, as it should."""
    gone = model.at is not before[0]
    model.at, model.page, model.mentions, _ = before
    model.redraw()
    await app.settle()
    if gone:
        await typed(app, box)


def same_screen(at_and_state: tuple[At, State | None]) -> str:
    """The name of a screen among the tests."""
    at, state = at_and_state
    return at.value + (NAMES[state] if state else "")


@pytest.mark.parametrize("screen", SCREENS, ids=same_screen)
def test_a_model_that_fails_costs_no_screen_and_no_text(
    officer: OnShift, screen: tuple[At, State | None], caplog: pytest.LogCaptureFixture
) -> None:
    """At the first touch."""
    at, state = screen
    fault = Fault()

    async def walk() -> None:
        async with standing_at(at, officer, state=state, made=failing_model(fault)) as (app, model):
            await typed(app, BOXES.get(screen))
            failed = await fail_everywhere(app, model, fault, BOXES.get(screen))
            assert failed or (at, state) in NOTHING_OF_THE_MODEL

    with caplog.at_level(logging.DEBUG, logger="field_app"):
        journey(walk)
    assert_nothing_logged(caplog)


@pytest.mark.parametrize("screen", SCREENS, ids=same_screen)
def test_an_encounter_or_a_handset_that_fails_costs_no_screen_and_no_text(
    officer: OnShift, screen: tuple[At, State | None], caplog: pytest.LogCaptureFixture
) -> None:
    """Half-way through what a handler does."""
    at, state = screen
    fault = Fault()

    async def walk() -> None:
        async with standing_at(at, officer, state=state) as (app, model):
            await typed(app, BOXES.get(screen))
            model.handset = cast("Handset", Below(model.handset, fault))
            if model.session is not None:
                model.session = cast("CaptureSession", Below(model.session, fault))
            await fail_everywhere(app, model, fault, BOXES.get(screen))

    with caplog.at_level(logging.DEBUG, logger="field_app"):
        journey(walk)
    assert_nothing_logged(caplog)


def assert_nothing_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Only that something stopped, and where."""
    ours = [one for one in caplog.records if one.name.startswith("field_app")]
    written = "\n".join(f"{one.getMessage()} {one.exc_info} {one.args}" for one in ours)
    assert SECRET not in written
    assert "Zebedee" not in written


def test_every_handler_on_every_screen_is_guarded(officer: OnShift) -> None:
    """One that is not would replace the screen by a red box, and the text with it."""

    async def walk() -> None:
        for at in At:
            async with standing_at(at, officer) as (app, _):
                for control, name in handlers(app):
                    handler = getattr(control, name)
                    assert getattr(handler, "_homeward_guarded", False), f"{name} on {at}"

    journey(walk)


def test_no_screen_is_forgotten_here() -> None:
    """A new screen needs a state to stand in."""
    assert set(STATES) == set(At)
