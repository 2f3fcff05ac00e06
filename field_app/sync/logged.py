"""One step of a round: what was done with records here goes into the force's audit."""

from __future__ import annotations

import logging

from field_app.sync.client import SyncClient
from field_app.sync.desk import Desk, Signed
from field_app.sync.failures import Refused

log = logging.getLogger(__name__)


def send_log(client: SyncClient, desk: Desk, officer: Signed) -> None:
    """Send what the force has not got, some at a time. What is cut short is sent again, and counts once."""
    while (some := desk.noting.waiting()) is not None:
        said = {"before": some.before, "entries": [one.to_json() for one in some.entries]}
        try:
            officer.asks(lambda session, said=said: client.post("/v1/log", said, session=session))  # type: ignore[misc]
        except Refused as why:  # a server of an earlier version knows no such question
            log.info("log_not_taken why=%s", why.code)
            return
        desk.noting.taken(some)
