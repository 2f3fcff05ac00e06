"""The only way from work that runs elsewhere (the courier, the keeper of the store) to the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

import flet as ft

from field_app.ui.guard import guarded

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
            safe(*args, **kwargs)

        self._page.run_task(apply)
