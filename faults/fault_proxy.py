"""A TCP proxy that cuts: every connection has a budget of bytes, in one direction or the other."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Sequence
from typing import Final

from faults.relay import Relay, Streams, reset

UP_BYTES: Final = 7_000
"""A little more than a whole request, so that some get through and most are cut."""
DOWN_BYTES: Final = 900


class FaultProxy(Relay):
    """Passes bytes on until a connection's budget is spent, then resets both its ends."""

    def __init__(self, seed: int, *, up_bytes: int = UP_BYTES, down_bytes: int = DOWN_BYTES) -> None:
        super().__init__()
        self._chance = random.Random(seed)
        self._up_bytes = up_bytes
        self._down_bytes = down_bytes
        self.up = self.down = 0

    @property
    def cuts(self) -> int:
        """How many connections were cut so far."""
        return self.up + self.down

    async def _between(self, caller: Streams, server: Streams) -> None:
        goes_up = self._chance.random() < 0.5
        budget = self._chance.randint(0, self._up_bytes if goes_up else self._down_bytes)
        ends = (caller[1], server[1])
        await asyncio.gather(
            self._pass_on(caller[0], server[1], budget if goes_up else None, ends, up=True),
            self._pass_on(server[0], caller[1], None if goes_up else budget, ends, up=False),
        )

    async def _pass_on(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        budget: int | None,
        ends: Sequence[asyncio.StreamWriter],
        *,
        up: bool,
    ) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while data := await source.read(4096):
                if budget is not None and len(data) >= budget:
                    target.write(data[:budget])
                    await target.drain()
                    # A moment, or the reset would overtake the last bytes.
                    await asyncio.sleep(0.002)
                    self.up, self.down = self.up + up, self.down + (not up)
                    for end in ends:
                        reset(end)
                    return
                budget = None if budget is None else budget - len(data)
                target.write(data)
                await target.drain()
            if target.can_write_eof():
                target.write_eof()
