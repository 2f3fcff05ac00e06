"""A slow and lossy line (F13): 20 kbit/s, 800 ms there and back, of a hundred segments two lost.

The app's own courier sends out of a vault, over real TLS. Cold means from the first packet on: the line is
opened, the two meet, the question goes, the answer comes; known, that they have met before and the server's
certificates are not sent again. It says when the force has all of it, by its receipts, and when the handheld
knows. A check is its two records; twenty that wait are ten checks, or twenty of the part that is sent first,
when a child was found. Nothing may be lost or stand twice. The control is a courier that sends one record
with each question: some of its records must be missing when the others are through.

Handhelds share a processor here and no line, so each begins a moment after the one before.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from bench.full_check import needed_check, records
from booklets.forms import Stage
from booklets.records import Record
from faults.night_out import Night, Sent
from faults.phone import Phone, Went, a_phone
from faults.slow_line import VILLAGE, SlowLine
from faults.trials import Trial
from faults.vouching import Vouched, vouched
from sync_server.audit import verify_audit
from sync_server.context import open_context
from sync_server.db.tables import audit, submission

CONTROL: Final = "one record with each question"
PATIENCE_S: Final = 300.0
APART_S: Final = 1.2
"""They begin one after the other: all at once their handshakes would share the processors, not the line."""
LOOK_EVERY_S: Final = 0.002
"""The line tells nobody that somebody has connected."""
ONE_AT_A_TIME: Final = threading.Lock()
"""Whoever opens a database brings its tables up to date, and that is nothing for two threads."""
CONNECTS: Final = threading.Lock()
WAYS: Final = 5
"""Opening the line and meeting go there and back, and the last byte goes there."""


@dataclass(frozen=True, slots=True)
class Load:
    """What waits on a handheld, how many handhelds try it, and what we aim for.

    ``most`` is what one handheld may put on the line until it knows, in bytes. ``known`` says that
    handheld and server have met before, and go on with their TLS session.
    """

    name: str
    count: int
    suite: int
    goal_s: float
    most: int
    tries: int
    stage: Stage = Stage.CAPTURE
    known: bool = False

    def records(self) -> list[Record]:
        """As many as wait."""
        some = records(needed_check(), stage=self.stage)
        return [some[number % len(some)] for number in range(self.count)]


@dataclass(frozen=True, slots=True)
class Tried:
    """How one handheld fared."""

    sent: Sequence[Sent] = field(repr=False)
    went: Went

    @property
    def there_s(self) -> float:
        """When the force had all of it."""
        return self.went.there_s[-1]


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of the slow line; ``full`` asks for the large amounts."""
    few, many = (24, 8) if full else (6, 2)
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as name, ThreadPoolExecutor(3) as pool:
        vouches = vouched(Path(name))
        os.environ["SSL_CERT_FILE"] = str(vouches.root)
        loads = (
            Load("F13 link.check_cold", 2, 1, 6.0, 6_800, few),
            Load("F13 link.check_known", 2, 1, 6.0, 7_300, few, known=True),
            Load("F13 link.check_cold_hybrid", 2, 2, 6.0, 11_400, few),
            Load("F13 link.twenty_found", 20, 1, 20.0, 42_500, many, Stage.FOUND, known=True),
            Load("F13 link.twenty_waiting", 20, 1, 20.0, 53_500, many, known=True),
            Load("F13 link.twenty_hybrid", 20, 2, 20.0, 102_000, many, known=True),
        )
        yield from map(asdict, pool.map(partial(_over_the_line, vouches), loads))


def _over_the_line(vouches: Vouched, load: Load) -> Trial:
    with tempfile.TemporaryDirectory(prefix="homeward-faults-") as name:
        slow = SlowLine(seed=13)
        with ONE_AT_A_TIME:
            night = Night(Path(name), line=slow, vouched=vouches)
        try:
            night.begin()
            with ThreadPoolExecutor(load.tries + 1) as pool:
                *tried, alone = pool.map(partial(_one, night, slow, load), range(load.tries + 1))
        finally:
            night.stop()
        with ONE_AT_A_TIME:
            lost, doubled = _examine(night, [sent for one in [*tried, alone] for sent in one.sent])
    weighs = statistics.median(one.went.carried[0] for one in tried)
    if weighs > load.most:
        raise AssertionError(f"{load.name} weighs {weighs:.0f} bytes up, and {load.most} was the most")
    through = statistics.median(one.there_s for one in tried)
    behind = sum(at > through for at in alone.went.there_s)
    return Trial(
        load.name, len(tried) * load.count, lost, doubled, CONTROL, behind, _said(load, tried, alone)
    )


def _one(night: Night, slow: SlowLine, load: Load, number: int) -> Tried:
    """One handheld sends what waits; the last of them one record with each question."""
    handheld = night.handhelds[number % len(night.handhelds)]
    alone = number == load.tries
    with a_phone(night, handheld, night.folder / f"phone-{number}") as phone:
        if load.known:
            _sends(phone, slow, load.records()[:1], load.suite, alone=True)
        time.sleep(number * APART_S)
        return _sends(phone, slow, load.records(), load.suite, alone=alone)


def _sends(phone: Phone, slow: SlowLine, some: Sequence[Record], suite: int, *, alone: bool) -> Tried:
    sent = [phone.puts(record, suite) for record in some]
    with _a_way_of_ones_own(slow) as (connected, carried):
        went = phone.sends(sent, connected=connected, carried=carried, alone=alone, patience_s=PATIENCE_S)
    return Tried(sent, went)


@contextlib.contextmanager
def _a_way_of_ones_own(slow: SlowLine) -> Iterator[tuple[Callable[[], None], Callable[[], tuple[int, int]]]]:
    """Nobody else connects until this one has: so the next way there is known to be its own."""
    mine = -1

    def connected() -> None:
        until = time.monotonic() + PATIENCE_S
        while len(slow.ways) == mine and time.monotonic() < until:
            time.sleep(LOOK_EVERY_S)
        CONNECTS.release()

    def carried() -> tuple[int, int]:
        up, down = slow.ways[mine]
        return up.carried, down.carried

    CONNECTS.acquire()
    mine = len(slow.ways)
    yield connected, carried


def _examine(night: Night, sent: Sequence[Sent]) -> tuple[int, int]:
    """How many records the force lacks, and how many stand there or in the audit more than once."""
    context = open_context(night.settings())
    try:
        with context.store.read() as db:
            kept = Counter(db.execute(select(submission.c.record)).scalars())
            heard = Counter(db.execute(select(audit.c.record).where(audit.c.what == "received")).scalars())
        broken = len(verify_audit(context).broken)
    finally:
        context.close()
    names = {one.record for one in sent}
    lost = sum(not kept[name] or not heard[name] for name in names)
    return lost, sum(number > 1 for number in [*kept.values(), *heard.values()]) + broken


def _said(load: Load, tried: Sequence[Tried], alone: Tried) -> str:
    there = sorted(one.there_s for one in tried)
    known = statistics.median(one.went.known_s for one in tried)
    up, down = (round(statistics.median(one.went.carried[way] for one in tried)) for way in (0, 1))
    bare_s = up / VILLAGE.bytes_per_s + WAYS * VILLAGE.there_s
    middle = statistics.median(there)
    met = "met" if middle <= load.goal_s else "missed"
    return (
        f"there after {middle:.1f} s ({there[0]:.1f} to {there[-1]:.1f}; goal {load.goal_s:.0f}: {met}), "
        f"known after {known:.1f} s; one by one {alone.there_s:.1f} s; {up} bytes up, {down} down, "
        f"of which the line needs {bare_s:.1f} s for those up and its ways"
    )
