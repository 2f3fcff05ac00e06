"""One running server process: answers, delivers, and stops when asked without losing anything.

Nothing is kept in memory that must outlive the process: a receipt is given only for what is on the disk,
and a delivery that was under way when the process died is taken up again when its lease runs out.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FrameType

import uvicorn
from sqlalchemy import Connection

from sync_server import giving, sweeping, team_texts, unsent
from sync_server.across import LookAcross
from sync_server.app import create_app
from sync_server.attachments import WatchAttachments
from sync_server.checkpoints import MakeCheckpoints
from sync_server.context import Context
from sync_server.db.store import StoreUnavailable
from sync_server.deciding.waiting import LookOut
from sync_server.duties import Watch
from sync_server.force_accounts import begun
from sync_server.forwarding.postman import Postman
from sync_server.identity import devices, visits
from sync_server.logs import log_as
from sync_server.retention import LookAtKept

log = logging.getLogger(__name__)

TIDY_EVERY_S = 300.0
GRACE_S = 5
KEPT_OPEN_S = 20
"""A line on which nothing more is asked. On a bad one an answer of 30 kB takes twelve seconds."""

Call = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where to answer, and for which force. ``listener`` is a socket that is listened at already."""

    force: str
    host: str
    port: int
    listener: socket.socket | None = None


def serve(context: Context, where: Where, *, announce: Call, until: Call | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C, or until ``until`` returns. ``announce`` is called once it answers."""
    sweeping.is_seldom()
    context.policy(where.force)  # what a force has set wrongly is refused now, and not at the first record
    reached = context.settings.listening
    config = uvicorn.Config(
        create_app(context, force=where.force),
        host=where.host,
        port=where.port,
        ssl_certfile=reached.certificate,
        ssl_keyfile=reached.key,
        proxy_headers=bool(reached.proxies),
        forwarded_allow_ips=list(reached.proxies),
        log_config=None,
        access_log=False,  # addresses hold the ids of sign-ins and records
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEPT_OPEN_S,
        ws="none",
    )
    server = _Server(config, announce)
    _quiet_logs(server, reached.log)
    regular = (LookOut(context), LookAcross(context), WatchAttachments(context), LookAtKept(context))
    working = (Postman(context), Watch(context), *regular, MakeCheckpoints(context))
    tidying = threading.Thread(target=_tidy, args=(context, server.stopping), name="tidying")
    if until is not None:
        threading.Thread(target=_wait, args=(until, server), name="until", daemon=True).start()
    tidying.start()
    for one in working:
        one.start()
    try:
        server.run([where.listener] if where.listener else None)
    finally:
        server.stopping.set()
        for one in working:
            one.stop()
        tidying.join()
    return 0 if server.started and not server.broken else 1


class _Server(uvicorn.Server):
    """uvicorn's, less its habit of killing itself with the signal that it was stopped by."""

    def __init__(self, config: uvicorn.Config, announce: Call) -> None:
        super().__init__(config)
        self.announce = announce
        self.stopping = threading.Event()
        self.broken = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say where."""
        await super().startup(sockets)
        if self.started:
            self.announce()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and Ctrl-C, then return to the caller."""
        before = {one: signal.signal(one, self._stop) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping.set()
        self.should_exit = True


def _wait(until: Call, server: _Server) -> None:
    until()
    server.stopping.set()
    server.should_exit = True


def _tidy(context: Context, stopping: threading.Event) -> None:
    """Now and then forget what is over."""
    while not stopping.wait(TIDY_EVERY_S):
        try:
            context.store.write(partial(forget, context))
        except StoreUnavailable as error:
            log.warning("not_tidied code=%s", error.code)


def forget(context: Context, db: Connection) -> None:
    """Forget nonces and visits that are over, what old texts were like, and drafts long in other hands."""
    now = context.now()
    devices.forget_nonces(db, now=now)
    visits.forget_old(db, now=now)
    begun.forget_old(db, now=now)
    team_texts.forget_old(context, db)
    giving.forget_old(context, db)
    unsent.forget_old(context, db)


def _quiet_logs(server: _Server, kind: str) -> None:
    log_as(kind)

    def ended_by_mistake(mistake: threading.ExceptHookArgs) -> None:
        """A server that no longer delivers must not look healthy: stop, so that somebody notices."""
        kind = mistake.exc_type, mistake.exc_value or mistake.exc_type(), mistake.exc_traceback
        log.error("thread_ended_by_mistake", exc_info=kind)
        server.broken = server.should_exit = True

    threading.excepthook = ended_by_mistake
