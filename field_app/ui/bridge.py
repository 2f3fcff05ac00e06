"""The only way from work that runs elsewhere (the courier, the keeper of the store) to the screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import flet as ft

from field_app.ui.guard import guarded, last_touched, unattended

P = ParamSpec("P")


class UiBridge:
    """Runs a step on the page's own loop and in its context, whichever thread asked for it.

    An observable touched from another thread raises in that thread *after* its value was set, and from
    another session's task it would patch the wrong screen. So nothing but this knows the page.
    """

    def __init__(self, page: ft.Page) -> None:
        self._page = page

    def post(self, step: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Run `step` soon, on the screen's side. Safe from any thread; returns at once."""
        safe = guarded(step)

        async def apply() -> None:
            unattended.set(True)
            safe(*args, **kwargs)

        self._start(apply)

    def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start work that waits for something else, on the screen's side."""
        safe = guarded(work)

        async def carry_on() -> None:
            unattended.set(True)
            await safe()

        self._start(carry_on)

    def untouched_s(self) -> float:
        """For how many seconds nobody has touched this window, typed into it or scrolled it."""
        return time.monotonic() - last_touched(self._page)

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Nothing is started for a window that is gone: it reads everything afresh if it comes back."""
        if self._page.session.connection is not None:
            self._page.run_task(work)
