"""The console with two hundred records: how soon the list stands there, and how soon one record.

The records are made by the demonstration's own nights, through intake, before the server starts. Pages are
fetched over one connection, in turns with the server's smallest answer.
"""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.handheld import Serving, serving
from sync_server.context import open_context
from sync_server.db.tables import record
from sync_server.demo import night, prepare
from sync_server.settings import Settings
from tests.support.devices import Browser

FORCE = "north_yorkshire"
RECORDS = 200
MOST_MS = {"list": 300.0, "record": 300.0}


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Fill a folder, start a server on it, sign in, look."""
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as temporary:
        folder = Path(temporary)
        there = _filled(folder / "server")
        with serving(folder) as server, Browser(server.url) as browser:
            times = _looked(server, browser, 120 if full else 40)
    hello = _p95(times["hello"])
    for page, most in MOST_MS.items():
        value = _p95(times[page])
        yield {
            "name": f"console.{page}_p95", "value": value, "unit": "ms",
            "anchor": {
                "the server's smallest answer, p95": hello,
                "median": round(statistics.median(times[page]), 2),
                "records": there,
            },
            "goal": f"<= {most:.0f}", "ok": value <= most,
            "samples": [round(one, 1) for one in times[page]],
            "load": [round(one, 2) for one in os.getloadavg()],
        }  # fmt: skip


def _filled(data: Path) -> int:
    """So many records that there are at least two hundred; how many there are."""
    context = open_context(Settings.of(data, public_origin="http://127.0.0.1"))
    try:
        prepare(context, force=FORCE)
        while True:
            with context.store.read() as db:
                there: int = db.execute(select(func.count()).select_from(record)).scalar_one()
            if there >= RECORDS:
                return there
            night.send_the_night(context, force=FORCE)
    finally:
        context.close()


def _looked(server: Serving, browser: Browser, times: int) -> dict[str, list[float]]:
    user, password = server.account("mhet")
    browser.sign_in(user, password)
    hrefs = re.findall(r'href="(/records/[^"]+)"', browser.open("/").text)
    assert len(hrefs) >= 50, "a whole page of records"
    took: dict[str, list[float]] = {"list": [], "record": [], "hello": []}
    for href in islice(cycle(hrefs), times + 2):
        for name, path in (("list", "/"), ("record", href), ("hello", "/v1/hello")):
            begun = time.perf_counter()
            browser.open(path).raise_for_status()
            took[name].append((time.perf_counter() - begun) * 1000)
    return {name: samples[2:] for name, samples in took.items()}  # the first two are practice


def _p95(samples: list[float]) -> float:
    return round(statistics.quantiles(samples, n=20)[18], 2)
