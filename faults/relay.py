"""Passing bytes between whoever connects and a server: what every bad line has in common."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from abc import ABC, abstractmethod

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay(ABC):
    """Listens at a port and in a thread of its own; what it does to a connection is its kind's."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port: int = self._listener.getsockname()[1]
        self.server_port = 0
        # The loop holds its tasks weakly, and a connection cut at both ends is held by nobody else.
        self._held: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def _between(self, caller: Streams, server: Streams) -> None:
        """Carry one connection to its end."""

    def start(self, server_port: int = 0) -> None:
        """Begin to pass bytes to the server at this port, or to one that is said later."""
        self.server_port = server_port or self.server_port
        self._thread.start()

    def stop(self) -> None:
        """Let go of every connection."""
        if self._thread.is_alive():
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
            server = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            reset(writer)
            return
        await self._between((reader, writer), server)
        for end in (writer, server[1]):
            end.close()


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of a polite FIN, as a lost radio link looks to both ends."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
