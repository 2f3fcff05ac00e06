"""The server's log: a line for each event, to read or for a machine to gather.

Ours begin with what happened, in a word that never changes, and then name values: ``refused code=too_old
status=403``. As JSON each value has its name. Nothing in a line was written by anybody: of a mistake it has
the kind and the lines of code that led to it (``booklets.quiet_logs``).
"""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime
from typing import Any, Final

from booklets.answers import instant
from booklets.quiet_logs import QuietFormatter, log_quietly

JSON, LINES = "json", "lines"
FORMATS: Final = (LINES, JSON)
EVENT = re.compile(r"[a-z_]+(?: [a-z_]+=\S+)*")
OWN: Final = frozenset({"at", "level", "from", "process", "event", "says", "mistake"})
"""What each line says in any case: no value of an event is called so."""


class JsonFormatter(QuietFormatter):
    """One line of JSON for each event: when, how grave, from where, what, and its values by name."""

    def format(self, record: logging.LogRecord) -> str:
        """``says`` is what others than ourselves log, which has no names for its values."""
        message = self.said(record)
        line: dict[str, Any] = {
            "at": instant(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "from": record.name,
            "process": os.getpid(),
        }
        if record.name.startswith(f"{__package__}.") and EVENT.fullmatch(message):
            event, *values = message.split(" ")
            line |= {"event": event, **dict(value.split("=", 1) for value in values)}
        else:
            line["says"] = message
        if record.exc_info:
            line["mistake"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_as(kind: str) -> None:
    """From here on this process logs quietly, in lines or as JSON."""
    log_quietly(JsonFormatter() if kind == JSON else None)
    logging.getLogger(__package__).setLevel(logging.INFO)
