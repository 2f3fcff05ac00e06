"""What somebody at the screen waits for: own records, to be read again, and photographs, to be looked at.

Asked for from any thread, fetched by the courier in its next round, for only the courier may renew the
officer's session: two who renew it at once would end it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

Fetched = Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Wanted:
    """A photograph of a record that somebody waits to see, with what has come of it, in memory alone.

    ``told`` is called from the courier's thread with the bytes that are here and how many it has.
    """

    record: str
    attachment: str
    got: bytearray = field(default_factory=bytearray, repr=False)
    size: int = 0
    media_type: str = ""
    told: Callable[[int, int], None] = field(default=lambda _here, _of: None, repr=False)
    given_up: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of it is here."""
        return bool(self.size) and len(self.got) == self.size

    def forget(self) -> None:
        """Overwrite what came of it: nobody looks at it any more."""
        self.given_up = True
        self.got[:] = bytes(len(self.got))


class Errands:
    """Records and photographs that are to be fetched, each with whoever waits for it."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._waiting: list[tuple[str, Future[Fetched]]] = []
        self._wanted: list[tuple[Wanted, Future[None]]] = []

    def ask(self, record: str) -> Future[Fetched]:
        """Have a record fetched in the next round."""
        waiting: Future[Fetched] = Future()
        with self._gate:
            self._waiting.append((record, waiting))
        return waiting

    def look(self, one: Wanted) -> Future[None]:
        """Have a photograph fetched in the next round, on from what is here of it."""
        with self._gate:
            waiting = next((waiting for other, waiting in self._wanted if other is one), Future())
            if (one, waiting) not in self._wanted:
                self._wanted.append((one, waiting))
        return waiting

    def take(self) -> list[tuple[str, Future[Fetched]]]:
        """The records that are to be fetched now."""
        with self._gate:
            taken, self._waiting = self._waiting, []
        return taken

    def first_wanted(self) -> tuple[Wanted, Future[None]] | None:
        """The photograph that is to be fetched now; it stays first until it is ``done``."""
        with self._gate:
            return self._wanted[0] if self._wanted else None

    def done(self, one: Wanted) -> None:
        """Nobody waits for this photograph any more."""
        with self._gate:
            self._wanted = [(other, waiting) for other, waiting in self._wanted if other is not one]

    def fail(self, why: BaseException) -> None:
        """There is no way to the force now: whoever waits is told."""
        for _, waiting in self.take():
            waiting.set_exception(why)
        while found := self.first_wanted():
            self.done(found[0])
            found[1].set_exception(why)
