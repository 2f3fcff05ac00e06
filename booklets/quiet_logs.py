"""Logs that say where a mistake happened and of what kind, and never what anybody wrote (S-05).

An exception's text may quote an answer or a name: ``KeyError`` holds the key, a database's error its whole
statement. So neither the app nor the server ever logs it.
"""

from __future__ import annotations

import logging
import sys
import threading
from copy import copy
from types import TracebackType

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

OURS = ("booklets", "field_app", "sync_server")
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
log = logging.getLogger(__name__)


class QuietFormatter(logging.Formatter):
    """Logs where a mistake happened and of what kind, never its text.

    What others than ourselves say of a mistake is left out as well: asyncio quotes it in its own words.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        record = copy(record)
        record.msg, record.args = self.said(record), ()
        return super().format(record)

    def said(self, record: logging.LogRecord) -> str:
        """What is said of it, without what others quote."""
        of_others = record.exc_info and record.name.partition(".")[0] not in OURS
        return "a mistake" if of_others else record.getMessage()

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - logging's name
        """The kind of the mistake, and the lines of code that led to it."""
        kind, _, trace = ei
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
            trace = trace.tb_next
        return f"{kind.__name__ if kind else 'mistake'} at {' > '.join(places)}"


def log_quietly(formatter: QuietFormatter | None = None) -> None:
    """From here on everything that is logged, and every mistake that ends a thread, is said quietly."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter or QuietFormatter(LINE))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    sys.excepthook = _ended
    threading.excepthook = _thread_ended


def _ended(kind: type[BaseException], mistake: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.error("ended by mistake", exc_info=(kind, mistake, trace))


def _thread_ended(mistake: threading.ExceptHookArgs) -> None:
    value = mistake.exc_value or mistake.exc_type()
    log.error("a thread ended by mistake", exc_info=(mistake.exc_type, value, mistake.exc_traceback))
