"""What somebody at the screen waits for: own records, fetched to be read again.

Asked for from any thread, fetched by the courier in its next round, for only the courier may renew the
officer's session: two who renew it at once would end it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

Fetched = Mapping[str, Any]


class Errands:
    """Records that are to be fetched, each with whoever waits for it."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._waiting: list[tuple[str, Future[Fetched]]] = []

    def ask(self, record: str) -> Future[Fetched]:
        """Have a record fetched in the next round."""
        waiting: Future[Fetched] = Future()
        with self._gate:
            self._waiting.append((record, waiting))
        return waiting

    def take(self) -> list[tuple[str, Future[Fetched]]]:
        """What is to be fetched now."""
        with self._gate:
            taken, self._waiting = self._waiting, []
        return taken

    def fail(self, why: BaseException) -> None:
        """There is no way to the force now: whoever waits is told."""
        for _, waiting in self.take():
            waiting.set_exception(why)
