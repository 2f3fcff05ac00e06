"""What happens when a screen's handler fails: one of two broad `except` of the product.

Flet replaces the whole screen with a red box when an exception leaves a handler, and with it goes what the
officer was looking at. Here it becomes a quiet notice, the screen and its text stay, and the log gets the
kind of failure and where it was raised: never the message, which may quote an answer or a name.
(The other keeps ``field_app.handset.watch`` listening for the force's orders.)
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import PurePath
from typing import Any, TypeVar, cast

import flet as ft

from field_app.ui import theme as t
from field_app.ui import words
from field_app.ui.calling import here
from field_app.ui.lettering import lettered

log = logging.getLogger(__name__)
unattended: ContextVar[bool] = ContextVar("unattended", default=False)
"""Set where something runs that no hand has started, such as news from the courier."""

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)
_ABOVE_THE_BAR = 104  # the main action stays in reach while the notice is there
_MARK = "_homeward_guarded"
_TOUCHED = "homeward.touched"
_NEEDED: dict[object, inspect.Signature] = {}


def guarded(handler: H) -> H:
    """The handler, made harmless. Keeps its parameters, which Flet counts, and its kind (async or not)."""
    if getattr(handler, _MARK, False):
        return handler
    wrapped = _async(handler) if inspect.iscoroutinefunction(_bare(handler)) else _sync(handler)
    setattr(wrapped, _MARK, True)
    setattr(wrapped, "__signature__", _needed(handler))  # noqa: B010 - mypy knows no such attribute
    return cast("H", wrapped)


def _needed(handler: Handler) -> inspect.Signature:
    """What must be given: Flet hands the event to whatever takes anything, defaults included.

    A page has hundreds of handlers of a few sorts, and to look into one takes long: each sort is looked into
    once.
    """
    bare, given, named = handler, 0, frozenset[str]()
    while isinstance(bare, functools.partial):
        given, named, bare = given + len(bare.args), named.union(bare.keywords), bare.func
    code = getattr(bare, "__code__", None)
    if code is None or hasattr(bare, "__signature__") or hasattr(bare, "__wrapped__"):
        return _looked_into(handler)
    sort = code, inspect.ismethod(bare), given, named
    if sort not in _NEEDED:
        _NEEDED[sort] = _looked_into(handler)
    return _NEEDED[sort]


def _looked_into(handler: Handler) -> inspect.Signature:
    signature = inspect.signature(handler)
    positional = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    kept = [
        one for one in signature.parameters.values() if one.kind in positional and one.default is one.empty
    ]
    return signature.replace(parameters=kept)


def _bare(handler: Handler) -> Handler:
    """A partial hides whether the function in it is async."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    return handler


def _sync(handler: Handler) -> Handler:
    @functools.wraps(handler)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            touched()
            return handler(*args, **kwargs)
        except Exception as failure:  # noqa: BLE001 - the one place: see the module's docstring
            _failed(failure)
            return None

    return run


def _async(handler: Handler) -> Handler:
    @functools.wraps(handler)
    async def run(*args: Any, **kwargs: Any) -> Any:
        try:
            touched()
            return await handler(*args, **kwargs)
        except Exception as failure:  # noqa: BLE001 - the one place: see the module's docstring
            _failed(failure)
            return None

    return run


def drawn(build: Callable[[], ft.Control], instead: Callable[[], ft.Control]) -> ft.Control:
    """What `build` draws; if drawing fails, what is shown instead. For pure functions, not components."""
    try:
        return build()
    except Exception as failure:  # noqa: BLE001 - the one place: see the module's docstring
        _note(failure)
        return instead()


def touched() -> None:
    """Somebody is there: whatever is touched, typed or scrolled on a screen comes through the guard."""
    if unattended.get():
        return
    with contextlib.suppress(RuntimeError):  # no window is there any more
        ft.context.page.session.store.set(_TOUCHED, time.monotonic())


def last_touched(page: ft.Page) -> float:
    """When somebody last touched this window, by the device's own count of seconds; 0 when nobody has."""
    at = page.session.store.get(_TOUCHED)
    return at if isinstance(at, float) else 0.0


def _failed(failure: Exception) -> None:
    _note(failure)
    try:
        say(here(words.SOMETHING_WENT_WRONG))
    except Exception as second:  # noqa: BLE001 - a notice that cannot be shown must not hide the screen
        _note(second)


def _note(failure: Exception) -> None:
    """The kind of failure and the line that raised it: no message, no values."""
    place = "unknown"
    trace = failure.__traceback__
    while trace is not None:
        place = f"{PurePath(trace.tb_frame.f_code.co_filename).stem}:{trace.tb_lineno}"
        trace = trace.tb_next
    log.error("a screen handler stopped: %s at %s", type(failure).__name__, place)


def say(what: str) -> None:
    """A quiet line over the bottom of whatever is on screen; it goes by itself and takes nothing away."""
    ft.context.page.show_dialog(
        ft.SnackBar(
            ft.Semantics(
                identifier="said",
                live_region=True,
                content=ft.Text(what, style=lettered(t.NOTE), color=t.PAPER),
            ),
            bgcolor=t.INK,
            show_close_icon=True,
            close_icon_color=t.PAPER,
            behavior=ft.SnackBarBehavior.FLOATING,
            margin=ft.Margin(t.EDGE, 0, t.EDGE, _ABOVE_THE_BAR),
            duration=8000,
            persist=False,
        )
    )
