"""The four children of the demo night, one module each."""

from __future__ import annotations

from datetime import datetime, timedelta

from booklets.answers import Moment
from sync_server.demo.children.amy import amy
from sync_server.demo.children.cal import cal
from sync_server.demo.children.josh import josh
from sync_server.demo.children.noor import noor
from sync_server.demo.telling import Told


def night(at_home: datetime) -> tuple[Told, ...]:
    """The four, the last of them home at ``at_home``."""

    def at(minutes: float) -> Moment:
        return Moment(at_home - timedelta(minutes=minutes))

    return amy(at), josh(at), noor(at), cal(at)
