"""The phone's key store, which answers a window alone: handed to whoever keeps secrets on another thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import flet_secure_storage  # type: ignore[import-untyped]  # it ships no types

ANSWERS_WITHIN_S: Final = 60.0
"""A key store answers in milliseconds; while a phone starts, or asks for a finger, it takes longer."""
Reach: TypeAlias = Callable[[Any, Callable[[Awaitable[Any]], Any]], None]


async def hand_over(reach: Reach) -> None:
    """Let ``reach`` ask through the window that runs this, and wait until it has tried."""
    window = asyncio.get_running_loop()

    def run(answer: Awaitable[Any]) -> Any:
        asked = asyncio.run_coroutine_threadsafe(_of(answer), window)
        try:
            return asked.result(ANSWERS_WITHIN_S)
        except TimeoutError:
            asked.cancel()
            raise

    await asyncio.to_thread(reach, flet_secure_storage, run)


async def _of(answer: Awaitable[Any]) -> Any:
    return await answer
