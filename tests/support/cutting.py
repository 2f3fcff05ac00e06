"""A line between handhelds and the server that goes dead at one chosen moment, and is good before and after.

``lose_the_next_answer`` lets a request through whole and resets the line when the answer begins: the
server has done it, and the handheld does not know. ``lose_the_next_request`` resets it in the middle of
the request: the handheld has said half, and the server knows nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from faults import relay
from faults.relay import Relay, reset

HALF = 700


class Line(Relay):
    """Passes bytes between whoever connects and the server, until it is told to go dead once."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: list[tuple[bytes, ...]] = []
        self._requests: list[tuple[bytes, ...]] = []
        self.cuts = 0

    @property
    def url(self) -> str:
        """The address that handhelds know."""
        return f"http://127.0.0.1:{self.port}"

    def lose_the_next_answer(self, *calls: str) -> None:
        """The next time one of these (``"POST /v1/submissions"``) is asked, the answer to it is lost."""
        self._answers.append(tuple(call.encode() for call in calls))

    def lose_the_next_request(self, *calls: str) -> None:
        """The next time one of these is asked, the line goes dead in the middle of the question."""
        self._requests.append(tuple(call.encode() for call in calls))

    async def _between(self, caller: relay.Streams, server: relay.Streams) -> None:
        ends = (caller[1], server[1])
        answer_is_lost = asyncio.Event()
        await asyncio.gather(
            self._ask(caller[0], server[1], ends, answer_is_lost),
            self._answer(server[0], caller[1], ends, answer_is_lost),
        )

    async def _ask(
        self,
        source: asyncio.StreamReader,
        server: asyncio.StreamWriter,
        ends: tuple[asyncio.StreamWriter, ...],
        answer_is_lost: asyncio.Event,
    ) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while data := await source.read(65_536):
                if _taken(self._requests, data):
                    server.write(data[:HALF])
                    await server.drain()
                    self._cut(ends)
                    return
                if _taken(self._answers, data):
                    answer_is_lost.set()
                server.write(data)
                await server.drain()
            if server.can_write_eof():
                server.write_eof()

    async def _answer(
        self,
        source: asyncio.StreamReader,
        handheld: asyncio.StreamWriter,
        ends: tuple[asyncio.StreamWriter, ...],
        is_lost: asyncio.Event,
    ) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while data := await source.read(65_536):
                if is_lost.is_set():
                    self._cut(ends)
                    return
                handheld.write(data)
                await handheld.drain()
            if handheld.can_write_eof():
                handheld.write_eof()

    def _cut(self, ends: tuple[asyncio.StreamWriter, ...]) -> None:
        self.cuts += 1
        for end in ends:
            reset(end)


@contextmanager
def a_line() -> Iterator[Line]:
    """A line that works, to a server whose port is said later."""
    line = Line()
    line.start()
    try:
        yield line
    finally:
        line.stop()


def _taken(armed: list[tuple[bytes, ...]], data: bytes) -> bool:
    """Whether this is what the line was told to go dead for; told once, it does it once."""
    call = next((one for one in armed if data.startswith(one)), None)
    if call is None:
        return False
    armed.remove(call)
    return True
