"""A window whose browser has gone gives its place back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from flet_web.fastapi.flet_app import FletApp  # type: ignore[import-untyped]  # it ships no types
from starlette.websockets import WebSocketDisconnect

from field_app.ui import broken_lines


class GoneBrowser:
    """Nobody listens any more."""

    async def send_bytes(self, _message: bytes) -> None:
        """As the server does it for a line that is closed."""
        raise WebSocketDisconnect(code=1006)


def test_a_browser_that_goes_while_something_is_sent_ends_the_sending_and_nothing_else() -> None:
    """What says that the window has gone comes after it, and was left out when it failed."""
    broken_lines.end_quietly()
    ours = getattr(FletApp, broken_lines.SEND_LOOP)

    async def walk() -> None:
        app: Any = object.__new__(FletApp)
        app._FletApp__websocket, app._FletApp__send_queue = GoneBrowser(), asyncio.Queue()
        app._FletApp__send_queue.put_nowait(b"a page")
        with pytest.raises(WebSocketDisconnect):  # the control: so it is without our doing
            await ours.ends_quietly(app)
        app._FletApp__send_queue.put_nowait(b"a page")
        await ours(app)

    asyncio.run(walk())
