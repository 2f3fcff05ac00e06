"""A line as slow and as lossy as a village's: every byte takes its time, and segments get lost.

Nothing in the kernel is asked for. Bytes are read as TCP would send them, held for as long as they would
have been on their way, and handed on. Of what is lost TCP shows only the time it costs, which is done here:

    a segment     1,360 bytes at most, and 40 more for its headers of IP and TCP
    its time      its bytes at the line's rate, one segment after another, and then the way there
    a loss        it is there so much later, and everything behind it waits for it. A sender sends again what
                  it has heard nothing of for two round trips, and never before a second is over (RFC 8985,
                  7.2; RFC 6298, 2.4); for twice as long where it is lost again. In the midst of others it is
                  missed sooner, so this is the slower of the two.
    the opening   a round trip before the first byte, and a second more where its first segment was lost

What comes back to say that something arrived is not counted, and the window never closes: what is on its
way here, 2 kB, is far below the ten segments that a sender begins with. Each connection is a line of its
own, and the app asks over one at a time. Chance is drawn from a seed, for each anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from typing import Final

from faults.relay import Relay, Streams

SEGMENT: Final = 1360
HEADERS: Final = 40
LEAST_AGAIN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """How good a line is, in each direction."""

    bytes_per_s: float = 2_500.0
    there_s: float = 0.4
    loss: float = 0.02

    @property
    def again_s(self) -> float:
        """How long a lost segment is missed before it is sent again."""
        return max(LEAST_AGAIN_S, 4 * self.there_s)


VILLAGE: Final = Line()
"""20 kbit/s, 800 ms there and back, and of a hundred segments two are lost."""


@dataclass(slots=True)
class Way:
    """One direction of one connection, in seconds of the loop's clock.

    ``carried`` is in bytes, without what was sent again for the ``lost`` segments.
    """

    line: Line
    chance: random.Random = field(repr=False)
    free_at: float
    there_at: float = 0.0
    carried: int = 0
    lost: int = 0

    def takes(self, size: int, now: float) -> float:
        """When a segment of so many bytes is there, if it is handed over now."""
        takes_s = (size + HEADERS) / self.line.bytes_per_s
        self.free_at = max(self.free_at, now) + takes_s
        arrives, again_s = self.free_at + self.line.there_s, self.line.again_s
        self.carried += size + HEADERS
        while self.chance.random() < self.line.loss:
            self.lost += 1
            self.free_at += takes_s
            arrives += again_s
            again_s *= 2
        self.there_at = max(self.there_at, arrives)
        return self.there_at


class SlowLine(Relay):
    """Passes everything on, as late as this line would."""

    def __init__(self, seed: int, line: Line = VILLAGE) -> None:
        super().__init__()
        self._seed = seed
        self._line = line
        self.ways: list[tuple[Way, Way]] = []

    async def _between(self, caller: Streams, server: Streams) -> None:
        now = self._loop.time()
        chance = random.Random(f"{self._seed}/{len(self.ways)}")
        opened, again_s = now + 2 * self._line.there_s, LEAST_AGAIN_S
        while chance.random() < self._line.loss:
            opened, again_s = opened + again_s, again_s * 2
        up, down = (Way(self._line, random.Random(chance.random()), free_at=at) for at in (opened, now))
        self.ways.append((up, down))
        await asyncio.gather(self._carry(caller[0], server[1], up), self._carry(server[0], caller[1], down))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: Way) -> None:
        on_its_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        handing = asyncio.create_task(self._hand_over(on_its_way, target))
        with contextlib.suppress(OSError):
            while data := await source.read(SEGMENT):
                on_its_way.put_nowait((way.takes(len(data), self._loop.time()), data))
        on_its_way.put_nowait((max(way.there_at, self._loop.time() + self._line.there_s), b""))
        await handing

    async def _hand_over(
        self, on_its_way: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while True:
                at, data = await on_its_way.get()
                await asyncio.sleep(at - self._loop.time())
                if not data:
                    break
                target.write(data)
                await target.drain()
            if target.can_write_eof():
                target.write_eof()
