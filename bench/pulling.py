"""What it costs that everybody asks for news all night, and what one changed case costs a device.

Most askings find nothing. And where one of a supervisor's cases changes, what goes over the line for it, the
request and the answer with all their headers, is one item, however many cases there are.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import signed_load
from bench.arriving import Asks
from bench.plain_line import Answer, answer_on, connected
from bench.signed_load import AT_ONCE, EACH, FORCE, USER, Sent, a_hand, of_demo
from bench.submissions import everything_delivered, opened, started
from booklets.batch import DEFLATED, inflated
from house.run import free_port
from sync_server import demo
from sync_server.settings import Settings

EMPTY_A_SECOND = 1_500
MOST_BYTES = 5_000
MOST_BODY = 1 << 22
SUPERVISOR = "sgt.oyelaran"
ODK = {"ODK Central, one changed case of 10,000": "all of them again: 1.69 MB"}


def figures(full: bool) -> Iterator[dict[str, Any]]:
    """One server on a file: asked for one change, then for nothing by many."""
    count, cases = (3_000, 400) if full else (600, 100)
    with tempfile.TemporaryDirectory(prefix="homeward-bench-") as temporary, ExitStack() as stack:
        folder, url = Path(temporary), f"http://127.0.0.1:{free_port(0)}"
        settings = Settings.of(folder / "server", public_origin=url)
        with opened(settings) as context:
            demo.prepare(context, force=FORCE)
            signed_load.take_in(context, signed_load.signed(context, url, cases))
            [changed] = signed_load.signed(context, url, 1)
            tablet = Asks(a_hand(context, of_demo(context, SUPERVISOR)))
            idle = [Asks(a_hand(context, of_demo(context, USER))) for _ in range(count // EACH)]
        started(stack, url, folder, "", os.cpu_count() or 1)
        there = tablet.catches_up(url)
        signed_load.send(url, [changed])
        yield _changed(url, tablet, there)
        # Each delivery is news, and news is sealed for whoever asks.
        everything_delivered(settings.database_url)
        for one in idle:
            one.catches_up(url)
        asked = [one.request(url) for one in idle for _ in range(EACH)]
        sent = signed_load.send_ready(url, asked, well=200)
        news = sum(one.catches_up(url) for one in idle)
        yield _empty(sent, count, news)


def _items_in(answer: Answer) -> int:
    assert answer.status == 200, answer.head
    packed = b"content-encoding: deflate" in answer.head
    return len(json.loads(inflated(answer.body, most=MOST_BODY) if packed else answer.body)["items"])


def _changed(url: str, tablet: Asks, there: int) -> dict[str, Any]:
    asked = tablet.request(url, Accept_Encoding=DEFLATED)
    with connected(url) as line:
        line.sendall(asked)
        answer = answer_on(line)
    items, value = _items_in(answer), len(asked) + answer.size
    return {
        "name": "server.one_changed_case", "value": value, "unit": "bytes",
        "anchor": {
            "news before it": there, "items: the case, and its child in the shift pack": items,
            "request": len(asked), **ODK,
        },
        "goal": f"< {MOST_BYTES}", "ok": items > 0 and value < MOST_BYTES,
    }  # fmt: skip


def _empty(sent: Sent, count: int, news: int) -> dict[str, Any]:
    value = round(count / sent.seconds, 1)
    return {
        "name": "server.empty_pulls", "value": value, "unit": "/s",
        "anchor": {
            "at once": AT_ONCE, "refused": sent.refused[:3], "news meanwhile": news,
            "median ms": round(median(sent.latencies_ms), 1),
            "p99 ms": round(quantiles(sent.latencies_ms, n=100)[98], 1),
        },
        "goal": f">= {EMPTY_A_SECOND}", "ok": not sent.refused and not news and value >= EMPTY_A_SECOND,
        "load": [round(one, 2) for one in os.getloadavg()],
    }  # fmt: skip
