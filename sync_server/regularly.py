"""Work that nobody asks for, done again and again for as long as the server runs."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from sync_server.context import Context
from sync_server.db.store import BACKGROUND_WORK_GOES_ON, StoreUnavailable

log = logging.getLogger(__name__)


@dataclass
class Regularly(ABC):
    """One piece of such work, on a thread of its own. Several processes may have one each."""

    context: Context
    every_s: float
    name: ClassVar[str]
    _stop: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self.name)

    def start(self) -> None:
        """Begin. The first look is one pause later."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the look that is under way, then end. Call this before the store is closed."""
        self._stop.set()
        self._thread.join()

    @abstractmethod
    def look(self) -> None:
        """Look once."""

    def _run(self) -> None:
        while not self._stop.wait(self.every_s):
            try:
                self.look()
            except BACKGROUND_WORK_GOES_ON:
                log.warning("%s_waits code=%s", self.name, StoreUnavailable.code)
