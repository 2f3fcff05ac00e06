"""What one process is asked, counted: by route and by outcome, never by whom or about what.

Where several processes answer at one address each counts for itself in a file that they share
(``PROMETHEUS_MULTIPROC_DIR``, set by ``several``), and whichever is asked adds them up.
"""

from __future__ import annotations

import os
import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.context import Context
from sync_server.health.queues import Queues
from sync_server.intake import Outcome

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OTHER: Final = "console"


class Figures:
    """The figures of one process, and what makes them into text for Prometheus."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._submissions = Counter(
            "homeward_submissions",
            "Records that came in, by what became of them.",
            ["outcome"],
            registry=self._own,
        )
        self._requests = Counter(
            "homeward_requests", "Requests, by route and status.", ["route", "status"], registry=self._own
        )
        self._seconds = Histogram(
            "homeward_request_seconds",
            "How long answering took, by route.",
            ["route"],
            buckets=BUCKETS,
            registry=self._own,
        )

    def submission(self, outcome: Outcome) -> None:
        """One more record came in."""
        self._submissions.labels(outcome.result.value).inc()

    def request(self, route: str, status: int, seconds: float) -> None:
        """One more request was answered."""
        self._requests.labels(route, f"{status // 100}xx").inc()
        self._seconds.labels(route).observe(seconds)

    def as_text(self, context: Context) -> bytes:
        """Everything counted by every process, and what waits in the database at this moment."""
        counted = generate_latest(self._own)
        if os.environ.get(SHARED):
            shared = CollectorRegistry()
            MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
            counted = generate_latest(shared)
        waiting = CollectorRegistry()
        waiting.register(Queues(context))
        return counted + generate_latest(waiting)


class Timed:
    """Times every request. It knows routes by their beginning, so that no number of a record gets in."""

    def __init__(self, app: ASGIApp, *, figures: Figures, routes: frozenset[str]) -> None:
        self._app, self._figures, self._routes = app, figures, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._figures.request(self._route(scope["path"]), status, time.perf_counter() - began)

    def _route(self, path: str) -> str:
        beginning = route_of(path)
        return beginning if beginning in self._routes else OTHER


def route_of(path: str) -> str:
    """The first two parts of a path: what it is for, and nothing of what it is about."""
    return "/" + "/".join(path.split("/")[1:3])
