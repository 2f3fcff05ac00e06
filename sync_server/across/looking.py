"""Looks across the records again and again: soon after something arrived, and now and then without that."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from sync_server.across import asking
from sync_server.context import Context
from sync_server.db.store import BACKGROUND_WORK_GOES_ON, StoreUnavailable
from sync_server.db.tables import record

log = logging.getLogger(__name__)

LOOK_EVERY_S = 300.0
AT_LEAST_EVERY = timedelta(minutes=10)
"""Time passes also where nothing arrives: an interview becomes late, a plan old."""


@dataclass
class LookAcross:
    """Looks in the background for as long as the server runs. Several processes may have one each."""

    context: Context
    every_s: float = LOOK_EVERY_S
    _stop: threading.Event = field(default_factory=threading.Event)
    _arrived: object = None
    _looked: datetime | None = None

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="looking-across")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the look that is under way, then end. Call this before the store is closed."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self.every_s):
            try:
                self._look()
            except BACKGROUND_WORK_GOES_ON:
                log.warning("did not look across this time: %s", StoreUnavailable.code)

    def _look(self) -> None:
        now, newest = self.context.now(), self._newest()
        long_ago = self._looked is None or now - self._looked >= AT_LEAST_EVERY
        if newest == self._arrived and not long_ago:
            return
        asking.look(self.context)
        self._arrived, self._looked = newest, now

    def _newest(self) -> object:
        with self.context.store.read() as connection:
            return connection.execute(select(func.max(record.c.received_at))).scalar()
