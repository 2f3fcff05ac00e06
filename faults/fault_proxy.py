"""A TCP proxy that cuts: every connection has a budget of bytes, in one direction or the other."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Sequence
from typing import Final

UP_BYTES: Final = 7_000
"""A little more than a whole request, so that some get through and most are cut."""
DOWN_BYTES: Final = 900


class FaultProxy:
    """Passes bytes on until a connection's budget is spent, then resets both its ends."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port: int = self._listener.getsockname()[1]
        self.server_port = 0
        self.up = self.down = 0
        # The loop holds its tasks weakly, and a connection cut at both ends is held by nobody else.
        self._held: set[asyncio.Task[None]] = set()

    @property
    def cuts(self) -> int:
        """How many connections were cut so far."""
        return self.up + self.down

    def start(self, server_port: int) -> None:
        """Begin to pass bytes to the server at this port."""
        self.server_port = server_port
        self._thread.start()

    def stop(self) -> None:
        """Let go of every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._listener.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._connected, sock=self._listener))
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        try:
            to_server = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            reset(writer)
            return
        goes_up = self._chance.random() < 0.5
        budget = self._chance.randint(0, UP_BYTES if goes_up else DOWN_BYTES)
        ends = (writer, to_server[1])
        await asyncio.gather(
            self._pass_on(reader, to_server[1], budget if goes_up else None, ends, up=True),
            self._pass_on(to_server[0], writer, None if goes_up else budget, ends, up=False),
        )
        for end in ends:
            end.close()

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


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of a polite FIN, as a lost radio link looks to both ends."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
