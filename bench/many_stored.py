"""Whether submissions are taken in as fast where very many lie there already.

Two servers run at once on databases of their own, one with nothing in it, and are asked in turns, so that
whatever else the machine does falls on both.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from bench import signed_load
from bench.multiplied import multiplied
from bench.signed_load import FORCE, Signed
from bench.submissions import opened, started
from house.postgres import a_postgresql
from house.run import free_port
from sync_server import demo
from sync_server.settings import Settings

KEPT_UP = 0.9
PRACTICE, BLOCK, COPIED = 24, 24, 100
Kept = tuple[str, Path, list[Signed]]


def figures(full: bool) -> Iterator[dict[str, Any]]:
    """Both databases, one after the other."""
    stored, count = (50_000, 1_200) if full else (5_000, 240)
    yield _line("sqlite", stored, count)
    yield _line("postgresql", stored, count)


def _line(database: str, stored: int, count: int) -> dict[str, Any]:
    with ExitStack() as stack:
        few, many = (_server(stack, database, there, PRACTICE + count) for there in (0, stored))
        took = {0: 0.0, 1: 0.0}
        refused: list[int] = []
        for url, _, requests in (few, many):
            signed_load.send(url, requests[:PRACTICE])
        for start in range(PRACTICE, PRACTICE + count, BLOCK):
            for place, (url, _, requests) in enumerate((few, many)):
                sent = signed_load.send(url, requests[start : start + BLOCK])
                took[place] += sent.seconds
                refused += sent.refused
    value = round(took[0] / took[1], 2)
    return {
        "name": f"server.many_stored_{database}", "value": value, "unit": "of the rate with none",
        "anchor": {
            "stored": stored, "a second": round(count / took[1], 1),
            "a second with none, in turns": round(count / took[0], 1), "refused": refused[:3],
        },
        "goal": f">= {KEPT_UP}", "ok": not refused and value >= KEPT_UP,
        "load": [round(one, 2) for one in os.getloadavg()],
    }  # fmt: skip


def _server(stack: ExitStack, database: str, stored: int, count: int) -> Kept:
    """A server that has kept so many, and requests for it that are signed beforehand."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homeward-bench-")))
    place: AbstractContextManager[str] = nullcontext("")
    if database == "postgresql":
        place = a_postgresql(durable=True)
    address, url = stack.enter_context(place), f"http://127.0.0.1:{free_port(0)}"
    with opened(Settings.of(folder / "server", public_origin=url, database_url=address)) as context:
        demo.prepare(context, force=FORCE)
        if stored:
            signed_load.take_in(context, signed_load.signed(context, url, COPIED))
            context.store.write(partial(multiplied, stored=stored))
        requests = signed_load.signed(context, url, count)
    started(stack, url, folder, address, os.cpu_count() or 1)
    return url, folder, requests
