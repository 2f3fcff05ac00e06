"""The server: submissions a second, how much memory its process takes, and how soon it answers.

The bare server is the smallest thing that answers the same request: Starlette under
uvicorn with one route, measured in the same run on the same machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil

from bench import many_stored, photographs, pulling, submissions, waiting
from house.run import Program, announced, answers, free_port, server_program

MIB = 1 << 20
MOST_MIB = 200
HELLO_GOAL = 4.0  # times the bare server's p99
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def hello(request):
    return JSONResponse({"time": "", "api": [1]})

uvicorn.run(Starlette(routes=[Route("/v1/hello", hello)]), port=int(sys.argv[1]), log_level="error")
"""


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Start both servers, ask both the same in turns, and weigh both."""
    requests = 2_000 if full else 300
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours_url, bare_url = (f"http://127.0.0.1:{free_port(0)}" for _ in range(2))
        ours = server_program(ours_url, folder)
        bare = Program(
            "bare server", [sys.executable, "-c", BARE, bare_url.rpartition(":")[2]], {}, folder / "bare.log"
        )
        try:
            for program, url in ((ours, ours_url), (bare, bare_url)):
                program.start()
                program.until(partial(answers, f"{url}/v1/hello"))
            ours.until(lambda: announced(ours.log))
            yield from _figures(ours, ours_url, bare, bare_url, requests)
        finally:
            ours.stop()
            bare.stop()
    yield from submissions.figures(full)
    yield from many_stored.figures(full)
    yield from pulling.figures(full)
    yield from photographs.figures(full)
    yield from waiting.figures(full)


def _figures(
    ours: Program, ours_url: str, bare: Program, bare_url: str, requests: int
) -> Iterator[dict[str, Any]]:
    before = _memory(ours)
    mine, others = _asked_in_turns(ours_url, bare_url, requests)
    after = _memory(ours)
    yield {
        "name": "server.memory_rss", "value": after, "unit": "MiB",
        "anchor": {"bare Starlette and uvicorn": _memory(bare), "before the requests": before},
        "goal": MOST_MIB, "ok": after <= MOST_MIB, "samples": [before, after],
    }  # fmt: skip
    p99, bare_p99 = (round(quantiles(samples, n=100)[98], 3) for samples in (mine, others))
    yield {
        "name": "server.hello_p99", "value": p99, "unit": "ms",
        "anchor": {"bare Starlette and uvicorn": bare_p99},
        "goal": round(HELLO_GOAL * bare_p99, 3), "ok": p99 <= HELLO_GOAL * bare_p99,
        "samples": [round(one, 3) for one in mine],
    }  # fmt: skip


def _asked_in_turns(ours_url: str, bare_url: str, requests: int) -> tuple[list[float], list[float]]:
    mine: list[float] = []
    others: list[float] = []
    for _ in range(requests):
        for url, samples in ((ours_url, mine), (bare_url, others)):
            begun = time.perf_counter()
            with urllib.request.urlopen(f"{url}/v1/hello", timeout=10) as answer:  # noqa: S310 - made above
                answer.read()
            samples.append((time.perf_counter() - begun) * 1000)
    return mine, others


def _memory(program: Program) -> float:
    """Resident memory of a program and everything it has started."""
    process = psutil.Process(program.pid)
    resident: int = sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    return round(resident / MIB, 1)
