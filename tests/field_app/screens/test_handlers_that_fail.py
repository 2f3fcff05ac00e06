"""Whatever fails behind a screen: the screen stays, the text stays, and the log knows no names.

Each piece of code that a screen runs when it is touched is made to fail twice: at the first thing it touches
of the screen's own model, and at the first thing that the model asks of the encounter or the handset.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import logging
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import flet as ft
import pytest
from flet.controls.base_control import BaseControl

from field_app.capture.session import CaptureSession
from field_app.handset.device import Handset
from field_app.ui import guard, screens, shell, words
from field_app.ui.model import Model
from field_app.ui.places import At
from tests.support.every_screen import SCREENS
from tests.support.handsets import OnShift
from tests.support.screens import Screens, journey
from tests.support.standing import STATES, standing_at

pytestmark = pytest.mark.thorough

SECRET = "Zebedee-Marker gets loud"
LONG = {"entity-everything", "page-adding"}
HALF_WAY = [name for name in SCREENS if not name.startswith("page-ppn-") and name not in LONG]
"""Where a handler is made to fail half-way too: the others run the code of these, many times over."""
NOTHING_OF_THE_MODEL = {"starting", "choose_pin", "sign_in-waiting"}
NOT_TOUCHED = frozenset({"on_size_change"})  # the ruler's: no hand can reach it
TOUCHABLE = frozenset(
    {
        "tap",
        "icon_tap",
        "main_action",
        "second_action",
        "quiet_action",
        "soft_action",
        "row",
        "fact",
        "entry",
    }
)
"""The functions that make something touchable: what is called first is its identifier."""


class Unexpected(Exception):
    """Something that nobody foresaw, with what an officer wrote in its message."""


@dataclass
class Fault:
    """Switched on while a handler runs; drawing is never made to fail."""

    on: bool = False
    struck: int = 0

    def strike(self) -> None:
        """Fail, if it is time to."""
        if self.on and _in_a_handler():
            self.struck += 1
            raise Unexpected(SECRET)


def _in_a_handler() -> bool:
    """Whether a handler is running, and has not gone on to draw anything."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if "/flet/components/" in frame.f_code.co_filename:
            return False
        if (frame.f_code.co_filename, frame.f_code.co_name) == (guard.__file__, "run"):
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


Place = tuple[At, int, tuple[Any, ...]]


def place(model: Model) -> Place:
    """Which screen it is."""
    return model.at, model.page, model.mentions


def boxes(app: Screens) -> dict[str, str]:
    """Every box to type in that is on screen, and what stands in it. A secret is never kept."""
    named = [
        one for one in app.all(ft.Semantics) if one.identifier and isinstance(one.content, ft.TextField)
    ]
    found = {str(one.identifier): cast("ft.TextField", one.content) for one in named}
    return {name: box.value or "" for name, box in found.items() if not box.password}


async def typed(app: Screens) -> dict[str, str]:
    """The officer has written something into every box there is."""
    for name in boxes(app):
        if app.has(name):
            await app.type(name, SECRET)
    return boxes(app)


def code_of(control: BaseControl, name: str) -> object:
    """What runs: thirty rows that lead to thirty questions run one and the same code."""
    handler = inspect.unwrap(getattr(control, name))
    while isinstance(handler, functools.partial):
        handler = inspect.unwrap(handler.func)
    return getattr(handler, "__code__", handler), name == "on_change"


async def fail_everywhere(app: Screens, model: Model, fault: Fault) -> tuple[int, int]:
    """Let each handler fail, one after the other, and look at the screen and its text after each.

    How many failed, and how many there are.
    """
    failed = 0
    done: set[object] = set()
    await typed(app)
    while one := next((one for one in handlers(app) if code_of(*one) not in done), None):
        control, name = one
        done.add(code_of(control, name))
        before, written, struck = place(model), boxes(app), fault.struck
        fault.on = True
        await app.event(control, name.removeprefix("on_"), SECRET if name == "on_change" else None)
        fault.on = False
        if fault.struck == struck:
            await come_back(app, model, before)
            continue
        failed += 1
        where = f"{name} of {getattr(control, 'key', None) or type(control).__name__} on {before[0]}"
        assert app.says(words.SOMETHING_WENT_WRONG), f"{where}: nothing was said"
        app.page._dialogs.controls.clear()
        model.redraw()
        await app.settle()
        assert place(model) == before, f"{where}: the screen went away"
        assert written.items() <= boxes(app).items(), f"{where}: the text went away"
    return failed, len(done)


async def come_back(app: Screens, model: Model, before: Place) -> None:
    """What touched nothing that can fail has led somewhere else, as it should."""
    model.at, model.page, model.mentions = before
    model.redraw()
    await app.settle()
    await typed(app)


@pytest.mark.parametrize("name", SCREENS)
def test_every_handler_there_is_may_fail_and_costs_no_screen_and_no_text(
    officer: OnShift, name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it has done anything: none is left out, whatever it would have touched."""
    at, state = SCREENS[name]
    fault = Fault()
    monkeypatch.setattr(guard, "touched", fault.strike)

    async def walk() -> None:
        async with standing_at(at, officer, state=state) as (app, model):
            failed, all_ = await fail_everywhere(app, model, fault)
            assert failed == all_

    with caplog.at_level(logging.DEBUG, logger="field_app"):
        journey(walk)
    assert_nothing_logged(caplog)


@pytest.mark.parametrize("name", HALF_WAY)
def test_a_model_that_fails_costs_no_screen_and_no_text(
    officer: OnShift, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """At the first touch."""
    at, state = SCREENS[name]
    fault = Fault()

    async def walk() -> None:
        async with standing_at(at, officer, state=state, made=failing_model(fault)) as (app, model):
            failed, _ = await fail_everywhere(app, model, fault)
            assert failed or name in NOTHING_OF_THE_MODEL

    with caplog.at_level(logging.DEBUG, logger="field_app"):
        journey(walk)
    assert_nothing_logged(caplog)


@pytest.mark.parametrize("name", HALF_WAY)
def test_an_encounter_a_handset_or_a_phone_that_fails_costs_no_screen_and_no_text(
    officer: OnShift, name: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-way through what a handler does; a call that cannot be made among it."""
    at, state = SCREENS[name]
    fault = Fault()

    async def no_call(_launcher: object, _url: str) -> None:
        fault.strike()

    monkeypatch.setattr(ft.UrlLauncher, "launch_url", no_call)

    async def walk() -> None:
        async with standing_at(at, officer, state=state) as (app, model):
            model.handset = cast("Handset", Below(model.handset, fault))
            if model.session is not None:
                model.session = cast("CaptureSession", Below(model.session, fault))
            await fail_everywhere(app, model, fault)

    with caplog.at_level(logging.DEBUG, logger="field_app"):
        journey(walk)
    assert_nothing_logged(caplog)


def assert_nothing_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Only that something stopped, and where."""
    ours = [one for one in caplog.records if one.name.startswith("field_app")]
    written = "\n".join(f"{one.getMessage()} {one.exc_info} {one.args}" for one in ours)
    assert SECRET not in written
    assert "Zebedee" not in written


TOUCHED_ELSEWHERE = {
    "danger_came": "test_worklist.py",
    r"read\..+": "test_handing_over.py",
    r"whom\.number": "test_handing_over.py",
    r"take\..+": "test_handing_over.py",
    r"take_back\..+": "test_handing_over.py",
    r"known\.nobody": "test_known_children.py",
    r"known\.offer": "test_known_children.py",
    r"known\.this": "test_known_children.py",
    r"known\.another": "test_known_children.py",
    r"known\.not": "test_known_children.py",
    r"newer\..+": "test_ppn_follows.py",
    r"found\..+": "test_worklist.py",
    r"more\..+": "test_worklist.py",
    r".+\.show": "test_looking.py",
    r"finger\.confirm": "test_finger.py",
    r"finger\.leave_off": "test_finger.py",
    r"finger\.off": "test_finger.py",
}
"""What needs more to stand on than a screen, such as a second officer, and the tests that touch it."""


def test_no_screen_is_forgotten_here() -> None:
    """A new screen needs a state to stand in."""
    assert set(STATES) == set(At) == set(shell.SCREENS)


def named_in(module: Path) -> Iterator[str]:
    """The identifiers of everything touchable that a module draws, as patterns."""
    for node in ast.walk(ast.parse(module.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if called not in TOUCHABLE:
            continue
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield re.escape(first.value)
        elif isinstance(first, ast.JoinedStr):
            parts = (
                re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in first.values
            )
            yield "".join(parts)


def test_everything_that_can_be_touched_is_guarded_and_stands_in_one_of_the_states(officer: OnShift) -> None:
    """A handler that is not guarded would replace the screen by a red box, and the text with it.

    A new button, or a new state of a screen, that nothing here reaches is found by this test.
    """
    seen: set[str] = set()

    async def walk() -> None:
        for where, (at, state) in SCREENS.items():
            async with standing_at(at, officer, state=state) as (app, _):
                seen.update(app.identifiers())
                for control, name in handlers(app):
                    handler = getattr(control, name)
                    assert getattr(handler, "_homeward_guarded", False), f"{name} on {where}"

    journey(walk)
    assert_all_were_seen(seen)


def assert_all_were_seen(seen: set[str]) -> None:
    """Whatever the code of the screens draws to be touched stood on one of them."""
    drawn = {
        pattern: module.stem
        for module in sorted(Path(screens.__file__).parent.glob("*.py"))
        for pattern in named_in(module)
    }
    assert len(drawn) > 60
    missed = {one: at for one, at in drawn.items() if not any(re.fullmatch(one, name) for name in seen)}
    for one in missed.keys() & TOUCHED_ELSEWHERE.keys():
        there = Path(__file__).with_name(TOUCHED_ELSEWHERE[one]).read_text()
        begins, _, ends = one.replace("\\", "").partition(".+")
        assert (f'"{begins}' if begins else f'{ends}"') in there, f"{one} is touched nowhere"
    left = missed.keys() - TOUCHED_ELSEWHERE.keys()
    assert not left, "\n".join(f"{one} in {missed[one]}" for one in sorted(left))
