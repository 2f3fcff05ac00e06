"""Looks every other second for what nobody was told of, limits that are over and drafts nobody took.

And for earlier records of a restricted child that a later one ties to it.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from sync_server import giving
from sync_server.context import Context
from sync_server.db.store import BACKGROUND_WORK_GOES_ON, StoreUnavailable
from sync_server.deciding import undecided
from sync_server.duties import restriction, telling

log = logging.getLogger(__name__)

PAUSE_S = 2.0


def look_once(context: Context) -> int:
    """Take every step that is due now, as far as one look goes; how many there were."""
    done = undecided.sweep(context) + telling.tell(context) + giving.look(context)
    return done + restriction.widen(context)


@dataclass
class Watch:
    """Looks in the background for as long as the server runs. Several processes may have one each."""

    context: Context
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the step that is under way, then end. Call this before the store is closed."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._look():
                self._stop.wait(PAUSE_S)

    def _look(self) -> int:
        try:
            return look_once(self.context)
        except BACKGROUND_WORK_GOES_ON:
            log.warning("watch_waits code=%s", StoreUnavailable.code)
            return 0
