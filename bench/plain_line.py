"""Requests over plain sockets, made beforehand: whoever measures a server shares the machine with it."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer: its status, its headers as they came in small letters, and its body."""

    status: int
    head: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Its bytes on the line, without the empty line between."""
        return len(self.head) + len(self.body)


def connected(url: str) -> socket.socket:
    """A line to the server, to be closed by whoever asked for it."""
    host = urlsplit(url)
    line = socket.create_connection((host.hostname, host.port or 80), timeout=PATIENCE_S)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def request_bytes(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def answer_on(line: socket.socket) -> Answer:
    """Read one answer, all of it."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(line)
    head = data[:end].lower()
    length = int(
        head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or b"0"
    )  # none where nothing follows
    while len(data) < end + 4 + length:
        data += _more(line)
    return Answer(int(data[9:12]), head, data[end + 4 :])


def _more(line: socket.socket) -> bytes:
    if part := line.recv(65536):
        return part
    raise ConnectionError("the server hung up")
