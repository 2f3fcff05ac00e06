"""Looks across the records again and again: soon after something arrived, and now and then without that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from sync_server.across import asking
from sync_server.db.tables import record
from sync_server.regularly import Regularly

LOOK_EVERY_S = 300.0
AT_LEAST_EVERY = timedelta(minutes=10)
"""Time passes also where nothing arrives: an interview becomes late, a plan old."""


@dataclass
class LookAcross(Regularly):
    """Looks across for as long as the server runs."""

    every_s: float = LOOK_EVERY_S
    _arrived: object = field(default=None, init=False)
    _looked: datetime | None = field(default=None, init=False)
    name = "look_across"

    def look(self) -> None:
        """Look once, where anything arrived since or the last look is long ago."""
        now, newest = self.context.now(), self._newest()
        long_ago = self._looked is None or now - self._looked >= AT_LEAST_EVERY
        if newest == self._arrived and not long_ago:
            return
        asking.look(self.context)
        self._arrived, self._looked = newest, now

    def _newest(self) -> object:
        with self.context.store.read() as connection:
            return connection.execute(select(func.max(record.c.received_at))).scalar()
