"""From the receipt to the file in the folder that stands for the force's own system.

The postman looks every half second. Each record is sent just after the one before was delivered, so most
of them wait for almost the whole pause: this is nearer to the worst than to the usual.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.handheld import Handheld, Serving, serving
from sync_server.forwarding.postman import PAUSE_S

MOST_S = 2.0
PATIENCE_S = 20.0
LOOK_EVERY_S = 0.005


def run(full: bool) -> Iterator[dict[str, Any]]:
    """One record at a time; each is waited for."""
    with serving() as server, closing(Handheld(server)) as handheld:
        seconds: list[float] = []
        plain: list[float] = []
        for letter in handheld.letters(60 if full else 20):
            handheld.submit(letter)
            found = _waited_for(server, letter.record, time.monotonic(), seconds)
            plain.append(_written_plainly(found))
    p95 = statistics.quantiles(seconds, n=20)[18]
    yield {
        "name": "delivery.seconds", "value": round(p95, 3), "unit": "s, p95",
        "anchor": {
            "the file written durably, nothing else, p95": round(statistics.quantiles(plain, n=20)[18], 4),
            "the postman's pause": PAUSE_S,
            "median": round(statistics.median(seconds), 3),
        },
        "goal": f"<= {MOST_S:.0f}", "ok": p95 <= MOST_S,
        "samples": [round(one, 3) for one in seconds],
        "load": [round(one, 2) for one in os.getloadavg()],
    }  # fmt: skip


def _waited_for(server: Serving, record: str, since: float, seconds: list[float]) -> Path:
    while time.monotonic() < since + PATIENCE_S:
        found = list((server.folder / "drop").glob(f"*/{record}-1-force_records.json"))
        if found:
            seconds.append(time.monotonic() - since)
            return found[0]
        time.sleep(LOOK_EVERY_S)
    raise TimeoutError(f"not delivered within {PATIENCE_S:.0f} s")


def _written_plainly(delivered: Path) -> float:
    """The same bytes, written and settled in the same folder by the shortest way there is."""
    content, other = delivered.read_bytes(), delivered.with_suffix(".plain")
    begun = time.monotonic()
    with other.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    other.rename(other.with_suffix(".done"))
    return time.monotonic() - begun
