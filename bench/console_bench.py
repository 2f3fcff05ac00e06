"""The console with twenty thousand records: how soon the list stands there, and how soon one record.

Two hundred are made by the demonstration's own nights, through intake, before the server starts. The others
are copies of their rows in the register and the outbox, older, under names of their own: the list and its
counts go over all of them, and the records that are opened are whole. Pages are fetched over one connection,
in turns with the server's smallest answer.
"""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from bench.handheld import Serving, serving
from booklets.entities import new_id
from sync_server.context import open_context
from sync_server.db.owed import delivery
from sync_server.db.tables import record
from sync_server.demo import night, prepare
from sync_server.settings import Settings
from tests.support.devices import Browser

FORCE = "north_yorkshire"
RECORDS = 200
STANDING = 20_000
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
                return there + context.store.write(partial(_copied, count=STANDING - there))
            night.send_the_night(context, force=FORCE)
    finally:
        context.close()


def _copied(db: Connection, count: int) -> int:
    """So many older records beside those that are there; how many were made."""
    records = [dict(row) for row in db.execute(select(record)).mappings()]
    owed: dict[str, list[dict[str, Any]]] = {}
    for one in db.execute(select(*(one for one in delivery.c if one.name != "id"))).mappings():
        owed.setdefault(one["record"], []).append(dict(one))
    ages = ("received_at", "started_at", "submitted_at")
    for number, row in zip(range(count), cycle(records), strict=False):
        name, earlier = str(new_id()), timedelta(days=1, minutes=number)
        older = {age: row[age] - earlier for age in ages}
        db.execute(insert(record), {**row, **older, "record": name, "encounter": name})
        deliveries = [
            one | {"record": name, "once": f"{name}-{one['once']}"} for one in owed.get(row["record"], ())
        ]
        if deliveries:
            db.execute(insert(delivery), [one | {"state": "delivered"} for one in deliveries])
    return count


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
