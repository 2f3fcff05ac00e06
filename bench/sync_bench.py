"""From handing over one sealed record to holding a receipt that was checked, over loopback.

In that time the client signs the request, the server checks signature and session, opens and judges the
record, keeps it durably, signs the receipt, and the client checks that. Held against a bare server that
reads the same bytes from the same kind of client and answers at once, in turns.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import httpx

from bench.handheld import Handheld, Serving, serving
from field_app.sync.line import open_http
from house.run import Program, answers, free_port

P50_MOST_MS, P95_MOST_MS = 75.0, 150.0
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def take(request):
    return JSONResponse({"bytes": len(await request.body())})

app = Starlette(routes=[Route("/", take, methods=["GET", "POST"])])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Two figures from one series."""
    with serving() as server, closing(Handheld(server)) as handheld:
        bare, url = _bare(server)
        try:
            mine, others = _in_turns(handheld, url, 160 if full else 60)
        finally:
            bare.stop()
    for name, part, most in (("ms", 50, P50_MOST_MS), ("p95_ms", 95, P95_MOST_MS)):
        value, anchor = _part(mine, part), _part(others, part)
        yield {
            "name": f"sync.submit_to_receipt_{name}", "value": value, "unit": "ms",
            "anchor": {"bare server, nothing kept": anchor, "ratio": round(value / anchor, 1)},
            "goal": f"<= {most:.0f}", "ok": value <= most,
            "samples": [round(one, 2) for one in mine],
            "load": [round(one, 2) for one in os.getloadavg()],
        }  # fmt: skip


def _bare(server: Serving) -> tuple[Program, str]:
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    log = server.folder.parent / "bare.log"
    program = Program("bare server", [sys.executable, "-c", BARE, str(port)], {}, log)
    program.start()
    program.until(partial(answers, url))
    return program, url


def _in_turns(handheld: Handheld, bare: str, times: int) -> tuple[list[float], list[float]]:
    mine, others = [], []
    practice = 5
    with open_http(bare, app_version="0.1.0") as http:
        for letter in handheld.letters(times + practice):
            mine.append(_took(partial(handheld.submit, letter)))
            others.append(_took(partial(_posted, http, letter.envelope)))
    return mine[practice:], others[practice:]


def _posted(http: httpx.Client, body: bytes) -> None:
    http.post("/", content=body).raise_for_status()


def _took(step: Callable[[], object]) -> float:
    begun = time.perf_counter()
    step()
    return (time.perf_counter() - begun) * 1000


def _part(samples: list[float], percent: int) -> float:
    return round(statistics.quantiles(samples, n=100)[percent - 1], 2)
