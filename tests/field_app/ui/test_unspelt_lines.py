"""What is sent to a browser is never written out for a log that nobody keeps."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from flet.messaging.protocol import Message, MessageAction, PatchControlBody
from flet_web.fastapi.flet_app import FletApp  # type: ignore[import-untyped]  # it ships no types

from field_app.ui import unspelt_lines


class Spelt(Exception):
    """Somebody wrote an answer out."""


class Answer(str):
    """What an officer has typed."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise Spelt


def test_no_answer_is_written_out_when_a_screen_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs seconds on a long page, and puts what was typed where nobody looks for it."""
    message = Message(MessageAction.PATCH_CONTROL, PatchControlBody(1, [Answer("She said no.")]))

    async def walk() -> None:
        app: Any = object.__new__(FletApp)
        app._FletApp__send_queue = asyncio.Queue()
        if "__str__" in vars(Message):
            monkeypatch.delattr(Message, "__str__")
        with pytest.raises(Spelt):  # the control: so it is without our doing
            app.send_message(message)
        unspelt_lines.stay_unspelt()
        app.send_message(message)
        assert app._FletApp__send_queue.qsize() == 1
        assert str(message) == "PATCH_CONTROL"

    asyncio.run(walk())
