"""A browser that goes away while something is being sent to it leaves its window properly.

Flet 1.0.5 then forgets to say that the window has gone: it kept its place on the handheld for ever, and the
next window was told that another one is open. Only the web build has this.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import Any

SEND_LOOP = "_FletApp__send_loop"
GONE = (ConnectionError, RuntimeError)
"""How sending says that nobody listens; a browser's own way of leaving is added where it can be imported."""


def end_quietly() -> None:
    """From now on, in every window that this process serves."""
    # By name: no phone has either of them.
    app_of_a_window = import_module("flet_web.fastapi.flet_app").FletApp
    left = import_module("starlette.websockets").WebSocketDisconnect

    as_flet_has_it = getattr(app_of_a_window, SEND_LOOP)
    if hasattr(as_flet_has_it, "ends_quietly"):
        return

    async def sends(app: Any) -> None:
        with contextlib.suppress(left, *GONE):
            await as_flet_has_it(app)

    sends.ends_quietly = as_flet_has_it  # type: ignore[attr-defined]
    setattr(app_of_a_window, SEND_LOOP, sends)
